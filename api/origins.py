"""Which pages of other sites may read answers in a browser, and write (CORS).

Browsers ask this for their user's sake: a page anywhere could else read an archive that
listens on the user's own machine. No cookie is used, so none is ever allowed along.
"""

from __future__ import annotations

import re

from flask import Response

from api.application import Application
from api.current import settings
from api.guard import READS
from api.request import Request
from api.varying import vary

EXPOSED = (
    *("Allow", "Content-Disposition", "ETag", "Last-Modified", "Link", "Location"),
    *("RateLimit", "RateLimit-Policy", "Retry-After"),
    *("X-Request-ID", "X-Total-Count", "X-Warnings"),
)
"""Headers that a page may read."""

_TAKEN = (
    *("Accept", "Authorization", "Content-Type", "If-Match", "If-None-Match"),
    "X-Request-ID",
)
_DAY = "86400"
_SAFE = ("GET", "HEAD", "OPTIONS")
_LOCAL = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?")


def register(app: Application) -> None:
    """Tell browsers what pages of other origins may do."""
    app.finishes.append(_allow)


def _allow(answer: Response, asked: Request) -> Response:
    wanted = settings().origins
    if wanted == "*":
        answer.headers["Access-Control-Allow-Origin"] = "*"
    else:
        vary(answer, "Origin")
        origin = asked.environ.get("HTTP_ORIGIN")
        if origin is None or not _known(origin, wanted):
            return answer
        answer.headers["Access-Control-Allow-Origin"] = origin
    answer.headers["Access-Control-Expose-Headers"] = ", ".join(EXPOSED)
    if asked.method == "OPTIONS":
        _permit(answer, asked)
    return answer


def _known(origin: str, wanted: str) -> bool:
    if wanted == "local":
        return _LOCAL.fullmatch(origin) is not None
    return origin in (each.strip() for each in wanted.split(","))


def _permit(answer: Response, asked: Request) -> None:
    """Answer the question that a browser puts before it sends more than a plain read.

    Without a key, whoever reaches the server may write: no page may do so for them.
    """
    methods = answer.headers.get("Allow", "").split(", ")
    if settings().write_key is None and asked.endpoint not in READS:
        methods = [method for method in methods if method in _SAFE]
    answer.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(methods))
    answer.headers["Access-Control-Allow-Headers"] = ", ".join(_TAKEN)
    answer.headers["Access-Control-Max-Age"] = _DAY
