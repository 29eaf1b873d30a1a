"""From characters to tokens: every sign of the query language is known here.

A word ends at a space, a quote or a parenthesis. A backslash makes the character behind
it plain. `-`, `+` and `field:` mean something only where a word can start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from search.catalog import BY_KEY, FIELDS, QUERY_FIELDS
from search.errors import QueryError, QueryMisuseError, QuerySyntaxError
from search.query.unknown import likely, unknown

QUOTES = '"“”„‟«»＂'
_SPACE = re.compile(r"\s*")
_WORD = re.compile(rf"(?:\\.|[^\s()\\{QUOTES}]|\\\Z)+", re.DOTALL)
_UNIT = re.compile(r"\\.|.", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_FIELD = re.compile(r"([^\W\d]\w*):")
_PREFIX = re.compile(r"((?:\\.|[^\\])*)\*", re.DOTALL)
_FUZZY = re.compile(r"((?:\\.|[^\\])*)~([0-9.]*)", re.DOTALL)
_STRAIGHT = re.compile(r'(?:\\.|[^\\"])*"', re.DOTALL)
_CURLY = re.compile(rf"(?:\\.|[^\\{QUOTES}])*[{QUOTES}]", re.DOTALL)
_SLOP = re.compile(r"~([^\s()]*)")


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    PREFIX = "word*"
    FUZZY = "word~"
    ANY = "*"
    PHRASE = "phrase"
    FIELD = "field:"
    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    PLUS = "+"
    END = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the query from `start` to `end`.

    `text`: a word or phrase without its signs and escapes, or the name of a field.
    `number`: what stood behind ~.
    """

    kind: Kind
    start: int
    end: int
    text: str = ""
    number: int | None = None


OPERATORS = {"AND": Kind.AND, "OR": Kind.OR, "NOT": Kind.NOT}
_FOREIGN = {"&&": "AND", "||": "OR"}
_SIGNS = {"-": Kind.NOT, "+": Kind.PLUS}
_PARENTHESES = {"(": Kind.OPEN, ")": Kind.CLOSE}


def lex(text: str) -> list[Token]:
    """Return the tokens of the text, the last one END; raises QueryError."""
    found: list[Token] = []
    before = None
    at = _after_space(text, 0)
    while at < len(text):
        before = _token(text, at, before)
        found.append(before)
        at = _after_space(text, before.end)
    return [*found, Token(Kind.END, len(text), len(text))]


def spliced(text: str, start: int, end: int, new: str) -> str:
    """Return the text with `new` in the place from `start` to `end`."""
    head, tail = text[:start], text[end:]
    if not new and (not head or head[-1:].isspace()):
        tail = tail.lstrip()
    return (head + new + tail).strip()


def plain(text: str) -> str:
    """Return the text without the backslashes that protect."""
    return _ESCAPE.sub(r"\1", text)


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _token(text: str, at: int, before: Token | None) -> Token:
    char = text[at]
    if char in _PARENTHESES:
        return Token(_PARENTHESES[char], at, at + 1)
    if char in QUOTES:
        return _phrase(text, at)
    if before is not None and before.kind is Kind.FIELD:
        return _word(text, at, value=True)
    if char in _SIGNS and _is_sign(text, at, before):
        return Token(_SIGNS[char], at, at + 1)
    return _field(text, at) or _word(text, at, value=False)


def _is_sign(text: str, at: int, before: Token | None) -> bool:
    if _is_end(text, at + 1):
        return False
    if before is None or before.end < at or before.kind in (Kind.OPEN, Kind.CLOSE):
        return True
    return before.kind in _SIGNS.values()


def _is_end(text: str, at: int) -> bool:
    return at >= len(text) or text[at].isspace() or text[at] == ")"


def _field(text: str, at: int) -> Token | None:
    match = _FIELD.match(text, at)
    if match is None:
        return None
    name, end = match[1].casefold(), match.end()
    if name in QUERY_FIELDS:
        _check_value(text, at, end)
        return Token(Kind.FIELD, at, end, name)
    if _is_end(text, end) or text.startswith("//", end):
        return None
    if name in FIELDS or name in BY_KEY or name.isalpha():
        raise _unknown(text, at, end, name)
    return None


def _check_value(text: str, start: int, end: int) -> None:
    if _is_end(text, end):
        value = _after_space(text, end)
        gap = value > end and not _is_end(text, value)
        raise QuerySyntaxError(
            f"Nothing follows {text[start:end]} Write the word right behind the colon.",
            start,
            end,
            spliced(text, end, value, "" if gap else "* "),
        )
    if text[end] == "-" and not _is_end(text, end + 1):
        raise QuerySyntaxError(
            f"The minus stands before the field: -{text[start:end]}…",
            end,
            end + 1,
            spliced(text, start, end + 1, "-" + text[start:end]),
        )


def _unknown(text: str, start: int, end: int, name: str) -> QueryError:
    fault = unknown(name, start, end - 1)
    word = _WORD.match(text, start)
    if (meant := likely(name)) is not None:
        fault.suggestion = spliced(text, start, end - 1, meant)
    elif isinstance(fault, QueryMisuseError):
        return fault
    elif word is not None and word.end() > end:
        fault.suggestion = spliced(text, *word.span(), f'"{plain(word[0])}"')
    else:
        fault.suggestion = spliced(text, end - 1, end, " ")
    return fault


def _phrase(text: str, at: int) -> Token:
    end = _closing(text, at)
    content = plain(text[at + 1 : end])
    if not content.strip():
        raise QuerySyntaxError(
            "There is nothing between the quotes. Write a phrase, or remove them.",
            at,
            end + 1,
            spliced(text, at, end + 1, ""),
        )
    slop = _SLOP.match(text, end + 1)
    if slop is None:
        return Token(Kind.PHRASE, at, end + 1, content)
    return Token(Kind.PHRASE, at, slop.end(), content, _slop(text, slop))


def _closing(text: str, at: int) -> int:
    # Straight closes straight, if it can; otherwise what autocorrect made of it does.
    straight = _STRAIGHT.match(text, at + 1) if text[at] == '"' else None
    match = straight or _CURLY.match(text, at + 1)
    if match:
        return match.end() - 1
    raise QuerySyntaxError(
        'Unclosed quote. Write the closing " where the phrase ends.',
        at,
        at + 1,
        text.rstrip().removesuffix("\\") + '"',
    )


def _slop(text: str, match: re.Match[str]) -> int:
    if match[1].isascii() and match[1].isdecimal():
        return int(match[1])
    raise QuerySyntaxError(
        "After ~ goes a number: how many words may stand between, as in ~5.",
        *match.span(),
        spliced(text, *match.span(), "~5"),
    )


def _word(text: str, at: int, *, value: bool) -> Token:
    match = _WORD.match(text, at)
    end = match.end() if match else at + 1
    raw = text[at:end]
    if not value and raw in OPERATORS:
        return Token(OPERATORS[raw], at, end)
    if not value and raw in _FOREIGN:
        raise QuerySyntaxError(
            f"{raw} means nothing here. Write {_FOREIGN[raw]}.",
            at,
            end,
            spliced(text, at, end, _FOREIGN[raw]),
        )
    if raw == "*":
        return Token(Kind.ANY, at, end)
    return _signed_word(text, at, raw)


def _signed_word(text: str, at: int, raw: str) -> Token:
    kind, body, number = Kind.WORD, raw, None
    if fuzzy := _FUZZY.fullmatch(raw):
        kind, body = Kind.FUZZY, fuzzy[1]
        number = _distance(text, at, fuzzy)
    elif prefix := _PREFIX.fullmatch(raw):
        kind, body = Kind.PREFIX, prefix[1]
    units = _UNIT.findall(body)
    if "*" in units or not units:
        raise _wildcard(text, at, raw)
    if kind is not Kind.WORD and units[-1] == "~":
        raise QuerySyntaxError(
            "A word takes one * or one ~. Leave the other out.",
            at,
            at + len(raw),
            spliced(text, at, at + len(raw), body),
        )
    return Token(kind, at, at + len(raw), plain(body), number)


def _distance(text: str, at: int, match: re.Match[str]) -> int:
    start, end = at + match.start(2) - 1, at + match.end()
    if not match[1]:
        raise QuerySyntaxError(
            "~ stands right behind a word or a phrase, without a space.",
            start,
            end,
            text[:start].rstrip() + text[start:] if start else None,
        )
    if match[2] and not match[2].isdecimal():
        raise QuerySyntaxError(
            "After ~ goes how many letters may differ: ~1 or ~2.",
            start,
            end,
            spliced(text, start, end, "~"),
        )
    return int(match[2] or 1)


def _wildcard(text: str, at: int, raw: str) -> QueryError:
    end = at + len(raw)
    if raw.startswith("*"):
        detail = "A * cannot start a word. Write the beginning of the word before it."
        rest = raw.lstrip("*")
    else:
        detail = "A * can only end a word. Write what stands before it, and one *."
        rest = raw[: raw.index("*")] + "*"
    return QueryMisuseError(detail, at, end, spliced(text, at, end, rest))
