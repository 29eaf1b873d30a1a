"""`dateline copy FROM TO`: all articles of one archive into another, and a comparison."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import islice

import click

from api.settings import load
from scripts.archive import absence
from scripts.progress import Progress
from scripts.tally import Tally
from search.article import Article, ArticleId, StoredArticle
from search.connection import connect, folder_of
from search.engine import Engine
from search.errors import ArticleNotFoundError

AT_ONCE = 500
EXAMPLES = """
Examples:

\b
  dateline copy embedded:data http://127.0.0.1:9200
  dateline copy http://127.0.0.1:9200 embedded:backup
"""


@dataclass(frozen=True, slots=True)
class Checksum:
    """What an archive holds: equal for equal articles, in whatever order they came."""

    count: int = 0
    sum: int = 0

    @classmethod
    def of(cls, articles: Iterable[StoredArticle]) -> Checksum:
        """Add up the digests of the articles, versions and times included."""
        count = total = 0
        for article in articles:
            digest = hashlib.blake2b(article.json(), digest_size=16).digest()
            count, total = count + 1, (total + int.from_bytes(digest)) % 2**128
        return cls(count, total)


@click.command("copy", epilog=EXAMPLES)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--after", metavar="ID", help="Go on behind this article of FROM.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def command(source: str, target: str, *, after: str | None, quiet: bool) -> None:
    """Copy all articles of the archive FROM into the archive TO, and compare them.

    What FROM knows of entities is copied too. Versions and times are kept. What is in TO already is not written again, so a copy
    that was interrupted may be repeated, or go on with --after. FROM should rest
    meanwhile. Ends with 1 if the two are not the same afterwards.
    """
    credentials = load().credentials
    if missing := absence(folder_of(source)):
        raise click.ClickException(missing)
    with ExitStack() as stack:
        old = stack.enter_context(closing(connect(source, credentials)))
        new = stack.enter_context(closing(connect(target, credentials)))
        with Progress((), quiet=quiet) as progress:
            tally = copy(old, new, progress, ArticleId(after) if after else None)
            known = new.entities.put(old.entities.scan())
        click.echo(
            f"Copied {tally.counts['created'] + tally.counts['updated']:,} articles, "
            f"{tally.counts['unchanged']:,} were there.",
            err=True,
        )
        if fresh := known.created + known.updated:
            click.echo(f"Copied {fresh:,} entities.", err=True)
        compare(old, new)


def copy(
    old: Engine, new: Engine, progress: Progress, after: ArticleId | None
) -> Tally:
    """Write all articles of one engine to another; say where it stopped, if it does."""
    tally, last = Tally(), after
    try:
        for articles in batches(old, after):
            report = new.index(articles)
            tally.counts.update(one.status for one in report.outcomes)
            last = articles[-1].id
            progress.show(tally, "Copying")
    except ArticleNotFoundError as error:
        raise click.ClickException(f"{error} Leave --after away.") from error
    except BaseException:
        if last is not None:
            click.echo(f"Stopped. Go on with --after {last}", err=True)
        raise
    new.index([], refresh=True)
    return tally


def batches(engine: Engine, after: ArticleId | None) -> Iterator[list[Article]]:
    """Yield all articles, some at a time."""
    found = (each.article() for each in engine.scan(after=after))
    while some := list(islice(found, AT_ONCE)):
        yield some


def compare(old: Engine, new: Engine) -> None:
    """Raise click.ClickException unless both hold the same."""
    one, two = Checksum.of(old.scan()), Checksum.of(new.scan())
    if one.count != two.count:
        raise click.ClickException(
            f"FROM holds {one.count:,} articles and TO {two.count:,}: copy into an empty "
            "archive, and let nobody write meanwhile."
        )
    if one != two:
        raise click.ClickException(
            "The articles in TO are not the same as in FROM: copy into an empty "
            "archive, and let nobody write meanwhile."
        )
    click.echo(f"Both hold the same {one.count:,} articles.", err=True)
