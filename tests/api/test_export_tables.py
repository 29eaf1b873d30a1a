"""Exports as tables: what a spreadsheet shows."""

import json

import pytest
from flask.testing import FlaskClient

from search.article import Entity, Image
from tests.api.archive import article, articles
from tests.api.exported import export, holding, records, refused, rows

MARK = "\ufeff"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return holding(*articles(60))


def test_fields_choose_and_order_what_stands_in_a_table(client: FlaskClient) -> None:
    assert rows(client, "fields=published_at,title")[0] == [
        *("published_at", "title", "id")
    ]
    assert rows(client, "fields=title,id,url")[0] == ["title", "id", "url"]
    usual = rows(client)[0]
    assert usual[0] == "id"
    assert "body" not in usual
    assert rows(client, "fields=-title")[0] == [k for k in usual if k != "title"]


def test_a_table_is_readable_for_people() -> None:
    client = holding(
        article(
            1,
            title='He said, "No"',
            summary="two\nlines",
            companies=(Entity("tesla-inc", "Tesla, Inc."), Entity("bp", "BP")),
            authors=("Ann Lee", "Bo Ek"),
            image=Image("https://example.org/1.png", "A picture"),
            metadata={"wire": [1, "ü"]},
        )
    )
    [found] = records(client)
    assert found["title"] == 'He said, "No"'
    assert found["summary"] == "two\nlines"
    assert found["companies"] == "Tesla, Inc.; BP"
    assert found["authors"] == "Ann Lee; Bo Ek"
    assert found["image"] == "https://example.org/1.png"
    assert json.loads(found["metadata"]) == {"wire": [1, "ü"]}
    assert found["places"] == found["url"] == ""
    assert int(found["version"]) > 10**15


def test_a_table_ends_its_lines_as_rfc_4180_has_it(client: FlaskClient) -> None:
    text = export(client, "fields=id", "csv").data
    assert text.startswith(b"id\r\n")
    assert text.count(b"\r\n") == 61


@pytest.mark.parametrize("first", [*"=+-@\t\r\n＝＋－＠", " =", "\u3000@"])
def test_no_cell_is_taken_for_a_formula(first: str) -> None:
    evil = first + "cmd|' /C calc'!A0"
    client = holding(
        article(1, summary=evil, authors=(evil,), tags=(Entity("evil", evil),))
    )
    [found] = records(client)
    assert found["summary"] == found["authors"] == found["tags"] == "'" + evil


def test_a_byte_order_mark_is_there_where_it_is_asked_for(client: FlaskClient) -> None:
    assert export(client, "bom=true", "csv").text.startswith(MARK + "id,")
    assert export(client, "bom=false", "csv").text.startswith("id,")
    assert refused(client, "bom=true")["parameter"] == "bom"


def test_dates_of_a_table_are_in_the_zone_asked_for(client: FlaskClient) -> None:
    there = records(client, "tz=Europe/Berlin&fields=published_at,updated_at")
    here = records(client, "fields=published_at,updated_at")
    assert here[0]["published_at"] == "2024-03-28T21:30:15.250000Z"
    assert there[0]["published_at"] == "2024-03-28T22:30:15.250000+01:00"
    assert there[20]["published_at"].endswith("+02:00")
    assert there[0]["updated_at"] == ""


def test_a_date_before_time_zones_stays_in_utc() -> None:
    early = article(1, published_at=article(1).published_at.replace(year=1700))
    client = holding(early)
    [found] = records(client, "tz=Europe/Amsterdam&fields=published_at")
    assert found["published_at"].endswith("Z")
