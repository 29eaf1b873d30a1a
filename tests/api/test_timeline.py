"""Timelines: counts over time, in an answer and on a page of their own."""

import csv
import io
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.archive import addresses, article, articles, ask, follow
from tests.reference import ReferenceEngine

INTERVALS = ["hour", "day", "week", "month", "quarter", "year", "auto"]
ZONES = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/New_York"]


@pytest.fixture(autouse=True)
def archive(engine: ReferenceEngine) -> None:
    engine.index(articles())


def check_buckets(client: FlaskClient, timeline: dict[str, Any], total: int) -> None:
    buckets = timeline["buckets"]
    assert sum(bucket["count"] for bucket in buckets) == total
    assert all(one["to"] == other["from"] for one, other in pairwise(buckets))
    counted = [bucket for bucket in buckets if bucket["count"]]
    empty = [bucket for bucket in buckets if not bucket["count"]]
    for bucket in counted[:12] + empty[:3]:
        assert follow(client, bucket["url"])["total"]["value"] == bucket["count"]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("interval", INTERVALS)
def test_buckets_are_contiguous_sum_to_the_total_and_lead_to_their_articles(
    client: FlaskClient, interval: str, zone: str
) -> None:
    answer = ask(client, "timeline", interval=interval, tz=zone)
    check_buckets(client, answer, 60)


@pytest.mark.parametrize("interval", ["hour", "day", "month"])
def test_the_first_and_last_bucket_keep_to_the_period_of_the_question(
    client: FlaskClient, interval: str
) -> None:
    answer = ask(
        client,
        "timeline",
        interval=interval,
        from_="2024-03-30T08:15",
        to="2024-04-03T12",
        tz="Europe/Berlin",
        status=400,
    )
    assert answer["parameter"] == "to"
    answer = ask(
        client,
        "timeline",
        interval=interval,
        from_="2024-03-30T08:15",
        to="2024-04-03T12:40",
        tz="Europe/Berlin",
    )
    check_buckets(client, answer, answer["total"]["value"])


def test_a_day_of_a_clock_change_has_23_hours_and_stays_a_bucket(
    client: FlaskClient,
) -> None:
    answer = ask(client, "timeline", interval="day", tz="Europe/Berlin")
    lengths = {
        bucket["from"][:10]: datetime.fromisoformat(bucket["to"])
        - datetime.fromisoformat(bucket["from"])
        for bucket in answer["buckets"]
    }
    assert lengths["2024-03-31"].total_seconds() == 23 * 3600
    assert lengths["2024-03-30"].total_seconds() == 24 * 3600
    days = [bucket["from"] for bucket in answer["buckets"]]
    assert "2024-03-31T00:00:00+01:00" in days
    assert "2024-04-01T00:00:00+02:00" in days


def test_to_includes_the_last_millisecond_of_its_day_in_the_zone(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    last = datetime.fromisoformat("2024-05-17T23:59:59.999999+02:00")
    behind = datetime.fromisoformat("2024-05-18T00:00:00+02:00")
    engine.index([article(900, published_at=last), article(901, published_at=behind)])
    query = {"from_": "2024-05-17", "to": "2024-05-17"}
    assert ask(client, "count", tz="Europe/Berlin", **query)["total"] == 1
    assert ask(client, "count", tz="America/New_York", **query)["total"] == 2
    assert (
        ask(client, "count", to="2024-05-17T21:59:59.999Z", from_="2024-05-17")["total"]
        == 1
    )


def test_a_millisecond_lies_in_exactly_one_bucket(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    moments = (
        "2024-06-01T09:59:59.999Z",
        "2024-06-01T10:00:00.000Z",
        "2024-06-01T10:00:00.001Z",
    )
    engine.index(
        article(800 + place, published_at=datetime.fromisoformat(moment))
        for place, moment in enumerate(moments)
    )
    answer = ask(
        client, "timeline", interval="hour", from_="2024-06-01", to="2024-06-01"
    )
    counted = [bucket for bucket in answer["buckets"] if bucket["count"]]
    assert [bucket["count"] for bucket in counted] == [1, 2]
    check_buckets(client, answer, 3)


def test_old_dates_are_written_as_rfc_3339(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    old = datetime.fromisoformat("1605-11-05T12:00:00Z")
    engine.index([article(700, published_at=old)])
    answer = ask(client, "timeline", interval="year", tz="Europe/Berlin")
    assert answer["buckets"][0]["from"] == "1604-12-31T23:06:32Z"
    check_buckets(client, answer, 61)


def test_the_first_year_of_all_leads_to_its_articles(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    first = datetime.fromisoformat("1600-01-01T00:00:00Z")
    engine.index([article(700, published_at=first)])
    answer = ask(client, "timeline", interval="year", tz="Asia/Tokyo")
    check_buckets(client, answer, 61)


@pytest.mark.parametrize(
    ("interval", "first", "last", "tz"),
    [
        ("hour", "1600-01-01", "1600-01-02", "Asia/Tokyo"),
        ("week", "1600", "1600", "America/New_York"),
        ("quarter", "9998", "9998-11", "America/New_York"),
        ("hour", "9998-12-31", "9998-12-31", "America/New_York"),
    ],
)
def test_a_bucket_beyond_all_years_has_no_address_or_one_that_works(
    client: FlaskClient,
    engine: ReferenceEngine,
    interval: str,
    first: str,
    last: str,
    tz: str,
) -> None:
    engine.index([article(900, published_at=datetime(1600, 1, 1, tzinfo=UTC))])
    period = {"from": first, "to": last, "tz": tz}
    answer = ask(client, "timeline", interval=interval, **period)
    addressed = [bucket for bucket in answer["buckets"] if bucket["url"]]
    counted = sum(bucket["count"] for bucket in addressed)
    assert counted == answer["total"]["value"]
    for bucket in addressed[:20] + addressed[-20:]:
        assert follow(client, bucket["url"])["total"]["value"] == bucket["count"]


def test_a_search_has_the_same_timeline(client: FlaskClient) -> None:
    query = {"q": "carbon", "interval": "week", "tz": "Asia/Kathmandu"}
    answer = ask(client, "articles", **query)
    page = ask(client, "timeline", **query)
    assert answer["timeline"] == {key: page[key] for key in ("interval", "buckets")}
    assert "timeline" not in ask(client, "articles", q="carbon")


def test_an_interval_that_makes_too_many_buckets_is_refused(
    client: FlaskClient,
) -> None:
    problem = ask(client, "timeline", 400, interval="hour", from_="1990", to="2024")
    assert problem["type"] == "/problems/query-too-complex"
    assert problem["parameter"] == "interval"
    assert "buckets" in problem["detail"]


def test_a_timeline_of_nothing_is_empty(client: FlaskClient) -> None:
    assert ask(client, "timeline", q="zeppelin")["buckets"] == []


def test_a_timeline_as_csv(client: FlaskClient) -> None:
    answer = client.get("/v1/timeline.csv?interval=week&tz=Europe/Berlin")
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    buckets = ask(client, "timeline.json", interval="week", tz="Europe/Berlin")
    assert answer.mimetype == "text/csv"
    assert rows[0] == ["from", "to", "count"]
    assert rows[1:] == [
        [bucket["from"], bucket["to"], str(bucket["count"])]
        for bucket in buckets["buckets"]
    ]
    accepted = client.get("/v1/timeline", headers={"Accept": "text/csv"})
    assert accepted.text.startswith("from,to,count\r\n")
    assert 'filename="timeline.csv"' in accepted.headers["Content-Disposition"]


def test_a_timeline_follows_the_date_that_is_asked_for(client: FlaskClient) -> None:
    answer = ask(client, "timeline", date="indexed", interval="year")
    [bucket] = answer["buckets"]
    assert (bucket["count"], int(bucket["from"][:4]) > 2024) == (60, True)
    check_buckets(client, answer, 60)


def test_every_address_of_a_timeline_can_be_followed(client: FlaskClient) -> None:
    answer = ask(client, "timeline", company="bp", sort="oldest", limit=3)
    for address in addresses(answer):
        follow(client, address)
