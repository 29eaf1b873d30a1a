from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from schemas.dates import duration, moment, period

NOW = datetime(2024, 5, 17, 12, 30, 15, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
DAYS = timedelta(days=1)
FIRST = datetime.fromisoformat("1600-01-02")
LAST = datetime.fromisoformat("2025-05-01")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024", utc(2024, 1, 1)),
        ("2024-05", utc(2024, 5, 1)),
        ("2024-05-17", utc(2024, 5, 17)),
        ("2024-05-17T10:00", utc(2024, 5, 17, 10)),
        ("2024-05-17T10:00:01", utc(2024, 5, 17, 10, 0, 1)),
        ("2024-05-17t10:00:01z", utc(2024, 5, 17, 10, 0, 1)),
        ("2024-05-17 10:00:01Z", utc(2024, 5, 17, 10, 0, 1)),
        ("2024-05-17T10:00:00+02:00", utc(2024, 5, 17, 8)),
        ("2024-05-17T10:00:00 02:00", utc(2024, 5, 17, 8)),
        ("2024-05-17T10:00:00-02:30", utc(2024, 5, 17, 12, 30)),
        ("2024-05-17T10:00:00-00:00", utc(2024, 5, 17, 10)),
        ("2024-05-17T10:00:00.5Z", utc(2024, 5, 17, 10, 0, 0, 500_000)),
        ("2024-05-17T10:00:00.123456789Z", utc(2024, 5, 17, 10, 0, 0, 123_456)),
        ("1600-01-01", utc(1600, 1, 1)),
        ("2025-05-17", utc(2025, 5, 17)),
    ],
)
def test_a_date_of_an_article_is_a_moment_in_utc(text: str, expected: datetime) -> None:
    assert moment(text, now=NOW) == expected
    assert moment(text, now=NOW).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "May",
        "today",
        "7d",
        "17.05.2024",
        "24-05-17",
        "2024-5-17",
        "2024-W20",
        "2024-W20-5T10:00:00Z",
        "20240517",
        "20240517T100000Z",
        "2024-138",
        "2024-05-17T10",
        "2024-05-17T100000",
        "2024-05-17T10:00:00,5Z",
        "2024-05-17T10:00:00+0200",
        "2024-05-17T10:00:00+24:00",
        "2024-05-17T10:00:00+02:60",
        "2024-05Z",
        " 2024",
        "2024\n",
        "٢٠٢٤",
        "2024-05-17T10:00:00.1234567890Z",
    ],
)
def test_what_is_not_a_date_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a date\. Write it like"):
        moment(text, now=NOW)


@pytest.mark.parametrize(
    "text",
    ["2024-13", "2024-02-30", "2023-02-29", "2024-05-17T24:00", "2024-05-17T10:60"],
)
def test_a_date_that_the_calendar_lacks_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no such date"):
        moment(text, now=NOW)
    with pytest.raises(ValueError, match="no such date"):
        period(text, NOW, UTC)


@pytest.mark.parametrize(
    "text",
    [
        "1599-12-31T23:59:59Z",
        "1600-01-01T00:00:00+00:01",
        "2026",
        "2025-05-18T12:30:16Z",
        "2025-05-18T12:00:00-00:31",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_the_range_is_checked_after_conversion_to_utc(text: str) -> None:
    with pytest.raises(ValueError, match="from 1600-01-01 to 2025-05-18"):
        moment(text, now=NOW)


@given(st.text(max_size=30))
def test_any_text_is_a_moment_or_a_sentence(text: str) -> None:
    for read in (lambda: moment(text, now=NOW), lambda: period(text, NOW, BERLIN)):
        sentence = "Read."
        try:
            read()
        except ValueError as error:
            sentence = str(error)
        assert sentence.endswith(".")


@given(st.datetimes(FIRST, LAST))
def test_every_isoformat_is_read_back(naive: datetime) -> None:
    aware = naive.replace(tzinfo=BERLIN)
    assert moment(naive.isoformat(), now=NOW) == naive.replace(tzinfo=UTC)
    assert naive.year < 1900 or moment(aware.isoformat(), now=NOW) == aware


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024", utc(2023, 12, 31, 23), utc(2024, 12, 31, 23)),
        ("2024-12", utc(2024, 11, 30, 23), utc(2024, 12, 31, 23)),
        ("2024-05", utc(2024, 4, 30, 22), utc(2024, 5, 31, 22)),
        ("2024-05-17", utc(2024, 5, 16, 22), utc(2024, 5, 17, 22)),
        ("2024-05-17T10:00", utc(2024, 5, 17, 8), utc(2024, 5, 17, 8, 1)),
        ("2024-05-17 10:00Z", utc(2024, 5, 17, 10), utc(2024, 5, 17, 10, 1)),
        (
            "2024-05-17T10:00:00 01:00",
            utc(2024, 5, 17, 9),
            utc(2024, 5, 17, 9, 0, 1),
        ),
        (
            "2024-05-17T10:00:00.250Z",
            utc(2024, 5, 17, 10, 0, 0, 250_000),
            utc(2024, 5, 17, 10, 0, 0, 251_000),
        ),
        (
            "2024-05-17T10:00:00.1234567Z",
            utc(2024, 5, 17, 10, 0, 0, 123_456),
            utc(2024, 5, 17, 10, 0, 0, 123_457),
        ),
        ("today", utc(2024, 5, 16, 22), utc(2024, 5, 17, 22)),
        ("Yesterday", utc(2024, 5, 15, 22), utc(2024, 5, 16, 22)),
        ("1600", utc(1599, 12, 31, 23, 6, 32), utc(1600, 12, 31, 23, 6, 32)),
    ],
)
def test_a_date_in_a_question_covers_its_whole_unit(
    text: str, start: datetime, end: datetime
) -> None:
    assert period(text, NOW, BERLIN) == (start, end)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30min", utc(2024, 5, 17, 12, 0, 15)),
        ("24h", utc(2024, 5, 16, 12, 30, 15)),
        ("7d", utc(2024, 5, 10, 12, 30, 15)),
        ("2w", utc(2024, 5, 3, 12, 30, 15)),
        ("3mo", utc(2024, 2, 17, 13, 30, 15)),
        ("1y", utc(2023, 5, 17, 12, 30, 15)),
        ("0d", NOW),
    ],
)
def test_a_time_ago_is_one_moment(text: str, expected: datetime) -> None:
    assert period(text, NOW, BERLIN) == (expected, expected)


def test_a_month_ago_from_the_31st_is_the_last_day() -> None:
    assert period("1mo", utc(2024, 3, 31, 9), UTC)[0] == utc(2024, 2, 29, 9)
    assert period("1y", utc(2024, 2, 29, 9), UTC)[0] == utc(2023, 2, 28, 9)


def test_days_ago_keep_the_time_of_day_when_clocks_change() -> None:
    now = datetime(2024, 4, 1, 9, tzinfo=BERLIN)
    assert period("2d", now, BERLIN)[0] == datetime(2024, 3, 30, 9, tzinfo=BERLIN)
    assert period("48h", now, BERLIN)[0] == datetime(2024, 3, 30, 8, tzinfo=BERLIN)


@pytest.mark.parametrize(("day", "hours"), [("2024-03-31", 23), ("2024-10-27", 25)])
def test_a_day_on_which_clocks_change_is_whole(day: str, hours: int) -> None:
    start, end = period(day, NOW, BERLIN)
    assert end - start == timedelta(hours=hours)


def test_an_hour_that_comes_twice_is_covered_twice() -> None:
    start, end = period("2024-10-27T02:30", NOW, BERLIN)
    assert start == utc(2024, 10, 27, 0, 30)
    assert end == utc(2024, 10, 27, 1, 31)


def test_a_minute_that_clocks_skip_is_not_empty() -> None:
    start, end = period("2024-03-31T02:30", NOW, BERLIN)
    assert end - start == timedelta(minutes=1)


def test_a_day_without_a_midnight_starts_when_the_clocks_have_changed() -> None:
    paulo = ZoneInfo("America/Sao_Paulo")
    start, _ = period("2018-11-04", NOW, paulo)
    assert start == period("2018-11-03", NOW, paulo)[1] == utc(2018, 11, 4, 3)


@given(st.dates(FIRST.date(), LAST.date()))
def test_days_follow_each_other_without_a_gap(day: date) -> None:
    end = period(day.isoformat(), NOW, BERLIN)[1]
    assert end == period((day + DAYS).isoformat(), NOW, BERLIN)[0]


@pytest.mark.parametrize("text", ["", "now", "7", "d", "-7d", "7 d", "7D", "1q", "Q3"])
def test_what_is_no_period_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="today, yesterday"):
        period(text, NOW, UTC)


@pytest.mark.parametrize("text", ["1599", "9999", "0000"])
def test_years_that_cannot_be_answered_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Years run from 1600 to 9998"):
        period(text, NOW, UTC)


@pytest.mark.parametrize("text", ["99999y", "425y", "99999mo", "99999w", "99999d0h"])
def test_a_time_too_long_ago_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"too long ago|not a date"):
        period(text, NOW, UTC)


def test_a_duration_is_a_length_of_time() -> None:
    assert duration("30min") == timedelta(minutes=30)
    assert duration("12h") == timedelta(hours=12)
    assert duration("7d") == timedelta(days=7)
    assert duration("2w") == timedelta(days=14)
    assert duration("3mo") == timedelta(days=90)
    assert duration("1y") == timedelta(days=365)


@pytest.mark.parametrize("text", ["", "0d", "7", "d7", "-1d", "1.5d", "1h30min"])
def test_what_is_no_duration_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="12h"):
        duration(text)
