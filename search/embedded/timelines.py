"""Counts over time: calendar buckets counted by the index, exact to the millisecond."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from tantivy import Query

from search.embedded.reader import Snapshot
from search.request import TimelineRequest
from search.result import Bucket, Timeline
from search.timeline import choose, edges


def timeline(
    snapshot: Snapshot, query: Query, wanted: TimelineRequest, date: str
) -> Timeline:
    """Return the timeline of what the query finds."""
    first, end = wanted.start, wanted.end
    if first is None or end is None:
        found = snapshot.searcher.aggregate(query, {"d": {"stats": {"field": date}}})
        stats = found["d"]
        if not stats["count"]:
            return Timeline(wanted.interval or "day", ())
        first = int(stats["min"]) if first is None else first
        end = int(stats["max"]) + 1 if end is None else end
    if first >= end:
        return Timeline(wanted.interval or "day", ())
    interval = wanted.interval or choose(first, end - 1)
    marks = edges(first, end - 1, interval, wanted.tz)
    inner = (first, *(mark for mark in marks[1:-1] if first < mark < end), end)
    ranges = [{"from": a, "to": b} for a, b in pairwise(inner)]
    plan: dict[str, Any] = {"t": {"range": {"field": date, "ranges": ranges}}}
    buckets = snapshot.searcher.aggregate(query, plan)["t"]["buckets"]
    counts = {b.get("from"): b["doc_count"] for b in buckets if "to" in b}
    return Timeline(
        interval,
        tuple(
            Bucket(start, stop, counts.get(float(inside), 0))
            for start, stop, inside in zip(marks, marks[1:], inner, strict=False)
        ),
    )
