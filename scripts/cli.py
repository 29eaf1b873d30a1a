"""`dateline`: the door of the command line.

Exit codes: 0 all is well; 1 it could not be done, with a sentence on stderr; 2 the
command was written wrong; 3 done, but some articles were refused; 130 interrupted.
"""

from __future__ import annotations

import errno
import importlib
import io
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

import click
from click.exceptions import NoSuchCommand

from api.settings import SettingsError
from schemas.problems import ParameterError
from scripts.ports import StartError
from search.errors import (
    CursorError,
    EngineUnavailableError,
    QueryError,
    SearchError,
)

COMMANDS = (
    *("serve", "load", "search", "export", "entities", "rebuild", "copy", "doctor"),
)


_MENDED: dict[int | None, str] = {
    errno.ENOSPC: " Free some space, then say it again.",
    errno.ENOENT: " Make the folder, or correct the name.",
    errno.EACCES: " Look at its permissions.",
    errno.EROFS: " Choose a place that can be written.",
}
"""What to do about an error of the system."""


class Commands(click.Group):
    """The commands, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command of its module."""
        if cmd_name not in COMMANDS:
            return None
        command: Any = importlib.import_module(f"scripts.{cmd_name}").command
        return command  # type: ignore[no-any-return]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the words name; a wrong name is told the nearest."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; whoever reads its output may go away when he has enough."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # What is still buffered would complain when the interpreter ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dateline")
def cli() -> None:
    """Dateline: news articles in, full-text and faceted search out.

    Settings come from DATELINE_* variables; `dateline doctor` lists them.
    """


def main() -> None:
    """Run a command and end with its exit code."""
    # Faults of the engine reach us as errors; what it logs is for servers.
    logging.getLogger().addHandler(logging.NullHandler())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run a command; return its exit code. Errors are told on stderr."""
    try:
        return cli.main(words, prog_name="dateline", standalone_mode=False) or 0
    except click.UsageError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.Abort:
        return 130
    except (ParameterError, QueryError, CursorError) as error:
        click.echo(sentence(error), err=True)
        return 2
    except (SettingsError, StartError, SearchError, OSError) as error:
        click.echo(sentence(error), err=True)
        return 1


def sentence(error: Exception) -> str:
    """Return what is told about an error: what is wrong and what to do."""
    if isinstance(error, ParameterError):
        return "\n".join(_about(error))
    if isinstance(error, QueryError) and error.suggestion:
        return f"{error} Try: {error.suggestion}"
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        more = _MENDED.get(error.errno, "")
        return f"{place}{error.strerror or error}.{more}"
    if isinstance(error, EngineUnavailableError):
        return f"{error} `dateline doctor` says which archive was asked."
    return str(error)


def _about(error: ParameterError) -> list[str]:
    if error.slug == "unknown-parameter":
        near = "To search for text with = in it, write q=TEXT."
        if error.suggestion:
            near = f"Do you mean {error.suggestion}?"
        return [f"{error.detail} {near}"]
    where = "" if error.position is None else f", position {error.position}"
    lines = [f"{error.parameter}{where}: {error.detail}"]
    lines += [error.context] if error.context else []
    lines += [f"Try: {error.suggestion}"] if error.suggestion else []
    return lines
