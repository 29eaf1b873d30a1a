from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from search.article import Article
from search.result import IndexReport
from tests.reference import ReferenceEngine

PATH = "/v1/articles/a"
FIRST = {"title": "First", "published_at": "2024"}
SECOND = FIRST | {"title": "Second"}


@pytest.fixture
def tag(client: FlaskClient) -> str:
    """The entity tag of an article that is there."""
    return client.put(PATH, json=FIRST).headers["ETag"]


def test_a_new_id_is_put_without_a_condition(client: FlaskClient) -> None:
    answer = client.put(PATH, json=FIRST)
    assert (answer.status_code, answer.location) == (201, PATH)
    assert answer.json is not None
    assert answer.json["id"] == "a"
    assert answer.headers["ETag"] == f'"{answer.json["version"]}"'


def test_a_taken_id_needs_if_match(client: FlaskClient, tag: str) -> None:
    answer = client.put(PATH, json=SECOND)
    assert answer.status_code == 428
    assert client.get(PATH).headers["ETag"] == tag


def test_the_version_that_was_read_is_replaced(client: FlaskClient, tag: str) -> None:
    answer = client.put(PATH, json=SECOND, headers={"If-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag
    assert client.get(PATH).data == answer.data


def test_a_stale_version_is_not_replaced(client: FlaskClient, tag: str) -> None:
    now = client.put(PATH, json=SECOND, headers={"If-Match": tag}).headers["ETag"]
    answer = client.put(PATH, json=FIRST, headers={"If-Match": tag})
    assert answer.status_code == 412
    assert answer.mimetype == "application/problem+json"
    assert client.get(PATH).headers["ETag"] == now


@pytest.mark.parametrize("suffix", [":zstd", ":br", ":gzip", "-gzip", ";gzip"])
def test_a_tag_that_a_compressor_changed_still_matches(
    client: FlaskClient, tag: str, suffix: str
) -> None:
    changed = tag[:-1] + suffix + '"'
    known = client.get(PATH, headers={"If-None-Match": changed})
    assert known.status_code == 304
    answer = client.put(PATH, json=SECOND, headers={"If-Match": changed})
    assert answer.status_code == 200


def test_any_version_matches_an_asterisk_but_none_does_not(
    client: FlaskClient, tag: str
) -> None:
    header = {"If-Match": "*"}
    assert client.put(PATH, json=SECOND, headers=header).status_code == 200
    assert client.put("/v1/articles/b", json=FIRST, headers=header).status_code == 412
    assert client.get("/v1/articles/b").status_code == 404
    assert tag


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ('"1", {}', 200),
        ('{}, "1"', 200),
        ("W/{}", 412),
        ('"1"', 412),
        ('"x"', 412),
        ("", 412),
    ],
)
def test_only_a_strong_tag_that_is_among_those_given_matches(
    client: FlaskClient, tag: str, written: str, status: int
) -> None:
    header = {"If-Match": written.format(tag)}
    assert client.put(PATH, json=SECOND, headers=header).status_code == status


def test_if_match_of_an_article_that_is_gone_is_a_412(
    client: FlaskClient, tag: str
) -> None:
    client.delete(PATH)
    assert client.put(PATH, json=SECOND, headers={"If-Match": tag}).status_code == 412


def test_if_none_match_with_an_asterisk_only_creates(
    client: FlaskClient, tag: str
) -> None:
    header = {"If-None-Match": "*"}
    assert client.put("/v1/articles/b", json=FIRST, headers=header).status_code == 201
    assert client.put(PATH, json=SECOND, headers=header).status_code == 412
    assert client.get(PATH).headers["ETag"] == tag


def test_another_id_in_the_body_is_a_422_before_any_condition(
    client: FlaskClient, tag: str
) -> None:
    body = SECOND | {"id": "b"}
    answer = client.put(PATH, json=body, headers={"If-Match": '"1"'})
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"][0]["pointer"] == "/id"
    assert client.put(PATH, json=SECOND | {"id": "a"}).status_code == 428
    assert tag


def test_a_dry_run_checks_the_condition(client: FlaskClient, tag: str) -> None:
    path = f"{PATH}?dry_run=true"
    assert client.put(path, json=SECOND).status_code == 428
    assert client.put(path, json=SECOND, headers={"If-Match": '"1"'}).status_code == 412
    assert client.put(path, json=SECOND, headers={"If-Match": tag}).status_code == 200
    assert client.get(PATH).headers["ETag"] == tag


def test_an_article_is_removed_once(client: FlaskClient, tag: str) -> None:
    gone = client.delete(f"{PATH}?refresh=true")
    assert (gone.status_code, gone.data) == (204, b"")
    assert "Content-Type" not in gone.headers
    assert client.delete(PATH).status_code == 404
    assert client.delete(PATH, headers={"If-Match": tag}).status_code == 404
    assert client.get(PATH).status_code == 404


def test_a_stale_version_is_not_removed(client: FlaskClient, tag: str) -> None:
    assert client.delete(PATH, headers={"If-Match": '"1"'}).status_code == 412
    assert client.get(PATH).status_code == 200
    assert client.delete(PATH, headers={"If-Match": tag}).status_code == 204


def test_a_delete_takes_no_dry_run(client: FlaskClient, tag: str) -> None:
    assert client.delete(f"{PATH}?dry_run=true").status_code == 400
    assert client.get(PATH).headers["ETag"] == tag


def test_a_client_that_has_the_version_gets_a_304(
    client: FlaskClient, tag: str
) -> None:
    for header in (tag, f"W/{tag}", "*", f'"1", {tag}'):
        answer = client.get(PATH, headers={"If-None-Match": header})
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == tag
    assert client.get(PATH, headers={"If-None-Match": '"1"'}).status_code == 200


class Meddled(ReferenceEngine):
    """Somebody else writes the same article before each of the first writes."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def index(self, articles: Any, /, **options: Any) -> IndexReport:
        [article] = list(articles)
        if options.get("if_version") and self.times:
            self.times -= 1
            values = {"id": article.id, "published_at": article.published_at}
            super().index([Article(title=f"Other {self.times}", **values)])
        return super().index([article], **options)


class Vanishing(ReferenceEngine):
    """Somebody else removes each article first."""

    def delete(self, article_ids: Any, /, **options: Any) -> int:
        given = list(article_ids)
        super().delete(given)
        return super().delete(given, **options)


def test_an_article_that_somebody_else_removes_first_is_a_404(app: Flask) -> None:
    app.extensions["dateline-engine"] = Vanishing()
    client = app.test_client()
    client.put(PATH, json=FIRST)
    assert client.delete(PATH).status_code == 404


def meddled(app: Flask, times: int, header: str) -> int:
    engine = Meddled(times)
    app.extensions["dateline-engine"] = engine
    client = app.test_client()
    tag = client.put(PATH, json=FIRST).headers["ETag"]
    answer = client.put(PATH, json=SECOND, headers={"If-Match": header.format(tag)})
    engine.close()
    return answer.status_code


def test_a_version_that_is_replaced_meanwhile_is_a_412(app: Flask) -> None:
    assert meddled(app, 1, "{}") == 412


def test_an_asterisk_prevails_over_others_or_gives_up_with_a_409(app: Flask) -> None:
    assert meddled(app, 3, "*") == 200
    assert meddled(app, 100, "*") == 409


def test_no_update_is_lost_between_clients(app: Flask) -> None:
    app.test_client().put(PATH, json=FIRST | {"metadata": {"count": 0}})

    def count(_: int) -> None:
        client = app.test_client()
        while True:
            got = client.get(PATH)
            assert got.json is not None
            number = got.json["metadata"]["count"] + 1
            sent = client.put(
                PATH,
                json=FIRST | {"metadata": {"count": number}},
                headers={"If-Match": got.headers["ETag"]},
            )
            if sent.status_code == 200:
                return
            assert sent.status_code == 412

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(200)))
    found = app.test_client().get(PATH).json
    assert found is not None
    assert found["metadata"] == {"count": 200}
