"""Results as aligned text, with what they were measured on."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

Cell: TypeAlias = str | int | float | None

_LIBRARIES = ("flask", "gunicorn", "marshmallow", "orjson", "pystemmer", "tantivy")


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table: the first column to the left, figures to the right."""
    lines = [list(head), *([_shown(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([title, text[0], "-" * len(text[0]), *text[1:], ""])


def machine() -> str:
    """Return the command, the machine and the versions, in three lines."""
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    command = " ".join([Path(sys.argv[0]).stem, *sys.argv[1:]])
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {command}\n"
        f"{_processor()}, {os.cpu_count()} cores, {_memory()}, load {load}, "
        f"{platform.system()} {platform.release().split('-')[0]}\n"
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{libraries}\n"
    )


def _shown(cell: Cell) -> str:
    match cell:
        case None:
            return "-"
        case float():
            return f"{cell:.2f}" if abs(cell) < 100 else f"{cell:,.0f}"
        case int():
            return f"{cell:,}"
        case _:
            return cell


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory() -> str:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{pages / 2**30:.0f} GiB"
