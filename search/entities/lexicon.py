"""All names of the registry in little memory: which of them begin at a place of a text.

A million names take some 40 MB: a trie (marisa-trie) of their spellings, and their
profiles' ids and names as they are. In a file they are there once for all processes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Final, NamedTuple, cast

from search.entities.profile import KINDS, Kind, Profile
from search.entities.spelled import (
    EXACT,
    FORMAL,
    LONGEST,
    SEPARATOR,
    TAGGED,
    TICKER,
    Parts,
    spelled,
)

_REMEMBERED: Final = 10_000


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


class Lexicon:
    """The names of profiles, once read; it does not change. Safe for threads."""

    def __init__(self, profiles: Iterable[Profile] | Parts) -> None:
        """Read the profiles; their `Parts` are that already."""
        parts = profiles if isinstance(profiles, Parts) else spelled(profiles)
        self._parts = parts
        self._trie = parts.trie
        self._remembered = lru_cache(_REMEMBERED)(self._candidates)

    def __len__(self) -> int:
        """Return how many different spellings there are."""
        return len(self._trie)

    def __contains__(self, spelling: str) -> bool:
        """Say whether somebody has this spelling."""
        return spelling in self._trie

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
        first, number = self._parts.first, self._trie[spelling]
        where = range(first[number], first[number + 1])
        return tuple(self._candidate(place) for place in where)

    def ticker(self, symbol: str) -> tuple[Candidate, ...]:
        """Return what is traded by that symbol."""
        return self.candidates(TICKER + symbol)

    def _candidate(self, place: int) -> Candidate:
        parts = self._parts
        row, flag = parts.rows[place], parts.flags[place]
        start = parts.ends[row - 1] if row else 0
        labels = bytes(parts.table[start : parts.ends[row]]).decode()
        kind, identity, name = labels.split(SEPARATOR)
        known = Known(cast("Kind", kind), identity, name)
        return Candidate(known, bool(flag & EXACT), bool(flag & FORMAL))


class Amended(Lexicon):
    """A lexicon in which some profiles are as they are now."""

    def __init__(
        self,
        base: Lexicon,
        changed: Collection[tuple[Kind, str]],
        profiles: Iterable[Profile],
    ) -> None:
        """Take a lexicon, who has changed since, and those of them that are there."""
        super().__init__(profiles)
        self._base = base
        self._changed = frozenset(changed)

    def __len__(self) -> int:
        """Return how many different spellings there are, or were."""
        return len(self._base) + sum(key not in self._base for key in self._trie)

    def __contains__(self, spelling: str) -> bool:
        """Say whether somebody has or had this spelling."""
        return spelling in self._base or super().__contains__(spelling)

    def starting(self, text_key: str, start: int) -> list[str]:
        """Return the spellings with which a text's key goes on at `start`."""
        found = self._base.starting(text_key, start)
        new = super().starting(text_key, start)
        return sorted({*found, *new}, key=len) if new else found

    def _candidates(self, spelling: str) -> tuple[Candidate, ...]:
        new = super()._candidates(spelling)
        found = [
            each
            for each in self._base.candidates(spelling)
            if each.known[:2] not in self._changed
        ]
        # As they come when all are read together.
        return tuple(sorted((*found, *new), key=_order))


def _order(candidate: Candidate) -> tuple[int, str]:
    return KINDS.index(candidate.known.kind), candidate.known.id


__all__ = ["LONGEST", "TAGGED", "Amended", "Candidate", "Known", "Lexicon"]
