"""Quotes on the wire: a row a match, as JSON by the page or streamed, every one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import orjson

from schemas import links, queries
from schemas.exporting import Export, Line
from schemas.given import Given
from schemas.instants import instant
from schemas.problems import ParameterError
from schemas.queries import Query
from schemas.results import Found, head
from schemas.tables import MARK, liner
from schemas.urls import Pair
from schemas.views import VIEWS, View
from search.article import ArticleId, StoredArticle, milliseconds
from search.matching import text_leaves
from search.query.ast import Node
from search.quotes import quotes

ROWS: Final = 1_000
"""Matches of one article that a page lists; a stream has all of them."""

ALL_ROWS: Final = 20_000
"""Matches that a page lists of all its articles, each the same part of them at most."""

READ: Final = 1_000_000
"""Characters of all its articles that a page looks through: about a second's work
(measured: 30 million of 100 long articles took 10 to 40)."""

_BEHIND: Final = 6_000
"""Characters that are looked at behind the last match that may begin: a phrase with its
slop, and the text to its right."""

KEYS: Final = (
    *("article", "title", "source", "published_at", "url"),
    *("field", "left", "match", "right", "start", "end"),
)
_PATH = "quotes"
_HEAD = KEYS[:5]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be quoted: matches of `node` in `fields`, `width` characters on each
    side."""

    query: Query
    node: Node
    fields: tuple[str, ...]
    width: int

    def rows(self, stored: StoredArticle) -> Iterator[Row]:
        """Yield an article's quotes."""
        known = orjson.loads(stored.json())
        return self._rows(
            stored.id, known, {key: known.get(key) for key in self.fields}
        )

    def first_rows(self, stored: StoredArticle, read: int, most: int) -> _Rows:
        """Return up to `most` quotes that begin in the first `read` characters of the
        texts."""
        known = orjson.loads(stored.json())
        texts: dict[str, str | None] = {}
        ends: dict[str, int] = {}
        for field in self.fields:
            text = known.get(field) or ""
            texts[field] = text[: read + _BEHIND]
            ends[field], read = read, max(read - len(text), 0)
        found = (
            row
            for row in self._rows(stored.id, known, texts)
            if row["start"] < ends[row["field"]]
        )
        rows = [*islice(found, most)]
        return _Rows(rows, more=not read or next(found, None) is not None)

    def _rows(
        self, article_id: ArticleId, known: Row, texts: Mapping[str, str | None]
    ) -> Iterator[Row]:
        about = {"article": article_id, **{key: known.get(key) for key in _HEAD[1:]}}
        for quote in quotes(self.node, texts, self.width):
            yield about | {key: getattr(quote, key) for key in KEYS[len(_HEAD) :]}


class _Rows(NamedTuple):
    rows: list[Row]
    more: bool


def load(pairs: Iterable[Pair], view: View, *, now: datetime) -> Wanted:
    """Return what the parameters of a quotes view ask for.

    Raises ParameterError, also for a question without words: nothing could be quoted.
    """
    query = queries.load(pairs, view, now=now)
    wanted, node = query.request.highlight, query.request.query
    if wanted is None:
        raise TypeError(f"{view} is no view of quotes.")
    leaves = (next(text_leaves(node, field), None) for field in wanted.fields)
    if not any(leaves) and not query.asked.dropped:
        raise ParameterError(
            "q",
            f"There are no words to look for in {', '.join(wanted.fields)}. Give q a "
            "word or a phrase; filters may stand beside it.",
        )
    request = replace(query.request, highlight=None, body=query.request.limit > 0)
    query = replace(query, request=request)
    return Wanted(query, node, wanted.fields, wanted.size // 2)


def stream(pairs: Iterable[Pair], view: View, *, now: datetime) -> Export:
    """Return all quotes as an export: NDJSON, or a table for the view "quote_table"."""
    given = Given(VIEWS[view], pairs)
    wanted = load(given.pairs, view, now=now)
    after = given["after"] and ArticleId(given["after"])
    if view == "quote_lines":
        return Export(wanted.query, after, b"", _lines(wanted))
    start = (MARK if given["bom"] else b"") + liner()(KEYS)
    return Export(wanted.query, after, b"" if after else start, _table(wanted))


def dump(wanted: Wanted, found: Found) -> bytes:
    """Return a page of articles, as their quotes."""
    items: list[Row] = []
    warnings = [*found.echo.warnings]
    hits = found.result.hits
    most = min(ROWS, ALL_ROWS // max(len(hits), 1))
    read = shares([len(hit.article.json()) for hit in hits], READ)
    for hit, part in zip(hits, read, strict=True):
        listed = wanted.first_rows(hit.article, part, most)
        items += listed.rows
        if listed.more:
            told = {"code": "more-quotes", "parameter": "q", "value": hit.article.id}
            warnings.append(told)
    answer = {**head(found), "items": items, "warnings": warnings}
    return orjson.dumps({**answer, "links": _links(found)})


def shares(sizes: Sequence[int], whole: int) -> list[int]:
    """Return what each gets of a whole: as much as it needs, if there is enough, and
    else as much as the largest others."""
    found = [0] * len(sizes)
    for left, place in enumerate(sorted(range(len(sizes)), key=sizes.__getitem__)):
        found[place] = min(sizes[place] + 1, whole // (len(sizes) - left))
        whole -= found[place]
    return found


def following(found: Found) -> str | None:
    """Return the address of the next page."""
    return links.next_page(found.query, found.result, _PATH)


def _links(found: Found) -> dict[str, str | None]:
    query = found.query
    return links.of_view(query, _PATH) | links.pages(query, _PATH, found.next)


def _lines(wanted: Wanted) -> Line:
    def lines(stored: StoredArticle) -> bytes:
        rows = wanted.rows(stored)
        return b"".join(orjson.dumps(row) + b"\n" for row in rows)

    return lines


def _table(wanted: Wanted) -> Line:
    line, zone = liner(), ZoneInfo(wanted.query.tz)

    def lines(stored: StoredArticle) -> bytes:
        return b"".join(
            line([*map(_dated(row, zone).get, KEYS)]) for row in wanted.rows(stored)
        )

    return lines


def _dated(row: Row, zone: ZoneInfo) -> Row:
    moment = milliseconds(datetime.fromisoformat(row["published_at"]))
    return row | {"published_at": instant(moment, zone)}
