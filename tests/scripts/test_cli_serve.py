import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from api.settings import Settings
from scripts.serve import check
from tests.commandline import (
    DATELINE,
    Commands,
    article,
    dateline as spawn,
    ndjson,
    without_privileges,
)
from tests.processes import ask, environment, free_port, running, stop, wait_until_ready
from tests.sources import ROOT


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[str]:
    """Serve an archive with two workers; yield the address."""
    port = free_port()
    env = environment(engine=f"embedded:{folder}", port=str(port), threads="4")
    log = folder.with_name(f"log-{port}")
    command = [DATELINE, "serve", *options]
    with running(command, log, folder.parent, env) as server:
        wait_until_ready(server, port, 30)
        yield f"http://127.0.0.1:{port}/v1"
        assert stop(server) == 0
        assert server.args == command


def listening(port: int) -> set[str]:
    """Return the addresses of version 4 that listen on a port, as the kernel has them."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    local = [row[1].split(":") for row in rows if row[3] == "0A"]
    return {address for address, at in local if int(at, 16) == port}


@pytest.mark.server
def test_the_server_and_the_command_line_see_each_others_writes(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "archive"
    with serving(folder) as address:
        loaded = spawn(folder, "load", "-", given=ndjson(*map(article, range(600))))
        assert loaded.returncode == 0, loaded.stderr
        # Two workers answer in turn: each of them must know.
        for _ in range(8):
            assert ask(f"{address}/count?q=levy")[1] == {"total": 600}
        status, _ = ask(f"{address}/articles?refresh=true", article(7000))
        assert status == 201
        found = spawn(folder, "search", "--json", "q=levy", "limit=0")
        assert json.loads(found.stdout)["total"]["value"] == 601
        rebuilt = spawn(folder, "rebuild")
        assert rebuilt.returncode == 0, rebuilt.stderr
        assert ask(f"{address}/count?q=levy")[1] == {"total": 601}


@pytest.mark.server
def test_only_this_machine_is_served_unless_told_otherwise(tmp_path: Path) -> None:
    with serving(tmp_path / "archive", "--workers", "1") as address:
        port = int(address.split(":")[2].split("/")[0])
        assert listening(port) == {"0100007F"}


def test_wrong_settings_are_named_before_it_serves(tmp_path: Path) -> None:
    refused = spawn(tmp_path / "archive", "serve", port="many", workers="0")
    assert refused.returncode == 1
    assert "DATELINE_PORT" in refused.stderr
    assert "DATELINE_WORKERS" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "archive").exists()


def test_an_option_out_of_range_is_named_like_its_setting(tmp_path: Path) -> None:
    refused = spawn(tmp_path / "archive", "serve", "--threads", "0")
    assert refused.returncode == 1
    assert "DATELINE_THREADS" in refused.stderr


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = spawn(tmp_path / "archive", "serve", "--port", port)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert f"127.0.0.1:{port}" in refused.stderr


def test_an_archive_that_cannot_be_used_is_one_sentence(
    dateline: Commands, tmp_path: Path
) -> None:
    (tmp_path / "a").write_text(ndjson(article(1)))
    dateline("load", tmp_path / "a")
    (dateline.folder / "CURRENT").write_text('{"format": 99}')
    refused = spawn(dateline.folder, "serve", port=str(free_port()))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "has format 99" in refused.stderr


def test_an_unknown_engine_is_one_sentence(
    dateline: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_ENGINE", "solr:somewhere")
    monkeypatch.setenv("DATELINE_PORT", "1")  # put back what the option sets
    refused = dateline("serve", "--port", str(free_port()))
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "solr:somewhere" in refused.err


def test_a_folder_that_may_only_be_read_is_said_at_start(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    spawn(folder, "load", "-", given=ndjson(article(1)))
    folder.chmod(0o500)
    port = free_port()
    env = environment(engine=f"embedded:{folder}", port=str(port), workers="1")
    start = partial(subprocess.run, capture_output=True, text=True, check=False)
    settings = f"Settings(engine='embedded:{folder}', port={port})"
    line = f"from scripts.serve import *; check({settings})"
    said = start(
        [sys.executable, "-c", line],
        env=env,
        cwd=ROOT,
        preexec_fn=without_privileges,
    )
    folder.chmod(0o700)
    assert said.returncode == 0, said.stderr
    assert "The data folder is read-only: searching works" in said.stderr


def test_an_open_address_without_a_key_says_that_it_takes_no_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = f"embedded:{tmp_path / 'archive'}"
    check(Settings(engine=engine, host="0.0.0.0", port=free_port()))
    assert "takes no writes. Set DATELINE_WRITE_KEY" in capsys.readouterr().err
    key = "0123456789abcdef"
    check(Settings(engine=engine, host="0.0.0.0", port=free_port(), write_key=key))
    assert capsys.readouterr().err == ""
