"""The declaration of what views built from many searches answer, for the document."""

from __future__ import annotations

from typing import Any, get_args

from marshmallow import Schema, fields, validate

from schemas.answers import FACET, TIMELINE, links
from schemas.declaring import address
from schemas.parameters import AnyField
from schemas.views import WORD
from search.catalog import FACET_FIELDS
from search.request import Interval

_HEAD = ("query", "total", "took_ms", "warnings")


def _text(doc: str | None = None, *, null: bool = False, **kind: Any) -> fields.String:
    metadata = {"description": doc, **kind} if doc else kind
    return fields.String(required=True, allow_none=null, metadata=metadata)


def _number(doc: str | None = None) -> fields.Integer:
    return fields.Integer(
        required=True,
        validate=validate.Range(min=0),
        metadata={"description": doc} if doc else {},
    )


def _part(doc: str, *, required: bool = True, null: bool = False) -> fields.Float:
    return fields.Float(
        required=required, allow_none=null, metadata={"description": doc}
    )


def _made(name: str, declared: dict[str, AnyField]) -> Schema:
    return Schema.from_dict(declared, name=name)()


def _each(schema: Schema, doc: str | None = None) -> fields.List[Any]:
    metadata = {"description": doc} if doc else {}
    return fields.List(fields.Nested(schema), required=True, metadata=metadata)


def _word(options: tuple[str, ...]) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(options))


def _head(schema: Schema) -> dict[str, AnyField]:
    return {name: schema.fields[name] for name in _HEAD}


_ADDRESS = _text("The articles that were counted.", null=True, format="uri-reference")
_STEP: dict[str, AnyField] = {
    "from": _text(format="date-time"),
    "to": _text("The next bucket's from.", format="date-time"),
    "count": _number(),
    "url": _ADDRESS,
    "all": fields.Integer(metadata={"description": "All articles, with share."}),
    "share": _part("count / all; null where there is none.", required=False, null=True),
}
_STEPS = _each(_made("Step", _STEP))
_TOTAL = TIMELINE.fields["total"]
_LINE: dict[str, AnyField] = {
    "id": _text(),
    "name": _text(),
    "count": _number(),
    "url": _ADDRESS,
    "buckets": _STEPS,
}
_BY: dict[str, AnyField] = {
    "field": _word(FACET_FIELDS),
    "distinct": _number("How many values there are in all."),
    "distinct_exact": fields.Boolean(required=True),
    "missing": _number("Articles without any value."),
    "values": _each(_made("ValueLine", _LINE)),
}
_COMPARED: dict[str, AnyField] = {
    "query": TIMELINE.fields["query"],
    "total": _TOTAL,
    "url": _ADDRESS,
    "buckets": _STEPS,
}
SERIES = _made(
    "SeriesAnswer",
    {
        **_head(TIMELINE),
        "links": TIMELINE.fields["links"],
        "interval": _word(get_args(Interval)),
        "buckets": _each(
            _made(
                "TopStep",
                {
                    **_STEP,
                    "top": fields.Dict(
                        allow_none=True,
                        metadata={"description": "The first article, with top."},
                    ),
                },
            )
        ),
        "by": fields.Nested(_made("By", _BY)),
        "compare": fields.Nested(_made("Compared", _COMPARED)),
    },
)

_STANDOUT = _made(
    "Standout",
    {
        "id": _text("Of a word: its stem."),
        "name": _text(),
        "count": _number("Of the articles that match."),
        "background": _number("Of those compared with."),
        "score": _part("G², the log-likelihood ratio."),
        "url": _ADDRESS,
        "background_url": _ADDRESS,
    },
)
SIGNIFICANT = _made(
    "SignificantAnswer",
    {
        **_head(FACET),
        "links": links("significant", articles=address("The articles.")),
        "field": _word((*FACET_FIELDS, WORD)),
        "against": fields.Nested(
            TIMELINE.fields["query"].schema,  # type: ignore[attr-defined]
            required=True,
            allow_none=True,
        ),
        "background": _TOTAL,
        "values": _each(_STANDOUT, "The highest score first."),
        "own": _each(_STANDOUT, "What the question itself names, apart."),
        "sampled": fields.Integer(
            metadata={"description": "Of words: how many articles were read for them."}
        ),
    },
)

GRAPH = _made(
    "GraphAnswer",
    {
        **_head(FACET),
        "links": links("graph", articles=address("The articles.")),
        "nodes": _each(
            _made(
                "Vertex",
                {
                    "id": _text("The field, a colon, the value's id."),
                    "field": _word(FACET_FIELDS),
                    "value": _text(),
                    "name": _text(),
                    "count": _number(),
                    "url": _ADDRESS,
                },
            )
        ),
        "edges": _each(
            _made(
                "Edge",
                {
                    "source": _text("The id of a node."),
                    "target": _text("The id of another."),
                    "count": _number("Articles that have both."),
                    "npmi": _part("-1 to 1; 0 is what chance would give."),
                    "jaccard": _part("count / articles that have one of them."),
                    "url": _ADDRESS,
                },
            ),
            "The highest count first.",
        ),
    },
)
