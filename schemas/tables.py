"""Tables: RFC 4180, with no cell that a spreadsheet takes for a formula.

A text that it would take for one gets an apostrophe before it: cells come from
strangers.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from typing import cast

MARK = "\ufeff".encode()
"""The byte order mark, by which Excel knows UTF-8."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BLANK = " \u00a0\u3000"  # some programs look for a formula behind them


def table(header: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Return the rows as CSV in UTF-8; None is an empty cell."""
    line = liner()
    return b"".join([line(header), *map(line, rows)])


def liner() -> Callable[[Iterable[object]], bytes]:
    """Return what makes a line of a table from its cells."""
    write = csv.writer(_Passing()).writerow
    return lambda cells: cast(str, write(list(map(_cell, cells)))).encode()


class _Passing:
    """Gives the writer its line back, so that it need not be looked for in a buffer."""

    def write(self, text: str) -> str:
        return text


def _cell(value: object) -> object:
    """Return a text so that no spreadsheet takes it for a formula."""
    if isinstance(value, str) and value.lstrip(_BLANK).startswith(_FORMULA):
        return "'" + value
    return value
