from time import process_time
from zoneinfo import available_timezones

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
        ("size", "facet.size"),
    ],
)
def test_a_slip_finds_the_name_that_was_meant(word: str, name: str) -> None:
    assert nearest(word, PARAMETERS) == name


@pytest.mark.parametrize("word", ["foo", "xyz", "", "elephant", "a" * 100_000])
def test_what_is_like_no_name_finds_none(word: str) -> None:
    assert nearest(word, PARAMETERS) is None


def test_a_beginning_that_all_names_have_makes_nothing_likely() -> None:
    settings = {"DATELINE_HOST", "DATELINE_PORT", "DATELINE_LOG"}
    assert nearest("DATELINE_HSOT", settings) == "DATELINE_HOST"
    assert nearest("DATELINE_QUUX", settings) is None


def test_of_equally_likely_names_the_first_by_alphabet_is_taken() -> None:
    assert nearest("hat", {"cat", "bat", "rat"}) == "bat"


def test_among_hundreds_of_names_it_is_found_soon() -> None:
    zones = available_timezones()
    assert nearest("Europe/Berln", zones) == "Europe/Berlin"
    assert nearest("Berlin", zones) == "Europe/Berlin"
    started = process_time()
    nearest("Europe/Berln", zones)
    assert process_time() - started < 0.2


def test_without_names_there_is_none() -> None:
    assert nearest("a", iter(())) is None


@given(st.text())
def test_only_a_given_name_is_returned(word: str) -> None:
    assert nearest(word, PARAMETERS) in {None, *PARAMETERS}
