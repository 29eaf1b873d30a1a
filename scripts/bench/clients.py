"""Clients that cost little themselves: one kept connection, a few lines of HTTP."""

from __future__ import annotations

import multiprocessing
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from multiprocessing.pool import Pool
from typing import Final

_HEAD: Final = "GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n"
_POST: Final = (
    "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n"
    "Content-Type: {}\r\nContent-Length: {}\r\n\r\n"
)
_LAST: Final = b"\r\n0\r\n\r\n"
_SECONDS: Final = 30.0


class AnswerError(Exception):
    """An answer that is not a 200; the text is its beginning."""


class Client:
    """One connection that is kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._sock = self._connect()

    def ask(self, path: str) -> bytes:
        """Return the body of the answer; raises AnswerError unless it is a 200."""
        return self._asked(path, _HEAD.format(path).encode())

    def post(self, path: str, body: bytes, kind: str = "application/json") -> bytes:
        """Return the body of the answer to JSON, in pieces if it came so."""
        return self._asked(path, _POST.format(path, kind, len(body)).encode() + body)

    def _asked(self, path: str, request: bytes) -> bytes:
        try:
            answer = self._once(request)
        except ConnectionError:
            # The server ends connections that were idle for its `keepalive`.
            self._sock.close()
            self._sock = self._connect()
            answer = self._once(request)
        head, body = answer
        if not head.startswith(b"HTTP/1.1 200"):
            raise AnswerError(f"{path}: {head[:100]!r} {body[:500]!r}")
        return body

    def close(self) -> None:
        """End the connection."""
        self._sock.close()

    def _connect(self) -> socket.socket:
        sock = socket.create_connection(("127.0.0.1", self._port), timeout=_SECONDS)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def _once(self, request: bytes) -> tuple[bytes, bytes]:
        self._sock.sendall(request)
        data = self._more()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end]
        if b"chunked" in head.lower():
            while not data.endswith(_LAST):
                data += self._more()
            return head, data[end + 4 :]
        start = head.lower().index(b"content-length:") + len("content-length:")
        size = end + 4 + int(head[start:].split(b"\r\n", 1)[0])
        while len(data) < size:
            data += self._more()
        return head, data[end + 4 :]

    def _more(self) -> bytes:
        data = self._sock.recv(1 << 18)
        if not data:
            raise ConnectionResetError
        return data


def seconds(client: Client, paths: Sequence[str]) -> list[float]:
    """Return how long each answer took."""
    times = []
    for path in paths:
        start = time.perf_counter()
        client.ask(path)
        times.append(time.perf_counter() - start)
    return times


class Crowd:
    """Many clients, each in a process of its own."""

    def __init__(self, pool: Pool, size: int) -> None:
        self._pool = pool
        self._size = size

    def rate(self, port: int, paths: Sequence[str], duration: float) -> float:
        """Return answers a second to all of them together."""
        turns = [
            (port, _turned(paths, place, self._size), duration)
            for place in range(self._size)
        ]
        return sum(self._pool.starmap(_count, turns, chunksize=1)) / duration


@contextmanager
def crowd(size: int) -> Iterator[Crowd]:
    """Lend so many clients."""
    # Not forked: the threads of this process would be missing in the copies.
    with multiprocessing.get_context("spawn").Pool(size) as pool:
        yield Crowd(pool, size)


def _turned(paths: Sequence[str], place: int, size: int) -> list[str]:
    start = place * len(paths) // size
    return [*paths[start:], *paths[:start]]


def _count(port: int, paths: Sequence[str], duration: float) -> int:
    client, until = Client(port), time.perf_counter() + duration
    count = 0
    for path in cycle(paths):
        if time.perf_counter() >= until:
            break
        client.ask(path)
        count += 1
    client.close()
    return count
