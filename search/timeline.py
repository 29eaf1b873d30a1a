"""Calendar buckets: where hours, days, weeks, months, quarters and years begin."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from search.article import EPOCH, MILLISECOND, milliseconds
from search.errors import QueryMisuseError, QueryTooComplexError
from search.request import Interval
from search.result import Bucket

MOST: Final = 2_000
"""Buckets a timeline may have."""

_WISHED = 30
_HOUR = 3_600_000
_LENGTHS: Final[dict[Interval, int]] = {
    "hour": _HOUR,
    "day": 24 * _HOUR,
    "week": 7 * 24 * _HOUR,
    "month": 730 * _HOUR,
    "quarter": 2_190 * _HOUR,
    "year": 8_760 * _HOUR,
}
_DAYS: Final[dict[Interval, int]] = {"day": 1, "week": 7}
_MONTHS: Final[dict[Interval, int]] = {"month": 1, "quarter": 3, "year": 12}


# Questions about a standing archive have the same edges again and again.
@lru_cache(maxsize=64)
def edges(first: int, last: int, interval: Interval, tz: str) -> tuple[int, ...]:
    """Return where the buckets of `first` to `last` begin, and where the last one ends.

    All in milliseconds since 1970. `first` is in the first bucket, `last` in the last;
    weeks begin on Monday; a day begins with its first moment in the zone, and a day that
    the zone left out has no bucket. Hours have sixty minutes each and begin with the
    zone's own hour at `first`. Raises QueryTooComplexError for more than `MOST` buckets,
    QueryMisuseError for a zone that does not exist.
    """
    zone = _zone(tz)
    _check(first, last, interval, zone)
    if interval == "hour":
        return tuple(range(_hour(first, zone), last + _HOUR + 1, _HOUR))
    number = _number(first, interval, zone)
    found = [_begin(number, interval, zone)]
    while found[-1] <= last:
        number += 1
        moment = _begin(number, interval, zone)
        if moment <= first:  # clocks set back over midnight: the old day came again
            found = [moment]
        elif moment > found[-1]:  # equal where the zone left a whole day out
            found.append(moment)
    return tuple(found)


def choose(first: int, last: int) -> Interval:
    """Return the interval that gives nearest to 30 buckets; never over `MOST` of them."""
    span = max(last - first, 0)

    def distance(interval: Interval) -> float:
        return abs(math.log((span / _LENGTHS[interval] + 1) / _WISHED))

    return min(_LENGTHS, key=distance)


def buckets(edges: Sequence[int], counts: Sequence[int]) -> tuple[Bucket, ...]:
    """Return the buckets between the edges, with one count for each."""
    pairs = zip(pairwise(edges), counts, strict=True)
    return tuple(Bucket(start, end, count) for (start, end), count in pairs)


def _zone(tz: str) -> ZoneInfo:
    try:
        return ZoneInfo(tz)
    except (KeyError, ValueError, OSError):
        raise QueryMisuseError(
            f"There is no time zone {tz!r}. Use an IANA name such as Europe/Berlin."
        ) from None


def _check(first: int, last: int, interval: Interval, zone: ZoneInfo) -> None:
    if _count(first, last, interval, zone) <= MOST:
        return
    longer = list(_LENGTHS)[list(_LENGTHS).index(interval) + 1 :]
    fitting = (one for one in longer if _count(first, last, one, zone) <= MOST)
    better = next(fitting, None)
    advice = f"use {better} instead" if better else "use a shorter time"
    raise QueryTooComplexError(
        f"The interval {interval} makes more than {MOST:,} buckets: {advice}.",
        suggestion=better,
    )


def _count(first: int, last: int, interval: Interval, zone: ZoneInfo) -> int:
    """Return the number of buckets; days that a zone left out are counted too."""
    if interval == "hour":
        return (last - _hour(first, zone)) // _HOUR + 1
    return _number(last, interval, zone) - _number(first, interval, zone) + 1


def _local(moment: int, zone: ZoneInfo) -> datetime:
    """Return what the clocks of the zone show, without the zone."""
    return (EPOCH + moment * MILLISECOND).astimezone(zone).replace(tzinfo=None)


def _hour(moment: int, zone: ZoneInfo) -> int:
    return moment - milliseconds(_local(moment, zone).replace(tzinfo=UTC)) % _HOUR


def _number(moment: int, interval: Interval, zone: ZoneInfo) -> int:
    """Return which bucket of the calendar the moment is in, counted from the year 0."""
    day = _local(moment, zone).date()
    if interval in _DAYS:
        return (day.toordinal() - 1) // _DAYS[interval]  # 0001-01-01 was a Monday
    return (day.year * 12 + day.month - 1) // _MONTHS[interval]


def _begin(number: int, interval: Interval, zone: ZoneInfo) -> int:
    """Return the first moment of a bucket of the calendar."""
    if interval in _DAYS:
        return _midnight(date.fromordinal(number * _DAYS[interval] + 1), zone)
    year, month = divmod(number * _MONTHS[interval], 12)
    return _midnight(date(year, month + 1, 1), zone)


def _midnight(day: date, zone: ZoneInfo) -> int:
    """Return the first moment at which the zone's clocks show this day or a later one."""
    midnight = datetime.combine(day, time())
    moment = milliseconds(midnight.replace(tzinfo=zone))
    again = milliseconds(midnight.replace(tzinfo=zone, fold=1))
    if again >= moment:  # twice, if it is later: the first one counts
        return moment
    skipped = range(again, moment + 1)
    return again + bisect_left(
        skipped, midnight, key=lambda candidate: _local(candidate, zone)
    )
