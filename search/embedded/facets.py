"""Facets: exact counts by value, over the base that each facet has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from tantivy import Query

from search.embedded.labels import Labels
from search.embedded.mapping import label_key
from search.embedded.reader import Snapshot
from search.errors import VanishedValueError
from search.request import FacetRequest, SearchRequest
from search.result import Facet, FacetValue
from search.text import is_text, slug

_EVERY: Final = 65_000  # values read in each segment, so that sums are exact
_AT_ONCE: Final = 10_000  # values on a page of a walk through all of them


@dataclass(frozen=True, slots=True)
class Counts:
    """Counted values in the order asked for, and what was not read.

    `total` sums the counts of all values, `whole` says that all were read.
    """

    values: list[tuple[str, int]]
    total: int
    missing: int
    whole: bool
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts in one snapshot.

    Up to `most` values are read at once, more of them in pages of `page`.
    """

    snapshot: Snapshot
    labels: Labels
    most: int = _EVERY
    page: int = _AT_ONCE

    def facets(
        self, request: SearchRequest, base: Query, without: dict[str, Query]
    ) -> tuple[Facet, ...]:
        """Return the facets asked for.

        `base` is the query with every restriction, `without` the one without a field's
        own selection, for fields that have one.
        """
        bases = [_own(wanted, base, without) for wanted in request.facets]
        shared = [
            w
            for w, q in zip(request.facets, bases, strict=True)
            if q is base and _top(w)
        ]
        ready = self._counted(base, shared)
        return tuple(
            self._facet(
                request, wanted, query, ready.get(wanted) or self._alone(query, wanted)
            )
            for wanted, query in zip(request.facets, bases, strict=True)
        )

    def _alone(self, base: Query, wanted: FacetRequest) -> Counts:
        if _top(wanted):
            return self._counted(base, [wanted])[wanted]
        return self._everything(base, wanted)

    def _counted(
        self, base: Query, facets: Sequence[FacetRequest]
    ) -> dict[FacetRequest, Counts]:
        """Count the most frequent values of several fields in one pass."""
        if not facets:
            return {}
        plan: dict[str, Any] = {}
        for place, wanted in enumerate(facets):
            plan[f"v{place}"] = self._terms(wanted)
            plan[f"n{place}"] = empty_plan(wanted.field)
        found = self.snapshot.searcher.aggregate(base, plan)
        return {
            wanted: self._counts(found[f"v{place}"], _missing(found[f"n{place}"]))
            for place, wanted in enumerate(facets)
        }

    def _terms(self, wanted: FacetRequest) -> dict[str, Any]:
        size = max(wanted.size or 0, 1)
        terms: dict[str, Any] = {"field": wanted.field, "size": size + 1}
        if wanted.sort == "name":
            terms["order"] = {"_key": "asc"}
        if not self.snapshot.single:
            terms["segment_size"] = _EVERY
        return {"terms": terms}

    def _counts(self, terms: dict[str, Any], missing: int) -> Counts:
        values = [(bucket["key"], bucket["doc_count"]) for bucket in terms["buckets"]]
        other = terms["sum_other_doc_count"]
        total = sum(count for _, count in values) + other
        # The bound is above zero for every cut; in one segment nothing was added up.
        exact = self.snapshot.single or not terms.get("doc_count_error_upper_bound")
        return Counts(values, total, missing, whole=not other, exact=exact)

    def _everything(self, base: Query, wanted: FacetRequest) -> Counts:
        """Count every value, and only those that `match` keeps."""
        plan = {"n": empty_plan(wanted.field)}
        missing = _missing(self.snapshot.searcher.aggregate(base, plan)["n"])
        if wanted.only is None:
            counted = dict(self._walk(base, wanted.field))
        else:
            ids = [each for each in dict.fromkeys(wanted.only) if is_text(each)]
            buckets = self._some(base, wanted.field, ids)
            counted = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
        if wanted.match:
            counted = self._kept(base, wanted.field, wanted.match, counted)
        values = sorted(
            counted.items(), key=lambda pair: _place(wanted, pair[0], pair[1])
        )
        return Counts(values, sum(counted.values()), missing, whole=True)

    def _walk(self, base: Query, field: str) -> Iterable[tuple[str, int]]:
        terms = {"field": field, "size": self.most, "segment_size": self.most}
        found = self.snapshot.searcher.aggregate(base, {"v": {"terms": terms}})["v"]
        if not found["sum_other_doc_count"]:
            return [(bucket["key"], bucket["doc_count"]) for bucket in found["buckets"]]
        return self._paged(base, field)

    def _some(
        self, base: Query, field: str, ids: Sequence[str], **aggs: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Return the buckets of just these ids, with whatever is to be known of each."""
        found: list[dict[str, Any]] = []
        for start in range(0, len(ids), self.page):
            some = list(ids[start : start + self.page])
            size = {"size": len(some), "segment_size": len(some)}
            plan = {"terms": {"field": field, "include": some, **size}, "aggs": aggs}
            counted = self.snapshot.searcher.aggregate(base, {"v": plan})
            found += counted["v"]["buckets"]
        return found

    def _paged(self, base: Query, field: str) -> Iterable[tuple[str, int]]:
        """Yield all values by id: slower, and without an end to their number."""
        sources = [{"id": {"terms": {"field": field}}}]
        plan: dict[str, Any] = {"size": self.page, "sources": sources}
        while True:
            found = self.snapshot.searcher.aggregate(base, {"v": {"composite": plan}})
            buckets = found["v"]["buckets"]
            for bucket in buckets:
                yield bucket["key"]["id"], bucket["doc_count"]
            if len(buckets) < self.page:
                return
            plan["after"] = found["v"]["after_key"]

    def _kept(
        self, base: Query, field: str, match: str, counted: dict[str, int]
    ) -> dict[str, int]:
        """Keep the counts of values that some article has under a name that matches."""
        matching = self.labels.containing(field, match)
        names = self.labels.all_names(field, matching)
        return {
            key: counted[key]
            for key, found in matching.items()
            if key in counted
            and (len(names[key]) == len(found) or self._under(base, field, key, found))
        }

    def _under(self, base: Query, field: str, key: str, names: Iterable[str]) -> int:
        terms = [label_key(key, name) for name in names]
        compiler = self.labels.compiler
        query = compiler.within(base, compiler.keywords(f"{field}_key", terms))
        return self.snapshot.count(query)

    def _facet(
        self, request: SearchRequest, wanted: FacetRequest, base: Query, counts: Counts
    ) -> Facet:
        chosen = self._chosen(request, wanted.field)
        behind = self._behind(base, wanted, counts)
        size = len(behind) if wanted.size is None else wanted.size
        listed, rest = behind[:size], behind[size:]
        shown = {key for key, _ in listed}
        names = chosen | self.labels.names(wanted.field, shown)
        values = [FacetValue(k, names.get(k, k), n, k in chosen) for k, n in listed]
        if wanted.after is None:
            turns = {key for key, _ in counts.values} if wanted.whole else shown
            below = {key: chosen[key] for key in chosen if key not in turns}
            values += self._below(base, wanted, below, counts)
        if wanted.seen:
            values = self._seen(base, wanted.field, values, request.date)
        distinct = len(counts.values)
        if not counts.whole:
            distinct = max(distinct, self._distinct(base, wanted.field))
        return Facet(
            field=wanted.field,
            mode=wanted.mode,
            values=tuple(values),
            distinct=distinct,
            distinct_exact=counts.whole,
            missing=counts.missing,
            other=counts.total - sum(count for _, count in listed),
            exact=counts.exact,
            more=bool(rest) or not counts.whole,
        )

    def _behind(
        self, base: Query, wanted: FacetRequest, counts: Counts
    ) -> list[tuple[str, int]]:
        if wanted.after is None:
            return counts.values
        count = self._one(base, wanted.field, wanted.after)
        if not count and wanted.sort == "count":
            raise VanishedValueError(wanted.field, wanted.after)
        start = _place(wanted, wanted.after, count)
        return [(k, n) for k, n in counts.values if _place(wanted, k, n) > start]

    def _below(
        self, base: Query, wanted: FacetRequest, ids: dict[str, str], counts: Counts
    ) -> list[FacetValue]:
        known = dict(counts.values)
        values = [
            FacetValue(
                key,
                name,
                known.get(key, 0)
                if counts.whole
                else self._one(base, wanted.field, key),
                selected=True,
            )
            for key, name in ids.items()
        ]
        return sorted(values, key=lambda value: _place(wanted, value.id, value.count))

    def _seen(
        self, base: Query, field: str, values: list[FacetValue], date: str
    ) -> list[FacetValue]:
        ids = [value.id for value in values if value.count]
        ends = {"first": {"min": {"field": date}}, "last": {"max": {"field": date}}}
        known = {each["key"]: each for each in self._some(base, field, ids, **ends)}
        return [_at(value, known.get(value.id)) for value in values]

    def _chosen(self, request: SearchRequest, field: str) -> dict[str, str]:
        chosen: dict[str, str] = {}
        for selection in request.selections:
            for term in selection.terms if selection.field == field else ():
                known = self.labels.called(field, term.text, exact=term.exact)
                pairs = [(entity.id, entity.name) for entity in known]
                unknown = term.text if term.exact else slug(term.text)
                chosen |= dict(pairs or [(unknown, term.text)])
        chosen.pop("", None)
        return chosen

    def _one(self, base: Query, field: str, key: str) -> int:
        compiler = self.labels.compiler
        return self.snapshot.count(compiler.within(base, compiler.keyword(field, key)))

    def _distinct(self, base: Query, field: str) -> int:
        return round(self.snapshot.searcher.cardinality(base, field))


def empty_plan(field: str) -> dict[str, Any]:
    """Return the plan that counts articles without any value."""
    return {"range": {"field": f"{field}_number", "ranges": [{"to": 1}]}}


def _top(wanted: FacetRequest) -> bool:
    some = wanted.size is not None and not wanted.whole
    plain = wanted.match is None and wanted.only is None
    return some and plain and wanted.after is None


def _own(wanted: FacetRequest, base: Query, without: dict[str, Query]) -> Query:
    return without.get(wanted.field, base) if wanted.mode == "or" else base


def _missing(found: dict[str, Any]) -> int:
    return sum(b["doc_count"] for b in found["buckets"] if b.get("to") == 1)


def _at(value: FacetValue, bucket: dict[str, Any] | None) -> FacetValue:
    if bucket is None:
        return value
    first, last = bucket["first"]["value"], bucket["last"]["value"]
    return replace(value, first=int(first), last=int(last))


def _place(wanted: FacetRequest, key: str, count: int) -> tuple[int, str]:
    return (-count if wanted.sort == "count" else 0, key)
