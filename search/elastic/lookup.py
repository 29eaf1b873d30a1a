"""Articles by id, newest state, in whichever index of an archive they are."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field as data
from typing import Any, Final

from search.elastic import faults
from search.elastic.cluster import Answer, Cluster
from search.elastic.generation import GONE, WRITING, Part, parts_of

_TRIES: Final = 3
_YOUNG: Final = "no_shard_available_action_exception"
_PATIENCE: Final = 2.0  # seconds for the shards of an index that another is just making


@dataclass(frozen=True, slots=True)
class Looked:
    """What is stored of the articles asked for, in their order, and where."""

    articles: list[Answer]
    gone: list[Answer]
    parts: Mapping[str, Part] = data(default_factory=dict)

    @property
    def growing(self) -> str:
        """The alias that new articles are sent to."""
        grows = [part.door for part in self.parts.values() if part.grows]
        return grows[0] if grows else _door(self.articles)

    @property
    def burying(self) -> str:
        """The alias that versions of deleted articles are sent to."""
        return _door(self.gone)

    def door(self, article: Answer) -> str:
        """Return the alias that a change of this article is sent to."""
        part = self.parts.get(article["_index"]) if article.get("found") else None
        return part.door if part else self.growing


class Lookup:
    """Looks behind one alias, or into one index."""

    def __init__(self, cluster: Cluster, alias: str) -> None:
        self.cluster = cluster
        self.alias = alias
        self._several = False

    def look(
        self, ids: Sequence[str], source: list[str] | bool = True, *, gone: bool = False
    ) -> Looked:
        """Return the articles, and with `gone` also what is known of deleted ones.

        One call to the cluster; where the alias stands for several indexes it is asked
        first for which. Raises SearchError.
        """
        tries, patience = 0, time.monotonic() + _PATIENCE
        while True:
            found = self._look(ids, source, gone=gone)
            faulty = _faulty(found)
            if faulty is None:
                return found
            kinds = faults.kinds(faulty)
            tries += 1
            if _YOUNG in kinds and time.monotonic() < patience:
                time.sleep(0.05)
                continue
            ambiguous = "illegal_argument_exception" in kinds
            if tries >= _TRIES or not (ambiguous or self._several):
                raise faults.of_answer(0, faulty)
            # There are several indexes, or a rebuild has just put others in use.
            self._several = True
            time.sleep(0.02)

    def _look(
        self, ids: Sequence[str], source: list[str] | bool, *, gone: bool
    ) -> Looked:
        parts = self._parts() if self._several else {}
        names = list(parts) or [self.alias]
        wanted: list[dict[str, Any]] = [
            {"_index": name, "_id": i, "_source": source} for name in names for i in ids
        ]
        if gone:
            wanted += [{"_index": self.alias + GONE, "_id": i} for i in ids]
        docs = self.cluster.ask("POST", "/_mget", {"docs": wanted})["docs"]
        end = len(names) * len(ids)
        columns = [docs[n : end : len(ids)] for n in range(len(ids))]
        return Looked([_one_of(each) for each in columns], docs[end:], parts)

    def _parts(self) -> dict[str, Part]:
        answer = self.cluster.ask(
            "GET", f"/{self.alias}", filter_path="*.aliases", features="aliases"
        )
        parts = parts_of(answer)
        self._several = len(parts) > 1
        return {part.index: part for part in parts}


def _door(answers: Sequence[Answer]) -> str:
    return f"{answers[0]['_index']}{WRITING}" if answers else ""


def _one_of(copies: Sequence[Answer]) -> Answer:
    """Return the part's answer that has the article; one in trouble comes first."""
    for each in copies:
        if "error" in each:
            return each
    return next((each for each in copies if each.get("found")), copies[0])


def _faulty(found: Looked) -> Answer | None:
    return next((e for e in (*found.articles, *found.gone) if "error" in e), None)
