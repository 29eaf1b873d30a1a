"""Which indexes are in use, and how others take their place.

An archive called `dateline` is an alias of one generation: the index `dateline-000001`
of articles, or several (see `generation`), and `dateline-000001-gone`, which remembers
the versions of deleted ones. Each has an alias of its own for writing, so that a write
to what is gone makes nothing new.
"""

from __future__ import annotations

import logging
import re
import time
from contextlib import nullcontext, suppress
from threading import Lock
from typing import Any, Final

from search.elastic import faults, mapping
from search.elastic.cluster import Answer, Cluster
from search.elastic.generation import (
    GONE,
    PART,
    Generation,
    Part,
    grouped,
    parts_of,
    stamp_of,
)
from search.errors import (
    EngineBusyError,
    EngineConfigurationError,
    EngineError,
    EngineUnavailableError,
    SearchError,
)

MAJOR: Final = "9"

log = logging.getLogger(__name__)

_DEAD: Final = 60.0


class Generations:
    """The generations of one archive in a cluster."""

    def __init__(self, cluster: Cluster, alias: str, shards: int) -> None:
        self.cluster = cluster
        self.alias = alias
        self.gone_alias = alias + GONE
        self.shards = shards
        self._lock = Lock()
        self._opened = False
        self._name = re.compile(rf"({re.escape(alias)}-\d{{6}})(-{PART})?")

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

    def _only(self, found: list[Part]) -> Generation:
        if not all(self._name.fullmatch(part.index) for part in found):
            raise EngineConfigurationError(
                f"{self.alias!r} is an index of somebody else's: name another archive "
                "in DATELINE_ENGINE, for example …:9200/news."
            )
        several = self._grouped(found)
        if len(several) != 1:
            raise EngineConfigurationError(
                f"The alias {self.alias!r} stands for {len(several)} generations "
                "instead of one: leave it on the one that is to be used."
            )
        if sum(part.grows for part in found) != 1:
            raise EngineConfigurationError(
                f"Of the indexes behind {self.alias!r} exactly one must have an alias "
                "of its name and -write: new articles go there."
            )
        return several[0]

    def _grouped(self, parts: list[Part]) -> list[Generation]:
        named = ((self._name.fullmatch(part.index), part) for part in parts)
        return grouped((match[1], part) for match, part in named if match)

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
        return self._grouped(parts_of(answer))

    def create(self, number: int, *, in_use: bool) -> Generation:
        """Make the indexes of a generation; raises EngineBusyError if they are there."""
        part = Part(f"{self.alias}-{number:06d}")
        made = Generation(part.index, (part,))
        self._create(made.gone, self.gone_alias if in_use else "", gone=True)
        self._create(made.index, self.alias if in_use else "", gone=False)
        return made

    def put(
        self, index: str, mappings: dict[str, Any], shards: int, *aliases: str
    ) -> None:
        """Make one index with these aliases, but for empty ones."""
        body = {
            "aliases": {alias: {} for alias in aliases if alias},
            "settings": mapping.settings(shards, "0-1"),
            "mappings": mappings,
        }
        self.cluster.ask("PUT", f"/{index}", body)

    def switch(self, old: Generation, new: Generation) -> None:
        """Put a generation in use in place of another, at once for all readers."""
        olds = [(self.gone_alias, old.gone)]
        olds += [(self.alias, part.index) for part in old.parts]
        actions: list[dict[str, Any]] = [
            {"add": {"index": new.index, "alias": self.alias}},
            {"add": {"index": new.gone, "alias": self.gone_alias}},
        ]
        actions += [
            {"remove": {"index": index, "alias": alias, "must_exist": True}}
            for alias, index in olds
        ]
        self.cluster.ask("POST", "/_aliases", {"actions": actions})

    def block(self, generation: Generation) -> None:
        """Let nobody write to it any more; returns when the last write is done."""
        self.cluster.ask("PUT", f"/{generation.everything}/_block/write")

    def unblock(self, generation: Generation) -> None:
        """Let everybody write to it again."""
        path = f"/{generation.everything}/_settings"
        self.cluster.ask("PUT", path, {"index.blocks.write": None})

    def remove(self, generation: Generation) -> None:
        """Delete the indexes of a generation, those that are there."""
        path = f"/{generation.everything}"
        self.cluster.ask("DELETE", path, ignore_unavailable="true")

    def sweep(self) -> int:
        """Remove what a crash left; return the next free number of a generation.

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
        return max(each.number for each in (*every, used)) + 1

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
        patience = self.cluster.access.seconds / 2
        until = time.monotonic() + patience
        with suppress(EngineError):
            while time.monotonic() < until:
                found = self.cluster.ask(
                    "GET",
                    f"/_cluster/health/{self.alias},{self.gone_alias}",
                    wait_for_no_initializing_shards="true",
                    wait_for_status="yellow",
                    timeout=f"{round(patience * 1000)}ms",
                )
                # A new shard that has no place yet counts as well, and as yellow.
                if not found.get("unassigned_primary_shards"):
                    return
                time.sleep(0.02)

    def _create(self, index: str, alias: str, *, gone: bool) -> None:
        mappings = mapping.gone_mappings() if gone else self._mappings()
        try:
            self.put(
                index, mappings, 1 if gone else self.shards, alias, Part(index).door
            )
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

    def _in_use(self) -> list[Part]:
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
        return parts_of(answer)

    def _check(self, found: Generation) -> None:
        wanted = stamp_of(mapping.mappings())
        if any(part.stamp != wanted for part in found.parts):
            raise EngineUnavailableError(
                "The index was made by another version of Dateline: run dateline "
                "rebuild.",
                retry_after=60,
            )
