"""XML, written: elements as nested tuples become bytes that every parser takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import TypeAlias

Element: TypeAlias = "tuple[str, Mapping[str, str], str | Iterable[Element]]"
"""A name, attributes, and text or elements."""

# What XML 1.0 does not have, and controls and non-characters that validators warn of.
_ILLEGAL = re.compile(
    "[^\t\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
    "|["
    + "".join(
        chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF)
    )
    + "]"
)


def clean(text: str) -> str:
    """Return the text without the characters that XML cannot hold or should not."""
    return _ILLEGAL.sub("", text)


def document(root: Element) -> bytes:
    """Return an XML document in UTF-8; texts and values are cleaned and escaped."""
    parts = ('<?xml version="1.0" encoding="UTF-8"?>\n', *_written(root), "\n")
    return "".join(parts).encode()


def _written(element: Element) -> Iterator[str]:
    name, about, inside = element
    given = "".join(f' {key}="{_escaped(about[key])}"' for key in about)
    if not inside:
        yield f"<{name}{given}/>"
        return
    yield f"<{name}{given}>"
    if isinstance(inside, str):
        yield _escaped(inside)
    else:
        for each in inside:
            yield from _written(each)
    yield f"</{name}>"


def _escaped(text: str) -> str:
    return escape(clean(text))
