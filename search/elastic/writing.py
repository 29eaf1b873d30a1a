"""One write: look, decide, send; whoever was faster makes us look again.

Every item says which document it replaces, so nothing that another process wrote
meanwhile is overwritten unseen. What a rebuild has just taken out of use refuses it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import orjson

from search.article import ArticleId, Version
from search.elastic import faults
from search.elastic.changes import Batch, Draft, Guard, Known, Row, known
from search.elastic.cluster import BULK_SECONDS, Answer, Cluster
from search.elastic.generation import GONE, WRITING
from search.elastic.lookup import Looked, Lookup
from search.elastic.sending import Item, sent
from search.errors import (
    EngineBusyError,
    EngineUnavailableError,
    QueryTooComplexError,
    SearchError,
)
from search.result import Outcome

_PATIENCE: Final = 20.0  # seconds until a rebuild must have put the new index in use
_WANTED: Final = ["article.version", "article.digest", "article.arrival"]
_OK: Final = range(200, 300)


class _Fate(Enum):
    DONE = "done"
    ABSENT = "absent"
    AGAIN = "again"  # somebody else was faster
    LATER = "later"  # the index is being replaced, or its queue is full
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes to what an alias stands for: the archive in use, or a new generation."""

    lookup: Lookup

    @property
    def cluster(self) -> Cluster:
        """The cluster that is written to."""
        return self.lookup.cluster

    def write(
        self, drafts: Sequence[Draft], if_version: Version | None = None
    ) -> tuple[list[Outcome], list[Row]]:
        """Store the drafts; return the outcomes in order, and what was written."""
        outcomes: dict[int, Outcome] = {}
        tried: dict[ArticleId, Version] = {}
        left, rows, until = dict(enumerate(drafts)), [], time.monotonic() + _PATIENCE
        while left:
            batch, looked = self._looked(each.article.id for each in left.values())
            for place, draft in left.items():
                if not self._is_ours(batch, draft, tried):
                    batch.require(draft.article.id, if_version)
                    outcomes[place] = batch.put(draft)
            fates = self._send(looked.growing, batch.rows)
            tried |= {i: row.version for i, row in batch.rows.items()}
            rows += [batch.rows[i] for i, fate in fates.items() if fate is _Fate.DONE]
            _refuse(outcomes, left, fates)
            left = _left(left, fates)
            _wait(fates, until)
        return [outcomes[place] for place in range(len(drafts))], rows

    def rehearse(
        self, batch: Batch, drafts: Sequence[Draft], if_version: Version | None
    ) -> list[Outcome]:
        """Return what would happen, after what the batch has seen; store nothing."""
        seen, _ = self._looked(
            draft.article.id for draft in drafts if draft.article.id not in batch.known
        )
        batch.known |= seen.known
        outcomes = []
        for draft in drafts:
            batch.require(draft.article.id, if_version)
            outcomes.append(batch.put(draft))
        return outcomes

    def delete(self, ids: Sequence[ArticleId], if_version: Version | None) -> int:
        """Delete articles; return how many were there."""
        count, left, until = 0, list(ids), time.monotonic() + _PATIENCE
        while left:
            batch, looked = self._looked(left)
            for article_id in left:
                batch.require(article_id, if_version)
            there = {i: k for i, k in batch.known.items() if k.digest is not None}
            fates = self._remove(looked.burying, there)
            count += sum(fate is _Fate.DONE for fate in fates.values())
            left = [i for i in left if fates.get(i) in (_Fate.AGAIN, _Fate.LATER)]
            _wait(fates, until)
        return count

    def force(self, rows: Mapping[ArticleId, Row]) -> None:
        """Write the rows over whatever is there."""
        self._insist(self._send(self.lookup.alias + WRITING, rows))

    def bury(self, versions: Mapping[ArticleId, Version]) -> None:
        """Remember the versions of deleted articles."""
        self._insist(self._bury(self.lookup.alias + GONE + WRITING, versions))

    def drop(self, ids: Sequence[ArticleId]) -> None:
        """Delete articles, whatever is there."""
        door = self.lookup.alias + WRITING
        self._insist(self._all((i, [_action(door, i, None, "delete")]) for i in ids))

    @staticmethod
    def _insist(fates: Mapping[ArticleId, _Fate]) -> None:
        if set(fates.values()) - {_Fate.DONE, _Fate.ABSENT}:
            raise EngineBusyError(faults.BUSY, retry_after=30)

    def _looked(self, ids: Iterable[ArticleId]) -> tuple[Batch, Looked]:
        """Return what is stored of the articles, and in which indexes."""
        found, looked = Batch(), Looked([], [])
        wanted = [i for i in dict.fromkeys(ids) if _is_id(i)]
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            looked = self.lookup.look(some, _WANTED, gone=True)
            answers = zip(some, looked.articles, looked.gone, strict=True)
            found.known |= {i: known(a, old, looked.door(a)) for i, a, old in answers}
        return found, looked

    @staticmethod
    def _is_ours(
        batch: Batch, draft: Draft, tried: Mapping[ArticleId, Version]
    ) -> bool:
        """Say whether an earlier try, of which we had no answer, has stored this."""
        stored = batch.known.get(draft.article.id)
        version = tried.get(draft.article.id)
        return version is not None and stored is not None and stored.version == version

    def _send(
        self, growing: str, rows: Mapping[ArticleId, Row]
    ) -> dict[ArticleId, _Fate]:
        items = (
            (i, [_action(row.door or growing, i, row.guard), row.document()])
            for i, row in rows.items()
        )
        return self._all(items)

    def _bury(
        self, door: str, versions: Mapping[ArticleId, Version]
    ) -> dict[ArticleId, _Fate]:
        items = (
            (i, [_action(door, i, None), orjson.dumps({"version": version})])
            for i, version in versions.items()
        )
        return self._all(items)

    def _remove(
        self, burying: str, there: Mapping[ArticleId, Known]
    ) -> dict[ArticleId, _Fate]:
        """Remember the versions first: what is remembered too much does no harm."""
        noted = self._bury(burying, {i: known.version for i, known in there.items()})
        failed = {i: fate for i, fate in noted.items() if fate is not _Fate.DONE}
        items = (
            (i, [_action(known.door, i, known.guard, "delete")])
            for i, known in there.items()
            if i not in failed
        )
        return failed | self._all(items)

    def _all(self, items: Iterable[Item]) -> dict[ArticleId, _Fate]:
        fates: dict[ArticleId, _Fate] = {}
        for found in sent(items, self._bulk):
            fates |= found
        return fates

    def _bulk(self, items: Sequence[Item]) -> dict[ArticleId, _Fate]:
        lines = [line for _, some in items for line in some]
        try:
            answer = self.cluster.ask_lines(
                "/_bulk",
                lines,
                seconds=max(BULK_SECONDS, self.cluster.access.seconds),
                filter_path="items.*.status,items.*.error,errors",
                timeout="2s",
            )
        except QueryTooComplexError as fault:  # too large for one request
            if len(items) == 1:
                raise EngineUnavailableError(
                    "The article is too large for the search cluster: send less, or "
                    "raise its http.max_content_length.",
                    retry_after=None,
                ) from fault
            half = len(items) // 2
            return self._bulk(items[:half]) | self._bulk(items[half:])
        found = (next(iter(item.values())) for item in answer["items"])
        return {i: _fate(one) for (i, _), one in zip(items, found, strict=True)}


def _is_id(text: str) -> bool:
    try:
        return 0 < len(text.encode()) <= 512
    except UnicodeEncodeError:
        return False


def _action(
    door: str,
    article_id: str,
    guard: Guard | None,
    verb: str = "index",
) -> bytes:
    """Return the line that says what is done; no guard: only if it is not there."""
    action = {"_index": door, "_id": article_id, "require_alias": True}
    if guard == ():
        verb = "create"
    return orjson.dumps({verb: action | dict(guard or ())})


def _fate(item: Answer) -> _Fate:
    """Return what became of an item; raises for what stops the whole write."""
    status = item["status"]
    if status in _OK:
        return _Fate.DONE
    found = faults.kinds(item)
    if "version_conflict_engine_exception" in found:
        return _Fate.AGAIN
    if "index_not_found_exception" in found or faults.is_replaced(status, found):
        return _Fate.LATER
    if not found:
        return _Fate.ABSENT  # a deletion of what another has deleted
    if "document_parsing_exception" in found or "illegal_argument_exception" in found:
        return _Fate.REFUSED
    fault: SearchError = faults.of_answer(status, item)
    if isinstance(fault, EngineBusyError):
        return _Fate.LATER
    raise fault


def _refuse(
    outcomes: dict[int, Outcome],
    drafts: Mapping[int, Draft],
    fates: Mapping[ArticleId, _Fate],
) -> None:
    for place, draft in drafts.items():
        if fates.get(draft.article.id) is _Fate.REFUSED:
            detail = "The search cluster cannot index it: its log says why."
            outcomes[place] = Outcome(draft.article.id, "failed", error=detail)


def _left(
    drafts: Mapping[int, Draft], fates: Mapping[ArticleId, _Fate]
) -> dict[int, Draft]:
    again = {i for i, f in fates.items() if f in (_Fate.AGAIN, _Fate.LATER)}
    return {place: d for place, d in drafts.items() if d.article.id in again}


def _wait(fates: Mapping[ArticleId, _Fate], until: float) -> None:
    """Wait a little if an index is being replaced; give up when that takes long."""
    if _Fate.LATER not in fates.values():
        return
    if time.monotonic() > until:
        raise EngineUnavailableError(faults.READ_ONLY, retry_after=30)
    time.sleep(0.05)
