"""What a load takes one after another: lines of files, and articles of foreign ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import click

from schemas.formats.drafts import Draft


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a source, or an article of a source that has none; from 1.

    `fault` says why it could not be read. `draft` is what was made of a foreign one,
    whose file was last `changed` then. Without bytes, fault and draft it is blank.
    """

    source: str
    number: int
    data: bytes
    fault: str | None = None
    draft: Draft | None = None
    changed: datetime | None = None

    @property
    def size(self) -> int:
        """Return about how many bytes it has."""
        body = self.draft.values.get("body", "") if self.draft else ""
        return len(self.data) + len(str(body))


def behind(lines: Iterator[Line], first: int) -> Iterator[Line]:
    """Yield the lines from the number `first` on, and whatever has a fault.

    Raises click.ClickException if they end before.
    """
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
