"""Pages and cursors: everything once, in one order, whatever happens meanwhile."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask.testing import FlaskClient

from search.cursor import Cursor, dump
from tests.api.archive import START, article, articles, ask, follow, ids, walk
from tests.reference import ReferenceEngine

ORDERS: list[dict[str, Any]] = [
    {"sort": "newest"},
    {"sort": "oldest"},
    {"q": "carbon OR levy", "sort": "relevance"},
    {"q": "mergers", "boost_recent": "2d"},
    {"company": ["Shell plc", "Tesla, Inc."], "date": "indexed"},
]


def cursor_of(answer: Any) -> str:
    [cursor] = parse_qs(urlsplit(answer["links"]["next"]).query)["cursor"]
    return cursor


@pytest.mark.parametrize("order", ORDERS)
def test_the_pages_of_a_walk_are_everything_and_nothing_twice(
    client: FlaskClient, engine: ReferenceEngine, order: dict[str, Any]
) -> None:
    engine.index(articles())
    whole = ask(client, "articles", limit=100, **order)
    pages = list(walk(client, limit=7, **order))
    assert [each for page in pages for each in ids(page)] == ids(whole)
    assert len(pages) == -(-whole["total"]["value"] // 7)
    assert {page["total"]["value"] for page in pages} == {whole["total"]["value"]}


@pytest.mark.parametrize("sort", ["newest", "oldest", "relevance"])
def test_a_walk_within_one_second_is_whole_while_articles_arrive(
    client: FlaskClient, engine: ReferenceEngine, sort: str
) -> None:
    first = [article(number, published_at=START) for number in range(40)]
    engine.index(first)
    seen: list[str] = []
    for number, page in enumerate(walk(client, limit=7, sort=sort)):
        seen += ids(page)
        if number < 3:
            engine.index([article(100 + number, published_at=START)])
    assert len(seen) == len(set(seen))
    assert {each.id for each in first} <= set(seen)


def test_next_is_null_on_the_last_page_and_only_there(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    engine.index(articles(21))
    pages = list(walk(client, limit=7))
    assert [len(page["items"]) for page in pages] == [7, 7, 7]
    assert [bool(page["links"]["next"]) for page in pages] == [True, True, False]
    assert ask(client, "articles", limit=100)["links"]["next"] is None


def test_pages_by_number_continue_each_other(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    engine.index(articles())
    whole = ids(ask(client, "articles", limit=30))
    third = ask(client, "articles", limit=10, page=3)
    assert ids(third) == whole[20:]
    before = follow(client, third["links"]["prev"])
    assert ids(before) == whole[10:20]
    assert ids(follow(client, third["links"]["first"])) == whole[:10]
    assert follow(client, before["links"]["next"])["items"] == third["items"]
    assert ask(client, "articles")["links"]["prev"] is None
    assert ids(ask(client, "articles", page=7)) == []


def test_pages_end_at_10000_and_point_at_the_cursor(client: FlaskClient) -> None:
    assert ask(client, "articles", limit=100, page=100)["items"] == []
    problem = ask(client, "articles", 400, limit=100, page=101)
    assert problem["parameter"] == "page"
    assert "cursor" in problem["detail"]


def test_a_cursor_takes_the_place_of_a_page(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    engine.index(articles(5))
    cursor = cursor_of(ask(client, "articles", limit=2, page=1))
    problem = ask(client, "articles", 400, cursor=cursor, page=2)
    assert problem["parameter"] == "page"


SHAPES = {
    "limit": 3,
    "fields": "title",
    "highlight": "title",
    "facet": "tag",
    "facet.tag.size": 1,
    "interval": "day",
}


@pytest.mark.parametrize("name", SHAPES)
def test_what_shapes_an_answer_may_change_under_a_cursor(
    client: FlaskClient, engine: ReferenceEngine, name: str
) -> None:
    engine.index(articles())
    first = ask(client, "articles", q="carbon", limit=2)
    changed = {name: SHAPES[name]}
    query = {"q": "carbon", "cursor": cursor_of(first), **changed}
    answer = client.get("/v1/articles", query_string=query)
    assert answer.status_code == 200, answer.text
    assert ids(answer.json)[0] == ids(follow(client, first["links"]["next"]))[0]


@pytest.mark.parametrize(
    "change",
    [{"q": "levy"}, {"company": "bp"}, {"sort": "oldest"}, {"tz": "Asia/Tokyo"}],
)
def test_a_cursor_of_another_query_is_refused(
    client: FlaskClient, engine: ReferenceEngine, change: dict[str, str]
) -> None:
    engine.index(articles())
    cursor = cursor_of(ask(client, "articles", q="carbon", limit=2))
    problem = ask(
        client, "articles", 400, **{"q": "carbon", "cursor": cursor, **change}
    )
    assert problem["type"] == "/problems/invalid-cursor"
    assert problem["parameter"] == "cursor"


@pytest.mark.parametrize(
    "cursor",
    ["x", "1.x", "zz.AAAA", "ffffffffffffffff.AAAAAAAA", "1.%00", "AAAAAAAAAAAAAAAA"],
)
def test_a_damaged_cursor_is_refused(client: FlaskClient, cursor: str) -> None:
    problem = ask(client, "articles", 400, cursor=cursor)
    assert problem["type"] == "/problems/invalid-cursor"


def test_a_forged_cursor_is_refused(client: FlaskClient) -> None:
    forged = dump(Cursor(("nonsense",)), " 5")
    assert client.get(f"/v1/articles?cursor=5.{forged}").status_code in (200, 400)


def test_the_order_of_parameters_does_not_matter_to_a_cursor(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    engine.index(articles())
    first = ask(client, "articles", q="carbon", company="bp", limit=2)
    turned = {"company": "bp", "q": "carbon", "cursor": cursor_of(first)}
    assert ids(ask(client, "articles", **turned))


@pytest.mark.parametrize("query", [{"from_": "30min"}, {"boost_recent": "1h"}])
def test_a_walk_keeps_the_time_of_its_first_page(
    client: FlaskClient, engine: ReferenceEngine, query: dict[str, str]
) -> None:
    engine.index(
        article(number, published_at=START + timedelta(minutes=number))
        for number in range(30)
    )
    query = {"q": "mergers OR carbon OR levy", **query}
    with time_machine.travel(START + timedelta(minutes=30), tick=False) as clock:
        whole = ask(client, "articles", limit=100, **query)
        seen: list[str] = []
        for page in walk(client, limit=4, **query):
            seen += ids(page)
            clock.shift(timedelta(minutes=7))
    assert len(seen) > 8
    assert seen == ids(whole)
