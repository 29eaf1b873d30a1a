"""A query tree as a query of the index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from tantivy import FieldType, Occur, Query

from search.catalog import FACET_FIELDS, FIELDS, TEXT_FIELDS
from search.embedded import mapping
from search.embedded.reader import Snapshot
from search.embedded.slops import Phrases
from search.embedded.store import Store
from search.errors import QueryTooComplexError
from search.query.ast import (
    All,
    And,
    Exists,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
)
from search.text import WORD_LENGTH, fold, is_text, slug, stems

DEPTH: Final = 100
"""How deep a tree may be: tantivy's recursion ends the process at some 700."""

_FARTHEST: Final = 2**62  # milliseconds; what is beyond any date and fits the index


class Compiler:
    """Makes queries for one snapshot; the store is for phrases the index cannot say."""

    def __init__(self, snapshot: Snapshot, store: Store) -> None:
        self.schema = snapshot.schema
        self._phrases = Phrases(snapshot, store)

    def query(self, node: Node, depth: int = DEPTH) -> Query:
        """Return the query of the node; words and phrases score, nothing else does."""
        if not depth:
            raise QueryTooComplexError(
                f"The query is nested more than {DEPTH} deep: ask something simpler."
            )
        match node:
            case All():
                return self.everything()
            case And(nodes):
                return self._all_of(nodes, depth)
            case Or(nodes):
                return any_of([self.query(child, depth - 1) for child in nodes])
            case Not(child):
                return self._all_of((Not(child),), depth)
            case _:
                return self._leaf(node)

    def everything(self) -> Query:
        """Return the query of all articles."""
        marker = self.keyword("id", mapping.CHECKPOINT)
        return Query.boolean_query(
            [(Occur.Must, silent(Query.all_query())), (Occur.MustNot, marker)]
        )

    def within(self, query: Query, *filters: Query) -> Query:
        """Return the query restricted by the filters, which do not score."""
        clauses = [(Occur.Must, silent(each)) for each in filters]
        return Query.boolean_query([(Occur.Must, query), *clauses])

    def order_range(
        self, date: str, low: int | None = None, high: int | None = None
    ) -> Query:
        """Return the query of articles with low < order key < high."""
        return Query.range_query(
            self.schema,
            f"{date}_key",
            FieldType.Unsigned,
            low,
            high,
            include_lower=low is None,
            include_upper=high is None,
        )

    def arrived(self, last: int) -> Query:
        """Return the query of articles with numbers up to `last`."""
        return Query.range_query(self.schema, "arrival", FieldType.Unsigned, None, last)

    def keyword(self, field: str, value: str) -> Query:
        """Return the query of articles with exactly this term."""
        return Query.term_query(self.schema, field, value, "basic")

    def keywords(self, field: str, values: Iterable[str]) -> Query:
        """Return the query of articles with any of these terms."""
        return Query.term_set_query(self.schema, field, list(values))

    def _all_of(self, nodes: Sequence[Node], depth: int) -> Query:
        wanted = [n for n in nodes if not isinstance(n, Not | All)]
        unwanted = [n.node for n in nodes if isinstance(n, Not)]
        clauses = [(Occur.Must, self.query(n, depth - 1)) for n in wanted]
        if not clauses:
            clauses = [(Occur.Must, self.everything())]
        elif len(clauses) == 1 and not unwanted:
            return clauses[0][1]
        clauses += [(Occur.MustNot, self.query(n, depth - 1)) for n in unwanted]
        return Query.boolean_query(clauses)

    def _leaf(self, leaf: Term | Phrase | Prefix | Fuzzy | Range | Exists) -> Query:
        match leaf:
            case Term(text, field, exact=exact) if field in FACET_FIELDS:
                return self.value(field, text, exact=exact)
            case Term(text, field):
                return self._phrase(text, field, 0)
            case Phrase(text, field, slop):
                return self._phrase(text, field, slop)
            case Prefix() | Fuzzy():
                return self._words(leaf)
            case Range(field, start, end):
                return self._range(field, start, end)
            case Exists(field):
                return silent(self.keyword("has", field))

    def value(self, field: str, text: str, *, exact: bool = False) -> Query:
        """Return the query of articles with a value of this id or name in a facet.

        `exact`: of this id.
        """
        name, key = (field, text) if exact else (f"{field}_key", slug(text))
        if not key or not is_text(key):
            return Query.empty_query()
        return silent(self.keyword(name, key))

    def _phrase(self, text: str, field: str | None, slop: int) -> Query:
        wanted = stems(text)
        if not wanted:
            return Query.empty_query()
        queries = []
        for name in searched(field):
            query = self._phrases.query(name, wanted, slop)
            weight = FIELDS[name].weight
            queries.append(query if weight == 1 else Query.boost_query(query, weight))
        return any_of(queries)

    def _words(self, leaf: Prefix | Fuzzy) -> Query:
        prefix, text = isinstance(leaf, Prefix), fold(leaf.text)[:WORD_LENGTH]
        if not is_text(text):
            return Query.empty_query()
        distance = leaf.distance if isinstance(leaf, Fuzzy) else 0
        queries = [
            Query.fuzzy_term_query(
                self.schema, f"{name}_word", text, distance=distance, prefix=prefix
            )
            for name in searched(leaf.field)
        ]
        return silent(any_of(queries))

    def _range(self, field: str, start: int | None, end: int | None) -> Query:
        low = -_FARTHEST if start is None else max(start, -_FARTHEST)
        high = _FARTHEST if end is None else min(end, _FARTHEST)
        if low >= high:
            return Query.empty_query()
        return silent(
            Query.range_query(
                self.schema, field, FieldType.Integer, low, high, include_upper=False
            )
        )


def searched(field: str | None) -> tuple[str, ...]:
    """Return the text fields that a leaf looks at."""
    return TEXT_FIELDS if field is None else (field,)


def any_of(queries: Sequence[Query]) -> Query:
    """Return the query that matches where one of these does; none: nowhere."""
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def silent(query: Query) -> Query:
    """Return the query without a score."""
    return Query.const_score_query(query, 0.0)
