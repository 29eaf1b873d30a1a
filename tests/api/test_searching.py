"""GET /v1/articles and POST /v1/search: what is found and how it is told."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from search.catalog import KEYS
from tests.api.archive import articles, ask
from tests.reference import ReferenceEngine


@pytest.fixture(autouse=True)
def archive(engine: ReferenceEngine) -> None:
    engine.index(articles())


def companies(item: dict[str, Any]) -> set[str]:
    return {entity["id"] for entity in item["companies"]}


def test_the_answer_has_the_keys_of_the_contract(client: FlaskClient) -> None:
    plain = ask(client, "articles", q="carbon")
    rich = ask(client, "articles", facet="tag", interval="day")
    assert list(plain) == ["query", "total", "took_ms", "items", "warnings", "links"]
    assert set(rich) == {*plain, "facets", "timeline"}


def test_every_item_has_the_same_keys_and_no_body(client: FlaskClient) -> None:
    items = ask(client, "articles", limit=60)["items"]
    assert len(items) == 60
    assert {frozenset(item) for item in items} == {frozenset(KEYS) - {"body"}}


def test_values_within_a_parameter_are_alternatives(client: FlaskClient) -> None:
    answer = ask(client, "articles", company=["shell", "Tesla, Inc."], limit=100)
    assert all(companies(item) & {"shell", "tesla-inc"} for item in answer["items"])
    assert answer["total"]["value"] == sum(
        any(company.id in ("shell", "tesla-inc") for company in each.companies)
        for each in articles()
    )


def test_all_needs_every_value_and_one_does_not_stand_for_two(
    client: FlaskClient,
) -> None:
    both = ask(client, "articles", company_all=["shell", "bp"], limit=100)
    same = ask(client, "articles", company_all=["Shell plc", "shell"], limit=100)
    assert both["items"]
    assert all({"shell", "bp"} <= companies(item) for item in both["items"])
    assert same["total"]["value"] > both["total"]["value"]


def test_not_leaves_out_every_value(client: FlaskClient) -> None:
    answer = ask(client, "articles", company_not=["shell", "bp"], limit=100)
    assert answer["items"]
    assert not any(companies(item) & {"shell", "bp"} for item in answer["items"])


def test_every_hit_satisfies_every_filter_whatever_q_is(client: FlaskClient) -> None:
    answer = ask(
        client,
        "articles",
        q="carbon OR merger OR -rate",
        company="bp",
        tag_not="opinion",
        source="reuters",
        limit=100,
    )
    assert answer["items"]
    for item in answer["items"]:
        assert "bp" in companies(item)
        assert item["source"] == "Reuters"
        assert "opinion" not in {entity["id"] for entity in item["tags"]}


def test_fields_gives_those_asked_for_and_the_id(client: FlaskClient) -> None:
    answer = ask(client, "articles", fields="title, body", limit=2)
    assert [list(item) for item in answer["items"]] == [["id", "title", "body"]] * 2


def test_fields_with_a_minus_are_removed_from_the_usual_ones(
    client: FlaskClient,
) -> None:
    [item] = ask(client, "articles", fields="-summary,-url", limit=1)["items"]
    assert set(item) == set(KEYS) - {"body", "summary", "url"}


@pytest.mark.parametrize("value", ["title,-url", "-id", "title,nonsense", "companys"])
def test_fields_that_cannot_be_are_refused(client: FlaskClient, value: str) -> None:
    assert ask(client, "articles", 400, fields=value)["parameter"] == "fields"


def test_there_is_a_score_in_relevance_order_only(client: FlaskClient) -> None:
    assert "score" in ask(client, "articles", q="carbon")["items"][0]
    assert "score" not in ask(client, "articles", q="carbon", sort="newest")["items"][0]
    everything = ask(client, "articles", sort="relevance")
    assert everything["query"]["sort"] == "newest"
    assert "score" not in everything["items"][0]


def test_limit_0_gives_counts_only(client: FlaskClient) -> None:
    answer = ask(client, "articles", limit=0, facet="company")
    assert (answer["items"], answer["links"]["next"]) == ([], None)
    assert answer["total"] == {"value": 60, "exact": True}
    assert answer["facets"]["company"]["values"]


def test_zero_hits_are_an_answer(client: FlaskClient) -> None:
    answer = ask(client, "articles", q="zeppelin")
    assert (answer["total"]["value"], answer["items"]) == (0, [])


def test_highlights_are_escaped_html(client: FlaskClient) -> None:
    answer = ask(client, "articles", q='"carbon tax" script', highlight="body,title")
    marked = answer["items"][0]["highlight"]
    assert "<em>carbon tax</em>" in marked["body"][0]
    assert "&lt;<em>script</em>&gt;" in marked["body"][0]
    assert "<script>" not in str(marked)


def test_highlights_as_offsets_cut_the_match_out_of_the_field(
    client: FlaskClient,
) -> None:
    answer = ask(
        client,
        "articles",
        q="lodz",
        highlight="body",
        highlight_format="offsets",
        fields="body",
    )
    for item in answer["items"]:
        [piece] = item["highlight"]["body"]
        [match] = piece["matches"]
        assert item["body"][match["start"] : match["end"]] == "Łódź"
        assert item["body"][piece["start"] : piece["end"]] == piece["text"]


def test_an_item_has_highlights_only_where_they_are_asked_for(
    client: FlaskClient,
) -> None:
    assert "highlight" not in ask(client, "articles", q="carbon")["items"][0]
    unmatched = ask(client, "articles", q="carbon", highlight="summary")["items"][0]
    assert unmatched["highlight"] == {}


def test_the_total_and_the_next_page_stand_in_the_headers(client: FlaskClient) -> None:
    answer = client.get("/v1/articles?limit=7")
    assert answer.headers["X-Total-Count"] == "60"
    assert answer.headers["Link"] == f'<{answer.json["links"]["next"]}>; rel="next"'
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Link" not in client.get("/v1/articles?limit=60").headers


def test_head_has_the_headers_and_no_body(client: FlaskClient) -> None:
    answer = client.head("/v1/articles?q=carbon")
    assert (answer.status_code, answer.data) == (200, b"")
    assert int(answer.headers["X-Total-Count"]) > 0


def test_a_client_that_has_the_answer_gets_304_until_something_changes(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    tag = client.get("/v1/articles?q=carbon").headers["ETag"]
    known = {"If-None-Match": tag}
    same = client.get("/v1/articles?q=carbon", headers=known)
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag)
    assert client.get("/v1/articles?q=tax", headers=known).status_code == 200
    engine.delete([articles()[0].id])
    assert client.get("/v1/articles?q=carbon", headers=known).status_code == 200


def test_the_suffix_json_wins_over_what_is_accepted(client: FlaskClient) -> None:
    html = {"Accept": "text/html"}
    assert client.get("/v1/articles.json", headers=html).status_code == 200
    refused = client.get("/v1/articles", headers=html)
    assert (refused.status_code, refused.mimetype) == (406, "application/problem+json")
    browser = {"Accept": "text/html,*/*;q=0.8"}
    assert client.get("/v1/articles", headers=browser).status_code == 200


CURLS = [
    "q=merger&company=AAPL",
    "q=%22carbon+tax%22+OR+levy&company=Shell&company=BP&tag.not=opinion&from=2024-05",
    "person=merkel&tag.all=eu&tag.all=energy&facet=company,person,tag"
    "&facet.size=20&limit=0",
    "q=title%3Abank*+%22rate+cut%22~4+-crypto&sort=newest",
    "company=Tesla%2C%20Inc.&company=AT%26T&highlight=title%2Cbody",
]


@pytest.mark.parametrize("query", CURLS)
def test_the_lines_of_the_contract_work_as_printed(
    client: FlaskClient, query: str
) -> None:
    assert client.get(f"/v1/articles?{query}").status_code == 200


def test_a_count_is_json_or_a_bare_number(client: FlaskClient) -> None:
    assert ask(client, "count", q="title:(carbon OR levy)") == {"total": 30}
    plain = client.get("/v1/count?company=bp", headers={"Accept": "text/plain"})
    assert plain.mimetype == "text/plain"
    assert "Accept" in plain.vary
    assert int(plain.text) == ask(client, "count.json", company="bp")["total"]
    refused = client.get("/v1/count", headers={"Accept": "image/png"})
    assert refused.status_code == 406
