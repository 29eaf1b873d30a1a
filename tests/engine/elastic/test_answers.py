"""What every answer and every exception of the client becomes; no server needed."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from typing import Any

import elastic_transport
import elasticsearch
import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig

from search.connection import Credentials, connect
from search.elastic import faults
from search.elastic.cluster import Access, Cluster
from search.elastic.mapping import mappings
from search.errors import (
    EngineBusyError,
    EngineConfigurationError,
    EngineError,
    EngineTimeoutError,
    EngineUnavailableError,
    QueryTooComplexError,
    SearchError,
)
from tests.corpus import article

OURS = {"x-elastic-product": "Elasticsearch", "content-type": "application/json"}
NODE = NodeConfig("http", "127.0.0.1", 9200)
WELL = b'{"version": {"number": "9.4.3"}}'


def meta(status: int) -> ApiResponseMeta:
    return ApiResponseMeta(status, "1.1", HttpHeaders(OURS), 0.1, NODE)


def subclasses(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def refused(kind: str, status: int) -> SearchError:
    body = {"error": {"type": kind, "root_cause": []}, "status": status}
    return faults.of(elasticsearch.ApiError("no", meta(status), body))


@pytest.mark.parametrize(
    "kind",
    sorted(
        {
            *subclasses(elastic_transport.TransportError),
            *subclasses(elastic_transport.ApiError),
        },
        key=str,
    ),
)
def test_every_exception_of_the_client_becomes_one_of_ours(kind: Any) -> None:
    if issubclass(kind, elastic_transport.ApiError):
        fault = kind("secret.example", meta(400), {"error": "secret.example"})
    else:
        fault = kind("secret.example")
    found = faults.of(fault)
    assert isinstance(found, EngineError)
    assert "secret.example" not in str(found)


@pytest.mark.parametrize(
    ("kind", "status", "expected"),
    [
        ("search_timeout_exception", 429, EngineTimeoutError),
        ("es_rejected_execution_exception", 429, EngineBusyError),
        ("circuit_breaking_exception", 429, EngineBusyError),
        ("anything_else", 429, EngineBusyError),
        ("cluster_block_exception", 403, EngineUnavailableError),
        ("cluster_block_exception", 429, EngineUnavailableError),
        ("security_exception", 401, EngineUnavailableError),
        ("security_exception", 403, EngineUnavailableError),
        ("index_not_found_exception", 404, EngineUnavailableError),
        ("index_closed_exception", 400, EngineUnavailableError),
        ("no_shard_available_action_exception", 503, EngineUnavailableError),
        ("search_phase_execution_exception", 503, EngineUnavailableError),
        ("gateway", 502, EngineUnavailableError),
        ("gateway", 504, EngineTimeoutError),
        ("too_many_buckets_exception", 400, QueryTooComplexError),
        ("too_long", 413, QueryTooComplexError),
        ("parsing_exception", 400, EngineError),
    ],
)
def test_an_answer_is_told_by_its_type_before_its_status(
    kind: str, status: int, expected: type
) -> None:
    assert type(refused(kind, status)) is expected


def test_the_innermost_cause_counts() -> None:
    inner = {"type": "index_closed_exception"}
    outer = {"type": "search_phase_execution_exception", "caused_by": inner}
    found = faults.of_answer(503, {"error": outer})
    assert str(found) == faults.GONE


Serving = Callable[..., AbstractContextManager[str]]


def test_a_full_queue_is_asked_again_and_then_busy(serving: Serving) -> None:
    full = b'{"error": {"type": "es_rejected_execution_exception"}, "status": 429}'
    with serving(
        lambda n, _: (429, OURS, full) if n < 2 else (200, OURS, b"{}")
    ) as url:
        asked = Cluster(Access((url,)))
        assert asked.ask("GET", "/_stats") == {}
        asked.close()
    with serving(lambda *_: (429, OURS, full)) as url:
        asked = Cluster(Access((url,)))
        with pytest.raises(EngineBusyError) as caught:
            asked.ask("GET", "/_stats")
        assert caught.value.retry_after
        asked.close()


def test_items_for_which_the_queue_was_full_are_sent_again(serving: Serving) -> None:
    full = {"status": 429, "error": {"type": "es_rejected_execution_exception"}}
    bulks: list[str] = []

    def reply(_: int, path: str) -> tuple[int, dict[str, str], bytes]:
        absent = {"_index": "x-000001", "found": False}
        if path == "/_mget":
            return 200, OURS, json.dumps({"docs": [absent, absent]}).encode()
        if path.startswith("/_bulk"):
            bulks.append(path)
            item = full if len(bulks) == 1 else {"status": 201}
            return 200, OURS, json.dumps({"items": [{"create": item}]}).encode()
        aliases: dict[str, Any] = {"x": {}, "x-000001-write": {}}
        index = {"aliases": aliases, "mappings": mappings()}
        body = {"x-000001": index} if path.startswith("/x") else json.loads(WELL)
        return 200, OURS, json.dumps(body).encode()

    with serving(reply) as url, closing(connect(f"{url}/x")) as engine:
        assert engine.index([article(1)]).count("created") == 1
        assert len(bulks) == 2


@pytest.mark.parametrize(
    ("status", "headers", "body", "said"),
    [
        (200, {}, b"<html>hello</html>", "no Elasticsearch"),
        (200, {"content-type": "application/json"}, b"{}", "no Elasticsearch"),
        (200, OURS, b'{"version": {"number": "8.16.1"}}', "Elasticsearch 8.16.1"),
        (
            400,
            OURS,
            b'{"error": {"type": "media_type_header_exception"}, "status": 400}',
            "another version",
        ),
        (401, OURS, b'{"error": {"type": "security_exception"}}', "refuses our key"),
        (403, OURS, b'{"error": {"type": "security_exception"}}', "refuses our key"),
    ],
)
def test_a_wrong_server_is_told_in_one_sentence_at_once(
    serving: Serving, status: int, headers: dict[str, str], body: bytes, said: str
) -> None:
    with serving(lambda *_: (status, headers, body)) as url:
        with pytest.raises(EngineConfigurationError, match=said) as caught:
            connect(url, Credentials(key="a2V5"))
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [
        "http://",
        "http://a:x",
        "http://a/b/c",
        "http://user:secret@a",
        "http://a/one,http://b/two",
        "http://a/ONE",
        "https://a?x=1",
        "ftp://a",
    ],
)
def test_an_address_that_names_no_node_is_refused(wrong: str) -> None:
    with pytest.raises(EngineConfigurationError, match=r"http://HOST:9200"):
        connect(wrong)


def test_an_article_that_no_request_can_hold_is_told(serving: Serving) -> None:
    too_long = {"content-type": "text/plain"}
    with serving(lambda *_: (413, OURS | too_long, b"")) as url:
        asked = Cluster(Access((url,)))
        with pytest.raises(QueryTooComplexError):
            asked.ask("POST", "/_search", {})
        asked.close()
