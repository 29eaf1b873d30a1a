"""An engine on a real server, and what stands for it where it must misbehave."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TypeAlias

import pytest

from search.elastic.engine import ElasticEngine
from tests import cluster

Reply: TypeAlias = Callable[[int, str], tuple[int, dict[str, str], bytes]]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of an archive that nobody has used."""
    with cluster.archive(tmp_path) as address:
        yield address


@pytest.fixture
def name(address: str) -> str:
    """The name of that archive."""
    return address.rpartition("/")[2]


@pytest.fixture
def engine(name: str) -> Iterator[ElasticEngine]:
    """An engine on that archive."""
    made = ElasticEngine(cluster.access(), name)
    yield made
    made.close()


@contextmanager
def server(reply: Reply) -> Iterator[str]:
    """A server that answers its nth request, from 0, as `reply(n, path)` says."""
    counted: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            counted.append(self.path)
            status, headers, body = reply(len(counted) - 1, self.path)
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - so they are called

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    made.daemon_threads = True
    thread = Thread(target=made.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{made.server_port}"
    finally:
        made.shutdown()
        thread.join()
        made.server_close()


@pytest.fixture
def serving() -> Callable[[Reply], object]:
    """The way to such a server."""
    return server
