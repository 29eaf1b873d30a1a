"""Compressed answers: gzip for clients that take it, streams piece by piece."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from flask import Response
from werkzeug.wsgi import ClosingIterator

from api.application import Application
from api.request import Request
from api.varying import vary

SMALLEST = 1_000
"""Bytes of an answer below which compressing would only cost."""

_LEVEL = 1  # higher ones take twice the time for a tenth of the bytes
_GZIP = 16 + zlib.MAX_WBITS
_TEXTUAL = ("text/", "application/json", "application/x-ndjson", "application/xml")
_ENDINGS = ("+json", "+xml")


def register(app: Application) -> None:
    """Compress what the views answer."""
    app.finishes.append(_compress)


def _compress(answer: Response, asked: Request) -> Response:
    kind = (answer.content_type or _TEXTUAL[0]).partition(";")[0]  # a 304 has none
    if not kind.startswith(_TEXTUAL) and not kind.endswith(_ENDINGS):
        return answer
    vary(answer, "Accept-Encoding")
    if (
        not _wanted(asked)
        or answer.status_code == HTTPStatus.NOT_MODIFIED
        or "Content-Encoding" in answer.headers
    ):
        return answer
    if answer.is_streamed:
        _stream(answer)
    elif len(answer.data) < SMALLEST:
        return answer
    else:
        answer.data = gzip.compress(answer.data, _LEVEL, mtime=0)
    answer.headers["Content-Encoding"] = "gzip"
    _rename(answer)
    return answer


def _wanted(asked: Request) -> bool:
    if "HTTP_ACCEPT_ENCODING" not in asked.environ:
        return False
    return asked.accept_encodings["gzip"] > 0


def _stream(answer: Response) -> None:
    pieces = answer.response
    close = getattr(pieces, "close", None)
    answer.response = ClosingIterator(_squeezed(pieces), close)


def _squeezed(pieces: Any) -> Iterator[bytes]:
    """Yield each piece compressed, in bytes that the client can read at once."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        yield packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()


def _rename(answer: Response) -> None:
    """Give other bytes another strong tag; `conditions` knows the ending."""
    tag, weak = answer.get_etag()
    if tag and not weak:
        answer.set_etag(f"{tag}-gzip")
