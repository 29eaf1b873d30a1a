"""Every parameter: what is taken, what is refused, and that nothing is ignored."""

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings, strategies as st

from api import openapi
from schemas.views import VIEWS, View
from search.catalog import FACET_FIELDS
from tests.api.archive import articles, ask, ids
from tests.reference import ReferenceEngine

PATHS: dict[View, str] = {
    "articles": "articles",
    "count": "count",
    "facets": "facets/company",
    "timeline": "timeline",
}


@pytest.fixture(autouse=True)
def archive(engine: ReferenceEngine) -> None:
    engine.index(articles(20))


def refusal(client: FlaskClient, query: str, path: str = "articles") -> Any:
    answer = client.get(f"/v1/{path}?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.mimetype == "application/problem+json"
    return answer.json


@pytest.mark.parametrize("view", PATHS)
def test_the_same_parameters_work_on_every_path(
    client: FlaskClient, view: View
) -> None:
    names = [
        name for name in VIEWS["articles"].fields if name not in ("cursor", "sort")
    ]
    for name in names:
        query = {name: VALUES.get(name, "1" if name.endswith("size") else "bp")}
        answer = client.get(f"/v1/{PATHS[view]}", query_string=query)
        assert answer.status_code == 200, (name, answer.text)


VALUES = {
    "q.syntax": "simple",
    "from": "2024-03",
    "to": "today",
    "date": "indexed",
    "tz": "Asia/Tokyo",
    "boost.recent": "7d",
    "limit": "3",
    "page": "2",
    "facet": "tag",
    "facet.size": "5",
    "facet.sort": "name",
    "facet.mode": "and",
    "interval": "month",
    "fields": "title",
    "highlight": "title",
    "highlight.size": "50",
    "highlight.count": "2",
    "highlight.format": "offsets",
    "strict": "false",
}


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("compny", "company"),
        ("companies", None),
        ("company.nt", "company.not"),
        ("facets", "facet"),
        ("Q", "q"),
        ("company[]", "company"),
        ("explain", None),
        ("zzzzzz", None),
    ],
)
def test_an_unknown_parameter_is_refused_and_the_nearest_named(
    client: FlaskClient, name: str, nearest: str | None
) -> None:
    for value in ("1", ""):
        problem = refusal(client, f"{quote(name)}={value}")
        assert problem["type"] == "/problems/unknown-parameter"
        assert problem["parameter"] == name
        if nearest:
            assert problem["suggestion"] == nearest


@pytest.mark.parametrize("view", ["articles", "count", "timeline"])
def test_a_parameter_of_one_view_is_unknown_elsewhere(
    client: FlaskClient, view: View
) -> None:
    for name in ("match", "size", "after"):
        problem = refusal(client, f"{name}=1", PATHS[view])
        assert problem["type"] == "/problems/unknown-parameter"
        assert "another path" in problem["detail"]


SINGLE = [
    name for name in VIEWS["articles"].fields if name.split(".")[0] not in FACET_FIELDS
]


def test_a_single_value_that_is_repeated_is_refused(client: FlaskClient) -> None:
    for name in SINGLE:
        value = VALUES.get(name, "1")
        problem = refusal(client, f"{name}={value}&{name}={value}")
        assert problem["parameter"] == name


def test_an_empty_value_means_not_given(client: FlaskClient) -> None:
    empty = "&".join(f"{name}=" for name in VIEWS["articles"].fields)
    everything = ask(client, "articles")
    answer = client.get(f"/v1/articles?{empty}&company=%20")
    assert ids(answer.json) == ids(everything)
    shown = {**answer.json["links"], "next": None}
    assert shown == {**everything["links"], "next": None}
    assert client.get("/v1/articles?limit=&limit=3").status_code == 200


@pytest.mark.parametrize(
    ("query", "parameter", "suggestion"),
    [
        ("limit=101", "limit", "100"),
        ("limit=-1", "limit", "0"),
        ("limit=ten", "limit", None),
        ("limit=1_0", "limit", None),
        ("limit=1.5", "limit", None),
        ("limit=%D9%A3", "limit", None),
        ("limit=99999999999999999999", "limit", None),
        ("page=0", "page", "1"),
        ("facet.size=0", "facet.size", "1"),
        ("facet.size=101", "facet.size", "100"),
        ("facet.company.size=101", "facet.company.size", "100"),
        ("facet=compny", "facet", "company"),
        ("facet=company,title", "facet", None),
        ("facet.sort=relevance", "facet.sort", None),
        ("facet.mode=xor", "facet.mode", "or"),
        ("sort=newst", "sort", "newest"),
        ("sort=-published_at", "sort", None),
        ("date=publish", "date", "published"),
        ("interval=weeks", "interval", "week"),
        ("highlight=boddy", "highlight", "body"),
        ("highlight=source", "highlight", None),
        ("highlight.format=text", "highlight.format", None),
        ("highlight.size=1", "highlight.size", "20"),
        ("highlight.count=0", "highlight.count", "1"),
        ("q.syntax=lucene", "q.syntax", None),
        ("strict=yes", "strict", None),
        ("strict=1", "strict", None),
        ("boost.recent=soon", "boost.recent", "7d"),
        ("boost.recent=0d", "boost.recent", "7d"),
        ("tz=Europe/Berln", "tz", "Europe/Berlin"),
        ("tz=../../etc/passwd", "tz", None),
        ("tz=%2Fetc%2Flocaltime", "tz", None),
        ("tz=localtime", "tz", None),
        ("from=soon", "from", None),
        ("to=2024-13", "to", None),
        ("from=2024-W12", "from", None),
        ("from=0001", "from", None),
        ("from=99999y", "from", None),
        ("to=9999-12-31T23:59:59-14:00", "to", None),
    ],
)
def test_a_value_that_cannot_be_taken_is_refused_and_never_clamped(
    client: FlaskClient, query: str, parameter: str, suggestion: str | None
) -> None:
    problem = refusal(client, query)
    assert problem["type"] == "/problems/invalid-parameter"
    assert problem["parameter"] == parameter
    if suggestion:
        assert problem["suggestion"] == suggestion


def test_from_after_to_is_refused(client: FlaskClient) -> None:
    problem = refusal(client, "from=2024-05-18&to=2024-05-17")
    assert problem["parameter"] == "from"
    assert ask(client, "count", from_="2024-03-29", to="2024-03-29")["total"] == 3


@pytest.mark.parametrize("written", ["%2B02:00", "+02:00", "%2b02%3A00"])
def test_a_zone_may_arrive_with_a_space_for_its_plus(
    client: FlaskClient, written: str
) -> None:
    answer = client.get(f"/v1/articles?from=2024-03-30T10:00:00{written}")
    assert answer.json["query"]["from"] == "2024-03-30T08:00:00Z"
    again = client.get(answer.json["links"]["self"])
    assert again.json["query"] == answer.json["query"]


def test_a_filter_takes_100_values_and_not_more(client: FlaskClient) -> None:
    names = [f"name {number}" for number in range(101)]
    for suffix in ("", ".all", ".not"):
        assert ask(client, "count", **{f"tag{suffix}": names[:100]})
        query = "&".join(f"tag{suffix}={quote(name)}" for name in names)
        assert refusal(client, query)["parameter"] == f"tag{suffix}"


def test_a_name_may_hold_commas_and_ampersands(client: FlaskClient) -> None:
    assert ask(client, "count", company="Tesla, Inc.")["total"] == 5
    assert ask(client, "count", tag="Politics & Power")["total"] == 8


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        ("tag=b&q=x&tag=a", [("tag", "b"), ("q", "x"), ("tag", "a")]),
        ("tag=a+b&tag=a%2Bb&tag=a%26b", [("tag", t) for t in ("a b", "a+b", "a&b")]),
        ("q=&tag&a=b=c&&;", [("q", ""), ("tag", ""), ("a", "b=c"), (";", "")]),
        ("q=%C5%81%c3%b3d%C5%BA", [("q", "Łódź")]),
        ("q=\u00c5%81\u00c3\u00b3d", [("q", "Łód")]),  # half of the bytes as they are
    ],
)
def test_parameters_are_read_in_the_order_they_came(
    app: Flask, query: str, pairs: list[tuple[str, str]]
) -> None:
    with app.test_request_context(environ_overrides={"QUERY_STRING": query}):
        assert openapi.pairs() == pairs


def test_an_address_keeps_the_order_of_repeated_parameters(client: FlaskClient) -> None:
    asked = "/v1/articles?company=bp&q=tax&company=shell&tag=energy"
    assert client.get(asked).json["links"]["self"] == asked


@pytest.mark.parametrize("char", ["%00", "%01", "%0A", "%7F", "%C2%85", "%E2%80%A8"])
def test_a_control_character_in_a_value_is_refused(
    client: FlaskClient, char: str
) -> None:
    problem = refusal(client, f"company=Sh{char}ell")
    assert problem["status"] == 400


def test_white_space_of_any_kind_may_part_the_words_of_q(client: FlaskClient) -> None:
    plain = ask(client, "count", q="carbon levy")
    assert ask(client, "count", q="carbon\n\tlevy\r\n") == plain
    assert plain["total"] > 0


def test_a_long_value_is_not_told_in_full(client: FlaskClient) -> None:
    problem = refusal(client, f"sort={'x' * 1000}")
    assert len(problem["detail"]) < 300
    assert "1,000" in refusal(client, f"company={'x' * 1001}")["detail"]
    assert len(refusal(client, f"{'x' * 3000}=1")["parameter"]) <= 100


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("AND AND")
@example("*")
@example("©♭")
@example("\x00")
@example('a:"b/\\')
@example("(" * 900)
@given(
    st.text(max_size=60)
    | st.text('ab "():*~-\\/+&|^[]{}<>=!?\u202e\u0301', max_size=60)
    | st.lists(
        st.sampled_from(["AND", "OR", "NOT", "(", ")", '"', "a", "-", "title:"])
    ).map(" ".join)
)
def test_any_text_is_a_question_or_a_problem(app: Flask, text: str) -> None:
    with app.test_client() as client:
        for syntax in ("full", "simple"):
            query = {"q": text, "q.syntax": syntax, "limit": 1, "highlight": "title"}
            answer = client.get("/v1/articles", query_string=query)
            assert answer.status_code in (200, 400)
            if answer.status_code == 200:
                assert client.get(answer.json["links"]["self"]).status_code == 200


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(sorted(VIEWS["facets"].fields)),
        st.text(max_size=8) | st.sampled_from(["1", "7d", "true", "name", "tag", "bp"]),
        max_size=4,
    )
)
def test_any_values_are_a_question_or_a_problem(
    app: Flask, query: dict[str, str]
) -> None:
    with app.test_client() as client:
        for path in PATHS.values():
            answer = client.get(f"/v1/{path}", query_string=query)
            assert answer.status_code in (200, 400), (path, answer.text)
