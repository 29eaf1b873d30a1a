"""The field catalogue: the one table of every field and what it may do.

Schemas, engines, documentation and error messages derive from it. `name` is what
queries and parameters say, `key` what the article says.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a field is to a search."""

    TEXT = "text"  # searched word by word
    FACET = "facet"  # filtered and counted by value
    DATE = "date"  # restricts, sorts, makes timelines
    STORED = "stored"  # comes back, is not searched


@dataclass(frozen=True, slots=True)
class Field:
    """One named part of an article.

    `many`: the article has a list of them. `entity`: a value has an id and a name.
    `server`: set by us, refused on input. `weight`: of a text field in the score.
    """

    name: str
    key: str
    kind: Kind
    doc: str
    many: bool = False
    entity: bool = False
    server: bool = False
    weight: float = 1.0


_TABLE = (
    Field("id", "id", Kind.STORED, "Identifies the article."),
    Field("title", "title", Kind.TEXT, "The headline.", weight=0.7),
    Field("summary", "summary", Kind.TEXT, "What it says, in a sentence or two."),
    Field("body", "body", Kind.TEXT, "The text, as plain text."),
    Field("url", "url", Kind.STORED, "Where it was published."),
    Field("source", "source", Kind.FACET, "The publisher."),
    Field("section", "section", Kind.FACET, "The part of the paper it stood in."),
    Field("author", "authors", Kind.FACET, "Who wrote it.", many=True),
    Field("published", "published_at", Kind.DATE, "When it was published."),
    Field(
        "updated",
        "updated_at",
        Kind.DATE,
        "When it was last changed by its source; its publication where it never was.",
    ),
    Field("lang", "language", Kind.FACET, "Its language, a BCP 47 tag."),
    Field("tag", "tags", Kind.FACET, "What it is about.", many=True, entity=True),
    Field(
        "company",
        "companies",
        Kind.FACET,
        "Companies and other organisations in it.",
        many=True,
        entity=True,
    ),
    Field("person", "people", Kind.FACET, "People in it.", many=True, entity=True),
    Field("place", "places", Kind.FACET, "Places in it.", many=True, entity=True),
    Field("image", "image", Kind.STORED, "A picture: url, caption, credit."),
    Field("metadata", "metadata", Kind.STORED, "Anything else; kept, not searched."),
    Field(
        "indexed",
        "indexed_at",
        Kind.DATE,
        "When this version reached us.",
        server=True,
    ),
    Field("version", "version", Kind.STORED, "Rises with every change.", server=True),
)

FIELDS = {field.name: field for field in _TABLE}
BY_KEY = {field.key: field for field in _TABLE}


def _named(kind: Kind) -> tuple[str, ...]:
    return tuple(field.name for field in _TABLE if field.kind is kind)


TEXT_FIELDS = _named(Kind.TEXT)
FACET_FIELDS = _named(Kind.FACET)
DATE_FIELDS = _named(Kind.DATE)
QUERY_FIELDS = TEXT_FIELDS + FACET_FIELDS
ENTITY_FIELDS = tuple(field.name for field in _TABLE if field.entity)
KEYS = (*(field.key for field in _TABLE if field.key != "body"), "body")
