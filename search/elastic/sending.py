"""Many writes: in requests of a bounded size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

import orjson

from search.article import ArticleId
from search.elastic.changes import Guard, Row

Item: TypeAlias = tuple[ArticleId, list[bytes]]
"""What becomes of an article: the lines that say so."""

BYTES: Final = 5_000_000
"""How large a part may be; what is larger goes alone."""

TOGETHER: Final = 250
"""How many a part has at most."""


def length(item: Item) -> int:
    """Return the bytes of an item."""
    return sum(map(len, item[1]))


def items_of(rows: Mapping[ArticleId, Row], growing: str) -> Iterator[Item]:
    """Yield what the rows become; new articles go to this alias."""
    for i, row in rows.items():
        yield i, [action(row.door or growing, i, row.guard), row.document()]


def action(
    door: str, article_id: ArticleId, guard: Guard | None, verb: str = "index"
) -> bytes:
    """Return the line that says what is done; no guard: only if it is not there."""
    wanted = {"_index": door, "_id": article_id, "require_alias": True}
    if guard == ():
        verb = "create"
    return orjson.dumps({verb: wanted | dict(guard or ())})
