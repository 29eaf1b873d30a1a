"""Bytes of files and of standard input, unpacked, with a look at how they begin."""

from __future__ import annotations

import codecs
import gzip
from collections.abc import Callable
from typing import BinaryIO, Final, Protocol, cast

from schemas.formats.ndjson import Readable
from schemas.formats.recognising import HEAD, wide

_GZIP: Final = b"\x1f\x8b"
_FOREIGN: Final = {
    b"PK": ("zip", "unzip -p"),
    b"BZ": ("bzip2", "bzcat"),
    b"\xfd7": ("xz", "xzcat"),
    b"(\xb5": ("zstd", "zstdcat"),
}
_MARKUP = 4096
"""Bytes of markup that are looked at: its root may be behind a prolog."""


class Source:
    """A file that says how much of it has been read, whatever it holds."""

    def __init__(
        self, file: BinaryIO, position: int, note: Callable[[int], None]
    ) -> None:
        """Read nothing yet; `note` is told the position in all files."""
        self._file = cast("_Reader", file)
        self._note = note
        self._first = b""
        self.position = position

    def read(self, size: int, /) -> bytes:
        """Return what is there now, up to `size` bytes; none at the end."""
        piece, self._first = self._first, b""
        if not piece:
            # Whoever pipes line by line is not kept waiting for a full buffer.
            piece = self._file.read1(size)
            self.position += len(piece)
            self._note(self.position)
        return piece

    def text(self) -> Text:
        """Return what is in it, unpacked; raises ValueError for other compressions."""
        start = b""
        while len(start) < len(_GZIP) and (more := self.read(len(_GZIP) - len(start))):
            start += more
        self._first = start
        if start in _FOREIGN:
            kind, tool = _FOREIGN[start]
            raise ValueError(
                f"This is {kind}, and only gzip is read here: {tool} FILE | dateline "
                "load -"
            )
        return Text(_Inflated(self) if start == _GZIP else self)


class Text:
    """Unpacked bytes, of which the first can be looked at before they are read."""

    def __init__(self, readable: Readable) -> None:
        """Read nothing yet."""
        self._readable = readable
        self._first = b""

    def head(self) -> bytes:
        """Return the first bytes: as many as it takes to know the format."""
        while len(self._first) < HEAD and not _is_enough(self._first):
            piece = self._readable.read(HEAD)
            if not piece:
                break
            self._first += piece
        return self._first[:HEAD]

    def read(self, size: int, /) -> bytes:
        """Return what is there now, up to `size` bytes; none at the end."""
        if self._first:
            piece, self._first = self._first[:size], self._first[size:]
            return piece
        return self._readable.read(size)

    def whole(self, most: int) -> bytes | None:
        """Return everything; None if it is more than `most` bytes."""
        pieces, size = [], 0
        while size <= most and (piece := self.read(most + 1 - size)):
            pieces.append(piece)
            size += len(piece)
        return b"".join(pieces) if size <= most else None


def _is_enough(head: bytes) -> bool:
    # A pipe that gives a line at a time is asked for no more than it takes.
    text = head.lstrip()
    first, ended, _ = text.partition(b"\n")
    if text[:1] == b"<":
        return len(text) >= _MARKUP
    return bool(ended) and len(first) > 2  # a bracket alone says nothing yet


def as_utf8(text: Text) -> Text:
    """Return a text in UTF-16 or UTF-32, as consoles write them, as UTF-8; others as
    they are."""
    charset = wide(text.head())
    return Text(_Recoded(text, charset)) if charset else text


class _Recoded:
    def __init__(self, text: Text, charset: str) -> None:
        self._text = text
        self._decoder = codecs.getincrementaldecoder(charset)("replace")

    def read(self, size: int, /) -> bytes:
        piece = b"-"
        found = ""
        while piece and not found:  # half a letter is nothing yet
            piece = self._text.read(size)
            found = self._decoder.decode(piece, final=not piece)
        return found.encode()


class _Inflated:
    def __init__(self, source: Source) -> None:
        self._file = gzip.GzipFile(fileobj=cast("BinaryIO", source), mode="rb")

    def read(self, size: int, /) -> bytes:
        return self._file.read1(size)


class _Reader(Protocol):
    def read1(self, size: int, /) -> bytes: ...
