"""The declaration of all answers to a query, for the document.

`schemas.results` makes them; nothing is dumped through these schemas.
"""

from __future__ import annotations

from typing import Any, get_args

from marshmallow import fields

from schemas.declaring import address, each, made, number, text, word
from schemas.parameters import AnyField
from schemas.told import ADVICE, WARNING
from schemas.views import View
from schemas.ways import ELSEWHERE, FORMATS
from search.catalog import FACET_FIELDS, FIELDS, Field, Kind
from search.entities.registry import Matched
from search.request import DateField, FacetMode, Interval, Sort

ENTITY = made("Entity", {"id": text(), "name": text()})
NAMED = made(
    "Named",
    {
        "id": text(),
        "name": text(),
        "from": word(("given", "found")),
        "about": fields.Boolean(
            metadata={"description": "If found: what the article is about."}
        ),
    },
)
_IMAGE = made(
    "Picture",
    {
        "url": fields.String(),
        "caption": fields.String(allow_none=True),
        "credit": fields.String(allow_none=True),
    },
)


def _key(field: Field) -> AnyField:
    about: dict[str, Any] = {"metadata": {"description": field.doc}}
    if field.entity:
        return fields.List(fields.Nested(NAMED), **about)
    if field.many:
        return fields.List(fields.String(), **about)
    if field.kind is Kind.DATE:
        about["metadata"]["format"] = "date-time"
    special = _SPECIAL.get(field.name)
    return special(about) if special else fields.String(allow_none=True, **about)


_SPECIAL: dict[str, Any] = {
    "image": lambda about: fields.Nested(_IMAGE, allow_none=True, **about),
    "metadata": lambda about: fields.Dict(**about),
    "version": lambda about: fields.Integer(allow_none=True, **about),
}
ITEM = made(
    "FoundArticle",
    {
        **{field.key: _key(field) for field in FIELDS.values()},
        "score": fields.Float(metadata={"description": "When sorted by relevance."}),
        "highlight": fields.Dict(
            keys=fields.String(),
            values=fields.List(fields.Raw()),
            metadata={"description": "HTML with <em>, or pieces with offsets."},
        ),
    },
)
_MEANING = made(
    "Meaning",
    {
        "input": text(doc="As it was given."),
        "id": text(null=True),
        "name": text(null=True),
        "matched": word(get_args(Matched), null=True),
    },
)
_RULES = made(
    "Filter",
    {rule: fields.List(fields.Nested(_MEANING)) for rule in ("any", "all", "none")},
)
_QUERY = made(
    "Question",
    {
        "text": text(null=True, doc="How q was understood."),
        "filters": fields.Nested(
            made("Filters", {name: fields.Nested(_RULES) for name in FACET_FIELDS}),
            required=True,
        ),
        "from": text(null=True, format="date-time"),
        "to": text(null=True, format="date-time", doc="The last moment included."),
        "date": word(get_args(DateField)),
        "tz": text(),
        "sort": word(get_args(Sort)),
    },
)
_TOTAL = made("Total", {"value": number(), "exact": fields.Boolean(required=True)})
_COUNTED: dict[str, AnyField] = {
    "id": text(),
    "name": text(),
    "count": number(),
    "selected": fields.Boolean(required=True),
    "url": address("The articles that were counted."),
    "apply": address("With this value; null if it is selected."),
    "remove": address("Without it; null unless it is selected."),
}
_VALUE = made("FacetValue", _COUNTED)
_SEEN_VALUE = made(
    "SeenValue",
    {
        **_COUNTED,
        "first_seen": text(null=True, format="date-time"),
        "last_seen": text(null=True, format="date-time"),
    },
)
_COUNTS: dict[str, AnyField] = {
    "mode": word(get_args(FacetMode)),
    "distinct": number(),
    "distinct_exact": fields.Boolean(required=True),
    "missing": number(),
    "other": number(),
    "exact": fields.Boolean(required=True),
    "values": each(_VALUE),
}
_BUCKET = made(
    "Bucket",
    {
        "from": text(format="date-time"),
        "to": text(format="date-time", doc="The next bucket's from."),
        "count": number(),
        "url": address("The articles that were counted."),
    },
)
_STEPS: dict[str, AnyField] = {
    "interval": word(get_args(Interval)),
    "buckets": each(_BUCKET),
}
_HEAD: dict[str, AnyField] = {
    "query": fields.Nested(_QUERY, required=True),
    "total": fields.Nested(_TOTAL, required=True),
    "took_ms": number(),
    "warnings": each(WARNING),
}


def links(view: View, **more: AnyField) -> fields.Nested:
    """Return the field of an answer's links: to itself, other formats, other views."""
    ways = (*FORMATS.get(view, ()), *(w for w in ELSEWHERE if w.view != view))
    declared = {
        "self": address("This answer."),
        **{way.name: address(way.doc) for way in ways},
        **more,
    }
    return fields.Nested(made(f"{view.capitalize()}Links", declared), required=True)


SEARCH = made(
    "SearchAnswer",
    {
        **_HEAD,
        "items": each(ITEM),
        "facets": fields.Dict(
            keys=fields.String(),
            values=fields.Nested(
                made("Facet", {**_COUNTS, "url": address("All of its values.")})
            ),
        ),
        "timeline": fields.Nested(made("Timeline", _STEPS)),
        "help": fields.List(
            fields.Nested(ADVICE),
            metadata={"description": "Where nothing is found: what would find some."},
        ),
        "links": links(
            "articles",
            first=address("The first page."),
            prev=address("The page before."),
            next=address("The next page; null on the last one."),
        ),
    },
)
COUNT = made(
    "CountAnswer",
    {
        "total": number(),
        "warnings": fields.List(fields.Nested(WARNING)),
    },
)
FACET = made(
    "FacetAnswer",
    {
        **_HEAD,
        **_COUNTS,
        "values": each(_SEEN_VALUE),
        "field": word(FACET_FIELDS),
        "links": links(
            "facets",
            articles=address("The articles."),
            next=address("The values behind the last one."),
        ),
    },
)
TIMELINE = made(
    "TimelineAnswer",
    {
        **_HEAD,
        **_STEPS,
        "links": links("timeline", articles=address("The articles.")),
    },
)
TEXT = {"type": "string"}
"""The schema of what is no JSON: tables, lines, XML."""
