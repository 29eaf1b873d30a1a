"""What caches, browsers and compressing clients rely on."""

import gzip
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.encoding import SMALLEST
from api.origins import EXPOSED
from api.settings import Settings, SettingsError, load
from tests.api.archive import articles
from tests.application import application
from tests.reference import ReferenceEngine

VIEWS = [
    *("/v1/", "/v1/articles", "/v1/articles.json", "/v1/articles.csv"),
    *("/v1/articles.ndjson", "/v1/articles/a001", "/v1/count", "/v1/timeline"),
    *("/v1/timeline.csv", "/v1/facets/tag", "/v1/facets/tag.csv", "/v1/openapi.json"),
]
TIMED = {"X-Request-ID", "Content-Length", "Link"}
"""Headers with the time in them, or the time that an answer took."""

GZIP = {"Accept-Encoding": "gzip"}
HERE, THERE = "http://localhost:3000", "https://news.example"
KEY = "sesame-sesame-sesame"


def made(**settings: Any) -> FlaskClient:
    engine = ReferenceEngine()
    engine.index(articles(40))
    return application(Settings(log="off", **settings), engine).test_client()


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return made()


def unpacked(answer: TestResponse) -> bytes:
    assert answer.headers["Content-Encoding"] == "gzip"
    return gzip.decompress(answer.data)


@pytest.mark.parametrize("path", VIEWS)
def test_a_head_has_the_headers_of_the_answer(path: str, client: FlaskClient) -> None:
    for headers in ({}, GZIP):
        head = client.head(path, headers=headers)
        answer = client.get(path, headers=headers)
        assert (head.status_code, head.data) == (200, b"")
        told, expected = dict(head.headers), dict(answer.headers)
        assert told.keys() == expected.keys()
        for name in told.keys() - TIMED:
            assert told[name] == expected[name]


@pytest.mark.parametrize("path", VIEWS)
def test_options_and_a_wrong_method_say_what_a_path_takes(
    path: str, client: FlaskClient
) -> None:
    allowed = client.options(path).headers["Allow"]
    assert {"GET", "HEAD", "OPTIONS"} <= {*allowed.split(", ")}
    wrong = client.patch(path)
    assert wrong.status_code == 405
    assert {*wrong.headers["Allow"].split(", ")} == {*allowed.split(", ")}
    assert "GET" in (wrong.json or {})["detail"]


@pytest.mark.parametrize("path", [*VIEWS, "/docs/swagger-ui.css"])
def test_a_long_answer_is_compressed_for_who_takes_it(
    path: str, client: FlaskClient
) -> None:
    plain = client.get(path)
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.vary
    packed = client.get(path, headers=GZIP)
    assert "Accept-Encoding" in packed.vary
    if len(plain.data) < SMALLEST and not plain.is_streamed:
        assert "Content-Encoding" not in packed.headers
    else:
        lengths = [len(unpacked(packed)), len(plain.data)]
        assert max(lengths) - min(lengths) < 100  # the time that it took is in it


@pytest.mark.parametrize(
    "wanted", ["identity", "br, zstd", "gzip;q=0", "", "*;q=0", "deflate"]
)
def test_nothing_is_compressed_for_who_does_not_take_it(
    wanted: str, client: FlaskClient
) -> None:
    for path in ("/v1/articles", "/v1/articles.csv"):
        answer = client.get(path, headers={"Accept-Encoding": wanted})
        assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("path", ["/v1/articles.csv", "/v1/articles.ndjson"])
def test_an_empty_export_is_compressed_too(path: str, client: FlaskClient) -> None:
    answer = client.get(f"{path}?q=nothing", headers=GZIP)
    assert unpacked(answer) == client.get(f"{path}?q=nothing").data


def test_a_compressed_article_has_a_tag_of_its_own_that_may_be_sent_back() -> None:
    client = made()
    long = {"title": "Long", "published_at": "2024", "body": "word " * 1_000}
    plain = client.put("/v1/articles/long", json=long).headers["ETag"]
    packed = client.get("/v1/articles/long", headers=GZIP).headers["ETag"]
    assert packed == plain[:-1] + '-gzip"'
    for tag in (plain, packed):
        known = client.get("/v1/articles/long", headers={"If-None-Match": tag})
        assert known.status_code == 304
    done = client.put("/v1/articles/long", json=long, headers={"If-Match": packed})
    assert done.status_code == 200


def test_a_compressed_search_is_known_by_the_same_tag(client: FlaskClient) -> None:
    packed = client.get("/v1/articles", headers=GZIP).headers["ETag"]
    assert packed == client.get("/v1/articles").headers["ETag"]
    known = client.get("/v1/articles", headers={**GZIP, "If-None-Match": packed})
    assert (known.status_code, known.data) == (304, b"")
    assert "Content-Encoding" not in known.headers
    assert {"Accept", "Accept-Encoding"} <= {*known.vary}


def test_an_article_says_when_it_was_last_changed(client: FlaskClient) -> None:
    answer = client.get("/v1/articles/a001")
    changed = answer.headers["Last-Modified"]
    told = (answer.json or {})["indexed_at"]
    assert told.startswith(parsedate_to_datetime(changed).strftime("%Y-%m-%dT%H:%M:%S"))
    since = {"If-Modified-Since": changed}
    known = client.get("/v1/articles/a001", headers=since)
    assert (known.status_code, known.headers["ETag"]) == (304, answer.headers["ETag"])
    early = {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}
    assert client.get("/v1/articles/a001", headers=early).status_code == 200
    both = {**since, "If-None-Match": '"1"'}
    assert client.get("/v1/articles/a001", headers=both).status_code == 200
    broken = {"If-Modified-Since": "yesterday"}
    assert client.get("/v1/articles/a001", headers=broken).status_code == 200


def test_what_only_counts_or_lists_has_no_date_of_change(client: FlaskClient) -> None:
    for path in ("/v1/articles", "/v1/count", "/v1/articles.csv"):
        assert "Last-Modified" not in client.get(path).headers


def asked_from(
    client: FlaskClient, origin: str, path: str = "/v1/articles"
) -> Mapping[str, str]:
    return client.get(path, headers={"Origin": origin}).headers


ALLOWED = "Access-Control-Allow-Origin"


@pytest.mark.parametrize(
    ("origins", "origin", "allowed"),
    [
        *(("local", HERE, HERE), ("local", "http://127.0.0.1:5173", "same")),
        *(("local", "http://[::1]:80", "same"), ("local", "https://localhost", "same")),
        *(("local", THERE, None), ("local", "http://localhost.evil.example", None)),
        *(("local", "null", None), ("local", "http://localhost:3000.evil", None)),
        *(("*", THERE, "*"), ("none", HERE, None), (THERE, HERE, None)),
        *((THERE, THERE, THERE), (f"{HERE} , {THERE}", THERE, THERE)),
        *((THERE, THERE + ".evil", None), (THERE, "https://news", None)),
    ],
)
def test_pages_of_allowed_origins_may_read(
    origins: str, origin: str, allowed: str | None
) -> None:
    headers = asked_from(made(origins=origins), origin)
    assert headers.get(ALLOWED) == (origin if allowed == "same" else allowed)
    assert ("Origin" in headers["Vary"]) == (origins != "*")
    assert "Access-Control-Allow-Credentials" not in headers


@pytest.mark.parametrize("path", [*VIEWS, "/nowhere", "/v1/articles?q=("])
def test_a_page_may_read_every_answer_and_its_headers(
    path: str, client: FlaskClient
) -> None:
    headers = asked_from(client, HERE, path)
    assert headers[ALLOWED] == HERE
    exposed = headers["Access-Control-Expose-Headers"].split(", ")
    assert exposed == [*EXPOSED]
    ours = {"ETag", "Link", "X-Total-Count", "X-Request-ID", "Content-Disposition"}
    assert ours <= {*exposed}


def test_who_does_not_come_from_a_page_is_told_nothing(client: FlaskClient) -> None:
    headers = client.get("/v1/articles").headers
    assert ALLOWED not in headers
    assert "Origin" in headers["Vary"]


def preflight(client: FlaskClient, path: str, method: str) -> set[str]:
    answer = client.options(
        path,
        headers={
            "Origin": HERE,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert answer.status_code == 200
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    return {*answer.headers["Access-Control-Allow-Methods"].split(", ")}


def test_a_page_may_write_only_where_that_takes_a_key(client: FlaskClient) -> None:
    reads = {"GET", "HEAD", "OPTIONS"}
    assert preflight(client, "/v1/articles", "POST") == reads
    assert preflight(client, "/v1/articles/a001", "PUT") == reads
    keyed = made(write_key=KEY)
    assert preflight(keyed, "/v1/articles", "POST") == reads | {"POST"}
    assert preflight(keyed, "/v1/articles/a1", "PUT") == reads | {"PUT", "DELETE"}


def test_a_page_may_send_a_long_question(client: FlaskClient) -> None:
    assert "POST" in preflight(client, "/v1/search", "POST")


@pytest.mark.parametrize(
    "value",
    ["all", "example.org", "https://a/b", "https://a/", "local, https://a", ","],
)
def test_origins_that_are_none_are_refused(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_ORIGINS", value)
    with pytest.raises(SettingsError, match="DATELINE_ORIGINS: Take local"):
        load()


@pytest.mark.parametrize("value", ["local", "*", "none", f"{THERE}, {HERE}"])
def test_origins_are_read_from_the_environment(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_ORIGINS", f" {value} ")
    assert load().origins == value
