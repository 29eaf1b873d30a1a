"""Counts over time: calendar buckets counted by the server, exact to the millisecond."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from search.elastic.cluster import Answer
from search.elastic.compile import Query
from search.request import Interval, TimelineRequest
from search.result import Bucket, Timeline
from search.timeline import choose, edges


@dataclass(frozen=True, slots=True)
class Axis:
    """Where buckets begin; the outer ones count only from `first` and before `end`."""

    interval: Interval
    marks: tuple[int, ...] = ()
    first: int = 0
    end: int = 0

    @property
    def inner(self) -> tuple[int, ...]:
        """Where counting begins and ends."""
        between = (m for m in self.marks[1:-1] if self.first < m < self.end)
        return (self.first, *between, self.end)

    def plan(self, date: str) -> dict[str, Any]:
        """Return the plan that counts."""
        ranges = [{"from": a, "to": b} for a, b in pairwise(self.inner)]
        return {"range": {"field": date, "ranges": ranges}}

    def read(self, answer: Answer) -> Timeline:
        """Return the timeline of an answer to the plan."""
        counts = {bucket["from"]: bucket["doc_count"] for bucket in answer["buckets"]}
        return Timeline(
            self.interval,
            tuple(
                Bucket(start, stop, counts.get(float(inside), 0))
                for start, stop, inside in zip(
                    self.marks, self.marks[1:], self.inner, strict=False
                )
            ),
        )


def is_open(wanted: TimelineRequest) -> bool:
    """Say whether the first or the last hit must be known before."""
    return wanted.start is None or wanted.end is None


def extent(query: Query, date: str) -> dict[str, Any]:
    """Return the search for the first and last moment of what a query finds."""
    return {
        "query": query,
        "size": 0,
        "track_total_hits": False,
        "aggs": {"first": {"min": {"field": date}}, "last": {"max": {"field": date}}},
    }


def axis(wanted: TimelineRequest, answer: Answer | None) -> Axis:
    """Return the axis asked for; `answer` is the extent's, where that was needed.

    Raises QueryError as `search.timeline.edges` does.
    """
    first, end = wanted.start, wanted.end
    if answer is not None:
        found = answer["aggregations"]
        if found["first"].get("value") is None:
            return Axis(wanted.interval or "day")
        first = int(found["first"]["value"]) if first is None else first
        end = int(found["last"]["value"]) + 1 if end is None else end
    if first is None or end is None or first >= end:
        return Axis(wanted.interval or "day")
    interval = wanted.interval or choose(first, end - 1)
    return Axis(interval, edges(first, end - 1, interval, wanted.tz), first, end)
