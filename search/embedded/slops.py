"""Phrases exactly as `search.query.ast` defines them.

Tantivy's own slop counts otherwise, and wrongly for repeated words. But its phrase with
given positions is exact: so a phrase with slop is any of the exact phrases that its words
can make within the slop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

import tantivy
from tantivy import Query

from search.errors import QueryTooComplexError

SPELLED_OUT: Final = 2_500
"""How many exact phrases one phrase with slop may become."""


def phrase(
    schema: tantivy.Schema, field: str, words: Sequence[str], slop: int
) -> Query:
    """Return the query of the words in this order, up to `slop` apart, in one field."""
    if len(words) == 1:
        return Query.term_query(schema, field, words[0])
    if not slop:
        return Query.phrase_query(schema, field, list(words))
    ways = (slop + 1) ** len(words) - slop ** len(words)
    if ways > SPELLED_OUT:
        raise QueryTooComplexError(
            f"A phrase of {len(words)} words with ~{slop} has too many forms: use "
            "fewer words or a smaller number."
        )
    return Query.disjunction_max_query(
        [
            Query.phrase_query(schema, field, list(zip(places, words, strict=True)))
            for places in placements(len(words), slop)
        ]
    )


def placements(count: int, slop: int) -> Iterator[tuple[int, ...]]:
    """Yield all distinct positions of the words that are within the slop."""
    for shifts in product(range(slop + 1), repeat=count):
        if min(shifts) == 0:
            places = tuple(i + shift for i, shift in enumerate(shifts))
            if len(set(places)) == count:
                yield places
