"""`dateline rebuild`: the index anew, from the articles that the engine keeps."""

from __future__ import annotations

import time
from contextlib import closing

import click

from api.settings import load
from search.connection import connect


@click.command("rebuild", epilog="Example: dateline rebuild")
@click.option("--force", is_flag=True, help="Also if most articles would be lost.")
def command(*, force: bool) -> None:
    """Make the index anew. Searches and writes go on meanwhile.

    Needed after an upgrade that changes how text is analysed; harmless at any time.
    """
    started = time.monotonic()
    with closing(connect(load().engine)) as engine:
        engine.rebuild(force=force)
        count = engine.health().articles or 0
    took = time.monotonic() - started
    click.echo(f"Rebuilt: {count:,} articles in {took:.1f} s.", err=True)
