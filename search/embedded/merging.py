"""Merging the index to one segment, in a process of its own while the archive rests.

Tantivy has no such command: the index is made anew from the database, which takes time
and memory that a server's process should not lose. Facets on a frequent word cost a
third in one segment of what they cost in ten.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import orjson

import search
from search.embedded import rebuilding
from search.embedded.generations import Folder
from search.errors import EngineBusyError

REST_SECONDS: Final = 10.0
"""How long nothing may have changed before a merge is worth while."""

FEWEST: Final = 5_000
"""How many articles there must be for segments to cost something to speak of."""

_SHARE: Final = 0.05  # of the articles that came, changed or went since the last merge
_CODE: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from search.embedded.merging import merge; merge(sys.argv[2])"
)


class Merger:
    """Decides when to merge and watches the process that does it."""

    def __init__(
        self,
        folder: Path,
        index: Path,
        *,
        rest: float = REST_SECONDS,
        fewest: int = FEWEST,
    ) -> None:
        """Watch an index of `fewest` articles or more, unchanged for `rest` seconds."""
        self._rest = rest
        self._fewest = fewest
        self._folder = folder
        self._index = index
        self._child: subprocess.Popen[bytes] | None = None
        self._applied = -1
        self._since = 0.0

    def look(self, applied: int) -> None:
        """Start a merge if the index has rested at this change and is in pieces."""
        now = time.monotonic()
        if applied != self._applied:
            self._applied, self._since = applied, now
        if now - self._since < self._rest or self._is_busy():
            return
        self._since = now
        if is_due(pieces(self._index), self._fewest):
            self._child = start(self._folder)

    def close(self) -> None:
        """End the merge that is under way; the old index stays."""
        if self._child:
            self._child.terminate()
            self._child.wait()

    def _is_busy(self) -> bool:
        return self._child is not None and self._child.poll() is None


def pieces(index: Path) -> list[tuple[int, int]]:
    """Return (articles, dead ones among them) of each segment of an index."""
    segments = orjson.loads((index / "meta.json").read_bytes())["segments"]
    return [
        (each["max_doc"], (each["deletes"] or {}).get("num_deleted_docs", 0))
        for each in segments
    ]


def is_due(segments: list[tuple[int, int]], fewest: int = FEWEST) -> bool:
    """Say whether so much lies outside the largest segment, or is dead, that it costs."""
    total = sum(articles for articles, _ in segments)
    largest = max((articles for articles, _ in segments), default=0)
    dead = sum(dead for _, dead in segments)
    return total >= fewest and total - largest + dead > total * _SHARE


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Start a process that merges, with the lowest priority."""
    root = str(Path(search.__file__).parents[1])
    return subprocess.Popen(  # noqa: S603 (our own interpreter and code)
        [sys.executable, "-c", _CODE, root, str(folder)],
        stdin=subprocess.DEVNULL,
        process_group=0,
    )


def merge(folder: str) -> None:
    """Make the index anew, in one segment as far as possible."""
    os.nice(19)
    with contextlib.suppress(EngineBusyError):  # then another one does it
        rebuilding.renew(Folder(Path(folder)))
