import pytest
from hypothesis import given

from search.errors import (
    QueryError,
    QueryMisuseError,
    QueryTooComplexError,
    UnknownFieldError,
)
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
from search.query.check import check, leaves, simplify
from search.text import words
from tests.query.trees import trees

A, B, SIGN = Term("a"), Term("b"), Term("©")
NAMELESS = Term("♥", "company")


@pytest.mark.parametrize(
    "node",
    [
        All(),
        NOTHING,
        And(()),
        Term("a"),
        Term("a", "title"),
        Term("a", "company"),
        Phrase("a b", slop=10),
        Prefix("ab"),
        Fuzzy("a", distance=2),
        Exists("person"),
        Range("published", 0, 1),
    ],
)
def test_what_engines_can_do_passes(node: Node) -> None:
    check(node)


@pytest.mark.parametrize(
    ("node", "error"),
    [
        (Term("a", "foo"), UnknownFieldError),
        (Term("a", ""), UnknownFieldError),
        (Term("a", "published"), QueryMisuseError),
        (Term("a", "url"), QueryMisuseError),
        (Exists("published"), QueryMisuseError),
        (Exists("foo"), UnknownFieldError),
        (Range("foo"), UnknownFieldError),
        (Prefix("ab", "company"), QueryMisuseError),
        (Fuzzy("ab", "company"), QueryMisuseError),
        (Phrase("ab", "company"), QueryMisuseError),
        (Prefix("a-b"), QueryMisuseError),
        (Fuzzy("a-b"), QueryMisuseError),
        (Prefix("a"), QueryTooComplexError),
        (Prefix("©"), QueryTooComplexError),
        (Fuzzy("a", distance=3), QueryTooComplexError),
        (Fuzzy("a", distance=-1), QueryTooComplexError),
        (Phrase("a b", slop=11), QueryTooComplexError),
        (Phrase("a b", slop=-1), QueryTooComplexError),
        (Term("a" * 1001), QueryTooComplexError),
        (Or((A,) * 65), QueryTooComplexError),
    ],
)
def test_what_engines_cannot_do_is_refused(node: Node, error: type[QueryError]) -> None:
    with pytest.raises(error) as caught:
        check(Not(node))
    assert (caught.value.start, caught.value.end) == (None, None)


def nested(levels: int, node: Node) -> Node:
    for _ in range(levels):
        node = Not(node)
    return node


@pytest.mark.parametrize("node", [Term("a", span=(3, 4)), All(), And(()), Or((A,))])
def test_a_tree_from_elsewhere_may_be_20_deep_and_no_more(node: Node) -> None:
    with pytest.raises(QueryTooComplexError) as caught:
        check(nested(5_000, node))
    expected = (3, 4) if isinstance(node, Term) else (None, None)
    assert (caught.value.start, caught.value.end) == expected
    check(nested(19, node))


@pytest.mark.parametrize(
    ("node", "rest", "texts"),
    [
        (All(), All(), ()),
        (A, A, ()),
        (SIGN, NOTHING, ("©",)),
        (Not(SIGN), NOTHING, ("©",)),
        (And((SIGN, Phrase("♭ ♭"))), NOTHING, ("©", "♭ ♭")),
        (Or((SIGN, Not(SIGN))), NOTHING, ("©", "©")),
        (And((A, SIGN)), A, ("©",)),
        (Or((A, Not(SIGN))), A, ("©",)),
        (And((A, Or((SIGN, SIGN)))), A, ("©", "©")),
        (And((A, Not(Fuzzy("&")), B)), And((A, B)), ("&",)),
        (And((A, Exists("title"), SIGN)), And((A, Exists("title"))), ("©",)),
        (And((SIGN, All())), NOTHING, ("©",)),
        (And(()), All(), ()),
        (Or(()), NOTHING, ()),
        (And((A,)), A, ()),
        (And((A, And((B, And((A,)))))), And((A, B, A)), ()),
        (Or((A, Or((B, A)))), Or((A, B, A)), ()),
        (Not(Not(A)), A, ()),
        (Not(All()), NOTHING, ()),
        (Or((A, All())), All(), ()),
        (NAMELESS, NOTHING, ("♥",)),
        (Not(NAMELESS), NOTHING, ("♥",)),
        (And((A, NAMELESS)), NOTHING, ("♥",)),
        (Or((A, NAMELESS)), A, ("♥",)),
        (And((A, Not(NAMELESS))), A, ("♥",)),
    ],
)
def test_leaves_without_a_word_are_left_out_and_told(
    node: Node, rest: Node, texts: tuple[str, ...]
) -> None:
    assert simplify(node) == (rest, texts)


@given(trees)
def test_a_simplified_query_has_only_leaves_with_words(node: Node) -> None:
    rest, _ = simplify(node)
    texts = [getattr(leaf, "text", "word") for leaf in leaves(rest)]
    assert all(words(text) for text in texts)
    assert simplify(rest) == (rest, ())


@given(trees)
def test_a_query_in_which_every_leaf_has_a_word_stays_as_it_is(node: Node) -> None:
    rest, wordless = simplify(node)
    assert (rest == node) == (not wordless)


def test_a_query_of_nothing_but_signs_never_finds_everything() -> None:
    assert simplify(Not(And((SIGN, Not(SIGN)))))[0] == NOTHING
