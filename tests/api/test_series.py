"""Timelines beside a timeline: of values, of all articles, of a second question."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from search.article import Entity
from tests.api.archive import START, article, articles, ask, follow
from tests.reference import ReferenceEngine


@pytest.fixture(autouse=True)
def archive(engine: ReferenceEngine) -> None:
    engine.index(articles())


def total(client: FlaskClient, address: str) -> int:
    found: int = follow(client, address)["total"]["value"]
    return found


def check(client: FlaskClient, line: dict[str, Any], count: int) -> None:
    """See that buckets sum up and lead to as many articles as they count."""
    assert sum(bucket["count"] for bucket in line["buckets"]) == count
    for bucket in line["buckets"]:
        assert total(client, bucket["url"]) == bucket["count"]


QUESTIONS: list[dict[str, Any]] = [
    {},
    {"q": "carbon OR levy", "company": ["Shell plc", "bp"], "tag_not": "opinion"},
    {"company": "shell", "from_": "2024-03-30T12:30", "to": "2024-04-08"},
    {"q": "zeppelin"},
    {"q": "zeppelin", "from_": "2024-03", "to": "2024-05"},
]


@pytest.mark.parametrize("query", QUESTIONS)
@pytest.mark.parametrize("field", ["company", "lang"])
def test_each_of_the_most_frequent_values_has_a_timeline_of_its_own(
    client: FlaskClient, query: dict[str, Any], field: str
) -> None:
    common = {**query, "interval": "week", "tz": "Europe/Berlin"}
    answer = ask(client, "timeline", by=field, **common)
    check(client, answer, answer["total"]["value"])
    base = ask(client, "articles", facet=field, facet_mode="and", limit=0, **common)[
        "facets"
    ][field]
    lines = answer["by"]["values"]
    assert [(line["id"], line["count"]) for line in lines] == [
        (value["id"], value["count"]) for value in base["values"]
    ]
    for key in ("missing", "distinct", "distinct_exact"):
        assert answer["by"][key] == base[key]
    for line in lines:
        check(client, line, line["count"])
        assert total(client, line["url"]) == line["count"]
        assert [(b["from"], b["to"]) for b in line["buckets"]] == [
            (b["from"], b["to"]) for b in answer["buckets"]
        ]


def test_facet_size_says_how_many_values(client: FlaskClient) -> None:
    answer = ask(client, "timeline", by="company", facet_size=2)
    assert [line["id"] for line in answer["by"]["values"]] == ["shell", "bp"]
    own = ask(client, "timeline", by="company", facet_company_size=1)
    assert len(own["by"]["values"]) == 1


@pytest.mark.parametrize("query", QUESTIONS)
def test_a_share_is_the_part_of_all_articles_of_the_bucket(
    client: FlaskClient, query: dict[str, Any]
) -> None:
    answer = ask(
        client, "timeline", share="true", by="company", interval="week", **query
    )
    period = {key: query[key] for key in ("from_", "to") if key in query}
    every = ask(client, "timeline", interval="week", **period)
    counts = {bucket["from"]: bucket["count"] for bucket in every["buckets"]}
    for line in (answer, *answer["by"]["values"]):
        for bucket in line["buckets"]:
            assert bucket["all"] == counts[bucket["from"]]
            part = bucket["count"] / bucket["all"] if bucket["all"] else None
            assert bucket["share"] == part


@pytest.mark.parametrize("query", QUESTIONS)
def test_a_second_question_is_counted_on_the_same_axis(
    client: FlaskClient, query: dict[str, Any]
) -> None:
    second = "q=bank&company=Shell plc&company=BP"
    answer = ask(client, "timeline", compare=second, interval="week", **query)
    other = answer["compare"]
    assert other["query"]["filters"]["company"]["any"][0]["id"] == "shell"
    check(client, other, other["total"]["value"])
    assert [b["from"] for b in other["buckets"]] == [
        b["from"] for b in answer["buckets"]
    ]
    if answer["buckets"]:
        assert total(client, other["url"]) == other["total"]["value"]
    else:
        assert other["url"] is None


def test_the_first_article_of_each_bucket_is_shown(client: FlaskClient) -> None:
    answer = ask(client, "timeline", top="true", sort="oldest", interval="week")
    for bucket in answer["buckets"]:
        first = follow(client, bucket["url"])["items"][0]
        assert bucket["top"]["id"] == first["id"]
        assert [*bucket["top"]] == ["id", "title", "source", "url", "published_at"]
    chosen = ask(client, "timeline", top="true", fields="title", interval="week")
    assert [*chosen["buckets"][0]["top"]] == ["id", "title"]
    hours = ask(client, "timeline", top="true", interval="hour", q="carbon")
    assert {bool(bucket["top"]) == bool(bucket["count"]) for bucket in hours["buckets"]}
    assert None in [bucket["top"] for bucket in hours["buckets"]]


def test_a_table_has_a_row_for_each_bucket_and_value(client: FlaskClient) -> None:
    query = {"by": "company", "interval": "week", "facet_size": 2}
    answer = ask(client, "timeline", **query)
    table = client.get("/v1/timeline.csv?by=company&interval=week&facet.size=2").text
    rows = list(csv.reader(io.StringIO(table, newline="")))
    assert rows[0] == ["from", "to", "id", "name", "count"]
    expected = {
        (bucket["from"], line["id"]): str(bucket["count"])
        for line in answer["by"]["values"]
        for bucket in line["buckets"]
    }
    assert {(row[0], row[2]): row[4] for row in rows[1:]} == expected


def test_a_table_has_columns_for_all_that_is_asked_for(client: FlaskClient) -> None:
    query = "interval=week&share=true&compare=q%3Dbank&top=true&q=carbon"
    answer = follow(client, f"/v1/timeline?{query}")
    text = client.get(f"/v1/timeline.csv?{query}").text
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert ",".join(header) == (
        "from,to,count,all,share,compare,top_id,top_title,top_url"
    )
    for row, bucket, other in zip(
        rows, answer["buckets"], answer["compare"]["buckets"], strict=True
    ):
        assert row[2:4] == [str(bucket["count"]), str(bucket["all"])]
        assert row[5] == str(other["count"])
        assert row[6] == (bucket["top"] or {"id": ""})["id"]


@pytest.mark.parametrize(
    ("compare", "told", "suggestion"),
    [
        ("merger", "question", None),
        ("q=(", "q: ", None),
        ("compny=BP", "compny", "company=BP"),
        ("company=BP&date=indexed", "date: ", None),
        ("q=a&from=2024", "from: ", None),
        ("sort=new", "sort: ", None),
        ("company=Nobody&strict=true", "company: ", None),
    ],
)
def test_what_is_wrong_in_the_second_question_names_compare(
    client: FlaskClient, compare: str, told: str, suggestion: str | None
) -> None:
    problem = ask(client, "timeline", 400, compare=compare)
    assert problem["parameter"] == "compare"
    assert told in problem["detail"]
    assert suggestion is None or problem["suggestion"] == suggestion


def test_strict_holds_for_the_second_question_too(client: FlaskClient) -> None:
    query = {"compare": "company=Nobody"}
    [warning] = ask(client, "timeline", **query)["warnings"]
    assert (warning["parameter"], warning["value"]) == ("compare", "Nobody")
    problem = ask(client, "timeline", 400, strict="true", **query)
    assert (problem["parameter"], problem["type"]) == ("compare", "/problems/strict")


def test_too_many_buckets_together_are_refused(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    many = tuple(Entity(f"c{number}", f"C {number}") for number in range(20))
    engine.index([article(99, companies=many)])
    period = {"from_": "1998-01", "to": "2024", "interval": "week", "share": "true"}
    problem = ask(client, "timeline", 400, by="company", facet_size=20, **period)
    assert problem["parameter"] == "interval"
    assert "20,000" in problem["detail"]


def test_top_articles_of_too_many_buckets_are_refused(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    later = ((n, START + timedelta(hours=n)) for n in range(100, 550))
    engine.index(article(n, published_at=moment) for n, moment in later)
    problem = ask(client, "timeline", 400, top="true", interval="hour")
    assert (problem["parameter"], "top" in problem["detail"]) == ("interval", True)
