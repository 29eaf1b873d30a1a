"""From tree to text: `parse(show(node)) == node` for every tree that `parse` makes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

from search.catalog import FACET_FIELDS
from search.errors import QueryError
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
)
from search.query.lexer import QUOTES, Kind, lex

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PROTECTED = re.compile(rf"[\s(){QUOTES}\\*]|~(?=[0-9.]*\Z)")
_TILDE = re.compile(r"(?<!\\)~")
_LOOSE = re.compile(rf"[\s(){QUOTES}\\*~]")
_QUOTED = re.compile(r'["\\]')
_READINGS = (("", ""), (":", r"\:"), ("", "\\"))


def show(node: Node, field: str | None = None) -> str:
    """Return the query as text, in the language of the parser; empty for All.

    `field` is one that the text around it names. What no query can say is shown all the
    same: a range as `published:[2024-05-01T00:00:00Z TO *}`, everything inside of
    something as `*`, nothing as `-*`; an exact term as if it were not.
    """
    match node:
        case All() | And(()):
            return ""
        case And(nodes):
            return _joined(nodes, " ", field)
        case Or((_, *_)):
            return _joined(node.nodes, " OR ", field)
        case _:
            return _operand(node, field)


def _joined(nodes: Sequence[Node], between: str, field: str | None) -> str:
    # Neighbours of one field share its name: that keeps the text as short as it came.
    parts: list[str] = []
    for name, run in groupby(nodes, _field_of):
        same = list(run)
        if name is None or name == field or len(same) == 1:
            parts.extend(_operand(node, field) for node in same)
        else:
            inner = between.join(_operand(node, name) for node in same)
            parts.append(f"{name}:({inner})")
    return between.join(parts)


def _operand(node: Node, field: str | None) -> str:
    match node:
        case All() | And(()):
            return "*"
        case Or(()):
            return "-*"
        case And((child,)) | Or((child,)):
            return _operand(child, field)
        case And() | Or():
            text = show(node, field)
            grouped = field is None and _field_of(node) is not None
            return text if grouped else f"({text})"
        case Not(child):
            return "-" + _operand(child, field)
        case _:
            return _leaf(node, field)


def _field_of(node: Node) -> str | None:
    """Return the one field of all leaves, None if they have several or none."""
    match node:
        case And(nodes) | Or(nodes):
            names = {_field_of(child) for child in nodes}
            return names.pop() if len(names) == 1 else None
        case Not(child):
            return _field_of(child)
        case All() | Range():
            return None
        case _:
            return node.field


def _leaf(leaf: Leaf, field: str | None) -> str:
    if isinstance(leaf, Range):
        return f"{leaf.field}:[{_moment(leaf.start)} TO {_moment(leaf.end)}}}"
    name = "" if leaf.field is None or leaf.field == field else f"{leaf.field}:"
    return name + _value(leaf)


def _value(leaf: Term | Phrase | Prefix | Fuzzy | Exists) -> str:
    match leaf:
        case Term(text, field):
            loose = field in FACET_FIELDS and text.strip() and _LOOSE.search(text)
            return _phrase(text) if loose else _word(text, Kind.WORD)
        case Phrase(text, slop=slop):
            return _phrase(text) + (f"~{slop}" if slop else "")
        case Prefix(text):
            return _word(text, Kind.PREFIX, "*")
        case Fuzzy(text, distance=distance):
            sign = "~" if distance == 1 else f"~{distance}"
            return _word(text, Kind.FUZZY, sign)
        case Exists():
            return "*"


def _phrase(text: str) -> str:
    return '"' + _QUOTED.sub(r"\\\g<0>", text) + '"'


def _word(text: str, kind: Kind, sign: str = "") -> str:
    body = _PROTECTED.sub(r"\\\g<0>", text)
    if sign:
        body = _TILDE.sub(r"\~", body)
    for old, new in _READINGS:
        written = body.replace(old, new, 1) + sign
        if _reads_as(written, kind, text):
            return written
    return _phrase(text)


def _reads_as(written: str, kind: Kind, text: str) -> bool:
    try:
        first, *rest = lex(written)
    except QueryError:
        return False
    return len(rest) == 1 and first.kind is kind and first.text == text


def _moment(milliseconds: int | None) -> str:
    if milliseconds is None:
        return "*"
    try:
        moment = _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return str(milliseconds)
    return moment.isoformat().replace("+00:00", "Z")
