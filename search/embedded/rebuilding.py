"""A new index, or a new database and index, made beside the old and then put in place.

The last step holds the old database's write lock: whoever waits for that lock looks at
CURRENT when he has it, so no write is made to what is not in use any more.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Final

from search.article import Article, StoredArticle, moment_of
from search.embedded import changes
from search.embedded.feed import Feed
from search.embedded.generations import Folder, Generation
from search.embedded.store import Store, last, swell
from search.errors import EngineBusyError, ShrinkError
from search.result import IndexReport, Outcome

HEAP: Final = 200_000_000
LOCK: Final = "rebuild.lock"
_AT_ONCE: Final = 500
_SEGMENT: Final = 30_000  # articles that fit the heap
_SWEEPING: Final = 2.0  # seconds that a sweep may hold the lock


def renew(folder: Folder) -> None:
    """Make a new index of the database in use and put it in use."""
    with _alone(folder):
        old = folder.current()
        store = folder.store(old)
        fresh = replace(folder.fresh_index(), articles=old.articles)
        with contextlib.closing(store), _removing(folder, fresh, old):
            feed = Feed(
                folder.path / fresh.index,
                store,
                heap=HEAP,
                stride=stride(store.count()),
            )
            with contextlib.closing(feed):
                feed.follow()
                with store.write() as db:
                    changes.spell(db)
                    feed.catch_up()
                    feed.close()
                    folder.switch(fresh)


def replace_all(
    folder: Folder, articles: Iterable[Article], *, force: bool
) -> IndexReport:
    """Make a new database and index of the articles and put both in use.

    Writes to the old database meanwhile are carried over. Raises ShrinkError.
    """
    with _alone(folder):
        old = folder.current()
        fresh = folder.fresh_articles(folder.fresh_index())
        with (
            contextlib.closing(folder.store(old)) as before,
            contextlib.closing(folder.store(fresh, free=True)) as after,
            _removing(folder, fresh, old),
        ):
            mark = before.last()
            outcomes = _fill(after, articles, mark)
            feed = Feed(
                folder.path / fresh.index,
                after,
                heap=HEAP,
                stride=stride(after.count()),
            )
            with contextlib.closing(feed):
                feed.follow()
                with before.write() as db:
                    carry(db, after, mark)
                    if not force:
                        _check_size(before.count(), after.count())
                    feed.catch_up()
                    feed.close()
                    folder.switch(fresh)
        return IndexReport(tuple(outcomes))


def stride(articles: int) -> int:
    """Return after how many articles to commit, so that one segment is what remains.

    Tantivy merges eight segments of like size, and nothing else on demand: so there are
    8 commits, or 64, or 512, of what fits the heap.
    """
    commits = 8
    while articles > commits * _SEGMENT:
        commits *= 8
    return max(1, -(-articles // commits))


def carry(old: sqlite3.Connection, store: Store, mark: int) -> None:
    """Bring what the old database got after `mark`, and the versions of what is gone."""
    with store.write() as db:
        changes.save(db, _written(old, mark), set())
        kept = {row[0] for row in db.execute("SELECT id FROM article")}
        lost = [
            (article_id, version)
            for article_id, seq, version in old.execute(
                "SELECT id, 0, version FROM article UNION ALL SELECT id, seq, version"
                " FROM gone WHERE id NOT IN (SELECT id FROM article)"
            )
            if seq > mark or article_id not in kept
        ]
        changes.bury(db, lost)
        changes.advance(db, max(last(db), last(old)))


def _written(old: sqlite3.Connection, mark: int) -> changes.Batch:
    batch = changes.Batch()
    for article_id, version, digest, head, body in old.execute(
        "SELECT id, version, digest, head, body FROM article WHERE seq > ? ORDER BY seq",
        (mark,),
    ):
        article = StoredArticle(article_id, version, head, swell(body)).article()
        draft = changes.Draft(article, head, body, digest)
        moment = moment_of(article, "indexed")
        batch.rows[article_id] = changes.Row(draft, head, version, moment)
    return batch


def _fill(store: Store, articles: Iterable[Article], mark: int) -> list[Outcome]:
    """Write the articles, numbered behind the old database's changes."""
    with store.write() as db:
        changes.advance(db, mark)
    outcomes: list[Outcome] = []
    labels: set[tuple[str, ...]] = set()
    source = iter(articles)
    while some := list(islice(source, _AT_ONCE)):
        batch = changes.Batch()
        drafts = [changes.draft(article) for article in some]
        with store.write() as db:
            batch.look(db, (draft.article.id for draft in drafts))
            outcomes += [batch.put(draft) for draft in drafts]
            labels |= changes.save(db, batch, labels)[0]
    return outcomes


def _check_size(before: int, after: int) -> None:
    if after * 10 < before * 9:
        raise ShrinkError(before, after)


@contextmanager
def _alone(folder: Folder) -> Iterator[None]:
    """Hold the rebuild lock, or raise EngineBusyError."""
    until = time.monotonic() + _SWEEPING
    while True:
        with folder.locked(LOCK, wait=False) as won:
            if won:
                yield
                return
        if time.monotonic() > until:
            raise EngineBusyError(
                "Another rebuild is running: wait until it is done.", retry_after=60
            )
        time.sleep(0.05)


@contextmanager
def _removing(folder: Folder, fresh: Generation, old: Generation) -> Iterator[None]:
    """Remove what is not in use afterwards: the old, or on an error the new."""
    try:
        yield
    finally:
        kept = folder.current()
        for each in (fresh, old):
            if each.index != kept.index:
                shutil.rmtree(folder.path / each.index, ignore_errors=True)
            if each.articles != kept.articles:
                for path in folder.path.glob(f"{each.articles}*"):
                    path.unlink(missing_ok=True)
