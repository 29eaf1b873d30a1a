import pytest
from hypothesis import given

from search.query.ast import NOTHING, All, Node, Term
from search.query.parser import parse
from search.query.printer import show
from search.query.relax import any_word, parts, relaxed, renamed, respelt, span, texts
from tests.query.trees import trees


def shown(q: str) -> list[tuple[str, str, str]]:
    """Return each change: its kind, the clause and the query afterwards."""
    return [(r.change, show(r.clause), show(r.node)) for r in relaxed(parse(q))]


def test_each_clause_that_must_hold_is_left_out_in_turn() -> None:
    assert shown('bank -crypto "rate cut" ban* tag:eu') == [
        ("drop", "bank", '-crypto "rate cut" ban* tag:eu'),
        ("drop", "-crypto", 'bank "rate cut" ban* tag:eu'),
        ("drop", '"rate cut"', "bank -crypto ban* tag:eu"),
        ("words", '"rate cut"', "bank -crypto rate cut ban* tag:eu"),
        ("drop", "ban*", 'bank -crypto "rate cut" tag:eu'),
        ("drop", "tag:eu", 'bank -crypto "rate cut" ban*'),
    ]


def test_an_alternative_is_not_left_out_but_may_be_less_strict() -> None:
    assert shown('"carbon tax"~2 OR (a b)') == [
        ("words", '"carbon tax"~2', "(carbon tax) OR (a b)"),
        ("drop", "a", '"carbon tax"~2 OR b'),
        ("drop", "b", '"carbon tax"~2 OR a'),
    ]


def test_a_word_of_a_field_may_stand_anywhere() -> None:
    assert shown("title:levy") == [("anywhere", "title:levy", "levy")]
    assert shown("title:bank*") == [("anywhere", "title:bank*", "bank*")]
    assert shown('body:"a b"') == [
        ("words", 'body:"a b"', "body:(a b)"),
        ("anywhere", 'body:"a b"', '"a b"'),
    ]


@pytest.mark.parametrize("q", ["bank", "tag:eu", "-bank", "title:*", "ban*", "bnak~"])
def test_a_single_clause_has_nothing_to_give(q: str) -> None:
    assert shown(q) == []


@pytest.mark.parametrize(
    ("q", "loose"),
    [
        ("a b -c", "(a OR b) -c"),
        ('"a b" (c OR d)', '"a b" OR c OR d'),
        ("a", None),
        ("a -c", None),
        ("a OR b", None),
    ],
)
def test_any_of_the_words_is_enough_but_none_of_the_excluded(
    q: str, loose: str | None
) -> None:
    node = any_word(parse(q))
    assert (node and show(node)) == loose


def test_the_parts_are_what_must_be_there() -> None:
    assert [*map(show, parts(parse("a -b (c OR d)")))] == ["a", "c OR d"]
    assert [*map(show, parts(parse("a OR b")))] == ["a OR b"]
    assert parts(All()) == ()


def test_words_are_respelt_where_they_are_looked_for() -> None:
    node = parse('crabon -crabon "Crabon TAX" title:crabon company:crabon x')
    assert show(respelt(node, {"crabon": "carbon"})) == (
        'carbon -crabon "carbon tax" title:carbon company:crabon x'
    )
    assert [leaf.text for leaf in texts(node)] == [
        "crabon",
        "Crabon TAX",
        "crabon",
        "x",
    ]


def test_a_name_is_exchanged_wherever_it_stands() -> None:
    node = parse("-(person:merkl a) OR person:merkl OR tag:merkl")
    changed = renamed(node, Term("merkl", "person"), "Angela Merkel")
    assert show(changed) == (
        '-(person:"Angela Merkel" a) OR person:"Angela Merkel" OR tag:merkl'
    )


def test_a_clause_says_where_it_stands() -> None:
    q = 'bank ("rate cut" OR -x)'
    [_, second] = parts(parse(q))
    assert span(second) == (6, q.index(")"))
    assert span(NOTHING) is None


@given(trees)
def test_what_is_relaxed_can_be_written_and_read(node: Node) -> None:
    for each in relaxed(node):
        assert parse(show(each.node)) == each.node
