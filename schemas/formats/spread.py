"""An article as a row of a table: a cell for each key, readable for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import orjson

from schemas.tables import liner
from search.article import StoredArticle
from search.catalog import BY_KEY, Kind

BETWEEN = "; "
"""What stands between the values of a list: names have commas in them."""

_LARGE = "body"
Cell: TypeAlias = str | int | None
_Show: TypeAlias = Callable[[Any], Cell]


def rows(keys: Sequence[str], zone: ZoneInfo) -> Callable[[StoredArticle], bytes]:
    """Return what makes an article's line, with dates in this zone.

    Of lists it has the names, of a picture the address, of metadata the JSON.
    """
    makers = [(key, _maker(key, zone)) for key in keys]
    line, body = liner(), _LARGE in keys

    def made(article: StoredArticle) -> bytes:
        known = orjson.loads(article.head)
        if body and article.body is not None:
            known[_LARGE] = orjson.loads(article.body)
        values = ((known.get(key), show) for key, show in makers)
        return line([show(each) if each else None for each, show in values])

    return made


def _maker(key: str, zone: ZoneInfo) -> _Show:
    field = BY_KEY[key]
    if field.entity:
        return lambda values: BETWEEN.join(each["name"] for each in values)
    if field.many:
        return BETWEEN.join
    if field.kind is Kind.DATE:
        return str if zone.key == "UTC" else lambda value: _local(value, zone)
    return _SPECIAL.get(key, _plain)


def _local(value: str, zone: ZoneInfo) -> str:
    local = datetime.fromisoformat(value).astimezone(zone)
    offset = local.utcoffset() or timedelta()
    # Offsets of local mean time have seconds, which RFC 3339 cannot write.
    if not offset or offset % timedelta(minutes=1):
        local = local.astimezone(UTC)
    return local.isoformat().replace("+00:00", "Z")


def _plain(value: Any) -> Cell:
    return value if isinstance(value, str | int) else orjson.dumps(value).decode()


_SPECIAL: dict[str, _Show] = {"image": lambda value: value.get("url")}
