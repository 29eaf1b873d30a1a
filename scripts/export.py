"""`dateline export`: every match of a question as NDJSON, streamed."""

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

from schemas import echo as echoes
from schemas.paging import shapes
from schemas.queries import load
from scripts.archive import opened
from scripts.screen import sentence
from scripts.words import PARAMETERS, pairs_of
from search.article import ArticleId, StoredArticle
from search.errors import EngineError

EXAMPLES = """
Examples:

\b
  dateline export > everything.ndjson
  dateline export company=BP from=30d -o bp.ndjson
  dateline export --after 9f86d081 >> everything.ndjson
"""

HELP = f"""Write all matches as NDJSON, oldest first, whole articles.

{PARAMETERS} What comes out goes in again with `dateline load --restore`.
"""


@click.command("export", epilog=EXAMPLES, help=HELP)
@click.argument("parameters", nargs=-1)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write here.")
@click.option("--after", help="Go on behind the article with this id.")
def command(
    parameters: tuple[str, ...], output: Path | None, after: str | None
) -> None:
    """Write all matches."""
    pairs = pairs_of(parameters)
    check(pairs)
    query = load(pairs, "count", now=datetime.now(UTC))
    with opened() as engine:
        echo = echoes.resolve(query, engine)
        for warning in echo.warnings:
            click.echo(sentence(warning), err=True)
        found = engine.scan(
            echo.request if query.pairs else None,
            after=ArticleId(after) if after else None,
        )
        with _target(output, "ab" if after else "wb") as target:
            writing = Writing(target, parameters, output)
            writing.run(found)
    noun = "article" if writing.count == 1 else "articles"
    click.echo(f"Exported {writing.count:,} {noun}.", err=True)


def _target(output: Path | None, mode: str) -> BinaryIO:
    if output:
        return cast("BinaryIO", output.open(mode))
    if not isinstance(sys.stdout, io.TextIOWrapper):
        raise click.ClickException("There is no standard output: name a file with -o.")
    # A buffer of our own: python -u has none, and may write half a line.
    return open(sys.stdout.fileno(), "wb", closefd=False)


def check(pairs: Iterable[tuple[str, str]]) -> None:
    """Raise click.UsageError for parameters that an export would have to ignore."""
    for name, value in pairs:
        if shapes(name) and name != "strict" and value.strip():
            raise click.UsageError(
                f"An export has all matches, whole: leave {name} out, or use "
                "dateline search."
            )


class Writing:
    """Writes articles and counts them, so as to know how to go on."""

    def __init__(
        self, target: BinaryIO, parameters: Sequence[str], output: Path | None
    ) -> None:
        """Write to `target`; the rest are the words of the command."""
        self._target = target
        self._parameters = parameters
        self._output = output
        self._last = ""
        self.count = 0

    def run(self, articles: Iterable[StoredArticle]) -> None:
        """Write an article a line; say how to go on if it ends before."""
        try:
            with _Interrupt() as interrupt:
                for article in articles:
                    self._target.write(article.json() + b"\n")
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
        words = ["dateline", "export", *self._parameters, "--after", self._last]
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
