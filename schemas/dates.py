"""Dates as people write them: moments of articles, periods of questions, durations.

Articles: RFC 3339, or a part of a date. Questions also know `today`, `yesterday` and
times ago (`7d`). The grammar is small and ours: a parser that guesses reads `a` as
January.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from search.article import EARLIEST

AHEAD = timedelta(days=366)
"""How far in the future an article may be dated."""

LATEST_YEAR = 9998
"""The last year a question may name: its end can still be written."""

# What machines write, and the standard library reads in a fraction of the time.
_ORDINARY = re.compile(
    r"[0-9]{4}-[01][0-9]-[0-3][0-9]T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:\.[0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_WRITTEN = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:[Tt ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,9}))?)?"
    r"(?P<zone>[Zz]|[+\- ](?:[01][0-9]|2[0-3]):[0-5][0-9])?)?)?)?"
)
_AGO = re.compile(r"(?P<count>[0-9]{1,5})(?P<unit>min|h|d|w|mo|y)")
_CLOCK = {"min": timedelta(minutes=1), "h": timedelta(hours=1)}
_DAYS = {"d": 1, "w": 7, "mo": 30, "y": 365}
_MONTHS = {"mo": 1, "y": 12}
_SHIFT = {"today": 0, "yesterday": -1}

_NO_DATE = (
    "This is not a date. Write it like 2024-05-17T10:00:00Z, 2024-05-17, 2024-05 "
    "or 2024."
)
_NO_PERIOD = (
    "This is not a date. Write it like 2024-05-17, 2024-05, 2024, "
    "2024-05-17T10:00:00Z, today, yesterday, or a time ago like 24h, 7d, 2w, 3mo, 1y."
)
_NO_SUCH_TIME = "The calendar has no such date or time. Check day, month and hour."
_NO_DURATION = "This is not a duration. Write it like 30min, 12h, 7d, 2w, 3mo or 1y."


def moment(text: str, *, now: datetime) -> datetime:
    """Return the moment an article's date means, in UTC.

    Without a zone it is UTC; a part of a date is the start of its year, month or day;
    digits behind the microsecond are dropped. Raises ValueError, with a sentence, for
    anything else and for what is before 1600 or more than a year after `now`.
    """
    try:
        parsed = _parsed(text).astimezone(UTC)
    except OverflowError:
        raise ValueError(_outside(now)) from None
    if not EARLIEST <= parsed <= now + AHEAD:
        raise ValueError(_outside(now))
    return parsed


def period(text: str, now: datetime, tz: tzinfo) -> tuple[datetime, datetime]:
    """Return what a date in a question covers: [start, end), both in UTC.

    A part of a date covers its whole unit in `tz`: `2024-05` the month, `10:00` the
    minute, `10:00:00.5` a tenth of a second. A time ago (`7d`) is one moment, twice:
    days, weeks, months and years go back on the calendar of `tz`, hours and minutes
    on the clock. Raises ValueError with a sentence.
    """
    ago = _AGO.fullmatch(text)
    if ago:
        start = _ago(int(ago["count"]), ago["unit"], now.astimezone(tz))
        return start, start
    if text.lower() in _SHIFT:
        day = now.astimezone(tz).date() + timedelta(days=_SHIFT[text.lower()])
        return _midnight(day, tz), _midnight(day + timedelta(days=1), tz)
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(_NO_PERIOD)
    if not EARLIEST.year <= int(found["year"]) <= LATEST_YEAR:
        raise ValueError(f"Years run from {EARLIEST.year} to {LATEST_YEAR}.")
    return _moments(found, tz) if found["hour"] else _days(found, tz)


def duration(text: str) -> timedelta:
    """Return how long `7d` or `12h` is; a month has 30 days and a year 365.

    Raises ValueError with a sentence, also for a length of zero.
    """
    found = _AGO.fullmatch(text)
    if found is None or not int(found["count"]):
        raise ValueError(_NO_DURATION)
    unit = _CLOCK.get(found["unit"]) or timedelta(days=_DAYS[found["unit"]])
    return int(found["count"]) * unit


def _outside(now: datetime) -> str:
    last = (now + AHEAD).date().isoformat()
    return f"Dates of articles run from {EARLIEST.date().isoformat()} to {last}."


def _parsed(text: str) -> datetime:
    if _ORDINARY.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(_NO_SUCH_TIME) from None
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(_NO_DATE)
    return _local(found, _zone(found) or UTC)


def _local(found: re.Match[str], zone: tzinfo) -> datetime:
    part = found.groupdict()
    micros = int((part["fraction"] or "").ljust(6, "0")[:6])
    year, month, day = (int(part[name] or 1) for name in ("year", "month", "day"))
    hour, minute, second = (
        int(part[name] or 0) for name in ("hour", "minute", "second")
    )
    try:
        return datetime(year, month, day, hour, minute, second, micros, tzinfo=zone)
    except ValueError:
        raise ValueError(_NO_SUCH_TIME) from None


def _zone(found: re.Match[str]) -> tzinfo | None:
    text = found["zone"]
    if not text:
        return None
    if text in "Zz":
        return UTC
    size = timedelta(hours=int(text[1:3]), minutes=int(text[4:6]))
    return timezone(-size if text[0] == "-" else size)


def _moments(found: re.Match[str], tz: tzinfo) -> tuple[datetime, datetime]:
    local = _local(found, _zone(found) or tz)
    start = local.astimezone(UTC)
    # When clocks go back an hour comes twice: the unit lasts to the end of the second.
    last = max(start, local.replace(fold=1).astimezone(UTC))
    return start, last + _unit(found)


def _unit(found: re.Match[str]) -> timedelta:
    if not found["second"]:
        return timedelta(minutes=1)
    return timedelta(microseconds=10 ** max(0, 6 - len(found["fraction"] or "")))


def _days(found: re.Match[str], tz: tzinfo) -> tuple[datetime, datetime]:
    first = _local(found, tz).date()
    if found["day"]:
        last = first + timedelta(days=1)
    else:
        last = _months_later(first, 1 if found["month"] else 12)
    return _midnight(first, tz), _midnight(last, tz)


def _midnight(day: date, tz: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=tz).astimezone(UTC)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, day.day - 4, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue  # the 31st of a month that has none: its last day
    raise ValueError(_NO_SUCH_TIME)


def _ago(count: int, unit: str, here: datetime) -> datetime:
    try:
        if unit in _CLOCK:
            start = here.astimezone(UTC) - count * _CLOCK[unit]
        else:
            start = _earlier(count, unit, here).astimezone(UTC)
    except (ValueError, OverflowError):
        start = None
    if start is None or start < EARLIEST:
        raise ValueError(f"This is too long ago. Dates run from {EARLIEST.year}.")
    return start


def _earlier(count: int, unit: str, here: datetime) -> datetime:
    if unit in _MONTHS:
        day = _months_later(here.date(), -count * _MONTHS[unit])
    else:
        day = here.date() - timedelta(days=count * _DAYS[unit])
    return here.replace(year=day.year, month=day.month, day=day.day)
