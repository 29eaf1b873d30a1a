import pytest

from search.catalog import FACET_FIELDS, TEXT_FIELDS
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
    Term,
)
from search.query.check import leaves
from search.query.parser import parse

A, B, C, D = Term("a"), Term("b"), Term("c"), Term("d")


@pytest.mark.parametrize("text", ["", " ", "\t\n ", "\u3000"])
def test_an_empty_query_is_everything(text: str) -> None:
    assert parse(text) == All()


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a b OR c d", Or((And((A, B)), And((C, D))))),
        ("a (b OR c) d", And((A, Or((B, C)), D))),
        ("NOT a b", And((Not(A), B))),
        ("a NOT b", And((A, Not(B)))),
        ("a OR NOT b", Or((A, Not(B)))),
        ("-(a OR b)", Not(Or((A, B)))),
        ("(a OR b)-c", And((Or((A, B)), Not(C)))),
        ("-a", Not(A)),
        ("+a -b", And((A, Not(B)))),
        ("+-a", Not(A)),
        ("-+a", Not(A)),
        ("a (b c)", And((A, B, C))),
        ("a OR (b OR c)", Or((A, B, C))),
        ("((a))", A),
        ("NOT NOT a", A),
        ("--a", A),
        ("NOT -NOT a", Not(A)),
    ],
)
def test_not_binds_before_and_before_or(text: str, node: Node) -> None:
    assert parse(text) == node


@pytest.mark.parametrize(
    ("text", "leaf"),
    [
        ("and", Term("and")),
        ("Or", Term("Or")),
        ("ORB", Term("ORB")),
        ("AT&T", Term("AT&T")),
        ("C++", Term("C++")),
        ("e-mail", Term("e-mail")),
        ("O'Brien", Term("O'Brien")),
        ("who?", Term("who?")),
        ("10:30", Term("10:30")),
        ("https://x.y/~z", Term("https://x.y/~z")),
        ("covid19:x", Term("covid19:x")),
        ("Breaking:", Term("Breaking:")),
        ("©♭", Term("©♭")),
        ("|", Term("|")),
        ("-", Term("-")),
        ("+", Term("+")),
        (r"\OR", Term("OR")),
        (r"\-a", Term("-a")),
        (r"foo\:bar", Term("foo:bar")),
        (r"a\ b", Term("a b")),
        (r"a\*", Term("a*")),
        (r"a\~", Term("a~")),
        (r"a\\", Term("a\\")),
        ("a\\", Term("a\\")),
        ("مرحبا", Term("مرحبا")),
    ],
)
def test_a_word_stays_as_it_was_written(text: str, leaf: Leaf) -> None:
    assert parse(text) == leaf


@pytest.mark.parametrize(
    "text",
    [
        '"carbon tax"',
        "“carbon tax”",
        "„carbon tax“",
        "«carbon tax»",
        "»carbon tax«",
        '"carbon tax”',
        '“carbon tax"',
        "＂carbon tax＂",
        '"carbon tax"~0',
    ],
)
def test_every_kind_of_double_quote_makes_a_phrase(text: str) -> None:
    assert parse(text) == Phrase("carbon tax")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ('"a b"~5', Phrase("a b", slop=5)),
        ('"he said “no” twice"', Phrase("he said “no” twice")),
        (r'"a \"b\" c"', Phrase('a "b" c')),
        ('"a b"c', And((Phrase("a b"), C))),
        ('"Rolls"-Royce', And((Phrase("Rolls"), Term("-Royce")))),
        ('"a b"(c)', And((Phrase("a b"), C))),
        ("bank*", Prefix("bank")),
        ("#bank*", Prefix("bank")),
        ("œu*", Prefix("œu")),
        ("bank~", Fuzzy("bank", distance=1)),
        ("bank~0", Fuzzy("bank", distance=0)),
        ("bank~2", Fuzzy("bank", distance=2)),
        ("(bank~2)", Fuzzy("bank", distance=2)),
    ],
)
def test_signs_behind_words_and_phrases(text: str, node: Node) -> None:
    assert parse(text) == node


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("title:a", Term("a", "title")),
        ("TITLE:a", Term("a", "title")),
        ('title:"a b"~2', Phrase("a b", "title", 2)),
        ("title:bank*", Prefix("bank", "title")),
        ("title:bank~", Fuzzy("bank", "title")),
        ("title:*", Exists("title")),
        ("title:(*)", Exists("title")),
        ("company:*", Exists("company")),
        ("company:BP", Term("BP", "company")),
        ('company:"British Petroleum"', Term("British Petroleum", "company")),
        ("company:«BP»", Term("BP", "company")),
        ("title:OR", Term("OR", "title")),
        ("title:a:b", Term("a:b", "title")),
        ("title:http://x", Term("http://x", "title")),
        ("title:-", Term("-", "title")),
        ("-title:a", Not(Term("a", "title"))),
        ("title:(a OR b)", Or((Term("a", "title"), Term("b", "title")))),
        ("title:(a -b)", And((Term("a", "title"), Not(Term("b", "title"))))),
        ("title:(a) b", And((Term("a", "title"), B))),
        ("company:BP a", And((Term("BP", "company"), A))),
        (r"\title:a", Term("title:a")),
        ('"title:a"', Phrase("title:a")),
    ],
)
def test_a_field_is_for_what_stands_right_behind_it(text: str, node: Node) -> None:
    assert parse(text) == node


@pytest.mark.parametrize("field", TEXT_FIELDS)
def test_a_phrase_in_a_text_field_is_a_phrase(field: str) -> None:
    assert parse(f'{field}:"x"') == Phrase("x", field)


@pytest.mark.parametrize("field", FACET_FIELDS)
def test_a_phrase_in_a_facet_field_is_a_name(field: str) -> None:
    assert parse(f'{field}:"x"') == Term("x", field)


def test_a_leaf_knows_its_place() -> None:
    text = 'merger title:bank* company:(BP OR "Shell plc") -"a b"~2'
    places = [text[slice(*leaf.span)] for leaf in leaves(parse(text))]
    assert places == ["merger", "title:bank*", "BP", '"Shell plc"', '"a b"~2']


def test_half_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert parse("a\ud83d") == Term("a?")
