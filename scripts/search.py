"""`dateline search`: the question of a URL, answered on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from html import unescape
from time import perf_counter
from typing import Any

import click
import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.settings import load as load_settings
from schemas import echo as echoes, results
from schemas.queries import load
from scripts.words import PARAMETERS, pairs_of
from search.connection import connect

EXAMPLES = """
Examples:

\b
  dateline search 'carbon tax' company=Shell company=BP
  dateline search '"rate cut"~4' sort=newest from=30d facet=company,person
  dateline search tag=energy limit=0 facet=person --json | jq .facets
"""


@click.command("search", epilog=EXAMPLES, help=f"Search the archive.\n\n{PARAMETERS}")
@click.argument("parameters", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="The API's answer, as JSON.")
def command(parameters: tuple[str, ...], *, as_json: bool) -> None:
    """Answer a question as the API would."""
    raw = ask(pairs_of(parameters))
    if as_json:
        click.echo(raw)
        return
    Screen(Console(highlight=False)).show(orjson.loads(raw))


def ask(pairs: list[tuple[str, str]]) -> bytes:
    """Return the API's answer to the same parameters."""
    query = load(pairs, "articles", now=datetime.now(UTC))
    with closing(connect(load_settings().engine)) as engine:
        started = perf_counter()
        echo = echoes.resolve(query, engine)
        result = engine.search(query.request)
        took = round((perf_counter() - started) * 1000)
    return results.articles(query, result, echo, took)


class Screen:
    """An answer for people."""

    def __init__(self, console: Console) -> None:
        """Write to this console."""
        self.console = console

    def show(self, answer: dict[str, Any]) -> None:
        """Print articles, facets, timeline and warnings."""
        for warning in answer["warnings"]:
            self.console.print(Text(f"! {sentence(warning)}"))
        if answer["items"]:
            self.console.print(articles(answer["items"]))
        for name, facet in answer.get("facets", {}).items():
            self.console.print(facet_table(name, facet))
        if "timeline" in answer:
            self.console.print(timeline_table(answer["timeline"]))
        total, shown = answer["total"]["value"], len(answer["items"])
        self.console.print(f"{total:,} articles, {shown} shown.")


def articles(items: list[dict[str, Any]]) -> Table:
    """Return the articles, one a row: date, title with source, what is highlighted."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for item in items:
        title = Text(item.get("title") or item["id"], style="bold")
        if item.get("source"):
            title.append(f"  {item['source']}", style="dim")
        for piece in highlights(item):
            title.append(f"\n{piece}", style="not bold")
        table.add_row((item.get("published_at") or "")[:10], title)
    return table


def highlights(item: dict[str, Any]) -> Iterator[str]:
    """Yield the highlighted pieces of an article as plain text."""
    for pieces in item.get("highlight", {}).values():
        for piece in pieces:
            text = piece if isinstance(piece, str) else piece["text"]
            yield unescape(text.replace("<em>", "").replace("</em>", ""))


def facet_table(name: str, facet: dict[str, Any]) -> Table:
    """Return a facet's values and counts."""
    table = Table("count", name, box=None, pad_edge=False)
    for value in facet["values"]:
        mark = " *" if value["selected"] else ""
        table.add_row(f"{value['count']:,}", Text(value["name"] + mark))
    return table


def timeline_table(timeline: dict[str, Any]) -> Table:
    """Return counts over time, with a bar for each."""
    table = Table("from", "count", "", box=None, pad_edge=False)
    most = max((bucket["count"] for bucket in timeline["buckets"]), default=1) or 1
    for bucket in timeline["buckets"]:
        bar = "█" * round(40 * bucket["count"] / most)
        table.add_row(bucket["from"][:16], f"{bucket['count']:,}", bar)
    return table


def sentence(warning: dict[str, Any]) -> str:
    """Return a warning as words."""
    text = " ".join(
        str(warning[key]) for key in ("code", "parameter", "value") if warning.get(key)
    )
    near = warning.get("suggestions") or [
        each["name"] for each in warning.get("candidates", ())
    ]
    return f"{text}: do you mean {', '.join(near)}?" if near else text
