"""Articles on their short way from a writer to the indexer of the same process.

What the indexer finds here it need not read, inflate and parse again: a third of its
work in a bulk load. What is missing here it reads from the store.
"""

from __future__ import annotations

from threading import Lock
from typing import Final

from search.article import Article

_CHARACTERS: Final = 32_000_000


class Handover:
    """A bounded shelf of articles by the number of their change."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[int, Article] = {}
        self._size = 0
        self._open = False

    @property
    def is_open(self) -> bool:
        """Whether an indexer is at work in this process."""
        return self._open

    def open(self) -> None:
        """Take articles from now on: an indexer is at work in this process."""
        with self._lock:
            self._open = True

    def close(self) -> None:
        """Drop everything and take nothing more."""
        with self._lock:
            self._open = False
            self._waiting.clear()
            self._size = 0

    def put(self, change: int, article: Article) -> None:
        """Lay an article down, if there is room."""
        size = _size(article)
        with self._lock:
            if self._open and self._size + size <= _CHARACTERS:
                self._waiting[change] = article
                self._size += size

    def take(self, change: int) -> Article | None:
        """Pick the article of a change up, if it is here."""
        with self._lock:
            article = self._waiting.pop(change, None)
            if article is not None:
                self._size -= _size(article)
            return article


def _size(article: Article) -> int:
    return (
        1000 + len(article.title) + len(article.summary or "") + len(article.body or "")
    )
