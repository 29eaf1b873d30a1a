"""The parameter `q`: parsed, with faults that point into it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from schemas.given import Given
from schemas.problems import ParameterError
from search.catalog import TEXT_FIELDS
from search.errors import QueryError, QuerySyntaxError, QueryTooComplexError
from search.matching import text_leaves
from search.query.ast import NOTHING, All, Node
from search.query.check import simplify
from search.query.parser import parse, simple
from search.query.printer import show
from search.query.simple import is_cut

_AROUND = 40
"""Characters of the query that are shown on either side of a fault."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What `q` asks, without what has no words.

    `text` is how all of it was understood, None without a `q`; `dropped` are the texts
    without words. `cut`: a search box's text was over the limits.
    """

    node: Node = All()
    text: str | None = None
    dropped: tuple[str, ...] = ()
    cut: bool = False

    @property
    def words(self) -> bool:
        """Whether it asks for words that stand in a text."""
        return any(next(text_leaves(self.node, f), None) for f in TEXT_FIELDS)


def ask(given: Given) -> Asked:
    """Return what `q` asks; raises ParameterError with position and context."""
    text = given["q"]
    if text is None:
        return Asked()
    try:
        return _asked(text, simply=given["q.syntax"] == "simple")
    except QueryError as error:
        raise fault(error, text) from None


@lru_cache(maxsize=256)  # the pages and views of a question have the same q
def _asked(text: str, *, simply: bool) -> Asked:
    if simply:
        return _typed(text)
    written = parse(text)
    node, dropped = simplify(written)
    return Asked(node, show(written), dropped)


def _typed(text: str) -> Asked:
    """Return what a search box's text asks: marks alone (`""`) find nothing."""
    written = simple(text)
    node, dropped = simplify(written)
    if written == All():
        node, dropped = NOTHING, (text.strip(),)
    return Asked(node, show(written), dropped, is_cut(text))


def fault(error: QueryError, text: str) -> ParameterError:
    """Return the error of a query's text as one of the parameter `q`."""
    return ParameterError(
        "q",
        error.detail,
        error.suggestion,
        position=error.start,
        context=None if error.start is None else context(text, error.start),
        slug=slug_of(error),
    )


def slug_of(error: QueryError) -> str:
    """Return which kind of problem a fault of a query is."""
    if isinstance(error, QuerySyntaxError):
        return "query-syntax"
    if isinstance(error, QueryTooComplexError):
        return "query-too-complex"
    return "invalid-query"


def context(text: str, position: int) -> str:
    """Return the text around a position and, below it, a caret under the position."""
    first = max(0, position - _AROUND)
    shown = "".join(
        char if char.isprintable() else " " for char in text[first : position + _AROUND]
    )
    before = "…" if first else ""
    after = "…" if position + _AROUND < len(text) else ""
    caret = " " * (len(before) + position - first)
    return f"{before}{shown}{after}\n{caret}^"
