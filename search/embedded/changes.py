"""What one write does to the articles database: versions, conflicts, outcomes."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field as data, replace
from datetime import UTC, datetime

from search.article import (
    Article,
    ArticleId,
    Version,
    content,
    facet_values,
    stamped,
)
from search.catalog import FACET_FIELDS
from search.embedded import mapping
from search.embedded.store import chunks, last, squeeze
from search.entities.names import labels as spellings
from search.errors import ArticleError, ConflictError
from search.result import Outcome
from search.text import slug


@dataclass(frozen=True, slots=True)
class Draft:
    """An article made ready before the transaction; `error` says what is wrong."""

    article: Article
    head: bytes = b""
    body: bytes = b""
    digest: bytes = b""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of an article; without digest it is gone."""

    version: Version
    digest: bytes | None


@dataclass(frozen=True, slots=True)
class Row:
    """What is written of an article."""

    draft: Draft
    head: bytes
    version: Version
    indexed_at: datetime

    @property
    def article(self) -> Article:
        """The article as it is from now on."""
        return replace(
            self.draft.article, indexed_at=self.indexed_at, version=self.version
        )


@dataclass(slots=True)
class Batch:
    """Drafts against what is stored; the last one of an id is what is written."""

    known: dict[ArticleId, Known] = data(default_factory=dict)
    rows: dict[ArticleId, Row] = data(default_factory=dict)

    def look(self, db: sqlite3.Connection, ids: Iterable[ArticleId]) -> None:
        """Read what is stored of the articles, unless it is known already."""
        missing = [i for i in dict.fromkeys(ids) if i not in self.known]
        self.known |= stored(db, missing)

    def require(self, article_id: ArticleId, version: Version | None) -> None:
        """Raise ConflictError unless the article has this version, 0 for none."""
        known = self.known.get(article_id)
        actual = known.version if known and known.digest is not None else 0
        if version is not None and version != actual:
            raise ConflictError(article_id, version, actual)

    def put(self, draft: Draft) -> Outcome:
        """Decide what becomes of the article."""
        article = draft.article
        if draft.error:
            return Outcome(article.id, "failed", error=draft.error)
        known = self.known.get(article.id, Known(0, None))
        if known.digest == draft.digest:
            return Outcome(article.id, "unchanged", known.version)
        version, indexed_at = _stamp(article, known.version)
        head = stamped(draft.head, indexed_at, version)
        self.rows[article.id] = Row(draft, head, version, indexed_at)
        self.known[article.id] = Known(version, draft.digest)
        return Outcome(
            article.id, "updated" if known.digest is not None else "created", version
        )


def draft(article: Article) -> Draft:
    """Return the article ready to be written."""
    try:
        mapping.check(article)
        head, body = content(article)
    except ArticleError as fault:
        return Draft(article, error=str(fault))
    except (TypeError, ValueError) as fault:
        return Draft(article, error=f"It cannot be written as JSON: {fault}.")
    digest = hashlib.blake2b(head + b"\0" + body, digest_size=16).digest()
    return Draft(article, head, squeeze(body), digest)


def stored(db: sqlite3.Connection, ids: Sequence[ArticleId]) -> dict[ArticleId, Known]:
    """Return what is stored of the articles with these ids."""
    found: dict[ArticleId, Known] = {}
    for some in chunks(ids):
        marks = ",".join("?" * len(some))
        for article_id, version, digest in db.execute(
            f"SELECT id, version, NULL FROM gone WHERE id IN ({marks}) UNION ALL"
            f" SELECT id, version, digest FROM article WHERE id IN ({marks})",
            some * 2,
        ):
            found[article_id] = Known(version, digest)
    return found


def save(
    db: sqlite3.Connection, batch: Batch, labels: set[tuple[str, ...]]
) -> tuple[set[tuple[str, ...]], int]:
    """Write the batch and its labels but those in `labels`, which are there already.

    Returns the labels written and the number of the last change.
    """
    seq = last(db)
    db.executemany(
        "INSERT INTO article (id, seq, version, digest, head, body)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET"
        " seq = ?2, version = ?3, digest = ?4, head = ?5, body = ?6",
        (
            (key, seq + i, row.version, row.draft.digest, row.head, row.draft.body)
            for i, (key, row) in enumerate(batch.rows.items(), 1)
        ),
    )
    fresh = set(_labels(batch)) - labels
    db.executemany(
        "INSERT OR IGNORE INTO label VALUES (?, ?, ?, ?, ?)",
        ((*label, slug(label[2]) or label[1], seq) for label in fresh),
    )
    _spell(db, fresh)
    return fresh, advance(db, seq + len(batch.rows))


def spell(db: sqlite3.Connection) -> None:
    """Note by what every name is found: an older version may have known less."""
    _spell(db, db.execute("SELECT field, id, name FROM label").fetchall())


def _spell(db: sqlite3.Connection, labels: Iterable[tuple[str, ...]]) -> None:
    db.executemany(
        "INSERT OR IGNORE INTO part VALUES (?, ?, ?)",
        (
            (field, part, entity_id)
            for field, entity_id, name in labels
            for part in parts(slug(name) or entity_id)
            | spellings(field, entity_id, name)
        ),
    )


def parts(key: str) -> set[str]:
    """Return what a name may be known by: itself, its beginnings, each of its words."""
    found = key.split("-")
    return {*found, *("-".join(found[:end]) for end in range(1, len(found) + 1))}


def _labels(batch: Batch) -> Iterator[tuple[str, ...]]:
    for row in batch.rows.values():
        for field in FACET_FIELDS:
            for entity in facet_values(row.draft.article, field):
                yield field, entity.id, entity.name


def remove(db: sqlite3.Connection, known: dict[ArticleId, Known]) -> int:
    """Delete the articles among `known`; return the number of the last change."""
    there = [(i, k.version) for i, k in known.items() if k.digest is not None]
    return bury(db, there)


def bury(db: sqlite3.Connection, there: Sequence[tuple[ArticleId, Version]]) -> int:
    """Delete articles and remember their versions; return the last change's number."""
    seq = last(db)
    db.executemany("DELETE FROM article WHERE id = ?", ((i,) for i, _ in there))
    db.executemany(
        "INSERT OR REPLACE INTO gone (id, seq, version) VALUES (?, ?, ?)",
        ((i, seq + place, version) for place, (i, version) in enumerate(there, 1)),
    )
    return advance(db, seq + len(there))


def advance(db: sqlite3.Connection, seq: int) -> int:
    """Set the number of the last change."""
    db.execute("UPDATE state SET seq = ?", (seq,))
    return seq


def _stamp(article: Article, last_version: Version) -> tuple[Version, datetime]:
    now = time.time_ns() // 1000
    moment = datetime.fromtimestamp(now / 1_000_000, UTC)
    if article.version is not None and article.version > last_version:
        return article.version, article.indexed_at or moment
    return max(last_version + 1, now), moment
