"""`dateline rebuild`: the index anew, from the articles that the engine keeps."""

from __future__ import annotations

import time

import click

from scripts.archive import opened

EXAMPLES = """
Example:

\b
  dateline rebuild
"""


@click.command("rebuild", epilog=EXAMPLES)
@click.option("--force", is_flag=True, help="Also if most articles would be lost.")
def command(*, force: bool) -> None:
    """Make the index anew. Searches and writes go on meanwhile.

    Needed after an upgrade that changes how text is analysed; harmless at any time.
    """
    started = time.monotonic()
    with opened() as engine:
        try:
            engine.rebuild(force=force)
        except KeyboardInterrupt:
            click.echo("Stopped. The index is what it was.", err=True)
            raise click.Abort from None
        count = engine.health().articles or 0
    took = time.monotonic() - started
    click.echo(f"Rebuilt: {count:,} articles in {took:.1f} s.", err=True)
