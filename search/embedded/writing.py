"""One write: articles prepared outside the transaction, decided and stored inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from search.article import ArticleId, Version
from search.embedded.changes import Batch, Draft, remove, save
from search.embedded.process import Opened
from search.result import Outcome

_LABELS: Final = 200_000


def write(
    opened: Opened, drafts: Sequence[Draft], if_version: Version | None
) -> tuple[list[Outcome], Batch, int]:
    """Store the drafts; return outcomes, what was stored, and the last change or 0."""
    batch = Batch()
    with opened.store.write() as db:
        batch.look(db, (draft.article.id for draft in drafts))
        outcomes = decide(batch, drafts, if_version)
        if not batch.rows:
            return outcomes, batch, 0
        if len(opened.labels) > _LABELS:
            opened.labels.clear()
        fresh, seq = save(db, batch, opened.labels)
    opened.labels.update(fresh)
    return outcomes, batch, seq


def rehearse(
    opened: Opened, batch: Batch, drafts: Sequence[Draft], if_version: Version | None
) -> list[Outcome]:
    """Return what would happen, after what the batch has seen; store nothing."""
    with opened.store.read() as db:
        batch.look(db, (draft.article.id for draft in drafts))
    outcomes = decide(batch, drafts, if_version)
    batch.rows.clear()
    return outcomes


def decide(
    batch: Batch, drafts: Sequence[Draft], if_version: Version | None
) -> list[Outcome]:
    """Return what becomes of each draft; raises ConflictError."""
    outcomes = []
    for draft in drafts:
        batch.require(draft.article.id, if_version)
        outcomes.append(batch.put(draft))
    return outcomes


def delete(
    opened: Opened, ids: Sequence[ArticleId], if_version: Version | None
) -> tuple[int, int]:
    """Delete articles; return how many were there, and the last change or 0."""
    batch = Batch()
    with opened.store.write() as db:
        batch.look(db, ids)
        for article_id in ids:
            batch.require(article_id, if_version)
        there = sum(known.digest is not None for known in batch.known.values())
        return there, remove(db, batch.known) if there else 0
