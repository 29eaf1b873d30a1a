"""Merging while others write: nothing of theirs is lost."""

from collections.abc import Iterator
from dataclasses import replace

from search.article import Article, ArticleId, StoredArticle
from search.merging import merge
from search.request import SearchRequest
from tests.profiled import META, art
from tests.reference import ReferenceEngine


class Busy(ReferenceEngine):
    """Somebody changes article 1 and deletes article 2 after each look at them."""

    def scan(
        self, request: SearchRequest | None = None, /, *, after: ArticleId | None = None
    ) -> Iterator[StoredArticle]:
        found = list(super().scan(request, after=after))
        for stored in found:
            if stored.id == "a1":
                changed = replace(stored.article(), body="new", version=None)
                self.index([changed])
        self.delete([ArticleId("a2")])
        return iter(found)


def test_what_is_written_during_a_merge_stays_written() -> None:
    engine = Busy()
    engine.index([art(1, ("Facebook",)), art(2, ("Facebook",)), art(3, ("Facebook",))])
    engine.entities.put([META])
    assert merge(engine, "company", "facebook", META.id).articles == 2
    one = engine.get(ArticleId("a1")).article()
    assert (one.body, [each.id for each in one.companies]) == ("new", [META.id])


def test_a_source_is_merged_by_its_name() -> None:
    engine = ReferenceEngine()
    articles: list[Article] = [replace(art(n), source=name) for n, name in NAMED]
    engine.index(articles)
    assert merge(engine, "source", "the-times", "times").articles == 1
    assert engine.get(ArticleId("a1")).article().source == "Times"


NAMED = ((1, "The Times"), (2, "Times"), (3, "Other"))
