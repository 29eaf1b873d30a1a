"""What every request passes before a view sees it, and every answer after."""

from __future__ import annotations

import hmac
import re
from random import getrandbits
from urllib.parse import unquote_to_bytes

from flask import Response

from api.application import Application
from api.current import settings
from api.incoming import drain
from api.problems import TYPE, Problem
from api.request import Request
from api.varying import declare

_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
READS = frozenset(("searches.search_body",))
"""Endpoints that only read, whatever their method is."""
_HOST = re.compile(r"[A-Za-z0-9.:_~%!$&'()*+,;=\[\]-]+")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-cache",
}


def register(app: Application) -> None:
    """Put the guard before and behind every view."""
    app.checks += (_name, _check_shape, _check_key)
    app.finishes.append(_complete)


def _name(asked: Request) -> None:
    given = asked.environ.get("HTTP_X_REQUEST_ID", "")
    known = _ID.fullmatch(given)
    asked.request_id = given if known else f"{getrandbits(128):032x}"


def _check_shape(asked: Request) -> None:
    host = asked.environ.get("HTTP_HOST", "")
    protocol = asked.environ.get("SERVER_PROTOCOL", "")
    if (host or protocol == "HTTP/1.1") and not _HOST.fullmatch(host):
        raise Problem("bad-request", "Send a Host header: the name of this server.")
    try:
        text = unquote_to_bytes(asked.query_string).decode()
    except UnicodeDecodeError:
        raise Problem("bad-request", "The query string is not UTF-8.") from None
    if _CONTROLS.search(text) or _CONTROLS.search(asked.path):
        raise Problem("bad-request", "The address has control characters in it.")


def _check_key(asked: Request) -> None:
    """Refuse a write without the key: 401 without one, 403 with a wrong one.

    What no view takes goes on: to a 404, or a 405 that says what would be taken.
    """
    if asked.method in _SAFE or asked.endpoint in (None, *READS):
        return
    known = settings()
    if not known.writable:
        raise Problem("writes-refused")
    if known.write_key is None:
        return
    given = asked.headers.get("Authorization", "")
    scheme, _, key = given.partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Problem("unauthorized", headers={"WWW-Authenticate": "Bearer"})
    if not hmac.compare_digest(key.strip().encode(), known.write_key.encode()):
        raise Problem("forbidden")


def _complete(answer: Response, asked: Request) -> Response:
    if answer.mimetype == TYPE:
        drain()
    declare(answer)
    headers = answer.headers
    known = {name.title() for name, _ in headers}  # one pass: four look-ups cost twice
    headers.add("X-Request-ID", asked.request_id)
    for name, value in HEADERS.items():
        if name not in known:
            headers.add(name, value)
    return answer
