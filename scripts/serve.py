"""`dateline serve`: becomes the server, so that signals reach it."""

from __future__ import annotations

import os
import sys
from contextlib import closing

import click

from api.settings import Settings, load, overrule
from scripts.ports import StartError, check_port
from search.connection import connect
from search.entities import starter

WARNING = (
    "Dateline listens on {host}, beyond this machine, and has no write key: it takes "
    "no writes. Set DATELINE_WRITE_KEY, or DATELINE_WRITE_KEY_FILE, to allow them."
)

EXAMPLES = """
Examples:

\b
  dateline serve --port 9000 --workers 4
  DATELINE_ENGINE=embedded:archive dateline serve
  DATELINE_WRITE_KEY_FILE=key dateline serve --host 0.0.0.0
"""


@click.command("serve", epilog=EXAMPLES)
@click.option("--host", help="The address to listen on (default 127.0.0.1).")
@click.option("--port", type=int, help="The port to listen on (default 8000).")
@click.option("--workers", type=int, help="Processes that answer (default 2).")
@click.option("--threads", type=int, help="Threads of each process (default 16).")
def command(**options: object) -> None:
    """Serve the API with gunicorn."""
    overrule({name: str(value) for name, value in options.items() if value is not None})
    check(load())
    # -P: what lies where the caller stands is not ours to import.
    serving = ("-P", "-m", "api.server", "-c", "python:api.gunicorn_conf")
    os.execv(sys.executable, (sys.executable, *serving, "api.wsgi:application"))  # noqa: S606 - our own interpreter


def check(settings: Settings) -> None:
    """Say what should be known before it serves.

    Raises StartError where it cannot: the engine is down, or the port is taken;
    EngineConfigurationError where there is no such engine.
    """
    check_port(settings.host, settings.port)
    with closing(connect(settings.engine, settings.credentials)) as engine:
        health = engine.health()
        if health.status == "ready":
            starter.begin(engine.entities)
    if health.status == "down":
        raise StartError(f"{settings.engine}: {health.detail} Ask `dateline doctor`.")
    if health.status == "degraded":
        click.echo(health.detail, err=True)
    if not settings.writable:
        click.echo(WARNING.format(host=settings.host), err=True)
