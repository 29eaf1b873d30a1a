"""Bodies of requests: their type, their limits, and whether they came whole."""

from __future__ import annotations

from flask import request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected, HTTPException

from api.problems import Problem
from schemas.formats.ndjson import LINE_BYTES

_PLAIN = ("", "identity")
_UTF8 = ("", "utf-8", "utf8")
_DRAINED = 20_000_000


class Body:
    """A request's body as a stream that says when it was cut short."""

    def __init__(self) -> None:
        """Read the request at hand."""
        # In here a Content-Length beyond the server's limit becomes a 413.
        self._stream = request.stream
        self._missing = request.content_length

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, none at the end.

        Raises Problem where the end comes before the Content-Length is reached: the
        server's own stream would pass that off as the whole.
        """
        try:
            piece: bytes = self._stream.read(size)
        except (ClientDisconnected, ParseException):
            detail = "The body ended early, or its chunks are malformed. Send it again."
            raise Problem("bad-request", detail) from None
        if self._missing is not None:
            self._missing -= len(piece)
            if not piece and self._missing > 0:
                raise Problem(
                    "bad-request",
                    f"The body ended {self._missing} bytes early. Send it again.",
                )
        return piece


def check_type(*kinds: str) -> str:
    """Return the type of the body, which must be one of these, in UTF-8, not encoded.

    Raises Problem.
    """
    check_plain()
    charset = request.mimetype_params.get("charset", "").lower()
    if request.mimetype not in kinds or charset not in _UTF8:
        known = " or ".join(kinds)
        raise Problem(
            "unsupported-media-type", f"Send {known} in UTF-8 and say so: Content-Type."
        )
    return request.mimetype


def check_plain() -> None:
    """Raise Problem for a body that is compressed or otherwise encoded."""
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in _PLAIN:
        raise Problem("unsupported-media-type", "Send the body without encoding.")


def whole(most: int = LINE_BYTES, what: str = "An article") -> bytes:
    """Return a body of one piece; raises Problem if it is larger than that may be."""
    if (request.content_length or 0) > most:
        raise _too_large(most, what)
    body, pieces, size = Body(), [], 0
    while piece := body.read(most + 1 - size):
        pieces.append(piece)
        size += len(piece)
        if size > most:
            raise _too_large(most, what)
    return b"".join(pieces)


def drain() -> None:
    """Read what the client still sends, up to some size.

    A connection that is closed before is reset, and the client never sees our answer.
    """
    left = _DRAINED
    try:
        while left > 0 and (piece := request.stream.read(min(left, 65_536))):
            left -= len(piece)
    except (HTTPException, ParseException, OSError):
        return


def _too_large(most: int, what: str) -> Problem:
    return Problem("too-large", f"{what} may have {most:,} bytes. Shorten it.")
