"""All names of the registry in little memory: which of them begin at a place of a text.

A million names cost about 20 bytes each for the trie (marisa-trie) and their profiles'
ids and names as they are.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field as data
from functools import lru_cache
from typing import Final, NamedTuple, cast

import marisa_trie

from search.entities.english import FORMS
from search.entities.profile import Kind, Profile
from search.entities.spelling import name_key, plain

LONGEST: Final = 80
"""Characters of a name that is looked for; a longer one is only ever given."""

TAGGED: Final[tuple[Kind, ...]] = ("company", "person", "place")
"""What is looked for in texts."""

_REMEMBERED: Final = 10_000
_EXACT = 1  # letters that are a name in just this case
_FORMAL = 2  # what is left of a name without its legal form
_SEPARATOR = "\x1f"
_TICKER = "\x02"
_ACRONYM = 4  # letters of the longest
_FORMS: Final = frozenset(map(str.lower, FORMS))
_FORM = re.compile(
    rf",? (?:{'|'.join(sorted(map(re.escape, FORMS), key=len, reverse=True))})$",
    re.IGNORECASE,
)


class Known(NamedTuple):
    """A profile as texts are labelled with it."""

    kind: Kind
    id: str
    name: str


class Candidate(NamedTuple):
    """A profile that a name may mean."""

    known: Known
    exact: bool
    formal: bool


@dataclass(slots=True)
class _Draft:
    """The names on their way into a lexicon."""

    keys: list[str] = data(default_factory=list)
    rows: array[int] = data(default_factory=lambda: array("I"))
    flags: array[int] = data(default_factory=lambda: array("B"))
    table: list[bytes] = data(default_factory=list)

    def add(self, profile: Profile) -> None:
        row = len(self.table)
        labels = (profile.kind, profile.id, profile.name)
        self.table.append(_SEPARATOR.join(labels).encode())
        if profile.kind not in TAGGED:
            return
        spellings: dict[str, int] = {}
        for name in profile.names:
            for key, flag in _spellings(profile.kind, name):
                # What the profile says itself counts before what is made of it.
                spellings[key] = min(flag, spellings.get(key, flag))
        for ticker in profile.tickers:
            symbol = ticker.rpartition(":")[2].strip(" $").upper()
            spellings[_TICKER + symbol] = _EXACT
        for key, flag in spellings.items():
            self.keys.append(key)
            self.rows.append(row)
            self.flags.append(flag)


def _spellings(kind: Kind, name: str) -> Iterator[tuple[str, int]]:
    clean = " ".join(plain(name).split())
    key = name_key(name)
    if not 1 < len(key) <= LONGEST or key.isdigit() or clean.islower():
        return
    short = len(clean) <= _ACRONYM and clean.isupper()
    flag = _EXACT if short else 0
    yield key, flag
    if " & " in key:
        yield key.replace(" & ", " and "), flag
    if kind == "company":
        yield from _informal(clean)


def _informal(name: str) -> Iterator[tuple[str, int]]:
    if name.rpartition(" ")[2].lower() not in _FORMS:
        return
    bare = _FORM.sub("", name).rstrip(" ,&")
    if bare != name and len(bare) > 1:
        short = len(bare) <= _ACRONYM and bare.isupper()
        yield name_key(bare), _FORMAL | (_EXACT if short else 0)


class Lexicon:
    """The names of profiles, once read; it does not change."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        draft = _Draft()
        for profile in profiles:
            draft.add(profile)
        self._trie = marisa_trie.Trie(draft.keys)
        self._ends = array("Q")
        self._table = _packed(draft.table, self._ends)
        self._index(draft)
        self._remembered = lru_cache(_REMEMBERED)(self._candidates)

    def __len__(self) -> int:
        """Return how many different spellings there are."""
        return len(self._trie)

    def starting(self, text_key: str, start: int) -> list[str]:
        """Return the spellings with which a text's key goes on at `start`."""
        found: list[str] = self._trie.prefixes(text_key[start : start + LONGEST])
        return found

    def candidates(self, spelling: str) -> tuple[Candidate, ...]:
        """Return whom a spelling may mean; nobody if it is unknown."""
        return self._remembered(spelling)

    def _candidates(self, spelling: str) -> tuple[Candidate, ...]:
        if spelling not in self._trie:
            return ()
        number = self._trie[spelling]
        where = range(self._first[number], self._first[number + 1])
        return tuple(self._candidate(place) for place in where)

    def ticker(self, symbol: str) -> tuple[Candidate, ...]:
        """Return what is traded by that symbol."""
        return self.candidates(_TICKER + symbol)

    def _candidate(self, place: int) -> Candidate:
        row, flag = self._rows[place], self._flags[place]
        start = self._ends[row - 1] if row else 0
        kind, identity, name = (
            self._table[start : self._ends[row]].decode().split(_SEPARATOR)
        )
        known = Known(cast("Kind", kind), identity, name)
        return Candidate(known, bool(flag & _EXACT), bool(flag & _FORMAL))

    def _index(self, draft: _Draft) -> None:
        """Lay the rows of each spelling side by side, in the order of the trie."""
        numbers = array("I", (self._trie[key] for key in draft.keys))
        order = sorted(range(len(numbers)), key=numbers.__getitem__)
        self._rows = array("I", (draft.rows[place] for place in order))
        self._flags = array("B", (draft.flags[place] for place in order))
        self._first = array("I", bytes(4 * (len(self._trie) + 1)))
        for number in numbers:
            self._first[number + 1] += 1
        for number in range(len(self._trie)):
            self._first[number + 1] += self._first[number]


def _packed(table: list[bytes], ends: array[int]) -> bytes:
    end = 0
    for row in table:
        end += len(row)
        ends.append(end)
    return b"".join(table)
