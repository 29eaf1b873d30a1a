"""Answers that clients have already: a question that comes again is not even read.

A front end that polls sends the same address with the tag of its last answer. While the
archive is what it was, that tag still holds, whatever the address means; so both are
remembered, for questions whose meaning does not move with the time.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import Final, NamedTuple, TypeAlias, cast

from flask import Response, current_app

from api.application import Application
from api.current import engine
from api.request import Request
from api.response import Unchanged
from api.varying import varied, vary
from schemas.results import Found

Key: TypeAlias = tuple[str, bytes, str]

_TOLD: Final = "dateline-told"
_STAMP: Final = "dateline_stamp"
MOST: Final = 2_000  # addresses, of which each is shorter than a server's longest
_FIXED: Final = re.compile(r"[0-9]{4}(?:-|\Z)")  # a date; a time ago ends in a letter
_REPEATED: Final = frozenset(("ETag", "Link", "X-Total-Count"))


class Stamp(NamedTuple):
    """What an answer was made of: the archive, and of names in the question the
    registry; None where it has none."""

    archive: str
    registry: str | None = None

    def holds(self) -> bool:
        """Say whether they are still the same."""
        known = engine()
        same = self.archive == known.stamp()
        if self.registry is None or not same:
            return same
        return self.registry == known.entities.stamp()


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer: what it was made of, its headers, and the names it varies by."""

    stamp: Stamp
    headers: dict[str, str]
    vary: tuple[str, ...]


class Told:
    """What was answered lately, by address."""

    def __init__(self) -> None:
        """Remember nothing."""
        self._lock = Lock()
        self._known: OrderedDict[Key, Answered] = OrderedDict()

    def find(self, key: Key) -> Answered | None:
        """Return what the last answer to an address was like."""
        with self._lock:
            known = self._known.get(key)
            if known:
                self._known.move_to_end(key)
            return known

    def keep(self, key: Key, answered: Answered) -> None:
        """Remember an answer, and forget what was not asked for longest."""
        with self._lock:
            self._known[key] = answered
            self._known.move_to_end(key)
            if len(self._known) > MOST:
                self._known.popitem(last=False)


def register(app: Application) -> None:
    """Answer what is known before a view reads the question."""
    app.extensions[_TOLD] = Told()
    app.checks.append(_unchanged)
    app.finishes.append(_remember)


def note(answer: Response, found: Found) -> None:
    """Let an answer be remembered, if only the archive can change it."""
    query = found.query
    dated = (value for name, value in query.pairs if name in ("from", "to"))
    moving = query.request.recency or query.other
    if not moving and all(_FIXED.match(value.strip()) for value in dated):
        names = found.echo.stamp if query.names else None
        vars(answer)[_STAMP] = Stamp(found.result.stamp, names)


def _unchanged(asked: Request) -> Response | None:
    given = asked.environ.get("HTTP_IF_NONE_MATCH")
    if given is None or asked.method not in ("GET", "HEAD"):
        return None
    known = _told().find(_key(asked))
    if known is None or known.headers["ETag"] != given or not known.stamp.holds():
        return None
    answer = Unchanged(headers=known.headers)
    for name in known.vary:
        vary(answer, name)
    return answer


def _remember(answer: Response, asked: Request) -> Response:
    stamp = vars(answer).get(_STAMP)
    if stamp is not None and answer.status_code == HTTPStatus.OK:
        kept = {name: value for name, value in answer.headers if name in _REPEATED}
        _told().keep(_key(asked), Answered(stamp, kept, varied(answer)))
    return answer


def _told() -> Told:
    return cast(Told, current_app.extensions[_TOLD])


def _key(asked: Request) -> Key:
    return asked.path, asked.query_string, asked.environ.get("HTTP_ACCEPT", "*/*")
