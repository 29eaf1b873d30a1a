"""A request to one of the cluster's nodes, and what it answers.

The library's client and its transport look after tracing, sniffing, tries and kinds of
content with every request, which took longer than all the rest of a short question. Of
them only what we use is here: the pool of nodes, and the exceptions.
"""

from __future__ import annotations

import warnings
from binascii import b2a_base64
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias
from urllib.parse import quote

import orjson
from elastic_transport import (
    ApiError,
    ApiResponseMeta,
    ConnectionError as NoConnectionError,
    ConnectionTimeout,
    HttpHeaders,
    SerializationError,
)
from elasticsearch import Elasticsearch, ElasticsearchWarning, UnsupportedProductError

from search.elastic import faults

Params: TypeAlias = tuple[tuple[str, str], ...]

JSON: Final = "json"
LINES: Final = "x-ndjson"

_KIND: Final = "application/vnd.elasticsearch+{}; compatible-with=9"
_PRODUCT: Final = "Elasticsearch"


class Exchange:
    """Asks the nodes of a client, each answer within so many seconds; safe for threads.

    `authorization` is the header of that name.
    """

    def __init__(
        self, client: Elasticsearch, seconds: float, authorization: str | None = None
    ) -> None:
        self._client = client
        self._pool = client.transport.node_pool
        self._seconds = seconds
        self._verified = False
        known = {"authorization": authorization} if authorization else {}
        self._headers = {kind: _headers(kind, known) for kind in (JSON, LINES)}

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        kind: str = JSON,
        params: Mapping[str, str] | None = None,
    ) -> Any:
        """Return the answer, decoded.

        Raises ApiError for a status of failure, TransportError where there is no answer
        or none of Elasticsearch.
        """
        target = f"{path}?{_quoted(tuple(params.items()))}" if params else path
        meta, data = self._told(method, target, body, kind)
        self._check(meta, data)
        if meta.headers.get("warning"):
            warnings.warn(meta.headers["warning"], ElasticsearchWarning, stacklevel=2)
        return _decoded(meta, data)

    def close(self) -> None:
        """End all connections."""
        self._client.close()

    def _told(
        self, method: str, target: str, body: bytes | None, kind: str
    ) -> tuple[ApiResponseMeta, bytes]:
        """Return what a node answers; one that is away or ill is left alone for a while."""
        node = self._pool.get()
        try:
            answer = node.perform_request(
                method, target, body, self._headers[kind], self._seconds
            )
        except (ConnectionTimeout, NoConnectionError):
            self._pool.mark_dead(node)
            raise
        if faults.is_ill(answer.meta.status):
            self._pool.mark_dead(node)
        else:
            self._pool.mark_live(node)
        return answer.meta, answer.body

    def _check(self, meta: ApiResponseMeta, data: bytes) -> None:
        if not 200 <= meta.status < 300:
            body = _decoded(meta, data)
            raise ApiError(f"{meta.status}: {body!s:.200}", meta=meta, body=body)
        if not self._verified:
            if meta.headers.get("x-elastic-product") != _PRODUCT:
                raise UnsupportedProductError(
                    "This is no Elasticsearch.", meta=meta, body=data
                )
            self._verified = True


def basic(user: str, password: str) -> str:
    """Return the header of a user and password (RFC 7617), which may be of any letters."""
    told = b2a_base64(f"{user}:{password}".encode(), newline=False)
    return f"Basic {told.decode()}"


def _headers(kind: str, known: Mapping[str, str]) -> HttpHeaders:
    content = {"accept": _KIND.format(JSON), "content-type": _KIND.format(kind)}
    return HttpHeaders({**content, **known}).freeze()


@lru_cache(maxsize=512)  # most questions have the same ones
def _quoted(params: Params) -> str:
    return "&".join(f"{name}={quote(value, safe=',*:/-')}" for name, value in params)


def _decoded(meta: ApiResponseMeta, data: bytes) -> Any:
    """Return what was answered: JSON, or a text where somebody else answers."""
    if not data:
        return None
    kind = meta.mimetype or ""
    if kind.startswith("text/plain"):
        return data.decode("utf-8", "replace")
    if not kind.endswith("json"):
        raise SerializationError(f"The answer is no JSON, but {kind or 'of no kind'}.")
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as fault:
        raise SerializationError("The answer is no JSON.", (fault,)) from fault
