"""The same question with one thing changed: another query, another name."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.clauses import Named
from schemas.links import ARTICLES, listing, unpaged
from schemas.queries import Query
from schemas.urls import Pair, url
from search.query.ast import All, Node, Term
from search.query.printer import show
from search.query.relax import renamed


def plain(query: Query) -> list[Pair]:
    """Return the parameters of the first page of what a question lists."""
    if query.view != ARTICLES:
        return listing(query)
    return unpaged(query)


def asking(pairs: Iterable[Pair], node: Node) -> tuple[Pair, ...]:
    """Return the parameters of a question with another query."""
    text = show(node)
    # The text is of the whole language, whatever the search box's was.
    rest = [pair for pair in pairs if pair[0] != "q.syntax"]
    if node == All():
        return tuple(pair for pair in rest if pair[0] != "q")
    return tuple((name, text if name == "q" else value) for name, value in rest)


def naming(query: Query, name: Named, instead: str) -> tuple[Pair, ...]:
    """Return the parameters of a question with another name in the place of one."""
    pairs = plain(query)
    if name.parameter == "q":
        node = renamed(query.asked.node, Term(name.text, name.field), instead)
        return asking(pairs, node)
    given = (name.parameter, name.text)
    return tuple(
        (key, instead if (key, text.strip()) == given else text) for key, text in pairs
    )


def named(query: Query, name: Named, instead: str) -> str | None:
    """Return the address of the articles that match with another name."""
    return url(ARTICLES, naming(query, name, instead))
