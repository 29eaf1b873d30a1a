"""Answers that clients have already: a question that comes again is not even read.

A front end that polls sends the same address with the tag of its last answer. While the
archive is what it was, that tag still holds, whatever the address means; so both are
remembered, for questions whose meaning does not move with the time.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from http import HTTPStatus
from threading import Lock
from typing import Final, TypeAlias, cast

from flask import Flask, Response, current_app, g
from flask.globals import request_ctx

from api.current import engine
from schemas.results import Found

Key: TypeAlias = tuple[str, bytes, str]

_TOLD: Final = "dateline-told"
MOST: Final = 2_000  # addresses, of which each is shorter than a server's longest
_FIXED: Final = re.compile(r"[0-9]{4}(?:-|\Z)")  # a date; a time ago ends in a letter
_REPEATED: Final = ("ETag", "Vary", "Link", "X-Total-Count")


class Told:
    """What was answered lately, by address: the stamp of the archive, and headers."""

    def __init__(self) -> None:
        """Remember nothing."""
        self._lock = Lock()
        self._known: OrderedDict[Key, tuple[str, dict[str, str]]] = OrderedDict()

    def find(self, key: Key) -> tuple[str, dict[str, str]] | None:
        """Return the stamp and the headers of the last answer to an address."""
        with self._lock:
            known = self._known.get(key)
            if known:
                self._known.move_to_end(key)
            return known

    def keep(self, key: Key, stamp: str, headers: dict[str, str]) -> None:
        """Remember an answer, and forget what was not asked for longest."""
        with self._lock:
            self._known[key] = (stamp, headers)
            self._known.move_to_end(key)
            if len(self._known) > MOST:
                self._known.popitem(last=False)


def register(app: Flask) -> None:
    """Answer what is known before a view reads the question."""
    app.extensions[_TOLD] = Told()
    app.before_request(_unchanged)
    app.after_request(_remember)


def note(found: Found) -> None:
    """Let the answer at hand be remembered, if only the archive can change it."""
    query = found.query
    dated = (value for name, value in query.pairs if name in ("from", "to"))
    moving = query.names or query.request.recency or query.other
    if not moving and all(_FIXED.match(value.strip()) for value in dated):
        g.told = found.result.stamp


def _unchanged() -> Response | None:
    environ = request_ctx.request.environ
    given = environ.get("HTTP_IF_NONE_MATCH")
    if given is None or request_ctx.request.method not in ("GET", "HEAD"):
        return None
    known = _told().find(_key())
    if known is None or known[1]["ETag"] != given or known[0] != engine().stamp():
        return None
    return Response(status=304, headers=known[1])


def _remember(answer: Response) -> Response:
    stamp = g.get("told")
    if stamp is not None and answer.status_code == HTTPStatus.OK:
        headers = answer.headers
        kept = {name: headers[name] for name in _REPEATED if name in headers}
        _told().keep(_key(), stamp, kept)
    return answer


def _told() -> Told:
    return cast(Told, current_app.extensions[_TOLD])


def _key() -> Key:
    asked = request_ctx.request
    return asked.path, asked.query_string, asked.environ.get("HTTP_ACCEPT", "*/*")
