import pytest
from hypothesis import given

from search.query.ast import (
    NOTHING,
    All,
    And,
    Exists,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
)
from search.query.check import MAX_DEPTH, check
from search.query.parser import parse
from search.query.printer import show
from tests.query.trees import trees


@given(trees)
def test_what_is_shown_parses_to_the_same_tree(node: Node) -> None:
    assert parse(show(node)) == node


@given(trees)
def test_every_tree_the_parser_makes_passes_the_check(node: Node) -> None:
    check(parse(show(node)))


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (All(), ""),
        (Term("merger"), "merger"),
        (Term("OR"), r"\OR"),
        (Term("-x"), r"\-x"),
        (Term("foo:bar"), r"foo\:bar"),
        (Term("http://x.y/~u"), "http://x.y/~u"),
        (Term("carbon tax"), r"carbon\ tax"),
        (Term("BP", "company"), "company:BP"),
        (Term('The "Big" Co', "company"), r'company:"The \"Big\" Co"'),
        (Term(" ", "company"), "company:\\ "),
        (Phrase("a b", slop=3), '"a b"~3'),
        (Phrase("a b", "title"), 'title:"a b"'),
        (Prefix("bank", "title"), "title:bank*"),
        (Fuzzy("bank"), "bank~"),
        (Fuzzy("bank", distance=2), "bank~2"),
        (Exists("person"), "person:*"),
        (Or((And((Term("a"), Term("b"))), Term("c"))), "(a b) OR c"),
        (And((Or((Term("a"), Term("b"))), Term("c"))), "(a OR b) c"),
        (Not(And((Term("a"), Term("b")))), "-(a b)"),
        (Not(Phrase("a b")), '-"a b"'),
        (
            And((Term("a", "tag"), Term("b", "tag"), Not(Term("c")))),
            "tag:(a b) -c",
        ),
        (Or((Term("a", "tag"), Not(Term("b", "tag")))), "tag:(a OR -b)"),
        (
            And((Or((Term("a", "tag"), Term("b", "tag"))), Term("c"))),
            "tag:(a OR b) c",
        ),
    ],
)
def test_a_tree_is_shown_as_one_would_write_it(node: Node, text: str) -> None:
    assert show(node) == text
    assert parse(text) == node


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Range("published", 0, 86_400_000), "1970-01-01T00:00:00Z TO 1970-01-02"),
        (Range("published"), "published:[* TO *}"),
        (Range("updated", -(10**18)), "updated:[-1000000000000000000 TO *}"),
        (NOTHING, "-*"),
        (And(()), ""),
        (And((Term("a"), All())), "a *"),
        (And((Term("a"), And(()))), "a *"),
        (And((Term("a"), And((Term("b"),)))), "a b"),
        (Or((Term("a"),)), "a"),
        (Term(""), '""'),
        (Term("", "company"), 'company:""'),
        (Term("bp", "company", exact=True), "company:bp"),
    ],
)
def test_what_no_query_can_say_is_shown_all_the_same(node: Node, text: str) -> None:
    assert text in show(node)


def test_the_deepest_tree_parses_again() -> None:
    node: Node = Term("a", "title")
    for level in range(MAX_DEPTH):
        pair = (Term("b"), node)
        node = And(pair) if level % 2 else Or(pair)
    check(node)
    assert parse(show(node)) == node


def test_a_field_that_is_named_around_is_not_repeated() -> None:
    assert show(Or((Term("a", "tag"), Term("b", "tag"))), "tag") == "a OR b"
