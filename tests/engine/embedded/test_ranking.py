"""Phrases, ages and ties: found exactly and in one order."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from search.article import Article, milliseconds
from search.embedded import slops
from search.embedded.engine import EmbeddedEngine
from search.embedded.process import Opened
from search.embedded.ranking import whole
from search.errors import (
    QueryTooComplexError,
)
from search.matching import phrase_positions
from search.query.ast import Fuzzy, Node, Or, Phrase, Prefix, Term
from search.request import (
    Recency,
    SearchRequest,
    Sort,
)
from search.result import SearchResult
from tests.engine.embedded.plant import START, article, opened, total
from tests.oracle import has_phrase


def ask(engine: EmbeddedEngine, query: Node, **rest: object) -> SearchResult:
    return engine.search(SearchRequest(query=query, **rest))  # type: ignore[arg-type]


def bodies(engine: EmbeddedEngine) -> dict[str, str]:
    return {one.id: one.article().body or "" for one in engine.scan()}


@pytest.mark.parametrize("slop", [1, 2, 5, 10])
@pytest.mark.parametrize(
    "words", ["a b", "a a", "b a c", "a b a", "d c b a", "a b c d a"]
)
def test_a_phrase_with_slop_finds_what_its_definition_says(
    letters: EmbeddedEngine, words: str, slop: int
) -> None:
    request = SearchRequest(query=Phrase(words, "body", slop))
    found = {one.id for one in letters.scan(request)}
    wanted = {
        key
        for key, text in bodies(letters).items()
        if has_phrase(text.split(), words.split(), slop)
    }
    assert found == wanted
    assert letters.search(request).total == len(wanted)


def test_a_phrase_that_too_many_articles_may_have_is_refused(
    letters: EmbeddedEngine,
) -> None:
    search = letters._process.again(Opened.search)
    phrases = slops.Phrases(search.snapshot, search.store, most=10)
    with pytest.raises(QueryTooComplexError, match="fewer words"):
        phrases.query("body", list("abcdabcd"), 9)


@given(st.lists(st.sampled_from("abcd"), max_size=9), st.integers(0, 4))
def test_the_stored_text_is_verified_as_the_definition_says(
    text: list[str], slop: int
) -> None:
    assert slops.has_phrase(" ".join(text), ["a", "b", "a"], slop) == has_phrase(
        text, ["a", "b", "a"], slop
    )
    assert list(phrase_positions([[], [0]], slop)) == []


def test_a_prefix_finds_more_words_than_fifty(tmp_path: Path) -> None:
    with opened(tmp_path) as engine:
        engine.index(
            [article(i, f"pre{i:03} {'y' * 8}{i % 10}") for i in range(120)],
            refresh=True,
        )
        assert total(engine, Prefix("pre")) == 120
        assert total(engine, Fuzzy("y" * 8, distance=1)) == 120


def test_age_halves_scores_exactly(letters: EmbeddedEngine) -> None:
    query = Or((Term("a"), Term("b", "body")))
    plain = ask(letters, query, limit=1000)
    origin = START + timedelta(hours=700)
    expected = []
    for hit in plain.hits:
        parsed = hit.article.article()
        age = max(0.0, (origin - parsed.published_at).total_seconds())
        score = (hit.score or 0) * 0.5 ** (age / 36_000)
        expected.append((-score, -milliseconds(parsed.published_at), hit.article.id))
    found = ask(letters, query, limit=1000, recency=Recency(36_000, origin))
    expected.sort()
    assert [hit.article.id for hit in found.hits] == [key for _, _, key in expected]
    for limit in (1, 10, 77):
        some = ask(letters, query, limit=limit, recency=Recency(36_000, origin))
        assert [h.article.id for h in some.hits] == [
            key for _, _, key in expected[:limit]
        ]
        assert some.total == plain.total


def test_where_age_leaves_nothing_of_a_score_the_newest_come_first(
    letters: EmbeddedEngine,
) -> None:
    origin = START + timedelta(days=2000)
    recency = Recency(60, origin)
    found = ask(letters, Term("a"), limit=20, recency=recency)
    newest = ask(letters, Term("a"), limit=20, sort="newest")
    assert [h.article.id for h in found.hits] == [h.article.id for h in newest.hits]
    assert {hit.score for hit in found.hits} == {0.0}
    assert ask(letters, Term("zebra"), recency=recency).hits == ()


def test_pages_by_age_have_everything_once(letters: EmbeddedEngine) -> None:
    request = SearchRequest(
        query=Term("a"),
        limit=100,
        recency=Recency(90_000, START + timedelta(hours=800)),
    )
    whole_list = letters.search(replace(request, limit=1000)).hits
    seen, cursor = [], None
    while True:
        page = letters.search(replace(request, cursor=cursor))
        seen += [hit.article.id for hit in page.hits]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [hit.article.id for hit in whole_list]


def test_the_edges_of_a_group_of_equal_scores_are_seen() -> None:
    rows = [(2.0, 1), (1.0, 2), (1.0, 3), (0.5, 4)]
    assert whole(rows, 1, 3, at_start=False, at_end=False)
    assert not whole(rows, 0, 1, at_start=False, at_end=False)
    assert not whole(rows[:3], 1, 3, at_start=False, at_end=False)
    assert whole([], 0, 0, at_start=False, at_end=False)


def test_thousands_of_equal_scores_are_paged_newest_first(tmp_path: Path) -> None:
    with opened(tmp_path) as engine:
        engine.index([article(i) for i in range(1500)], refresh=True)
        hits = ask(engine, Term("oil"), offset=700, limit=50).hits
        assert [hit.article.id for hit in hits] == [
            f"a{i}" for i in range(799, 749, -1)
        ]


def test_a_long_body_is_found_by_its_last_word(tmp_path: Path) -> None:
    with opened(tmp_path) as engine:
        long = article(1, "word " * 400_000 + "omega")
        engine.index([long], refresh=True)
        assert total(engine, Term("omega")) == 1
        assert total(engine, Phrase("word omega")) == 1


@pytest.mark.parametrize("late", [0, 1])
@pytest.mark.parametrize(("sort", "ahead"), [("newest", 8), ("oldest", -1)])
def test_a_walk_by_date_sees_all_once_beyond_the_hits_that_are_skipped(
    tmp_path: Path, sort: Sort, ahead: int, late: int
) -> None:
    with opened(tmp_path) as engine:
        engine.index((at_second(n % 7, n) for n in range(5_300)), refresh=True)
        request = SearchRequest(query=Term("oil"), sort=sort, limit=900)
        every = engine.search(replace(request, limit=5_300))
        page = engine.search(request)
        engine.index([at_second(ahead, 6_000)] * late, refresh=True)
        seen = [*page.hits]
        while page.next:
            page = engine.search(replace(request, cursor=page.next))
            seen += page.hits
    assert [hit.article.id for hit in seen] == [hit.article.id for hit in every.hits]


def at_second(second: int, number: int) -> Article:
    return replace(article(number), published_at=START + timedelta(seconds=second))
