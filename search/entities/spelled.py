"""The spellings under which profiles are looked for in texts, laid out to be searched."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field as data
from typing import Final

import marisa_trie

from search.entities.english import FORMS
from search.entities.profile import Kind, Profile
from search.entities.spelling import name_key, plain

LAYOUT: Final = 1
"""Changes with whatever makes other parts of the same profiles."""

LONGEST: Final = 80
"""Characters of a name that is looked for; a longer one is only ever given."""

TAGGED: Final[tuple[Kind, ...]] = ("company", "person", "place")
"""What is looked for in texts."""

EXACT: Final = 1  # letters that are a name in just this case
FORMAL: Final = 2  # what is left of a name without its legal form
SEPARATOR: Final = "\x1f"
TICKER: Final = "\x02"

_ACRONYM = 4  # letters of the longest
_FORMS: Final = frozenset(map(str.lower, FORMS))
_FORM = re.compile(
    rf",? (?:{'|'.join(sorted(map(re.escape, FORMS), key=len, reverse=True))})$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """All that is looked up: by the number of a spelling its rows, by row a profile.

    The rows of spelling n are `rows[first[n]:first[n + 1]]`, each with its flags. What
    is said of row r ends at `ends[r]` of `table`.
    """

    trie: marisa_trie.Trie
    rows: Sequence[int]
    flags: Sequence[int]
    first: Sequence[int]
    ends: Sequence[int]
    table: bytes | memoryview


@dataclass(slots=True)
class _Draft:
    """The names on their way into parts."""

    keys: list[str] = data(default_factory=list)
    rows: array[int] = data(default_factory=lambda: array("I"))
    flags: array[int] = data(default_factory=lambda: array("B"))
    table: list[bytes] = data(default_factory=list)

    def add(self, profile: Profile) -> None:
        row = len(self.table)
        labels = (profile.kind, profile.id, profile.name)
        self.table.append(SEPARATOR.join(labels).encode())
        if profile.kind not in TAGGED:
            return
        spellings: dict[str, int] = {}
        for name in profile.names:
            for key, flag in _spellings(profile.kind, name):
                # What the profile says itself counts before what is made of it.
                spellings[key] = min(flag, spellings.get(key, flag))
        for ticker in profile.tickers:
            symbol = ticker.rpartition(":")[2].strip(" $").upper()
            spellings[TICKER + symbol] = EXACT
        for key, flag in spellings.items():
            self.keys.append(key)
            self.rows.append(row)
            self.flags.append(flag)


def spelled(profiles: Iterable[Profile]) -> Parts:
    """Return the spellings of profiles."""
    draft = _Draft()
    for profile in profiles:
        draft.add(profile)
    ends = array("Q")
    table = _packed(draft.table, ends)
    trie = marisa_trie.Trie(draft.keys)
    numbers = array("I", (trie[key] for key in draft.keys))
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    rows = array("I", (draft.rows[place] for place in order))
    flags = array("B", (draft.flags[place] for place in order))
    return Parts(trie, rows, flags, _first(numbers, len(trie)), ends, table)


def _first(numbers: array[int], count: int) -> array[int]:
    first = array("I", bytes(4 * (count + 1)))
    for number in numbers:
        first[number + 1] += 1
    for number in range(count):
        first[number + 1] += first[number]
    return first


def _packed(table: list[bytes], ends: array[int]) -> bytes:
    end = 0
    for row in table:
        end += len(row)
        ends.append(end)
    return b"".join(table)


def _spellings(kind: Kind, name: str) -> Iterator[tuple[str, int]]:
    clean = " ".join(plain(name).split())
    key = name_key(name)
    if not 1 < len(key) <= LONGEST or key.isdigit() or clean.islower():
        return
    short = len(clean) <= _ACRONYM and clean.isupper()
    flag = EXACT if short else 0
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
        yield name_key(bare), FORMAL | (EXACT if short else 0)
