"""`dateline serve`: becomes the server, so that signals reach it."""

from __future__ import annotations

import os
import sys
from contextlib import closing

import click

from api.settings import Settings, load, overrule
from search.connection import connect

WARNING = (
    "Dateline listens on {host}, beyond this machine, and has no write key: it takes "
    "no writes. Set DATELINE_WRITE_KEY, or DATELINE_WRITE_KEY_FILE, to allow them."
)


@click.command("serve", epilog="Example: dateline serve --port 9000 --workers 4")
@click.option("--host", help="The address to listen on (default 127.0.0.1).")
@click.option("--port", type=int, help="The port to listen on (default 8000).")
@click.option("--workers", type=int, help="Processes that answer (default 2).")
@click.option("--threads", type=int, help="Threads of each process (default 16).")
def command(**options: object) -> None:
    """Serve the API with gunicorn."""
    overrule({name: str(value) for name, value in options.items() if value is not None})
    settings = load()
    check(settings)
    # -P: what lies where the caller stands is not ours to import.
    serving = ("-P", "-m", "api.server", "-c", "python:api.gunicorn_conf")
    os.execv(sys.executable, (sys.executable, *serving, "api.wsgi:application"))  # noqa: S606 - our own interpreter


def check(settings: Settings) -> None:
    """Say what should be known before it serves.

    Raises EngineConfigurationError where the engine cannot be used at all.
    """
    with closing(connect(settings.engine)) as engine:
        health = engine.health()
    if health.status == "down":
        click.echo(health.detail, err=True)
    if not settings.writable:
        click.echo(WARNING.format(host=settings.host), err=True)
