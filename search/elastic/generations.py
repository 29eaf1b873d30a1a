"""Which indexes are in use, and how others take their place.

An archive called `dateline` is an alias of one generation: the index `dateline-000001`
of articles and `dateline-000001-gone`, which remembers the versions of deleted ones. Each
has an alias of its own for writing, so that a write to what is gone makes nothing new.
"""

from __future__ import annotations

import logging
import re
import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from search.elastic import faults, mapping
from search.elastic.cluster import Answer, Cluster
from search.errors import (
    EngineBusyError,
    EngineConfigurationError,
    EngineError,
    EngineUnavailableError,
    SearchError,
)

WRITING: Final = "-write"
GONE: Final = "-gone"
MAJOR: Final = "9"

log = logging.getLogger(__name__)

_DEAD: Final = 60.0


@dataclass(frozen=True, slots=True)
class Generation:
    """The indexes of one generation; `beat` is a rebuild's last sign of life."""

    index: str
    stamp: str = ""
    beat: float = 0.0
    aliases: frozenset[str] = frozenset()

    @property
    def gone(self) -> str:
        """The index of what was deleted."""
        return self.index + GONE

    @property
    def number(self) -> int:
        """Its place in the row."""
        return int(self.index.rpartition("-")[2])


class Generations:
    """The generations of one archive in a cluster."""

    def __init__(self, cluster: Cluster, alias: str, shards: int) -> None:
        self.cluster = cluster
        self.alias = alias
        self.gone_alias = alias + GONE
        self.shards = shards
        self._lock = Lock()
        self._opened = False
        self._name = re.compile(rf"{re.escape(alias)}-\d{{6}}")

    def open(self) -> None:
        """Make sure, once, that there is an index that this version can work with.

        Raises EngineUnavailableError where it is older: rebuild it.
        """
        with self._lock if not self._opened else nullcontext():
            if not self._opened:
                self._open()
                self._opened = True

    def _open(self) -> None:
        try:
            self._check(self.current())
        except EngineConfigurationError as fault:
            log.error("the cluster cannot be used: %s", fault)  # noqa: TRY400 - the sentence is enough
            raise EngineUnavailableError(
                faults.CONFIGURATION, retry_after=60
            ) from fault
        self._settle()

    def is_there(self) -> bool:
        """Say whether the archive has been made, without making it."""
        return self._opened or bool(self._in_use())

    def check(self) -> None:
        """Raise EngineConfigurationError for a server or an archive that will not do."""
        self.check_server()
        if found := self._in_use():
            self._only(found)

    def current(self) -> Generation:
        """Return what is in use; makes an empty one where there is none."""
        self.check_server()
        found = self._in_use()
        if not found:
            self._prepare()
            found = self._in_use()
        return self._only(found)

    def _only(self, found: list[Generation]) -> Generation:
        if len(found) != 1:
            raise EngineConfigurationError(
                f"The alias {self.alias!r} stands for {len(found)} indexes instead of "
                "one: leave it on the one that is to be used."
            )
        if not self._name.fullmatch(found[0].index):
            raise EngineConfigurationError(
                f"{self.alias!r} is an index of somebody else's: name another archive "
                "in DATELINE_ENGINE, for example …:9200/news."
            )
        return found[0]

    def check_server(self) -> None:
        """Raise EngineConfigurationError unless this is an Elasticsearch we know."""
        try:
            found = self.cluster.ask("GET", "/")
            version = str(found.get("version", {}).get("number", ""))
        except SearchError as fault:
            raise faults.configuration(fault, self.cluster.access.hosts) from fault
        if version.partition(".")[0] != MAJOR:
            raise EngineConfigurationError(
                f"The server is Elasticsearch {version or 'of unknown version'}: name "
                f"one of version {MAJOR} in DATELINE_ENGINE."
            )

    def all(self) -> list[Generation]:
        """Return every generation, in use or not."""
        pattern = f"/{self.alias}-*"
        answer = self.cluster.ask(
            "GET",
            pattern,
            filter_path="*.aliases,*.mappings._meta",
            expand_wildcards="all",
            features="aliases,mappings",
        )
        found = [_generation(index, each) for index, each in answer.items()]
        return [each for each in found if self._name.fullmatch(each.index)]

    def create(self, number: int, *, in_use: bool) -> Generation:
        """Make the indexes of a generation; raises EngineBusyError if they are there."""
        made = Generation(f"{self.alias}-{number:06d}")
        self._create(made.gone, self.gone_alias if in_use else "", gone=True)
        self._create(made.index, self.alias if in_use else "", gone=False)
        return made

    def switch(self, old: Generation, new: Generation) -> None:
        """Put a generation in use in place of another, at once for all readers."""
        pairs = (
            (self.alias, old.index, new.index),
            (self.gone_alias, old.gone, new.gone),
        )
        actions: list[dict[str, Any]] = []
        for alias, before, after in pairs:
            actions.append({"add": {"index": after, "alias": alias}})
            actions.append(
                {"remove": {"index": before, "alias": alias, "must_exist": True}}
            )
        self.cluster.ask("POST", "/_aliases", {"actions": actions})

    def block(self, generation: Generation) -> None:
        """Let nobody write to it any more; returns when the last write is done."""
        names = f"{generation.index},{generation.gone}"
        self.cluster.ask("PUT", f"/{names}/_block/write")

    def unblock(self, generation: Generation) -> None:
        """Let everybody write to it again."""
        names = f"{generation.index},{generation.gone}"
        self.cluster.ask("PUT", f"/{names}/_settings", {"index.blocks.write": None})

    def remove(self, generation: Generation) -> None:
        """Delete the indexes of a generation, those that are there."""
        names = f"{generation.index},{generation.gone}"
        self.cluster.ask("DELETE", f"/{names}", ignore_unavailable="true")

    def sweep(self) -> tuple[Generation, int]:
        """Remove what a crash left; return what is in use and the next free number.

        Raises EngineBusyError while another rebuild shows signs of life.
        """
        used = self.current()
        every = self.all()
        for each in every:
            if each.index == used.index:
                continue
            if time.time() - each.beat < _DEAD:
                raise EngineBusyError(
                    "Another rebuild is running: wait until it is done.", retry_after=60
                )
            self.remove(each)
        return used, max(each.number for each in (*every, used)) + 1

    def beat(self, generation: Generation) -> None:
        """Show that whoever makes a generation is alive."""
        body = {"_meta": self._mappings()["_meta"]}
        self.cluster.ask("PUT", f"/{generation.index}/_mapping", body)

    def refresh(self, names: str) -> None:
        """Make what was written searchable."""
        self.cluster.ask("POST", f"/{names}/_refresh")

    def _prepare(self) -> None:
        try:
            self.create(1, in_use=True)
        except EngineBusyError:
            # Another process makes it at this moment: it needs the time of one answer.
            for _ in range(100):
                if self._in_use():
                    return
                time.sleep(0.05)

    def _settle(self) -> None:
        """Wait a moment for shards that another process has made just now."""
        with suppress(EngineError):
            self.cluster.ask(
                "GET",
                f"/_cluster/health/{self.alias},{self.gone_alias}",
                wait_for_no_initializing_shards="true",
                wait_for_status="yellow",
                timeout="2s",
            )

    def _create(self, index: str, alias: str, *, gone: bool) -> None:
        aliases: Answer = {index + WRITING: {}} | ({alias: {}} if alias else {})
        body = {
            "aliases": aliases,
            "settings": mapping.settings(1 if gone else self.shards, "0-1"),
            "mappings": mapping.gone_mappings() if gone else self._mappings(),
        }
        try:
            self.cluster.ask("PUT", f"/{index}", body)
        except EngineError as fault:
            if not faults.is_kind(fault, "resource_already_exists_exception"):
                raise
            if not gone:
                raise EngineBusyError(
                    "Another rebuild is running: wait until it is done.", retry_after=60
                ) from fault

    def _mappings(self) -> dict[str, Any]:
        found = mapping.mappings()
        found["_meta"]["dateline"]["beat"] = time.time()
        return found

    def _in_use(self) -> list[Generation]:
        answer: Answer = {}
        try:
            answer = self.cluster.ask(
                "GET",
                f"/{self.alias}",
                filter_path="*.aliases,*.mappings._meta",
                features="aliases,mappings",
            )
        except EngineError as fault:
            if not faults.is_kind(fault, "index_not_found_exception"):
                raise
        return [_generation(index, each) for index, each in answer.items()]

    def _check(self, found: Generation) -> None:
        if found.stamp != stamp_of(mapping.mappings()):
            raise EngineUnavailableError(
                "The index was made by another version of Dateline: run dateline "
                "rebuild.",
                retry_after=60,
            )


def stamp_of(mappings: dict[str, Any]) -> str:
    """Return a text that differs for indexes that would answer differently."""
    meta = mappings.get("_meta", {}).get("dateline", {})
    return f"{meta.get('layout')}/{meta.get('analysis')}"


def _generation(index: str, answer: Answer) -> Generation:
    mappings = answer.get("mappings", {})
    meta = mappings.get("_meta", {}).get("dateline", {})
    return Generation(
        index,
        stamp_of(mappings),
        float(meta.get("beat", 0.0)),
        frozenset(answer.get("aliases", {})),
    )
