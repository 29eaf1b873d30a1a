"""A request to a node and what is made of its answer; no server needed."""

import base64
from collections.abc import Callable
from contextlib import AbstractContextManager, closing

import pytest
from elasticsearch import ElasticsearchWarning

from search.elastic import faults
from search.elastic.cluster import Access, Cluster
from search.elastic.exchange import basic
from search.errors import EngineError, EngineUnavailableError, QueryTooComplexError

OURS = {"x-elastic-product": "Elasticsearch", "content-type": "application/json"}

Reply = Callable[[int, str], tuple[int, dict[str, str], bytes]]
Serving = Callable[[Reply], AbstractContextManager[str]]


def test_parameters_are_quoted_as_the_server_reads_them(serving: Serving) -> None:
    paths: list[str] = []

    def reply(_: int, path: str) -> tuple[int, dict[str, str], bytes]:
        paths.append(path)
        return 200, OURS, b"{}"

    with serving(reply) as url, closing(Cluster(Access((url,)))) as asked:
        asked.ask("GET", "/x", filter_path="a.b,*.c", q="Zürich & so")
        asked.ask("GET", "/x")
    assert paths == ["/x?filter_path=a.b,*.c&q=Z%C3%BCrich%20%26%20so", "/x"]


def test_a_password_may_have_any_letters() -> None:
    kind, _, told = basic("zoë", "pässwörd:1").partition(" ")
    assert kind == "Basic"
    assert base64.b64decode(told).decode() == "zoë:pässwörd:1"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_node_that_is_ill_is_left_alone_while_another_is_well(
    serving: Serving, status: int
) -> None:
    asked_of: list[str] = []

    def ill(_: int, path: str) -> tuple[int, dict[str, str], bytes]:
        asked_of.append(path)
        return status, OURS, b"{}"

    with (
        serving(ill) as one,
        serving(lambda *_: (200, OURS, b"{}")) as other,
        closing(Cluster(Access((one, other)))) as asked,
    ):
        for number in range(8):
            try:
                asked.ask("GET", f"/{number}")
            except EngineError:
                assert asked_of
    assert len(asked_of) == 1


def test_what_a_node_refuses_does_not_make_it_ill(serving: Serving) -> None:
    asked_of: list[str] = []

    def refusing(name: str) -> Reply:
        def reply(_: int, __: str) -> tuple[int, dict[str, str], bytes]:
            asked_of.append(name)
            return 413, OURS, b"{}"

        return reply

    with (
        serving(refusing("one")) as one,
        serving(refusing("other")) as other,
        closing(Cluster(Access((one, other)))) as asked,
    ):
        for _ in range(4):
            with pytest.raises(QueryTooComplexError):
                asked.ask("GET", "/")
    assert sorted(asked_of) == ["one", "one", "other", "other"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [("text/html", b"<p>hello</p>"), ("application/json", b"{"), ("", b"{}")],
)
def test_what_is_no_json_is_a_broken_answer(
    serving: Serving, kind: str, body: bytes
) -> None:
    headers = OURS | {"content-type": kind}
    with (
        serving(lambda *_: (200, headers, body)) as url,
        closing(Cluster(Access((url,)))) as asked,
        pytest.raises(EngineUnavailableError, match=faults.BROKEN),
    ):
        asked.ask("GET", "/")


def test_a_text_of_a_proxy_is_told_by_its_status(serving: Serving) -> None:
    plain = {"content-type": "text/plain; charset=utf-8"}
    with (
        serving(lambda *_: (502, plain, b"no upstream")) as url,
        closing(Cluster(Access((url,)))) as asked,
        pytest.raises(EngineUnavailableError, match=faults.AWAY),
    ):
        asked.ask("GET", "/")


def test_a_warning_of_the_server_is_warned_of(serving: Serving) -> None:
    old = OURS | {"warning": '299 Elasticsearch-9 "this will go"'}
    with (
        serving(lambda *_: (200, old, b"{}")) as url,
        closing(Cluster(Access((url,)))) as asked,
        pytest.warns(ElasticsearchWarning, match="this will go"),
    ):
        asked.ask("GET", "/")
