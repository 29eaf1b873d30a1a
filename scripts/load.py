"""`dateline load`: articles from files into the engine, with a report."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import click

from api.settings import load as load_settings
from schemas.articles import load_json
from schemas.formats.arriving import Arrival, admit, dates_in
from schemas.formats.drafts import Draft
from schemas.formats.recognising import FORMATS
from schemas.problems import Fault, Invalid
from schemas.writes import columns
from scripts.archive import misplaced
from scripts.files import expanded
from scripts.foreign import Asked
from scripts.inputs import DEMO, demo_lines, lines_of
from scripts.lines import Line
from scripts.patience import patiently
from scripts.progress import Progress
from scripts.tally import Tally
from search.article import Article
from search.connection import connect, folder_of
from search.engine import Engine
from search.entities import starter
from search.entities.labelling import NAMINGS, Labeller, Naming
from search.errors import EngineError
from search.result import IndexReport

BATCH = 500
BATCH_BYTES = 16_000_000

EXAMPLES = """
Examples:

\b
  dateline load articles.ndjson.gz
  dateline load saved-pages/ wire/*.xml feed.rss article.txt
  dateline load --format csv --column title=Headline --column body=Text list.csv
  zcat archive/*.gz | dateline load -
  dateline load --dry-run --report refused.txt new.ndjson
  dateline load --from-line 120001 big.ndjson
"""


@click.command("load", epilog=EXAMPLES)
@click.argument("files", nargs=-1, type=click.Path(allow_dash=True, path_type=Path))
@click.option("--demo", is_flag=True, help="Load the demo articles.")
@click.option("--restore", is_flag=True, help="Keep version and indexed_at (exports).")
@click.option("--dry-run", is_flag=True, help="Say what would happen; store nothing.")
@click.option(
    "--from-line",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Begin at this line of the first file.",
)
@click.option("--format", "kind", type=click.Choice(FORMATS), help="Do not guess it.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="KEY=COLUMN",
    help="In which column of a CSV file an article's key is; may be repeated.",
)
@click.option(
    "--names",
    type=click.Choice(NAMINGS),
    help="Look for names in texts: auto (where an article brings no company, person or "
    "place), always or off; else as DATELINE_NAMES says.",
)
@click.option("--report", type=click.File("w"), help="Write refused lines here too.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def command(  # noqa: PLR0913 - the options of the command
    files: tuple[Path, ...],
    *,
    demo: bool,
    restore: bool,
    dry_run: bool,
    from_line: int,
    kind: str | None,
    columns: tuple[str, ...],
    names: Naming | None,
    report: TextIO | None,
    quiet: bool,
) -> None:
    """Load files (also .gz), folders of files, or standard input (-) into the archive.

    Read are NDJSON and other JSON, saved HTML pages, RSS, Atom and JSON Feed, NewsML,
    NITF, ninjs, ANPA and IPTC 7901 wires, CSV and plain text; which of them is
    recognised by what is in a file.

    Loading a file again changes nothing: what is stored already is "unchanged". An
    interrupted load says with which line to go on; a cluster that restarts meanwhile is
    waited for. Ends with 3 if articles were refused.
    """
    if demo == bool(files):
        raise click.UsageError("Name files to load, or --demo, one of the two.")
    asked = Asked(kind or "", _columns(columns))
    if report:
        report.write("")  # opens it: where it cannot be, nothing is loaded
    files = expanded(files)
    sources = tuple(map(str, files)) or (DEMO,)
    tally = Tally(report)
    settings = load_settings()
    if wrong := misplaced(folder_of(settings.engine)):
        raise click.ClickException(wrong)
    with closing(connect(settings.engine, settings.credentials)) as engine:
        plan = Plan(sources, restore, dry_run, asked, names, names or settings.names)
        if not dry_run:
            starter.begin(engine.entities)
        with Progress(files, quiet=quiet) as progress:
            lines = lines_of(files, from_line, progress, asked)
            Loading(engine, tally, plan).run(
                demo_lines(from_line) if demo else lines, progress
            )
    click.get_current_context().exit(3 if tally.failed else 0)


def _columns(given: tuple[str, ...]) -> Mapping[str, str]:
    try:
        return columns(given)
    except ValueError as error:
        raise click.UsageError(f"--column: {error}") from None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is loaded, by the words of the command, and how.

    `names` is what the command said; `naming` is what is done.
    """

    sources: tuple[str, ...]
    restore: bool = False
    dry_run: bool = False
    asked: Asked = field(default_factory=Asked)
    names: Naming | None = None
    naming: Naming = "auto"

    def rest(self, stored: Line | None) -> str:
        """Say how to go on behind the last line that is stored."""
        if self.dry_run:
            return "Stopped. Nothing was to be stored."
        if stored is None:
            return "Stopped. Nothing is stored yet: start again."
        behind = self.sources[self.sources.index(stored.source) :]
        words = ["dateline", "load", "--from-line", str(stored.number + 1)]
        words += ["--restore"] if self.restore else []
        words += ["--format", self.asked.format] if self.asked.format else []
        for key, column in self.asked.columns.items():
            words += ["--column", f"{key}={column}"]
        words += ["--names", self.names] if self.names else []
        return (
            f"Stopped. Everything up to line {stored.number} of {stored.source} is "
            f"stored; go on with: {shlex.join([*words, *behind])}"
        )


class Loading:
    """One load: takes lines, gives batches of articles to the engine."""

    def __init__(self, engine: Engine, tally: Tally, plan: Plan) -> None:
        """Keep what every batch needs."""
        self._engine = engine
        self._tally = tally
        self._plan = plan
        self._now = datetime.now(UTC)
        self._known = dates_in(engine)
        self._stored: Line | None = None
        self._labeller = Labeller(engine.entities)
        self._was_there = engine.health().status != "down"

    def run(self, lines: Iterator[Line], progress: Progress) -> None:
        """Load all lines and tell the outcome; say where to go on if it ends before.

        When it returns, the articles can be searched. Raises EngineError; click.Abort
        when it is interrupted.
        """
        try:
            for batch in batches(lines):
                self._store(batch)
                progress.show(self._tally)
        except (KeyboardInterrupt, EngineError) as stop:
            progress.stop()
            if self._stored or isinstance(stop, KeyboardInterrupt):
                self._tell(self._plan.rest(self._stored))
            if isinstance(stop, EngineError):
                raise
            raise click.Abort from None
        self._finish(progress)

    def _finish(self, progress: Progress) -> None:
        try:
            if not self._plan.dry_run:
                progress.show(self._tally, "Making searchable")
                self._waiting(lambda: self._engine.index((), refresh=True))
        finally:
            progress.stop()
            self._tell()

    def _tell(self, *more: str) -> None:
        for text in (self._tally.summary(dry_run=self._plan.dry_run), *more):
            click.echo(text, err=True)

    def _store(self, batch: list[Line]) -> None:
        """Index a batch; when it returns, all of it is durable or refused."""
        read = [(line, article) for line in batch if (article := self._article(line))]
        articles = [article for _, article in read]
        report = self._waiting(
            lambda: self._engine.index(
                self._labelled(articles), dry_run=self._plan.dry_run
            )
        )
        for (line, _), outcome in zip(read, report.outcomes, strict=True):
            self._tally.add(line, outcome)
        self._stored = batch[-1]

    def _labelled(self, articles: list[Article]) -> list[Article]:
        if self._plan.restore:
            return articles
        return self._labeller.label(articles, self._plan.naming)

    def _waiting(self, action: Callable[[], IndexReport]) -> IndexReport:
        """Do it, also if the engine restarts; one that was never there is an error."""
        if not self._was_there:
            return action()
        return patiently(action, lambda text: click.echo(text, err=True))

    def _article(self, line: Line) -> Article | None:
        if line.fault:
            self._tally.refuse(line, [Fault("", line.fault)])
            return None
        if not line.data and not line.draft:
            self._tally.blank += 1
            return None
        try:
            if line.draft:
                return self._admitted(line, line.draft)
            return load_json(line.data, now=self._now, restore=self._plan.restore)
        except Invalid as error:
            self._tally.refuse(line, error.faults)
            return None

    def _admitted(self, line: Line, draft: Draft) -> Article:
        arrival = Arrival(self._now, line.changed, self._known)
        article, warnings = admit(draft, arrival)
        self._tally.warn(line, warnings)
        return article


def batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    """Yield lists of up to BATCH lines; a slow source gives smaller ones in time."""
    batch: list[Line] = []
    size, started = 0, time.monotonic()
    for line in lines:
        batch.append(line)
        size += line.size
        late = time.monotonic() - started > 1
        if late or len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size, started = [], 0, time.monotonic()
    if batch:
        yield batch
