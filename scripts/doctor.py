"""`dateline doctor`: the settings, and what is wrong, in sentences."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version

import click
from rich.console import Console
from rich.table import Table

from api.settings import Settings, SettingsError, load, table
from scripts import findings
from search.connection import connect, folder_of
from search.errors import SearchError
from search.result import Health

LIBRARIES = ("dateline", "flask", "marshmallow", "gunicorn", "tantivy", "PyStemmer")

EXAMPLES = """
Examples:

\b
  dateline doctor
  DATELINE_ENGINE=embedded:archive dateline doctor
"""


@click.command("doctor", epilog=EXAMPLES)
def command() -> None:
    """Show every setting, the versions, and what is wrong with them.

    No archive is made where there is none. Ends with 1 if something is wrong.
    """
    try:
        settings = load()
    except SettingsError as error:
        click.echo(f"Wrong settings:\n{error}")
        click.get_current_context().exit(1)
    show(settings)
    faults = list(examine(settings))
    for fault in faults:
        click.echo(f"- {fault}")
    click.echo("Something is wrong, see above." if faults else "All is well.")
    click.get_current_context().exit(1 if faults else 0)


def show(settings: Settings) -> None:
    """Print the table of settings and the versions."""
    rows = Table(box=None, pad_edge=False)
    rows.add_column("setting", no_wrap=True)
    for name in ("value", "default", "meaning"):
        rows.add_column(name, overflow="fold")
    for row in table(settings):
        rows.add_row(row.variable, row.value, row.default, row.meaning)
    Console(markup=False, width=max(120, Console().width)).print(rows)
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    click.echo(f"\nPython {platform.python_version()}, {versions}\n")


def examine(settings: Settings) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong."""
    yield from findings.versions()
    if not settings.writable:
        yield (
            f"DATELINE_HOST is {settings.host}, which others can reach, and there is no "
            "DATELINE_WRITE_KEY: the server will refuse writes."
        )
    yield from findings.port(settings)
    folder = folder_of(settings.engine)
    wrong = list(findings.folder(folder)) if folder else []
    yield from wrong
    if not wrong:
        yield from engine(settings)


def engine(settings: Settings) -> Iterator[str]:
    """Yield what is wrong with the engine; print how it is."""
    try:
        with closing(connect(settings.engine, settings.credentials)) as found:
            yield from judge(found.health(), settings.engine)
    except SearchError as error:
        yield str(error)


def judge(health: Health, address: str) -> Iterator[str]:
    """Yield what is wrong with an engine; print how it is."""
    if health.articles is not None:
        click.echo(
            f"Engine {address}: {health.status}, {health.articles:,} articles, "
            f"{health.pending or 0:,} changes not yet searchable."
        )
    if health.status != "ready":
        yield f"{address}: {health.detail}"
