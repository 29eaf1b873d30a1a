"""From text to tree: `parse` for the whole language, `simple` for search boxes.

query  = every {"OR" every}
every  = factor {["AND"] factor}
factor = {"NOT" | "-" | "+"} (leaf | [field] "(" query ")")
leaf   = [field] (word | word"*" | word"~" [n] | phrase ["~" n]) | field "*"
"""

from __future__ import annotations

import re

from search.catalog import FACET_FIELDS
from search.errors import (
    QueryError,
    QueryMisuseError,
    QuerySyntaxError,
    QueryTooComplexError,
)
from search.query.ast import (
    NOTHING,
    All,
    Exists,
    Fuzzy,
    Leaf,
    Node,
    Phrase,
    Prefix,
    Span,
    Term,
)
from search.query.check import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    TOO_DEEP,
    check_leaf,
    measure,
    simplify,
    too_long,
)
from search.query.join import either, every, opposite
from search.query.lexer import OPERATORS, Kind, Token, lex, spliced
from search.query.printer import show
from search.query.repair import allowed
from search.query.simple import encodable, simple
from search.text import spans

__all__ = ["parse", "simple"]

_REPAIRS = 8
_ENDS = {Kind.OR, Kind.CLOSE, Kind.END}
_LEAVES = {Kind.WORD, Kind.PREFIX, Kind.FUZZY, Kind.PHRASE, Kind.ANY}
_OPERATOR = re.compile(rf"\b(?:{'|'.join(OPERATORS)})\b")


def parse(text: str) -> Node:
    """Return the tree of a query; All of an empty one.

    And in And and Or in Or are one, Not of Not is gone. Raises a QueryError with a
    place in the text, and, where one was found, a `suggestion` that `parse` accepts.
    """
    try:
        return _read(text)
    except QueryError as error:
        error.suggestion = _repaired(text, error)
        raise


def _read(text: str) -> Node:
    if len(text) > MAX_CHARACTERS:
        raise QueryTooComplexError(too_long(len(text)), MAX_CHARACTERS, len(text))
    text = encodable(text)
    node = _Parser(text).query()
    measure(node)
    return node


def _repaired(text: str, error: QueryError) -> str | None:
    """Return a text that parses: the error's suggestion, with what it has left repaired."""
    candidate = error.suggestion
    for _ in range(_REPAIRS):
        if not candidate:
            break
        try:
            node, _ = simplify(_read(candidate))
        except QueryError as left:
            candidate = left.suggestion
        else:
            if node != NOTHING:
                return candidate
            break
    return _plainer(text) if isinstance(error, QuerySyntaxError) else None


def _plainer(text: str) -> str | None:
    node, _ = simplify(simple(_OPERATOR.sub(lambda match: match[0].lower(), text)))
    return None if node == NOTHING else show(node) or None


class _Parser:
    """Recursive descent; as deep as `MAX_DEPTH` and no deeper."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = lex(text)
        self._at = 0
        self._open: list[Token] = []
        self._nots = 0
        self._field: str | None = None

    def query(self) -> Node:
        """Return the tree of the whole text."""
        if self._here.kind is Kind.END:
            return All()
        node = self._either()
        if self._here.kind is Kind.CLOSE:
            raise self._fault(
                "There is no ( for this ). Remove it, or open one before.", self._here
            )
        return node

    @property
    def _here(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _either(self) -> Node:
        nodes = [self._every()]
        while self._here.kind is Kind.OR:
            self._take()
            nodes.append(self._every())
        return either(nodes)

    def _every(self) -> Node:
        nodes = [self._factor()]
        while self._here.kind not in _ENDS:
            if self._here.kind is Kind.AND:
                self._take()
            nodes.append(self._factor())
        return every(nodes)

    def _factor(self) -> Node:
        before = self._nots
        while self._here.kind in (Kind.NOT, Kind.PLUS):
            self._nots += self._here.kind is Kind.NOT
            self._check_depth(self._take())
        node = self._operand()
        for _ in range(self._nots - before):
            node = opposite(node)
        self._nots = before
        return node

    def _operand(self) -> Node:
        token = self._here
        match token.kind:
            case Kind.FIELD:
                return self._of_field(self._take())
            case Kind.OPEN:
                return self._group()
            case kind if kind in _LEAVES:
                return self._leaf(self._take(), token.start)
            case _:
                raise self._missing()

    def _of_field(self, token: Token) -> Node:
        if self._field is not None:
            raise self._fault(
                f"{token.text}: stands inside the parentheses of {self._field}: Write "
                "the fields side by side.",
                token,
            )
        self._field = token.text
        try:
            if self._here.kind is Kind.OPEN:
                return self._group()
            return self._leaf(self._take(), token.start)
        finally:
            self._field = None

    def _group(self) -> Node:
        self._open.append(self._take())
        self._check_depth(self._open[-1])
        node = self._either()
        if self._here.kind is not Kind.CLOSE:
            raise QuerySyntaxError(
                "Unclosed parenthesis. Write the closing ) where the group ends.",
                self._open[-1].start,
                self._open[-1].end,
                self._text + ")" * len(self._open),
            )
        self._take()
        self._open.pop()
        return node

    def _check_depth(self, token: Token) -> None:
        if len(self._open) + self._nots > MAX_DEPTH:
            raise QueryTooComplexError(TOO_DEEP, token.start, token.end)

    def _leaf(self, token: Token, start: int) -> Node:
        if token.kind is Kind.ANY and self._field is None:
            raise QueryMisuseError(
                "A * alone stands for nothing. Write the beginning of a word before it, "
                "or the name of a field and a colon.",
                token.start,
                token.end,
                spliced(self._text, token.start, token.end, ""),
            )
        leaf = _leaf(token, self._field, (start, token.end))
        try:
            check_leaf(leaf)
        except QueryError as error:
            around = self._field if start == token.start else None
            new = show(allowed(leaf), around)
            error.suggestion = spliced(self._text, start, token.end, new)
            raise
        return leaf

    def _missing(self) -> QueryError:
        """Return the error of a place where a word or a group should be."""
        here, before = self._here, self._tokens[self._at - 1] if self._at else None
        if before is not None and here.kind in (Kind.CLOSE, Kind.END):
            if before.kind is Kind.OPEN and here.kind is Kind.CLOSE:
                return QuerySyntaxError(
                    "There is nothing in the parentheses. Write a word, or remove them.",
                    before.start,
                    here.end,
                    spliced(self._text, before.start, here.end, ""),
                )
            return self._fault(
                f"Nothing follows {self._written(before)}. Write a word behind it, or "
                "remove it.",
                before,
            )
        return self._fault(
            f"A word is missing before {self._written(here)}. Write one, or remove "
            f"{self._written(here)}.",
            here,
        )

    def _written(self, token: Token) -> str:
        return self._text[token.start : token.end]

    def _fault(self, detail: str, token: Token) -> QueryError:
        rest = spliced(self._text, token.start, token.end, "")
        return QuerySyntaxError(detail, token.start, token.end, rest)


def _leaf(token: Token, field: str | None, span: Span) -> Leaf:
    number = token.number or 0
    match token.kind:
        case Kind.ANY if field is not None:
            return Exists(field, span)
        case Kind.PREFIX:
            return Prefix(_bare(token.text), field, span)
        case Kind.FUZZY:
            return Fuzzy(_bare(token.text), field, number, span)
        case Kind.PHRASE if number or field not in FACET_FIELDS:
            return Phrase(token.text, field, number, span)
        case _:
            return Term(token.text, field, span)


def _bare(text: str) -> str:
    """Return the word without the punctuation around it; all of it if it is not one."""
    found = spans(text)
    return text[found[0][1] : found[0][2]] if len(found) == 1 else text
