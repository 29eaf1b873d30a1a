"""`dateline export`: every match of a question, streamed: NDJSON or a table."""

from __future__ import annotations

import io
import shlex
import signal
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Self, cast

import click

from schemas import echo as echoes, exporting
from schemas.exporting import Export, Shape
from scripts.archive import opened
from scripts.screen import sentence
from scripts.words import PARAMETERS, pairs_of
from search.article import StoredArticle
from search.errors import EngineError

EXAMPLES = """
Examples:

\b
  dateline export > everything.ndjson
  dateline export company=BP from=30d -o bp.ndjson
  dateline export --csv company=BP fields=published_at,title,url bom=true -o bp.csv
  dateline export --after 9f86d081 >> everything.ndjson
"""

HELP = f"""Write all matches, oldest first: whole articles as NDJSON, or a table.

{PARAMETERS} What comes out as NDJSON goes in again with `dateline load --restore`.
"""


@click.command("export", epilog=EXAMPLES, help=HELP)
@click.argument("parameters", nargs=-1)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write here.")
@click.option("--csv", "table", is_flag=True, help="A table, without the body.")
@click.option("--after", help="Go on behind the article with this id.")
def command(
    parameters: tuple[str, ...], output: Path | None, after: str | None, *, table: bool
) -> None:
    """Write all matches."""
    shape: Shape = "table" if table else "export"
    pairs = pairs_of(parameters) + ([("after", after)] if after else [])
    export = exporting.load(pairs, shape, now=datetime.now(UTC))
    with opened() as engine:
        echo = echoes.resolve(export.query, engine)
        for warning in echo.warnings:
            click.echo(sentence(warning), err=True)
        # Without a question the engine waits for what was just stored.
        every = {name for name, _ in export.query.pairs} <= exporting.OWN
        found = exporting.articles(export, None if every else echo.request, engine)
        with _target(output, "ab" if export.after else "wb") as target:
            writing = Writing(target, parameters, output, table=table)
            writing.run(export, found)
    noun = "article" if writing.count == 1 else "articles"
    click.echo(f"Exported {writing.count:,} {noun}.", err=True)


def _target(output: Path | None, mode: str) -> BinaryIO:
    if output:
        return cast("BinaryIO", output.open(mode))
    if not isinstance(sys.stdout, io.TextIOWrapper):
        raise click.ClickException("There is no standard output: name a file with -o.")
    # A buffer of our own: python -u has none, and may write half a line.
    return open(sys.stdout.fileno(), "wb", closefd=False)


class Writing:
    """Writes articles and counts them, so as to know how to go on."""

    def __init__(
        self,
        target: BinaryIO,
        parameters: Sequence[str],
        output: Path | None,
        *,
        table: bool = False,
    ) -> None:
        """Write to `target`; the rest are the words of the command."""
        self._target = target
        words = [word for word in parameters if not word.startswith("after=")]
        self._words = (["--csv"] if table else []) + words
        self._output = output
        self._last = ""
        self.count = 0

    def run(self, export: Export, articles: Iterable[StoredArticle]) -> None:
        """Write all lines; say how to go on if it ends before."""
        try:
            self._target.write(export.head)
            with _Interrupt() as interrupt:
                for article in articles:
                    self._target.write(export.line(article))
                    self._last = article.id
                    self.count += 1
                    interrupt.check()
            self._target.flush()
        except (KeyboardInterrupt, EngineError):
            self._target.flush()
            click.echo(self.rest(), err=True)
            raise

    def rest(self) -> str:
        """Say how to go on behind the last article that was written."""
        if not self.count:
            return "Stopped. Nothing is exported yet: start again."
        words = ["dateline", "export", *self._words, "--after", self._last]
        words += ["-o", str(self._output)] if self._output else []
        behind = "" if self._output else " >> FILE"
        return (
            f"Stopped after {self.count:,} articles; go on with: "
            f"{shlex.join(words)}{behind}"
        )


class _Interrupt:
    """Keeps the first Ctrl-C until it is asked for, so that no line is cut.

    The second one is not kept.
    """

    def __init__(self) -> None:
        self._asked = False

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._keep)
        return self

    def __exit__(self, *error: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def check(self) -> None:
        """Raise KeyboardInterrupt if there was one."""
        if self._asked:
            raise KeyboardInterrupt

    def _keep(self, *_: object) -> None:
        self._asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
