"""Calendar buckets in time zones."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, strategies as st

from search.article import EPOCH, milliseconds
from search.errors import QueryMisuseError, QueryTooComplexError
from search.request import Interval
from search.result import Bucket
from search.timeline import MOST, buckets, choose, edges

INTERVALS: tuple[Interval, ...] = get_args(Interval)
ZONES = (
    *("UTC", "Europe/Berlin", "Asia/Kathmandu", "Asia/Kolkata", "Australia/Lord_Howe"),
    *("Pacific/Apia", "America/Sao_Paulo", "America/St_Johns", "America/Toronto"),
    *("Pacific/Chatham", "Africa/Monrovia", "Asia/Gaza", "Pacific/Kwajalein"),
)
LENGTHS = {
    "hour": 1,
    "day": 24,
    "week": 168,
    "month": 720,
    "quarter": 2160,
    "year": 8760,
}
MOMENTS = st.integers(
    milliseconds(datetime(1600, 1, 1, tzinfo=UTC)),
    milliseconds(datetime(2200, 1, 1, tzinfo=UTC)),
)


def at(text: str, zone: str = "UTC") -> int:
    return milliseconds(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


def local(moment: int, zone: str) -> datetime:
    shown = (EPOCH + timedelta(milliseconds=moment)).astimezone(ZoneInfo(zone))
    return shown.replace(tzinfo=None)


def hours(found: tuple[int, ...]) -> list[float]:
    return [(end - start) / 3_600_000 for start, end in pairwise(found)]


def bucket_of(shown: datetime, interval: Interval) -> tuple[int, ...]:
    match interval:
        case "hour":
            return (shown.year, shown.month, shown.day, shown.hour)
        case "day":
            return (shown.year, shown.month, shown.day)
        case "week":
            return shown.isocalendar()[:2]
        case "month":
            return (shown.year, shown.month)
        case "quarter":
            return (shown.year, (shown.month - 1) // 3)
        case "year":
            return (shown.year,)


@given(MOMENTS, st.integers(0, 400), st.sampled_from(INTERVALS), st.sampled_from(ZONES))
@example(at("2011-12-28"), 5, "day", "Pacific/Apia")
@example(at("1919-03-29"), 4, "day", "America/Toronto")
@example(at("2006-10-28"), 3, "day", "America/St_Johns")
@example(at("2006-10-29T02:45"), 0, "day", "America/St_Johns")
@example(at("2018-11-02"), 4, "day", "America/Sao_Paulo")
def test_edges_rise_and_hold_the_first_and_last_moment(
    first: int, steps: int, interval: Interval, zone: str
) -> None:
    last = first + steps * LENGTHS[interval] * 3_600_000
    found = edges(first, last, interval, zone)
    assert found[0] <= first < found[1]
    assert found[-2] <= last < found[-1]
    assert all(start < end for start, end in pairwise(found))


@given(
    MOMENTS,
    st.integers(0, 60),
    st.sampled_from(INTERVALS[1:]),
    st.sampled_from(ZONES),
)
@example(at("2011-12-28"), 5, "day", "Pacific/Apia")
@example(at("1919-03-29"), 4, "day", "America/Toronto")
@example(at("2018-11-02"), 4, "day", "America/Sao_Paulo")
def test_a_bucket_begins_when_the_clocks_show_a_new_one(
    first: int, steps: int, interval: Interval, zone: str
) -> None:
    last = first + steps * LENGTHS[interval] * 3_600_000
    for edge in edges(first, last, interval, zone):
        before = bucket_of(local(edge - 1, zone), interval)
        assert before < bucket_of(local(edge, zone), interval)


@given(MOMENTS, st.integers(0, 60), st.integers(0, 99), st.sampled_from(ZONES))
def test_moments_of_one_day_share_a_bucket(
    first: int, steps: int, part: int, zone: str
) -> None:
    last = first + steps * 86_400_000
    moment = first + (last - first) * part // 99
    found = edges(first, last, "day", zone)
    start = max(edge for edge in found if edge <= moment)
    assert local(start, zone).date() >= local(moment, zone).date()


def test_days_of_clock_changes_in_berlin_have_23_and_25_hours() -> None:
    spring = edges(
        at("2024-03-30T12:00"), at("2024-04-01T12:00"), "day", "Europe/Berlin"
    )
    autumn = edges(
        at("2024-10-26T12:00"), at("2024-10-28T12:00"), "day", "Europe/Berlin"
    )
    assert hours(spring) == [24, 23, 24]
    assert hours(autumn) == [24, 25, 24]


def test_hours_stay_sixty_minutes_through_a_clock_change() -> None:
    found = edges(
        at("2024-10-26T22:15"), at("2024-10-27T03:00"), "hour", "Europe/Berlin"
    )
    assert found[0] == at("2024-10-26T22:00")
    assert set(hours(found)) == {1}
    assert len(found) - 1 == 6


@pytest.mark.parametrize(
    ("zone", "minute"), [("Asia/Kathmandu", 15), ("Asia/Kolkata", 30), ("UTC", 0)]
)
def test_hours_begin_with_the_hour_of_the_zone(zone: str, minute: int) -> None:
    found = edges(at("2024-05-01T10:50"), at("2024-05-01T12:50"), "hour", zone)
    assert found[0] % 3_600_000 == minute * 60_000


def test_a_day_that_a_zone_left_out_has_no_bucket() -> None:
    zone = "Pacific/Apia"
    found = edges(
        at("2011-12-28T12:00", zone), at("2012-01-01T12:00", zone), "day", zone
    )
    assert [local(edge, zone).day for edge in found] == [28, 29, 31, 1, 2]


def test_a_day_without_midnight_begins_with_its_first_moment() -> None:
    zone = "America/Sao_Paulo"
    found = edges(
        at("2018-11-03T12:00", zone), at("2018-11-04T12:00", zone), "day", zone
    )
    assert [local(edge, zone).hour for edge in found] == [0, 1, 0]


def test_weeks_begin_on_monday_and_quarters_in_january() -> None:
    weeks = edges(at("2024-05-15"), at("2024-05-29"), "week", "UTC")
    assert weeks == tuple(at(f"2024-{d}") for d in ("05-13", "05-20", "05-27", "06-03"))
    quarters = edges(at("1969-11-15"), at("1970-01-01"), "quarter", "UTC")
    assert quarters == tuple(at(d) for d in ("1969-10-01", "1970-01-01", "1970-04-01"))


def test_too_many_buckets_are_refused_with_an_interval_that_works() -> None:
    first, last = at("1600-01-01"), at("2200-01-01")
    with pytest.raises(QueryTooComplexError, match="use quarter instead") as caught:
        edges(first, at("2050-01-01"), "month", "Europe/Berlin")
    assert caught.value.suggestion == "quarter"
    assert len(edges(first, at("2050-01-01"), "quarter", "UTC")) <= MOST + 1
    with pytest.raises(QueryTooComplexError, match="use year instead"):
        edges(first, last, "hour", "UTC")


def test_where_no_interval_is_long_enough_a_shorter_time_is_advised() -> None:
    with pytest.raises(QueryTooComplexError, match="use a shorter time") as caught:
        edges(at("0005-01-01"), at("9000-01-01"), "year", "UTC")
    assert caught.value.suggestion is None


def test_two_thousand_buckets_are_allowed_and_one_more_is_not() -> None:
    first = at("2020-01-01")
    last = first + MOST * 3_600_000 - 1
    assert len(edges(first, last, "hour", "UTC")) == MOST + 1
    with pytest.raises(QueryTooComplexError):
        edges(first, last + 1, "hour", "UTC")


@pytest.mark.parametrize(
    "zone", ["Europe/Atlantis", "../etc/passwd", "", "a\0b", "Europe"]
)
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(QueryMisuseError, match="Use an IANA name"):
        edges(0, 0, "day", zone)


@given(MOMENTS, MOMENTS)
def test_the_chosen_interval_gives_a_readable_number_of_buckets(a: int, b: int) -> None:
    first, last = min(a, b), max(a, b)
    interval = choose(first, last)
    count = len(edges(first, last, interval, "Europe/Berlin")) - 1
    assert count <= MOST
    assert interval == "year" or count <= 160
    assert interval == "hour" or count >= 5


@pytest.mark.parametrize(
    ("days", "interval"),
    [
        (0, "hour"),
        (1, "hour"),
        (30, "day"),
        (200, "week"),
        (900, "month"),
        (20_000, "year"),
    ],
)
def test_the_interval_fits_the_time(days: int, interval: Interval) -> None:
    assert choose(0, days * 86_400_000) == interval


def test_buckets_join_edges_and_counts() -> None:
    assert buckets((0, 10, 30), (4, 0)) == (Bucket(0, 10, 4), Bucket(10, 30, 0))
    with pytest.raises(ValueError, match="zip"):
        buckets((0, 10), (1, 2))
