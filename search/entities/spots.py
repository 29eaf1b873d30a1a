"""Where a text may name what the lexicon knows, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from search.entities.english import (
    CALENDAR,
    FIRST_NAMES,
    FOLLOWERS,
    FORMS,
    LEADS,
    NAMESAKES,
    NO_PERSON,
    ORDINARY,
    TITLES,
    every,
)
from search.entities.lexicon import Candidate, Known, Lexicon
from search.entities.runs import Run, word_before, word_behind
from search.entities.spelling import CAPITALS, key, plain
from search.entities.tickers import printed

_INNER = re.compile(r"[A-Z](?<=[a-z][A-Z])")
_CAMEL = re.compile(r"(?<![\w@/])[a-z]{1,4}$")
_DIGITS = re.compile(
    r"[0-9](?<![\w.,$@/-][0-9])[0-9]*(?=[A-Z-]| [A-Z]|(?:st|nd|rd|th) )"
)
_SMALL: Final = every(
    "a and at da das de del della den der des di do dos du e el et for in la las le les los "
    "of on the to und van von y &"
)
_PAUSES: Final = (",", ";", ":", ")")
_ARTICLES: Final = frozenset(("the", "The", "a", "A", "an", "An"))
_SPLIT = re.compile(r"[ -]+")
_WORD_BEHIND = re.compile(rf" ([{CAPITALS}][\w-]*)")
_SENTENCE_ENDS: Final = frozenset('.!?:;"\n*•|(')


@dataclass(frozen=True, slots=True)
class Text:
    """A text to look for names in: `plain` is read, `key` is compared."""

    plain: str
    key: str
    title_end: int
    lead_end: int

    @classmethod
    def of(cls, title: str, summary: str | None, body: str | None, lead: int) -> Text:
        """Lay the parts of an article one behind the other; `lead` in characters."""
        head = plain(title)
        rest = plain("\n\n".join(filter(None, (summary, body))))
        whole = f"{head}\n\n{rest}"
        end = len(head) + 2
        return cls(whole, key(whole), end, end + lead)


class Spot(NamedTuple):
    """A place where a name stands; only one that is `sure` is taken by itself."""

    start: int
    end: int
    candidates: tuple[Known, ...]
    sure: bool = True


def spots(lexicon: Lexicon, text: Text, found: Iterable[Run]) -> Iterator[Spot]:
    """Yield the longest names at their places, in order, without overlaps.

    `found` are the runs of the text.
    """
    done = 0
    for start in sorted((*_capitals(found), *_oddities(text.plain))):
        if start < done:
            continue
        for spelling in reversed(lexicon.starting(text.key, start)):
            spot = _spot(lexicon, text, start, spelling)
            if spot:
                yield spot
                done = spot.end
                break


def _capitals(found: Iterable[Run]) -> Iterator[int]:
    """Yield where the words of runs begin, and what stands behind their hyphens."""
    for run in found:
        for text, start, _ in run:
            yield start
            if "-" in text:
                yield start + text.index("-") + 1


def _oddities(plain_text: str) -> Iterator[int]:
    """Yield where names may begin without a capital: 3M, 20th Century, eBay."""
    for match in _DIGITS.finditer(plain_text):
        yield match.start()
    for match in _INNER.finditer(plain_text):
        before = plain_text[max(0, match.start() - 5) : match.start()]
        small = _CAMEL.search(before)
        if small:
            yield match.start() - len(small[0])


def listed(lexicon: Lexicon, text: Text) -> Iterator[Spot]:
    """Yield the companies whose tickers are printed."""
    for symbol, start, end in printed(text.plain):
        known = tuple(each.known for each in lexicon.ticker(symbol))
        if len(known) == 1:
            yield Spot(start, end, known)


def _spot(lexicon: Lexicon, text: Text, start: int, spelling: str) -> Spot | None:
    end = start + len(spelling)
    if not _stands_alone(text.plain, start, end):
        return None
    surface = text.plain[start:end]
    if (" " in surface or "-" in surface) and not _is_capitalised(surface):
        return None
    fits: Sequence[Candidate] = lexicon.candidates(spelling)
    if not surface.isupper():
        fits = [c for c in fits if not c.exact]
    if " " not in spelling:
        fits = [c for c in fits if not _is_part(c, text.plain, start, end)]
    elif word_behind(text.plain, end) in NAMESAKES:
        fits = [c for c in fits if c.known.kind != "person"]
    if not fits:
        return None
    sure = _is_sure(text, start, end, fits[0])
    return Spot(start, end, _best(fits), sure)


def _best(fits: Sequence[Candidate]) -> tuple[Known, ...]:
    """Return those of whom it is a name as such, not without its legal form."""
    if len(fits) == 1:
        return (fits[0].known,)
    own = [c.known for c in fits if not c.formal] or [c.known for c in fits]
    return tuple(dict.fromkeys(own))


def _stands_alone(plain_text: str, start: int, end: int) -> bool:
    behind = plain_text[end : end + 1]
    if behind.isalnum() or behind in ("_", "@"):
        return False
    before = plain_text[start - 1 : start] if start else ""
    return not before.isalnum() and before not in ("@", "/", "_", ".")


def _is_joined(plain_text: str, start: int, end: int) -> bool:
    """Say whether a hyphen or `&` makes one name of it and its neighbour."""
    if (
        plain_text[end : end + 1] in ("-", "&")
        and plain_text[end + 1 : end + 2].isupper()
    ):
        return True
    before = plain_text[start - 1 : start] if start else ""
    return before in ("-", "&") and plain_text[start - 2 : start - 1].isalnum()


def _is_capitalised(surface: str) -> bool:
    return all(
        word[0].isupper() or word[0].isdigit() or word in _SMALL
        for word in _SPLIT.split(surface)[1:]
        if word
    )


def _is_part(candidate: Candidate, plain_text: str, start: int, end: int) -> bool:
    """Say whether a single word is only part of somebody else's name."""
    behind = _WORD_BEHIND.match(plain_text, end)
    if behind and behind[1] in FOLLOWERS:
        return True
    kind = candidate.known.kind
    if kind == "place":
        return False
    before = word_before(plain_text, start)
    if before in FIRST_NAMES or _is_joined(plain_text, start, end):
        return True
    if kind != "person":
        return False
    if behind and behind[1] not in NO_PERSON and behind[1] not in TITLES:
        return True
    strange = (
        before[:1].isupper() and before not in TITLES and not before.endswith("'s")
    )
    return strange and not _starts_sentence(plain_text, start - len(before) - 1)


def _is_sure(text: Text, start: int, end: int, candidate: Candidate) -> bool:
    words = text.key[start:end].split()
    if len(words) > 1:
        ordinary = all(word in ORDINARY for word in words)
        return not ordinary or start >= text.title_end
    surface = text.plain[start:end]
    if candidate.formal and surface in FIRST_NAMES:
        return False
    if words[0] in CALENDAR or (len(surface) <= 4 and surface.isupper()):
        return candidate.exact
    if words[0] not in ORDINARY:
        return candidate.known.kind != "company" or not (
            _goes_on(text.plain, end) or _is_led(text.plain, start)
        )
    return start >= text.title_end and _is_inside(text.plain, start, end)


def _is_inside(plain_text: str, start: int, end: int) -> bool:
    """Say whether a capital can only be a name's: amid small letters."""
    if _starts_sentence(plain_text, start):
        return False
    before = word_before(plain_text, start)
    if before and not before[0].islower() and not before.endswith("'s"):
        return False
    if before in _ARTICLES:
        return False
    behind = _WORD_BEHIND.match(plain_text, end)
    return not behind or behind[1] in TITLES or behind[1] in FORMS


def _goes_on(plain_text: str, end: int) -> bool:
    """Say whether a name behind it may make a longer one of it: Dow Jones."""
    behind = _WORD_BEHIND.match(plain_text, end)
    word = behind[1] if behind else ""
    told = word in TITLES or word in FORMS or word in NO_PERSON
    return bool(word) and not told and word.lower() not in ORDINARY


def _is_led(plain_text: str, start: int) -> bool:
    """Say whether an article or a stranger stands before it: the Amazon, Madox Ford."""
    before = word_before(plain_text, start)
    if before in _ARTICLES:
        return True
    if before.endswith(_PAUSES):  # in "Tencent, Baidu" neither is a part of the other
        return False
    if not before[:1].isupper() or before.endswith("'s"):
        return False
    told = before in TITLES or before in LEADS or before.isupper()
    return not told and before.lower() not in ORDINARY


def _starts_sentence(plain_text: str, start: int) -> bool:
    before = plain_text[max(0, start - 4) : start]
    if "\n" in before[-2:] or start < 2:
        return True
    return before.rstrip()[-1:] in _SENTENCE_ENDS
