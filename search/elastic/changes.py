"""What one write does to the articles: versions, conflicts, outcomes."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass, field as data, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final, TypeAlias

from search.article import Article, ArticleId, Version, content, stamped
from search.elastic import mapping
from search.errors import ArticleError, ConflictError
from search.result import Outcome

Guard: TypeAlias = tuple[tuple[str, int], ...]
"""What the server must find for a write to be made; empty: no such article."""

_TAG_BITS: Final = 10  # of an arrival, so that two processes do not give the same one


class Arrivals:
    """Numbers that rise with time: microseconds, and a few bits of this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = 0

    def give(self) -> int:
        """Return the next number."""
        with self._lock:
            now = time.time_ns() // 1000 << _TAG_BITS | os.getpid() % (1 << _TAG_BITS)
            self._last = max(now, self._last + (1 << _TAG_BITS))
            return self._last


def arrival_at(seconds: float) -> int:
    """Return the number of an article that would arrive at this time."""
    return int(seconds * 1_000_000) << _TAG_BITS


ARRIVALS: Final = Arrivals()


@dataclass(frozen=True, slots=True)
class Draft:
    """An article made ready before the write; `error` says what is wrong.

    With an `arrival` it keeps its place in the order of its second.
    """

    article: Article
    head: bytes = b""
    body: bytes = b""
    digest: str = ""
    error: str | None = None
    arrival: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of an article; without digest it is gone, or never was there.

    `guard` makes a write fail if anything else was written meanwhile; `door` is the
    alias that it is sent to, empty: where new articles go.
    """

    version: Version = 0
    digest: str | None = None
    arrival: int = 0
    guard: Guard = ()
    door: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What is written of an article."""

    draft: Draft
    version: Version
    indexed_at: datetime
    arrival: int
    guard: Guard | None
    door: str = ""

    def document(self) -> bytes:
        """Return the line of JSON that the index is given."""
        draft = self.draft
        article = replace(
            draft.article, indexed_at=self.indexed_at, version=self.version
        )
        head = stamped(draft.head, self.indexed_at, self.version)
        return mapping.document(article, head, draft.body, draft.digest, self.arrival)


@dataclass(slots=True)
class Batch:
    """Drafts against what is stored; the last one of an id is what is written."""

    known: dict[ArticleId, Known] = data(default_factory=dict)
    rows: dict[ArticleId, Row] = data(default_factory=dict)

    def require(self, article_id: ArticleId, version: Version | None) -> None:
        """Raise ConflictError unless the article has this version, 0 for none."""
        known = self.known.get(article_id, Known())
        actual = known.version if known.digest is not None else 0
        if version is not None and version != actual:
            raise ConflictError(article_id, version, actual)

    def put(self, draft: Draft) -> Outcome:
        """Decide what becomes of the article."""
        article = draft.article
        if draft.error:
            return Outcome(article.id, "failed", error=draft.error)
        known = self.known.get(article.id, Known())
        if known.digest == draft.digest:
            return Outcome(article.id, "unchanged", known.version)
        version, indexed_at = _stamp(article, known.version)
        arrival = draft.arrival or known.arrival or ARRIVALS.give()
        place = known.guard, known.door
        self.rows[article.id] = Row(draft, version, indexed_at, arrival, *place)
        self.known[article.id] = Known(version, draft.digest, arrival, *place)
        there = known.digest is not None
        return Outcome(article.id, "updated" if there else "created", version)


def draft(article: Article, arrival: int | None = None) -> Draft:
    """Return the article ready to be written."""
    try:
        mapping.check(article)
        head, body = content(article)
    except ArticleError as fault:
        return Draft(article, error=str(fault))
    except (TypeError, ValueError) as fault:
        return Draft(article, error=f"It cannot be written as JSON: {fault}.")
    digest = hashlib.blake2b(head + b"\0" + body, digest_size=16).hexdigest()
    return Draft(article, head, body, digest, arrival=arrival)


def known(article: dict[str, Any], gone: dict[str, Any], door: str) -> Known:
    """Return what two documents of an answer say: the article, and what it was."""
    floor: Version = gone["_source"]["version"] if gone.get("found") else 0
    if not article.get("found"):
        return Known(floor)
    kept = article["_source"]["article"]
    return Known(
        max(floor, kept["version"]),
        kept["digest"],
        kept["arrival"],
        (
            ("if_seq_no", article["_seq_no"]),
            ("if_primary_term", article["_primary_term"]),
        ),
        door,
    )


def _stamp(article: Article, last_version: Version) -> tuple[Version, datetime]:
    now = time.time_ns() // 1000
    moment = datetime.fromtimestamp(now / 1_000_000, UTC)
    if article.version is not None and article.version > last_version:
        return article.version, article.indexed_at or moment
    return max(last_version + 1, now), moment
