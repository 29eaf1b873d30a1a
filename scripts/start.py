"""What `scripts/run` asks before it serves: the address, and what is there already."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing

import click

from api.settings import Settings, SettingsError, load, overrule
from scripts import serve
from scripts.ports import StartError, check_port
from search.connection import connect
from search.errors import SearchError


def main(arguments: Sequence[str]) -> int:
    """Print the address to ask and the number of articles.

    `arguments` are those of `dateline serve`. Returns an exit code; above 0, a sentence
    on stderr says what to do.
    """
    try:
        settings = read(arguments)
        check_port(settings.host, settings.port)
        count = count_articles(settings)
    except (SettingsError, SearchError, StartError) as error:
        print(error, file=sys.stderr)
        return 1
    except click.UsageError as error:
        error.show()
        return error.exit_code
    print(reachable(settings), count)
    return 0


def read(arguments: Sequence[str]) -> Settings:
    """Return the settings that `dateline serve` will see.

    Raises click.UsageError for options it does not have, SettingsError for wrong values.
    """
    options = serve.command.make_context("scripts/run", [*arguments]).params
    overrule({name: str(value) for name, value in options.items() if value is not None})
    return load()


def count_articles(settings: Settings) -> int:
    """Return how many articles the archive holds.

    Raises StartError where it cannot be used, SearchError where it does not open.
    """
    with closing(connect(settings.engine, settings.credentials)) as engine:
        health = engine.health()
    if health.articles is None:
        raise StartError(f"{settings.engine}: {health.detail} Ask `dateline doctor`.")
    return health.articles


def reachable(settings: Settings) -> str:
    """Return the address for clients on this machine: "everywhere" is none."""
    return settings.address.replace("//0.0.0.0:", "//127.0.0.1:").replace(
        "//[::]:", "//[::1]:"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
