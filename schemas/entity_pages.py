"""The page of an entity: what is known of it, and what its articles say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import orjson
from marshmallow import Schema, fields as plain

from schemas import exact
from schemas.entities import PLURALS, ProfileSchema, values_of
from schemas.parameters import AnyField
from schemas.urls import Pair, url
from schemas.views import ALL
from search.engine import Engine
from search.entities.profile import KINDS, Kind, Profile
from search.errors import EntityNotFoundError
from search.query.ast import Or, Term
from search.request import FacetRequest, SearchRequest
from search.result import Facet, FacetValue, SearchResult

MENTIONS: Final = 10
"""How many entities of each kind are listed that stand in the same articles."""

_PLAIN: Final = ":,=@+~"
_WORDS: Final = {kind: word for word, kind in PLURALS.items()}
_MENTION: dict[str, AnyField] = {
    "id": plain.String(required=True),
    "name": plain.String(required=True),
    "count": plain.Integer(
        required=True, metadata={"description": "Articles that have both."}
    ),
    "url": plain.String(required=True, metadata={"format": "uri-reference"}),
}
_mentions = plain.List(
    plain.Nested(Schema.from_dict(_MENTION, name="CoMention")()), required=True
)
_PAGE: dict[str, AnyField] = {
    **ProfileSchema().fields,
    "registered": plain.Boolean(
        required=True,
        metadata={"description": "false: only articles know it, by id and name."},
    ),
    "count": plain.Integer(required=True),
    "first_seen": plain.String(
        required=True, allow_none=True, metadata={"format": "date-time"}
    ),
    "last_seen": plain.String(
        required=True, allow_none=True, metadata={"format": "date-time"}
    ),
    "with": plain.Nested(
        Schema.from_dict(dict.fromkeys(KINDS, _mentions), name="CoMentions")(),
        required=True,
        metadata={"description": "Who and what stands in the same articles."},
    ),
    "links": plain.Dict(required=True),
}
PAGE = Schema.from_dict(_PAGE, name="EntityPage")()
"""The page, for the document."""


@dataclass(frozen=True, slots=True)
class Page:
    """An entity, and the newest and the oldest of its articles with their company.

    `ids` are those that its articles have; `values` are what filters are given to find
    just these values of facets.
    """

    profile: Profile
    registered: bool
    newest: SearchResult
    oldest: SearchResult
    ids: tuple[str, ...]
    values: exact.Texts

    @property
    def path(self) -> str:
        """Its path below the root."""
        return address(self.profile.kind, self.profile.id)


def address(kind: Kind, entity_id: str) -> str:
    """Return the path of an entity below the root."""
    return f"{_WORDS[kind]}/{quote(entity_id, safe=_PLAIN)}"


def find(engine: Engine, kind: Kind, entity_id: str) -> Page:
    """Return the page of an entity that has a profile or stands in an article.

    A name that means just one entity, and is the id of none, is as good as its id.
    Raises EntityNotFoundError.
    """
    entity_id = _identity(engine, kind, entity_id)
    about = _ids(engine, kind, entity_id)
    size = MENTIONS + len(about)
    facets = tuple(FacetRequest(each, size=size) for each in KINDS)
    has = Or(tuple(Term(each, kind, exact=True) for each in about))
    newest, oldest = engine.search_all(
        (
            SearchRequest(filter=has, sort="newest", limit=1, facets=facets),
            SearchRequest(filter=has, sort="oldest", limit=1),
        )
    )
    values = exact.texts(
        engine,
        ((facet.field, one.id) for facet in newest.facets for one in facet.values),
    )
    try:
        profile, registered = engine.entities.get(kind, entity_id), True
    except EntityNotFoundError:
        if not newest.total:
            raise
        profile, registered = _unregistered(engine, kind, entity_id), False
    return Page(profile, registered, newest, oldest, about, values)


def _identity(engine: Engine, kind: Kind, text: str) -> str:
    """Return the id of the one entity that a text means, or else the text."""
    try:
        return engine.entities.get(kind, text).id
    except EntityNotFoundError:
        found = engine.resolve(kind, text, suggest=False).entities
        ids = {each.id for each in found}
        return found[0].id if len(found) == 1 and text not in ids else text


def _ids(engine: Engine, kind: Kind, entity_id: str) -> tuple[str, ...]:
    """Return all ids that articles about the entity have, as a filter by it would."""
    found = engine.resolve(kind, entity_id, suggest=False)
    return exact.meant(entity_id, found).ids or (entity_id,)


def _unregistered(engine: Engine, kind: Kind, entity_id: str) -> Profile:
    """Return what articles alone say of an entity: its name."""
    names = engine.resolve(kind, entity_id, suggest=False).entities
    name = next((each.name for each in names if each.id == entity_id), entity_id)
    return Profile(kind=kind, id=entity_id, name=name)


def dump(page: Page) -> bytes:
    """Return the page as JSON."""
    return orjson.dumps(
        {
            **values_of(page.profile),
            "registered": page.registered,
            "count": page.newest.total,
            "first_seen": _seen(page.oldest),
            "last_seen": _seen(page.newest),
            "with": {
                facet.field: _company(page, facet) for facet in page.newest.facets
            },
            "links": _links(page),
        }
    )


def _seen(found: SearchResult) -> str | None:
    for hit in found.hits:
        moment: str = orjson.loads(hit.article.head)["published_at"]
        return moment
    return None


def _company(page: Page, facet: Facet) -> list[dict[str, Any]]:
    own = page.ids if facet.field == page.profile.kind else ()
    others = [each for each in facet.values if each.id not in own]
    return [_mention(page, facet.field, each) for each in others[:MENTIONS]]


def _mention(page: Page, field: str, value: FacetValue) -> dict[str, Any]:
    # Two values of one field are OR; `.all` is AND beside it, in every field.
    both = [_own(page), (field + ALL, page.values[field, value.id])]
    return {
        "id": value.id,
        "name": value.name,
        "count": value.count,
        "url": url("articles", both),
    }


def _own(page: Page) -> Pair:
    return page.profile.kind, page.profile.id


def _links(page: Page) -> dict[str, str | None]:
    own = [_own(page)]
    views = ("articles", "timeline", "articles.rss", "articles.csv")
    return {
        "self": url(page.path, []),
        **{view.removeprefix("articles."): url(view, own) for view in views},
    }
