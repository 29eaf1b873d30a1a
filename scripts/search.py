"""`dateline search`: the question of a URL, answered on a terminal."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click
import orjson

from schemas import results
from schemas.finding import find
from schemas.queries import load
from scripts.archive import opened
from scripts.screen import Screen
from scripts.words import PARAMETERS, pairs_of

EXAMPLES = """
Examples:

\b
  dateline search 'carbon tax' company=Shell company=BP
  dateline search '"rate cut"~4' sort=newest from=30d facet=company,person
  dateline search bank interval=month highlight=body -- -crypto
  dateline search tag=energy limit=0 facet=person --json | jq .facets
"""


@click.command("search", epilog=EXAMPLES, help=f"Search the archive.\n\n{PARAMETERS}")
@click.argument("parameters", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="The API's answer, as JSON.")
def command(parameters: tuple[str, ...], *, as_json: bool) -> None:
    """Answer a question as the API would."""
    if sys.stdout is None:  # closed: what is written to it would go nowhere
        raise click.ClickException("There is no standard output to show an answer on.")
    answer = ask(pairs_of(parameters))
    if as_json:
        click.echo(answer)
    else:
        Screen().show(orjson.loads(answer))


def ask(pairs: list[tuple[str, str]]) -> bytes:
    """Return the API's answer to the same parameters.

    Raises ParameterError, and what the archive and its engine raise.
    """
    query = load(pairs, "articles", now=datetime.now(UTC))
    with opened() as engine:
        return results.articles(find(query, engine))
