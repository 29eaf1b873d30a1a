"""People that are in no registry, told by what stands beside their names.

Rules for English: a title before the name ("Chancellor Angela Merkel", "President of
Acme Brad Smith"), a calling before or behind it ("said spokeswoman Jane Doe", "Jane Doe,
chief executive of Acme,"), or a first name that is hardly ever anything else. A name has
two to four words; nothing is made of a surname alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from search.entities.english import (
    CALLINGS,
    FIRST_NAMES,
    LEADS,
    NAMESAKES,
    NO_PERSON,
    OFFICES,
    ORDINARY,
    SUFFIXES,
    SURNAMES_FIRST,
    TITLES,
    every,
)
from search.entities.runs import Run, Token, word_before, word_behind

LONGEST: Final = 4
"""Words that a name may have."""

_BEFORE: Final = 60
_SAINTS: Final = every("San Santa Santo St St. Saint Sao Costa Port Fort")
_CREDITS: Final = every("by By of and")
_OF: Final = frozenset(("of", "for", "the"))
_NAME = re.compile(
    r"(?:[^\W\d_](?:\.|\.[^\W\d_]\.)|[^\W\d_]{2,}|[^\W\d_]+(?:['-][^\W\d_]+)+)"
)
_APPOSED = re.compile(
    r", (?:aged )?(?:\d\d, |(?:(?:who|whose)\b))|"
    r", (?:the |a |an |its |his |her |their |who is |then )?"
    rf"(?:[\w.'-]+ ){{0,4}}?(?:{'|'.join(sorted(CALLINGS))})\b"
)
_CREDITED = re.compile(
    r" ?(?:/|\(?(?:AP|AFP|EPA|Reuters|REUTERS|Getty)\b(?! )|\| ?)|, (?:Getty|AFP|Reuters)\b"
)
_BYLINE = re.compile(
    r"(?:(?:^|\n)[Bb]y|[Pp]hoto(?:graph)? by|[Pp]icture by|[Rr]eporting by|[Ee]diting by"
    r"|[Ww]riting by|[Cc]ourtesy of|[Ii]mage:|[Pp]hoto:|[Cc]redit:|Editing by [\w. ]+ and"
    r"|[Rr]eporting by [\w., ]+(?: and|,)) ?$"
)


def person(run: Run, text: str) -> tuple[Token, ...]:
    """Return the words of a person's name in a run; none if there is no such."""
    tokens, titled = _untitled(run, text)
    tokens = unled(tokens)
    if len(tokens) > 1 and tokens[-1].text in SUFFIXES:
        tokens = tokens[:-1]
    if len(tokens) > 2 and tokens[0].text not in FIRST_NAMES:
        tokens, titled = _from_first_name(tokens, titled=titled)
    if not 2 <= len(tokens) <= LONGEST or not _is_name(tokens):
        return ()
    if _is_credit(tokens, text) or word_behind(text, tokens[-1].end) in NAMESAKES:
        return ()
    return tokens if titled or _is_person(tokens, text) else ()


def surname(tokens: Sequence[Token]) -> str:
    """Return by which of its words a person is named later on."""
    first = tokens[0].text
    if first in SURNAMES_FIRST and first not in FIRST_NAMES:
        return first
    return tokens[-1].text


def alone(run: Run) -> Token | None:
    """Return the word of a run like "Smith", "Then Smith" or "President Smith"."""
    tokens = unled(run)
    if len(tokens) > 1 and tokens[-2].text in TITLES:
        return tokens[-1]
    return tokens[0] if len(tokens) == 1 else None


def unled(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return what stands behind "Then", "German" and the like; of one word all."""
    place = 0
    while place < len(tokens) - 1 and tokens[place].text in LEADS:
        place += 1
    return tokens[place:]


def _untitled(run: Run, text: str) -> tuple[tuple[Token, ...], bool]:
    """Return what stands behind the titles of a run, and whether there were any."""
    for place in range(len(run) - 1, -1, -1):
        if run[place].text in TITLES:
            return run[place + 1 :], True
    word = word_before(text, run[0].start)
    if word in _OF:
        office = _office_before(text, run[0].start - len(word) - 1)
        return _behind_office(run) if office else (run, False)
    return run, word in CALLINGS


def _office_before(text: str, start: int) -> bool:
    """Say whether "Minister" or "president" and the like stands before an "of"."""
    word = word_before(text, start)
    if word in _OF:
        word = word_before(text, start - len(word) - 1)
    return word in TITLES or word in CALLINGS


def _behind_office(tokens: tuple[Token, ...]) -> tuple[tuple[Token, ...], bool]:
    """Return the name in "Minister of [Foreign Affairs Wang Yi]"."""
    place = 0
    while place < len(tokens) and tokens[place].text in OFFICES:
        place += 1
    if place:
        return tokens[place:], True
    return _from_first_name(tokens, titled=False)


def _from_first_name(
    tokens: tuple[Token, ...], *, titled: bool
) -> tuple[tuple[Token, ...], bool]:
    """Return the words from a first name on: in "Microsoft Brad Smith" from Brad."""
    if titled:
        return tokens, titled
    for place, token in enumerate(tokens[:-1]):
        if token.text in FIRST_NAMES and not _names_place(tokens[:place]):
            return tokens[place:], titled
    return tokens, titled


def _names_place(tokens: tuple[Token, ...]) -> bool:
    """Say whether a first name behind these is a town's: San Diego."""
    return bool(tokens) and tokens[-1].text in _SAINTS


def _is_name(tokens: tuple[Token, ...]) -> bool:
    """Say whether words can be a person's name at all."""
    if any(t.text in NO_PERSON or not _NAME.fullmatch(t.text) for t in tokens):
        return False
    if any(t.text.isupper() and len(t.text) > 2 for t in tokens):
        return False
    ordinary = [t.text[0].isupper() and t.text.lower() in ORDINARY for t in tokens]
    if tokens[0].text in FIRST_NAMES:
        return not any(ordinary[1:-1])
    return not any(ordinary)


def _is_credit(tokens: tuple[Token, ...], text: str) -> bool:
    """Say whether somebody is named for a picture or as who wrote this."""
    if _CREDITED.match(text, tokens[-1].end):
        return True
    start = tokens[0].start
    word = word_before(text, start)
    if word and word not in _CREDITS and word[-1] not in ",:":
        return False
    return bool(_BYLINE.search(text[max(0, start - _BEFORE) : start]))


def _is_person(tokens: tuple[Token, ...], text: str) -> bool:
    if tokens[0].text in FIRST_NAMES:
        return True
    return bool(_APPOSED.match(text, tokens[-1].end))
