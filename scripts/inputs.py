"""The lines that a load is given: of files in any format, compressed or not, and of
standard input."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

import orjson

from schemas.formats import ndjson
from schemas.formats.recognising import NDJSON, recognise
from schemas.formats.workshop import LARGEST
from schemas.problems import Fault
from scripts import demo
from scripts.files import changed, opened
from scripts.foreign import Asked, File, Foreign, too_large
from scripts.lines import Line, behind
from scripts.sources import Source, Text, as_utf8

DEMO: Final = "--demo"


class Watcher(Protocol):
    """Who wants to know how far reading is."""

    def read(self, position: int, /) -> None:
        """Note how many bytes of all files have been read, compressed as they lie."""
        ...


def lines_of(
    files: Sequence[Path],
    from_line: int,
    progress: Watcher,
    asked: Asked | None = None,
) -> Iterator[Line]:
    """Yield the lines of all files; those of the first one from `from_line` on.

    Of a file that is not NDJSON each article is a line. What cannot be read is a line
    with a fault, and the next file follows. Raises click.ClickException if the first
    file does not go as far as `from_line`.
    """
    position = 0
    with Foreign(asked) as foreign:
        for path in files:
            file = File(str(path), changed(path), from_line)
            with opened(path) as stream:
                source = Source(stream, position, progress.read)
                yield from _read(file, source, foreign)
                position = source.position
            from_line = 1
        yield from foreign.rest()


def demo_lines(from_line: int) -> Iterator[Line]:
    """Yield the demo articles as lines."""
    lines = enumerate(map(orjson.dumps, demo.articles()), start=1)
    return behind((Line(DEMO, number, data) for number, data in lines), from_line)


def _read(file: File, source: Source, foreign: Foreign) -> Iterator[Line]:
    try:
        text = as_utf8(source.text())
        kind = foreign.asked.format or recognise(text.head(), file.name)
        whole = None if kind == NDJSON else text.whole(LARGEST)
    except (EOFError, OSError, zlib.error, ValueError) as error:
        yield from foreign.rest()
        yield Line(file.name, 1, b"", _explained(error, 1))
        return
    if whole is not None:
        yield from foreign.add(file, kind, whole)
        return
    yield from foreign.rest()
    lines = _lines(file.name, text) if kind == NDJSON else iter([too_large(file)])
    yield from behind(lines, file.first)


def _lines(name: str, text: Text) -> Iterator[Line]:
    number = 0
    try:
        for number, data in ndjson.lines(text):
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
