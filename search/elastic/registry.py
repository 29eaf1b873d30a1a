"""The registry of the Elasticsearch engine: an index of its own beside the archive's.

No rebuild touches it. It is made by the first `put`; until then there is nothing to find.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson

from search.elastic import faults, profiles
from search.elastic.cluster import BULK_SECONDS, Answer, Cluster, Verb
from search.entities import marks
from search.entities.profile import KINDS, Kind, Profile, unpacked
from search.entities.registry import Completion, Found, RegistryReport
from search.errors import EngineError, EntityNotFoundError

CACHE: Final = Path("~", ".cache", "dateline")
ENTITIES: Final = "-entities"

_AT_ONCE: Final = 2_000
_ASKED: Final = 500
_FRESH: Final = 0.9  # seconds that a stamp is believed
_ABSENT: Final = "index_not_found_exception"


class ElasticRegistry:
    """Keeps the protocol `search.entities.registry.Registry` in one index."""

    def __init__(self, cluster: Cluster, alias: str) -> None:
        """Nothing is sent before the first question."""
        self._cluster = cluster
        self._index = alias + ENTITIES
        self._stamp: tuple[str, float] = ("", 0.0)

    @property
    def folder(self) -> Path | None:
        """A folder among what the user's programs keep; None where there is no home."""
        told = "\n".join((*self._cluster.access.hosts, self._index)).encode()
        with contextlib.suppress(RuntimeError):
            return CACHE.expanduser() / hashlib.sha256(told).hexdigest()[:16]
        return None

    def put(self, given: Iterable[Profile], /) -> RegistryReport:
        """Add or replace profiles; durable and found when it returns."""
        total, source = RegistryReport(), iter(given)
        self._prepare()
        while some := list(islice(source, _AT_ONCE)):
            latest = {profiles.key(one.kind, one.id): one for one in some}
            report = self._put(latest)
            total = RegistryReport(
                total.created + report.created,
                total.updated + report.updated,
                total.unchanged + report.unchanged,
            )
        self._refresh()
        return total

    def delete(self, kind: Kind, ids: Iterable[str], /) -> int:
        """Remove profiles; return how many were there."""
        known = self._known([profiles.key(kind, each) for each in ids])
        self._bulk([orjson.dumps({"delete": {"_id": each}})] for each in known)
        if known:
            self._refresh()
        return len(known)

    def get(self, kind: Kind, entity_id: str, /) -> Profile:
        """Return a profile."""
        found = self._known([profiles.key(kind, entity_id)])
        if not found:
            raise EntityNotFoundError(kind, entity_id)
        return next(iter(found.values()))

    def find(self, kind: Kind, text: str, /) -> tuple[Found, ...]:
        """Return whom a text means."""
        return self.find_all(kind, (text,))[text]

    def find_all(
        self, kind: Kind, texts: Collection[str], /
    ) -> Mapping[str, tuple[Found, ...]]:
        """Return whom each text means: one call for some hundreds of them."""
        found: dict[str, tuple[Found, ...]] = dict.fromkeys(texts, ())
        wanted = [text for text in found if marks.asked(kind, text)]
        if not self.stamp():
            return found
        for start in range(0, len(wanted), _ASKED):
            some = wanted[start : start + _ASKED]
            found |= self._meant(kind, some)
        return found

    def complete(
        self, text: str, /, kinds: Collection[Kind] = KINDS, size: int = 10
    ) -> tuple[Completion, ...]:
        """Return profiles with a word that begins so."""
        beginning = marks.typed(text)
        if not beginning or not self.stamp():
            return ()
        keys = {
            profiles.key(kind, profiles.id_in(entry)): None
            for kind, entries in self._beginning(kinds, beginning)
            for entry in entries
        }
        return marks.completed(text, self._known(list(keys)).values(), size)

    def near(self, kind: Kind, text: str, /, size: int = 5) -> tuple[str, ...]:
        """Return names a slip or two away."""
        beginning = marks.typed(text)
        if not beginning or not self.stamp():
            return ()
        (known,) = self._read([profiles.near(kind, beginning)])
        return marks.nearest(known, beginning, size)

    def scan(self, kind: Kind | None = None, /) -> Iterator[Profile]:
        """Yield every profile once."""
        if not self.stamp():
            return
        for one in sorted(KINDS) if kind is None else (kind,):
            yield from self._scan(one)

    def count(self) -> int:
        """Return how many profiles there are."""
        answer = self._ask_index("GET", "_count")
        return int(answer.get("count", 0))

    def stamp(self) -> str:
        """Return a text that changes with every change; up to a second old.

        Changes of this process are seen at once.
        """
        known, until = self._stamp
        if time.monotonic() > until:
            known = self._read_stamp()
            self._stamp = (known, time.monotonic() + _FRESH)
        return known

    def changed(self, _since: str, /) -> None:
        """Return None: an index does not say what was deleted from it."""

    def _meant(self, kind: Kind, texts: Sequence[str]) -> dict[str, tuple[Found, ...]]:
        plain = [marks.asked(kind, text) for text in texts]
        surnames = [marks.asked_surname(kind, text) for text in texts]
        known = self._marked(kind, [*plain, *surnames])
        behind = known[len(texts) :]
        return {
            text: marks.chosen(kind, text, one) or marks.chosen(kind, text, other)
            for text, one, other in zip(texts, known, behind, strict=False)
        }

    def _marked(self, kind: Kind, asked: list[tuple[str, ...]]) -> list[list[Profile]]:
        """Return the profiles with any of each of the marks: one search for all, which
        costs the cluster a hundredth of many, or for halves if they are too many."""
        wanted = sorted({mark for each in asked for mark in each})
        (found,) = self._read([profiles.marked(kind, wanted)])
        if len(found) < marks.MOST or len(asked) == 1:
            return profiles.shared(found, asked)
        half = len(asked) // 2
        return [*self._marked(kind, asked[:half]), *self._marked(kind, asked[half:])]

    def _scan(self, kind: Kind) -> Iterator[Profile]:
        after = None
        while True:
            (found,) = self._read([profiles.page(kind, after)])
            yield from found
            if not found:
                return
            after = found[-1].id

    def _put(self, latest: Mapping[str, Profile]) -> RegistryReport:
        known = self._known(list(latest))
        changed = {i: one for i, one in latest.items() if known.get(i) != one}
        self._bulk(
            [orjson.dumps({"index": {"_id": i}}), profiles.document(one)]
            for i, one in changed.items()
        )
        created = sum(i not in known for i in changed)
        return RegistryReport(
            created, len(changed) - created, len(latest) - len(changed)
        )

    def _known(self, keys: Sequence[str]) -> dict[str, Profile]:
        """Return the profiles of these documents that are there."""
        if not keys:
            return {}
        answer = self._ask_index("POST", "_mget", {"ids": list(keys)})
        return {
            each["_id"]: unpacked(each["_source"]["packed"])
            for each in answer.get("docs", ())
            if each.get("found")
        }

    def _beginning(
        self, kinds: Collection[Kind], text: str
    ) -> Iterable[tuple[Kind, list[str]]]:
        """Return the first entries of each kind: there is no one call for several."""
        if not kinds:
            return ()
        size = marks.ENTRIES // len(kinds)

        def ask(kind: Kind) -> list[str]:
            return self._entries(profiles.entry(kind, text), size)

        with ThreadPoolExecutor(len(kinds)) as pool:
            return tuple(zip(kinds, pool.map(ask, kinds), strict=True))

    def _entries(self, beginning: str, size: int) -> list[str]:
        body = {"field": "entry", "string": beginning, "size": size}
        answer = self._ask_index("POST", "_terms_enum", body)
        found: list[str] = answer.get("terms", [])
        return found

    def _read(self, bodies: Sequence[Mapping[str, Any]]) -> list[list[Profile]]:
        """Return what searches find: one call."""
        lines = [line for body in bodies for line in (b"{}", orjson.dumps(body))]
        answer = self._cluster.ask_lines(f"/{self._index}/_msearch", lines)
        for each in answer["responses"]:
            if "error" in each and not _is_absent(each):
                raise faults.of_answer(each.get("status", 0), each)
        return [profiles.read(each) for each in answer["responses"]]

    def _ask_index(
        self,
        verb: Verb,
        path: str,
        body: Mapping[str, Any] | None = None,
        **params: str,
    ) -> Answer:
        """Return an answer about the index; an empty one while it is not there."""
        try:
            return self._cluster.ask(
                verb, f"/{self._index}/{path}", body, seconds=None, **params
            )
        except EngineError as fault:
            if not faults.is_kind(fault, _ABSENT):
                raise
            return {}

    def _bulk(self, items: Iterable[Sequence[bytes]]) -> None:
        lines = [line for item in items for line in item]
        if not lines:
            return
        answer = self._cluster.ask_lines(
            f"/{self._index}/_bulk", lines, seconds=BULK_SECONDS
        )
        for item in answer["items"] if answer["errors"] else ():
            (one,) = item.values()
            if "error" in one:
                raise faults.of_answer(one["status"], one)

    def _refresh(self) -> None:
        self._cluster.ask("POST", f"/{self._index}/_refresh")
        self._stamp = ("", 0.0)

    def _read_stamp(self) -> str:
        answer = self._ask_index("GET", "_stats/refresh", level="shards")
        parts = []
        for index in answer.get("indices", {}).values():
            for shards in index["shards"].values():
                numbers = shards[0]["seq_no"]["max_seq_no"]
                total = shards[0]["refresh"]["external_total"]
                parts += [f"{index['uuid']}.{numbers}.{total}"] if numbers >= 0 else []
        return ".".join(parts)

    def _prepare(self) -> None:
        """Make the index where it is not there."""
        try:
            self._cluster.ask("GET", f"/{self._index}/_mapping")
        except EngineError as fault:
            if not faults.is_kind(fault, _ABSENT):
                raise
            self._create()

    def _create(self) -> None:
        try:
            self._cluster.ask("PUT", f"/{self._index}", profiles.index())
        except EngineError as fault:
            if not faults.is_kind(fault, "resource_already_exists_exception"):
                raise


def _is_absent(answer: Answer) -> bool:
    return _ABSENT in faults.kinds(answer)
