"""Servers under measurement: started on a free port, watched from outside, ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, Final

READY_SECONDS: Final = 300.0
STOP_SECONDS: Final = 60.0
SETTLE_SECONDS: Final = 300.0

_IDLE: Final = 0.06  # CPU seconds in a second; waiting for changes takes less
_CPU_OF_PROCESS: Final = 2  # CPUCLOCK_SCHED of clock_getcpuclockid(3)


class ServerError(Exception):
    """A server that did not start; the text has the end of what it wrote."""


@dataclass(frozen=True, slots=True)
class Server:
    """A gunicorn that answers at 127.0.0.1:`port`; its master is process `pid`."""

    name: str
    port: int
    pid: int

    def workers(self) -> list[int]:
        """Return the processes that answer."""
        file = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(pid) for pid in file.read_text().split()]

    def cpu(self) -> float:
        """Return the CPU seconds that the workers have used, all threads together."""
        return sum(
            time.clock_gettime(~pid << 3 | _CPU_OF_PROCESS) for pid in self.workers()
        )

    def settle(self) -> float:
        """Wait until the workers are idle; return the seconds it took.

        What a server does by itself after a load would be measured with the answers.
        Raises ServerError if it goes on for too long.
        """
        start = time.monotonic()
        while time.monotonic() < start + SETTLE_SECONDS:
            before = self.cpu()
            time.sleep(1)
            if self.cpu() - before < _IDLE:
                return time.monotonic() - start
        raise ServerError(f"{self.name} was busy for {SETTLE_SECONDS:.0f} s by itself.")

    def memory(self, kind: str) -> float:
        """Return the workers' MB of a `kind` in smaps_rollup: `Rss` or `Pss`, summed."""
        total = 0
        for pid in self.workers():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith(f"{kind}:"):
                    total += int(line.split()[1])
        return total * 1024 / 1e6


@contextmanager
def dateline(folder: Path) -> Iterator[Server]:
    """Serve a data folder as `dateline serve` does, with its default settings."""
    command = "from scripts.cli import main; main()"
    settings = {"ENGINE": f"embedded:{folder}"}
    with _running("Dateline", ["-c", command, "serve"], "/readyz", settings) as server:
        yield server


@contextmanager
def clustered(engine: str) -> Iterator[Server]:
    """Serve an archive of a cluster as `dateline serve` does."""
    command = "from scripts.cli import main; main()"
    settings = {"ENGINE": engine}
    with _running("Dateline", ["-c", command, "serve"], "/readyz", settings) as server:
        yield server


@contextmanager
def by_hand(url: str, archive: str) -> Iterator[Server]:
    """Serve the same archive by the service written by hand."""
    application = f"scripts.bench.elastic_view:create({url!r}, {archive!r})"
    with _view("by hand", application) as server:
        yield server


@contextmanager
def minimal(folder: Path) -> Iterator[Server]:
    """Serve the view written by hand, with gunicorn's settings of `dateline serve`."""
    with _view("minimal", f"scripts.bench.view:create({str(folder)!r})") as server:
        yield server


@contextmanager
def engine_only(folder: Path) -> Iterator[Server]:
    """Serve the engine of a data folder with nothing round it, in the same way."""
    with _view(
        "engine", f"scripts.bench.engine_view:create({str(folder)!r})"
    ) as server:
        yield server


@contextmanager
def _view(name: str, application: str) -> Iterator[Server]:
    arguments = ["-m", "gunicorn", "-c", "python:api.gunicorn_conf", application]
    with _running(name, arguments, "/empty", {}) as server:
        yield server


@contextmanager
def _running(
    name: str, arguments: list[str], ready: str, settings: Mapping[str, str]
) -> Iterator[Server]:
    port = _free_port()
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("DATELINE_")}  # noqa: TID251 - what a server is started with
    given = {f"DATELINE_{key}": value for key, value in settings.items()}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, *arguments],
            env={**inherited, **given, "DATELINE_PORT": str(port)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait(process, port, ready, log)
            yield Server(name, port, process.pid)
        finally:
            _stop(process)


def _wait(
    process: subprocess.Popen[bytes], port: int, path: str, log: IO[bytes]
) -> None:
    until = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            if _status(port, path) == 200:
                return
        except OSError:
            time.sleep(0.05)
    log.seek(0)
    raise ServerError(f"The server did not get ready: {log.read().decode()[-2000:]}")


def _status(port: int, path: str) -> int:
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
