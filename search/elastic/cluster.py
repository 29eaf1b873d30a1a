"""The one place that calls Elasticsearch: time limits, tries and the breaker."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field as data
from threading import Lock
from typing import Any, Final, Literal, TypeAlias

import orjson
from elastic_transport import ApiError, ConnectionError as NoConnectionError, TlsError
from elasticsearch import Elasticsearch, TransportError

from search.elastic import exchange, faults
from search.elastic.breaker import Breaker
from search.elastic.exchange import JSON, LINES, Exchange
from search.elastic.node import Node
from search.errors import EngineBusyError, EngineUnavailableError, SearchError

Verb: TypeAlias = Literal["GET", "POST", "PUT", "DELETE"]
Answer: TypeAlias = dict[str, Any]

SECONDS: Final = 10.0
"""How long an answer may take; a batch of writes has `BULK_SECONDS`."""

BULK_SECONDS: Final = 30.0

_CONNECTIONS: Final = 64
_TRIES: Final = 4
_BUDGET: Final = 20.0  # tries again that may be saved up, one a tenth of a success


@dataclass(frozen=True, slots=True)
class Access:
    """Where a cluster is and how it lets us in; secrets never show in a repr."""

    hosts: tuple[str, ...]
    key: str | None = data(default=None, repr=False)
    user: str | None = None
    password: str | None = data(default=None, repr=False)
    authority: str | None = None
    fingerprint: str | None = None
    seconds: float = SECONDS

    def connect(self, seconds: float) -> Exchange:
        """Return the way to its nodes; nothing is sent yet."""
        options: dict[str, Any] = {}
        if self.fingerprint:
            options |= {"ssl_assert_fingerprint": self.fingerprint}
            options |= {"verify_certs": False, "ssl_show_warn": False}
        elif self.authority:
            options["ca_certs"] = self.authority
        client = Elasticsearch(
            list(self.hosts),
            node_class=Node,
            connections_per_node=_CONNECTIONS,
            **options,
        )
        return Exchange(client, seconds, self._authorization)

    @property
    def _authorization(self) -> str | None:
        if self.key:
            return f"ApiKey {self.key}"
        if self.user:
            return exchange.basic(self.user, self.password or "")
        return None


class Cluster:
    """Calls one cluster; safe for threads, and made anew after a fork."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.breaker = Breaker()
        self._lock = Lock()
        self._pid = 0
        self._exchanges: dict[float, Exchange] = {}
        self._closed = False
        self._budget = _BUDGET

    def ask(
        self,
        verb: Verb,
        path: str,
        body: Mapping[str, Any] | None = None,
        /,
        *,
        seconds: float | None = None,
        **params: str,
    ) -> Answer:
        """Return the answer to a request of JSON; raises SearchError only.

        A refused connection and a full queue are tried again, a time-out never.
        """
        content = None if body is None else orjson.dumps(body)
        return self._tried(verb, path, content, JSON, params, seconds)

    def ask_lines(
        self,
        path: str,
        lines: Iterable[bytes],
        /,
        *,
        seconds: float | None = None,
        **params: str,
    ) -> Answer:
        """Return the answer to a request of lines of JSON."""
        content = b"\n".join(lines) + b"\n"
        return self._tried("POST", path, content, LINES, params, seconds)

    def close(self) -> None:
        """Let go of all connections; may be called twice."""
        with self._lock:
            self._closed = True
            open_, self._exchanges = self._exchanges, {}
            ours = self._pid == os.getpid()
        for each in open_.values() if ours else ():
            each.close()

    def _tried(
        self,
        verb: Verb,
        path: str,
        body: bytes | None,
        kind: str,
        params: Mapping[str, str],
        seconds: float | None,
    ) -> Answer:
        until = time.monotonic() + (seconds or self.access.seconds)
        for left in reversed(range(_TRIES)):
            try:
                return self._once(verb, path, body, kind, params, seconds)
            except (EngineBusyError, _RefusedError) as fault:
                pause = random.uniform(0.02, 0.1) * 2 ** (_TRIES - 1 - left)  # noqa: S311
                late = time.monotonic() + pause > until
                if not left or late or not self._spend():
                    raise
                if isinstance(fault, _RefusedError):
                    pause = 0.02
                time.sleep(pause)
        raise AssertionError("the last try returns or raises")  # pragma: no cover - so

    def _once(
        self,
        verb: Verb,
        path: str,
        body: bytes | None,
        kind: str,
        params: Mapping[str, str],
        seconds: float | None,
    ) -> Answer:
        self.breaker.check()
        nodes = self._nodes(seconds or self.access.seconds)
        try:
            found = nodes.ask(verb, path, body, kind=kind, params=params)
        except (ApiError, TransportError) as fault:
            self._note(fault)
            raise _ours(fault) from fault
        self.breaker.succeed()
        self._budget = min(_BUDGET, self._budget + 0.1)
        return found if isinstance(found, dict) else {"answer": found}

    def _note(self, fault: ApiError | TransportError) -> None:
        if faults.is_silence(fault):
            self.breaker.fail()
        else:
            self.breaker.succeed()

    def _spend(self) -> bool:
        if self._budget < 1:
            return False
        self._budget -= 1
        return True

    def _nodes(self, seconds: float) -> Exchange:
        if self._pid == os.getpid() and (known := self._exchanges.get(seconds)):
            return known
        with self._lock:
            if self._closed:
                raise EngineUnavailableError(faults.CLOSED, retry_after=None)
            if self._pid != os.getpid():
                self._exchanges, self._pid = {}, os.getpid()
            if seconds not in self._exchanges:
                self._exchanges[seconds] = self.access.connect(seconds)
            return self._exchanges[seconds]


class _RefusedError(EngineUnavailableError):
    """Nothing was sent, or nobody knows: another node may answer."""


def _ours(fault: ApiError | TransportError) -> SearchError:
    refused = isinstance(fault, NoConnectionError) and not isinstance(fault, TlsError)
    found = faults.of(fault)
    if refused and isinstance(found, EngineUnavailableError):
        return _RefusedError(str(found), retry_after=found.retry_after)
    return found
