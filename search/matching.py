"""Where the leaves of a query stand in a text: `search.query.ast` put into practice."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from search.catalog import TEXT_FIELDS
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
from search.text import WORD_LENGTH, fold, spans, stem, stems

TextLeaf: TypeAlias = Term | Phrase | Prefix | Fuzzy
Place: TypeAlias = tuple[int, int]


class Tokens:
    """The words of one text, with what is needed to look leaves up in them."""

    def __init__(self, text: str) -> None:
        self._spans = spans(text)
        self.starts = [start for _, start, _ in self._spans]
        self.ends = [end for _, _, end in self._spans]
        self._words: dict[str, list[int]] = {}
        self._stems: dict[str, list[int]] = {}
        for position, (word, _, _) in enumerate(self._spans):
            self._words.setdefault(word, []).append(position)
            self._stems.setdefault(stem(word), []).append(position)

    def places(self, leaf: TextLeaf) -> list[Place]:
        """Return (start, end), in characters, of each place that the leaf matches.

        A phrase is one place from its first word to its last; a place that has
        another one inside is left out.
        """
        return [(self.starts[a], self.ends[b]) for a, b in self._runs(leaf)]

    def _runs(self, leaf: TextLeaf) -> list[Place]:
        match leaf:
            case Term(text):
                return self._phrase(text, 0)
            case Phrase(text, slop=slop):
                return self._phrase(text, slop)
            case Prefix(text):
                beginning = _cut(text)
                return self._where(lambda word: word.startswith(beginning))
            case Fuzzy(text, distance=most):
                wanted = _cut(text)
                return self._where(lambda word: distance_within(wanted, word, most))

    def _phrase(self, text: str, slop: int) -> list[Place]:
        positions = [self._stems.get(word, ()) for word in stems(text)]
        found = {(min(p), max(p)) for p in phrase_positions(positions, slop)}
        kept: list[Place] = []
        for first, last in sorted(found, key=lambda run: (-run[0], run[1])):
            if not kept or last < kept[-1][1]:
                kept.append((first, last))
        return kept

    def _where(self, accepts: Callable[[str], bool]) -> list[Place]:
        found = (self._words[word] for word in self._words if accepts(word))
        return [(position, position) for positions in found for position in positions]


def _cut(text: str) -> str:
    return fold(text)[:WORD_LENGTH]


def text_leaves(node: Node, field: str) -> Iterator[TextLeaf]:
    """Yield the leaves that may make a text field match; none that stands under Not."""
    match node:
        case Term() | Phrase() | Prefix() | Fuzzy():
            if node.field == field or (node.field is None and field in TEXT_FIELDS):
                yield node
        case And(nodes) | Or(nodes):
            for child in nodes:
                yield from text_leaves(child, field)
        case All() | Range() | Exists() | Not():
            return


def phrase_positions(
    positions: Sequence[Sequence[int]], slop: int
) -> Iterator[tuple[int, ...]]:
    """Yield places of the words of a phrase: a position each, all of them distinct.

    `positions[i]` has the ascending positions of the i-th word; two words have the same
    positions or none in common. Each p yielded has `max(p_i - i) - min(p_i - i) <= slop`;
    if there is any such p, one is yielded. Costs (positions of the rarest word) times
    (slop + 1) times (words).
    """
    if not positions or not all(positions):
        return
    rarest = min(range(len(positions)), key=lambda i: len(positions[i]))
    starts = {
        position - rarest - back
        for position in positions[rarest]
        for back in range(slop + 1)
    }
    for start in sorted(starts):
        found = _placed(positions, start, slop)
        if found:
            yield found


def _placed(
    positions: Sequence[Sequence[int]], start: int, slop: int
) -> tuple[int, ...] | None:
    """Return positions with `start <= p_i - i <= start + slop`, or None.

    Equal words take the earliest position that is left. As both ends of their windows
    rise with i, nothing that this choice takes away could have saved a later word.
    """
    found: list[int] = []
    taken: dict[int, int] = {}  # equal words are told by their first position
    for i, places in enumerate(positions):
        earliest = max(start + i, taken.get(places[0], -1) + 1)
        at = bisect_left(places, earliest)
        if at == len(places) or places[at] > start + i + slop:
            return None
        taken[places[0]] = places[at]
        found.append(places[at])
    return tuple(found)


def distance_within(a: str, b: str, most: int) -> bool:
    """Say whether at most `most` edits make `b` of `a`.

    An edit adds, removes or replaces a character or exchanges two neighbours, and no
    part is edited twice (optimal string alignment: `ca` and `abc` are 3 apart), which
    is what tantivy's and Lucene's automata accept.
    """
    if abs(len(a) - len(b)) > most:
        return False
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, char in enumerate(a):
        before, row = row, _next_row(before, row, char, a[i - 1] if i else "", b)
        if min(row) > most and min(before) > most:
            return False
    return row[-1] <= most


def _next_row(
    older: list[int], above: list[int], char: str, previous: str, b: str
) -> list[int]:
    row = [above[0] + 1]
    for j, other in enumerate(b):
        cost = min(above[j + 1] + 1, row[j] + 1, above[j] + (char != other))
        if j and older and char == b[j - 1] and previous == other:
            cost = min(cost, older[j - 1] + 1)
        row.append(cost)
    return row
