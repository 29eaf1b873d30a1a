"""Which indexed words a misspelt one may mean: one judgement for all engines.

A slip is an edit as `search.matching.distance_within` counts it (Damerau 1964: four in
five typing errors are one of them). A word of three or four letters may have one slip, a
longer one two, of which the second does not touch the first letter; what has digits or
fewer letters is not a misspelt word.
"""

from __future__ import annotations

from collections.abc import Mapping

from search.matching import distance_within
from search.text import words

MOST = 10
"""How many words are suggested for one."""

_SHORTEST = 3
_SHORT = 4
_LONGEST = 40


def word_of(text: str) -> str | None:
    """Return the folded word of a text that can be misspelt, None if it is none."""
    found = words(text)
    if len(found) != 1 or any(char.isdigit() for char in found[0]):
        return None
    return found[0] if _SHORTEST <= len(found[0]) <= _LONGEST else None


def slips(word: str) -> int:
    """Return how many slips a word may have."""
    return 1 if len(word) <= _SHORT else 2


def is_like(word: str, other: str) -> bool:
    """Say, cheaply and never wrongly no, whether a word may be near another.

    A slip changes the set of letters by two at most.
    """
    most = slips(word)
    if abs(len(word) - len(other)) > most:
        return False
    return len(set(word) ^ set(other)) <= 2 * most


def ranked(word: str, counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return those of the counted words that are near the word, best first.

    Fewer slips first, then the more frequent, then by alphabet; not the word itself.
    """
    found = [
        (distance, -count, other)
        for other, count in counts.items()
        if other != word and (distance := _distance(word, other))
    ]
    return tuple(other for _, _, other in sorted(found)[:MOST])


def _distance(word: str, other: str) -> int | None:
    if not is_like(word, other):
        return None
    if distance_within(word, other, 1):
        return 1
    wide = slips(word) == 2 and word[0] == other[0]
    return 2 if wide and distance_within(word, other, 2) else None
