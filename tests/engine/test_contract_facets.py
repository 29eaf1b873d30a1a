"""What facets, timelines and `resolve` promise, by example and by walking them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest
from hypothesis import given, strategies as st

from search.article import Article, ArticleId, Entity, facet_values, milliseconds
from search.catalog import FACET_FIELDS
from search.engine import Engine
from search.errors import QueryTooComplexError
from search.query.ast import And, Node, Not, Range, Term
from search.request import FacetRequest, SearchRequest, Selection, TimelineRequest
from search.result import Facet, FacetValue
from tests.corpus import SAME
from tests.engine.agreement import ids
from tests.engine.archive import Archive
from tests.engine.examples import ASKED, WALKED
from tests.questions import ZONES, nodes, selections, values

SHELL, BP = Entity("shell", "Shell plc"), Entity("bp", "BP")
HOUR = 3_600_000


def about(number: int, *companies: Entity, **changes: Any) -> Article:
    plain = Article(
        id=ArticleId(f"c{number}"),
        title="tax",
        published_at=SAME,
        companies=companies,
    )
    return replace(plain, **changes)


def facet(engine: Engine, request: SearchRequest, wanted: FacetRequest) -> Facet:
    (found,) = engine.search(replace(request, facets=(wanted,))).facets
    return found


def counts(found: Facet) -> list[tuple[str, int]]:
    return [(value.id, value.count) for value in found.values]


@pytest.fixture
def oil(engine: Engine) -> Engine:
    """Three articles about Shell, two about BP, one about both, one about neither."""
    engine.index(
        [
            *(about(number, SHELL, source="Reuters") for number in range(3)),
            *(about(number, BP, source="BBC") for number in range(3, 5)),
            about(5, SHELL, BP),
            about(6),
        ],
        refresh=True,
    )
    return engine


def test_a_facet_counts_as_if_its_own_selection_were_not_there(oil: Engine) -> None:
    request = SearchRequest(selections=(Selection("company", ("BP",)),))
    found = facet(oil, request, FacetRequest("company"))
    assert counts(found) == [("shell", 4), ("bp", 3)]
    assert [value.selected for value in found.values] == [False, True]
    assert (found.missing, found.distinct, found.other) == (1, 2, 0)


def test_the_other_facets_count_with_the_selection(oil: Engine) -> None:
    request = SearchRequest(selections=(Selection("company", ("BP",)),))
    found = facet(oil, request, FacetRequest("source"))
    assert counts(found) == [("bbc", 2)]
    assert found.missing == 1


def test_a_facet_in_mode_and_counts_with_its_own_selection(oil: Engine) -> None:
    request = SearchRequest(selections=(Selection("company", ("BP",)),))
    found = facet(oil, request, FacetRequest("company", mode="and"))
    assert counts(found) == [("bp", 3), ("shell", 1)]
    assert found.missing == 0


def test_a_selected_value_below_the_cut_is_listed(oil: Engine) -> None:
    request = SearchRequest(selections=(Selection("company", ("BP",)),))
    found = facet(oil, request, FacetRequest("company", size=1))
    assert counts(found) == [("shell", 4), ("bp", 3)]
    assert (found.other, found.more) == (3, True)


def test_a_selected_value_with_count_zero_is_listed(oil: Engine) -> None:
    chosen = Selection("source", ("BBC",))
    request = SearchRequest(filter=Not(Term("BP", "company")), selections=(chosen,))
    found = facet(oil, request, FacetRequest("source"))
    assert counts(found) == [("reuters", 3), ("bbc", 0)]
    assert found.values[1].name == "BBC"
    assert found.values[1].selected


def test_a_selected_value_that_no_article_has_is_listed_under_its_slug(
    oil: Engine,
) -> None:
    request = SearchRequest(selections=(Selection("company", ("Tesla, Inc.",)),))
    found = facet(oil, request, FacetRequest("company"))
    assert counts(found)[-1] == ("tesla-inc", 0)
    assert found.values[-1].name == "Tesla, Inc."
    assert oil.search(request).total == 0


def test_a_value_of_a_hierarchy_does_not_find_its_neighbour(engine: Engine) -> None:
    engine.index(
        [
            about(1, tags=(Entity("3-1", "3.1"),), language="zh-Hant-TW"),
            about(2, tags=(Entity("3-10", "3.10"),), language="zh-Ha"),
        ],
        refresh=True,
    )
    assert engine.search(SearchRequest(filter=Term("3.1", "tag"))).total == 1
    assert engine.search(SearchRequest(filter=Term("zh-Hant", "lang"))).total == 1
    assert engine.search(SearchRequest(filter=Term("zh", "lang"))).total == 2
    found = facet(engine, SearchRequest(), FacetRequest("lang"))
    assert counts(found) == [
        *(("zh", 2), ("zh-ha", 1), ("zh-hant", 1), ("zh-hant-tw", 1)),
    ]


def test_two_required_values_are_not_satisfied_by_one(oil: Engine) -> None:
    both = And((Term("Shell plc", "company"), Term("BP", "company")))
    assert ids(oil.search(SearchRequest(filter=both))) == ["c5"]


def test_every_hit_satisfies_every_filter_whatever_the_query_prefers(
    oil: Engine,
) -> None:
    request = SearchRequest(
        query=Term("tax"),
        filter=Term("Reuters", "source"),
        selections=(Selection("company", ("Shell plc", "BP")),),
    )
    assert set(ids(oil.search(request))) == {"c0", "c1", "c2"}


@given(
    st.sampled_from(FACET_FIELDS),
    st.sampled_from(("count", "name")),
    nodes(),
    st.integers(1, 4),
)
@WALKED
def test_walking_a_facet_by_after_lists_every_value_once(
    archive: Archive,
    field: str,
    sort: Literal["count", "name"],
    query: Node,
    size: int,
) -> None:
    request = SearchRequest(query=query)
    every = facet(archive.engine, request, FacetRequest(field, None, sort))
    assert (every.other, every.more, every.distinct_exact) == (0, False, True)
    assert every.distinct == len(every.values)
    walk: list[FacetValue] = []
    found = facet(archive.engine, request, FacetRequest(field, size, sort))
    while True:
        walk += found.values
        if not found.more:
            break
        last = found.values[-1].id
        found = facet(
            archive.engine, request, FacetRequest(field, size, sort, after=last)
        )
    assert walk == list(every.values)


@given(
    st.sampled_from(FACET_FIELDS).flatmap(
        lambda field: st.tuples(st.just(field), values(field))
    ),
)
@ASKED
def test_a_name_or_an_id_resolves_to_all_who_bear_it(
    archive: Archive, asked: tuple[str, str]
) -> None:
    field, name = asked
    found = archive.engine.resolve(field, name)
    every = archive.engine.search(
        SearchRequest(
            facets=(FacetRequest(field, None),), selections=(Selection(field, (name,)),)
        )
    ).facets[0]
    chosen = {value.id for value in every.values if value.selected and value.count}
    assert {entity.id for entity in found.entities} == chosen
    borne = {one for article in archive.corpus for one in facet_values(article, field)}
    assert set(found.entities) <= borne


def test_a_name_with_a_slip_is_answered_with_the_right_one(oil: Engine) -> None:
    oil.index([about(7, people=(Entity("angela-merkel", "Angela Merkel"),))])
    oil.index([], refresh=True)
    found = oil.resolve("person", "Angela Merkl")
    assert found.entities == ()
    assert found.suggestions[0] == "Angela Merkel"
    assert oil.resolve("person", "Xyzzy Quux").suggestions == ()


def test_a_name_of_which_all_articles_are_gone_does_not_resolve(oil: Engine) -> None:
    assert oil.resolve("source", "BBC").entities == (Entity("bbc", "BBC"),)
    oil.delete([ArticleId("c3"), ArticleId("c4")], refresh=True)
    assert oil.resolve("source", "BBC").entities == ()


@given(nodes(), selections(), st.sampled_from(ZONES))
@ASKED
def test_the_buckets_of_a_timeline_are_contiguous_and_sum_to_the_total(
    archive: Archive,
    query: Node,
    chosen: tuple[Selection, ...],
    tz: str,
) -> None:
    request = SearchRequest(
        query=query, selections=chosen, timeline=TimelineRequest(tz=tz)
    )
    result = archive.engine.search(request)
    assert result.timeline is not None
    buckets = result.timeline.buckets
    assert sum(bucket.count for bucket in buckets) == result.total
    assert all(bucket.start < bucket.end for bucket in buckets)
    assert [one.end for one in buckets[:-1]] == [one.start for one in buckets[1:]]
    assert not buckets or (buckets[0].count and buckets[-1].count)


def test_the_hour_that_comes_twice_is_counted_as_two(engine: Engine) -> None:
    night = datetime(2024, 10, 27, 0, 15, tzinfo=UTC)
    engine.index(
        [about(n, published_at=night + timedelta(hours=n)) for n in range(3)],
        refresh=True,
    )
    asked = TimelineRequest("hour", "Europe/Berlin")
    found = engine.search(SearchRequest(timeline=asked)).timeline
    assert found is not None
    start = milliseconds(night) - 15 * 60_000
    assert [(one.start, one.count) for one in found.buckets] == [
        (start + n * HOUR, 1) for n in range(3)
    ]


def test_a_day_of_25_hours_is_one_bucket(engine: Engine) -> None:
    start = datetime(2024, 10, 26, 22, tzinfo=UTC)
    engine.index(
        [about(n, published_at=start + timedelta(hours=n)) for n in range(26)],
        refresh=True,
    )
    asked = TimelineRequest("day", "Europe/Berlin")
    found = engine.search(SearchRequest(timeline=asked)).timeline
    assert found is not None
    assert [one.count for one in found.buckets] == [25, 1]
    assert found.buckets[0].end - found.buckets[0].start == 25 * HOUR


def test_an_end_that_is_excluded_lets_the_last_millisecond_in(engine: Engine) -> None:
    end = datetime(2024, 5, 18, tzinfo=UTC)
    last = end - timedelta(milliseconds=1)
    engine.index(
        [about(1, published_at=last), about(2, published_at=end)], refresh=True
    )
    day = Range("published", milliseconds(end) - 24 * HOUR, milliseconds(end))
    asked = TimelineRequest("day", start=day.start, end=day.end)
    result = engine.search(SearchRequest(filter=day, timeline=asked))
    assert ids(result) == ["c1"]
    assert result.timeline is not None
    assert [one.count for one in result.timeline.buckets] == [1]


def test_a_timeline_of_too_many_buckets_is_refused(engine: Engine) -> None:
    engine.index([about(1), about(2, published_at=SAME - timedelta(days=400))])
    engine.index([], refresh=True)
    with pytest.raises(QueryTooComplexError):
        engine.search(SearchRequest(timeline=TimelineRequest("hour")))
