"""`dateline entities`: what the archive knows of companies, people, places and tags."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final, TextIO

import click

from api.settings import load as load_settings
from schemas.entities import dump
from schemas.registering import COLUMNS, cells
from schemas.tables import liner
from scripts.archive import opened
from scripts.files import check
from scripts.profiles import Reading
from scripts.progress import Progress
from scripts.tally import Tally
from search.connection import connect
from search.entities import starter
from search.entities.profile import KINDS, Kind, Profile
from search.entities.registry import Registry
from search.merging import merge as merge_entities

AT_ONCE: Final = 5_000
EXAMPLES: Final = """
Examples:

\b
  dateline entities load companies.csv people.ndjson.gz
  dateline entities load --kind company names.csv
  dateline entities export --csv > entities.csv
  dateline entities merge company facebook meta-platforms
  dateline entities delete company wirecard
  dateline entities delete --starter
"""

_KIND = click.Choice(KINDS)


@click.group("entities", epilog=EXAMPLES)
def command() -> None:
    """Load, export, merge and delete what is known of companies, people and others.

    A name is resolved by it: one filter takes id, name, alias, former name, ticker or
    an id elsewhere. A new archive knows some hundred well-known ones.
    """


@command.command("load")
@click.argument("files", nargs=-1, type=click.Path(allow_dash=True, path_type=Path))
@click.option("--kind", type=_KIND, help="Of what kind all are that do not say it.")
@click.option("--format", "form", type=click.Choice(("csv", "ndjson")))
@click.option("--starter", "begins", is_flag=True, help="Load the starter set (again).")
@click.option("--report", type=click.File("w"), help="Write refused lines here too.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def load(
    files: tuple[Path, ...],
    *,
    kind: Kind | None,
    form: str | None,
    begins: bool,
    report: TextIO | None,
    quiet: bool,
) -> None:
    """Load CSV or NDJSON files (also .gz; - is standard input) into the registry.

    What has the same kind and id is replaced; a new archive gets the starter set
    first. CSV has the columns kind, id, name,
    aliases, former_names, tickers, identifiers (scheme=value), parent and origin, with |
    between several values. Ends with 3 if lines were refused.
    """
    if begins == bool(files):
        raise click.UsageError("Name files to load, or --starter, one of the two.")
    check(files)
    tally = Tally(report)
    settings = load_settings()
    with (
        closing(connect(settings.engine, settings.credentials)) as engine,
        Progress(files, quiet=quiet) as progress,
    ):
        starter.begin(engine.entities)
        reading = Reading(form, kind, tally)
        found = starter.profiles() if begins else reading.profiles(files, progress)
        done = engine.entities.put(watched(found, progress, tally))
    click.echo(
        f"Loaded: {done.created:,} created, {done.updated:,} updated, "
        f"{done.unchanged:,} unchanged, {tally.failed:,} failed.",
        err=True,
    )
    click.get_current_context().exit(3 if tally.failed else 0)


@command.command("export")
@click.option("--kind", type=_KIND, help="Only these.")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, for spreadsheets.")
def export(*, kind: Kind | None, as_csv: bool) -> None:
    """Write all profiles as NDJSON; what comes out goes in again."""
    write = sys.stdout.buffer.write
    count = 0
    with opened() as engine:
        line = liner()
        if as_csv:
            write(line(COLUMNS))
        for count, profile in enumerate(engine.entities.scan(kind), 1):  # noqa: B007
            write(line(cells(profile)) if as_csv else dump(profile) + b"\n")
    sys.stdout.flush()
    click.echo(f"Exported {count:,} entities.", err=True)


@command.command("merge")
@click.argument("kind", type=_KIND)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="INTO")
def merge(kind: Kind, source: str, target: str) -> None:
    """Make one of two: articles with the id FROM get the id INTO.

    What is known of FROM goes over to INTO, its names as aliases. Searches go on
    meanwhile and find all articles by either name. May be repeated.
    """
    with opened() as engine:
        done = merge_entities(engine, kind, source, target)
    noun = "article" if done.articles == 1 else "articles"
    click.echo(
        f"{source} is {done.profile.id} now: {done.articles:,} {noun}.", err=True
    )


@command.command("delete")
@click.argument("kind", type=_KIND, required=False)
@click.argument("ids", nargs=-1)
@click.option("--starter", "begins", is_flag=True, help="The starter set, as it came.")
def delete(kind: Kind | None, ids: tuple[str, ...], *, begins: bool) -> None:
    """Remove profiles by their ids. Articles keep the ids that they have."""
    if begins == bool(ids):
        raise click.UsageError("Name a kind and ids, or --starter, one of the two.")
    with opened() as engine:
        registry = engine.entities
        count = 0
        if kind and ids:
            count = registry.delete(kind, ids)
        for one in KINDS if begins else ():
            count += registry.delete(one, _untouched(registry, one))
    noun = "entity" if count == 1 else "entities"
    click.echo(f"Deleted {count:,} {noun}.", err=True)


def _untouched(registry: Registry, kind: Kind) -> list[str]:
    """Return the ids of profiles that are as the starter set has them."""
    shipped = set(starter.profiles())
    return [profile.id for profile in registry.scan(kind) if profile in shipped]


def watched(
    profiles: Iterator[Profile], progress: Progress, tally: Tally
) -> Iterator[Profile]:
    """Yield the profiles, and show from time to time how far it is."""
    for number, profile in enumerate(profiles):
        if not number % AT_ONCE:
            progress.show(tally)
        yield profile
