"""Newline-delimited JSON: one article a line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Protocol, TypeAlias

from schemas.problems import Fault

LINE_BYTES = 10_000_000
"""How long a line may be, without its end."""

BLANK_LINES = 1_000_000
"""How many lines in a row may be blank."""

Line: TypeAlias = tuple[int, bytes | Fault]

_BLANK = f"{BLANK_LINES:,} lines in a row are blank: what follows is not read."
_CHUNK = 1 << 16
_MARK = b"\xef\xbb\xbf"


class Readable(Protocol):
    """Where bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes; none at the end."""
        ...


def lines(stream: Readable, *, most: int = LINE_BYTES) -> Iterator[Line]:
    """Yield each line with its number, from 1; a Fault instead of one that is too long.

    Blank lines are yielded as b"". A line ends with a line feed, which the last one may
    lack; a carriage return before it, and a byte order mark before the first, are no
    part of it. One line is held at a time, never more than `most` bytes of it. What goes
    on with a million blank lines ends with a Fault: a few packed bytes can be that.
    """
    number, last = 1, 0
    line = _Line(most)
    for chunk in iter(partial(stream.read, _CHUNK), b""):
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            line.add(piece)
            taken = line.take(first=number == 1)
            yield number, taken
            last = number if taken else last
            if number - last >= BLANK_LINES:
                yield number + 1, Fault("", _BLANK)
                return
            number += 1
        line.add(rest)
    if line.size:
        yield number, line.take(first=number == 1)


class _Line:
    __slots__ = ("_most", "_pieces", "size")

    def __init__(self, most: int) -> None:
        self._most = most
        self._pieces: list[bytes] = []
        self.size = 0

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self._most + len(_MARK) + 1:
            self._pieces.clear()
        elif piece:
            self._pieces.append(piece)

    def take(self, *, first: bool) -> bytes | Fault:
        whole = b"".join(self._pieces)
        lost = len(whole) < self.size
        self._pieces.clear()
        self.size = 0
        text = (whole.removeprefix(_MARK) if first else whole).removesuffix(b"\r")
        if lost or len(text) > self._most:
            return Fault("", f"A line may have at most {self._most:,} bytes.")
        return b"" if text.isspace() else text
