"""The files of profiles that `dateline entities load` is given: CSV and NDJSON."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.formats import ndjson
from schemas.problems import Fault, Invalid
from schemas.registering import read_csv, read_ndjson
from scripts.files import opened
from scripts.inputs import Watcher
from scripts.lines import Line
from scripts.sources import Source
from scripts.tally import Tally
from search.entities.profile import Kind, Profile


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads files, and tells what is refused; each by its name, or as `form` says."""

    form: str | None
    kind: Kind | None
    tally: Tally

    def profiles(self, files: Sequence[Path], progress: Watcher) -> Iterator[Profile]:
        """Yield the profiles of all files; a file that fails stops no other."""
        position = 0
        for path in files:
            with opened(path) as stream:
                source = Source(stream, position, progress.read)
                yield from self._of(str(path), source)
                position = source.position

    def _of(self, name: str, source: Source) -> Iterator[Profile]:
        is_csv = name.removesuffix(".gz").endswith(".csv")
        read = read_csv if (self.form or "csv" * is_csv) == "csv" else read_ndjson
        number = 1
        try:
            for number, found in read(self._lines(name, source), self.kind):
                if isinstance(found, Profile):
                    yield found
                else:
                    self.tally.refuse(Line(name, number, b""), found)
        except Invalid as error:
            self.tally.refuse(Line(name, 1, b""), error.faults)
        except (EOFError, OSError, zlib.error, ValueError) as error:
            fault = Fault("", f"It cannot be read any further: {error}. Mend the file.")
            self.tally.refuse(Line(name, number + 1, b""), [fault])

    def _lines(self, name: str, source: Source) -> Iterator[tuple[int, bytes]]:
        for number, data in ndjson.lines(source.text()):
            if isinstance(data, Fault):
                self.tally.refuse(Line(name, number, b""), [data])
            else:
                yield number, data
