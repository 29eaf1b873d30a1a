"""The bar of a load: bytes read where the size is known, articles and their rate."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress as Bar,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from scripts.tally import Tally


class Progress:
    """Shows how far a load is; silent where nobody looks (no terminal, or quiet)."""

    def __init__(self, files: Sequence[Path], *, quiet: bool = False) -> None:
        """Add up the sizes of the files; standard input has none."""
        sizes = [path.stat().st_size for path in files if path.is_file()]
        known = len(sizes) == len(files)
        self.bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn(
                "{task.fields[articles]:,} articles, {task.fields[rate]:,.0f}/s"
            ),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=Console(file=sys.stderr),
            disable=quiet or not sys.stderr.isatty(),
        )
        total = sum(sizes) if known and sizes else None
        self.task = self.bar.add_task("Loading", total=total, articles=0, rate=0)
        self.bytes = 0

    def __enter__(self) -> Self:
        """Start to show."""
        self.bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop showing."""
        self.stop()

    def read(self, position: int) -> None:
        """Note how many bytes of all files have been read."""
        self.bytes = position

    def show(self, tally: Tally) -> None:
        """Draw the state."""
        self.bar.update(
            self.task, completed=self.bytes, articles=tally.lines, rate=tally.rate
        )

    def stop(self) -> None:
        """Stop showing; may be called twice."""
        self.bar.stop()
