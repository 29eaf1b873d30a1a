"""Files of other people's formats: read whole, several at a time, in processes apart."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field as data
from datetime import datetime
from types import TracebackType
from typing import Final, Self

from schemas.formats.drafts import Draft, UnreadableError
from schemas.formats.packets import Job
from schemas.formats.workshop import LARGEST, BusyError, Workshop
from scripts.lines import Line, behind

_MOST = 8
_UNREAD: Final = (
    "Nobody could be started to read it. Look whether there is memory left, then load "
    "this file again."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command says of the files: their format, the columns of tables."""

    format: str = ""
    columns: Mapping[str, str] = data(default_factory=dict)


@dataclass(frozen=True, slots=True)
class File:
    """A foreign file: its name, when it was changed, from which article on it counts."""

    name: str
    changed: datetime | None
    first: int = 1


class Foreign:
    """Reads foreign files ahead of who takes their articles, and keeps their order."""

    def __init__(self, asked: Asked | None = None) -> None:
        """Start nothing yet."""
        self.asked = asked or Asked()
        self._most = min(os.cpu_count() or 1, _MOST)
        self._workshop = Workshop(self._most)
        self._threads = ThreadPoolExecutor(self._most)
        self._waiting: deque[tuple[File, Future[list[Draft]]]] = deque()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the processes go."""
        self._threads.shutdown(cancel_futures=True)
        self._workshop.close()

    def add(self, file: File, kind: str, text: bytes) -> Iterator[Line]:
        """Begin to read a file; yield the articles of those before that are too many."""
        job = Job(text, kind, columns=self.asked.columns or None)
        self._waiting.append((file, self._threads.submit(self._workshop.read, job)))
        if len(self._waiting) > 2 * self._most:
            yield from self._first()

    def rest(self) -> Iterator[Line]:
        """Yield the articles of all files that were begun."""
        while self._waiting:
            yield from self._first()

    def _first(self) -> Iterator[Line]:
        file, future = self._waiting.popleft()
        return behind(_lines(file, future), file.first)


def _lines(file: File, future: Future[list[Draft]]) -> Iterator[Line]:
    try:
        drafts = future.result()
    except UnreadableError as error:
        yield Line(file.name, 1, b"", str(error))
        return
    except BusyError:
        yield Line(file.name, 1, b"", _UNREAD)
        return
    for number, draft in enumerate(drafts, start=1):
        yield Line(file.name, number, b"", draft=draft, changed=file.changed)


def too_large(file: File) -> Line:
    """Return the line for a file that is larger than may be."""
    told = f"A file that is not NDJSON may have {LARGEST:,} bytes, unpacked. Split it."
    return Line(file.name, 1, b"", told)
