"""What is compared with: tantivy and SQLite used directly, with the same fields.

The text is indexed as the same tokens as Dateline's, or (`ENGLISH`) analysed by tantivy
itself. Rows of SQLite hold the articles without their bodies, ready to be answered.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
import tantivy

from scripts.bench.corpus import Wire
from search.catalog import FACET_FIELDS, FIELDS, TEXT_FIELDS
from search.text import slug, stems, words

HEAP: Final = 256_000_000
INDEX: Final = "index"
ROWS: Final = "articles.db"


@dataclass(frozen=True, slots=True)
class Analysis:
    """Who makes tokens of text: tokenizers of tantivy, for stems and for plain words."""

    stems: str
    words: str
    ours: bool


SAME: Final = Analysis("whitespace", "whitespace", ours=True)
ENGLISH: Final = Analysis("en_stem", "default", ours=False)


def schema(analysis: Analysis) -> tantivy.Schema:
    """Return the fields of Dateline's index, but for its checkpoint."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name=analysis.stems)
        builder.add_text_field(
            f"{name}_word", tokenizer_name=analysis.words, index_option="basic"
        )
    for name in FACET_FIELDS:
        builder.add_text_field(
            name, fast=True, tokenizer_name="raw", index_option="basic"
        )
        builder.add_text_field(
            f"{name}_key", tokenizer_name="raw", index_option="basic"
        )
        builder.add_unsigned_field(f"{name}_number", fast=True)
    for name in ("published", "updated", "indexed"):
        builder.add_date_field(name, fast=True, indexed=True)
        builder.add_unsigned_field(f"{name}_key", fast=True, indexed=True)
    builder.add_unsigned_field("n", fast=True)
    return builder.build()


def document(article: Wire, number: int, analysis: Analysis) -> tantivy.Document:
    """Return the article as a document."""
    doc = tantivy.Document()
    doc.add_text("id", article["id"])
    doc.add_unsigned("n", number)
    for name in TEXT_FIELDS:
        text = article.get(name)
        if text:
            doc.add_text(name, " ".join(stems(text)) if analysis.ours else text)
            plain = " ".join(set(words(text))) if analysis.ours else text
            doc.add_text(f"{name}_word", plain)
    for name in FACET_FIELDS:
        _add_facet(doc, name, article.get(FIELDS[name].key))
    moment = datetime.fromisoformat(article["published_at"]).astimezone(UTC)
    for name in ("published", "updated", "indexed"):
        doc.add_date(name, moment)
        doc.add_unsigned(f"{name}_key", order_key(moment, number))
    return doc


def order_key(moment: datetime, number: int) -> int:
    """Return what orders by second, then by the article's number."""
    return (int(moment.timestamp()) + 2**34) << 29 | number


def build(folder: Path, file: Path) -> None:
    """Make index and rows of an NDJSON file, with the same tokens as Dateline's."""
    (folder / INDEX).mkdir(parents=True)
    index = tantivy.Index(schema(SAME), str(folder / INDEX))
    writer = index.writer(HEAP)
    with file.open("rb") as lines, closing(sqlite3.connect(folder / ROWS)) as rows:
        rows.execute("CREATE TABLE article (n INTEGER PRIMARY KEY, head BLOB)")
        for number, article in enumerate(map(orjson.loads, lines), 1):
            writer.add_document(document(article, number, SAME))
            rows.execute("INSERT INTO article VALUES (?, ?)", (number, _head(article)))
        rows.commit()
    writer.commit()
    writer.wait_merging_threads()


def add(folder: Path, documents: Iterable[tantivy.Document]) -> None:
    """Bring documents that tantivy analyses into a new index, searchable at the end."""
    index = tantivy.Index(schema(ENGLISH), str(folder))
    writer = index.writer(HEAP)
    for each in documents:
        writer.add_document(each)
    writer.commit()
    index.reload()


class Rows:
    """The articles of one folder, by number. For one thread."""

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / ROWS)

    def heads(self, numbers: list[int]) -> Iterator[bytes]:
        """Yield the articles with these numbers, in this order, as JSON."""
        marks = ",".join("?" * len(numbers))
        question = f"SELECT n, head FROM article WHERE n IN ({marks})"  # noqa: S608
        found = dict(self._db.execute(question, numbers))
        return (found[number] for number in numbers)

    def close(self) -> None:
        """Close the database."""
        self._db.close()


def _head(article: Wire) -> bytes:
    return orjson.dumps({k: v for k, v in article.items() if k != "body"})


def _add_facet(doc: tantivy.Document, name: str, value: Any) -> None:
    names = [] if not value else [value] if isinstance(value, str) else value
    ids = list(dict.fromkeys(map(slug, names)))
    doc.add_unsigned(f"{name}_number", len(ids))
    for each, label in zip(ids, names, strict=False):
        doc.add_text(name, each)
        doc.add_text(f"{name}_key", f"\x1f{each}\x1f{label}")
        doc.add_text(f"{name}_key", each)
