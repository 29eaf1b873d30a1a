import pytest
from hypothesis import given, strategies as st

from search.catalog import QUERY_FIELDS
from search.query.ast import (
    All,
    And,
    Exists,
    Fuzzy,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
    scores,
)
from search.query.check import check_leaf
from search.query.repair import allowed

WORD, NAME = Term("a"), Term("a", "company")


def test_where_a_leaf_stands_does_not_make_it_another() -> None:
    assert Term("a", span=(0, 1)) == Term("a", span=(5, 6))


@pytest.mark.parametrize(
    "node",
    [WORD, Term("a", "title"), Phrase("a b"), And((NAME, WORD)), Or((NAME, WORD))],
)
def test_words_and_phrases_score(node: Node) -> None:
    assert scores(node)


@pytest.mark.parametrize(
    "node",
    [All(), NAME, Prefix("ab"), Fuzzy("ab"), Exists("title"), Not(WORD), And(())],
)
def test_everything_else_only_restricts(node: Node) -> None:
    assert not scores(node)


fields = st.sampled_from(QUERY_FIELDS)
texts = st.sampled_from(["bank", "b", "e-mail", "©"])
doubtful: st.SearchStrategy[Leaf] = st.one_of(
    st.builds(Term, texts, fields),
    st.builds(Phrase, texts, fields, st.integers(-5, 50)),
    st.builds(Prefix, texts, fields),
    st.builds(Fuzzy, texts, fields, st.integers(-5, 9)),
    st.builds(Exists, fields),
    st.just(Range("published")),
)


@given(doubtful)
def test_a_repaired_leaf_is_allowed(leaf: Leaf) -> None:
    check_leaf(allowed(leaf))
