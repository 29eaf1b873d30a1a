from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO, RawIOBase
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from gunicorn.http.errors import ChunkMissingTerminator
from werkzeug.test import TestResponse

from schemas.articles import load
from tests.reference import ReferenceEngine

NDJSON = "application/x-ndjson"
NOW = datetime(2024, 6, 1, tzinfo=UTC)
LINE = 10_000_000
_CHUNKED = {"HTTP_TRANSFER_ENCODING": "chunked"}


def line(number: int, **values: Any) -> bytes:
    body = {"id": f"a{number}", "title": f"Title {number}", "published_at": "2024"}
    return orjson.dumps(body | values) + b"\n"


def post(client: FlaskClient, raw: bytes, query: str = "") -> TestResponse:
    return client.post(f"/v1/articles?{query}", data=raw, content_type=NDJSON)


def stream(client: FlaskClient, source: Any, length: int | None = None) -> TestResponse:
    """Send a body as a server that knows where it ends does: chunked, or cut short."""
    known: dict[str, Any] = {"wsgi.input": source, "wsgi.input_terminated": True}
    known |= _CHUNKED if length is None else {"CONTENT_LENGTH": str(length)}
    return client.post("/v1/articles", content_type=NDJSON, environ_overrides=known)


def report(answer: TestResponse, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.json is not None
    found: dict[str, Any] = answer.json
    return found


def ids(engine: ReferenceEngine) -> list[str]:
    return [stored.id for stored in engine.scan()]


def test_every_line_is_counted(client: FlaskClient) -> None:
    raw = line(1) + line(2)
    assert report(post(client, raw)) == {
        "lines": 2,
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "failed": 0,
        "errors": [],
    }
    again = report(post(client, line(1) + line(2, title="Changed") + line(3)))
    counts = [again[key] for key in ("created", "updated", "unchanged")]
    assert counts == [1, 1, 1]


def test_a_thousand_lines_with_seven_invalid_store_993(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    wrong = {3, 100, 499, 500, 501, 999, 1000}
    lines = [
        line(number, published_at="soon") if number in wrong else line(number)
        for number in range(1, 1001)
    ]
    found = report(post(client, b"".join(lines)))
    assert (found["lines"], found["created"], found["failed"]) == (1000, 993, 7)
    assert [error["line"] for error in found["errors"]] == sorted(wrong)
    assert found["errors"][0]["id"] == "a3"
    assert found["errors"][0]["errors"][0]["pointer"] == "/published_at"
    assert set(ids(engine)) == {f"a{n}" for n in range(1, 1001) if n not in wrong}


def test_a_rerun_changes_nothing(client: FlaskClient, engine: ReferenceEngine) -> None:
    raw = b"".join(map(line, range(600)))
    post(client, raw)
    before = list(engine.scan())
    assert report(post(client, raw))["unchanged"] == 600
    assert list(engine.scan()) == before


def test_blank_lines_are_counted_and_skipped(client: FlaskClient) -> None:
    found = report(post(client, b"\n" + line(1) + b" \r\n" + line(2)))
    assert (found["lines"], found["created"], found["blank"]) == (4, 2, 2)


def test_lines_of_windows_are_read(client: FlaskClient) -> None:
    raw = b"\xef\xbb\xbf" + (line(1) + line(2)).replace(b"\n", b"\r\n")
    assert report(post(client, raw))["created"] == 2


def test_an_id_that_comes_twice_is_replaced(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    found = report(post(client, line(1) + line(1, title="Later")))
    assert (found["created"], found["updated"]) == (1, 1)
    assert b"Later" in engine.get(next(engine.scan()).id).head


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"{\n", b"[]\n", b"\xff\xff", b"[" * 5000]
)
def test_a_body_without_any_article_is_a_422_with_the_report(
    client: FlaskClient, raw: bytes
) -> None:
    answer = post(client, raw)
    found = report(answer, 422)
    assert answer.mimetype == "application/problem+json"
    assert found["type"] == "/problems/invalid-body"
    assert found["created"] == found["updated"] == found["unchanged"] == 0
    assert found["failed"] == len(found["errors"])


def test_every_line_is_listed_when_all_are_asked_for(client: FlaskClient) -> None:
    raw = line(1) + b"\n" + line(2, title="") + line(3)
    items = report(post(client, raw, "report=all"))["items"]
    assert [item["line"] for item in items] == [1, 2, 3, 4]
    statuses = [item["status"] for item in items]
    assert statuses == ["created", "blank", "failed", "created"]
    got = client.get("/v1/articles/a1")
    assert got.headers["ETag"] == f'"{items[0]["version"]}"'
    assert (items[1]["id"], items[2]["id"], items[2]["version"]) == (None, "a2", None)


def test_a_thousand_errors_are_listed_and_the_rest_counted(client: FlaskClient) -> None:
    found = report(post(client, line(1) + b"{\n" * 1200))
    assert (found["failed"], len(found["errors"])) == (1200, 1000)
    assert found["errors_omitted"] == 200


def test_a_hundred_thousand_items_are_listed_and_the_rest_counted(
    client: FlaskClient,
) -> None:
    found = report(post(client, line(1) + b"\n" * 100_001, "report=all"))
    assert (len(found["items"]), found["items_omitted"]) == (100_000, 2)
    assert found["items"][0]["line"] == 1


def test_a_dry_run_reports_and_stores_nothing(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    post(client, line(1))
    raw = line(1) + line(2) + b"{}\n"
    found = report(post(client, raw, "dry_run=true"))
    counts = [found[key] for key in ("created", "unchanged", "failed")]
    assert counts == [1, 1, 1]
    assert ids(engine) == ["a1"]


def test_an_export_is_restored_with_its_versions(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    other = ReferenceEngine()
    other.index(
        [load({"title": f"T{n}", "published_at": "2024"}, now=NOW) for n in "ab"]
    )
    export = [stored.json() for stored in other.scan()]
    other.close()
    raw = b"\n".join(export)
    assert report(post(client, raw), 422)["failed"] == 2
    assert report(post(client, raw, "restore=true&refresh=true"))["created"] == 2
    assert [stored.json() for stored in engine.scan()] == export


class Pieces(RawIOBase):
    """Bytes that arrive one piece after the other, and notes of what was asked for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def readinto(self, buffer: Any, /) -> int:
        self._rest = self._rest or next(self._pieces, b"")
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def test_a_chunked_body_is_indexed_while_it_arrives(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    seen = []

    def pieces() -> Iterator[bytes]:
        for number in range(1, 12_001):
            seen.append(len(ids(engine)) if number % 6_000 == 0 else 0)
            yield line(number)

    found = report(stream(client, Pieces(pieces())))
    assert (found["lines"], found["created"]) == (12_000, 12_000)
    assert seen[-1] >= 10_000


def test_a_body_cut_within_a_line_stores_the_whole_lines_and_says_so(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    raw = line(1) + line(2)[:-4]
    found = report(stream(client, BytesIO(raw), len(raw) + 4), 400)
    assert "ended 4 bytes early" in found["detail"]
    assert (found["report"]["lines"], found["report"]["created"]) == (1, 1)
    assert ids(engine) == ["a1"]


def test_a_body_cut_within_its_chunks_stores_the_whole_lines_and_says_so(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    for fault in (ChunkMissingTerminator(b""), OSError("gone")):

        def pieces(fault: Exception = fault) -> Iterator[bytes]:
            yield line(1) + line(2)[:-4]
            raise fault

        found = report(stream(client, Pieces(pieces())), 400)
        assert found["report"]["lines"] == 1
        assert ids(engine) == ["a1"]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_line_of_more_than_10_mb_is_a_413_that_says_which(
    client: FlaskClient, engine: ReferenceEngine, *, chunked: bool
) -> None:
    raw = line(1) + line(2, body="x" * LINE) + line(3)
    length = None if chunked else len(raw)
    found = report(stream(client, BytesIO(raw), length), 413)
    assert "Line 2: " in found["detail"]
    assert found["report"]["created"] == 1
    assert ids(engine) == ["a1"]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_server_s_limit_is_a_413(
    client: FlaskClient, engine: ReferenceEngine, *, chunked: bool
) -> None:
    client.application.config["MAX_CONTENT_LENGTH"] = 1000
    raw = b"".join(map(line, range(100)))
    found = report(stream(client, BytesIO(raw), None if chunked else len(raw)), 413)
    told = found["report"]["created"] if chunked else 0
    assert len(ids(engine)) == told < 100


def test_the_server_s_limit_is_a_gibibyte(client: FlaskClient) -> None:
    assert client.application.config["MAX_CONTENT_LENGTH"] == 1 << 30
    assert stream(client, BytesIO(), (1 << 30) + 1).status_code == 413


@pytest.mark.parametrize("raw", [b"", b"\n \n"])
def test_a_body_without_a_line_says_that_there_is_none(
    raw: bytes, client: FlaskClient
) -> None:
    found = report(post(client, raw), 422)
    assert (found["failed"], found["errors"]) == (0, [])
    assert "no article in it" in found["detail"]
