"""A query tree as a query of Elasticsearch: words and phrases score, nothing else does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from search.catalog import FACET_FIELDS, FIELDS, TEXT_FIELDS
from search.elastic.mapping import KEYWORD_BYTES
from search.errors import QueryTooComplexError
from search.query.ast import (
    All,
    And,
    Exists,
    Fuzzy,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
    scores,
)
from search.text import WORD_LENGTH, fold, is_text, slug, stems

Query: TypeAlias = dict[str, Any]

DEPTH: Final = 24
"""How deep a tree may be: the server takes 27 levels and answers 400 to the next."""

EVERYTHING: Final[Query] = {"match_all": {}}
NOTHING: Final[Query] = {"match_none": {}}

_FARTHEST: Final = 2**62  # milliseconds; what is beyond any date and fits a long


def compiled(node: Node, depth: int = DEPTH) -> Query:
    """Return the query of the node.

    Raises QueryTooComplexError for a tree that is nested too deep.
    """
    if not depth:
        raise QueryTooComplexError(
            f"The query is nested more than {DEPTH} deep: ask something simpler."
        )
    match node:
        case All():
            return silent(EVERYTHING)
        case And(nodes):
            return _all_of(nodes, depth)
        case Or(nodes):
            return any_of([compiled(child, depth - 1) for child in nodes])
        case Not(child):
            return silent({"bool": {"must_not": [compiled(child, depth - 1)]}})
        case _:
            return _leaf(node)


def restricted(query: Query, filters: Sequence[Query]) -> Query:
    """Return the query with filters around it, which do not score."""
    if not filters:
        return query
    return {"bool": {"must": [query], "filter": list(filters)}}


def filters(*nodes: Node) -> list[Query]:
    """Return the filters that these restrictions are; what restricts nothing is none."""
    return [compiled(node) for node in nodes if node not in (All(), And(()))]


def value(field: str, text: str, *, exact: bool = False) -> Query:
    """Return the query of articles with a value of this id or name in a facet.

    `exact`: of this id.
    """
    name, key = (field, text) if exact else (f"{field}_key", slug(text))
    return term(name, key) if is_keyword(key) else NOTHING


def term(field: str, text: str) -> Query:
    """Return the query of articles with exactly this term, without a score."""
    return silent({"term": {field: text}})


def any_of(queries: Sequence[Query]) -> Query:
    """Return the query that matches where one of these does; none: nowhere."""
    if not queries:
        return NOTHING
    if len(queries) == 1:
        return queries[0]
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


def silent(query: Query) -> Query:
    """Return the query with a score of nothing."""
    return {"constant_score": {"filter": query, "boost": 0}}


def _all_of(nodes: Sequence[Node], depth: int) -> Query:
    wanted = [node for node in nodes if not isinstance(node, All)]
    if not wanted:
        return silent(EVERYTHING)
    if len(wanted) == 1:
        return compiled(wanted[0], depth - 1)
    parts: dict[str, list[Query]] = {}
    for node in wanted:
        if isinstance(node, Not):
            parts.setdefault("must_not", []).append(compiled(node.node, depth - 1))
        else:
            place = "must" if scores(node) else "filter"
            parts.setdefault(place, []).append(compiled(node, depth - 1))
    if "must" in parts:
        return {"bool": parts}
    return silent({"bool": parts})


def _leaf(leaf: Leaf) -> Query:
    match leaf:
        case Term(text, field, exact=exact) if field in FACET_FIELDS:
            return value(field, text, exact=exact)
        case Term(text, field):
            return _phrase(text, field, 0)
        case Phrase(text, field, slop):
            return _phrase(text, field, slop)
        case Prefix() | Fuzzy():
            return _words(leaf)
        case Range(field, start, end):
            return _range(field, start, end)
        case Exists(field):
            return term("has", field)


def _phrase(text: str, field: str | None, slop: int) -> Query:
    wanted = stems(text)
    if not wanted:
        return NOTHING
    return any_of([_scored(name, wanted, slop) for name in searched(field)])


def _scored(field: str, wanted: Sequence[str], slop: int) -> Query:
    boost = FIELDS[field].weight
    if len(wanted) == 1:
        return {"term": {field: {"value": wanted[0], "boost": boost}}}
    phrase = {"query": " ".join(wanted), "slop": slop, "boost": boost}
    return {"match_phrase": {field: phrase}}


def _words(leaf: Prefix | Fuzzy) -> Query:
    text = fold(leaf.text)[:WORD_LENGTH]
    if not is_text(text):
        return NOTHING
    if isinstance(leaf, Prefix):
        asked: Query = {"value": text}
        kind = "prefix"
    else:
        # The default rewrite stops at 50 words, in silence.
        asked = {
            "value": text,
            "fuzziness": leaf.distance,
            "rewrite": "constant_score",
        }
        kind = "fuzzy"
    return silent(
        any_of([{kind: {f"{name}_word": asked}} for name in searched(leaf.field)])
    )


def _range(field: str, start: int | None, end: int | None) -> Query:
    low = -_FARTHEST if start is None else max(start, -_FARTHEST)
    high = _FARTHEST if end is None else min(end, _FARTHEST)
    if low >= high:
        return NOTHING
    return silent({"range": {field: {"gte": low, "lt": high}}})


def searched(field: str | None) -> tuple[str, ...]:
    """Return the text fields that a leaf looks at."""
    return TEXT_FIELDS if field is None else (field,)


def is_keyword(text: str) -> bool:
    """Say whether a field of values could hold this one."""
    return is_text(text) and 0 < len(text.encode()) <= KEYWORD_BYTES
