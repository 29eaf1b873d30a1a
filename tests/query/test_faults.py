import pytest

from search.catalog import FACET_FIELDS
from search.errors import (
    QueryError,
    QueryMisuseError,
    QuerySyntaxError,
    QueryTooComplexError,
    UnknownFieldError,
)
from search.query.check import MAX_CHARACTERS, MAX_CLAUSES, MAX_DEPTH
from search.query.parser import parse


def fault(text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "marked", "suggestion"),
    [
        ('merger "carbon tax', '"', 'merger "carbon tax"'),
        ("“carbon tax", "“", '“carbon tax"'),
        ('a "b\\', '"', 'a "b"'),
        ('a "', '"', "a"),
        ('"', '"', None),
        ('"" a', '""', "a"),
        ('" "', '" "', None),
        ("(a OR b", "(", "(a OR b)"),
        ("((a) (b", "(", "((a) (b))"),
        ("a)", ")", "a"),
        (")", ")", None),
        ("()", "()", None),
        ("a ( ) b", "( )", "a b"),
        ("AND AND", "AND", "and and"),
        ("AND a", "AND", "a"),
        ("a AND", "AND", "a"),
        ("a AND OR b", "OR", "a AND b"),
        ("a OR OR b", "OR", "a OR b"),
        ("a OR )", "OR", "a"),
        ("(a NOT) b", "NOT", "(a ) b"),
        ("NOT", "NOT", "not"),
        ("-OR", "OR", "-or"),
        ("a && b", "&&", "a AND b"),
        ("a || b", "||", "a OR b"),
        ("title:", "title:", "title:*"),
        ("a title: b", "title:", "a title:b"),
        ("(title:)", "title:", "(title:* )"),
        ("title:-a", "-", "-title:a"),
        ("title:(a body:b)", "body:", "title:(a b)"),
        ('"a b"~', "~", '"a b"~5'),
        ('"a b"~x', "~x", '"a b"~5'),
        ('"a b" ~3', "~3", '"a b"~3'),
        ("~3", "~3", r"\~3"),
        ("bank~1.5", "~1.5", "bank~"),
        ("bank~*", "bank~*", "bank~"),
        ("bank~~", "bank~~", "bank~"),
    ],
)
def test_a_fault_of_syntax_has_a_place_and_a_suggestion(
    text: str, marked: str, suggestion: str | None
) -> None:
    error = fault(text)
    assert type(error) is QuerySyntaxError
    assert text[error.start : error.end] == marked
    assert error.suggestion == suggestion


@pytest.mark.parametrize(
    ("text", "marked", "suggestion"),
    [
        ("titl:a b", "titl", "title:a b"),
        ("compnay:BP", "compnay", "company:BP"),
        ("companies:BP", "companies", "company:BP"),
        ("people:Merkel", "people", "person:Merkel"),
        ("a foo:bar", "foo", 'a "foo:bar"'),
        ('foo:"b c"', "foo", 'foo "b c"'),
        ("foo:(b c)", "foo", "foo (b c)"),
        ("foo:bar (b", "foo", '"foo:bar" (b)'),
        ("titl:()", "titl", "title:*"),
    ],
)
def test_an_unknown_field_is_named_with_the_nearest(
    text: str, marked: str, suggestion: str | None
) -> None:
    error = fault(text)
    assert type(error) is UnknownFieldError
    assert text[error.start : error.end] == marked
    assert error.suggestion == suggestion
    assert all(field in error.detail for field in FACET_FIELDS)


@pytest.mark.parametrize(
    ("text", "marked", "suggestion"),
    [
        ("a *", "*", "a"),
        ("*", "*", None),
        ("***", "***", None),
        ("title:***", "***", "title:*"),
        ("*bank", "*bank", "bank"),
        ("ba*nk", "ba*nk", "ba*"),
        ("b*nk", "b*nk", "b"),
        ("bank**", "bank**", "bank*"),
        ("e-mail*", "e-mail*", "e-mail"),
        ("AT&T~", "AT&T~", "AT&T"),
        ("company:B*", "company:B*", "company:B"),
        ("company:(a BP~)", "BP~", "company:(a BP)"),
        ('company:"B P"~2', 'company:"B P"~2', 'company:"B P"'),
        ("published:2024", "published", None),
        ("url:http://x", "url", None),
        ("published_at:2024", "published_at", None),
    ],
)
def test_a_misuse_says_where_and_what_would_work(
    text: str, marked: str, suggestion: str | None
) -> None:
    error = fault(text)
    assert type(error) is QueryMisuseError
    assert text[error.start : error.end] == marked
    assert error.suggestion == suggestion


@pytest.mark.parametrize(
    ("text", "marked", "suggestion"),
    [
        ("a b*", "b*", "a b"),
        ("é*", "é*", "é"),
        ("title:b*", "title:b*", "title:b"),
        ("&*", "&*", None),
        ("bank~3", "bank~3", "bank~2"),
        ('"a b"~11', '"a b"~11', '"a b"~10'),
        ('"a b"~' + "9" * 900, '"a b"~' + "9" * 900, '"a b"~10'),
        ("(" * 21 + "a" + ")" * 21, "(", None),
        ("NOT " * 21 + "a", "NOT", None),
        ("-" * 21 + "a", "-", None),
        ("x " * 65, "x", None),
    ],
)
def test_a_limit_says_where_it_is_passed(
    text: str, marked: str, suggestion: str | None
) -> None:
    error = fault(text)
    assert type(error) is QueryTooComplexError
    assert text[error.start : error.end] == marked
    assert error.suggestion == suggestion


def test_a_query_may_have_1000_characters_and_no_more() -> None:
    parse("x" * MAX_CHARACTERS)
    error = fault("x" * (MAX_CHARACTERS + 1))
    assert (error.start, error.end) == (1000, 1001)
    assert "1,001" in error.detail


def test_a_query_may_have_64_words_and_no_more() -> None:
    parse("x " * MAX_CLAUSES)
    assert fault("x " * (MAX_CLAUSES + 1)).start == 2 * MAX_CLAUSES


def test_parentheses_may_be_20_deep_and_no_more() -> None:
    parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH)
    assert fault("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1)).start == 20


def test_levels_that_need_no_parentheses_count_too() -> None:
    text = "a"
    for _ in range(11):
        text = f"(b OR c {text})"
    assert "deep" in fault(text).detail


def test_the_sentence_of_an_error_is_its_text() -> None:
    assert str(fault("AND a")).startswith("A word is missing before AND.")
