"""What became of the lines of a load, and how it is told."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import TextIO

import click

from schemas.problems import Fault
from scripts.lines import Line
from scripts.words import printable
from search.result import Outcome

SHOWN = 20
"""How many refused lines are shown on the terminal; a report has all of them."""

_STATUSES = ("created", "updated", "unchanged", "failed")


class Tally:
    """Counts outcomes and tells refused lines as they come."""

    def __init__(self, report: TextIO | None = None) -> None:
        """Write every refused line to `report` too."""
        self.counts: Counter[str] = Counter()
        self.blank = 0
        self.warnings = 0
        self.report = report
        self.started = time.monotonic()

    @property
    def articles(self) -> int:
        """How many articles were seen, refused ones too."""
        return self.counts.total()

    @property
    def failed(self) -> int:
        """How many articles were refused."""
        return self.counts["failed"]

    @property
    def rate(self) -> float:
        """Articles a second since the start."""
        return self.articles / max(time.monotonic() - self.started, 1e-6)

    def add(self, line: Line, outcome: Outcome) -> None:
        """Count what the engine did with an article."""
        if outcome.status == "failed":
            self.refuse(line, [Fault("", outcome.error or "The engine refused it.")])
        else:
            self.counts[outcome.status] += 1

    def refuse(self, line: Line, faults: Sequence[Fault]) -> None:
        """Count a refused line and say why: file, line, pointer, sentence."""
        self.counts["failed"] += 1
        for fault in faults:
            place = f"{line.source}:{line.number}: {fault.pointer or '/'}"
            text = printable(f"{place}: {fault.detail}")
            if self.report:
                print(text, file=self.report)
            if self.failed <= SHOWN:
                click.echo(text, err=True)
        if self.failed == SHOWN + 1:
            more = "" if self.report else " Use --report FILE to see all of them."
            click.echo(f"Further refused lines are only counted.{more}", err=True)

    def warn(self, line: Line, told: Sequence[Fault]) -> None:
        """Count what an importer left out of an article, or put in; tell the first."""
        for fault in told:
            self.warnings += 1
            place = f"{line.source}:{line.number}: {fault.pointer or '/'}"
            text = printable(f"{place}: warning: {fault.detail}")
            if self.report:
                print(text, file=self.report)
            if self.warnings <= SHOWN:
                click.echo(text, err=True)

    def summary(self, *, dry_run: bool = False) -> str:
        """Return the last line of a load."""
        named = ", ".join(f"{self.counts[status]:,} {status}" for status in _STATUSES)
        what = "Nothing stored (--dry-run). Would be" if dry_run else "Loaded"
        blank = f" {self.blank:,} blank lines skipped." if self.blank else ""
        several = "" if self.warnings == 1 else "s"
        told = f" {self.warnings:,} warning{several}." if self.warnings else ""
        return f"{what}: {named}; {self.rate:,.0f} articles/s.{blank}{told}"
