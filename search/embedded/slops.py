"""Phrases exactly as `search.query.ast` defines them.

Tantivy's own slop counts otherwise, and wrongly for repeated words. But its phrase with
given positions is exact: so a phrase with slop is any of the exact phrases that its words
can make within the slop. Where these are too many, every two neighbours are asked for in
this way, and the stored text says which of the articles found have the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Final

import orjson
from tantivy import Occur, Query

from search.catalog import FIELDS
from search.embedded.reader import Snapshot
from search.embedded.store import Store
from search.errors import QueryTooComplexError
from search.matching import phrase_positions
from search.text import stems

SPELLED_OUT: Final = 500
"""How many exact phrases one phrase with slop may become."""

VERIFIED: Final = 5_000
"""How many articles may be read for one phrase."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Makes the queries of phrases for one snapshot, reading `most` articles for one."""

    snapshot: Snapshot
    store: Store
    most: int = VERIFIED

    def query(self, field: str, words: Sequence[str], slop: int) -> Query:
        """Return the query of the words in order, up to `slop` apart, in a field."""
        schema = self.snapshot.schema
        if len(words) == 1:
            return Query.term_query(schema, field, words[0])
        if not slop:
            return Query.phrase_query(schema, field, list(words))
        if (slop + 1) ** len(words) - slop ** len(words) <= SPELLED_OUT:
            return self._spelled_out(field, words, slop)
        pairs = {pair: self._spelled_out(field, pair, slop) for pair in pairwise(words)}
        together = Query.boolean_query([(Occur.Must, pair) for pair in pairs.values()])
        ids = self._verified(together, field, words, slop)
        verified = Query.const_score_query(Query.term_set_query(schema, "id", ids), 0.0)
        return Query.boolean_query([(Occur.Must, together), (Occur.Must, verified)])

    def _spelled_out(self, field: str, words: Sequence[str], slop: int) -> Query:
        return Query.disjunction_max_query(
            [
                Query.phrase_query(
                    self.snapshot.schema, field, list(zip(places, words, strict=True))
                )
                for places in placements(len(words), slop)
            ]
        )

    def _verified(
        self, query: Query, field: str, words: Sequence[str], slop: int
    ) -> list[str]:
        searcher = self.snapshot.searcher
        hits = searcher.search(query, limit=self.most + 1, count=False).hits
        if len(hits) > self.most:
            raise QueryTooComplexError(
                f"A phrase of {len(words)} such frequent words with ~{slop} takes too "
                "long: use fewer words or a smaller number."
            )
        found = searcher.fast_field_values("arrival", [place for _, place in hits])
        numbers = [int(number) for number in found if number is not None]
        articles = self.store.articles(numbers, body=field == "body")
        return [
            article.id
            for article in articles.values()
            if has_phrase(orjson.loads(article.json())[FIELDS[field].key], words, slop)
        ]


def has_phrase(text: str | None, words: Sequence[str], slop: int) -> bool:
    """Say whether a text has the stems in this order, up to `slop` apart."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, stem in enumerate(stems(text or "")):
        places[stem].append(place)
    return any(True for _ in phrase_positions([places[word] for word in words], slop))


def placements(count: int, slop: int) -> Iterator[tuple[int, ...]]:
    """Yield all distinct positions of the words that are within the slop."""
    for shifts in product(range(slop + 1), repeat=count):
        if min(shifts) == 0:
            places = tuple(i + shift for i, shift in enumerate(shifts))
            if len(set(places)) == count:
                yield places
