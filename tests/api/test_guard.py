"""What every request passes and every answer carries, and who may write."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.guard import HEADERS
from api.settings import Settings
from schemas.entities import PLURALS
from search.entities.profile import Profile
from tests.api.archive import articles
from tests.application import application
from tests.reference import ReferenceEngine

KEY = "sesame-sesame-sesame"
PLACES = {
    "here, no key": Settings(),
    "here, a key": Settings(write_key=KEY),
    "public, no key": Settings(host="0.0.0.0"),
    "public, a key": Settings(host="0.0.0.0", write_key=KEY),
}
SENT = {"none": {}, "wrong": {"Authorization": "Bearer no"}, "right": {}}
SENT["right"] = {"Authorization": f"Bearer {KEY}"}
DONE, MISSING, WRONG, REFUSED = 0, 401, 403, 403
EXPECTED = {
    "here, no key": {"none": DONE, "wrong": DONE, "right": DONE},
    "here, a key": {"none": MISSING, "wrong": WRONG, "right": DONE},
    "public, no key": {"none": REFUSED, "wrong": REFUSED, "right": REFUSED},
    "public, a key": {"none": MISSING, "wrong": WRONG, "right": DONE},
}
WRITES = {
    ("POST", "/v1/articles"),
    ("PUT", "/v1/articles/<article_id>"),
    ("DELETE", "/v1/articles/<article_id>"),
    *(("PUT", f"/v1/{word}/<entity_id>") for word in PLURALS),
    *(("DELETE", f"/v1/{word}/<entity_id>") for word in PLURALS),
}
READS = {
    *("/", "/articles", "/articles.json", "/articles/<article_id>", "/openapi.json"),
    *("/articles/<article_id>.ninjs", "/articles/<article_id>.jsonld"),
    *("/articles/<article_id>/similar", "/articles/<article_id>/similar.json"),
    *("/quotes", "/quotes.json", "/quotes.csv", "/quotes.ndjson"),
    *("/count", "/count.json", "/count.txt"),
    *("/articles.csv", "/articles.ndjson"),
    *("/articles.rss", "/articles.atom", "/articles.jsonfeed"),
    *("/facets/<field>", "/facets/<field>.csv", "/facets/<field>.json"),
    *("/timeline", "/timeline.csv", "/timeline.json"),
    *(f"/{word}/<entity_id>" for word in PLURALS),
    "/suggest",
    *("/significant", "/significant.csv", "/significant.json"),
    *("/graph", "/graph.csv", "/graph.json", "/graph.graphml"),
}
ROUTES = {
    *WRITES,
    *(("GET", f"/v1{path}") for path in READS),
    *(("POST", "/v1/search"), ("GET", "/docs"), ("GET", "/docs/<name>")),
    *(("GET", "/"), ("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics")),
    ("GET", "/problems/<slug>"),
}
FILLED = {
    "<article_id>": "a001",
    "<entity_id>": "known",
    "<field>": "tag",
    "<slug>": "busy",
    "<name>": "docs.js",
}


@pytest.fixture(scope="module")
def clients() -> dict[str, FlaskClient]:
    return {
        place: application(settings, filled()).test_client()
        for place, settings in PLACES.items()
    }


@pytest.fixture(scope="module")
def client(clients: dict[str, FlaskClient]) -> FlaskClient:
    return clients["here, no key"]


def filled() -> ReferenceEngine:
    engine = ReferenceEngine()
    engine.index(articles(3))
    engine.entities.put(
        Profile(kind=kind, id="known", name="Known") for kind in PLURALS.values()
    )
    return engine


def address(rule: str) -> str:
    if rule.startswith("/v1/quotes"):
        return rule + "?q=tax"
    for name, value in FILLED.items():
        rule = rule.replace(name, value)
    return rule


def send(
    client: FlaskClient, method: str, rule: str, headers: dict[str, str]
) -> TestResponse:
    body: dict[str, Any] = {}
    if rule == "/v1/search":
        body = {"json": {"q": "tax"}}
    elif method == "PUT" and "entity" in rule:
        body = {"json": {"name": "Known"}}
    elif method in ("PUT", "POST"):
        body = {"json": {"title": "New", "published_at": "2024"}}
        headers = {**headers, "If-Match": "*"}
    return client.open(address(rule), method=method, headers=headers, **body)


def test_every_route_is_in_the_table_of_who_may_use_it(client: FlaskClient) -> None:
    rules = {
        (method, rule.rule)
        for rule in client.application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert rules == ROUTES


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("sent", SENT)
def test_a_route_is_open_to_those_who_may_use_it_and_to_no_other(
    place: str, sent: str, clients: dict[str, FlaskClient]
) -> None:
    for method, rule in sorted(each for each in ROUTES if each[0] != "DELETE"):
        answer = send(clients[place], method, rule, SENT[sent])
        expected = EXPECTED[place][sent] if (method, rule) in WRITES else DONE
        allowed = {expected} if expected else {200, 201}
        assert answer.status_code in allowed, (method, rule, answer.text[:300])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("sent", SENT)
def test_something_is_removed_by_those_who_may(place: str, sent: str) -> None:
    client = application(PLACES[place], filled()).test_client()
    for path in ("/v1/articles/a001", "/v1/companies/known"):
        answer = client.delete(path, headers=SENT[sent])
        expected = EXPECTED[place][sent] or 204
        assert answer.status_code == expected
        kept = client.get(path).status_code == 200
        assert kept == (expected != 204)


@pytest.mark.parametrize(
    "header",
    [
        *(f"bearer {KEY}", f"BEARER  {KEY}  "),
    ],
)
def test_the_scheme_of_a_key_has_no_case(
    header: str, clients: dict[str, FlaskClient]
) -> None:
    answer = send(
        clients["here, a key"], *("POST", "/v1/articles"), {"Authorization": header}
    )
    assert answer.status_code in (200, 201)


@pytest.mark.parametrize(
    ("header", "status"),
    [
        *((KEY, 401), (f"Basic {KEY}", 401), ("Bearer", 401), ("Bearer ", 401)),
        *((f"Bearer {KEY}x", 403), (f"Bearer {KEY[:-1]}", 403), ("Bearer ÿé", 403)),
        (f"Bearer {KEY.upper()}", 403),
    ],
)
def test_what_is_not_the_key_does_not_open(
    header: str, status: int, clients: dict[str, FlaskClient]
) -> None:
    answer = send(
        clients["here, a key"], *("POST", "/v1/articles"), {"Authorization": header}
    )
    assert answer.status_code == status
    assert KEY not in answer.text


def test_a_key_in_the_address_opens_nothing(clients: dict[str, FlaskClient]) -> None:
    client = clients["here, a key"]
    answer = client.post(f"/v1/articles?api_key={KEY}", json={})
    assert answer.status_code == 401
    answer = client.get(f"/v1/articles?api_key={KEY}")
    assert answer.status_code == 400
    assert KEY not in answer.text


def test_a_long_question_needs_no_key(clients: dict[str, FlaskClient]) -> None:
    for path in ("/v1/search", "/v1/search/"):
        answer = clients["public, no key"].post(path, json={"q": "tax"})
        assert answer.status_code == 200


@pytest.mark.parametrize("place", PLACES)
def test_what_cannot_be_done_at_all_says_so_before_it_asks_for_a_key(
    place: str, clients: dict[str, FlaskClient]
) -> None:
    assert clients[place].post("/v1/count").status_code == 405
    assert clients[place].patch("/v1/articles/a001").status_code == 405
    assert clients[place].post("/nowhere").status_code == 404


ANSWERS = [
    *(("GET", "/v1/articles"), ("GET", "/v1/articles/a001"), ("GET", "/docs")),
    *(("GET", "/docs/docs.css"), ("GET", "/healthz"), ("GET", "/metrics")),
    *(("GET", "/nowhere"), ("GET", "/v1/count?q=%ff"), ("POST", "/v1/count")),
    *(("HEAD", "/v1/articles"), ("OPTIONS", "/v1/articles"), ("TRACE", "/v1/")),
    *(("POST", "/v1/articles"), ("GET", "/v1/articles?q=("), ("FOO", "/v1/count")),
]


@pytest.mark.parametrize(("method", "path"), ANSWERS)
def test_every_answer_has_the_headers_that_protect(
    method: str, path: str, client: FlaskClient
) -> None:
    headers = client.open(path, method=method).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == HEADERS["Referrer-Policy"]
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Cache-Control"]
    assert len(headers["X-Request-ID"]) == 32


@pytest.mark.parametrize("name", ["a-name-of-mine", "A" * 64, "12345678"])
def test_a_request_keeps_its_own_name(name: str, client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers={"X-Request-ID": name})
    assert answer.headers["X-Request-ID"] == name
    assert (answer.json or {})["request_id"] == name


@pytest.mark.parametrize(
    "name", ["short", "A" * 65, "with space", "under_score", "é" * 9, "12345678\t"]
)
def test_a_name_that_could_do_harm_is_replaced(name: str, client: FlaskClient) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": name})
    assert len(answer.headers["X-Request-ID"]) == 32


def test_a_head_has_what_the_answer_would_have(client: FlaskClient) -> None:
    head, answer = client.head("/v1/articles"), client.get("/v1/articles")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["X-Total-Count"] == answer.headers["X-Total-Count"]
    assert head.headers["ETag"] == answer.headers["ETag"]


def test_options_say_what_a_path_takes(client: FlaskClient) -> None:
    answer = client.options("/v1/articles")
    allowed = {*answer.headers["Allow"].split(", ")}
    assert allowed == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize(
    "query", ["q=%00", "q=a%07b", "q=%1b[2J", "%01=x", "q=%7f", "q=%ff", "q=%c3%28"]
)
def test_an_address_with_broken_or_hidden_characters_is_refused(
    query: str, client: FlaskClient
) -> None:
    for path in ("articles", "count", "timeline", "facets/tag"):
        answer = client.get(f"/v1/{path}?{query}")
        assert answer.status_code == 400
        assert (answer.json or {})["type"] == "/problems/bad-request"


@pytest.mark.parametrize("path", ["//v1/count", "/v1//count", "/v1/articles//a001"])
def test_no_answer_repeats_the_host_that_a_client_named(
    path: str, client: FlaskClient
) -> None:
    answer = client.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 404
    assert "evil" not in answer.text + str(answer.headers)


@pytest.mark.parametrize("path", ["/v1/count/", "/v1/articles/", "/docs/", "/v1"])
def test_a_slash_at_the_end_makes_no_difference(path: str, client: FlaskClient) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("host", ["a b", "a<b", 'a"b', "a/b", "é"])
def test_a_host_that_is_none_is_refused(host: str, client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 400


def test_the_keys_do_not_show_where_settings_are_printed() -> None:
    assert KEY not in repr(PLACES["here, a key"])
