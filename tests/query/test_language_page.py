import re
from pathlib import Path

import pytest

from search.catalog import FACET_FIELDS, TEXT_FIELDS
from search.errors import QueryError
from search.query import check
from search.query.ast import NOTHING
from search.query.parser import parse, simple

PAGE = Path(__file__).resolve().parents[2] / "docs" / "query-language.md"
TEXT = PAGE.read_text(encoding="utf-8")


def rows(title: str) -> list[list[str]]:
    """Return the cells of the tables whose first heading is `title`."""
    found: list[list[str]] = []
    for table in re.findall(r"(?:^\|.*\n)+", TEXT, re.MULTILINE):
        lines = [line.strip("| ").split(" | ") for line in table.splitlines()]
        found += lines[2:] if lines[0][0] == title else []
    return found


def code(cell: str) -> str:
    match = re.match(r"`([^`]+)`", cell)
    assert match, cell
    return match[1]


WRITTEN = [code(row[0]) for row in rows("write")]
REFUSED = [(code(row[0]), code(row[1])) for row in rows("refused")]


def test_the_page_has_its_tables() -> None:
    assert len(WRITTEN) >= 20
    assert len(REFUSED) >= 15


@pytest.mark.parametrize("text", WRITTEN)
def test_every_example_of_the_page_parses(text: str) -> None:
    assert check.simplify(parse(text))[0] != NOTHING


@pytest.mark.parametrize(("text", "suggestion"), REFUSED)
def test_what_the_page_calls_refused_is_refused_with_its_suggestion(
    text: str, suggestion: str
) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.suggestion == suggestion


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("shell AND bp", "shell bp"),
        ("tax NOT crypto", "tax -crypto"),
        ("shell dividend OR bp profit", "(shell dividend) OR (bp profit)"),
        ("company:British Petroleum", "company:British AND Petroleum"),
        ("+word", "word"),
        ("“carbon tax”", '"carbon tax"'),
    ],
)
def test_what_the_page_calls_the_same_is_the_same(text: str, same: str) -> None:
    assert parse(text) == parse(same)


def test_the_page_names_the_limits_that_hold() -> None:
    limits = [row[1] for row in rows("of")]
    assert limits == [
        f"{check.MAX_CHARACTERS:,}",
        f"{check.MAX_CLAUSES}",
        f"{check.MAX_DEPTH}",
        f"{check.MAX_DISTANCE}",
        f"{check.MAX_SLOP}",
    ]
    assert f"At least {check.MIN_PREFIX} letters" in TEXT


def test_the_page_names_every_field() -> None:
    assert ", ".join(f"`{name}`" for name in TEXT_FIELDS) in TEXT
    assert ", ".join(f"`{name}`" for name in FACET_FIELDS) in TEXT


def test_a_search_box_takes_what_the_page_says() -> None:
    assert simple("title:x OR") != parse('"title:x" or')
    assert simple('-"a phrase"') == parse('-"a phrase"')
