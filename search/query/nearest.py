"""The name that was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

_PLAUSIBLE = 0.65
_LONGEST = 64
_TELLING = 4
_SEPARATOR = re.compile(r"[\W_]+")


def nearest(word: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that `word` is most like, or None if none is plausible.

    Case does not matter. A name that is a part of the word wins (`filter[company]`),
    then one that ends in the word (`Berlin`); of equally likely names the first by
    alphabet. A beginning that all have (`DATELINE_`) makes nothing likely.
    """
    if len(word) > _LONGEST:
        return None
    word = word.casefold()
    known = {name.casefold(): name for name in sorted(names, reverse=True)}
    shared = _shared([word, *known])
    likely = ((_likeness(word, name, shared), name) for name in known)
    likeness, name = min(((-each, name) for each, name in likely), default=(0.0, ""))
    return known[name] if -likeness >= _PLAUSIBLE else None


def _shared(words: list[str]) -> int:
    """Return the length of the beginning, up to a separator, that all words have."""
    pairs = enumerate(zip(min(words), max(words), strict=False))
    length = next((at for at, (a, b) in pairs if a != b), 0)
    ends = [match.end() for match in _SEPARATOR.finditer(words[0][:length])]
    return ends[-1] if ends else 0


def _likeness(word: str, name: str, shared: int) -> float:
    if name == word:
        return 2.0
    if name in _SEPARATOR.split(word):
        return 1.0 + len(name) / _LONGEST
    if len(word) >= _TELLING and _SEPARATOR.split(name)[-1] == word:
        return 1.0
    matcher = SequenceMatcher(None, name[shared:], word[shared:], autojunk=False)
    # The bounds are cheap, and hundreds of names (time zones) are far from plausible.
    if matcher.real_quick_ratio() < _PLAUSIBLE or matcher.quick_ratio() < _PLAUSIBLE:
        return 0.0
    return matcher.ratio()
