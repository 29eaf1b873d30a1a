"""GET /v1/articles.rss, .atom and .jsonfeed: what a feed reader does with them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
import time_machine
from flask.testing import FlaskClient

from search.article import ArticleId
from tests.api.archive import article, articles, ask, ids
from tests.reference import ReferenceEngine

KINDS = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "jsonfeed": "application/feed+json",
}
LATER = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def archive(engine: ReferenceEngine) -> None:
    engine.index(articles())


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A time in which nothing has just been written."""
    with time_machine.travel(datetime.now(UTC) + LATER, tick=False) as clock:
        yield clock


def listed(client: FlaskClient, suffix: str, **query: Any) -> list[str]:
    """Return the ids of a feed's articles, as a reader finds them."""
    answer = client.get(f"/v1/articles.{suffix}", query_string=query)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == KINDS[suffix]
    if suffix == "jsonfeed":
        return [item["id"] for item in answer.get_json(force=True)["items"]]
    read = feedparser.parse(answer.data)
    assert not read["bozo"]
    return [entry.id.rpartition("/")[2] for entry in read.entries]


@pytest.mark.parametrize("suffix", KINDS)
@pytest.mark.parametrize(
    "query",
    [
        {"q": "carbon tax", "company": "Shell"},
        {"tag.not": "energy", "from": "2024-04"},
        {"limit": 3, "page": 2},
        {},
    ],
)
def test_a_feed_has_the_newest_articles_of_the_same_question(
    suffix: str, query: dict[str, Any], client: FlaskClient
) -> None:
    expected = client.get(
        "/v1/articles", query_string={"limit": 50, **query, "sort": "newest"}
    )
    assert listed(client, suffix, **query) == ids(expected.json)


@pytest.mark.parametrize("suffix", KINDS)
def test_nothing_found_is_a_valid_feed(suffix: str, client: FlaskClient) -> None:
    assert listed(client, suffix, q="zebra") == []
    assert listed(client, suffix, q="©") == []


@pytest.mark.parametrize("suffix", KINDS)
def test_accept_and_suffix_agree(suffix: str, client: FlaskClient) -> None:
    named = client.get(f"/v1/articles.{suffix}?q=tax&limit=3")
    wanted = client.get("/v1/articles?q=tax&limit=3", headers={"Accept": KINDS[suffix]})
    assert named.data == wanted.data
    assert "Accept" in wanted.vary


@pytest.mark.parametrize("suffix", KINDS)
def test_an_answer_leads_to_its_feeds(suffix: str, client: FlaskClient) -> None:
    links = ask(client, "articles", q="tax", sort="oldest", page=2, facet="tag")[
        "links"
    ]
    assert links[suffix] == f"/v1/articles.{suffix}?q=tax"
    assert client.get(links[suffix]).mimetype == KINDS[suffix]
    none = ask(client, "articles", q="tax", limit=0)["links"]
    assert none[suffix] == f"/v1/articles.{suffix}?q=tax"


@pytest.mark.parametrize("suffix", KINDS)
def test_the_pages_of_a_feed_are_all_there_is(suffix: str, client: FlaskClient) -> None:
    address: str | None = f"/v1/articles.{suffix}?q=tax&limit=20"
    seen: list[str] = []
    while address:
        answer = client.get(address)
        if suffix == "jsonfeed":
            seen += [item["id"] for item in answer.get_json(force=True)["items"]]
        else:
            read = feedparser.parse(answer.data)
            seen += [entry.id.rpartition("/")[2] for entry in read.entries]
        address = answer.headers.get("Link", "").partition(">")[0].removeprefix("<")
    assert len(seen) == len(set(seen)) == ask(client, "count", q="tax")["total"]


def test_a_feed_goes_on_behind_a_cursor(client: FlaskClient) -> None:
    first = ask(client, "articles", sort="newest", limit=10)
    cursor = first["links"]["next"].partition("cursor=")[2]
    answer = client.get(f"/v1/articles.jsonfeed?limit=10&cursor={cursor}")
    assert answer.status_code == 400  # a cursor belongs to its question
    pages = client.get("/v1/articles.jsonfeed?limit=100&page=100").get_json(force=True)
    assert pages["items"] == []


def test_addresses_have_the_name_by_which_the_server_was_asked(
    client: FlaskClient,
) -> None:
    for host in ("news.example", "news.example:8443", "127.0.0.1:8000", "[::1]:8000"):
        answer = client.get("/v1/articles.jsonfeed?q=tax", headers={"Host": host})
        feed = answer.get_json(force=True)
        assert feed["feed_url"] == f"http://{host}/v1/articles.jsonfeed?q=tax"
        assert urlsplit(feed["home_page_url"]).netloc == host
        assert urlsplit(feed["items"][0]["url"]).netloc == host
        assert urlsplit(feed["next_url"]).netloc == host if "next_url" in feed else True
    secure = client.get("/v1/articles.rss", base_url="https://news.example").text
    assert 'href="https://news.example/v1/articles.rss"' in secure


@pytest.mark.parametrize(
    "host", ["a&b", "a'b", "x(y)", "user@host", "a:b:c", "%41", "a=1"]
)
def test_a_name_that_is_none_does_not_get_into_a_feed(
    host: str, client: FlaskClient
) -> None:
    answer = client.get("/v1/articles.rss", headers={"Host": host})
    assert answer.status_code == 400
    assert "Host header" in (answer.json or {})["detail"]


def test_a_feed_is_the_same_bytes_until_something_changes(
    client: FlaskClient, clock: time_machine.Traveller, engine: ReferenceEngine
) -> None:
    for suffix in KINDS:
        first = client.get(f"/v1/articles.{suffix}?limit=5")
        clock.shift(90)
        again = client.get(f"/v1/articles.{suffix}?limit=5")
        assert first.data == again.data
        assert first.headers["ETag"] == again.headers["ETag"]
        known = {"If-None-Match": first.headers["ETag"]}
        same = client.get(f"/v1/articles.{suffix}?limit=5", headers=known)
        assert (same.status_code, same.data) == (304, b"")
    engine.delete([ArticleId("a059")])
    assert client.get("/v1/articles.jsonfeed?limit=5", headers=known).status_code == 200


def test_who_asks_by_date_gets_a_feed_only_after_a_change(
    client: FlaskClient, clock: time_machine.Traveller, engine: ReferenceEngine
) -> None:
    first = client.get("/v1/articles.rss")
    seen = {"If-Modified-Since": first.headers["Last-Modified"]}
    same = client.get("/v1/articles.rss", headers=seen)
    assert (same.status_code, same.data) == (304, b"")
    assert same.headers["ETag"] == first.headers["ETag"]
    changed = datetime.now(UTC)
    engine.index([article(57, title="Changed")])
    clock.shift(2)
    answer = client.get("/v1/articles.rss", headers=seen)
    assert answer.status_code == 200
    moment = parsedate_to_datetime(answer.headers["Last-Modified"])
    assert moment == changed.replace(microsecond=0)
    before = format_datetime(changed - timedelta(days=1), usegmt=True)
    old = {"If-Modified-Since": before}
    assert client.get("/v1/articles.rss", headers=old).status_code == 200


def test_an_entity_tag_counts_for_more_than_a_date(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    first = client.get("/v1/articles.rss")
    headers = {
        "If-Modified-Since": first.headers["Last-Modified"],
        "If-None-Match": '"other"',
    }
    assert client.get("/v1/articles.rss", headers=headers).status_code == 200


def test_a_change_of_this_second_has_no_date_yet(
    client: FlaskClient, clock: time_machine.Traveller, engine: ReferenceEngine
) -> None:
    engine.index([article(61)])
    assert "Last-Modified" not in client.get("/v1/articles.rss").headers
    clock.shift(1)
    assert "Last-Modified" in client.get("/v1/articles.rss").headers


@pytest.mark.parametrize("parameter", ["sort", "facet", "fields", "boost.recent"])
def test_what_means_nothing_in_a_feed_is_refused(
    parameter: str, client: FlaskClient
) -> None:
    answer = client.get("/v1/articles.atom", query_string={parameter: "newest"})
    assert answer.status_code == 400
    assert (answer.json or {})["parameter"] == parameter


def test_the_title_says_what_was_asked(client: FlaskClient) -> None:
    answer = client.get("/v1/articles.jsonfeed?q=carbon%20tax&company=BP&limit=3")
    feed = answer.get_json(force=True)
    assert feed["title"] == "Dateline: carbon tax, company: BP"
    whole = client.get("/v1/articles.jsonfeed").get_json(force=True)
    assert whole["title"] == "Dateline"
