"""From a query to an answer: what all views of a question share."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from flask import Response

from api import told
from api.current import engine, now
from api.openapi import JSON, pairs
from api.request import at_hand
from api.response import Unchanged, Whole
from schemas import finding
from schemas.echo import names_stamp
from schemas.queries import Query, load
from schemas.results import Found
from schemas.urls import fitting
from schemas.views import View

LONGEST_WARNINGS = 2_000
"""Characters of the header that has warnings: proxies refuse longer ones."""


def asked(view: View, field: str | None = None) -> Query:
    """Return the query of this request's address."""
    return load(pairs(), view, now=now(), field=field)


def find(query: Query) -> Found:
    """Return what the engine answers.

    Raises ParameterError for names that a strict query may not give, and for a
    timeline of too many steps.
    """
    return finding.find(query, engine())


def answer(
    query: Query,
    kind: str,
    dump: Callable[[Any], bytes],
    search: Callable[[Query], Found] = find,
) -> Response:
    """Return the answer, or 304 to a client that has it already.

    `dump` makes the bytes of what `search` found.

    The tag says what the archive was before the search: a change meanwhile then costs
    one search too many, and never shows old articles as new ones.
    """
    if same := known(query, kind):
        return same
    found = search(query)
    return tagged(fresh(found, kind, dump), found, kind)


def known(query: Query, kind: str) -> Response | None:
    """Return a 304 to a client that has this answer already."""
    if "HTTP_IF_NONE_MATCH" not in at_hand().environ:
        return None
    names = names_stamp(query, engine())
    tag = _tag(query, kind, f"{engine().stamp()} {names}")
    if not at_hand().if_none_match.contains_weak(tag):
        return None
    return _tagged(Unchanged(), tag)


def fresh(found: Found, kind: str, dump: Callable[[Any], bytes]) -> Response:
    """Return the answer with its total and, where there is one, the next page."""
    response = Whole(dump(found), mimetype=kind)
    response.headers.add("X-Total-Count", str(found.result.total))
    if following := fitting(found.next):
        response.headers.add("Link", f'<{following}>; rel="next"')
    return response if kind == JSON else warned(response, found)


def tagged(response: Response, found: Found, kind: str) -> Response:
    """Give an answer the entity tag of the archive and the names that were asked."""
    told.note(response, found)
    stamp = f"{found.result.stamp} {found.echo.stamp}"
    return _tagged(response, _tag(found.query, kind, stamp))


def unless_known(seed: str, kind: str, make: Callable[[], bytes]) -> Response:
    """Return what `make` makes, or 304 to a client that has it already.

    `seed` changes whenever the answer may.
    """
    asked = at_hand()
    tag = _hashed(f"{seed} {asked.path} {kind}")
    if asked.if_none_match.contains_weak(tag):
        return _tagged(Unchanged(), tag)
    return _tagged(Whole(make(), mimetype=kind), tag)


def warned(response: Response, found: Found) -> Response:
    """Put warnings where the answer has no place for them: X-Warnings, as JSON in
    ASCII; as many as fit."""
    told = list(found.echo.warnings)
    while len(text := json.dumps(told)) > LONGEST_WARNINGS:
        told.pop()
    if told:
        response.headers["X-Warnings"] = text
    return response


def _tagged(response: Response, tag: str) -> Response:
    response.headers.add("ETag", f'W/"{tag}"')
    return response


def _tag(query: Query, kind: str, stamp: str) -> str:
    """Return a text that changes whenever the answer may; the time does not count,
    but what relative dates mean at the time."""
    known = (query.view, query.pairs, _moments(query), query.request.recency, kind)
    other = _moments(query.other) if query.other else None
    return _hashed(f"{stamp} {at_hand().path} {known!r} {other!r}")


def _moments(query: Query) -> tuple[int | None, int | None]:
    return query.span.start, query.span.end


def _hashed(seed: str) -> str:
    return blake2b(seed.encode(), digest_size=12).hexdigest()
