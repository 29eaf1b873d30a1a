"""What never reaches the application: requests that gunicorn cannot read.

It would answer with a page of its own; here they become problems like all others.
"""

from __future__ import annotations

from random import getrandbits
from typing import Any

from gunicorn.http import errors

from api.guard import HEADERS
from api.problems import KINDS, TYPE, Problem

_ADDRESS = (
    "The first line of the request is malformed. In an address, write blanks and "
    "letters beyond ASCII as %XX; curl does it with -G --data-urlencode 'q=Łódź'."
)
_TABLE: tuple[tuple[type[Exception], str, str | None], ...] = (
    (errors.LimitRequestLine, "address-too-long", None),
    (errors.LimitRequestHeaders, "headers-too-large", None),
    (errors.InvalidRequestLine, "bad-request", _ADDRESS),
    (errors.InvalidHeaderName, "bad-request", "A header's name is malformed."),
    (errors.InvalidHeader, "bad-request", "A header is malformed."),
    (errors.InvalidRequestMethod, "bad-request", "The method is malformed."),
    (errors.InvalidHTTPVersion, "bad-request", "Speak HTTP/1.0 or HTTP/1.1."),
    (errors.ObsoleteFolding, "bad-request", "A header goes over several lines."),
    (errors.ParseException, "bad-request", None),
    (Exception, "internal", "Something went wrong on our side."),
)


def is_theirs(error: Exception) -> bool:
    """Say whether an error is a fault of the request."""
    return isinstance(error, errors.ParseException)


def refusal(error: Exception) -> bytes:
    """Return the whole answer to a request that could not be read, head and body."""
    problem = next(
        Problem(slug, detail)
        for kind, slug, detail in _TABLE
        if isinstance(error, kind)
    )
    name = f"{getrandbits(128):032x}"
    body = problem.body(name)
    status = KINDS[problem.slug].status
    head: dict[str, Any] = {
        "Connection": "close",
        "Content-Type": TYPE,
        "Content-Length": len(body),
        "X-Request-ID": name,
        **HEADERS,
    }
    lines = "".join(f"{key}: {value}\r\n" for key, value in head.items())
    return f"HTTP/1.1 {status} Refused\r\n{lines}\r\n".encode() + body
