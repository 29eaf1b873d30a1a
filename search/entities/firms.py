"""Companies that are in no registry, told by the legal form behind their names."""

from __future__ import annotations

import re
from typing import Final

from search.entities.english import (
    FIRST_NAMES,
    FORMS,
    NO_PERSON,
    ORDINARY,
    TITLES,
    every,
)
from search.entities.runs import Run, Token, word_before

_FORMS: Final = FORMS | {"Co", "Co.", "Cos", "Cos."}
_BEHIND = re.compile(
    r",? (?:Inc|Corp|Ltd|LLC|LLP|L\.P\.|PLC|Plc|plc|S\.A\.|N\.V\.|A\.G\.|GmbH)(?![\w-])\.?"
)
_HINTS: Final = tuple(
    f"{mark}{start}"
    for mark in (" ", ", ")
    for start in every("Inc Corp Ltd LL L.P PLC Plc plc S.A N.V A.G GmbH")
)
_REST: Final = every("co sons telegraph development company")
_WITH_OF = re.compile(r"((?:Bank|Group|House|Company|Banco|Banque) (?:of|de|du) )$")
_LEADS: Final = every(
    "The A An And But For With In On At By From If When While As Its Our Their"
)
_OFFICES: Final = TITLES - {"General", "Premier", "King", "Queen", "Prime", "Major"}


def firm(run: Run, text: str) -> tuple[int, int, str]:
    """Return (start, end, name) of a company in a run; without any, the name is "".

    The name is as it is printed, without its legal form unless too little is left.
    """
    place = _form(run)
    behind = None
    if not place and is_led_to_form(run, text):
        behind = _BEHIND.match(text, run[-1].end)
    if not place and not behind:
        return 0, 0, ""
    named = _led(run[: place or None])
    if not named or named[0].text == "&" or _is_rest(named, text):
        return 0, 0, ""
    end = behind.end() if behind else run[place].end
    start = _start(named[0].start, text)
    bare = text[start : named[-1].end].replace("\n", " ").rstrip(" &,")
    whole = text[start:end].replace("\n", " ")
    return start, end, bare if _says_enough(bare) else whole


def is_led_to_form(run: Run, text: str) -> bool:
    """Say whether a legal form may stand behind a run; cheap, and seldom so."""
    return text.startswith(_HINTS, run[-1].end)


def _form(tokens: tuple[Token, ...]) -> int:
    """Return which word is a legal form, but not the first; 0 if none is."""
    if len(tokens) > 1:
        for place, token in enumerate(tokens):
            if place and token.text in _FORMS:
                return place
    return 0


def _is_rest(named: tuple[Token, ...], text: str) -> bool:
    """Say whether it is but the end of a name: of "Leduc Oil and Gas Ltd"."""
    first = named[0]
    if word_before(text, first.start) != "and":
        return False
    return first.text in NO_PERSON or _is_plain(first.text.lower())


def _is_plain(word: str) -> bool:
    return word in ORDINARY or word in _REST


def _led(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return what stands behind a title or the first word of a sentence."""
    for place in range(len(tokens) - 1, -1, -1):
        if tokens[place].text in _OFFICES or tokens[place].text in _LEADS:
            return tokens[place + 1 :]
    return tokens


def _start(start: int, text: str) -> int:
    """Return where the name begins: for "Boston Corp" perhaps at "Bank of"."""
    before = _WITH_OF.search(text[max(0, start - 20) : start])
    return start - len(before[1]) if before else start


def _says_enough(name: str) -> bool:
    words = name.split()
    if len(words) > 1:
        return not all(w.lower() in ORDINARY or w in NO_PERSON for w in words)
    return not (
        len(name) < 3
        or name in NO_PERSON
        or name in FIRST_NAMES
        or name.lower() in ORDINARY
    )
