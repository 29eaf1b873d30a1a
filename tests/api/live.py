"""A real server in real processes, and how the tests of serving ask it."""

import http.client
import json
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.demo import articles
from tests.processes import environment, free_port, running, wait_until_ready

DATELINE = Path(sys.executable).with_name("dateline")
NDJSON = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Live:
    """A server that answers on this port; `pid` is gunicorn's master."""

    port: int
    pid: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask on a connection of its own; a dict as body is sent as JSON."""
        with closing(self.connection()) as connection:
            return ask(connection, path, method, body, headers)

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def kill_worker(self, seconds: float = 10) -> int:
        """Kill the oldest worker, and wait until another one is in its place."""
        before = self.workers()
        os.kill(before[0], signal.SIGKILL)
        until(lambda: set(self.workers()) - set(before), seconds)
        return before[0]

    def lines(self) -> list[Any]:
        """Return what stands in the log; every line must be a JSON object."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


def ask(
    connection: http.client.HTTPConnection,
    path: str,
    method: str = "GET",
    body: object = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Ask on this connection; a dict as body is sent as JSON."""
    given = dict(headers or {})
    if isinstance(body, dict):
        body = json.dumps(body)
        given.setdefault("Content-Type", "application/json")
    sent: Any = body
    chunked = not isinstance(body, str | bytes | None)
    connection.request(method, path, sent, given, encode_chunked=chunked)
    answer = connection.getresponse()
    names = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(answer.status, names, answer.read())


def until(true: Any, seconds: float = 10) -> None:
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not true within {seconds} s"
        time.sleep(0.02)


def demo() -> Iterator[str]:
    """Yield the demo as lines."""
    for article in articles():
        yield json.dumps(article) + "\n"


def load(live: Live, lines: Iterable[str]) -> Any:
    """Load lines over HTTP and return the report."""
    body = "".join(lines).encode()
    answer = live.ask(
        "/v1/articles?refresh=true", "POST", body, {"Content-Type": NDJSON}
    )
    assert answer.status == 200, answer.body
    return answer.json


@contextmanager
def serving(folder: Path, *options: str, **settings: str) -> Iterator[Live]:
    """Run `dateline serve` with an empty archive in this folder."""
    port = free_port()
    log = folder / "log"
    env = environment(
        **{"engine": f"embedded:{folder / 'archive'}", "port": str(port), **settings}
    )
    command = (DATELINE, "serve", *options)
    with running(command, log, folder, env) as server:
        wait_until_ready(server, port, 30)
        yield Live(port, server.pid, log)
