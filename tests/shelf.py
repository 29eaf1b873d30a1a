"""What the reference engine keeps, and the rules of writing: one dict, one counter."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from search.article import Article, ArticleId, StoredArticle, Version, content, store
from search.errors import ConflictError
from search.result import Outcome


@dataclass(frozen=True, slots=True)
class Kept:
    """One article on the shelf; `arrival` is given once and never moves."""

    arrival: int
    article: Article
    stored: StoredArticle


class Shelf:
    """All articles by id, and the last version of every id there ever was."""

    def __init__(self, arrivals: Iterator[int]) -> None:
        self.kept: dict[ArticleId, Kept] = {}
        self.versions: dict[ArticleId, Version] = {}
        self.arrivals = arrivals

    def copy(self) -> "Shelf":
        other = Shelf(self.arrivals)
        other.kept, other.versions = dict(self.kept), dict(self.versions)
        return other

    def require(self, article_id: ArticleId, version: Version | None) -> None:
        known = self.kept.get(article_id)
        actual = known.stored.version if known else 0
        if version is not None and version != actual:
            raise ConflictError(article_id, version, actual)

    def put(self, article: Article) -> Outcome:
        known = self.kept.get(article.id)
        try:
            if known and content(known.article) == content(article):
                return Outcome(article.id, "unchanged", known.stored.version)
            stored = store(article, *self.stamp(article))
        except TypeError as fault:
            return Outcome(article.id, "failed", error=f"It is not JSON: {fault}.")
        arrival = known.arrival if known else next(self.arrivals)
        self.kept[article.id] = Kept(arrival, stored.article(), stored)
        self.versions[article.id] = stored.version
        return Outcome(article.id, "updated" if known else "created", stored.version)

    def stamp(self, article: Article) -> tuple[datetime, Version]:
        """Return when it arrived and its version, its own where it may keep them."""
        last, now = self.versions.get(article.id, 0), datetime.now(UTC)
        if article.version is not None and article.version > last:
            return article.indexed_at or now, article.version
        return now, max(last + 1, int(now.timestamp() * 1_000_000))
