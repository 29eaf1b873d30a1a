"""`dateline load`: articles from files into the engine, with a report."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import click

from api.settings import load as load_settings
from schemas.articles import load_json
from schemas.problems import Fault, Invalid
from scripts.inputs import Line, lines_of
from scripts.progress import Progress
from scripts.tally import Tally
from search.article import Article
from search.connection import connect
from search.engine import Engine
from search.errors import EngineError

BATCH = 500

EXAMPLES = """
Examples:

\b
  dateline load articles.ndjson.gz
  zcat archive/*.gz | dateline load -
  dateline load --dry-run --report refused.txt new.ndjson
  dateline load --from-line 120001 big.ndjson
"""


@click.command("load", epilog=EXAMPLES)
@click.argument("files", nargs=-1, type=click.Path(allow_dash=True, path_type=Path))
@click.option("--demo", is_flag=True, help="Load the demo articles.")
@click.option("--restore", is_flag=True, help="Keep version and indexed_at (exports).")
@click.option("--dry-run", is_flag=True, help="Say what would happen; store nothing.")
@click.option("--from-line", default=1, show_default=True, help="Skip lines before.")
@click.option("--report", type=click.File("w"), help="Write refused lines here too.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def command(  # noqa: PLR0913 - the options of the command
    files: tuple[Path, ...],
    *,
    demo: bool,
    restore: bool,
    dry_run: bool,
    from_line: int,
    report: TextIO | None,
    quiet: bool,
) -> None:
    """Load NDJSON files (also .gz; - is standard input) into the archive.

    Loading a file again changes nothing: what is stored already is "unchanged". An
    interrupted load says with which line to go on. Ends with 3 if articles were refused.
    """
    if demo == bool(files):
        raise click.UsageError("Name files to load, or --demo, one of the two.")
    tally = Tally(report)
    with closing(connect(load_settings().engine)) as engine:
        loading = Loading(engine, tally, restore=restore, dry_run=dry_run)
        with Progress(files, quiet=quiet) as progress:
            run(loading, lines_of(files, from_line, progress), progress)
        if not dry_run and tally.stored:
            engine.index((), refresh=True)
    click.echo(tally.summary(dry_run=dry_run), err=True)
    sys.exit(3 if tally.failed else 0)


class Loading:
    """One load: takes lines, gives batches of articles to the engine."""

    def __init__(
        self, engine: Engine, tally: Tally, *, restore: bool, dry_run: bool
    ) -> None:
        """Keep what every batch needs."""
        self.engine = engine
        self.tally = tally
        self.restore = restore
        self.dry_run = dry_run
        self.now = datetime.now(UTC)
        self.durable: Line | None = None

    def store(self, batch: list[Line]) -> None:
        """Index a batch; when it returns, all of it is durable or refused."""
        read = [(line, article) for line in batch if (article := self._article(line))]
        report = self.engine.index(
            [article for _, article in read], dry_run=self.dry_run
        )
        for (line, _), outcome in zip(read, report.outcomes, strict=True):
            self.tally.add(line, outcome)
        self.durable = batch[-1]

    def _article(self, line: Line) -> Article | None:
        if line.fault:
            self.tally.refuse(line, [Fault("", line.fault)])
            return None
        try:
            return load_json(line.data, now=self.now, restore=self.restore)
        except Invalid as error:
            self.tally.refuse(line, error.faults)
            return None


def run(loading: Loading, lines: Iterator[Line], progress: Progress) -> None:
    """Load all lines; say where to go on when it ends before."""
    try:
        for batch in batches(lines):
            loading.store(batch)
            progress.show(loading.tally)
    except (KeyboardInterrupt, EngineError) as stop:
        progress.stop()
        if loading.durable:
            click.echo(continuation(loading.durable), err=True)
        if isinstance(stop, EngineError):
            raise
        raise click.Abort from None


def continuation(last: Line) -> str:
    """Say how to go on behind the last line that is stored."""
    return (
        f"Stopped. Everything up to line {last.number} of {last.source} is stored; go "
        f"on with: dateline load --from-line {last.number + 1} {last.source}"
    )


def batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    """Yield lists of up to BATCH lines; a slow source gives smaller ones in time."""
    batch: list[Line] = []
    started = time.monotonic()
    for line in lines:
        batch.append(line)
        if len(batch) >= BATCH or time.monotonic() - started > 1:
            yield batch
            batch, started = [], time.monotonic()
    if batch:
        yield batch
