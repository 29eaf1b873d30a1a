"""Servers of a test's own, beside the one that all share: to kill, or with keys."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import cluster


@dataclass(frozen=True, slots=True)
class Nodes:
    """Nodes that were started for somebody; `urls` in the order of their numbers."""

    urls: tuple[str, ...]
    folder: Path

    def secret(self, name: str) -> Path:
        """Return the file of a secret of secure nodes: authority.pem, user, password."""
        return self.folder / "secrets" / name

    def kill(self, place: int) -> None:
        """End a node at once, as a crash of its machine would."""
        for pid in self._pids(place):
            os.kill(pid, signal.SIGKILL)

    def pause(self, place: int) -> None:
        """Stop a node without ending it."""
        for pid in self._pids(place):
            os.kill(pid, signal.SIGSTOP)

    def _pids(self, place: int) -> list[int]:
        names = (self.folder / "names").read_text().splitlines()
        mark = f"DATELINE_NODE={names[place].split()[0]}".encode()
        found = [int(pid) for pid in _script(self.folder, "pids").stdout.split()]
        return [
            pid
            for pid in found
            if mark in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        ]


@contextmanager
def started(count: int, *, secure: bool = False) -> Iterator[Nodes]:
    """Start nodes, and end them; skip, or fail in CI, where none can be had."""
    # Not in the test's own folder, which the server's user may not enter.
    with tempfile.TemporaryDirectory(prefix="dateline-nodes-") as folder:
        nodes = Path(folder) / "nodes"
        Path(folder).chmod(0o755)
        try:
            words = ["secure"] if secure else []
            done = _script(nodes, "start", str(count), *words)
            _check(done)
            yield Nodes(tuple(done.stdout.split()[-1].split(",")), nodes)
        finally:
            _script(nodes, "stop")


def _check(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode == cluster.NO_SERVER:
        reason = done.stderr.strip().splitlines()[-1]
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    assert done.returncode == 0, done.stderr


def _script(nodes: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k != "DATELINE_TEST_ELASTICSEARCH"}
    return subprocess.run(
        [cluster.SCRIPT, *words],
        capture_output=True,
        text=True,
        check=False,
        env=env | {"DATELINE_NODES": str(nodes)},
    )
