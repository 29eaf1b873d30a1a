"""A long stream in lists of bounded size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_T = TypeVar("_T")


def parts(
    things: Iterable[_T], most: int, large: int, size_of: Callable[[_T], int]
) -> Iterator[list[_T]]:
    """Yield the things in lists of up to `most`, and of up to a `large` size together
    unless one alone is larger; an empty list never."""
    part: list[_T] = []
    size = 0
    for thing in things:
        length = size_of(thing)
        if part and size + length > large:
            yield part
            part, size = [], 0
        part.append(thing)
        size += length
        if len(part) == most:  # at once: the next one may be long in coming
            yield part
            part, size = [], 0
    if part:
        yield part
