"""From a query to an answer: what all views of a question share."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from flask import Response, request

from api.current import engine, now
from api.openapi import pairs
from schemas import finding
from schemas.queries import Query, load
from schemas.results import Found
from schemas.urls import fitting
from schemas.views import View


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
    if "HTTP_IF_NONE_MATCH" in request.environ:
        tag = _tag(query, kind, engine().stamp())
        if request.if_none_match.contains_weak(tag):
            return _tagged(Response(status=304), tag)
    found = search(query)
    return _tagged(fresh(found, kind, dump), _tag(query, kind, found.result.stamp))


def fresh(found: Found, kind: str, dump: Callable[[Any], bytes]) -> Response:
    """Return the answer with its total and, where there is one, the next page."""
    response = Response(dump(found), mimetype=kind)
    response.headers["X-Total-Count"] = str(found.result.total)
    if following := fitting(found.next):
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def _tagged(response: Response, tag: str) -> Response:
    response.headers["ETag"] = f'W/"{tag}"'
    return response


def _tag(query: Query, kind: str, stamp: str) -> str:
    """Return a text that changes whenever the answer may; the time does not count,
    but what relative dates mean at the time."""
    known = (query.view, query.pairs, query.span, query.request.recency, kind)
    seed = f"{stamp} {request.path} {known!r}"
    return blake2b(seed.encode(), digest_size=12).hexdigest()
