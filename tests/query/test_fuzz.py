"""Whatever is typed: a tree, or an error with a place and a suggestion, soon."""

import random
from time import process_time

import pytest
from hypothesis import given, strategies as st

from search.errors import QueryError, QuerySyntaxError
from search.query.ast import NOTHING, Node
from search.query.check import MAX_CHARACTERS, check, simplify
from search.query.parser import parse
from search.query.printer import show
from tests.query.trees import ORDINARY, SIGNS

PIECES = [*SIGNS, *ORDINARY, "title:(", "tag:*", "b*", "~11", "\0", "\ud800", "🗞️"]
PIECES += [
    "\u200f",
    "\u202e",
    "مرحبا",
    "שלום",
    "e\u0301",
    "\u200d",
    "/",
    "//",
    "[",
    "}",
]
PIECES += ["published:", "people:", "\u3000", "\x1f", "\ufeff", "'", "„", "|", "!", "a"]
SOON = 0.25


def answer(text: str) -> Node | QueryError:
    try:
        return parse(text)
    except QueryError as error:
        return error


def seconds(text: str) -> float:
    started = process_time()
    answer(text)
    return process_time() - started


def judge(text: str) -> None:
    """Fail unless the answer to the text is a good one."""
    found = answer(text)
    if isinstance(found, QueryError):
        judge_error(text, found)
        return
    check(found)
    check(simplify(found)[0])
    again = show(found)
    again.encode()
    assert len(again) > MAX_CHARACTERS or parse(again) == found


def judge_error(text: str, error: QueryError) -> None:
    assert error.start is not None
    assert error.end is not None
    assert 0 <= error.start <= error.end <= len(text)
    assert error.detail.endswith((".", "…"))
    if error.suggestion is not None:
        assert simplify(parse(error.suggestion))[0] != NOTHING
        error.suggestion.encode()


@given(st.text(st.characters()))
def test_any_text_has_a_good_answer(text: str) -> None:
    judge(text)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_heap_of_signs_has_a_good_answer(text: str) -> None:
    judge(text)


def test_ten_thousand_random_queries_have_a_good_answer() -> None:
    chance = random.Random(3)
    for _ in range(10_000):
        between = chance.choice(["", " "])
        judge(between.join(chance.choices(PIECES, k=chance.randint(1, 12))))


@given(st.lists(st.sampled_from(["word", "a", "(", ")", "OR", "AND", "NOT"])))
def test_a_fault_of_syntax_among_words_has_a_suggestion(words: list[str]) -> None:
    error = answer(" ".join([*words, "word"]))
    assert not isinstance(error, QuerySyntaxError) or error.suggestion


@pytest.mark.parametrize(
    "text",
    [
        "(" * 20_000,
        ")" * 20_000,
        "(" * 20_000 + "a" + ")" * 20_000,
        "a" * 100_000,
        '"' * 99_999,
        "NOT " * 25_000,
        " " * 100_000,
        "(" * 1000,
        "(" * 500 + ")" * 500,
        '"' * 999,
        "“" * 999,
        "-" * 999 + "a",
        "+" * 999 + "a",
        "a OR " * 200,
        "AND " * 250,
        "OR " * 333,
        "\\" * 999,
        "*" * 1000,
        "~" * 1000,
        ":" * 1000,
        "a:" * 500,
        "title:" * 166,
        "a~" * 500,
        "a*" * 500,
        '"~' * 500,
        "z" * 999 + ":x",
        "٣" * 1000,
        "👩‍👩‍👧" * 200,
    ],
)
def test_a_hostile_text_is_answered_soon(text: str) -> None:
    assert min(seconds(text) for _ in range(3)) < SOON
    judge(text)


@pytest.mark.parametrize(
    "text", ["(" * 20_000, "a" * 100_000, "(" * 1000, "NOT " * 25_000]
)
def test_a_text_over_the_limits_costs_next_to_nothing(text: str) -> None:
    assert min(seconds(text) for _ in range(5)) < 0.005
