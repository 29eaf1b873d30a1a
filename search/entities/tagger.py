"""Names in texts: of what the registry knows, and of people and companies it does not.

The rules are in `docs/names.md`, with what they find and what they miss.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from search.entities.firms import firm, is_led_to_form
from search.entities.lexicon import Known, Lexicon
from search.entities.people import alone, person, surname
from search.entities.profile import Profile
from search.entities.runs import Run, Token, runs
from search.entities.spots import Spot, Text, listed, spots
from search.text import slug

READ: Final = 100_000
"""Characters of a body in which names are looked for."""

LEAD: Final = 500
"""Characters behind the title that tell what an article is about."""

_OFTEN: Final = 4


@dataclass(frozen=True, slots=True)
class Tag:
    """Somebody or something that a text names, and where.

    `about` says that it stands in the title, or in the lead and again, or often.
    """

    known: Known
    about: bool
    places: tuple[tuple[int, int], ...]


class Tagger:
    """Finds names in texts; safe for threads, it keeps nothing of them."""

    def __init__(self, known: Iterable[Profile] | Lexicon = ()) -> None:
        """Learn the names of profiles, or take those of a lexicon."""
        self._lexicon = known if isinstance(known, Lexicon) else Lexicon(known)

    def find(
        self, title: str, summary: str | None, body: str | None, *, english: bool = True
    ) -> tuple[Tag, ...]:
        """Return who and what is named, in the order in which they come.

        `english` lets the rules for people work who are in no registry. Places are in
        the text that is title, summary and body with an empty line between them.
        """
        text = Text.of(title, summary, body[:READ] if body else body, LEAD)
        return _Search(self._lexicon, text).tags(english=english)


class _Search:
    """What one text names, so far."""

    def __init__(self, lexicon: Lexicon, text: Text) -> None:
        self._text = text
        self._runs = tuple(runs(text.plain))
        self._spots = {s.start: s for s in spots(lexicon, text, self._runs)}
        self._listed = tuple(listed(lexicon, text))
        self._own: list[tuple[Known, int, int]] = []

    def tags(self, *, english: bool) -> tuple[Tag, ...]:
        if english:
            self._find_people()
        self._find_firms()
        places: dict[Known, list[tuple[int, int]]] = {}
        for known, start, end in (*self._own, *self._resolved()):
            places.setdefault(known, []).append((start, end))
        self._refer(places)
        found = sorted(places.items(), key=lambda item: min(item[1]))
        return tuple(self._tag(known, sorted(where)) for known, where in found)

    def _tag(self, known: Known, where: list[tuple[int, int]]) -> Tag:
        title, lead = self._text.title_end, self._text.lead_end
        first = where[0][0]
        about = first < title or len(where) >= _OFTEN
        about = about or (first < lead and len(where) > 1)
        return Tag(known, about, tuple(where))

    def _find_people(self) -> None:
        by_ends: dict[tuple[str, str], Known] = {}
        for run in self._runs:
            if len(run) < 2 or run[0].start < self._text.title_end:
                continue
            tokens = person(run, self._text.plain)
            if tokens and self._is_free(tokens[0].start, tokens[-1].end):
                known = by_ends.setdefault(
                    (tokens[0].text, tokens[-1].text), _person(tokens)
                )
                self._take(known, tokens[0].start, tokens[-1].end)

    def _find_firms(self) -> None:
        for run in self._runs:
            if len(run) < 2 and not is_led_to_form(run, self._text.plain):
                continue
            start, end, name = firm(run, self._text.plain)
            if name and self._is_free(start, end):
                self._take(Known("company", slug(name), name), start, end)

    def _is_free(self, start: int, end: int) -> bool:
        """Say whether the registry has nothing to say there but single words inside."""
        return not any(
            spot.end > start
            and (spot.start < start or spot.end > end or not _is_word(spot, self._text))
            for spot in self._spots_before(end)
        )

    def _spots_before(self, end: int) -> Iterator[Spot]:
        return (spot for spot in self._spots.values() if spot.start < end)

    def _take(self, known: Known, start: int, end: int) -> None:
        self._own.append((known, start, end))
        inside = [s for s in self._spots if start <= s < end]
        for place in inside:
            del self._spots[place]

    def _resolved(self) -> Iterator[tuple[Known, int, int]]:
        """Yield what the spots mean: of several only what is named clearly elsewhere."""
        every = (*self._spots.values(), *self._listed)
        clear = {s.candidates[0] for s in every if s.sure and len(s.candidates) == 1}
        for spot in every:
            means = [each for each in spot.candidates if each in clear]
            if len(means) == 1:
                yield means[0], spot.start, spot.end

    def _refer(self, places: dict[Known, list[tuple[int, int]]]) -> None:
        """Count a surname for the one person of that name who is named in full."""
        bearers = self._bearers(places)
        for run in self._runs if bearers else ():
            known = bearers.get(run[-1].text)
            token = alone(run) if known else None
            if token and known:
                self._move(places, known, (token.start, token.end))

    def _move(
        self,
        places: dict[Known, list[tuple[int, int]]],
        known: Known,
        place: tuple[int, int],
    ) -> None:
        for other, where in tuple(places.items()):
            if place in where and other.kind != "person":
                where.remove(place)
                if not where:
                    del places[other]
        if place not in places[known]:
            places[known].append(place)

    def _bearers(
        self, places: dict[Known, list[tuple[int, int]]]
    ) -> dict[str, Known | None]:
        found: dict[str, Known | None] = {}
        for known, where in places.items():
            if known.kind == "person":
                for name in {_called(self._text.plain[a:b]) for a, b in where}:
                    found[name] = None if found.get(name, known) != known else known
        return found


def _person(tokens: tuple[Token, ...]) -> Known:
    name = " ".join(token.text for token in tokens)
    return Known("person", slug(name), name)


def _is_word(spot: Spot, text: Text) -> bool:
    return " " not in text.plain[spot.start : spot.end]


def _called(name: str) -> str:
    words = name.split()
    return surname([Token(word, 0, 0) for word in words])


__all__ = ["LEAD", "READ", "Known", "Run", "Tag", "Tagger"]
