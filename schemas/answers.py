"""The declaration of all answers to a query, for the document.

`schemas.results` makes them; nothing is dumped through these schemas.
"""

from __future__ import annotations

from typing import Any, get_args

from marshmallow import Schema, fields, validate

from schemas.parameters import AnyField
from schemas.views import View
from schemas.ways import ELSEWHERE, FORMATS
from search.catalog import FACET_FIELDS, FIELDS, Field, Kind
from search.request import DateField, FacetMode, Interval, Sort


def _text(*, null: bool = False, doc: str | None = None, **kind: Any) -> fields.String:
    metadata = {"description": doc, **kind} if doc else kind
    return fields.String(required=True, allow_none=null, metadata=metadata)


def _word(options: tuple[str, ...], *, null: bool = False) -> fields.String:
    known = [*options, None] if null else options
    return fields.String(required=True, allow_none=null, validate=validate.OneOf(known))


def _number() -> fields.Integer:
    return fields.Integer(required=True, validate=validate.Range(min=0))


def _address(doc: str) -> fields.String:
    """Return the field of an address: null where it would be too long to ask for."""
    return _text(null=True, doc=doc, format="uri-reference")


def _made(name: str, declared: dict[str, AnyField]) -> Schema:
    return Schema.from_dict(declared, name=name)()


def _each(schema: Schema, doc: str | None = None) -> fields.List[Any]:
    metadata = {"description": doc} if doc else {}
    return fields.List(fields.Nested(schema), required=True, metadata=metadata)


ENTITY = _made("Entity", {"id": _text(), "name": _text()})
NAMED = _made(
    "Named",
    {
        "id": _text(),
        "name": _text(),
        "from": _word(("given", "found")),
        "about": fields.Boolean(
            metadata={"description": "If found: what the article is about."}
        ),
    },
)
_IMAGE = _made(
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
ITEM = _made(
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
_MEANING = _made(
    "Meaning",
    {
        "input": _text(doc="As it was given."),
        "id": _text(null=True),
        "name": _text(null=True),
        "matched": _word(("id", "name"), null=True),
    },
)
_RULES = _made(
    "Filter",
    {rule: fields.List(fields.Nested(_MEANING)) for rule in ("any", "all", "none")},
)
_QUERY = _made(
    "Question",
    {
        "text": _text(null=True, doc="How q was understood."),
        "filters": fields.Nested(
            _made("Filters", {name: fields.Nested(_RULES) for name in FACET_FIELDS}),
            required=True,
        ),
        "from": _text(null=True, format="date-time"),
        "to": _text(null=True, format="date-time", doc="The last moment included."),
        "date": _word(get_args(DateField)),
        "tz": _text(),
        "sort": _word(get_args(Sort)),
    },
)
_TOTAL = _made("Total", {"value": _number(), "exact": fields.Boolean(required=True)})
_WARNING = _made(
    "Warning",
    {
        "code": _word(
            ("unknown-value", "ambiguous-value", "empty-query", "shortened-query")
        ),
        "parameter": _text(),
        "value": _text(),
        "suggestions": fields.List(fields.String()),
        "candidates": fields.List(fields.Nested(ENTITY)),
    },
)
_COUNTED: dict[str, AnyField] = {
    "id": _text(),
    "name": _text(),
    "count": _number(),
    "selected": fields.Boolean(required=True),
    "url": _address("The articles that were counted."),
    "apply": _address("With this value; null if it is selected."),
    "remove": _address("Without it; null unless it is selected."),
}
_VALUE = _made("FacetValue", _COUNTED)
_SEEN_VALUE = _made(
    "SeenValue",
    {
        **_COUNTED,
        "first_seen": _text(null=True, format="date-time"),
        "last_seen": _text(null=True, format="date-time"),
    },
)
_COUNTS: dict[str, AnyField] = {
    "mode": _word(get_args(FacetMode)),
    "distinct": _number(),
    "distinct_exact": fields.Boolean(required=True),
    "missing": _number(),
    "other": _number(),
    "exact": fields.Boolean(required=True),
    "values": _each(_VALUE),
}
_BUCKET = _made(
    "Bucket",
    {
        "from": _text(format="date-time"),
        "to": _text(format="date-time", doc="The next bucket's from."),
        "count": _number(),
        "url": _address("The articles that were counted."),
    },
)
_STEPS: dict[str, AnyField] = {
    "interval": _word(get_args(Interval)),
    "buckets": _each(_BUCKET),
}
_HEAD: dict[str, AnyField] = {
    "query": fields.Nested(_QUERY, required=True),
    "total": fields.Nested(_TOTAL, required=True),
    "took_ms": _number(),
    "warnings": _each(_WARNING),
}


def _links(view: View, **more: AnyField) -> fields.Nested:
    """Return the field of an answer's links: to itself, other formats, other views."""
    ways = (*FORMATS.get(view, ()), *(w for w in ELSEWHERE if w.view != view))
    declared = {
        "self": _address("This answer."),
        **{way.name: _address(way.doc) for way in ways},
        **more,
    }
    return fields.Nested(_made(f"{view.capitalize()}Links", declared), required=True)


SEARCH = _made(
    "SearchAnswer",
    {
        **_HEAD,
        "items": _each(ITEM),
        "facets": fields.Dict(
            keys=fields.String(),
            values=fields.Nested(
                _made("Facet", {**_COUNTS, "url": _address("All of its values.")})
            ),
        ),
        "timeline": fields.Nested(_made("Timeline", _STEPS)),
        "links": _links(
            "articles",
            first=_address("The first page."),
            prev=_address("The page before."),
            next=_address("The next page; null on the last one."),
        ),
    },
)
SIMILAR = _made(
    "SimilarAnswer",
    {
        **_HEAD,
        "items": _each(
            _made(
                "SimilarArticle",
                {
                    **ITEM.declared_fields,
                    "score": fields.Float(
                        metadata={"description": "How alike, from 0 to 1."}
                    ),
                    "near_copy": fields.Boolean(
                        metadata={
                            "description": "Most of one text stands in the other."
                        }
                    ),
                },
            )
        ),
        "links": fields.Nested(
            _made(
                "SimilarLinks",
                {
                    "self": _address("This answer."),
                    "article": _address("The article itself."),
                    "first": _address("The first page."),
                    "prev": _address("The page before."),
                    "next": _address("The next page; null on the last one."),
                },
            ),
            required=True,
        ),
    },
)
COUNT = _made(
    "CountAnswer",
    {
        "total": _number(),
        "warnings": fields.List(fields.Nested(_WARNING)),
    },
)
FACET = _made(
    "FacetAnswer",
    {
        **_HEAD,
        **_COUNTS,
        "values": _each(_SEEN_VALUE),
        "field": _word(FACET_FIELDS),
        "links": _links(
            "facets",
            articles=_address("The articles."),
            next=_address("The values behind the last one."),
        ),
    },
)
TIMELINE = _made(
    "TimelineAnswer",
    {
        **_HEAD,
        **_STEPS,
        "links": _links("timeline", articles=_address("The articles.")),
    },
)
CSV = {"type": "string"}
"""The schema of any table."""
