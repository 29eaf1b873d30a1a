"""Real servers in real processes, for the tests that start some."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def free_port() -> int:
    """Return a port that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(**settings: str) -> dict[str, str]:
    """This process's environment with only those DATELINE_ settings."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("DATELINE_")}
    inherited.pop("PYTHONPATH", None)
    return inherited | {f"DATELINE_{k.upper()}": v for k, v in settings.items()}


def ask(
    url: str, body: object = None, headers: Mapping[str, str] | None = None
) -> tuple[int, Any]:
    """Return status and JSON of an answer, also of one that reports a problem."""
    data = None if body is None else json.dumps(body).encode()
    given = {"Content-Type": "application/json"} if data else {}
    request = urllib.request.Request(url, data, {**given, **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code, json.loads(problem.read() or b"null")


def wait_until_ready(server: subprocess.Popen[str], port: int, seconds: float) -> float:
    """Return how long it took until the server said it is ready."""
    start = time.monotonic()
    while time.monotonic() < start + seconds:
        assert server.poll() is None, f"the server ended: {server.returncode}"
        try:
            if ask(f"http://127.0.0.1:{port}/readyz")[0] == 200:
                return time.monotonic() - start
        except OSError:
            pass
        time.sleep(0.02)
    raise AssertionError(f"not ready within {seconds} s")


@contextmanager
def running(
    command: Sequence[str | Path], log: Path, cwd: Path, env: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a session of its own and end the session afterwards."""
    with log.open("w") as stream:
        server = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
        )
        try:
            yield server
        finally:
            stop(server)


def stop(server: subprocess.Popen[str]) -> int:
    """Ask a server to end, as a terminal or a supervisor would; return its status."""
    if server.poll() is None:
        server.send_signal(signal.SIGTERM)
    try:
        return server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(timeout=5)
        raise
