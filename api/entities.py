"""One entity: what is known of it and what its articles say; written and removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from flask import Response, request

from api.answering import unless_known
from api.current import engine
from api.formats import accepted
from api.incoming import check_type, whole
from api.openapi import JSON, Blueprint, documented, pairs
from api.problems import KINDS, Problem
from schemas import entities, entity_pages
from schemas.entities import PLURALS, ProfileSchema
from schemas.problems import ParameterError
from schemas.urls import ROOT
from search.entities.profile import Kind
from search.errors import EntityNotFoundError

LARGEST = 1_000_000
"""Bytes of a profile."""

View: TypeAlias = Callable[[Kind, str], Response]
Served: TypeAlias = Callable[[str], Response]
Note: TypeAlias = Callable[[Served], Served]

blp = Blueprint(
    "entities", __name__, description="Companies, people, places, tags, sources."
)

_ABSENT = KINDS["not-found"].status
_REFUSED = tuple(KINDS[slug].status for slug in ("unauthorized", "forbidden"))
_UNFIT = tuple(
    KINDS[slug].status
    for slug in ("too-large", "unsupported-media-type", "invalid-body")
)


def read(kind: Kind, entity_id: str) -> Response:
    """Say what is known of an entity, when it was seen, and with whom."""
    stamp = f"{engine().stamp()} {engine().entities.stamp()}"
    return unless_known(stamp, accepted(JSON), lambda: _page(kind, entity_id))


def replace(kind: Kind, entity_id: str) -> Response:
    """Add an entity to the registry, or replace what is known of it."""
    _check_unconditional()
    media = accepted(JSON)
    check_type(JSON)
    body = whole(LARGEST, "A profile")
    profile = entities.load_json(body, kind=kind, entity_id=entity_id)
    report = engine().entities.put([profile])
    answer = Response(_page(kind, profile.id), mimetype=media)
    if report.created:
        answer.status_code = 201
        answer.location = ROOT + entity_pages.address(kind, profile.id)
    return answer


def remove(kind: Kind, entity_id: str) -> Response:
    """Remove an entity from the registry; articles keep its id and name."""
    _check_unconditional()
    if not engine().entities.delete(kind, [entity_id]):
        raise EntityNotFoundError(kind, entity_id)
    answer = Response(status=204)
    del answer.headers["Content-Type"]
    return answer


def _page(kind: Kind, entity_id: str) -> bytes:
    return entity_pages.dump(entity_pages.find(engine(), kind, entity_id))


def _check_unconditional() -> None:
    for name in ("If-Match", "If-None-Match", "If-Unmodified-Since"):
        if name in request.headers:
            raise Problem(
                "bad-request", f"Profiles have no versions. Leave {name} out."
            )


def _serve(word: str, kind: Kind, method: str, view: View, note: Note) -> None:
    def served(entity_id: str) -> Response:
        for name, _ in pairs():
            detail = "This path has no parameters. Leave it out."
            raise ParameterError(name[:100], detail, slug="unknown-parameter")
        return view(kind, entity_id)

    served.__name__, served.__doc__ = f"{view.__name__}_{kind}", view.__doc__
    blp.route(f"/{word}/<entity_id>", methods=[method])(note(served))


_PAGE = {JSON: entity_pages.PAGE}
_NOTES = {
    "GET": (
        read,
        documented(
            answers={200: _PAGE, 304: {}},
            problems=(_ABSENT,),
            headers=("If-None-Match",),
        ),
    ),
    "PUT": (
        replace,
        documented(
            body={JSON: ProfileSchema()},
            answers={200: _PAGE, 201: _PAGE},
            problems=(*_REFUSED, *_UNFIT),
        ),
    ),
    "DELETE": (remove, documented(answers={204: {}}, problems=(*_REFUSED, _ABSENT))),
}
for _word, _kind in PLURALS.items():
    for _method, (_view, _note) in _NOTES.items():
        _serve(_word, _kind, _method, _view, _note)
