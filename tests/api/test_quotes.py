"""GET /v1/quotes: where the words stand, in three formats."""

import csv
import io
import json
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from schemas.quoting import shares
from search.article import Article, ArticleId
from tests.api.archive import article, articles, ask, follow
from tests.reference import ReferenceEngine

KEYS = [
    *("article", "title", "source", "published_at", "url"),
    *("field", "left", "match", "right", "start", "end"),
]


@pytest.fixture(autouse=True)
def archive(engine: ReferenceEngine) -> None:
    engine.index(articles())


def lines(client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    answer = client.get("/v1/quotes.ndjson", query_string=query)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.data.splitlines()]


def table(client: FlaskClient, **query: Any) -> list[dict[str, str]]:
    answer = client.get("/v1/quotes.csv", query_string=query)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def walked(client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    page = ask(client, "quotes", **query)
    rows = page["items"]
    while page["links"]["next"]:
        page = follow(client, page["links"]["next"])
        rows += page["items"]
    return list(rows)


def text(engine: ReferenceEngine, row: dict[str, Any]) -> str:
    one: Article = engine.get(ArticleId(row["article"])).article()
    return str(getattr(one, row["field"]))


def test_every_format_has_the_same_rows(client: FlaskClient) -> None:
    asked = {"q": '"carbon tax" OR levy', "company": "Shell"}
    rows = lines(client, **asked)
    assert rows
    assert [list(row) for row in rows] == [KEYS] * len(rows)
    assert walked(client, **asked, sort="oldest", limit=3) == rows
    cells = table(client, **asked)
    assert [list(row) for row in cells] == [KEYS] * len(rows)
    assert [row["match"] for row in cells] == [row["match"] for row in rows]


def test_offsets_cut_the_match_out_of_the_field(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    marked = "🙂 Die Lo\u0301dzer 👩‍👩‍👧 tax — TAXES 🙂"
    engine.index([article(70, body=marked, title="tax 🙂 tax")])
    rows = lines(client, q="tax")
    assert {row["article"] for row in rows} >= {"a070", "a001"}
    for row in rows:
        whole = text(engine, row)
        assert whole[row["start"] : row["end"]] == row["match"]
        assert whole[: row["start"]].endswith(row["left"])
        assert whole[row["end"] :].startswith(row["right"])
    mine = [(r["field"], r["match"]) for r in rows if r["article"] == "a070"]
    assert mine == [
        ("title", "tax"),
        ("title", "tax"),
        ("body", "tax"),
        ("body", "TAXES"),
    ]


def test_a_row_tells_of_its_article(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    engine.index(
        [article(70, url="https://example.org/x", source="Reuters", body="zebra")]
    )
    [row] = ask(client, "quotes", q="zebra")["items"]
    assert row == {
        "article": "a070",
        "title": article(70).title,
        "source": "Reuters",
        "published_at": article(70).published_at.isoformat().replace("+00:00", "Z"),
        "url": "https://example.org/x",
        "field": "body",
        "left": "",
        "match": "zebra",
        "right": "",
        "start": 0,
        "end": 5,
    }
    [cells] = table(client, q="zebra", tz="Europe/Berlin")
    moment = datetime.fromisoformat(cells["published_at"])
    assert cells["published_at"].endswith("+02:00")
    assert abs((moment - article(70).published_at).total_seconds()) < 0.001


def test_total_pages_and_filters_are_those_of_a_search(client: FlaskClient) -> None:
    asked = {"q": "carbon", "tag": "energy"}
    page = ask(client, "quotes", limit=5, **asked)
    search = ask(client, "articles", limit=5, **asked)
    assert page["total"] == search["total"]
    listed = list(dict.fromkeys(row["article"] for row in page["items"]))
    assert listed == [item["id"] for item in search["items"]]
    second = ask(client, "quotes", limit=5, page=2, **asked)
    assert follow(client, second["links"]["prev"])["items"] == page["items"]
    assert follow(client, second["links"]["first"])["items"] == page["items"]


def test_links_lead_to_the_other_formats_and_back(client: FlaskClient) -> None:
    links = ask(client, "quotes", q="carbon", limit=3, sort="relevance", page=2)[
        "links"
    ]
    assert links["csv"] == "/v1/quotes.csv?q=carbon"
    assert client.get(links["csv"]).status_code == 200
    assert client.get(links["ndjson"]).status_code == 200
    for name in ("articles", "count", "timeline"):
        follow(client, links[name])
    back = follow(client, links["articles"])["links"]
    assert back["quotes"] == "/v1/quotes?q=carbon"
    assert ask(client, "articles", company="BP")["links"]["quotes"] is None


def test_fields_and_the_size_of_the_surroundings_are_chosen(
    client: FlaskClient,
) -> None:
    rows = lines(client, q="carbon", highlight="title", **{"highlight.size": 20})
    assert {row["field"] for row in rows} == {"title"}
    assert all(len(row["left"] + row["right"]) <= 20 for row in rows)
    wide = lines(client, q="levy", highlight="body", **{"highlight.size": 1000})
    assert wide[0]["left"] + wide[0]["match"] + wide[0]["right"] == article(1).body


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"company": "BP"},
        {"q": "company:BP"},
        {"q": "-tax"},
        {"q": "title:tax", "highlight": "body"},
    ],
)
@pytest.mark.parametrize("suffix", ["", ".csv", ".ndjson"])
def test_a_question_without_words_is_a_400_that_says_what_to_do(
    query: dict[str, str], suffix: str, client: FlaskClient
) -> None:
    answer = client.get(f"/v1/quotes{suffix}", query_string=query)
    assert answer.status_code == 400
    assert (answer.json or {})["parameter"] == "q"
    assert "Give q a word" in (answer.json or {})["detail"]


def test_words_that_are_none_have_no_quotes_and_a_warning(client: FlaskClient) -> None:
    answer = ask(client, "quotes", q="©")
    assert (answer["items"], answer["total"]["value"]) == ([], 0)
    assert answer["warnings"][0]["code"] == "empty-query"
    assert table(client, q="zebra") == []


def test_cells_are_no_formulas(client: FlaskClient, engine: ReferenceEngine) -> None:
    engine.index([article(70, title="=1+1 zebra", body="-zebra@=x")])
    first, second = table(client, q="zebra")
    assert first["title"] == "'=1+1 zebra"
    assert (first["left"], second["left"]) == ("'=1+1 ", "'-")
    assert second["right"] == "'@=x"


def test_a_stream_goes_on_behind_an_article(client: FlaskClient) -> None:
    rows = lines(client, q="carbon")
    names = list(dict.fromkeys(row["article"] for row in rows))
    rest = lines(client, q="carbon", after=names[4])
    assert rest == [row for row in rows if row["article"] in names[5:]]
    answer = client.get(f"/v1/quotes.csv?q=carbon&after={names[4]}").text
    assert not answer.startswith("article,")
    newest = lines(client, q="carbon", sort="newest")
    assert newest[0]["article"] == names[-1]


def test_a_table_has_a_mark_for_excel_and_a_file_name(client: FlaskClient) -> None:
    answer = client.get("/v1/quotes.csv?q=tax&bom=true")
    assert answer.data.startswith("\ufeffarticle,title".encode())
    assert 'filename="quotes.csv"' in answer.headers["Content-Disposition"]
    assert answer.headers["X-Total-Count"] == str(
        ask(client, "count", q="tax")["total"]
    )


def test_a_page_that_lists_not_all_of_an_article_says_so(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    engine.index([article(70, title="zebra", body="zebra " * 1_200)])
    answer = ask(client, "quotes", q="zebra")
    assert len(answer["items"]) == 1_000
    assert answer["warnings"] == [
        {"code": "more-quotes", "parameter": "q", "value": "a070"}
    ]
    assert len(lines(client, q="zebra")) == 1_201


def test_a_page_of_many_articles_lists_as_many_matches_of_each(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    long = [article(100 + n, title="zebra", body="zebra " * 300) for n in range(100)]
    engine.index(long)
    answer = ask(client, "quotes", q="zebra", limit=100)
    assert len(answer["items"]) == 20_000
    assert len(answer["warnings"]) == 100


def test_a_page_looks_through_a_million_characters_the_short_articles_whole(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    filled = "words between " * 80_000
    long = [
        article(100 + n, title="one", body=f"zebra {filled} zebra") for n in range(2)
    ]
    engine.index([*long, article(102, title="two", body="zebra " * 7)])
    answer = ask(client, "quotes", q="zebra")
    found = [row["article"] for row in answer["items"]]
    assert sorted(found) == ["a100", "a101", *["a102"] * 7]
    assert {one["value"] for one in answer["warnings"]} == {"a100", "a101"}
    assert len(lines(client, q="zebra")) == 11
    assert all(row["right"] for row in answer["items"][:2])


def test_what_is_not_enough_for_all_is_shared_as_it_is_needed() -> None:
    assert shares([5, 1_000, 20, 900], 326) == [6, 150, 21, 149]
    assert shares([5, 10], 1_000) == [6, 11]
    assert shares([], 10) == []


@pytest.mark.parametrize("suffix", ["", ".csv", ".ndjson"])
def test_nothing_new_is_a_304(suffix: str, client: FlaskClient) -> None:
    address = f"/v1/quotes{suffix}?q=tax"
    tag = client.get(address).headers["ETag"]
    answer = client.get(address, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")


@pytest.mark.parametrize("parameter", ["fields", "facet", "page", "limit"])
def test_a_stream_refuses_what_means_nothing_in_it(
    parameter: str, client: FlaskClient
) -> None:
    answer = client.get("/v1/quotes.csv", query_string={"q": "tax", parameter: "1"})
    assert (answer.status_code, (answer.json or {})["parameter"]) == (400, parameter)
