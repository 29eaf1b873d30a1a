"""How much of saved pages is read: `python -m scripts.bench.importing [--misses]`.

Against `import/html/expected.json` of the real data: what parsers that were written by
hand for each publisher read. Where several pages share a publisher, the version that
fits best counts, as whoever collected them did not say which is which.
"""

from __future__ import annotations

import gzip
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import orjson

from schemas.formats.packets import Job
from schemas.formats.workshop import Workshop

PARTS = ("title", "date", "authors", "topics")


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name, what is right in it, how long it took in seconds."""

    name: str
    right: Mapping[str, bool]
    seconds: float


def pages(folder: Path, workshop: Workshop) -> Iterator[Page]:
    """Yield each page with what was read rightly."""
    expected = orjson.loads((folder / "expected.json").read_bytes())
    for name in sorted(expected):
        data = gzip.decompress((folder / name).read_bytes())
        began = time.perf_counter()
        [draft] = workshop.read(Job(data, "html"))
        seconds = time.perf_counter() - began
        versions = expected[name]
        every = [versions] if "title" in versions else list(versions.values())
        scores = [_right(draft.values, each) for each in every]
        yield Page(name, max(scores, key=lambda right: sum(right.values())), seconds)


def _right(read: Mapping[str, Any], expected: Mapping[str, Any]) -> dict[str, bool]:
    tags, topics = _folded(read.get("tags")), _folded(expected["topics"])
    return {
        "title": _plain(read.get("title")) == _plain(expected["title"]),
        "date": _moment(read.get("published_at"))
        == _moment(expected["publishing_date"]),
        "authors": _folded(read.get("authors")) == _folded(expected["authors"]),
        "topics": len(tags & topics) >= len(topics) / 2,
    }


def _plain(text: str | None) -> str:
    clean = unicodedata.normalize("NFKC", text or "").replace("’", "'")
    return " ".join(clean.split())


def _folded(names: Iterable[str] | None) -> set[str]:
    return {_plain(name).casefold() for name in names or ()}


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("../shared/data"))
@click.option("--misses", is_flag=True, help="Name the pages that are wrong.")
def main(data: Path, *, misses: bool) -> None:
    """Print the figures."""
    workshop = Workshop(most=1)
    try:
        seen = list(pages(data / "import" / "html", workshop))
    finally:
        workshop.close()
    for part in PARTS:
        right = sum(page.right[part] for page in seen)
        click.echo(f"{part:8} {right:3} of {len(seen)}  {right / len(seen):.1%}")
        missed = [page.name for page in seen if not page.right[part]]
        if misses and missed:
            click.echo("         " + "\n         ".join(missed))
    times = sorted(1000 * page.seconds for page in seen[1:])
    middle = times[len(times) // 2]
    click.echo(f"{middle:.0f} ms a page, {times[-1]:.0f} ms at most")


if __name__ == "__main__":
    main()
