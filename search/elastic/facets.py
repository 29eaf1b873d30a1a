"""Facets: what the server is to count, and what its answer says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from search.elastic.cluster import Answer
from search.elastic.compile import Query, is_keyword
from search.elastic.labels import Bearer, matching
from search.elastic.mapping import label
from search.errors import VanishedValueError
from search.query.ast import Term
from search.request import FacetRequest
from search.result import Facet, FacetValue
from search.text import slug

EVERY: Final = 60_000
"""How many values are counted at once; more are read page by page."""

PAGE: Final = 5_000
_SHARD: Final = 1_000  # values that each shard counts, so that sums are exact
_PRECISION: Final = 3_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is selected in a field: names by id, also of what no article has."""

    names: Mapping[str, str]

    @classmethod
    def of(cls, terms: Iterable[Term], found: Mapping[str, list[Bearer]]) -> Chosen:
        """Return what the selected names and ids stand for."""
        names: dict[str, str] = {}
        for term in terms:
            key = key_of(term)
            borne = {
                each.id: each.name
                for each in found.get(key, ())
                if each.id == key or not term.exact
            }
            names |= borne or {key: term.text}
        names.pop("", None)
        return cls(names)


@dataclass(frozen=True, slots=True)
class Counts:
    """Counted values in the order asked for, and what was not listed.

    `total` sums the counts of all values, `whole` says that all were read.
    """

    values: list[tuple[str, int]]
    total: int
    missing: int
    distinct: int
    whole: bool
    exact: bool
    after: int
    chosen: Mapping[str, int]


def key_of(term: Term) -> str:
    """Return the key by which what is selected is found."""
    return term.text if term.exact else slug(term.text)


def is_top(wanted: FacetRequest) -> bool:
    """Say whether the most frequent values are all that is asked for."""
    chosen = (wanted.match, wanted.after, wanted.only)
    asked_for_more = wanted.whole or any(each is not None for each in chosen)
    return wanted.size is not None and wanted.size <= PAGE and not asked_for_more


def plans(
    wanted: FacetRequest, guesses: list[str], *, shard_size: int = _SHARD
) -> dict[str, Any]:
    """Return what the server counts for a facet; `guesses` are ids perhaps selected."""
    field = wanted.field
    found: dict[str, Any] = {"missing": {"missing": {"field": field}}}
    if is_top(wanted):
        found["values"] = _top(wanted, shard_size)
        found["distinct"] = {
            "cardinality": {"field": field, "precision_threshold": _PRECISION}
        }
    else:
        found["values"] = _every(wanted)
    if wanted.after is not None:
        found["after"] = {"filter": {"term": {field: wanted.after}}}
    if guesses:
        found["chosen"] = counted(field, guesses)
    return found


def counted(field: str, ids: list[str]) -> dict[str, Any]:
    """Return the plan that counts just these ids."""
    return {"terms": {"field": field, "include": ids, "size": len(ids)}}


def walk(wanted: FacetRequest, after: Mapping[str, str] | None) -> dict[str, Any]:
    """Return the plan that reads a page of all values."""
    field = f"{wanted.field}_label" if wanted.match else wanted.field
    plan: dict[str, Any] = {
        "size": PAGE,
        "sources": [{"value": {"terms": {"field": field}}}],
    }
    return {"composite": plan | ({"after": after} if after else {})}


def wrapped(plans: Mapping[str, Any], filters: list[Query]) -> dict[str, Any]:
    """Return the plan that counts only what passes the filters."""
    inside = {"bool": {"filter": filters}} if filters else {"match_all": {}}
    return {"filter": inside, "aggs": dict(plans)}


def read(wanted: FacetRequest, answer: Answer) -> Counts:
    """Return what an answer to `plans` says."""
    terms = answer["values"]
    pairs = [(each["key"], each["doc_count"]) for each in terms["buckets"]]
    chosen = answer.get("chosen", {}).get("buckets", ())
    whole = terms["sum_other_doc_count"] == 0
    if not is_top(wanted):
        pairs = ordered(wanted, pairs)
    total = terms["sum_other_doc_count"] + sum(count for _, count in pairs)
    estimate = int(answer.get("distinct", {}).get("value", 0))
    return Counts(
        values=pairs,
        total=total,
        missing=answer["missing"]["doc_count"],
        distinct=len(pairs) if whole else max(estimate, len(pairs)),
        whole=whole,
        exact=terms.get("doc_count_error_upper_bound", 0) == 0,
        after=answer.get("after", {}).get("doc_count", 0),
        chosen={each["key"]: each["doc_count"] for each in chosen},
    )


def ordered(
    wanted: FacetRequest, pairs: Iterable[tuple[str, int]]
) -> list[tuple[str, int]]:
    """Return every value with its count in the order asked for.

    With `match` the pairs are labels: each value is counted under the names that match,
    once for each article, as an article names an id once.
    """
    if wanted.match:
        counts: Counter[str] = Counter()
        for text, count in pairs:
            one = label(text)
            if one.key == one.id:
                counts[one.id] += count
        pairs = counts.items()
    if wanted.only is not None:
        kept = frozenset(wanted.only)
        pairs = [pair for pair in pairs if pair[0] in kept]
    return sorted(pairs, key=lambda pair: place(wanted, *pair))


def listed(wanted: FacetRequest, counts: Counts) -> tuple[list[tuple[str, int]], bool]:
    """Return the values of the page, and whether there are more behind them."""
    behind = counts.values
    if wanted.after is not None:
        if not counts.after and wanted.sort == "count":
            raise VanishedValueError(wanted.field, wanted.after)
        start = place(wanted, wanted.after, counts.after)
        behind = [pair for pair in behind if place(wanted, *pair) > start]
    size = len(behind) if wanted.size is None else wanted.size
    return behind[:size], len(behind) > size or not counts.whole


def facet(
    wanted: FacetRequest,
    counts: Counts,
    chosen: Chosen,
    page: list[tuple[str, int]],
    names: Mapping[str, str],
    *,
    more: bool,
) -> Facet:
    """Return the facet; `names` has the names of the values `page` and of those chosen."""
    own = chosen.names
    values = [FacetValue(k, names.get(k, k), n, k in own) for k, n in page]
    if wanted.after is None and own:
        values += _below(wanted, counts, chosen, {key for key, _ in page})
    return Facet(
        field=wanted.field,
        mode=wanted.mode,
        values=tuple(values),
        distinct=counts.distinct,
        distinct_exact=counts.whole,
        missing=counts.missing,
        other=counts.total - sum(count for _, count in page),
        exact=counts.exact,
        more=more,
    )


def ends(wanted: FacetRequest, found: Facet, date: str) -> dict[str, Any]:
    """Return the plan that looks for the first and last article of each value."""
    ids = [value.id for value in found.values if value.count]
    aggs = {"first": {"min": {"field": date}}, "last": {"max": {"field": date}}}
    return {"seen": {**counted(wanted.field, ids or [""]), "aggs": aggs}}


def dated(found: Facet, answer: Answer) -> Facet:
    """Return the facet with what an answer to `ends` says."""
    known = {each["key"]: each for each in answer["seen"]["buckets"]}
    return replace(
        found, values=tuple(_at(each, known.get(each.id)) for each in found.values)
    )


def place(wanted: FacetRequest, key: str, count: int) -> tuple[int, str]:
    """Return where a value stands."""
    return (-count if wanted.sort == "count" else 0, key)


def _at(value: FacetValue, bucket: dict[str, Any] | None) -> FacetValue:
    if bucket is None:
        return value
    first, last = bucket["first"]["value"], bucket["last"]["value"]
    return replace(value, first=int(first), last=int(last))


def _below(
    wanted: FacetRequest, counts: Counts, chosen: Chosen, shown: set[str]
) -> list[FacetValue]:
    known = dict(counts.values) if counts.whole else counts.chosen
    shown = shown | known.keys() if wanted.whole else shown
    values = [
        FacetValue(key, name, known.get(key, 0), selected=True)
        for key, name in chosen.names.items()
        if key not in shown
    ]
    return sorted(values, key=lambda value: place(wanted, value.id, value.count))


def _top(wanted: FacetRequest, shard_size: int) -> dict[str, Any]:
    size = max(wanted.size or 0, 1)
    order: list[dict[str, str]] = [{"_key": "asc"}]
    if wanted.sort == "count":
        order = [{"_count": "desc"}, {"_key": "asc"}]
    return {
        "terms": {
            "field": wanted.field,
            "size": size,
            "shard_size": max(size, shard_size),
            "order": order,
        }
    }


def _every(wanted: FacetRequest) -> dict[str, Any]:
    terms: dict[str, Any] = {"size": EVERY, "shard_size": EVERY}
    if wanted.match:
        field = f"{wanted.field}_label"
        return {"terms": terms | {"field": field, "include": matching(wanted.match)}}
    if wanted.only is not None:
        known = [each for each in dict.fromkeys(wanted.only) if is_keyword(each)]
        terms |= {"include": known}
    return {"terms": terms | {"field": wanted.field}}
