"""The command line, called in this process or, where it matters, as a real one."""

import ctypes
import json
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.cli import run
from search.connection import connect
from tests.processes import environment

DATELINE = Path(sys.executable).with_name("dateline")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command ended with and printed."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Commands:
    """`dateline` in this process; its archive is in `folder`."""

    folder: Path
    capfd: pytest.CaptureFixture[str]

    def __call__(self, *words: str | Path) -> Ran:
        self.capfd.readouterr()
        code = run([str(word) for word in words])
        out, err = self.capfd.readouterr()
        return Ran(code, out, err)


def dateline(
    folder: Path, *words: str | Path, given: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the installed command on the archive in `folder`."""
    return subprocess.run(
        [DATELINE, *words],
        cwd=folder.parent,
        env=environment(engine=f"embedded:{folder}", **settings),
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def article(number: int, **more: object) -> dict[str, object]:
    return {
        "id": f"a{number:05}",
        "title": f"Harbour levy, part {number}",
        "published_at": f"2026-05-{1 + number % 28:02}T08:00:00Z",
        **more,
    }


def ndjson(*articles: dict[str, object]) -> str:
    return "".join(json.dumps(each) + "\n" for each in articles)


def without_privileges() -> None:  # pragma: no cover - runs between fork and exec
    """Let permissions count for root too, in a process that is about to start."""
    libc = ctypes.CDLL(None)
    drop_from_bounding_set = 24
    for ignores_permissions in (1, 2):
        libc.prctl(drop_from_bounding_set, ignores_permissions, 0, 0, 0)


def stored(folder: Path) -> list[str]:
    with closing(connect(f"embedded:{folder}")) as engine:
        return [each.id for each in engine.scan()]


def put(path: Path, text: str) -> Path:
    path.write_text(text)
    return path
