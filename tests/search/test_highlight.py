"""What is marked, and which pieces of a text are shown."""

from html import unescape
from itertools import pairwise

import pytest
from hypothesis import example, given, strategies as st

from search.highlight import LONGEST, highlight, html
from search.matching import text_leaves
from search.query.ast import (
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
from search.request import HighlightRequest
from search.result import Fragment
from search.text import stems, words
from tests.definitions import alignment, brute_force

VOCABULARY = (
    "bank",
    "Banks",
    "tax",
    "taxes",
    "Łódź",
    "ﬁne",
    "東京",
    "½",
    "🙂",
    "<b>",
    "x",
)
PROSE = st.lists(
    st.tuples(
        st.sampled_from(VOCABULARY), st.sampled_from((" ", " ", "", "\n\n", "-"))
    ),
    max_size=60,
).map(lambda pairs: "".join(word + gap for word, gap in pairs))
LEAVES = st.sampled_from(
    (
        *(Term("bank"), Term("lodz"), Term("東京"), Term("x-x"), Phrase("tax bank")),
        *(Phrase("bank tax", slop=3), Phrase("bank bank", slop=1), Prefix("ta")),
        *(Fuzzy("bnak"), Prefix("fi"), Term("b", field="title"), Term("nothing")),
    )
)


def request(size: int = 150, count: int = 3) -> HighlightRequest:
    return HighlightRequest(("body",), size, count)


def found(node: Node, text: str, field: str = "body") -> list[str]:
    fragments = highlight(node, field, text, request(size=1_000_000))
    return [text[start:end] for piece in fragments for start, end in piece.matches]


@pytest.mark.parametrize(
    ("node", "text", "expected"),
    [
        (Term("rate"), "Rates rated rating ration", ["Rates", "rated", "rating"]),
        (Term("AT&T"), "At AT&T they sat at tea", ["AT&T"]),
        (Term("lodz"), "w Łodzi, Łódź i Lo\u0301dź", ["Łódź", "Lo\u0301dź"]),
        (Term("東京"), "本日、東京都で", ["東京"]),
        (Phrase("interest rates"), "interest in an interest rate", ["interest rate"]),
        (Phrase("a c", slop=1), "a b c a b b c", ["a b c"]),
        (Phrase("a b", slop=2), "b a", ["b a"]),
        (Phrase("a b", slop=1), "b a", []),
        (Phrase("a b", slop=2), "a a b", ["a b"]),
        (Phrase("x x", slop=2), "x", []),
        (Prefix("Élec"), "Les élections électriques", ["élections", "électriques"]),
        (Prefix("rates"), "rate", []),
        (Fuzzy("infaltion"), "inflation and inflations", ["inflation"]),
        (Fuzzy("ca", distance=2), "abc ac", ["ac"]),
        (Term("©♭"), "©♭", []),
        (Not(Term("bank")), "bank", []),
        (And((Term("bank"), Not(Term("tax")))), "bank tax", ["bank"]),
        (Or((Term("bank"), Prefix("ta"))), "bank tax", ["bank", "tax"]),
        (Or((Phrase("a b"), Phrase("b c"))), "a b c", ["a b c"]),
        (And((All(), Exists("body"), Range("published"))), "body", []),
        (Term("shell", field="company"), "Shell", []),
    ],
)
def test_what_makes_the_field_match_is_marked(
    node: Node, text: str, expected: list[str]
) -> None:
    assert found(node, text) == expected


def test_a_leaf_marks_its_own_field_only() -> None:
    node = Or((Term("bank", field="title"), Term("tax"), Term("x", field="company")))
    assert found(node, "bank tax x", "title") == ["bank", "tax"]
    assert found(node, "bank tax x", "body") == ["tax"]
    assert list(text_leaves(Term("bank"), "company")) == []


def test_a_short_text_comes_whole() -> None:
    assert highlight(Term("bank"), "title", " A bank! ", request()) == (
        Fragment(0, 9, " A bank! ", ((3, 7),)),
    )


def test_without_a_match_there_is_no_fragment() -> None:
    assert highlight(Term("bank"), "body", "tax " * 100, request()) == ()
    assert highlight(Term("bank"), "body", "", request()) == ()


def test_the_piece_with_most_clauses_is_chosen_and_pieces_stand_in_text_order() -> None:
    text = (
        "bank " + "x " * 200 + "bank tax merger " + "x " * 200 + "tax bank " + "x " * 99
    )
    node = Or((Term("bank"), Term("tax"), Term("merger")))
    (best,) = highlight(node, "body", text, request(count=1))
    assert len(best.matches) == 3
    both = highlight(node, "body", text, request(count=2))
    assert [len(piece.matches) for piece in both] == [3, 2]
    assert len(highlight(node, "body", text, request(count=9))) == 3


def test_a_phrase_that_repeats_itself_does_not_make_one_endless_piece() -> None:
    for piece in highlight(Phrase("a a"), "body", "a " * 500, request(size=40)):
        assert piece.end - piece.start <= 40
        assert piece.matches


@pytest.mark.parametrize("size", range(1, 70))
def test_no_piece_cuts_a_mark_in_two(size: int) -> None:
    text = (
        f"{'w ' * 9}bank of the tax z merger, {'w ' * 9}z merger bank of the tax " * 2
    )
    node = Or((Phrase("bank tax", slop=3), Term("z"), Term("merger")))
    (whole,) = highlight(node, "body", text, request(size=10_000))
    for piece in highlight(node, "body", text, request(size=size, count=4)):
        for start, end in whole.matches:
            inside = piece.start <= start and end <= piece.end
            assert inside is ((start, end) in piece.matches)
            assert inside or end <= piece.start or piece.end <= start


def test_only_the_beginning_of_a_very_long_text_is_looked_at() -> None:
    text = "x " * (LONGEST // 2 - 3) + "bankbankbank bank"
    assert found(Prefix("bank"), text) == []
    (piece,) = highlight(Term("x"), "body", text, request(size=LONGEST, count=1))
    assert piece.end <= LONGEST
    assert piece.more
    assert found(Term("x"), "x" + "-" * LONGEST) == ["x"]


def test_a_text_without_spaces_is_cut_between_its_words() -> None:
    (piece,) = highlight(
        Term("京"), "body", "東" * 99 + "京" + "都" * 99, request(20, 1)
    )
    assert len(piece.text) == 20
    assert "京" in piece.text


def test_html_escapes_everything_but_its_own_marks() -> None:
    text = '<script>alert("x")</script> bank & <b>tax</b>'
    (piece,) = highlight(Term("bank"), "body", text, request())
    assert html(piece) == (
        "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; <em>bank</em> &amp; "
        "&lt;b&gt;tax&lt;/b&gt;"
    )


def test_an_ellipsis_stands_where_the_text_was_cut() -> None:
    text = "one " * 50 + "bank " + "two " * 50
    (piece,) = highlight(Term("bank"), "body", text, request(size=20))
    assert html(piece) == "… one one <em>bank</em> two two …"
    (whole,) = highlight(Term("bank"), "body", "the bank", request())
    assert html(whole) == "the <em>bank</em>"


@given(
    PROSE,
    st.lists(LEAVES, min_size=1, max_size=4),
    st.integers(1, 80),
    st.integers(1, 5),
)
@example("½½", [Term("1"), Term("2")], 1, 5)
def test_fragments_are_apart_in_order_and_exact(
    text: str, leaves: list[Term], size: int, count: int
) -> None:
    pieces = highlight(Or(tuple(leaves)), "body", text, request(size, count))
    assert len(pieces) <= count
    assert all(a.end <= b.start for a, b in pairwise(pieces))
    for piece in pieces:
        assert piece.text == text[piece.start : piece.end]
        assert piece.matches
        places = [place for match in piece.matches for place in match]
        assert places == sorted(places)
        assert piece.start <= places[0]
        assert places[-1] <= piece.end
        longest = max(end - start for start, end in piece.matches)
        assert len(piece.text) <= max(size, longest)
        plain = html(piece).replace("<em>", "").replace("</em>", "")
        assert piece.text in unescape(plain)


@given(PROSE, LEAVES)
def test_something_is_marked_if_and_only_if_the_leaf_matches(
    text: str, leaf: Term | Phrase | Prefix | Fuzzy
) -> None:
    assert bool(found(leaf, text)) is (leaf.field is None and matches(leaf, text))


def matches(leaf: Term | Phrase | Prefix | Fuzzy, text: str) -> bool:
    match leaf:
        case Prefix(start):
            return any(word.startswith(start) for word in words(text))
        case Fuzzy(wanted):
            return any(alignment(wanted, word) <= 1 for word in words(text))
        case Term(phrase) | Phrase(phrase):
            slop = leaf.slop if isinstance(leaf, Phrase) else 0
            have, want = stems(text), stems(phrase)
            places = [[i for i, w in enumerate(have) if w == one] for one in want]
            return bool(want) and bool(brute_force(places, slop))
