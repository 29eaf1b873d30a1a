"""`dateline export`: every match of a question as NDJSON, streamed."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from api.settings import load as load_settings
from schemas.queries import load
from scripts.words import PARAMETERS, pairs_of
from search.article import ArticleId, StoredArticle
from search.connection import connect

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
    query = load(pairs_of(parameters), "count", now=datetime.now(UTC))
    with ExitStack() as stack:
        engine = stack.enter_context(closing(connect(load_settings().engine)))
        found = engine.scan(query.request, after=ArticleId(after) if after else None)
        target = sys.stdout.buffer
        if output:
            target = stack.enter_context(output.open("ab" if after else "wb"))
        count = write(target, found)
    click.echo(f"Exported {count:,} articles.", err=True)


def write(target: BinaryIO, articles: Iterable[StoredArticle]) -> int:
    """Write an article a line; return how many."""
    count = 0
    for count, article in enumerate(articles, start=1):  # noqa: B007 - counted
        target.write(article.json() + b"\n")
    target.flush()
    return count
