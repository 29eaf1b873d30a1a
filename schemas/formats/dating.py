"""Dates as other people's formats write them, to RFC 3339."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"(?P<year>[0-9]{4})[-./]?(?P<month>[0-9]{2})[-./]?(?P<day>[0-9]{2})"
    r"(?:[Tt, ]+(?P<hour>[0-9]{2}):?(?P<minute>[0-9]{2})(?::?(?P<second>[0-9]{2}))?"
    r"(?:[.,:](?P<fraction>[0-9]{1,9}))?"
    r" ?(?P<zone>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
    r"(?:\[[A-Za-z/_]+\])?"
)
_GERMAN = re.compile(
    r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})"
    r"(?:[^0-9]{1,12}(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2}))?"
)
_SECONDS = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
_ZONES = {"CEST": "+0200", "CET": "+0100", "BST": "+0100", "EEST": "+0300"}
_ZONES |= {"EET": "+0200", "MESZ": "+0200", "MEZ": "+0100", "JST": "+0900"}
_ZONES |= {"IST": "+0530", "AEST": "+1000", "AEDT": "+1100", "MSK": "+0300"}
_MONTHS = {
    name: number
    for number, name in enumerate(
        [
            "jan",
            "feb",
            "mar",
            "apr",
            "may",
            "jun",
            "jul",
            "aug",
            "sep",
            "oct",
            "nov",
            "dec",
        ],
        start=1,
    )
}
_NAMED = re.compile(rf"\b({'|'.join(_ZONES)})\b")


def written(text: str | None) -> str | None:
    """Return a date as RFC 3339, or a day; what is no date comes back as it is.

    Reads ISO 8601 in its basic and extended forms, RFC 2822, seconds or milliseconds
    since 1970, and `28.4.2023, 18:11`. A moment without a zone is left without one.
    """
    clean = " ".join((text or "").split())
    if not clean:
        return None
    for read in (_iso, _german, _seconds, _mail):
        if found := read(clean):
            return found
    return clean[:100]


def month(name: str) -> int | None:
    """Return the number of a month by its English name, or the first letters of it."""
    return _MONTHS.get(name[:3].lower())


def _iso(text: str) -> str | None:
    found = _ISO.fullmatch(text)
    return _joined(found, found["second"], found["fraction"]) if found else None


def _german(text: str) -> str | None:
    found = _GERMAN.search(text)
    return _joined(found) if found and len(text) < 60 else None


def _joined(
    found: re.Match[str], second: str | None = None, fraction: str | None = None
) -> str:
    part = found.groupdict()
    day = f"{part['year']}-{part['month']:0>2}-{part['day']:0>2}"
    if not part["hour"]:
        return day
    rest = f".{fraction}" if fraction else ""
    clock = f"{part['hour']:0>2}:{part['minute']}:{second or '00'}{rest}"
    return f"{day}T{clock}{_zone(part.get('zone'))}"


def _zone(text: str | None) -> str:
    if not text:
        return ""
    if text in ("Z", "z", "UTC", "GMT"):
        return "Z"
    digits = text[1:].replace(":", "").ljust(4, "0")
    return f"{text[0]}{digits[:2]}:{digits[2:]}"


def _seconds(text: str) -> str | None:
    if not _SECONDS.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC).isoformat()


def _mail(text: str) -> str | None:
    try:
        found = parsedate_to_datetime(_NAMED.sub(lambda m: _ZONES[m[0]], text))
        return found.isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
