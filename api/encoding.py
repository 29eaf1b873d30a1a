"""Compressed answers: gzip for clients that take it, streams piece by piece."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, request
from werkzeug.wsgi import ClosingIterator

from api.varying import vary

SMALLEST = 1_000
"""Bytes of an answer below which compressing would only cost."""

_LEVEL = 1  # higher ones take twice the time for a tenth of the bytes
_GZIP = 16 + zlib.MAX_WBITS
_TEXTUAL = ("text/", "application/json", "application/x-ndjson", "application/xml")
_ENDINGS = ("+json", "+xml")


def register(app: Flask) -> None:
    """Compress what the views answer."""
    app.after_request(_compress)


def _compress(answer: Response) -> Response:
    kind = answer.mimetype or ""
    if not kind.startswith(_TEXTUAL) and not kind.endswith(_ENDINGS):
        return answer
    vary(answer, "Accept-Encoding")
    if not _wanted() or "Content-Encoding" in answer.headers:
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


def _wanted() -> bool:
    if "HTTP_ACCEPT_ENCODING" not in request.environ:
        return False
    return request.accept_encodings["gzip"] > 0


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
