"""Answers that a client has already: told so as long as that is true, and no longer."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.told import MOST, Answered, Stamp, Told
from tests.api.archive import articles
from tests.reference import ReferenceEngine


@pytest.fixture
def filled(engine: ReferenceEngine, client: FlaskClient) -> FlaskClient:
    engine.index(articles(20))
    return client


def again(client: FlaskClient, path: str, first: TestResponse) -> TestResponse:
    return client.get(path, headers={"If-None-Match": first.headers["ETag"]})


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/articles?limit=3", "/v1/articles?from=2024"),
        *("/v1/count?tag=energy", "/v1/timeline.csv", "/v1/articles.rss"),
    ],
)
def test_a_304_has_the_headers_of_the_answer_that_it_stands_for(
    path: str, filled: FlaskClient
) -> None:
    first = filled.get(path)
    for _ in range(2):
        same = again(filled, path, first)
        assert (same.status_code, same.data) == (304, b"")
        for name in ("ETag", "Vary"):
            assert same.headers[name] == first.headers[name]


def test_a_change_of_the_archive_ends_what_was_told(
    filled: FlaskClient, engine: ReferenceEngine
) -> None:
    first = filled.get("/v1/articles")
    assert again(filled, "/v1/articles", first).status_code == 304
    engine.index(articles(21), refresh=True)
    assert again(filled, "/v1/articles", first).status_code == 200


def test_a_change_of_what_a_name_means_ends_what_was_told(filled: FlaskClient) -> None:
    path = "/v1/articles?company=Nobody+Ltd"
    first = filled.get(path)
    assert again(filled, path, first).status_code == 304
    filled.put("/v1/companies/bp", json={"name": "BP", "aliases": ["Nobody Ltd"]})
    assert again(filled, path, first).status_code == 200


def test_another_format_of_the_same_address_is_another_answer(
    filled: FlaskClient,
) -> None:
    first = filled.get("/v1/timeline")
    headers = {"If-None-Match": first.headers["ETag"], "Accept": "text/csv"}
    assert filled.get("/v1/timeline", headers=headers).status_code == 200


def test_a_tag_does_not_make_a_wrong_question_right(filled: FlaskClient) -> None:
    first = filled.get("/v1/articles")
    assert again(filled, "/v1/articles?limit=x", first).status_code == 400


def test_only_the_last_addresses_are_remembered() -> None:
    told = Told()
    for number in range(MOST + 1):
        told.keep(("/", b"%d" % number, "*/*"), Answered(Stamp("stamp"), {}, ()))
    assert told.find(("/", b"0", "*/*")) is None
    assert told.find(("/", b"1", "*/*")) == Answered(Stamp("stamp"), {}, ())
