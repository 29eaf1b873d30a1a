"""POST /v1/search: the same parameters as a form or a JSON object."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.api.archive import articles
from tests.reference import ReferenceEngine

Post = Callable[[Any], Any]


@pytest.fixture(autouse=True)
def archive(engine: ReferenceEngine) -> None:
    engine.index(articles(20))


@pytest.fixture
def post(client: FlaskClient) -> Post:
    return lambda body: client.post("/v1/search", json=body)


def test_a_body_asks_the_same_as_an_address(client: FlaskClient, post: Post) -> None:
    body = {
        "q": "carbon OR levy",
        "company": ["Shell plc", "Tesla, Inc."],
        "tag.not": "opinion",
        "facet": ["company", "tag"],
        "fields": "title,source",
        "limit": 5,
        "strict": True,
        "section": None,
    }
    address = {**body, "facet": "company,tag", "strict": "true", "section": ""}
    answer, plain = post(body), client.get("/v1/articles", query_string=address)
    form = client.post("/v1/search", data=address)
    assert answer.status_code == form.status_code == 200, answer.text
    for each in (answer.json, form.json):
        for key in ("query", "total", "items", "facets"):
            assert list(each[key]) == list(plain.json[key])
        assert set(each["links"]) == set(plain.json["links"])
    assert answer.headers["X-Total-Count"] == plain.headers["X-Total-Count"]
    assert client.get(answer.json["links"]["next"]).status_code == 200
    assert form.headers["Link"] == f'<{form.json["links"]["next"]}>; rel="next"'


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"compny": "BP"}, "/compny"),
        ({"company": ["BP", 3]}, "/company/1"),
        ({"company": {"id": "bp"}}, "/company"),
        ({"facet": 1}, "/facet"),
        ({"facet": ["company", "compny"]}, "/facet"),
        ({"limit": "ten"}, "/limit"),
        ({"limit": 1.5}, "/limit"),
        ({"limit": True}, "/limit"),
        ({"limit": 101}, "/limit"),
        ({"strict": 1}, "/strict"),
        ({"q": 1}, "/q"),
        ({"q": '"carbon tax'}, "/q"),
        ({"q": ["a", "b"]}, "/q"),
        ({"cursor": "x"}, "/cursor"),
        ({"person": "Xerxes", "strict": True}, "/person"),
        ({"interval": "hour", "from": "1990"}, "/interval"),
        ([], ""),
        ("q", ""),
    ],
)
def test_a_fault_of_a_json_body_has_a_pointer(
    post: Post, body: Any, pointer: str
) -> None:
    answer = post(body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]


def test_a_fault_in_the_q_of_a_body_says_where_and_what_would_work(post: Post) -> None:
    [fault] = post({"q": 'merger "carbon tax'}).json["errors"]
    assert "character 7" in fault["detail"]
    assert 'merger "carbon tax"' in fault["detail"]


@pytest.mark.parametrize("raw", [b"", b"{", b'{"q": "a", "q": "b"}', b'{"q": NaN}'])
def test_what_is_not_json_is_refused(client: FlaskClient, raw: bytes) -> None:
    answer = client.post("/v1/search", data=raw, content_type="application/json")
    assert answer.status_code == 422


def test_a_fault_of_a_form_names_its_parameter(client: FlaskClient) -> None:
    answer = client.post("/v1/search", data={"limit": "101"})
    assert (answer.status_code, answer.json["parameter"]) == (400, "limit")
    strict = client.post("/v1/search", data={"person": "Xerxes", "strict": "true"})
    assert (strict.status_code, strict.json["parameter"]) == (400, "person")
    form = "application/x-www-form-urlencoded"
    raw = client.post("/v1/search", data=b"q=%ff", content_type=form)
    assert raw.status_code == 422


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        ("text/plain", {}),
        ("multipart/form-data", {}),
        ("application/json", {"Content-Encoding": "gzip"}),
    ],
)
def test_another_kind_of_body_is_refused(
    client: FlaskClient, kind: str, headers: dict[str, str]
) -> None:
    answer = client.post("/v1/search", data=b"{}", content_type=kind, headers=headers)
    assert answer.status_code == 415


def test_a_question_has_a_largest_size(client: FlaskClient) -> None:
    raw = b'{"q": "' + b"a" * 1_000_000 + b'"}'
    answer = client.post("/v1/search", data=raw, content_type="application/json")
    assert answer.status_code == 413


def test_parameters_beside_a_body_are_refused(client: FlaskClient) -> None:
    answer = client.post("/v1/search?limit=3", json={})
    assert (answer.status_code, answer.json["parameter"]) == (400, "limit")


def test_a_question_too_long_for_an_address_has_a_next_page_and_no_other_links(
    client: FlaskClient, post: Post
) -> None:
    names = [f"{'x' * 90} {number}" for number in range(99)]
    body = {"company": ["Shell plc", *names], "limit": 2}
    answer = post({**body, "facet": "company", "interval": "day"})
    assert "Link" not in answer.headers
    links = answer.json["links"]
    assert {name for name, link in links.items() if link} == {"next"}
    for value in answer.json["facets"]["company"]["values"]:
        assert (value["apply"], value["remove"]) == (None, None)
    assert client.get(answer.json["facets"]["company"]["values"][0]["url"]).json
    assert not any(bucket["url"] for bucket in answer.json["timeline"]["buckets"])
    [cursor] = parse_qs(urlsplit(links["next"]).query)["cursor"]
    second = post({**body, "cursor": cursor})
    assert len(second.json["items"]) == 2
    assert second.json["items"] != answer.json["items"]
