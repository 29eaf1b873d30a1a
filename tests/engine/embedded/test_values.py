"""Facet values and their names."""

from dataclasses import replace
from pathlib import Path

import pytest

from search.article import Article, ArticleId, Entity
from search.embedded import facets
from search.embedded.engine import EmbeddedEngine
from search.embedded.process import Opened
from search.errors import (
    UnknownFieldError,
)
from search.request import (
    FacetRequest,
    SearchRequest,
    Selection,
)
from tests.engine.embedded.plant import article, opened


def test_all_values_are_listed_page_by_page_where_they_are_many(
    letters: EmbeddedEngine,
) -> None:
    request = SearchRequest(limit=0, facets=(FacetRequest("person", size=None),))
    search = letters._process.again(Opened.search)
    counter = facets.Counter(search.snapshot, search.labels, most=10, page=7)
    [paged] = counter.facets(request, search.restricted(request), {})
    assert (paged,) == letters.search(request).facets
    assert paged.distinct == 300
    assert paged.distinct_exact


def test_a_facet_that_is_cut_says_that_its_number_of_values_is_an_estimate(
    letters: EmbeddedEngine,
) -> None:
    request = SearchRequest(limit=0, facets=(FacetRequest("person", size=10),))
    facet = letters.search(request).facets[0]
    assert facet.more
    assert not facet.distinct_exact
    assert facet.distinct == pytest.approx(300, rel=0.05)
    assert facet.exact


def test_a_facet_that_is_counted_whole_says_exactly_how_many_values_there_are(
    letters: EmbeddedEngine,
) -> None:
    wanted = FacetRequest("person", size=10, whole=True)
    facet = letters.search(SearchRequest(limit=0, facets=(wanted,))).facets[0]
    assert len(facet.values) == 10
    assert (facet.distinct, facet.distinct_exact) == (300, True)
    assert facet.more


def test_a_value_under_two_names_is_matched_by_each_that_an_article_has(
    tmp_path: Path,
) -> None:
    def about(number: int, name: str) -> Article:
        return replace(article(number), companies=(Entity("fb", name),))

    match = SearchRequest(limit=0, facets=(FacetRequest("company", match="meta"),))
    with opened(tmp_path) as engine:
        engine.index([about(1, "Facebook"), about(2, "Facebook")], refresh=True)
        engine.index([about(3, "Meta Platforms")], refresh=True)
        [value] = engine.search(match).facets[0].values
        assert (value.id, value.name, value.count) == ("fb", "Meta Platforms", 3)
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
