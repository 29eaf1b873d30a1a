"""What a question itself names: it is no news that its answers are full of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search.catalog import FACET_FIELDS
from search.engine import Engine
from search.query.ast import (
    And,
    Fuzzy,
    Node,
    Or,
    Phrase,
    Prefix,
    Term,
)
from search.request import SearchRequest
from search.text import fold, stem, stems, words

_FORMS = frozenset(
    [
        "plc",
        "inc",
        "corp",
        "corporation",
        "ltd",
        "limited",
        "ag",
        "se",
        "sa",
        "nv",
        "bv",
        "ab",
        "oyj",
        "spa",
        "co",
        "group",
        "holding",
        "holdings",
        "gmbh",
        "llc",
        "llp",
    ]
)
"""Words of a company's name that nobody types."""


@dataclass(frozen=True, slots=True)
class Naming:
    """The words of a question, as stems and as beginnings of words, and the ids that
    its words and filters mean in one field."""

    stems: frozenset[str]
    beginnings: tuple[str, ...]
    ids: frozenset[str]

    def is_value(self, identity: str, name: str) -> bool:
        """Say whether the question names the value: by its id, or by all words of its
        name but a legal form."""
        known = words(name)
        told = [word for word in known if word not in _FORMS] or known
        return identity in self.ids or (bool(told) and all(map(self.is_word, told)))

    def is_word(self, word: str) -> bool:
        """Say whether the question has the (folded) word, in any form of it."""
        return stem(word) in self.stems or word.startswith(self.beginnings)


def naming(engine: Engine, request: SearchRequest, field: str | None) -> Naming:
    """Return what a question names; `ids` are of the facet field, if one is given.

    What it excludes does not count.
    """
    found: set[str] = set()
    ids: set[str] = set()
    beginnings: list[str] = []
    asked: dict[Term | Phrase | Fuzzy, tuple[str, str]] = {}
    for leaf in dict.fromkeys(_leaves(request.whole)):
        if isinstance(leaf, Prefix):
            beginnings.append(fold(leaf.text))
            continue
        found.update(stems(leaf.text))
        meant = leaf.field if leaf.field in FACET_FIELDS else field
        if meant is None:
            continue
        asked[leaf] = meant, leaf.text
    resolved = engine.resolve_all(asked.values()) if asked else ()
    for (leaf, (meant, _)), resolution in zip(asked.items(), resolved, strict=True):
        for entity in resolution.entities:
            if leaf.field == meant:
                found.update(stems(entity.name))
            if meant == field:
                ids.add(entity.id)
    return Naming(frozenset(found), tuple(beginnings), frozenset(ids))


def _leaves(node: Node) -> Iterator[Term | Phrase | Prefix | Fuzzy]:
    match node:
        case And(nodes) | Or(nodes):
            for child in nodes:
                yield from _leaves(child)
        case Term() | Phrase() | Prefix() | Fuzzy():
            yield node
        case _:
            return
