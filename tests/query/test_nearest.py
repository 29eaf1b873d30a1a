import pytest
from hypothesis import given, strategies as st

from search.catalog import QUERY_FIELDS
from search.query.nearest import nearest

PARAMETERS = [*QUERY_FIELDS, "q", "from", "to", "limit", "page", "facet.size", "sort"]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("titl", "title"),
        ("Tilte", "title"),
        ("compnay", "company"),
        ("companys", "company"),
        ("tags", "tag"),
        ("persons", "person"),
        ("form", "from"),
        ("limmt", "limit"),
        ("date_from", "from"),
        ("filter[company]", "company"),
        ("page[limit]", "limit"),
        ("facet-size", "facet.size"),
        ("TITLE", "title"),
    ],
)
def test_a_slip_finds_the_name_that_was_meant(word: str, name: str) -> None:
    assert nearest(word, PARAMETERS) == name


@pytest.mark.parametrize("word", ["foo", "xyz", "", "elephant", "a" * 100_000])
def test_what_is_like_no_name_finds_none(word: str) -> None:
    assert nearest(word, PARAMETERS) is None


def test_without_names_there_is_none() -> None:
    assert nearest("a", iter(())) is None


@given(st.text())
def test_only_a_given_name_is_returned(word: str) -> None:
    assert nearest(word, PARAMETERS) in {None, *PARAMETERS}
