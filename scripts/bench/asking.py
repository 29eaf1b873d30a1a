"""Questions to tantivy as one writes them by hand: the engine of the minimal view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field as data
from pathlib import Path
from typing import Any, Final

import tantivy
from tantivy import FieldType, Occur, Order, Query

from scripts.bench.bare import INDEX
from search.catalog import FACET_FIELDS, FIELDS, TEXT_FIELDS

BOOSTS: Final = {name: FIELDS[name].weight for name in TEXT_FIELDS}
KEY: Final = "published_key"
_EVERY_SEGMENT: Final = 65_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the index. `words` are stems, in tantivy's own language."""

    words: str = ""
    filters: Mapping[str, Sequence[str]] = data(default_factory=dict)
    facets: Sequence[str] = ()
    timeline: bool = False
    newest: bool = False
    offset: int = 0
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Got:
    """What was found: the order key of the last hit is what `before` is for."""

    total: int
    numbers: list[int]
    last: int | None
    counts: dict[str, Any]


def wanted_of(pairs: Iterable[tuple[str, str]]) -> Wanted:
    """Return what decoded parameters ask for."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    one = {name: values[0] for name, values in given.items()}
    return Wanted(
        words=one.get("q", ""),
        filters={name: given[name] for name in FACET_FIELDS if name in given},
        facets=one["facet"].split(",") if "facet" in one else (),
        timeline="interval" in one,
        newest=one.get("sort") == "newest",
        offset=10 * (int(one.get("page", 1)) - 1),
        before=int(one["before"]) if "before" in one else None,
    )


class Asker:
    """One index, open for questions."""

    def __init__(self, folder: Path) -> None:
        self.index = tantivy.Index.open(str(folder / INDEX))
        self.schema = self.index.schema
        self.searcher = self.index.searcher()
        self._exact = {} if self.segments == 1 else {"segment_size": _EVERY_SEGMENT}

    @property
    def segments(self) -> int:
        """How many parts the index has."""
        return self.searcher.num_segments

    def query(self, wanted: Wanted, *, without: str = "") -> Query:
        """Return the query, leaving out one field's filter."""
        query = Query.all_query()
        if wanted.words:
            query = self.index.parse_query(
                wanted.words, list(BOOSTS), BOOSTS, conjunction_by_default=True
            )
        clauses = [(Occur.Must, query)]
        for field, ids in wanted.filters.items():
            if field != without:
                chosen = Query.term_set_query(self.schema, f"{field}_key", list(ids))
                clauses.append((Occur.Must, Query.const_score_query(chosen, 0.0)))
        if wanted.before is not None:
            clauses.append((Occur.Must, self._before(wanted.before)))
        return Query.boolean_query(clauses) if clauses[1:] else query

    def others(self, wanted: Wanted) -> dict[str, Query]:
        """Return the queries of facets that are filtered, each without its own."""
        return {
            field: self.query(wanted, without=field)
            for field in wanted.facets
            if field in wanted.filters
        }

    def ask(self, wanted: Wanted, query: Query, others: Mapping[str, Query]) -> Got:
        """Return ten hits, the exact total and the counts; `others` are facets' own
        queries."""
        order = {"order_by_field": KEY, "order": Order.Desc} if wanted.newest else {}
        found = self.searcher.search(query, limit=10, offset=wanted.offset, **order)  # type: ignore[arg-type]
        places = [place for _, place in found.hits]
        numbers = [int(n or 0) for n in self.searcher.fast_field_values("n", places)]
        last = int(found.hits[-1][0]) if wanted.newest and found.hits else None
        counts = self._counts(wanted, query, others)
        return Got(int(found.count or 0), numbers, last, counts)  # type: ignore[attr-defined]

    def _counts(
        self, wanted: Wanted, query: Query, others: Mapping[str, Query]
    ) -> dict[str, Any]:
        plan: dict[str, Any] = {
            field: self._terms(field) for field in wanted.facets if field not in others
        }
        if wanted.timeline:
            month = {"field": "published", "calendar_interval": "month"}
            sources = [{"month": {"date_histogram": month}}]
            plan["timeline"] = {"composite": {"size": 1000, "sources": sources}}
        found = dict(self.searcher.aggregate(query, plan)) if plan else {}
        for field, own in others.items():
            found |= self.searcher.aggregate(own, {field: self._terms(field)})
        return {name: each["buckets"] for name, each in found.items()}

    def _terms(self, field: str) -> dict[str, Any]:
        return {"terms": {"field": field, "size": 10, **self._exact}}

    def _before(self, key: int) -> Query:
        behind = Query.range_query(
            self.schema, KEY, FieldType.Unsigned, None, key, include_upper=False
        )
        return Query.const_score_query(behind, 0.0)
