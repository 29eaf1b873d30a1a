"""A query string becomes a request: what an engine is asked for what is given."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from schemas.clauses import Period
from schemas.problems import ParameterError
from schemas.queries import Query, load
from schemas.views import VIEWS, View
from search.article import milliseconds
from search.catalog import FACET_FIELDS
from search.query.ast import All, And, Not, Or, Range, Term
from search.request import (
    FacetRequest,
    HighlightRequest,
    Recency,
    SearchRequest,
    Selection,
    TimelineRequest,
)

NOW = datetime(2024, 5, 17, 12, 30, 15, 250_999, tzinfo=UTC)
MOMENT = datetime(2024, 5, 17, 12, 30, 15, 250_000, tzinfo=UTC)


def query(*pairs: tuple[str, str], view: View = "articles") -> Query:
    return load(pairs, view, now=NOW, field="tag" if view == "facets" else None)


def request(*pairs: tuple[str, str], view: View = "articles") -> SearchRequest:
    return query(*pairs, view=view).request


def refused(*pairs: tuple[str, str]) -> ParameterError:
    with pytest.raises(ParameterError) as caught:
        query(*pairs)
    return caught.value


def test_nothing_given_asks_for_ten_of_everything() -> None:
    assert request() == SearchRequest()


def test_values_of_a_field_are_one_selection_without_repeats() -> None:
    pairs = [("company", "BP"), ("tag", "eu"), ("company", "Shell"), ("company", "BP")]
    assert request(*pairs).selections == (
        Selection("tag", ("eu",)),
        Selection("company", ("BP", "Shell")),
    )


def test_all_and_not_are_clauses_of_the_filter() -> None:
    pairs = [("tag.all", "a"), ("tag.all", "b"), ("tag.not", "c"), ("lang.not", "de")]
    assert request(*pairs).filter == And(
        (
            Not(Term("de", "lang")),
            Term("a", "tag"),
            Term("b", "tag"),
            Not(Term("c", "tag")),
        )
    )
    several = request(("tag.not", "c"), ("tag.not", "d")).filter
    assert several == Not(Or((Term("c", "tag"), Term("d", "tag"))))


def test_a_period_is_a_range_of_the_date_that_is_asked_for() -> None:
    pairs = [("from", "2024-05"), ("to", "2024-05-17"), ("date", "updated")]
    start = milliseconds(datetime(2024, 5, 1, tzinfo=UTC))
    end = milliseconds(datetime(2024, 5, 18, tzinfo=UTC))
    assert request(*pairs).filter == Range("updated", start, end)
    assert request(("to", "2024-05-17")).filter == Range("published", None, end)


def test_the_end_of_a_period_is_rounded_up_to_a_millisecond() -> None:
    span = query(("to", "2024-05-17T10:00:00.0001Z")).span
    start = milliseconds(datetime(2024, 5, 17, 10, tzinfo=UTC))
    assert span == Period(None, start + 1)


def test_one_moment_may_be_both_ends_of_a_period() -> None:
    span = query(("from", "7d"), ("to", "7d")).span
    assert span.start == span.end == milliseconds(MOMENT - timedelta(days=7))


@pytest.mark.parametrize(
    ("first", "last"),
    [("2024-05-18", "2024-05-17"), ("today", "1d"), ("2025", "2024"), ("1h", "2h")],
)
def test_from_after_to_is_refused(first: str, last: str) -> None:
    assert refused(("from", first), ("to", last)).parameter == "from"


def test_a_page_becomes_an_offset() -> None:
    asked = request(("page", "4"), ("limit", "25"))
    assert (asked.offset, asked.limit, asked.cursor) == (75, 25, None)


def test_the_body_is_asked_for_where_it_is_shown() -> None:
    assert request(("fields", "title,body")).body
    assert not request(("fields", "title")).body
    assert not request(("highlight", "body")).body


def test_facets_have_their_own_size_or_the_common_one() -> None:
    pairs = [("facet", "tag,company"), ("facet.size", "5"), ("facet.tag.size", "7")]
    assert request(*pairs, ("facet.sort", "name"), ("facet.mode", "and")).facets == (
        FacetRequest("tag", 7, "name", "and"),
        FacetRequest("company", 5, "name", "and"),
    )


def test_a_field_that_is_named_twice_is_counted_once() -> None:
    assert len(request(("facet", "tag,tag,,tag")).facets) == 1


def test_a_timeline_has_the_period_and_the_zone_of_the_question() -> None:
    start = milliseconds(datetime(2024, 4, 30, 22, tzinfo=UTC))
    pairs = [("from", "2024-05"), ("tz", "Europe/Berlin")]
    assert request(*pairs).timeline is None
    assert request(*pairs, ("interval", "auto")).timeline == TimelineRequest(
        None, "Europe/Berlin", start, None
    )
    assert request(("interval", "week")).timeline == TimelineRequest("week")


def test_highlights_recency_and_order_reach_the_engine() -> None:
    pairs = [("highlight", "body"), ("highlight.size", "80"), ("highlight.count", "2")]
    assert request(*pairs).highlight == HighlightRequest(("body",), 80, 2)
    assert request(("boost.recent", "12h")).recency == Recency(12 * 3600, MOMENT)
    assert request(("sort", "oldest")).sort == "oldest"
    assert request(("highlight", ",")).highlight is None


@pytest.mark.parametrize("view", ["count", "timeline", "facets"])
def test_views_without_articles_ask_for_none(view: View) -> None:
    pairs = [("limit", "5"), ("highlight", "body"), ("fields", "body"), ("page", "2")]
    asked = request(*pairs, ("boost.recent", "7d"), ("facet", "company"), view=view)
    assert (asked.limit, asked.offset, asked.body) == (0, 0, False)
    assert (asked.highlight, asked.recency) == (None, None)
    assert [facet.field for facet in asked.facets] == ["tag"] * (view == "facets")
    assert (asked.timeline is not None) == (view == "timeline")


def test_one_facet_has_its_own_parameters() -> None:
    pairs = [("match", "mer"), ("size", "1000"), ("after", "x"), ("sort", "name")]
    assert request(*pairs, view="facets").facets == (
        FacetRequest("tag", 1000, "name", "or", "mer", "x", whole=True, seen=True),
    )
    assert request(view="facets").facets == (
        FacetRequest("tag", 100, whole=True, seen=True),
    )


def test_a_query_without_words_matches_nothing_and_says_what_was_dropped() -> None:
    asked = query(("q", "©♭")).asked
    assert (asked.node, asked.dropped) == (Or(()), ("©♭",))
    assert query(("q", "tax ©")).asked.dropped == ("©",)
    assert query(("q", " ")).asked.node == All()


def test_names_are_told_field_by_field_and_those_in_q_last() -> None:
    pairs = [("q", "tax -company:BP"), ("tag.not", "x"), ("source", "s")]
    told = [(each.parameter, each.field, each.text) for each in query(*pairs).names]
    assert told == [
        ("source", "source", "s"),
        ("tag.not", "tag", "x"),
        ("q", "company", "BP"),
    ]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("company_not", "company.not"),
        ("company__not", "company.not"),
        ("facet-mode", "facet.mode"),
        ("Highlight_Size", "highlight.size"),
        ("compny", "company"),
    ],
)
def test_a_name_with_its_parts_joined_otherwise_is_known_again(
    given: str, meant: str
) -> None:
    assert refused((given, "x")).suggestion == meant


def test_a_name_that_belongs_to_another_path_is_told_so() -> None:
    fault = refused(("match", "x"))
    assert fault.slug == "unknown-parameter"
    assert "another path" in str(fault)


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(VIEWS["articles"].fields)), st.text()),
        max_size=5,
    )
)
def test_whatever_is_given_is_a_query_or_a_named_fault(
    pairs: Iterable[tuple[str, str]],
) -> None:
    known = [pair for pair in pairs if pair[0] != "cursor"]
    try:
        taken = query(*known)
    except ParameterError as error:
        named = error.parameter
        taken = None
    if taken is None:
        assert named in dict(known)
    else:
        assert taken.pairs == tuple(pair for pair in known if pair[1].strip())


def test_every_facet_field_has_its_parameters_in_every_view() -> None:
    for schema in VIEWS.values():
        for field in FACET_FIELDS:
            assert {field, f"{field}.all", f"{field}.not"} <= set(schema.fields)
            size = f"facet.{field}.size" in schema.fields
            assert size == ("facet" in schema.fields)


def test_every_parameter_is_documented() -> None:
    for schema in VIEWS.values():
        for name, field in schema.fields.items():
            assert field.metadata["description"].endswith((".", ".)")), name


@pytest.mark.parametrize(
    ("name", "taken", "refused_values"),
    [
        (
            "facet",
            ["tag", "tag,lang", " tag , lang,", ","],
            ["tag lang", "tags", "-tag"],
        ),
        ("fields", ["id,title", "-title,-body", "-url"], ["-id", "tag", "title;url"]),
        ("highlight", ["body", "title,body"], ["bodies", "source"]),
    ],
)
def test_the_pattern_of_a_list_takes_what_is_taken(
    name: str, taken: list[str], refused_values: list[str]
) -> None:
    pattern = VIEWS["articles"].fields[name].metadata["pattern"]
    for value in taken:
        assert re.search(pattern, value)
        query((name, value))
    for value in refused_values:
        assert not re.search(pattern, value)
        assert refused((name, value)).parameter == name


PAIRS = (
    *(("q", "tax"), ("company", "BP"), ("tag.not", "eu"), ("page", "2")),
    *(
        ("from", "7d"),
        ("to", "2024-05-17"),
        ("boost.recent", "3d"),
        ("tz", "Asia/Tokyo"),
    ),
    *(("sort", "newest"), ("facet", "tag"), ("interval", "day"), ("q", "x" * 400)),
)


@given(st.lists(st.sampled_from(PAIRS), unique_by=lambda pair: pair[0]))
def test_a_question_that_comes_again_means_what_it_means_now(
    pairs: list[tuple[str, str]],
) -> None:
    load(pairs, "articles", now=NOW)
    later = NOW + timedelta(days=1)
    again = load(pairs, "articles", now=later)
    # Nobody has asked this: `strict` is given, as what it is anyhow.
    anew = load([*pairs, ("strict", "false")], "articles", now=later)
    assert again.request == anew.request
    assert (again.place, again.span) == (anew.place, anew.span)
    assert again.pairs == tuple(pairs)
