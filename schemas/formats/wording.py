"""Words of a text: on one line, once each, and the names in a by-line."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BY = re.compile(
    r"^(?:(?:story|text|words|written|reported|reporting)\s+by|by|von|vom|par|por|door|"
    r"di|av|af|tekst|text|foto|photo|photos?\s+by)(?:\s*:\s*|\s+)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*(?:[,;|/•·]|\s&\s|\s(?:and|und|et|y|e|og|och|en|ja|with|mit)\s)\s*"
)


def line(text: str | None) -> str:
    """Return a text with single spaces, on one line."""
    return " ".join((text or "").split())


def unique(texts: Iterable[str]) -> list[str]:
    """Return what is not blank once, in its order, whatever its case."""
    first: dict[str, str] = {}
    for text in texts:
        clean = line(text)
        if clean:
            first.setdefault(clean.casefold(), clean)
    return list(first.values())


def names(text: str | None) -> list[str]:
    """Return the names of a by-line: `By Ann Lee and Bo Ek, AP` has three."""
    clean = _BY.sub("", line(text).rstrip(" .=-–"))
    return unique(_BY.sub("", each) for each in _BETWEEN.split(clean))
