"""Keyword in context: every place of a text that a query matches, with what is round it.

The same matching as in `search.highlight`, and all of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from search.matching import Place, TextLeaf, Tokens, text_leaves
from search.query.ast import Node

_PIECE: Final = 100_000
"""Characters that are looked at together: bounds the memory that a long text takes."""

_OVERLAP = 5_000  # longer than any phrase that a query may hold, with its slop
_BLANKS = re.compile(r"\s+")
_LAST_BLANKS = re.compile(r"\s+(?=\S*\Z)")


@dataclass(frozen=True, slots=True)
class Quote:
    """One match: `match` is the field's text from `start` to `end` (in characters),
    `left` stands directly before it and `right` behind."""

    field: str
    start: int
    end: int
    left: str
    match: str
    right: str


def quotes(node: Node, texts: Mapping[str, str | None], width: int) -> Iterator[Quote]:
    """Yield a quote for every match in these texts, by their fields' names, in order.

    `left` and `right` have up to `width` characters each, and whole words where there
    are spaces. Matches over one another are one quote.
    """
    for field, known in texts.items():
        text = known or ""
        for start, end in places(node, field, text):
            yield Quote(
                field,
                start,
                end,
                _left(text, start, width),
                text[start:end],
                _right(text, end, width),
            )


def places(node: Node, field: str, text: str) -> Iterator[Place]:
    """Yield (start, end), in characters, of every match in a field; none overlap."""
    leaves = tuple(dict.fromkeys(text_leaves(node, field)))
    if not leaves:
        return
    waiting: Place | None = None
    for start, end in _found(leaves, text):
        if waiting is None or start >= waiting[1]:
            if waiting:
                yield waiting
            waiting = start, end
        else:
            waiting = waiting[0], max(waiting[1], end)
    if waiting:
        yield waiting


def _found(leaves: tuple[TextLeaf, ...], text: str) -> Iterator[Place]:
    """Yield places of all leaves by their start."""
    start = 0
    while start < len(text):
        stop = _cut(text, start + _PIECE)
        tokens = Tokens(text[start : stop + _OVERLAP])
        found = {place for leaf in leaves for place in tokens.places(leaf)}
        for first, last in sorted(found):
            if start + first < stop:
                yield start + first, start + last
        start = stop


def _cut(text: str, near: int) -> int:
    """Return where a piece may end: behind a blank, or at least before no mark."""
    if near >= len(text):
        return len(text)
    blank = max(
        text.rfind(" ", near - _OVERLAP, near), text.rfind("\n", near - _OVERLAP, near)
    )
    if blank > 0:
        return blank + 1
    while near < len(text) and unicodedata.category(text[near])[0] in "MC":
        near += 1
    return near


def _left(text: str, start: int, width: int) -> str:
    first = max(start - width, 0)
    piece = text[first:start]
    if not first or text[first - 1].isspace():
        return piece
    blank = _BLANKS.search(piece)
    return piece[blank.end() :] if blank else _without_marks(piece)


def _right(text: str, end: int, width: int) -> str:
    last = end + width
    piece = text[end:last]
    if last >= len(text) or text[last].isspace():
        return piece
    blank = _LAST_BLANKS.search(piece)
    if blank:
        return piece[: blank.start()]
    behind = len(piece)
    while behind and unicodedata.category(text[end + behind])[0] == "M":
        behind -= 1
    return piece[:behind]


def _without_marks(piece: str) -> str:
    """Return the piece without the marks at its start, whose letter was cut off."""
    while piece and unicodedata.category(piece[0])[0] == "M":
        piece = piece[1:]
    return piece
