"""`dateline doctor`: the settings, and what is wrong, in sentences."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version

import click
from rich.console import Console
from rich.table import Table

from api.settings import Settings, SettingsError, load, table
from search.connection import connect
from search.errors import SearchError
from search.result import Health

LIBRARIES = ("dateline", "flask", "marshmallow", "gunicorn", "tantivy", "PyStemmer")


@click.command("doctor", epilog="Example: dateline doctor")
def command() -> None:
    """Show every setting, the versions, and what is wrong with them.

    Ends with 1 if something is wrong.
    """
    try:
        settings = load()
    except SettingsError as error:
        click.echo(f"Wrong settings:\n{error}")
        sys.exit(1)
    show(settings)
    faults = list(examine(settings))
    for fault in faults:
        click.echo(f"- {fault}")
    click.echo("Something is wrong, see above." if faults else "All is well.")
    sys.exit(1 if faults else 0)


def show(settings: Settings) -> None:
    """Print the table of settings and the versions."""
    rows = Table("setting", "value", "default", "meaning", box=None, pad_edge=False)
    for row in table(settings):
        rows.add_row(row.variable, row.value, row.default, row.meaning)
    Console(width=max(100, Console().width)).print(rows)
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    click.echo(f"\nPython {platform.python_version()}, {versions}\n")


def examine(settings: Settings) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong."""
    if not settings.writable:
        yield (
            f"DATELINE_HOST is {settings.host}, which others can reach, and there is no "
            "DATELINE_WRITE_KEY: the server will refuse writes."
        )
    try:
        with closing(connect(settings.engine)) as engine:
            yield from judge(engine.health())
    except SearchError as error:
        yield str(error)


def judge(health: Health) -> Iterator[str]:
    """Yield what is wrong with an engine; print how it is."""
    if health.status != "ready":
        yield health.detail
    count = "unknown" if health.articles is None else f"{health.articles:,}"
    click.echo(f"Engine: {health.status}, {count} articles. {health.detail}")
