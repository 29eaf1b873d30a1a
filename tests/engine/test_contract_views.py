"""Views that are built from searches: the same values on every engine, and exact."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, strategies as st

from search.article import Article, ArticleId, Entity, facet_values
from search.catalog import FACET_FIELDS
from search.engine import Engine
from search.errors import QueryTooComplexError
from search.graph import Graph, graph
from search.naming import naming
from search.query.ast import All, And, Node, Range, Term
from search.request import FacetRequest, Interval, SearchRequest, TimelineRequest
from search.series import Wanted, series
from search.significance import Special, compare, stand_outs
from search.significant_words import stand_out_words
from tests.corpus import SAME
from tests.engine.archive import Archive
from tests.engine.examples import FILLED
from tests.oracle import matches
from tests.questions import moments, nodes


def having(articles: Sequence[Article], field: str, identity: str) -> set[ArticleId]:
    return {
        each.id
        for each in articles
        if identity in {entity.id for entity in facet_values(each, field)}
    }


def outline(found: Graph) -> tuple[object, ...]:
    """Return what does not depend on which of its names a value is called by."""
    knots = [(one.field, one.id, one.count) for one in found.vertices]
    edges = [
        (one.source.id, one.target.id, one.count, one.npmi, one.jaccard)
        for one in found.edges
    ]
    return found.result.total, knots, edges


@given(
    nodes(),
    st.lists(st.sampled_from(FACET_FIELDS), min_size=1, max_size=2, unique=True),
    st.integers(1, 6),
)
@FILLED
def test_an_edge_counts_the_articles_that_have_both(
    archive: Archive, query: Node, fields: list[str], size: int
) -> None:
    request = SearchRequest(query=query)
    found = graph(archive.engine, request, fields, size)
    base = [each for each in archive.corpus if matches(query, each)]
    expected = {}
    for one, other in combinations(found.vertices, 2):
        both = having(base, one.field, one.id) & having(base, other.field, other.id)
        if both:
            expected[one, other] = len(both)
    assert {(e.source, e.target): e.count for e in found.edges} == expected
    assert all(-1 <= e.npmi <= 1 and 0 < e.jaccard <= 1 for e in found.edges)
    for edge in found.edges[:2]:
        both = And((query, edge.source.term, edge.target.term))
        assert archive.engine.search(SearchRequest(query=both)).total == edge.count
    assert outline(found) == outline(graph(archive.oracle, request, fields, size))


def special(
    engine: Engine, query: Node, against: Node | None, field: str | None
) -> Special:
    request = SearchRequest(query=query)
    other = None if against is None else SearchRequest(query=against)
    sides = compare(engine, request, other)
    own = naming(engine, request, field)
    if field is None:
        return stand_out_words(engine, sides, 10, lambda value: own.is_word(value.name))
    return stand_outs(
        engine, sides, field, 10, lambda value: own.is_value(value.id, value.name)
    )


@given(
    nodes(), st.none() | nodes(), st.none() | st.sampled_from(("tag", "person", "lang"))
)
@FILLED
def test_what_is_special_is_counted_as_a_search_counts_it(
    archive: Archive, query: Node, against: Node | None, field: str | None
) -> None:
    found = special(archive.engine, query, against, field)
    for value in (*found.values[:3], *found.own[:1]):
        term = Term(value.name) if field is None else Term(value.id, field, exact=True)
        inside = archive.engine.search(SearchRequest(query=And((query, term))))
        assert value.count == inside.total
        behind = term if against is None else And((against, term))
        outside = archive.engine.search(SearchRequest(query=behind))
        assert value.background == outside.total
    assert [value.score for value in found.values] == sorted(
        (value.score for value in found.values), reverse=True
    )


@given(nodes(), st.sampled_from(("tag", "company", "source")))
@FILLED
def test_the_same_is_special_on_every_engine(
    archive: Archive, query: Node, field: str
) -> None:
    mine = special(archive.engine, query, None, field)
    theirs = special(archive.oracle, query, None, field)
    numbers = [(one.id, one.count, one.background) for one in mine.values]
    assert numbers == [(one.id, one.count, one.background) for one in theirs.values]
    assert [one.score for one in mine.values] == [one.score for one in theirs.values]
    assert {one.id for one in mine.own} == {one.id for one in theirs.own}


def planted(number: int, hit: bool, random: Random) -> Article:
    """Return an article with companies of all frequencies and, if it is a hit, Enron."""
    names = [f"c{n}" for n in range(40) if random.random() < 1 / (n + 1.5)]
    rare = number % 40 < 30 if hit else number % 143 == 0
    names += ["planted"] * rare + ["enron-corp"] * hit
    return Article(
        id=ArticleId(f"p{number}"),
        title="A fraud: Enron, in the open" if hit else "A market in the open",
        published_at=SAME + timedelta(minutes=number),
        body="secret ledgers" if rare else "plain numbers",
        companies=tuple(Entity(name, name.title()) for name in names),
    )


@pytest.mark.parametrize("word", [False, True])
def test_a_company_in_30_of_40_hits_and_35_of_5000_others_comes_first(
    engine: Engine, many: int, word: bool
) -> None:
    random = Random(7)
    engine.index([planted(n, hit=n < 40, random=random) for n in range(many)])
    engine.index([], refresh=True)
    fraud = And((Term("fraud"), Term("enron")))
    found = special(engine, fraud, None, None if word else "company")
    [first] = found.values[:1]
    if word:
        assert first.name in ("secret", "ledgers")
        assert "fraud" in {one.name for one in found.own}
    else:
        assert (first.id, first.count) == ("planted", 30)
        assert first.background == 30 + sum(n % 143 == 0 for n in range(40, many))


def test_what_the_question_itself_names_stands_apart(engine: Engine) -> None:
    random = Random(8)
    engine.index([planted(n, hit=n < 40, random=random) for n in range(200)])
    engine.index([], refresh=True)
    for query in (Term("enron-corp", "company"), And((Term("enron"), Term("fraud")))):
        found = special(engine, query, None, "company")
        assert [value.id for value in found.own] == ["enron-corp"]
        assert found.values[0].id == "planted"


@given(
    nodes(),
    nodes(),
    st.sampled_from(("company", "lang")),
    st.sampled_from(("month", "year", None)),
    st.none() | moments(),
)
@FILLED
def test_timelines_stand_side_by_side_and_sum_up_on_every_engine(
    archive: Archive,
    query: Node,
    other: Node,
    field: str,
    interval: Interval | None,
    start: int | None,
) -> None:
    period = Range("published", start, None) if start else All()
    asked = TimelineRequest(interval, "Europe/Berlin", start)
    request = SearchRequest(query=query, filter=period, limit=0, timeline=asked)
    second = SearchRequest(query=other, filter=period)
    wanted = Wanted(FacetRequest(field, 3), share=True, other=second, top=True)
    try:
        mine = series(archive.engine, request, wanted)
    except QueryTooComplexError:
        return
    assert mine.facet
    assert mine.everything
    assert mine.other
    assert mine.other.timeline
    edges = [(one.start, one.end) for one in mine.timeline.buckets]
    lines = [*mine.values, mine.everything, mine.other.timeline]
    sums = [sum(one.count for one in line.buckets) for line in lines]
    assert all([(b.start, b.end) for b in line.buckets] == edges for line in lines)
    assert sums[: len(mine.values)] == [value.count for value in mine.facet.values]
    assert sums[-1] == mine.other.total
    for bucket, hit in zip(mine.timeline.buckets, mine.tops, strict=True):
        assert (hit is None) == (bucket.count == 0)
    theirs = series(archive.oracle, request, wanted)
    assert (mine.timeline, mine.values) == (theirs.timeline, theirs.values)
    assert mine.everything == theirs.everything
    assert theirs.other
    assert mine.other.timeline == theirs.other.timeline


def test_a_series_is_of_a_request_with_a_timeline(archive: Archive) -> None:
    with pytest.raises(TypeError, match="timeline"):
        series(archive.engine, SearchRequest(), Wanted())
