"""The tree that a query is: frozen, compared by meaning, matched and not visited.

`field` is a name of `search.catalog.FIELDS`; `None` in a leaf means title, summary and
body together. Leaves keep the text as it was written; what it means to an engine is said
by `search.text`, once for all engines:

- `Term` on a text field: one word matches by its stem; several words (`AT&T`) are the
  phrase of them; a text without any word matches nothing.
- `Term` on a facet field: the article has a value whose id or whose name has the same
  slug (`search.text.slug`). A text without slug matches nothing. If it is `exact`, the
  article has a value with just this id, whatever it is called. No text says that: it is
  known only where names are resolved. On a text field it means nothing.
- `Phrase`: the stems of its words in this order. With p_i the position of the i-th word,
  positions distinct, `max(p_i - i) - min(p_i - i) <= slop`.
- `Prefix`: a word (not a stem) starts with the folded text.
- `Fuzzy`: a word (not a stem) is within `distance` edits (Damerau-Levenshtein, an
  exchange of two neighbours costs one) of the folded text.
- `Range`: `start <= date < end` in milliseconds since 1970 (UTC); None is open.
- `Exists`: the article has something in the field.
- `And(())` matches everything, `Or(())` nothing; `Not` everything that its child does not.
"""

from __future__ import annotations

from dataclasses import dataclass, field as data
from typing import TypeAlias

from search.catalog import TEXT_FIELDS

Span: TypeAlias = tuple[int, int]

NOWHERE: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class All:
    """Every article."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a text field, or a name or id of a facet field."""

    text: str
    field: str | None = None
    span: Span = data(default=NOWHERE, compare=False)
    exact: bool = data(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of a text field next to each other, or up to `slop` apart."""

    text: str
    field: str | None = None
    slop: int = 0
    span: Span = data(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word of a text field."""

    text: str
    field: str | None = None
    span: Span = data(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """A word of a text field with up to `distance` edits."""

    text: str
    field: str | None = None
    distance: int = 1
    span: Span = data(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    """From `start` up to, not including, `end`: milliseconds since 1970 (UTC)."""

    field: str
    start: int | None = None
    end: int | None = None
    span: Span = data(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Exists:
    """Articles that have something in the field."""

    field: str
    span: Span = data(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything else."""

    node: Node


Leaf: TypeAlias = Term | Phrase | Prefix | Fuzzy | Range | Exists
Node: TypeAlias = All | Leaf | And | Or | Not

NOTHING = Or(())

_SCORED = (None, *TEXT_FIELDS)


def scores(node: Node) -> bool:
    """Say whether a clause of the query gives hits different scores.

    Words and phrases of text fields do; filters, prefixes and fuzzy words only restrict.
    """
    match node:
        case Term(field=field) | Phrase(field=field):
            return field in _SCORED
        case And(nodes) | Or(nodes):
            return any(scores(child) for child in nodes)
        case _:
            return False
