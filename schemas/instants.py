"""Moments in answers: milliseconds since 1970 become RFC 3339."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from schemas.dates import LATEST_YEAR
from search.article import EARLIEST, EPOCH, milliseconds

_FIRST = milliseconds(EARLIEST)
_BEHIND = milliseconds(datetime(LATEST_YEAR + 1, 1, 1, tzinfo=UTC))
_MINUTE = timedelta(minutes=1)


# A timeline names each of its edges four times, and so does the next question.
@lru_cache(maxsize=4096)
def instant(moment: int, zone: tzinfo = UTC, *, exact: bool = False) -> str:
    """Return RFC 3339 in a zone; with milliseconds where there are some or if `exact`.

    Offsets of local mean time have seconds, which RFC 3339 cannot write: then UTC.
    """
    known = EPOCH + timedelta(milliseconds=moment)
    local = known.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    if not offset or offset % _MINUTE:
        local = known
    timespec = "milliseconds" if exact or moment % 1000 else "seconds"
    return local.isoformat(timespec=timespec).replace("+00:00", "Z")


def limits(start: int, end: int) -> tuple[str, str] | None:
    """Return values of `from` and `to` that mean exactly [start, end).

    `to` includes its whole unit: so it ends with a millisecond. No article lies outside
    of the years that a question may name: what reaches beyond them is cut there, and
    None is for what lies there altogether.
    """
    first, behind = max(start, _FIRST), min(end, _BEHIND)
    if first >= behind:
        return None
    return instant(first), instant(behind - 1, exact=True)
