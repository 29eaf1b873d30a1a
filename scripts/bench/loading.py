"""Articles through HTTP into a running server, as any client sends them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import orjson

_PIECE: Final = 1 << 20
_SECONDS: Final = 1800.0


class LoadError(Exception):
    """Articles were not taken; the text is the server's answer."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many articles became searchable, and in how many seconds."""

    articles: int
    seconds: float


def post(port: int, file: Path) -> Loaded:
    """Send an NDJSON file in one request, and wait until all of it can be found."""
    start = time.perf_counter()
    with closing(HTTPConnection("127.0.0.1", port, timeout=_SECONDS)) as connection:
        connection.request(
            "POST",
            "/v1/articles?refresh=true",
            body=_pieces(file),
            headers={
                "Content-Type": "application/x-ndjson",
                "Content-Length": str(file.stat().st_size),
            },
        )
        answer = connection.getresponse()
        body = answer.read()
    took = time.perf_counter() - start
    report = orjson.loads(body)
    if answer.status != 200 or report["failed"]:
        raise LoadError(body.decode()[:1000])
    return Loaded(report["created"], took)


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as lines:
        while piece := lines.read(_PIECE):
            yield piece
