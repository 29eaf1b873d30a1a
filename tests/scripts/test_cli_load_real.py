"""Loads by the real command: pipes, terminals, interruptions, a full disk."""

import fcntl
import gzip
import os
import pty
import re
import resource
import signal
import subprocess
import termios
from array import array
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from scripts.lines import Line
from scripts.load import Plan
from search.connection import connect
from tests.commandline import DATELINE, article, dateline as spawn, ndjson, put, stored
from tests.processes import environment


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_standard_input_may_be_compressed(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    path = put(tmp_path / "b", ndjson(article(2)))
    loaded = subprocess.run(
        [DATELINE, "load", "-", path],
        env=environment(engine=f"embedded:{tmp_path / 'new'}"),
        input=pack(ndjson(article(1)).encode()),
        capture_output=True,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr
    assert loaded.stdout == b""
    assert stored(tmp_path / "new") == ["a00001", "a00002"]


def test_an_interrupted_load_says_how_to_go_on_and_loses_nothing(
    tmp_path: Path,
) -> None:
    folder, pipe = tmp_path / "new", tmp_path / "a pipe"
    os.mkfifo(pipe)
    last = put(tmp_path / "last", ndjson(article(9999)))
    command = [DATELINE, "load", pipe, last]
    env = environment(engine=f"embedded:{folder}")
    with (
        subprocess.Popen(
            command, cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True
        ) as load,
        pipe.open("wb", buffering=0) as end,
    ):
        end.write(ndjson(*map(article, range(600))).encode())
        wait_for(folder, 500)
        end.write(ndjson(article(600)).encode())
        wait_until_empty(end.fileno())
        load.send_signal(signal.SIGINT)
        _, told = load.communicate(timeout=90)
    assert load.returncode == 130
    assert "Traceback" not in told
    count = len(stored(folder))
    assert count >= 500
    assert f"Loaded: {count} created" in told
    assert told.strip().endswith(
        f"Stopped. Everything up to line {count} of {pipe} is stored; go on with: "
        f"dateline load --from-line {count + 1} '{pipe}' {last}"
    )


def wait_for(folder: Path, count: int) -> None:
    """Wait until so many articles are stored."""
    with closing(connect(f"embedded:{folder}")) as engine:
        while (engine.health().articles or 0) < count:
            pass


def wait_until_empty(pipe: int) -> None:
    """Wait until the other end, which is done with what was before, has read it all."""
    waiting = array("i", [1])
    while waiting[0]:
        fcntl.ioctl(pipe, termios.FIONREAD, waiting)


def test_a_full_disk_says_where_to_go_on(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert spawn(folder, "load", "-", given=ndjson(article(0))).returncode == 0
    noise = [article(n, body=os.urandom(1500).hex()) for n in range(3000)]
    path = put(tmp_path / "big.ndjson", ndjson(*noise))
    limit = 3_000_000
    full = subprocess.run(
        [DATELINE, "load", path],
        env=environment(engine=f"embedded:{folder}"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert full.returncode == 1, full.stderr
    assert "Traceback" not in full.stderr
    assert "The disk is full" in full.stderr.splitlines()[-1]
    again = re.search(r"go on with: dateline (load --from-line .*)", full.stderr)
    assert again, full.stderr
    done = spawn(folder, *again[1].split())
    assert done.returncode == 0, done.stderr
    assert len(stored(folder)) == 3000


def test_a_bar_is_drawn_where_somebody_looks(tmp_path: Path) -> None:
    path = put(tmp_path / "a", ndjson(*map(article, range(1200)), {}))
    shown = on_a_terminal("load", path, folder=tmp_path / "new")
    assert "Loading" in shown
    assert re.search(r"1,201 articles, [\d,]+/s", shown)
    assert "1,200 created" in shown
    assert f"{path}:1201: /title" in shown.replace("\r\n", "\n")


def test_quiet_draws_no_bar(tmp_path: Path) -> None:
    path = put(tmp_path / "a", ndjson(article(1)))
    shown = on_a_terminal("load", "--quiet", path, folder=tmp_path / "new")
    assert shown.startswith("Loaded: 1 created")


def on_a_terminal(*words: str | Path, folder: Path) -> str:
    ours, theirs = pty.openpty()
    env = environment(engine=f"embedded:{folder}")
    env |= {"TERM": "xterm", "COLUMNS": "200"}
    with subprocess.Popen([DATELINE, *words], stderr=theirs, env=env) as load:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 4096):  # pragma: no branch - see below
                shown += piece
        except OSError:
            pass  # on Linux this is how a terminal ends
        load.wait(30)
    os.close(ours)
    return shown.decode()


def test_going_on_keeps_the_options_and_leaves_out_what_is_done() -> None:
    plan = Plan(("a", "b c", "d"), restore=True)
    assert plan.rest(Line("b c", 9, b"")).endswith(
        "go on with: dateline load --from-line 10 --restore 'b c' d"
    )
    assert plan.rest(None) == "Stopped. Nothing is stored yet: start again."


def test_an_interrupted_dry_run_has_nothing_to_go_on_with() -> None:
    assert Plan(("a",), dry_run=True).rest(Line("a", 9, b"")) == (
        "Stopped. Nothing was to be stored."
    )
