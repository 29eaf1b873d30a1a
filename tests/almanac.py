"""Calendar buckets by brute force: every day is looked at, none is calculated."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from search.article import EPOCH, milliseconds
from search.errors import QueryTooComplexError
from search.request import Interval
from search.result import Bucket

MOST = 2000
DAY = timedelta(days=1)
YEAR = timedelta(days=370)
HOUR = 3_600_000


def buckets(
    moments: Iterable[int], first: int, last: int, interval: Interval, tz: str
) -> tuple[Bucket, ...]:
    """Count moments (milliseconds) in the calendar's buckets from `first` to `last`."""
    zone = ZoneInfo(tz)
    edges = list(_edges(first, last, interval, zone))
    if len(edges) - 1 > MOST:
        raise QueryTooComplexError(f"More than {MOST} buckets; take a longer interval.")
    pairs = list(pairwise(edges))
    counts = Counter(
        pair for moment in moments for pair in pairs if pair[0] <= moment < pair[1]
    )
    return tuple(Bucket(*pair, counts[pair]) for pair in pairs)


def _edges(first: int, last: int, interval: Interval, zone: ZoneInfo) -> Iterator[int]:
    if interval == "hour":
        yield from _hours(first, last, zone)
        return
    starts = list(_starts(first, last, interval, zone))
    if len(starts) > MOST + 2 * YEAR.days:
        raise QueryTooComplexError("Far too many buckets; take a longer interval.")
    moments = sorted({_instant(day, zone) for day in starts})
    begin = max(moment for moment in moments if moment <= first)
    close = min(moment for moment in moments if moment > last)
    yield from (moment for moment in moments if begin <= moment <= close)


def _hours(first: int, last: int, zone: ZoneInfo) -> Iterator[int]:
    local = _local(first, zone)
    into = timedelta(
        minutes=local.minute, seconds=local.second, microseconds=local.microsecond
    )
    start = first - into // timedelta(milliseconds=1)
    yield from islice(range(start, last + HOUR + 1, HOUR), MOST + 2)


def _starts(
    first: int, last: int, interval: Interval, zone: ZoneInfo
) -> Iterator[date]:
    """Yield the first days of buckets, from well before `first` to well behind `last`."""
    day = _local(first, zone).date() - YEAR
    end = _local(last, zone).date() + YEAR
    while day <= end:
        if _begins(day, interval):
            yield day
        day += DAY


def _begins(day: date, interval: Interval) -> bool:
    match interval:
        case "week":
            return day.isoweekday() == 1
        case "month":
            return day.day == 1
        case "quarter":
            return day.day == 1 and day.month in (1, 4, 7, 10)
        case "year":
            return (day.month, day.day) == (1, 1)
        case _:
            return True


def _instant(day: date, zone: ZoneInfo) -> int:
    """Return the first moment of a day; a midnight that a zone skips is the next one."""
    return milliseconds(datetime.combine(day, time(), zone).astimezone(UTC))


def _local(moment: int, zone: ZoneInfo) -> datetime:
    return (EPOCH + timedelta(milliseconds=moment)).astimezone(zone)
