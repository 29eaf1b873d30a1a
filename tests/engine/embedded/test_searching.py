"""What only this engine has to get right: its index's limits and how it goes round them."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from search.article import Article, ArticleId, Entity, milliseconds
from search.connection import connect
from search.cursor import Cursor
from search.embedded import facets, mapping, slops
from search.embedded.compile import DEPTH
from search.embedded.engine import EmbeddedEngine
from search.embedded.handover import Handover
from search.embedded.ranking import whole
from search.errors import (
    CursorError,
    EngineConfigurationError,
    QueryTooComplexError,
    UnknownFieldError,
)
from search.matching import phrase_positions
from search.query.ast import Fuzzy, Node, Not, Or, Phrase, Prefix, Range, Term
from search.request import (
    WINDOW,
    FacetRequest,
    Recency,
    SearchRequest,
    Selection,
    TimelineRequest,
)
from search.result import SearchResult
from tests.engine.embedded.plant import START, article, opened, total
from tests.oracle import has_phrase

CHANCE = random.Random(7)
LETTERS = "abcd"


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    """A thousand articles of a few letters, hours apart, with twenty people each."""
    engine = EmbeddedEngine(tmp_path_factory.mktemp("letters"))
    engine.index([spelled(i) for i in range(1000)], refresh=True)
    yield engine
    engine.close()


def spelled(number: int) -> Article:
    text = " ".join(CHANCE.choice(LETTERS) for _ in range(CHANCE.randint(1, 12)))
    people = CHANCE.sample(range(300), CHANCE.randint(0, 20))
    return Article(
        id=ArticleId(f"s{number}"),
        title="x",
        body=text,
        published_at=START + timedelta(hours=number),
        people=tuple(Entity(f"p{i:03}", f"Person {i}") for i in people),
    )


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
    letters: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slops, "VERIFIED", 10)
    with pytest.raises(QueryTooComplexError, match="fewer words"):
        ask(letters, Phrase("a b c d a b c d", slop=9))


@given(st.lists(st.sampled_from(LETTERS), max_size=9), st.integers(0, 4))
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


def test_all_values_are_listed_page_by_page_where_they_are_many(
    letters: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = SearchRequest(limit=0, facets=(FacetRequest("person", size=None),))
    at_once = letters.search(request).facets[0]
    monkeypatch.setattr(facets, "_EVERY", 10)
    monkeypatch.setattr(facets, "_AT_ONCE", 7)
    assert letters.search(request).facets[0] == at_once
    assert at_once.distinct == 300
    assert at_once.distinct_exact


def test_a_facet_that_is_cut_says_that_its_number_of_values_is_an_estimate(
    letters: EmbeddedEngine,
) -> None:
    request = SearchRequest(limit=0, facets=(FacetRequest("person", size=10),))
    facet = letters.search(request).facets[0]
    assert facet.more
    assert not facet.distinct_exact
    assert facet.distinct == pytest.approx(300, rel=0.05)
    assert facet.exact


def test_a_value_under_two_names_is_matched_by_the_one_it_is_under(
    tmp_path: Path,
) -> None:
    def about(number: int, name: str) -> Article:
        return replace(article(number), companies=(Entity("fb", name),))

    match = SearchRequest(limit=0, facets=(FacetRequest("company", match="meta"),))
    with opened(tmp_path) as engine:
        engine.index([about(1, "Facebook"), about(2, "Facebook")], refresh=True)
        engine.index([about(3, "Meta Platforms")], refresh=True)
        [value] = engine.search(match).facets[0].values
        assert (value.id, value.name, value.count) == ("fb", "Meta Platforms", 1)
        engine.delete([ArticleId("a3")], refresh=True)
        assert engine.search(match).facets[0].values == ()
        assert engine.resolve("company", "Facebook").entities == (
            Entity("fb", "Facebook"),
        )
        assert engine.resolve("company", "Meta Platforms").entities == ()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Tessla", "Tesla, Inc."),
        ("Merkl", "Angela Merkel"),
        ("Angela Merkl", "Angela Merkel"),
        ("General Motrs", "General Motors Company"),
        ("AAPL", None),
        ("©", None),
        ("Zzyzx", None),
    ],
)
def test_a_near_name_is_suggested(tmp_path: Path, asked: str, found: str) -> None:
    names = ("Tesla, Inc.", "Angela Merkel", "General Motors Company", "Gone Ltd")
    with opened(tmp_path) as engine:
        engine.index(
            [
                replace(article(i), companies=(Entity(name.lower()[:3], name),))
                for i, name in enumerate(names)
            ]
        )
        engine.delete([ArticleId("a3")], refresh=True)
        suggestions = engine.resolve("company", asked).suggestions
        assert suggestions[:1] == ((found,) if found else ())
        assert engine.resolve("company", "Gonne").suggestions == ()


def test_a_facet_that_does_not_exist_cannot_be_resolved(
    letters: EmbeddedEngine,
) -> None:
    with pytest.raises(UnknownFieldError):
        letters.resolve("planet", "Mars")


@pytest.mark.parametrize(
    ("position", "sort"),
    [
        ((), "newest"),
        ((1, 2), "newest"),
        ((-1, 2, "x"), "newest"),
        ((2**64, 2, "x"), "oldest"),
        (("a", 2, "x"), "newest"),
        ((True, 2, "x"), "newest"),
        ((1, 2, 3), "relevance"),
        ((1, 2, 3, float("inf")), "relevance"),
        ((1, 2, 3, 1e300), "relevance"),
        ((2**63, 2, 3, 0.0), "relevance"),
    ],
)
def test_a_cursor_that_was_tampered_with_is_refused(
    letters: EmbeddedEngine, position: tuple[object, ...], sort: str
) -> None:
    cursor = Cursor(position)  # type: ignore[arg-type]
    recency = Recency(60, START) if sort == "relevance" else None
    with pytest.raises(CursorError):
        ask(letters, Term("a"), sort=sort, cursor=cursor, recency=recency)


def test_pages_beyond_the_window_are_refused(letters: EmbeddedEngine) -> None:
    for offset, limit in ((WINDOW, 1), (-1, 1), (0, -1), (2**40, 1), (0, 2**40)):
        with pytest.raises(QueryTooComplexError):
            ask(letters, Term("a"), offset=offset, limit=limit)


def test_a_tree_that_is_too_deep_is_refused(letters: EmbeddedEngine) -> None:
    node: Node = Term("a")
    for _ in range(DEPTH + 1):
        node = Not(node)
    with pytest.raises(QueryTooComplexError):
        ask(letters, node)


def test_ranges_may_be_open_endless_or_empty(letters: EmbeddedEngine) -> None:
    assert total(letters, Range("published")) == 1000
    assert total(letters, Range("published", -(10**30), 10**30)) == 1000
    assert total(letters, Range("published", 5, 5)) == 0
    assert total(letters, Range("published", 10**30)) == 0


def test_half_a_character_matches_nothing(letters: EmbeddedEngine) -> None:
    for leaf in (
        Term("a\ud800"),
        Prefix("\ud800x"),
        Fuzzy("\ud800x"),
        Term("\ud800", "tag"),
    ):
        assert total(letters, leaf) in (0, total(letters, Term("a")))


def test_a_timeline_that_ends_before_it_begins_has_no_buckets(
    letters: EmbeddedEngine,
) -> None:
    line = TimelineRequest(start=10, end=5)
    found = letters.search(SearchRequest(timeline=line)).timeline
    assert found is not None
    assert found.buckets == ()


def test_a_selected_value_below_the_cut_is_counted(letters: EmbeddedEngine) -> None:
    plain = FacetRequest("person", size=None)
    everything = letters.search(SearchRequest(facets=(plain,))).facets[0]
    last = everything.values[-1]
    chosen = letters.search(
        SearchRequest(
            selections=(Selection("person", (last.id, "nobody")),),
            facets=(FacetRequest("person", size=3), FacetRequest("person", mode="and")),
        )
    )
    listed = chosen.facets[0].values
    assert [(v.id, v.count, v.selected) for v in listed[3:]] == [
        (last.id, last.count, True),
        ("nobody", 0, True),
    ]
    assert chosen.facets[1].values[0].count == last.count == chosen.total


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


@pytest.mark.parametrize("url", ["", "embedded:", "https://x:9200", "nonsense"])
def test_an_address_of_no_engine_says_what_is_possible(url: str) -> None:
    with pytest.raises(EngineConfigurationError, match="embedded:FOLDER"):
        connect(url)


def test_an_address_names_the_folder(tmp_path: Path) -> None:
    engine = connect(f"embedded:{tmp_path / 'a:b'}")
    engine.index([article(1)])
    assert (tmp_path / "a:b").is_dir()
    engine.close()


def test_the_order_key_keeps_seconds_from_1600_on_and_numbers() -> None:
    early = article(1).published_at.replace(year=1600, month=1, day=1)
    assert mapping.arrival_of(mapping.order_key(early, 12)) == 12
    assert mapping.order_key(early, 2**29) < mapping.order_key(
        early + timedelta(seconds=1), 0
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ArticleId("")},
        {"id": ArticleId("x" * 513)},
        {"published_at": START.replace(year=2150)},
        {"companies": (Entity("x" * 600, "x"),)},
        {"companies": (Entity("x", ""),)},
        {"title": "\ud800"},
        {"version": 2**63},
    ],
)
def test_an_article_that_cannot_be_kept_stops_no_other(
    tmp_path: Path, wrong: dict[str, object]
) -> None:
    with opened(tmp_path) as engine:
        bad = replace(article(1), **wrong)  # type: ignore[arg-type]
        report = engine.index([article(0), bad, article(2)], refresh=True)
        assert [o.status for o in report.outcomes] == ["created", "failed", "created"]
        assert report.outcomes[1].error
        assert total(engine) == 2


def test_what_is_handed_over_has_an_end() -> None:
    shelf = Handover()
    shelf.put(1, article(1))
    assert shelf.take(1) is None
    shelf.open()
    big = article(2, "x" * 20_000_000)
    shelf.put(2, big)
    shelf.put(3, big)
    assert shelf.take(3) is None
    assert shelf.take(2) is big
    shelf.put(4, big)
    shelf.close()
    assert shelf.take(4) is None


def test_a_long_body_is_found_by_its_last_word(tmp_path: Path) -> None:
    with opened(tmp_path) as engine:
        long = article(1, "word " * 400_000 + "omega")
        engine.index([long], refresh=True)
        assert total(engine, Term("omega")) == 1
        assert total(engine, Phrase("word omega")) == 1
