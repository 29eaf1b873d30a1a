"""The declaration of answers that list what is like an article, or its quotes."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.answers import ITEM, SEARCH
from schemas.declaring import address, each, made, number, text, word
from schemas.parameters import AnyField
from schemas.ways import ELSEWHERE, FORMATS
from search.catalog import TEXT_FIELDS

_HEAD = {
    name: SEARCH.declared_fields[name]
    for name in ("query", "total", "took_ms", "warnings")
}
_PAGES: dict[str, AnyField] = {
    "self": address("This answer."),
    "first": address("The first page."),
    "prev": address("The page before."),
    "next": address("The next page; null on the last one."),
}


def _listing(name: str, row: Schema, ways: dict[str, AnyField]) -> Schema:
    links = fields.Nested(made(f"{name}Links", {**_PAGES, **ways}), required=True)
    return made(f"{name}Answer", {**_HEAD, "items": each(row), "links": links})


_ALIKE = made(
    "SimilarArticle",
    {
        **ITEM.declared_fields,
        "score": fields.Float(metadata={"description": "How alike, from 0 to 1."}),
        "near_copy": fields.Boolean(
            metadata={"description": "Most of one text stands in the other."}
        ),
    },
)
SIMILAR = _listing("Similar", _ALIKE, {"article": address("The article itself.")})
_QUOTE = made(
    "Quote",
    {
        "article": text(doc="Its id."),
        "title": text(),
        "source": text(null=True),
        "published_at": text(format="date-time"),
        "url": text(null=True),
        "field": word(TEXT_FIELDS),
        "left": text(doc="What stands before the match."),
        "match": text(),
        "right": text(doc="What stands behind it."),
        "start": number(),
        "end": number(),
    },
)
_WAYS = (*FORMATS["quotes"], *(way for way in ELSEWHERE if way.view != "quotes"))
QUOTES = _listing(
    "Quotes",
    _QUOTE,
    {
        "articles": address("The articles."),
        **{way.name: address(way.doc) for way in _WAYS},
    },
)
