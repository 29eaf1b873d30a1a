"""What walking and looking into a facet promises."""

from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given, strategies as st

from search.article import facet_values, milliseconds, moment_of
from search.catalog import FACET_FIELDS
from search.errors import VanishedValueError
from search.query.ast import Node
from search.request import FacetRequest, SearchRequest, Selection
from search.result import Facet, FacetValue
from tests.engine.archive import Archive
from tests.engine.examples import WALKED
from tests.questions import nodes, values


def facet(archive: Archive, request: SearchRequest, wanted: FacetRequest) -> Facet:
    (found,) = archive.engine.search(replace(request, facets=(wanted,))).facets
    return found


def walk(
    archive: Archive, request: SearchRequest, wanted: FacetRequest
) -> list[FacetValue]:
    found = facet(archive, request, wanted)
    values = list(found.values)
    while found.more:
        last = found.values[: wanted.size][-1].id
        found = facet(archive, request, replace(wanted, after=last))
        values += found.values
    return values


@given(
    st.sampled_from(FACET_FIELDS).flatmap(
        lambda field: st.tuples(st.just(field), st.lists(values(field), max_size=3))
    ),
    st.sampled_from(("count", "name")),
    st.sampled_from((None, "e", "an")),
    st.integers(1, 3),
)
@WALKED
def test_a_walk_with_a_selection_lists_every_value_and_the_selected_ones_once(
    archive: Archive,
    chosen: tuple[str, list[str]],
    sort: Literal["count", "name"],
    match: str | None,
    size: int,
) -> None:
    field, names = chosen
    request = SearchRequest(selections=(Selection(field, tuple(names)),) * bool(names))
    wanted = FacetRequest(field, size, sort, match=match, whole=True)
    found = walk(archive, request, wanted)
    every = facet(archive, request, replace(wanted, size=None)).values
    assert sorted(found, key=str) == sorted(every, key=str)
    assert len({value.id for value in found}) == len(found)


@given(
    st.sampled_from(FACET_FIELDS), nodes(), st.sampled_from(("published", "updated"))
)
@WALKED
def test_a_value_says_when_it_was_first_and_last_seen(
    archive: Archive, field: str, query: Node, date: Literal["published", "updated"]
) -> None:
    request = SearchRequest(query=query, date=date, limit=1000)
    matching = {hit.article.id for hit in archive.oracle.search(request).hits}
    base = [each for each in archive.corpus if each.id in matching]
    for value in facet(archive, request, FacetRequest(field, seen=True)).values:
        moments = [
            milliseconds(moment_of(each, date))
            for each in base
            if value.id in {entity.id for entity in facet_values(each, field)}
        ]
        assert (value.first, value.last) == (min(moments), max(moments))


def test_a_selected_value_that_no_article_has_was_never_seen(archive: Archive) -> None:
    request = SearchRequest(selections=(Selection("tag", ("Nobody",)),))
    (value,) = facet(archive, request, FacetRequest("tag", only=(), seen=True)).values
    assert (value.count, value.first, value.last) == (0, None, None)


def test_only_the_ids_that_are_asked_for_are_counted(archive: Archive) -> None:
    every = facet(archive, SearchRequest(), FacetRequest("company", None)).values
    ids = [value.id for value in every[::2]]
    wanted = FacetRequest("company", None, only=(*ids, *ids, "nobody", "\ud800"))
    found = facet(archive, SearchRequest(), wanted)
    assert found.values == every[::2]
    assert (found.other, found.distinct, found.more) == (0, len(ids), False)


def test_a_walk_by_count_behind_a_value_that_is_gone_is_refused(
    archive: Archive,
) -> None:
    wanted = FacetRequest("person", 2, after="gone-for-ever", whole=True)
    with pytest.raises(VanishedValueError, match="gone-for-ever"):
        facet(archive, SearchRequest(), wanted)
    by_name = facet(archive, SearchRequest(), replace(wanted, sort="name", size=None))
    assert all(value.id > "gone-for-ever" for value in by_name.values)
