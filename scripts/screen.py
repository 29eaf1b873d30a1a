"""An answer of the API, for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

_BAR = 40


class Screen(Console):
    """Writes to standard output; a reader who goes away is a BrokenPipeError."""

    def __init__(self) -> None:
        super().__init__(highlight=False, markup=False)

    def on_broken_pipe(self) -> None:
        """Leave it to the command line, which ends quietly."""
        raise BrokenPipeError

    def show(self, answer: dict[str, Any]) -> None:
        """Print warnings, help, articles, facets and a timeline."""
        for warning in answer["warnings"]:
            self.print(f"! {sentence(warning)}")
        for each in answer.get("help", ()):
            self.print(f"? {proposal(each)}")
        if answer["items"]:
            self.print(articles(answer["items"]))
        for name, facet in answer.get("facets", {}).items():
            self.print(facet_table(name, facet))
        if "timeline" in answer:
            self.print(timeline_table(answer["timeline"]))
        self.print(totals(answer))


def totals(answer: dict[str, Any]) -> str:
    """Return how many there are, how many are shown, and where the rest is."""
    total, shown = answer["total"]["value"], len(answer["items"])
    noun = "article" if total == 1 else "articles"
    if answer["links"]["next"] is None:
        return f"{total:,} {noun}, {shown} shown."
    return f"{total:,} {noun}, {shown} shown. See more with page=2, page=3, …"


def articles(items: list[dict[str, Any]]) -> Table:
    """Return the articles, one a row: date, title with source, what is highlighted."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for item in items:
        title = Text(item.get("title") or item["id"], style="bold")
        if item.get("source"):
            title.append(f"  {item['source']}", style="not bold dim")
        for piece in highlights(item):
            title.append(f"\n{piece}", style="not bold")
        table.add_row((item.get("published_at") or "")[:10], title)
    return table


def highlights(item: dict[str, Any]) -> Iterator[str]:
    """Yield the highlighted pieces of an article as plain text."""
    for pieces in item.get("highlight", {}).values():
        for piece in pieces:
            if isinstance(piece, str):
                yield unescape(piece.replace("<em>", "").replace("</em>", ""))
            else:
                yield piece["text"]


def facet_table(name: str, facet: dict[str, Any]) -> Table:
    """Return a facet's values and counts; a star marks those that are selected."""
    table = Table("count", name, box=None, pad_edge=False)
    for value in facet["values"]:
        mark = " *" if value["selected"] else ""
        table.add_row(f"{value['count']:,}", Text(value["name"] + mark))
    if facet["other"]:
        table.add_row(f"{facet['other']:,}", Text("in other values", style="dim"))
    return table


def timeline_table(timeline: dict[str, Any]) -> Table:
    """Return counts over time, with a bar for each."""
    table = Table("from", "count", "", box=None, pad_edge=False)
    most = max((bucket["count"] for bucket in timeline["buckets"]), default=0)
    for bucket in timeline["buckets"]:
        bar = "█" * -(-_BAR * bucket["count"] // most) if bucket["count"] else ""
        table.add_row(bucket["from"][:16], f"{bucket['count']:,}", bar)
    return table


def proposal(advice: dict[str, Any]) -> str:
    """Return what would find something as words, ready to be typed."""
    name, value, instead = (advice[key] for key in ("parameter", "value", "instead"))
    found = f"{advice['count']:,} found"
    if advice["change"] == "only":
        return f"{found} with nothing but {name}={value or '…'}"
    if instead is None:
        return f"{found} without {name}={value or '…'}"
    return f"{found} with {name}={instead}"


def sentence(warning: dict[str, Any]) -> str:
    """Return a warning of an answer as words."""
    given = f"{warning['parameter']}={warning['value']}"
    if warning["code"] == "empty-query":
        return f"{given} has no words to search for."
    if warning["code"] == "ambiguous-value":
        ids = ", ".join(each["id"] for each in warning["candidates"])
        return f"{given} may be any of {ids}; all of them count."
    near = warning.get("suggestions")
    hint = f" Do you mean {', '.join(near)}?" if near else ""
    return f"{given}: nothing here is called that.{hint}"
