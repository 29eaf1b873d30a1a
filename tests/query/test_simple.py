import pytest
from hypothesis import given, strategies as st

from search.query.ast import All, And, Node, Not, Phrase, Term
from search.query.check import check, leaves
from search.query.parser import parse, simple
from search.query.printer import show
from tests.query.trees import texts


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", All()),
        ("  ", All()),
        ('""', All()),
        ('" "', All()),
        ("merger", Term("merger")),
        ("carbon tax", And((Term("carbon"), Term("tax")))),
        ('"carbon tax"', Phrase("carbon tax")),
        ("“carbon tax”", Phrase("carbon tax")),
        ("-a", Not(Term("a"))),
        ('-"a b"', Not(Phrase("a b"))),
        ("- a", And((Term("-"), Term("a")))),
        ('"Rolls"-Royce', And((Phrase("Rolls"), Term("-Royce")))),
        ('x"a b', And((Term("x"), Term("a"), Term("b")))),
        ("a OR (b", And((Term("a"), Term("OR"), Term("(b")))),
        ("title:a*", Term("title:a*")),
    ],
)
def test_quotes_minus_and_words_are_all_there_is(text: str, node: Node) -> None:
    assert simple(text) == node


@given(st.text() | st.lists(texts).map(" ".join))
def test_nothing_is_an_error_and_the_tree_is_within_the_limits(text: str) -> None:
    node = simple(text)
    check(node)
    assert parse(show(node)) == node


def test_what_is_over_the_limits_is_left_out() -> None:
    assert len(list(leaves(simple("ab " * 400)))) == 64
    assert simple("a" * 100_000) == Term("a" * 1000)
    assert simple("a" * 998 + " bcd") == Term("a" * 998)
    assert simple("a" * 998 + " b cd") == And((Term("a" * 998), Term("b")))
    assert simple(" " * 100_000) == All()
    assert simple(" " * 1000 + "a") == All()
    assert simple('"' * 100_000) == All()


def test_a_leaf_knows_its_place() -> None:
    text = 'x -"a b" -c'
    places = [text[slice(*leaf.span)] for leaf in leaves(simple(text))]
    assert places == ["x", '-"a b"', "-c"]
