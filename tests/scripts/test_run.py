"""`scripts/run` and `scripts/environment` on a copy of the checkout with no environment.

The copy has a space in its path and is called from a folder with other packages
called `api` and `schemas`.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.processes import ask, environment, free_port, running, stop, wait_until_ready
from tests.sources import ROOT, files

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("run")]


@dataclass(frozen=True, slots=True)
class Copy:
    """A fresh clone, where it is called from, and what its first start printed."""

    root: Path
    elsewhere: Path

    def call(
        self, script: str, *arguments: str, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.root / "scripts" / script, *arguments],
            cwd=self.elsewhere,
            env=env or environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    @contextmanager
    def serving(
        self, *arguments: str, seconds: float = 30, **settings: str
    ) -> Iterator["Served"]:
        port = int(settings.setdefault("port", str(free_port())))
        log = self.elsewhere / f"log-{port}"
        command = [str(self.root / "scripts" / "run"), *arguments]
        env = environment(**settings)
        start = time.monotonic()
        with running(command, log, self.elsewhere, env) as server:
            wait_until_ready(server, port, seconds)
            yield Served(server, port, log, time.monotonic() - start)


@dataclass(frozen=True, slots=True)
class Served:
    process: subprocess.Popen[str]
    port: int
    log: Path
    seconds: float

    def total(self) -> int:
        status, answer = ask(f"http://127.0.0.1:{self.port}/v1/count")
        assert status == 200
        count: int = answer["total"]
        return count

    def curl_lines(self) -> list[str]:
        return re.findall(r"^  (curl .+)$", self.log.read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    root = tmp_path_factory.mktemp("fresh") / "Date line"
    for name in files():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, root / name)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for package in ("api", "schemas"):
        (elsewhere / package).mkdir()
        (elsewhere / package / "__init__.py").write_text("raise RuntimeError\n")
    return Copy(root, elsewhere)


@pytest.fixture(scope="module")
def started(fresh: Copy) -> Copy:
    """The copy after a first start that made everything."""
    with fresh.serving(seconds=240) as first:
        assert first.total() >= 300
        assert (fresh.root / "data").is_dir()
    return fresh


@pytest.fixture(scope="module")
def second(started: Copy) -> Iterator[Served]:
    """A second start, for all who only ask it."""
    with started.serving() as served:
        yield served


def test_the_printed_curl_lines_find_something(second: Served) -> None:
    lines = second.curl_lines()
    assert len(lines) == 3
    for line in lines:
        answer = subprocess.run(
            ["/bin/sh", "-c", f"{line} -sS --fail"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        assert re.search(r'"(value|count)": ?[1-9]', answer), line


def test_a_second_start_answers_within_three_seconds(
    started: Copy, second: Served
) -> None:
    # The machine may be busy with other tests: one quiet moment of three is enough.
    seconds = [second.seconds]
    while min(seconds) >= 3 and len(seconds) < 3:  # pragma: no cover - where it is not
        with started.serving() as served:
            seconds.append(served.seconds)
    assert min(seconds) < 3


def test_a_second_start_leaves_the_articles_as_they_are(
    started: Copy, second: Served
) -> None:
    before = second.total()
    items = ask(f"http://127.0.0.1:{second.port}/v1/articles?limit=1")[1]["items"]
    gone = f"http://127.0.0.1:{second.port}/v1/articles/{items[0]['id']}?refresh=true"
    subprocess.run(["curl", "-sS", "--fail", "-X", "DELETE", gone], check=True)
    with started.serving() as third:
        assert third.total() == before - 1


def test_no_demo_serves_an_empty_archive(started: Copy, tmp_path: Path) -> None:
    engine = f"embedded:{tmp_path / 'empty archive'}"
    with started.serving("--no-demo", engine=engine) as served:
        assert served.total() == 0
        assert len(served.curl_lines()) == 3


def test_a_signal_reaches_the_server(started: Copy) -> None:
    with started.serving() as served:
        assert stop(served.process) == 0
        with pytest.raises(OSError, match="refused"):
            ask(f"http://127.0.0.1:{served.port}/readyz")


def test_options_reach_the_server_and_the_printed_lines(started: Copy) -> None:
    port = str(free_port())
    taken = {"port": port, "host": "192.0.2.1"}
    with started.serving("--host", "127.0.0.1", "--threads", "2", **taken) as served:
        assert all(f"http://127.0.0.1:{port}/" in line for line in served.curl_lines())


def test_an_unknown_option_is_refused_before_anything_is_loaded(
    started: Copy, tmp_path: Path
) -> None:
    env = environment(engine=f"embedded:{tmp_path / 'never'}")
    refused = started.call("run", "--prot", "9000", env=env)
    assert refused.returncode == 2
    assert "--prot" in refused.stderr
    assert not (tmp_path / "never").exists()


def test_a_taken_port_is_one_sentence_and_a_failure(
    started: Copy, second: Served
) -> None:
    refused = started.call("run", env=environment(port=str(second.port)))
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.count("\n") == 1
    assert f"127.0.0.1:{second.port}" in refused.stderr
    assert "DATELINE_PORT" in refused.stderr


def test_wrong_settings_are_named_before_anything_is_loaded(
    started: Copy, tmp_path: Path
) -> None:
    env = environment(port="many", engine=f"embedded:{tmp_path / 'never'}")
    refused = started.call("run", env=env)
    assert refused.returncode == 1
    assert "DATELINE_PORT" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "never").exists()


def test_an_environment_that_fits_is_left_alone(started: Copy) -> None:
    again = started.call("environment", "run")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_a_changed_lock_is_installed(started: Copy) -> None:
    lock = started.root / "requirements" / "run.txt"
    lock.write_text(lock.read_text() + "\n")
    changed = started.call("environment", "run")
    assert changed.returncode == 0, changed.stderr
    assert "Installing" in changed.stderr
    assert started.call("environment", "run").stderr == ""


def test_a_moved_checkout_gets_an_environment_of_its_own(
    started: Copy, tmp_path: Path
) -> None:
    moved = tmp_path / "moved"
    # All but the archive, which a server may be writing.
    archive = {str(started.root): ["data"]}
    shutil.copytree(
        started.root, moved, symlinks=True, ignore=lambda at, _: archive.get(at, [])
    )
    assert not (moved / "data").exists()
    # What is not compiled now is compiled when it is used: of all that, little is.
    quick = environment() | {"PIP_COMPILE": "0"}
    made = Copy(moved, started.elsewhere).call("environment", "run", env=quick)
    assert made.returncode == 0, made.stderr
    assert "Making .venv" in made.stderr
    shown = subprocess.run(
        [moved / ".venv" / "bin" / "python", "-P", "-c", "import api; print(api)"],
        cwd=started.elsewhere,
        env=environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    assert str(moved) in shown.stdout


def test_no_python_at_all_is_one_sentence(fresh: Copy, tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "dirname", "cat", "cmp", "head"):
        tool = shutil.which(name)
        assert tool is not None
        (tools / name).symlink_to(tool)
    bare = tmp_path / "bare"
    shutil.copytree(fresh.root / "scripts", bare / "scripts")
    shutil.copytree(fresh.root / "requirements", bare / "requirements")
    shutil.copy(fresh.root / "pyproject.toml", bare)
    env = environment() | {"PATH": str(tools)}
    none = Copy(bare, tmp_path).call("environment", "run", env=env)
    assert none.returncode == 1
    assert none.stderr.count("\n") == 1
    assert "3.11 or newer" in none.stderr


def test_a_python_that_will_not_do_is_refused_by_its_name(
    fresh: Copy, tmp_path: Path
) -> None:
    shutil.copytree(fresh.root / "scripts", tmp_path / "scripts")
    shutil.copytree(fresh.root / "requirements", tmp_path / "requirements")
    shutil.copy(fresh.root / "pyproject.toml", tmp_path)
    env = environment() | {"PYTHON": "/bin/false"}
    refused = Copy(tmp_path, tmp_path).call("environment", "run", env=env)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "PYTHON=/bin/false" in refused.stderr


def test_an_unknown_check_is_refused() -> None:
    wrong = subprocess.run(
        [ROOT / "scripts" / "check", "everything"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert wrong.returncode == 2
    assert "everything" in wrong.stderr
