"""The lines that a load is given: NDJSON files, compressed or not, and standard input."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol, cast

import click
import orjson

from schemas.formats import ndjson
from schemas.problems import Fault
from scripts import demo

STDIN: Final = Path("-")
DEMO: Final = "--demo"

_GZIP: Final = b"\x1f\x8b"
_FOREIGN: Final = {
    b"PK": ("zip", "unzip -p"),
    b"BZ": ("bzip2", "bzcat"),
    b"\xfd7": ("xz", "xzcat"),
    b"(\xb5": ("zstd", "zstdcat"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a source, numbered from 1; `fault` says why it could not be read.

    Without bytes and fault it is blank.
    """

    source: str
    number: int
    data: bytes
    fault: str | None = None


class Watcher(Protocol):
    """Who wants to know how far reading is."""

    def read(self, position: int, /) -> None:
        """Note how many bytes of all files have been read, compressed as they lie."""
        ...


def check(files: Sequence[Path]) -> None:
    """Raise click.ClickException for the first file that cannot be read."""
    for path in files:
        if path == STDIN:
            if not isinstance(sys.stdin, io.TextIOWrapper):
                raise click.ClickException("There is no standard input to read.")
            continue
        try:
            if path.is_dir():
                raise click.ClickException(
                    f"{path} is a folder: name the files in it, {path}/*.ndjson say."
                )
            # A pipe must not be opened twice: what is in it would be lost.
            if path.is_file() or not path.exists():
                path.open("rb").close()
        except OSError as error:
            raise click.ClickException(
                f"Cannot read {path} ({error.strerror}): check its name and permissions."
            ) from None


def lines_of(
    files: Sequence[Path], from_line: int, progress: Watcher
) -> Iterator[Line]:
    """Yield the lines of all files; those of the first one from `from_line` on.

    What cannot be read is a line with a fault, and the next file follows. Raises
    click.ClickException if the first file does not go as far as `from_line`.
    """
    position = 0
    for path in files:
        first, from_line = from_line, 1
        with _opened(path) as file:
            source = _Source(file, position, progress.read)
            yield from _behind(_lines(str(path), source), first)
            position = source.position


def demo_lines(from_line: int) -> Iterator[Line]:
    """Yield the demo articles as lines."""
    lines = enumerate(map(orjson.dumps, demo.articles()), start=1)
    return _behind((Line(DEMO, number, data) for number, data in lines), from_line)


def _behind(lines: Iterator[Line], first: int) -> Iterator[Line]:
    line = None
    for line in lines:
        if line.number >= first or line.fault:
            yield line
    last = line.number if line else 0
    if last < first - 1:
        raise click.ClickException(
            f"There are only {last:,} lines to load, none at {first:,}: check "
            "--from-line and the order of the files."
        )


def _lines(name: str, source: _Source) -> Iterator[Line]:
    number = 0
    try:
        for number, data in ndjson.lines(source.text()):
            if isinstance(data, Fault):
                yield Line(name, number, b"", data.detail)
            else:
                yield Line(name, number, data)
    except (EOFError, OSError, zlib.error, ValueError) as error:
        yield Line(name, number + 1, b"", _explained(error, number + 1))


def _explained(error: Exception, number: int) -> str:
    resume = f"mend the file, then go on with --from-line {number}."
    if isinstance(error, EOFError):
        return f"The compressed data end in the middle; {resume}"
    if isinstance(error, gzip.BadGzipFile | zlib.error):
        return f"The compressed data are damaged from about here; {resume}"
    if isinstance(error, OSError):
        return f"The file cannot be read any further ({error.strerror}); {resume}"
    return str(error)


def _opened(path: Path) -> AbstractContextManager[BinaryIO]:
    if path == STDIN:
        return nullcontext(sys.stdin.buffer)
    return path.open("rb")


class _Source:
    """A file that says how much of it has been read, whatever it holds."""

    def __init__(
        self, file: BinaryIO, position: int, note: Callable[[int], None]
    ) -> None:
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

    def text(self) -> ndjson.Readable:
        """Return what to read lines from; raises ValueError for other compressions."""
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
        return _Inflated(self) if start == _GZIP else self


class _Inflated:
    def __init__(self, source: _Source) -> None:
        self._file = gzip.GzipFile(fileobj=cast("BinaryIO", source), mode="rb")

    def read(self, size: int, /) -> bytes:
        return self._file.read1(size)


class _Reader(Protocol):
    def read1(self, size: int, /) -> bytes: ...
