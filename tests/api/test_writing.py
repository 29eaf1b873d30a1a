from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.settings import Settings
from search.article import Article, ArticleId
from search.errors import EngineUnavailableError
from search.result import IndexReport, Outcome
from tests.application import application
from tests.reference import ReferenceEngine

ARTICLE: dict[str, Any] = {
    "id": "a:1",
    "title": "Shell & BP agree",
    "body": "Żółw 🐢",
    "published_at": "2024-05-17",
    "companies": ["Shell plc", {"id": "bp", "name": "BP"}],
}
JSON = "application/json"
MB10 = 10_000_000


def stream(client: FlaskClient, raw: bytes, length: int | None) -> TestResponse:
    """Send a body as a server does that knows its end: chunked, or cut short."""
    known: dict[str, Any] = {"wsgi.input": BytesIO(raw), "wsgi.input_terminated": True}
    if length is None:
        known["HTTP_TRANSFER_ENCODING"] = "chunked"
    else:
        known["CONTENT_LENGTH"] = str(length)
    return client.post("/v1/articles", content_type=JSON, environ_overrides=known)


def test_a_new_article_comes_back_as_it_is_kept(client: FlaskClient) -> None:
    answer = client.post("/v1/articles", json=ARTICLE)
    assert answer.status_code == 201
    assert answer.location == "/v1/articles/a:1"
    assert answer.json is not None
    assert answer.headers["ETag"] == f'"{answer.json["version"]}"'
    assert answer.json["companies"] == [
        {"id": "shell-plc", "name": "Shell plc", "from": "given"},
        {"id": "bp", "name": "BP", "from": "given"},
    ]
    assert answer.json["published_at"] == "2024-05-17T00:00:00Z"
    assert (answer.json["tags"], answer.json["summary"]) == ([], None)
    assert client.get(answer.location).data == answer.data


def test_an_article_that_changes_nothing_keeps_its_version(client: FlaskClient) -> None:
    first = client.post("/v1/articles", json=ARTICLE)
    again = client.post("/v1/articles", json=ARTICLE)
    assert (again.status_code, again.data) == (200, first.data)
    assert again.headers["ETag"] == first.headers["ETag"]


def test_an_article_with_a_known_id_replaces_it(client: FlaskClient) -> None:
    first = client.post("/v1/articles", json=ARTICLE)
    changed = client.post("/v1/articles", json=ARTICLE | {"title": "Not yet"})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]
    assert client.get("/v1/articles/a:1").json == changed.json


def test_an_article_without_an_id_is_found_at_its_location(client: FlaskClient) -> None:
    body = {key: value for key, value in ARTICLE.items() if key != "id"}
    answer = client.post("/v1/articles", json=body)
    assert answer.status_code == 201
    found = client.get(answer.location or "")
    assert (found.status_code, found.data) == (200, answer.data)


@pytest.mark.parametrize("identity", ["a~b", "a:b,c=d@e+f", "0._-"])
def test_a_location_leads_to_any_id(client: FlaskClient, identity: str) -> None:
    answer = client.post("/v1/articles", json=ARTICLE | {"id": identity})
    assert client.get(answer.location or "").json == answer.json


def test_faults_of_a_body_are_a_422_with_pointers(client: FlaskClient) -> None:
    answer = client.post("/v1/articles", json={"title": 1, "titlex": "x"})
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    pointers = {error["pointer"] for error in answer.json["errors"]}
    assert pointers == {"/title", "/published_at", "/titlex"}


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"[" * 5000, b'{"title":"\\ud800"}', b'{"a":NaN}', b"\xff"],
)
def test_what_is_no_json_object_is_a_422(client: FlaskClient, raw: bytes) -> None:
    answer = client.post("/v1/articles", data=raw, content_type=JSON)
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"][0]["pointer"] == ""


@pytest.mark.parametrize(
    ("kind", "encoding"),
    [
        (None, None),
        ("image/png", None),
        ("application/x-www-form-urlencoded", None),
        ("application/json; charset=latin-1", None),
        (JSON, "gzip"),
        ("application/x-ndjson", "br"),
    ],
)
def test_another_type_or_an_encoding_is_a_415(
    client: FlaskClient, kind: str | None, encoding: str | None
) -> None:
    headers = {} if encoding is None else {"Content-Encoding": encoding}
    for call in (client.post, client.put):
        path = "/v1/articles" if call == client.post else "/v1/articles/a"
        answer = call(path, data=b"{}", content_type=kind, headers=headers)
        assert answer.status_code == 415


@pytest.mark.parametrize("kind", [f"{JSON}; charset=UTF-8", f"{JSON};charset=utf8"])
def test_utf_8_may_be_named(client: FlaskClient, kind: str) -> None:
    raw = b'{"title":"a","published_at":"2024"}'
    headers = {"Content-Encoding": "identity"}
    answer = client.post("/v1/articles", data=raw, content_type=kind, headers=headers)
    assert answer.status_code == 201


def test_put_takes_one_article_and_no_lines(client: FlaskClient) -> None:
    answer = client.put(
        "/v1/articles/a", data=b"{}", content_type="application/x-ndjson"
    )
    assert answer.status_code == 415


@pytest.mark.parametrize("chunked", [False, True])
def test_an_article_of_more_than_10_mb_is_a_413(
    client: FlaskClient, engine: ReferenceEngine, *, chunked: bool
) -> None:
    head = b'{"title":"a","published_at":"2024","body":"'
    for size, status in ((MB10, 201), (MB10 + 1, 413)):
        raw = head + b"x" * (size - len(head) - 2) + b'"}'
        answer = stream(client, raw, None if chunked else size)
        assert answer.status_code == status
    assert len(list(engine.scan())) == 1


def test_a_body_that_ends_early_is_a_400_and_stores_nothing(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    raw = b'{"title":"a","published_at":"2024"}'
    answer = stream(client, raw, len(raw) + 10)
    assert answer.status_code == 400
    assert "10 bytes early" in answer.text
    assert list(engine.scan()) == []


def test_a_dry_run_shows_the_article_and_stores_nothing(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    answer = client.post("/v1/articles?dry_run=true", json=ARTICLE)
    assert (answer.status_code, "ETag" in answer.headers) == (200, False)
    assert list(engine.scan()) == []
    kept = client.post("/v1/articles", json=ARTICLE).json
    assert kept is not None
    assert answer.json == kept | {"version": None, "indexed_at": None}


def test_an_export_is_restored_byte_for_byte(app: Flask, client: FlaskClient) -> None:
    first = client.post("/v1/articles", json=ARTICLE)
    sent = {"data": first.data, "content_type": JSON}
    app.extensions["dateline-engine"] = ReferenceEngine()
    assert client.post("/v1/articles", **sent).status_code == 422
    again = client.post("/v1/articles?restore=true", **sent)
    assert (again.status_code, again.data) == (201, first.data)


@pytest.mark.parametrize(
    ("query", "parameter", "suggestion"),
    [
        ("refreshh=true", "refreshh", "refresh"),
        ("dry_run=yes", "dry_run", None),
        ("refresh=true&refresh=true", "refresh", None),
        ("report=everything", "report", None),
        ("report=all", "report", None),
        ("limit=3", "limit", None),
    ],
)
def test_a_parameter_that_cannot_be_taken_is_a_400(
    client: FlaskClient, query: str, parameter: str, suggestion: str | None
) -> None:
    answer = client.post(f"/v1/articles?{query}", json=ARTICLE)
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["parameter"] == parameter
    assert answer.json.get("suggestion") in (suggestion, None)


def test_a_write_that_cannot_be_answered_is_not_made(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    answer = client.post("/v1/articles", json=ARTICLE, headers={"Accept": "text/html"})
    assert answer.status_code == 406
    assert list(engine.scan()) == []


def test_an_article_is_shown_with_the_fields_that_are_asked_for(
    client: FlaskClient,
) -> None:
    client.post("/v1/articles", json=ARTICLE)
    chosen = client.get("/v1/articles/a:1?fields=title,body")
    assert chosen.json == {key: ARTICLE[key] for key in ("id", "title", "body")}
    less = client.get("/v1/articles/a:1?fields=-body,-tags").json
    whole = client.get("/v1/articles/a:1").json
    assert whole is not None
    assert less == {k: v for k, v in whole.items() if k not in ("body", "tags")}


@pytest.mark.parametrize(
    "query", ["fields=titlex", "fields=-id", "fields=title,-body", "q=x", "field=title"]
)
def test_fields_that_cannot_be_are_a_400(client: FlaskClient, query: str) -> None:
    client.post("/v1/articles", json=ARTICLE)
    assert client.get(f"/v1/articles/a:1?{query}").status_code == 400


@pytest.mark.parametrize("path", ["nothing", "a b", "%F0%9F%90%A2", "a.json", "-"])
def test_an_unknown_id_is_a_404(client: FlaskClient, path: str) -> None:
    for call in (client.get, client.head, client.delete):
        assert call(f"/v1/articles/{path}").status_code == 404


def test_an_id_that_no_article_can_have_is_not_put(client: FlaskClient) -> None:
    for path in ("a b", "a.json", "-"):
        answer = client.put(
            f"/v1/articles/{path}", json={"title": "a", "published_at": "2024"}
        )
        assert answer.status_code == 422


def test_head_has_the_headers_of_get(client: FlaskClient) -> None:
    client.post("/v1/articles", json=ARTICLE)
    got, head = client.get("/v1/articles/a:1"), client.head("/v1/articles/a:1")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.content_length == len(got.data)


class Refusing(ReferenceEngine):
    """Refuses every article."""

    def index(self, articles: Any, /, **_: Any) -> IndexReport:
        found: list[Article] = list(articles)
        return IndexReport(
            tuple(Outcome(each.id, "failed", 0, "It is too odd.") for each in found)
        )


class Away(ReferenceEngine):
    """Is away."""

    def index(self, articles: Any, /, **_: Any) -> IndexReport:
        raise EngineUnavailableError("The engine is away.", retry_after=7)


def posted(engine: ReferenceEngine, *, lines: bool) -> Any:
    app: Flask = application(Settings(log="off"), engine)
    kind = "application/x-ndjson" if lines else JSON
    raw = b'{"id":"a","title":"a","published_at":"2024"}'
    answer = app.test_client().post("/v1/articles", data=raw, content_type=kind)
    engine.close()
    return answer


def test_an_article_that_the_engine_refuses_is_a_422() -> None:
    one, many = posted(Refusing(), lines=False), posted(Refusing(), lines=True)
    assert (one.status_code, many.status_code) == (422, 422)
    assert one.json["detail"] == "It is too odd."
    assert many.json["errors"] == [
        {
            "line": 1,
            "id": ArticleId("a"),
            "errors": [{"pointer": "", "detail": "It is too odd."}],
        }
    ]


@pytest.mark.parametrize("lines", [False, True])
def test_an_engine_that_is_away_is_a_503(*, lines: bool) -> None:
    answer = posted(Away(), lines=lines)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
