"""`dateline`: the door of the command line.

Exit codes: 0 all is well; 1 it could not be done, with a sentence on stderr; 2 the
command was written wrong; 3 done, but some articles were refused; 130 interrupted.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from api.settings import SettingsError
from schemas.problems import Invalid, ParameterError
from search.errors import QueryError, SearchError

COMMANDS = ("serve", "load", "search", "export", "rebuild", "doctor")


class Commands(click.Group):
    """The commands, each imported when it is called: `dateline --help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command of its module."""
        if cmd_name not in COMMANDS:
            return None
        command: Any = importlib.import_module(f"scripts.{cmd_name}").command
        return command  # type: ignore[no-any-return]


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dateline")
def cli() -> None:
    """Dateline: news articles in, full-text and faceted search out.

    Settings come from DATELINE_* variables; `dateline doctor` lists them.
    """


def main() -> None:
    """Run a command and end with its exit code."""
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        code = 130
    except (SettingsError, SearchError, Invalid, ParameterError) as error:
        click.echo(sentence(error), err=True)
        code = 1
    except BrokenPipeError:
        # Whoever read our output (head, say) has enough.
        sys.stderr.close()
        code = 0
    sys.exit(code or 0)


def sentence(error: Exception) -> str:
    """Return what is told about an error: what is wrong and what to do."""
    if isinstance(error, ParameterError):
        lines = [f"{error.parameter}: {error.detail}"]
        lines += [error.context] if error.context else []
        lines += [f"Try: {error.suggestion}"] if error.suggestion else []
        return "\n".join(lines)
    if isinstance(error, QueryError) and error.suggestion:
        return f"{error} Try: {error.suggestion}"
    return str(error)
