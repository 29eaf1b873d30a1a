"""The Docker path of scripts/elasticsearch, with a stand-in for `docker`.

It writes down what it is told, and lets a small server answer where a container would.
Nobody has run this with a real Docker engine.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from tests.cluster import ROOT, SCRIPT

DOCKER = """#!{python}
import http.server, os, pathlib, re, signal, subprocess, sys, time

folder = pathlib.Path({folder!r})
words = sys.argv[1:]
with (folder / "calls").open("a") as calls:
    print(*words, sep="\\t", file=calls)
if words[0] == "run":
    name = words[words.index("--name") + 1]
    port = next(w for w in words if w.startswith("127.0.0.1:")).split(":")[1]
    (folder / "password").write_text(os.environ.get("ELASTIC_PASSWORD", ""))
    own = subprocess.Popen([sys.executable, __file__, "answer", name, port],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    (folder / name).write_text(str(own.pid))
elif words[0] == "answer":
    class Answering(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f'"name" : "{{words[1]}}"'.encode())
        def log_message(self, *_):
            pass
    http.server.HTTPServer(("127.0.0.1", int(words[2])), Answering).serve_forever()
elif words[0] == "rm":
    os.kill(int((folder / words[-1]).read_text()), signal.SIGKILL)
elif words[0] == "inspect":
    print("false" if (folder / "fails").exists() else "true")
elif words[0] == "logs":
    print("no memory left", file=sys.stderr)
"""


@dataclass(frozen=True, slots=True)
class Docker:
    """A stand-in, and what it was told."""

    folder: Path

    @property
    def calls(self) -> list[list[str]]:
        lines = (self.folder / "calls").read_text().splitlines()
        return [line.split("\t") for line in lines if line != "info"]

    def of(self, verb: str) -> list[list[str]]:
        return [call for call in self.calls if call[0] == verb]

    def script(self, *words: str) -> subprocess.CompletedProcess[str]:
        env = {k: v for k, v in os.environ.items() if not k.startswith("DATELINE_")}
        env |= {
            "PATH": f"{self.folder}:{os.environ['PATH']}",
            "DATELINE_NODES": str(self.folder / "nodes"),
            "DATELINE_CACHE": str(self.folder / "cache"),
        }
        return subprocess.run(
            [SCRIPT, *words],
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


@pytest.fixture
def docker(tmp_path: Path) -> Iterator[Docker]:
    (tmp_path / "cache").mkdir()
    file = tmp_path / "docker"
    file.write_text(DOCKER.format(python=sys.executable, folder=str(tmp_path)))
    file.chmod(0o755)
    made = Docker(tmp_path)
    yield made
    made.script("stop")


def environment(run: list[str]) -> dict[str, str]:
    given = [b for a, b in pairwise(run) if a == "--env"]
    return {name: value for name, _, value in (each.partition("=") for each in given)}


def test_a_node_is_a_container_that_only_this_machine_can_reach(docker: Docker) -> None:
    started = docker.script("start")
    assert started.returncode == 0, started.stderr
    (run,) = docker.of("run")
    published = run[run.index("--publish") + 1]
    assert published.startswith("127.0.0.1:")
    assert published.endswith(":9200")
    port = published.split(":")[1]
    assert started.stdout.strip() == f"http://127.0.0.1:{port}"
    given = environment(run)
    assert given["discovery.type"] == "single-node"
    assert given["xpack.security.enabled"] == "false"
    assert given["action.auto_create_index"] == "false"
    assert given["node.name"] == given["DATELINE_NODE"] == run[run.index("--name") + 1]


def test_the_image_is_that_of_the_compose_file(docker: Docker) -> None:
    docker.script("start")
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert docker.of("run")[0][-1] == compose["x-elasticsearch"]["image"]


def test_what_runs_already_is_not_started_again(docker: Docker) -> None:
    first, again = docker.script("start"), docker.script("start")
    assert first.stdout == again.stdout == docker.script("url").stdout
    assert len(docker.of("run")) == 1


def test_three_nodes_find_each_other_in_a_network_of_their_own(docker: Docker) -> None:
    assert docker.script("start", "3").stdout.count("http://127.0.0.1:") == 3
    names = [run[run.index("--name") + 1] for run in docker.of("run")]
    for run in docker.of("run"):
        given = environment(run)
        assert given["discovery.seed_hosts"].split(",") == names
        assert given["cluster.initial_master_nodes"].split(",") == names
        assert run[run.index("--network") + 1] == given["cluster.name"]
    ((_, verb, network),) = docker.of("network")
    assert (verb, network) == ("create", given["cluster.name"])


def test_stopping_removes_the_containers_and_their_network(docker: Docker) -> None:
    docker.script("start", "3")
    names = [run[run.index("--name") + 1] for run in docker.of("run")]
    assert docker.script("stop").returncode == 0
    assert [call[-1] for call in docker.of("rm")] == names
    assert [call[1] for call in docker.of("network")] == ["create", "rm"]
    assert docker.script("url").returncode == 1


def test_a_container_that_dies_is_told_with_its_last_words(docker: Docker) -> None:
    (docker.folder / "fails").touch()
    text = DOCKER.replace('"name" :', '"no name" :')
    file = docker.folder / "docker"
    file.write_text(text.format(python=sys.executable, folder=str(docker.folder)))
    failed = docker.script("start")
    assert failed.returncode == 1
    assert "no memory left" in failed.stderr
    assert docker.of("rm")


def test_secrets_go_to_a_container_as_files_and_not_on_a_line_that_ps_shows(
    docker: Docker,
) -> None:
    (docker.folder / "fails").touch()  # the stand-in speaks no TLS
    docker.script("start", "1", "secure")
    (run,) = docker.of("run")
    password = (docker.folder / "password").read_text()
    assert len(password) == 32
    assert password not in " ".join(run)
    given = environment(run)
    assert given["xpack.security.http.ssl.enabled"] == "true"
    mounted = {each.split(":")[1] for each in run if each.endswith(".pem:ro")}
    assert {Path(each).name for each in mounted} == {
        "authority.pem",
        "node.pem",
        "node_key.pem",
    }


def test_an_engine_that_does_not_answer_is_not_asked_for_containers(
    docker: Docker,
) -> None:
    file = docker.folder / "docker"
    file.write_text("#!/bin/sh\nexit 1\n")
    bare = docker.folder / "bare"
    bare.mkdir()
    for tool in ("sh", "dirname", "id", "mkdir", "rm", "seq", "wc", "flock", "sed"):
        (bare / tool).symlink_to(shutil.which(tool) or tool)
    env = {"PATH": f"{docker.folder}:{bare}", "HOME": str(docker.folder)}
    env["DATELINE_CACHE"] = str(docker.folder / "cache")
    done = subprocess.run(
        [SCRIPT, "start"], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "No Elasticsearch" in done.stderr
