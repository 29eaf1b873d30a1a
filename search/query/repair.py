"""What a leaf that is not allowed was probably meant to be."""

from __future__ import annotations

from search.catalog import FACET_FIELDS
from search.query.ast import Exists, Fuzzy, Leaf, Phrase, Range, Term
from search.query.check import MAX_DISTANCE, MAX_SLOP
from search.text import words


def allowed(leaf: Leaf) -> Leaf:
    """Return the nearest leaf that the field can do, within the limits."""
    match leaf:
        case Phrase(text, field, slop) if field not in FACET_FIELDS:
            return Phrase(text, field, min(max(slop, 0), MAX_SLOP))
        case Fuzzy(text, field) if field not in FACET_FIELDS and len(words(text)) <= 1:
            return Fuzzy(text, field, MAX_DISTANCE)
        case Range() | Exists():
            return leaf
        case _:
            return Term(leaf.text, leaf.field)
