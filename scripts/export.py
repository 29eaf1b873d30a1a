"""`dateline export`: every match of a question as NDJSON, streamed."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import click

from schemas import echo as echoes
from schemas.given import Pair
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
    writing = Writing()
    with ExitStack() as stack:
        engine = stack.enter_context(opened())
        for warning in echoes.resolve(query, engine).warnings:
            click.echo(sentence(warning), err=True)
        start = ArticleId(after) if after else None
        found = engine.scan(query.request if query.pairs else None, after=start)
        target = sys.stdout.buffer
        if output:
            target = stack.enter_context(output.open("ab" if after else "wb"))
        try:
            target.writelines(writing.lines(found))
            target.flush()
        except (KeyboardInterrupt, EngineError):
            target.flush()
            click.echo(writing.rest(parameters, output), err=True)
            raise
    click.echo(f"Exported {writing.count:,} articles.", err=True)


def check(pairs: Iterable[Pair]) -> None:
    """Raise click.UsageError for parameters that an export would have to ignore."""
    for name, value in pairs:
        if shapes(name) and name != "strict" and value.strip():
            raise click.UsageError(
                f"An export has all matches, whole: leave {name} out, or use "
                "dateline search."
            )


class Writing:
    """Counts what is written, and knows how to go on."""

    def __init__(self) -> None:
        self.count = 0
        self.last = ""

    def lines(self, articles: Iterable[StoredArticle]) -> Iterator[bytes]:
        """Yield an article a line; each is counted when the next one is asked for."""
        for article in articles:
            yield article.json() + b"\n"
            self.count += 1
            self.last = article.id

    def rest(self, parameters: Iterable[str], output: Path | None) -> str:
        """Say how to go on behind the last article that was written."""
        if not self.count:
            return "Stopped. Nothing is exported yet: start again."
        words = ["dateline", "export", *parameters, "--after", self.last]
        words += ["-o", str(output)] if output else []
        behind = "" if output else " >> FILE"
        return (
            f"Stopped after {self.count:,} articles; go on with: "
            f"{shlex.join(words)}{behind}"
        )
