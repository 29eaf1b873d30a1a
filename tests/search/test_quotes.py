"""Quotes: every match, with offsets that cut it out of the text."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from search.matching import Tokens, text_leaves
from search.query.ast import NOTHING, And, Node, Not, Or, Phrase, Prefix, Term
from search.quotes import Quote, places, quotes
from tests.corpus import GAPS, WORDS
from tests.questions import nodes

TEXTS = st.lists(
    st.tuples(
        st.sampled_from((*WORDS, "👩‍👩‍👧 tax", "e\u0301tat")), st.sampled_from(GAPS)
    ),
    max_size=30,
).map(lambda pairs: "".join(word + gap for word, gap in pairs))


def found(node: Node, text: str, width: int = 20) -> list[Quote]:
    return list(quotes(node, {"body": text}, width))


def shown(node: Node, text: str, width: int = 20) -> list[tuple[str, str, str]]:
    return [(one.left, one.match, one.right) for one in found(node, text, width)]


@given(nodes(), TEXTS, st.integers(10, 60))
def test_offsets_cut_the_match_and_its_surroundings(
    node: Node, text: str, width: int
) -> None:
    for one in found(node, text, width):
        assert text[one.start : one.end] == one.match != ""
        assert text[: one.start].endswith(one.left)
        assert text[one.end :].startswith(one.right)
        assert len(one.left) <= width
        assert len(one.right) <= width
        for edge in (one.match, one.left, one.right):
            assert not edge or not unicodedata.combining(edge[0]) or edge is one.right


@given(nodes(), TEXTS)
def test_every_match_is_in_exactly_one_quote_and_none_overlap(
    node: Node, text: str
) -> None:
    made = [(one.start, one.end) for one in found(node, text)]
    assert all(one[1] <= two[0] for one, two in pairwise(made))
    tokens = Tokens(text)
    for leaf in text_leaves(node, "body"):
        for start, end in tokens.places(leaf):
            assert sum(low <= start and end <= high for low, high in made) == 1


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("🙂🙂 The 👩‍👩‍👧 tax 🙂", "tax"),
        ("Une e\u0301tude: l'e\u0301tat du pe\u0301trole", "pe\u0301trole"),
        ("Ján Novák und Nova\u0301k", "Novák"),
        ("東京都の京都市", "東京"),
    ],
)
def test_emoji_and_combining_marks_move_no_offset(text: str, match: str) -> None:
    node = Phrase(match) if match == "東京" else Term(match)
    [first, *rest] = found(node, text)
    assert (first.match, text[first.start : first.end]) == (match, match)
    assert [text[one.start : one.end] for one in rest] == [one.match for one in rest]


def test_words_are_found_by_stem_phrases_whole_and_prefixes_to_their_end() -> None:
    text = "Two mergers: the carbon tax merger, and carbonated water."
    assert shown(Term("merger"), text, 5) == [
        ("Two ", "mergers", ": the"),
        ("tax ", "merger", ", and"),
    ]
    [(_, match, _)] = shown(Phrase("carbon tax"), text)
    assert match == "carbon tax"
    assert [match for _, match, _ in shown(Prefix("carb"), text)] == [
        *("carbon", "carbonated"),
    ]


def test_what_is_asked_not_to_be_there_is_not_quoted() -> None:
    node = And((Term("tax"), Not(Term("levy")), Term("energy", "tag")))
    assert [one.match for one in found(node, "A levy is a tax.")] == ["tax"]
    assert found(NOTHING, "A levy is a tax.") == []
    assert list(quotes(Term("tax", "title"), {"body": "tax", "title": None}, 9)) == []


def test_matches_over_one_another_are_one_and_side_by_side_are_two() -> None:
    node = Or((Phrase("carbon tax"), Phrase("tax levy"), Term("carbon")))
    assert [one.match for one in found(node, "a carbon tax levy")] == [
        "carbon tax levy"
    ]
    assert [one.match for one in found(Term("tax"), "tax tax")] == ["tax", "tax"]


def test_surroundings_are_whole_words_where_there_are_spaces() -> None:
    text = "everything before the tax behind everything"
    assert shown(Term("tax"), text, 10) == [("the ", "tax", " behind")]
    assert shown(Term("tax"), text, 100) == [
        ("everything before the ", "tax", " behind everything")
    ]
    solid = "é" * 40
    [(left, _, right)] = shown(Term("tax"), f"{solid}-tax-{solid}", 10)
    assert (len(left), len(right)) == (10, 10)
    marks = "e\u0301" * 40
    [(left, _, right)] = shown(Term("tax"), f"{marks}-tax-{marks}", 10)
    assert left[0] == "e"
    assert right[-1] == "\u0301"


def test_a_long_text_is_looked_at_to_its_end() -> None:
    words = ("lorem ipsum dolor " * 20_000) + "the carbon tax"
    [one] = found(Phrase("carbon tax"), words)
    assert (one.end, one.match) == (len(words), "carbon tax")


@pytest.mark.parametrize("gap", [" ", "\n"])
def test_matches_at_every_edge_of_the_pieces_are_found_once(gap: str) -> None:
    text = gap.join(["carbon tax"] * 12_000)
    made = list(places(Phrase("carbon tax"), "body", text))
    assert [text[start:end] for start, end in made] == ["carbon tax"] * 12_000


@pytest.mark.parametrize("sign", ["東", "ก\u0e49", "e\u0301-"])
def test_a_piece_without_spaces_is_not_cut_between_a_letter_and_its_mark(
    sign: str,
) -> None:
    text = "lorem " * 15_000 + sign * 12_000
    made = list(places(Term(sign), "body", text))
    assert len(made) == 12_000
    assert {text[start:end] for start, end in made} == {sign.rstrip("-")}
