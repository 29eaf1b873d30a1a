"""The name that was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

_PLAUSIBLE = 0.65
_LONGEST = 64


def nearest(word: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that `word` is most like, or None if none is plausible.

    Case does not matter. A name that is a whole part of the word wins
    (`filter[company]`, `date_from`); of equally likely names the first does.
    """
    word = word.casefold()
    known = list(names)
    if len(word) > _LONGEST:
        return None
    parts = set(re.split(r"[\W_]+", word))
    likely = [(_likeness(word, name.casefold(), parts), name) for name in known]
    likeness, name = max(likely, key=lambda pair: pair[0], default=(0.0, ""))
    return name if likeness >= _PLAUSIBLE else None


def _likeness(word: str, name: str, parts: set[str]) -> float:
    if word == name:
        return 2.0
    if name in parts:
        return 1.0 + len(name) / _LONGEST
    return SequenceMatcher(None, word, name, autojunk=False).ratio()
