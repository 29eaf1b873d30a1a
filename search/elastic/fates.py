"""What becomes of each item of a write."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final

from search.article import ArticleId
from search.elastic import faults
from search.elastic.cluster import Answer
from search.errors import EngineBusyError, EngineUnavailableError, SearchError

PATIENCE: Final = 20.0
"""Seconds until a rebuild must have put the new index in use."""

_OK: Final = range(200, 300)


class Fate(Enum):
    """What an item of a write came to."""

    DONE = "done"
    ABSENT = "absent"
    AGAIN = "again"  # somebody else was faster
    LATER = "later"  # the index is being replaced, or its queue is full
    REFUSED = "refused"


def fate(item: Answer) -> Fate:
    """Return what became of an item; raises SearchError for what stops all of them."""
    status = item["status"]
    if status in _OK:
        return Fate.DONE
    found = faults.kinds(item)
    if "version_conflict_engine_exception" in found:
        return Fate.AGAIN
    if "index_not_found_exception" in found or faults.is_replaced(status, found):
        return Fate.LATER
    if not found:
        return Fate.ABSENT  # a deletion of what another has deleted
    if "document_parsing_exception" in found or "illegal_argument_exception" in found:
        return Fate.REFUSED
    fault: SearchError = faults.of_answer(status, item)
    if isinstance(fault, EngineBusyError):
        return Fate.LATER
    raise fault


def unfinished(fates: Mapping[ArticleId, Fate]) -> set[ArticleId]:
    """Return what is to be tried again."""
    return {i for i, one in fates.items() if one in (Fate.AGAIN, Fate.LATER)}


def wait(fates: Iterable[Fate], until: float) -> None:
    """Wait a little if an index is being replaced; give up when that takes long."""
    if Fate.LATER not in fates:
        return
    if time.monotonic() > until:
        raise EngineUnavailableError(faults.READ_ONLY, retry_after=30)
    time.sleep(0.05)
