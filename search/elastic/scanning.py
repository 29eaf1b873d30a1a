"""A walk through everything that matches, on one snapshot, by date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from search import ahead
from search.article import StoredArticle, milliseconds, moment_of
from search.elastic import faults
from search.elastic.compile import Query, compiled
from search.elastic.cursors import order
from search.elastic.mapping import stored
from search.elastic.searching import Search
from search.errors import EngineError
from search.request import SearchRequest, Sort

_FIRST: Final = 250  # articles of the first page, which somebody waits for
_MOST: Final = 1_000
_GROWTH: Final = 4
_LARGE: Final = 8_000_000  # characters that a page should have at most
_KEPT: Final = "2m"  # how long the cluster holds a snapshot that nobody asks
_LOST: Final = ("search_context_missing_exception", "index_not_found_exception")


@dataclass(slots=True)
class Snapshot:
    """A point in time of an archive, opened when it is first asked, and once more when
    it was lost: to an idle reader, a restarted node or a rebuild."""

    search: Search
    identity: str = ""

    def ask(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a search in the snapshot."""
        fresh = not self.identity
        if fresh:
            self._open()
        pit = {"id": self.identity, "keep_alive": _KEPT}
        try:
            (answer,) = self.search.ask(body | {"pit": pit})
        except EngineError as fault:
            if fresh or not any(faults.is_kind(fault, kind) for kind in _LOST):
                raise
            self.identity = ""
            return self.ask(body)
        self.identity = answer["pit_id"]
        return answer

    def close(self) -> None:
        """Let the snapshot go."""
        if self.identity:
            with suppress(EngineError):
                self.search.cluster.ask("DELETE", "/_pit", {"id": self.identity})

    def _open(self) -> None:
        path = f"/{self.search.alias}/_pit?keep_alive={_KEPT}"
        if self.search.preference:
            path += f"&preference={self.search.preference}"
        answer = self.search.cluster.ask("POST", path)
        self.identity = answer["id"]


def scan(
    search: Search, request: SearchRequest, after: tuple[StoredArticle, int] | None
) -> Iterator[StoredArticle]:
    """Yield the matches, oldest first unless the request wants the newest first."""
    sort: Sort = "newest" if request.sort == "newest" else "oldest"
    ordered = order(replace(request, sort=sort))
    edge = None
    if after is not None:
        article, arrival = after
        moment = milliseconds(moment_of(article.article(), request.date))
        edge = [moment // 1000, arrival]
    for hit in walk(search, compiled(request.whole), ordered, edge):
        yield stored(hit)


def walk(
    search: Search,
    query: Query,
    sort: list[dict[str, str]],
    edge: list[int] | None = None,
    source: list[str] | bool = True,
) -> Iterator[dict[str, Any]]:
    """Yield the hits behind the edge of a query in an order, from one snapshot."""
    snapshot = Snapshot(search)
    body: dict[str, Any] = {
        "query": query,
        "size": _FIRST,
        "sort": sort,
        "track_total_hits": False,
        "_source": source,
    }
    with closing(snapshot), closing(ahead.read(_pages(snapshot, body, edge))) as pages:
        for page in pages:
            yield from page


def _pages(
    snapshot: Snapshot, body: dict[str, Any], edge: list[int] | None
) -> Iterator[list[dict[str, Any]]]:
    while True:
        if edge is not None:
            body["search_after"] = edge
        hits = snapshot.ask(body).get("hits", {}).get("hits", [])
        yield hits
        if len(hits) < body["size"]:
            return
        edge = hits[-1]["sort"][: len(body["sort"])]
        body["size"] = following(body["size"], sum(map(_length, hits)))


def following(size: int, length: int) -> int:
    """Return how many articles the next page has, after one of `size` and characters.

    Long pages are read quicker, but two of them are held at a time.
    """
    return max(1, min(size * _GROWTH, size * _LARGE // max(length, 1), _MOST))


def _length(hit: dict[str, Any]) -> int:
    kept = hit.get("_source", {}).get("article", {})
    return len(kept.get("head", "")) + len(kept.get("body") or "")
