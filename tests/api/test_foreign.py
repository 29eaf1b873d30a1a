"""Articles that are posted in other people's formats."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.current import dismiss
from api.settings import Settings
from tests.application import application
from tests.reference import ReferenceEngine

TEXT = "Levy rises\n\nIt rises in March.\n\nTags\nElsmere, Shipping\n"
RSS = (
    "<rss version='2.0'><channel><title>Elsmere Wire</title>"
    "<item><title>Zölle</title><link>https://example.org/a</link>"
    "<pubDate>Fri, 17 May 2024 10:00:00 GMT</pubDate></item>"
    "<item><link>https://example.org/b</link></item></channel></rss>"
)
NINJS = {"uri": "urn:x:1", "headlines": [{"role": "main", "value": "Levy"}]}
NITF = "<nitf><body><body.head><hedline><hl1>Levy</hl1></hedline></body.head></body></nitf>"
PAGE = "<html><head><meta property='article:published_time' content='2024-05-17'>"
PAGE += f"<title>Levy</title></head><body><p>{'It rises. ' * 40}</p></body></html>"
CURL = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    app = application(Settings(), ReferenceEngine())
    yield app.test_client()
    dismiss(app)


def post(
    client: FlaskClient, text: str | bytes, kind: str, query: str = "", **more: str
) -> TestResponse:
    headers = {name.replace("_", "-"): value for name, value in more.items()}
    path = f"/v1/articles?{query}"
    return client.post(path, data=text, content_type=kind, headers=headers)


def report(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    assert isinstance(answer.json, dict)
    return answer.json


def test_a_plain_text_becomes_an_article_with_a_report(client: FlaskClient) -> None:
    told = report(post(client, TEXT, "text/plain"))
    assert (told["lines"], told["created"], told["failed"]) == (1, 1, 0)
    [item] = told["items"]
    [warned] = told["warnings"]
    assert warned["id"] == item["id"]
    assert [each["pointer"] for each in warned["warnings"]] == ["/published_at"]
    stored = client.get(f"/v1/articles/{item['id']}").json
    assert stored is not None
    assert stored["title"] == "Levy rises"
    assert [tag["name"] for tag in stored["tags"]] == ["Elsmere", "Shipping"]


def test_sent_again_it_is_unchanged(client: FlaskClient) -> None:
    text = TEXT.replace("Levy", "Toll")
    post(client, text, "text/plain")
    assert report(post(client, text, "text/plain"))["unchanged"] == 1


def test_what_curl_sends_without_a_type_is_recognised(client: FlaskClient) -> None:
    assert report(post(client, "Gull seen\n\nA gull.", CURL))["created"] == 1
    assert report(post(client, NITF, "application/octet-stream"))["created"] == 1
    refused = post(client, '{"title":"a","published_at":"2024"}', CURL)
    assert refused.status_code == 415
    assert "application/json" in refused.text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text/html", PAGE),
        ("application/nitf+xml", NITF),
        ("application/xml", NITF),
        ("application/ninjs+json", json.dumps(NINJS)),
        ("text/csv", "title,date\nLevy,2024-05-17\n"),
    ],
)
def test_the_type_says_the_format(client: FlaskClient, kind: str, text: str) -> None:
    told = report(post(client, text, kind, "dry_run=true"))
    assert (told["created"] + told["unchanged"], told["failed"]) == (1, 0)


def test_columns_of_a_table_are_named_in_the_address(client: FlaskClient) -> None:
    table = "Headline;Day;Who\nColumn inches;2024-05-17;Ann Lee\n"
    asked = "column=title=Headline&column=published_at=Day&column=authors=Who"
    told = report(post(client, table, "text/csv", asked))
    stored = client.get(f"/v1/articles/{told['items'][0]['id']}").json
    assert stored is not None
    assert (stored["title"], stored["authors"]) == ("Column inches", ["Ann Lee"])
    assert stored["published_at"] == "2024-05-17T00:00:00Z"


@pytest.mark.parametrize(
    ("column", "kind", "text", "detail"),
    [
        ("title", "text/csv", "a\n1\n", "Write KEY=COLUMN"),
        ("titel=a", "text/csv", "a\n1\n", "one of these keys: id, title"),
        ("title=", "text/csv", "a\n1\n", "Write KEY=COLUMN"),
        ("title=a&column=title=b", "text/csv", "a,b\n1,2\n", "in one column only"),
        ("title=a", "text/plain", "a\n\nb", "Only a CSV has columns"),
        ("title=a", "application/json", "{}", "Only a CSV has columns"),
        ("title=a", "application/x-ndjson", "{}", "Only a CSV has columns"),
    ],
)
def test_a_column_that_cannot_be_taken_is_refused(
    column: str, kind: str, text: str, detail: str, client: FlaskClient
) -> None:
    refused = post(client, text, kind, f"column={column}")
    assert refused.status_code == 400
    assert refused.json is not None
    assert refused.json["parameter"] == "column"
    assert detail in refused.json["detail"]


def test_a_feed_is_reported_item_by_item(client: FlaskClient) -> None:
    told = report(post(client, RSS, "application/rss+xml"))
    assert (told["lines"], told["created"], told["failed"]) == (2, 1, 1)
    [failed] = told["errors"]
    assert failed["line"] == 2
    assert failed["errors"] == [{"pointer": "/title", "detail": "This is needed."}]


def test_the_charset_of_the_type_is_used(client: FlaskClient) -> None:
    text = "Zölle ˝ fest\n\nHöher.".encode("iso-8859-2")
    told = report(post(client, text, "text/plain; charset=iso-8859-2"))
    stored = client.get(f"/v1/articles/{told['items'][0]['id']}").json
    assert stored is not None
    assert stored["title"] == "Zölle ˝ fest"


def test_a_dry_run_stores_nothing_and_a_report_may_be_short(
    client: FlaskClient,
) -> None:
    told = report(
        post(client, "Nowhere\n\nx", "text/plain", "dry_run=true&report=errors")
    )
    assert told["created"] == 1
    assert "items" not in told
    assert client.get("/v1/articles?q=nowhere&limit=0").json["total"]["value"] == 0


@pytest.mark.parametrize(
    ("kind", "text", "detail"),
    [
        ("text/html", "<p>hi", "There is no article in this page"),
        ("application/rss+xml", "<a/>", "This is no feed"),
        ("application/xml", "<a/>", "XML with the root 'a' is not read here"),
        ("application/ninjs+json", "{}", "There is no ninjs item"),
        ("text/csv", "a,b\n1,2\n", "No column is the title"),
        ("text/plain", " ", "There is no text in it"),
        (CURL, b"\x89PNG\r\n\x00", "This is no text (a picture)"),
        ("application/nitf+xml", "<nitf/>", "There is nothing of an article in it"),
        (CURL, " ", "There is no text in it"),
    ],
)
def test_what_has_no_article_is_a_422_that_says_why(
    client: FlaskClient, kind: str, text: str | bytes, detail: str
) -> None:
    answer = post(client, text, kind)
    assert answer.status_code == 422
    assert detail in answer.text


def test_versions_and_encodings_are_for_json_and_nobody(client: FlaskClient) -> None:
    assert post(client, TEXT, "text/plain", "restore=true").status_code == 400
    assert post(client, TEXT, "text/plain", Content_Encoding="gzip").status_code == 415


@pytest.mark.parametrize(
    "sent", [{"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}]
)
def test_a_page_of_another_site_cannot_write_through_a_browser(
    client: FlaskClient, sent: dict[str, str]
) -> None:
    for kind in ("text/plain", CURL):
        assert post(client, TEXT, kind, **sent).status_code == 403
    own = post(client, "Own\n\nText.", "text/plain", Origin="http://localhost")
    assert own.status_code == 200


@pytest.mark.data
def test_the_article_that_came_first_is_found_by_its_tags(
    client: FlaskClient, data_folder: Path
) -> None:
    seed = data_folder / "seed"
    expected = json.loads((seed / "expected.json").read_text())
    told = report(post(client, (seed / "article.txt").read_bytes(), CURL))
    stored = client.get(f"/v1/articles/{told['items'][0]['id']}").json
    assert stored is not None
    for key in ("title", "summary"):
        assert stored[key] == expected[key]
    assert [tag["name"] for tag in stored["tags"]] == expected["tags"]
    assert "Riccardo Savi" not in stored["body"]


def test_texts_that_are_hard_to_read_are_put_off_and_searches_are_not() -> None:
    app = application(Settings(threads=2), ReferenceEngine())
    slow = "<html><body>" + "<p>word word</p>" * 200_000

    def sent(_: int) -> TestResponse:
        return post(app.test_client(), slow, "text/html")

    try:
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(sent, range(4)))
    finally:
        dismiss(app)
    assert sorted(each.status_code for each in answers) == [422, 422, 503, 503]
    assert [each.headers.get("Retry-After") for each in answers].count("4") == 2
