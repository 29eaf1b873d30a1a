"""An article as a document of the index: the fields, and what goes into them.

A text field holds stems; `<text>_word` its words, for prefixes and fuzzy words. A facet
field holds the ids of its values; `<facet>_key` what finds them: their slugs, and id and
name together; `<facet>_number` how many there are. A date is held twice: in milliseconds,
for ranges, and as `<date>_key`, for the order. `has` names the fields that are not empty, `arrival` is the article's number.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from importlib.metadata import version
from typing import Final

import tantivy

from search.article import (
    EARLIEST,
    Article,
    Entity,
    facet_values,
    keys_of,
    milliseconds,
    moment_of,
)
from search.catalog import DATE_FIELDS, FACET_FIELDS, FIELDS, TEXT_FIELDS
from search.errors import ArticleError
from search.text import ANALYSIS, stemmed, words

LAYOUT: Final = 1
STAMP: Final = f"{LAYOUT}/{ANALYSIS}/{version('tantivy')}"
"""Changes whenever an index made earlier would answer differently."""

CHECKPOINT: Final = "\0checkpoint"
"""The id of the document that says up to which change the index has come."""

KEYWORD_BYTES: Final = 512
ARRIVALS: Final = 30
"""Bits of an order key that hold the article's number; the second is above them."""

_FIRST_SECOND = milliseconds(EARLIEST) // 1000
_LAST_SECOND = _FIRST_SECOND + 2 ** (64 - ARRIVALS) - 1
_ARRIVAL_MASK = 2**ARRIVALS - 1


def layout(stamp: str) -> int:
    """Return the layout that a stamp speaks of."""
    return int(stamp.partition("/")[0])


def schema() -> tantivy.Schema:
    """Return the fields of the index."""
    builder = tantivy.SchemaBuilder()
    for name in ("id", "has"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace")
        builder.add_text_field(
            f"{name}_word", tokenizer_name="whitespace", index_option="basic"
        )
    for name in FACET_FIELDS:
        builder.add_text_field(
            name, fast=True, tokenizer_name="raw", index_option="basic"
        )
        builder.add_text_field(
            f"{name}_key", tokenizer_name="raw", index_option="basic"
        )
        builder.add_unsigned_field(f"{name}_number", fast=True)
    for name in DATE_FIELDS:
        builder.add_integer_field(name, fast=True)
        builder.add_unsigned_field(f"{name}_key", fast=True)
    for name in ("arrival", "checkpoint"):
        builder.add_unsigned_field(name, fast=True)
    return builder.build()


def check(article: Article) -> None:
    """Raise ArticleError for what the index cannot hold."""
    _check_keyword("id", article.id)
    if article.version is not None and not 0 < article.version < 2**63:
        raise ArticleError("Its version is not between 1 and 2**63 - 1.")
    for name in DATE_FIELDS:
        second = milliseconds(moment_of(article, name)) // 1000
        if not _FIRST_SECOND <= second <= _LAST_SECOND:
            raise ArticleError(f"Its {name} date is not between 1600 and 2144.")
    for name in FACET_FIELDS:
        for entity in facet_values(article, name):
            _check_keyword(name, entity.id)
            _check_keyword(name, entity.name)


def _check_keyword(field: str, value: str) -> None:
    if not 0 < len(value.encode()) <= KEYWORD_BYTES:
        raise ArticleError(
            f"A value of {field} is empty or over {KEYWORD_BYTES} bytes."
        )


def order_key(moment: datetime, arrival: int) -> int:
    """Return the number that orders by second, then by arrival."""
    return (milliseconds(moment) // 1000 - _FIRST_SECOND) << ARRIVALS | arrival


def arrival_of(key: int) -> int:
    """Return the article's number from its order key."""
    return key & _ARRIVAL_MASK


def label_key(entity_id: str, name: str) -> str:
    """Return the term for a value that has just this id and this name."""
    return f"\x1f{entity_id}\x1f{name}"


def document(article: Article, arrival: int) -> tantivy.Document:
    """Return what the index holds of the article."""
    doc = tantivy.Document()
    doc.add_text("id", article.id)
    doc.add_unsigned("arrival", arrival)
    for name, field in FIELDS.items():
        if getattr(article, field.key):
            doc.add_text("has", name)
    for name in TEXT_FIELDS:
        _add_text(doc, name, getattr(article, name))
    for name in FACET_FIELDS:
        _add_facet(doc, name, facet_values(article, name))
    for name in DATE_FIELDS:
        moment = moment_of(article, name)
        doc.add_integer(name, milliseconds(moment))
        doc.add_unsigned(f"{name}_key", order_key(moment, arrival))
    return doc


def checkpoint(change: int) -> tantivy.Document:
    """Return the document that says which changes the index has."""
    doc = tantivy.Document()
    doc.add_text("id", CHECKPOINT)
    doc.add_unsigned("checkpoint", change)
    return doc


def _add_text(doc: tantivy.Document, name: str, text: str | None) -> None:
    if text:
        found = words(text)
        doc.add_text(name, " ".join(stemmed(found)))
        doc.add_text(f"{name}_word", " ".join(set(found)))


def _add_facet(doc: tantivy.Document, name: str, values: tuple[Entity, ...]) -> None:
    doc.add_unsigned(f"{name}_number", len(values))
    for entity in values:
        doc.add_text(name, entity.id)
        for key in _keys(entity):
            doc.add_text(f"{name}_key", key)


@lru_cache(50_000)
def _keys(entity: Entity) -> tuple[str, ...]:
    """Return all that finds a value; most come again and again."""
    return label_key(entity.id, entity.name), *keys_of(entity)
