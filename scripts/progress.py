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

_COUNTS = "{task.fields[articles]:,} articles, {task.fields[rate]:,.0f}/s"


class Progress:
    """Shows how far a load is; silent where nobody looks (no terminal, or quiet)."""

    def __init__(self, files: Sequence[Path], *, quiet: bool = False) -> None:
        """Add up the sizes of the files; pipes and standard input have none."""
        sizes = [path.stat().st_size for path in files if path.is_file()]
        known = bool(sizes) and len(sizes) == len(files)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn(_COUNTS),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=Console(file=sys.stderr),
            disable=quiet or not sys.stderr.isatty(),
        )
        total = sum(sizes) if known else None
        self._task = self._bar.add_task("Loading", total=total, articles=0, rate=0)
        self._position = 0

    def __enter__(self) -> Self:
        """Start to show."""
        self._bar.start()
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
        self._position = position

    def show(self, tally: Tally, doing: str = "Loading") -> None:
        """Draw the state."""
        self._bar.update(
            self._task,
            description=doing,
            completed=self._position,
            articles=tally.articles,
            rate=tally.rate,
        )

    def stop(self) -> None:
        """Stop showing; may be called twice."""
        self._bar.stop()
