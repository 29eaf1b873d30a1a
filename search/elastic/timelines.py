"""Counts over time: calendar buckets counted by the server, exact to the millisecond."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

import orjson

from search.elastic.cluster import Answer
from search.errors import QueryError
from search.request import Interval, SearchRequest, TimelineRequest
from search.result import Timeline
from search.timeline import buckets, choose, edges

_GUESSED: Final = (
    367  # marks, a year of days; more cost more than the question that they spare
)


@dataclass(frozen=True, slots=True)
class Axis:
    """Where buckets begin; the outer ones count only from `first` and before `end`.

    `guessed`: the axis of other questions, which is probably wide enough for this one.
    """

    interval: Interval
    marks: tuple[int, ...] = ()
    first: int = 0
    end: int = 0
    guessed: bool = False

    def plans(self, date: str) -> dict[str, Any]:
        """Return what the server counts, and of a guess also where it should end."""
        counts = {"counts": _counting(self.marks, self.first, self.end, date)}
        return counts | (ends(date) if self.guessed else {})

    def read(self, answer: Answer, shown: Axis | None = None) -> Timeline:
        """Return the timeline of an answer to the plans; `shown` is a part of it."""
        counts = [each["doc_count"] for each in answer["counts"]["buckets"]]
        marks = self.marks if shown is None else shown.marks
        if not marks:
            return Timeline(self.interval, ())
        start = bisect_left(self.marks, marks[0])
        shown_counts = counts[start : start + len(marks) - 1]
        return Timeline(self.interval, buckets(marks, shown_counts))

    def holds(self, other: Axis) -> bool:
        """Say whether all buckets of another axis are counted as its own are."""
        inside = self.first <= other.first and other.end <= self.end
        start = bisect_left(self.marks, other.marks[0]) if other.marks else 0
        same = self.marks[start : start + len(other.marks)]
        return inside and same == other.marks


# Questions about a standing archive have the same axes again and again.
@lru_cache(maxsize=64)
def _counting(
    marks: tuple[int, ...], first: int, end: int, date: str
) -> orjson.Fragment:
    """Return the plan, written: a count between each two marks, in their order."""
    places = (first, *marks[1:-1], end)
    ranges = [{"from": a, "to": b} for a, b in pairwise(places)]
    return orjson.Fragment(orjson.dumps({"range": {"field": date, "ranges": ranges}}))


class Spans:
    """The time that timelines have had so far, by date field.

    Most questions of an archive find articles of the same years: with these the timeline
    needs no question before, which asks where it begins and ends. Nothing depends on it
    but the number of questions.
    """

    def __init__(self) -> None:
        self._spans: dict[str, tuple[int, int]] = {}

    def axis(self, request: SearchRequest) -> Axis | None:
        """Return the axis that is asked for, or guessed; None where neither is known."""
        wanted = request.timeline
        if wanted is None:
            return None
        if not is_open(wanted):
            return axis(wanted, None)
        known = self._spans.get(request.date)
        if known is None or wanted.interval is None:
            return None
        first = known[0] if wanted.start is None else wanted.start
        end = known[1] if wanted.end is None else wanted.end
        try:
            found = axis(replace(wanted, start=first, end=end), None)
        except QueryError:  # what is known of others is too wide for this
            return None
        fits = 0 < len(found.marks) <= _GUESSED
        return replace(found, guessed=True) if fits else None

    def told(self, request: SearchRequest, answer: Answer) -> Axis:
        """Return the axis by an answer that has the first and last moment; note it."""
        if answer["first"].get("value") is not None:
            span = int(answer["first"]["value"]), int(answer["last"]["value"]) + 1
            first, end = self._spans.get(request.date, span)
            self._spans[request.date] = min(first, span[0]), max(end, span[1])
        return axis(request.timeline or TimelineRequest(), answer)


def is_open(wanted: TimelineRequest) -> bool:
    """Say whether the first or the last hit must be known before."""
    return wanted.start is None or wanted.end is None


def ends(date: str) -> dict[str, Any]:
    """Return the plans for the first and last moment of what a query finds."""
    return {"first": {"min": {"field": date}}, "last": {"max": {"field": date}}}


def axis(wanted: TimelineRequest, answer: Answer | None) -> Axis:
    """Return the axis asked for; `answer` has its ends, where those were needed.

    Raises QueryError as `search.timeline.edges` does.
    """
    first, end = wanted.start, wanted.end
    if answer is not None:
        if answer["first"].get("value") is None:
            return Axis(wanted.interval or "day")
        first = int(answer["first"]["value"]) if first is None else first
        end = int(answer["last"]["value"]) + 1 if end is None else end
    if first is None or end is None or first >= end:
        return Axis(wanted.interval or "day")
    interval = wanted.interval or choose(first, end - 1)
    return Axis(interval, edges(first, end - 1, interval, wanted.tz), first, end)
