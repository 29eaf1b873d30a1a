"""Answers as bytes: what an engine found becomes what the contract promises."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st
from jsonschema import Draft202012Validator

from api.settings import Settings
from schemas import results
from schemas.dates import period
from schemas.echo import resolve
from schemas.instants import instant, limits
from schemas.queries import load
from schemas.urls import encode, url
from search.article import EARLIEST, milliseconds
from search.result import Fragment, Hit, SearchResult
from tests.api.archive import article, articles
from tests.application import application
from tests.reference import ReferenceEngine

NOW = datetime(2024, 5, 17, tzinfo=UTC)
LATEST = milliseconds(datetime(9998, 12, 31, tzinfo=UTC))
moments = st.integers(milliseconds(EARLIEST), LATEST)


@given(moments, st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu"]))
def test_an_instant_is_rfc_3339_of_the_same_moment(moment: int, zone: str) -> None:
    text = instant(moment, ZoneInfo(zone))
    shape = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?(Z|[+-]\d\d:\d\d)"
    assert re.fullmatch(shape, text)
    assert milliseconds(datetime.fromisoformat(text)) == moment


@given(moments, moments)
def test_limits_mean_exactly_the_period_they_are_made_of(one: int, other: int) -> None:
    start, end = sorted((one, other + 1))
    asked = limits(start, max(end, start + 1))
    assert asked
    assert milliseconds(period(asked[0], NOW, UTC)[0]) == start
    assert milliseconds(period(asked[1], NOW, UTC)[1]) == max(end, start + 1)


def test_limits_beyond_all_articles_are_dates_that_can_be_asked_for() -> None:
    first, behind = milliseconds(EARLIEST), LATEST + 86_400_000
    early = limits(first - 99, first + 5)
    assert early == ("1600-01-01T00:00:00Z", "1600-01-01T00:00:00.004Z")
    late = limits(behind - 1000, behind + 99)
    assert late == ("9998-12-31T23:59:59Z", "9998-12-31T23:59:59.999Z")
    assert limits(first - 99, first) is None
    assert limits(behind, behind + 99) is None


@given(st.text(), st.text())
def test_an_address_has_only_characters_of_a_query_string(one: str, two: str) -> None:
    pairs = [("q", one.encode(errors="replace").decode()), ("tag.not", "a b&c+d")]
    assert re.fullmatch(r"[A-Za-z0-9%:,/@=&._~-]*", encode(pairs))
    assert "tag.not=a%20b%26c%2Bd" in url("articles", pairs)


def answer(engine: ReferenceEngine, *pairs: tuple[str, str]) -> Any:
    query = load(pairs, "articles", now=NOW)
    found = engine.search(query.request)
    known = results.collect(query, found, resolve(query, engine), 3)
    return json.loads(results.articles(known))


@pytest.fixture
def engine() -> ReferenceEngine:
    engine = ReferenceEngine()
    engine.index(articles(9))
    return engine


def test_items_are_the_stored_bytes(engine: ReferenceEngine) -> None:
    stored = engine.get(articles()[8].id)
    query = load([("limit", "1")], "articles", now=NOW)
    found = engine.search(query.request)
    known = results.collect(query, found, resolve(query, engine), 3)
    assert stored.head in results.articles(known)


def test_every_highlighted_field_with_a_match_is_told() -> None:
    engine = ReferenceEngine()
    engine.index([article(1)])
    [item] = answer(engine, ("q", "carbon"), ("highlight", "title,summary,body"))[
        "items"
    ]
    assert list(item["highlight"]) == ["title", "body"]


def test_fields_are_null_where_nothing_is_known(engine: ReferenceEngine) -> None:
    [item] = answer(engine, ("limit", "1"), ("fields", "summary,image,body"))["items"]
    assert list(item) == ["id", "summary", "image", "body"]
    assert (item["summary"], item["image"]) == (None, None)


def test_an_article_without_a_body_has_null_for_it() -> None:
    engine = ReferenceEngine()
    engine.index([article(0)])
    [item] = answer(engine, ("fields", "body"))["items"]
    assert item == {"id": "a000", "body": None}


def test_a_field_whose_highlights_are_empty_is_left_out(
    engine: ReferenceEngine,
) -> None:
    query = load([("highlight", "body,title")], "articles", now=NOW)
    stored = engine.get(articles()[0].id)
    piece = Fragment(0, 4, "A <b", ((2, 3),))
    hit = Hit(stored, None, (("body", ()), ("title", (piece,))))
    found = SearchResult(1, "newest", (hit,))
    known = results.collect(query, found, resolve(query, engine), 0)
    [item] = json.loads(results.articles(known))["items"]
    assert list(item["highlight"]) == ["title"]
    assert "A <em>&lt;</em>b" in item["highlight"]["title"][0]


ADDRESSES = [
    "articles",
    "articles?q=carbon&facet=tag,lang&interval=day&company=bp&company=Nobody",
    "articles?q=carbon&highlight=body&highlight.format=offsets&fields=body,image",
    "articles?person=Adam%20Smith&from=2024&tag.all=energy&q=%C2%A9&page=2&limit=1",
    "count?company=Nobody",
    "count",
    "facets/tag?tag=energy&size=1",
    "timeline?q=carbon",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_answers_keep_to_the_document(address: str) -> None:
    engine = ReferenceEngine()
    engine.index(articles(20))
    app = application(Settings(log="off"), engine)
    described = app.test_client().get("/v1/openapi.json").json
    path, _, _ = address.partition("?")
    path = "/v1/" + re.sub(r"^facets/.*", "facets/{field}", path)
    operation = described["paths"][path]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    whole = {**schema, "components": described["components"]}
    validator = Draft202012Validator(whole)
    body = app.test_client().get(f"/v1/{address}").json
    assert [fault.message for fault in validator.iter_errors(body)] == []
    assert not validator.is_valid({**body, "surprise": 1})
    assert not validator.is_valid({**body, "total": "many"})
