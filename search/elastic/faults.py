"""Every exception of the client and of the server becomes ours, here.

The innermost `type` of an answer is looked at before its status: a 429 means four
things. No word of the server's gets out; our log has them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

from elastic_transport import ApiError, TransportError
from elasticsearch import (
    ConnectionError as NoConnectionError,
    ConnectionTimeout,
    SerializationError,
    SSLError,
    UnsupportedProductError,
)

from search.errors import (
    EngineBusyError,
    EngineConfigurationError,
    EngineError,
    EngineTimeoutError,
    EngineUnavailableError,
    QueryTooComplexError,
    SearchError,
)

AWAY = "The search cluster cannot be reached: ask again in a moment."
BROKEN = "The search cluster does not answer as it should: ask again in a moment."
BUSY = "The search cluster has too much to do: ask again in a moment."
CLOSED = "The engine is closed; start it again."
COMPLEX = "The question is too much for the search cluster: ask for less at a time."
CONFIGURATION = (
    "The search cluster refuses our key or certificate: whoever runs this server must "
    "correct the settings DATELINE_ENGINE_…"
)
FAILED = "The search cluster failed to answer: the server's log says why."
GONE = (
    "The index is closed or gone: whoever runs the cluster must open or restore it, or "
    "fill a new one with dateline load."
)
PARTIAL = "A part of the index is away: ask again when the cluster has recovered."
READ_ONLY = (
    "The index is read-only, as it is when a disk is full: searching works, writing "
    "must wait until whoever runs the cluster has freed some space."
)
SLOW = "The search cluster took too long: ask for less, or again later."

Make: TypeAlias = Callable[[], SearchError]

log = logging.getLogger(__name__)


def _away(detail: str, after: float | None) -> Make:
    return lambda: EngineUnavailableError(detail, retry_after=after)


_BUSY: Final[Make] = lambda: EngineBusyError(BUSY, retry_after=2)  # noqa: E731
_SLOW: Final[Make] = lambda: EngineTimeoutError(SLOW)  # noqa: E731
_COMPLEX: Final[Make] = lambda: QueryTooComplexError(COMPLEX)  # noqa: E731
_FAILED: Final[Make] = lambda: EngineError(FAILED)  # noqa: E731

_TYPES: Final[dict[str, Make]] = {
    "search_timeout_exception": _SLOW,
    "receive_timeout_transport_exception": _SLOW,
    "process_cluster_event_timeout_exception": _SLOW,
    "cluster_block_exception": _away(READ_ONLY, 30),
    "es_rejected_execution_exception": _BUSY,
    "circuit_breaking_exception": _BUSY,
    "index_not_found_exception": _away(GONE, 30),
    "index_closed_exception": _away(GONE, 30),
    "no_shard_available_action_exception": _away(PARTIAL, 5),
    "unavailable_shards_exception": _away(PARTIAL, 5),
    "node_not_connected_exception": _away(PARTIAL, 5),
    "node_disconnected_exception": _away(PARTIAL, 5),
    "node_closed_exception": _away(PARTIAL, 5),
    "master_not_discovered_exception": _away(PARTIAL, 5),
    "resource_already_exists_exception": _FAILED,
    "too_many_buckets_exception": _COMPLEX,
    "too_many_nested_clauses": _COMPLEX,
    "too_many_clauses": _COMPLEX,
}
_STATUSES: Final[dict[int, Make]] = {
    401: _away(CONFIGURATION, 60),
    403: _away(CONFIGURATION, 60),
    413: _COMPLEX,
    429: _BUSY,
    502: _away(AWAY, 5),
    503: _away(PARTIAL, 5),
    504: _SLOW,
}
_TRANSPORT: Final[dict[type[TransportError], Make]] = {
    ConnectionTimeout: _SLOW,
    SSLError: _away(CONFIGURATION, 60),
    NoConnectionError: _away(AWAY, 5),
    SerializationError: _away(BROKEN, 5),
}


@contextmanager
def translated() -> Iterator[None]:
    """Raise a `SearchError` for whatever the client raises inside."""
    try:
        yield
    except (ApiError, TransportError) as fault:
        raise of(fault) from fault


def of(fault: ApiError | TransportError) -> SearchError:
    """Return our error for one of the client's."""
    if isinstance(fault, UnsupportedProductError):
        return EngineUnavailableError(BROKEN)
    if isinstance(fault, ApiError):
        return of_answer(fault.meta.status, fault.body)
    for kind in type(fault).__mro__:
        if kind in _TRANSPORT:
            return _TRANSPORT[kind]()
    return EngineUnavailableError(BROKEN)


def of_answer(status: int, body: Any) -> SearchError:
    """Return our error for an answer's status and body, or an item's of a bulk."""
    found = kinds(body)
    for kind in found:
        if kind in _TYPES:
            return _TYPES[kind]()
    if "too many nested clauses" in str(body) or "max_clause" in str(body):
        return _COMPLEX()
    if status not in _STATUSES:
        log.error("unexpected answer %s: %.2000s", status, body)
    return _STATUSES.get(status, _FAILED)()


def is_replaced(status: int, found: list[str]) -> bool:
    """Say whether an index refuses a write as one does that a rebuild has replaced.

    A full disk blocks too, with another status.
    """
    return status == 403 and "cluster_block_exception" in found


def is_silence(fault: ApiError | TransportError) -> bool:
    """Say whether the cluster has not answered at all, but perhaps a proxy for it."""
    if isinstance(fault, ApiError):
        return fault.meta.status == 502
    return isinstance(fault, ConnectionTimeout | NoConnectionError)


def is_ill(status: int) -> bool:
    """Say whether another node may do better than the one that answers so."""
    return status >= 500 or status == 429


def is_kind(fault: BaseException, kind: str) -> bool:
    """Say whether the server's error behind one of ours is of this type."""
    cause = fault.__cause__
    return isinstance(cause, ApiError) and kind in kinds(cause.body)


def configuration(fault: SearchError, hosts: tuple[str, ...]) -> SearchError:
    """Return what to tell whoever starts the server, if this is his to correct."""
    cause, where = fault.__cause__, ", ".join(hosts)
    detail = None
    if isinstance(cause, UnsupportedProductError | SerializationError):
        detail = f"There is no Elasticsearch at {where}: correct DATELINE_ENGINE."
    elif isinstance(cause, SSLError):
        detail = (
            f"The certificate of {where} is not trusted: name its authority in "
            "DATELINE_ENGINE_CA, or its DATELINE_ENGINE_FINGERPRINT."
        )
    elif isinstance(cause, ApiError) and cause.meta.status in (401, 403):
        detail = (
            f"{where} refuses our key: correct DATELINE_ENGINE_KEY, or "
            "DATELINE_ENGINE_USER and DATELINE_ENGINE_PASSWORD."
        )
    elif is_kind(fault, "media_type_header_exception"):
        detail = f"{where} is an Elasticsearch of another version: use version 9."
    return EngineConfigurationError(detail) if detail else fault


def kinds(body: Any) -> list[str]:
    """Return the types of an error and its causes, innermost first."""
    if not isinstance(body, Mapping):
        return []
    error = body.get("error", body)
    return list(_kinds(error)) if isinstance(error, Mapping) else []


def _kinds(error: Mapping[str, Any]) -> Iterator[str]:
    inner = [error.get("caused_by"), *error.get("root_cause", ())]
    inner += [each.get("reason") for each in error.get("failed_shards", ())]
    for cause in inner:
        if isinstance(cause, Mapping):
            yield from _kinds(cause)
    if isinstance(kind := error.get("type"), str):
        yield kind
