"""Runs of capitalised words in a text: where names may be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

from search.entities.english import every
from search.entities.spelling import CAPITALS

_ABBREVIATIONS: Final = every(
    "Mr. Mrs. Ms. Dr. Prof. Gen. Sen. Rep. Gov. Lt. Col. Maj. Capt. Sgt. Adm. Rev. St. Jr."
    " Sr. Co. Corp. Inc. Ltd. Bros."
)
_PARTICLES: Final = (
    "de la|de los|van der|van den|von der|de|da|di|del|della|van|von|der|den|bin|al|el"
    "|ben|ibn|dos|du|la|le|ter"
)
_REST: Final = r"[\w&]*(?:['.-]\w+)*\.?"
_TOKEN: Final = rf"[{CAPITALS}]{_REST}"
_RUN: Final = re.compile(
    # The capital first, then what must not stand before it: `re` leaps to the next.
    rf"[{CAPITALS}](?<![\w@/*$#.-].){_REST}(?: (?:&|(?:(?:{_PARTICLES}) )?{_TOKEN}))*"
)
_ENDINGS: Final = (".", "s", "S")
_NEAR: Final = 40
_WORD: Final = re.compile(r" ([\w-]+)")
_OWNER: Final = ("'s", "'S")


class Token(NamedTuple):
    """A word of a run, at its place in the text."""

    text: str
    start: int
    end: int


Run: TypeAlias = tuple[Token, ...]
"""Capitalised words side by side; nothing else stands between them but particles.

A possessive ends a run: in "China's Minister Li" there are two.
"""


def runs(text: str) -> Iterator[Run]:
    """Yield the runs of a plain text in their order."""
    for match in _RUN.finditer(text):
        tokens: list[Token] = []
        start, words = match.start(), match[0]
        if " " not in words:
            bare = _bare(words) if words[-1] in _ENDINGS else words
            yield (Token(bare, start, start + len(bare)),)
            continue
        for word in words.split(" "):
            bare = _bare(word) if word[-1] in _ENDINGS else word
            tokens.append(Token(bare, start, start + len(bare)))
            start += len(word) + 1
            if bare is not word:
                yield tuple(tokens)
                tokens = []
        if tokens:
            yield tuple(tokens)


def _bare(word: str) -> str:
    """Return a word without what ends a run there: a full stop, or a possessive."""
    if word.endswith(_OWNER):
        return word[:-2]
    if word[-1] != "." or word in _ABBREVIATIONS or "." in word[:-1] or len(word) == 2:
        return word
    return word[:-1]


def word_behind(text: str, end: int) -> str:
    """Return the word that begins a space behind `end`; empty if there is none."""
    found = _WORD.match(text, end)
    return found[1] if found else ""


def word_before(text: str, start: int) -> str:
    """Return the word that ends a space before `start`; empty if there is none."""
    if text[start - 1 : start] != " ":
        return ""
    end = start - 1
    word = text[text.rfind(" ", max(0, end - _NEAR), end) + 1 : end]
    if len(word) > _NEAR:
        return ""
    return word if word.isalnum() else word.rpartition("\n")[2].lstrip("(\"'[")
