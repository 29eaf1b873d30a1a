"""Pieces of text around what was found: one highlighter for both engines."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

import orjson

from search.article import StoredArticle
from search.matching import Place, Tokens, text_leaves
from search.query.ast import Node
from search.request import HighlightRequest, SearchRequest
from search.result import Fragment, Marked

LONGEST: Final = 100_000
"""Characters of a field that are looked at."""


_SPACE = re.compile(r"\s+")
_LAST_SPACE = re.compile(r"\s+\S*\Z")
_CANDIDATES = 2_000  # matches from which a piece may begin: bounds the time


@dataclass(frozen=True, slots=True)
class _Mark:
    """What is marked, and which of the query's leaves were found there."""

    start: int
    end: int
    kinds: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Window:
    """Marks that fit into one piece, and how much they say."""

    start: int
    end: int
    kinds: int
    marks: int


def highlights(request: SearchRequest, article: StoredArticle) -> Marked:
    """Return the pieces that a request asks for, by field; no field without one.

    The article has its body, if pieces of that are asked for.
    """
    wanted = request.highlight
    if wanted is None:
        return ()
    values = orjson.loads(article.json())
    texts = ((field, values.get(field)) for field in wanted.fields)
    found = (
        (field, highlight(request.query, field, text, wanted))
        for field, text in texts
        if text
    )
    return tuple((field, fragments) for field, fragments in found if fragments)


def highlight(
    node: Node, field: str, text: str, request: HighlightRequest
) -> tuple[Fragment, ...]:
    """Return the pieces of a field that show best why the query matches it.

    A piece has about `request.size` characters and begins and ends with a whole word; a
    text that is not longer comes whole. Up to `request.count` pieces, in the order of
    the text, none over another; of the pieces with most of the query's clauses the
    first ones. Nothing if nothing matches. Only the first `LONGEST` characters are
    looked at.
    """
    seen = text[: _end(text)]
    tokens = Tokens(seen)
    leaves = dict.fromkeys(text_leaves(node, field))
    found = sorted(
        (*place, kind)
        for kind, leaf in enumerate(leaves)
        for place in tokens.places(leaf)
    )
    marks = _merged(found, tokens, request.size)
    if marks and len(text) <= request.size:
        return (_fragment(text, (0, len(text)), marks),)
    frames = _frames(seen, marks, tokens, request)
    return tuple(_fragment(text, frame, marks) for frame in sorted(frames))


def html(fragment: Fragment) -> str:
    """Return the fragment as HTML: `<em>` round matches, an ellipsis where it was cut."""
    parts = ["… " if fragment.start else ""]
    done = fragment.start
    for start, end in fragment.matches:
        before = fragment.text[done - fragment.start : start - fragment.start]
        found = fragment.text[start - fragment.start : end - fragment.start]
        parts += (escape(before), "<em>", escape(found), "</em>")
        done = end
    parts += (escape(fragment.text[done - fragment.start :]), " …" * fragment.more)
    return "".join(parts)


def _end(text: str) -> int:
    """Return where to stop looking: a word is not cut in two, if there are spaces."""
    if len(text) <= LONGEST:
        return len(text)
    space = max(text.rfind(" ", 0, LONGEST), text.rfind("\n", 0, LONGEST))
    return space if space > LONGEST // 2 else LONGEST


def _merged(
    found: list[tuple[int, int, int]], tokens: Tokens, size: int
) -> list[_Mark]:
    """Return marks that do not overlap, ascending; no union is longer than `size`."""
    marks: list[_Mark] = []
    for start, end, kind in found:
        last = marks[-1] if marks else None
        kinds = frozenset((kind,))
        if last is None or start >= last.end:
            marks.append(_Mark(start, end, kinds))
        elif end <= last.end or end - last.start <= size:
            marks[-1] = _Mark(last.start, max(end, last.end), last.kinds | kinds)
        else:
            begin = tokens.starts[bisect_left(tokens.starts, last.end)]
            marks.append(_Mark(begin, end, kinds))
    return marks


def _frames(
    text: str, marks: list[_Mark], tokens: Tokens, request: HighlightRequest
) -> list[Place]:
    frames: list[Place] = []
    while len(frames) < request.count:
        best = max(
            _offers(marks, frames, len(text), request.size), default=None, key=_worth
        )
        if best is None:
            break
        window, room = best
        low, high = _widened(window, room, request.size)
        low = _whole_start(text, low, window.start, tokens) if low else 0
        if high < len(text):
            high = _whole_end(text, window.end, high, tokens)
        frames.append(_whole_marks((low, high), marks, tokens))
    return frames


def _worth(offer: tuple[_Window, Place]) -> tuple[int, int, int]:
    window, _ = offer
    return window.kinds, window.marks, -window.start


def _offers(
    marks: list[_Mark], frames: list[Place], end: int, size: int
) -> Iterator[tuple[_Window, Place]]:
    """Yield what may come next, with the room that the chosen frames leave it."""
    limits = [0, *(limit for frame in sorted(frames) for limit in frame), end]
    for low, high in zip(limits[::2], limits[1::2], strict=True):
        inside = [mark for mark in marks if low <= mark.start and mark.end <= high]
        for window in _windows(inside[:_CANDIDATES], size):
            yield window, (low, high)


def _windows(marks: list[_Mark], size: int) -> Iterator[_Window]:
    """Yield for each mark the window that begins with it."""
    kinds: Counter[int] = Counter()
    stop = 0
    for first, mark in enumerate(marks):
        while stop <= first or (
            stop < len(marks) and marks[stop].end <= mark.start + size
        ):
            kinds.update(marks[stop].kinds)
            stop += 1
        count = sum(1 for number in kinds.values() if number)
        yield _Window(mark.start, marks[stop - 1].end, count, stop - first)
        kinds.subtract(mark.kinds)


def _widened(window: _Window, room: Place, size: int) -> Place:
    """Return the window with as much text round it as there is room and size for."""
    spare = max(size - (window.end - window.start), 0)
    low = max(room[0], min(window.start - spare // 2, room[1] - size))
    low = min(low, window.start)
    return low, max(min(room[1], low + size), window.end)


def _whole_start(text: str, low: int, most: int, tokens: Tokens) -> int:
    """Return a place behind a space, or without one the start of a word."""
    space = _SPACE.search(text, low - 1, most)
    return space.end() if space else tokens.starts[bisect_left(tokens.starts, low)]


def _whole_end(text: str, least: int, high: int, tokens: Tokens) -> int:
    """Return a place before a space, or without one the end of a word."""
    space = _LAST_SPACE.search(text[least : high + 1])
    if space:
        return least + space.start()
    return tokens.ends[bisect_right(tokens.ends, high) - 1]


def _whole_marks(frame: Place, marks: list[_Mark], tokens: Tokens) -> Place:
    """Return the frame without marks that its edges cut in two."""
    low, high = frame
    at = bisect_right(marks, low, key=lambda mark: mark.start) - 1
    if at >= 0 and marks[at].start < low < marks[at].end:
        low = tokens.starts[bisect_left(tokens.starts, marks[at].end)]
    at = bisect_right(marks, high, key=lambda mark: mark.end)
    if at < len(marks) and marks[at].start < high < marks[at].end:
        high = tokens.ends[bisect_right(tokens.ends, marks[at].start) - 1]
    return low, high


def _fragment(text: str, frame: Place, marks: list[_Mark]) -> Fragment:
    start, end = frame
    inside = [mark for mark in marks if start <= mark.start and mark.end <= end]
    matches = tuple((mark.start, mark.end) for mark in inside)
    more = bool(text[end:].strip())
    return Fragment(start, end, text[start:end], matches, more)
