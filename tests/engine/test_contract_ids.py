"""A value's id and another's name may read alike: an exact term means the id alone."""

from collections.abc import Callable

import pytest

from search.article import Article, ArticleId, Entity
from search.engine import Engine
from search.errors import UnknownFieldError
from search.query.ast import Node, Not, Or, Term
from search.request import FacetRequest, SearchRequest, Selection
from search.result import FacetValue
from tests.corpus import SAME

SMITH = Entity("adam-smith", "Adam Smith")
ECONOMIST = Entity("adam-smith-economist", "Adam Smith")
NAMED = Entity("p-17", "adam-smith-economist")

Find = Callable[[Node], list[str]]


@pytest.fixture
def smiths(engine: Engine) -> Engine:
    """An article about each of two of one name, both, and one named like an id."""
    people = ((SMITH,), (ECONOMIST,), (SMITH, ECONOMIST), (NAMED,), ())
    engine.index(
        [
            Article(id=ArticleId(f"s{n}"), title="x", published_at=SAME, people=each)
            for n, each in enumerate(people)
        ],
        refresh=True,
    )
    return engine


@pytest.fixture
def find(smiths: Engine) -> Find:
    def found(node: Node) -> list[str]:
        result = smiths.search(SearchRequest(filter=node))
        return sorted(hit.article.id for hit in result.hits)

    return found


def exactly(text: str) -> Term:
    return Term(text, "person", exact=True)


def test_an_exact_term_finds_one_id_and_no_name(find: Find) -> None:
    assert find(Term("adam-smith", "person")) == ["s0", "s1", "s2"]
    assert find(exactly("adam-smith")) == ["s0", "s2"]
    assert find(Term("adam-smith-economist", "person")) == ["s1", "s2", "s3"]
    assert find(exactly("adam-smith-economist")) == ["s1", "s2"]
    assert find(Not(exactly("adam-smith"))) == ["s1", "s3", "s4"]
    assert find(Or((exactly("adam-smith"), exactly("p-17")))) == ["s0", "s2", "s3"]


@pytest.mark.parametrize(
    "text", ["Adam Smith", "Adam-Smith", "adam", "", "-", "\ud800", "x" * 70_000]
)
def test_an_exact_term_takes_its_text_as_it_is(text: str, find: Find) -> None:
    assert find(exactly(text)) == []


def test_an_id_is_selected_alone_and_a_name_with_all_who_bear_it(
    smiths: Engine,
) -> None:
    def chosen(selection: Selection) -> list[tuple[str, int]]:
        request = SearchRequest(
            selections=(selection,), facets=(FacetRequest("person"),)
        )
        [found] = smiths.search(request).facets
        assert [(each.id, each.count) for each in found.values if each.count] == [
            *(("adam-smith", 2), ("adam-smith-economist", 2), ("p-17", 1)),
        ]
        return [(each.id, each.count) for each in found.values if each.selected]

    one = Selection("person", (), ("adam-smith",))
    assert chosen(one) == [("adam-smith", 2)]
    assert smiths.search(SearchRequest(selections=(one,))).total == 2
    both = Selection("person", ("Adam Smith",))
    assert chosen(both) == [("adam-smith", 2), ("adam-smith-economist", 2)]
    mixed = Selection("person", ("adam-smith-economist",), ("adam-smith",))
    assert len(chosen(mixed)) == 3


def test_a_selected_id_that_nothing_has_is_listed_under_itself(smiths: Engine) -> None:
    request = SearchRequest(
        selections=(Selection("person", (), ("p-17",)),),
        facets=(FacetRequest("person"),),
    )
    smiths.delete([ArticleId("s3")], refresh=True)
    [found] = smiths.search(request).facets
    assert found.values[-1] == FacetValue("p-17", "p-17", 0, selected=True)


def test_near_names_are_looked_for_only_where_they_are_asked_for(
    smiths: Engine,
) -> None:
    assert smiths.resolve("person", "Adam Smiht").suggestions[0] == "Adam Smith"
    quiet = smiths.resolve("person", "Adam Smiht", suggest=False)
    assert (quiet.entities, quiet.suggestions) == ((), ())
    known = smiths.resolve("person", "Adam Smith", suggest=False)
    assert known.entities == (SMITH, ECONOMIST)


def test_many_names_resolve_in_their_order_with_near_ones_for_the_first_unknown(
    smiths: Engine,
) -> None:
    names = ("Adam Smith", "Adam Smiht", "adam-smith", "Adam Smyth")
    known, first, exact, second = smiths.resolve_all(
        [("person", name) for name in names], suggest=1
    )
    assert known.entities == (SMITH, ECONOMIST)
    assert first.suggestions[0] == "Adam Smith"
    assert exact == smiths.resolve("person", "adam-smith")
    assert (second.meanings, second.suggestions) == ((), ())
    assert smiths.resolve_all([]) == ()


def test_a_name_of_no_facet_field_is_refused_among_others(smiths: Engine) -> None:
    with pytest.raises(UnknownFieldError, match="planet"):
        smiths.resolve_all([("person", "Adam Smith"), ("planet", "Mars")])
