"""Other answers to the same question: one table of views, one of formats.

A new view or format is one line here; `links` of every answer, and what the document
says of them, follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from schemas.urls import Pair
from schemas.views import VIEWS, View


@dataclass(frozen=True, slots=True)
class Way:
    """Another answer: `name` in `links`, `path` below the root, a line of `doc`.

    `view` is the one whose parameters it takes: of a question's, those go along.
    `never` is what it refuses of those.
    `words`: it answers only a question that has words.
    """

    name: str
    path: str
    view: View
    doc: str
    never: tuple[Pair, ...] = ()
    words: bool = False

    def taken(self, pairs: Iterable[Pair]) -> list[Pair]:
        """Return those parameters that it takes."""
        known = VIEWS[self.view].fields
        return [
            (name, value)
            for name, value in pairs
            if name in known and (name, value.strip()) not in self.never
        ]

    def takes_all(self, names: Set[str]) -> bool:
        """Say whether it takes parameters of these names whatever their values are."""
        refused = {name for name, _ in self.never}
        return refused.isdisjoint(names) and names <= VIEWS[self.view].fields.keys()


ELSEWHERE = (
    Way("count", "count", "count", "How many match."),
    Way("timeline", "timeline", "timeline", "The same over time."),
    Way("quotes", "quotes", "quotes", "Where the words stand in them.", words=True),
    Way("significant", "significant", "significant", "What is special about them."),
    Way("graph", "graph", "graph", "Who is mentioned with whom in them."),
)
"""Answers to the question of which articles match."""

_FEEDS = {"rss": "RSS", "atom": "Atom", "jsonfeed": "JSON Feed"}
_RANKED = (("sort", "relevance"),)

FORMATS: dict[View, tuple[Way, ...]] = {
    "articles": (
        Way("csv", ".csv", "table", "All that match, as a table.", never=_RANKED),
        Way("ndjson", ".ndjson", "export", "All, a line each.", never=_RANKED),
        *(
            Way(name, f".{name}", "feeds", f"The newest, as {title}.")
            for name, title in _FEEDS.items()
        ),
    ),
    "facets": (Way("csv", ".csv", "facets", "The same as a table."),),
    "quotes": (
        Way("csv", ".csv", "quote_table", "All of them, as a table.", never=_RANKED),
        Way("ndjson", ".ndjson", "quote_lines", "All, a line each.", never=_RANKED),
    ),
    "timeline": (Way("csv", ".csv", "timeline", "The same as a table."),),
    "significant": (Way("csv", ".csv", "significant", "The same as a table."),),
    "graph": (
        Way("csv", ".csv", "graph", "The edges as a table."),
        Way("graphml", ".graphml", "graph", "The same for Gephi and its like."),
    ),
}
"""Answers to the same question, in the same view, by the suffix of their path."""
