"""The words of one snapshot that are near another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

import tantivy

from search.catalog import TEXT_FIELDS
from search.spelling import is_like, ranked, slips, word_of
from search.text import is_text

_WALKED: Final = 20_000
"""How many words with the same first letter are looked at, the frequent ones."""

_BLOCK: Final = 128
"""Characters of Unicode that belong together, more or less: an alphabet."""

_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


def spellings(searcher: tantivy.Searcher, text: str) -> tuple[str, ...]:
    """Return indexed words near the one of a text, best first.

    Words that differ by one slip are looked up each, anywhere in the alphabet; those
    that differ by two are found among the words with the same first letter.
    """
    word = word_of(text)
    if word is None or not is_text(word):
        return ()
    counts: Counter[str] = Counter()
    for name in (f"{field}_word" for field in TEXT_FIELDS):
        counts.update(dict(_near(searcher, name, word)))
    return ranked(word, counts)


def _near(
    searcher: tantivy.Searcher, name: str, word: str
) -> Iterator[tuple[str, int]]:
    found = {other: searcher.doc_freq(name, other) for other in one_slip(word)}
    if slips(word) > 1:
        beginning = word[0]
        found |= dict(searcher.terms_with_prefix(name, beginning, limit=_WALKED))
    for other, count in found.items():
        if count and is_like(word, other):
            yield other, count


def _alphabet(code: int) -> set[str]:
    first = code - code % _BLOCK
    return {chr(each) for each in range(first, first + _BLOCK)} if first else set()


def one_slip(word: str) -> set[str]:
    """Return all texts that differ from the word by one slip.

    Letters are Latin ones, and those that stand near the word's own in Unicode.
    """
    letters = _LETTERS.union(*(_alphabet(ord(char)) for char in set(word)))
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    left_out = {a + b[1:] for a, b in halves if b}
    exchanged = {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    replaced = {a + char + b[1:] for a, b in halves if b for char in letters}
    added = {a + char + b for a, b in halves for char in letters}
    return left_out | exchanged | replaced | added
