from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest

from schemas.formats.ndjson import Line, lines
from schemas.reports import Options, Report, index_lines
from search.errors import EngineUnavailableError
from search.result import IndexReport, Outcome
from tests.reference import ReferenceEngine

OPTIONS = Options(datetime(2024, 6, 1, tzinfo=UTC))
GOOD = b'{"id":"a","title":"a","published_at":"2024"}'


def test_a_line_that_is_too_long_is_reported_and_stops_no_other() -> None:
    engine, report = ReferenceEngine(), Report()
    raw = b"x" * 200 + b"\n" + GOOD
    index_lines(engine, lines(BytesIO(raw), most=100), report, OPTIONS)
    found = report.dump()
    assert (found["lines"], found["created"], found["failed"]) == (2, 1, 1)
    assert "at most 100 bytes" in found["errors"][0]["errors"][0]["detail"]


def test_an_id_that_is_no_text_is_not_repeated() -> None:
    engine, report = ReferenceEngine(), Report()
    given: list[Line] = [(1, b'{"id":5}'), (2, b'{"id":"%b"}' % (b"x" * 300))]
    index_lines(engine, given, report, OPTIONS)
    assert [error["id"] for error in report.dump()["errors"]] == [None, None]


class Counting(ReferenceEngine):
    """Notes the sizes of batches; fails at the one that it is told."""

    def __init__(self, fails_at: int | None = None) -> None:
        super().__init__()
        self.sizes: list[int] = []
        self.fails_at = fails_at

    def index(self, articles: Any, /, **options: Any) -> IndexReport:
        given = list(articles)
        self.sizes.append(len(given))
        if len(self.sizes) - 1 == self.fails_at:
            raise EngineUnavailableError("It is away.")
        return super().index(given, **options)


def many(count: int, size: int = 0) -> Iterator[Line]:
    for number in range(1, count + 1):
        fill = b"x" * size
        yield (
            number,
            b'{"title":"%d","published_at":"2024","body":"%b"}' % (number, fill),
        )


def test_lines_are_indexed_many_at_a_time() -> None:
    engine = Counting()
    index_lines(engine, many(20_100), Report(), OPTIONS)
    assert engine.sizes == [10_000, 10_000, 100]


class Slow(ReferenceEngine):
    """Stores the articles one by one; notes how many lines had been read by then."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report
        self.ahead: list[int] = []

    def index(self, articles: Any, /, **options: Any) -> IndexReport:
        outcomes: list[Outcome] = []
        for article in articles:
            self.ahead.append(self.report.lines - len(outcomes))
            outcomes += super().index([article], **options).outcomes
        return IndexReport(tuple(outcomes))


@pytest.mark.parametrize(("count", "size", "most"), [(2100, 0, 500), (5, 9_000_000, 3)])
def test_no_more_lines_are_read_ahead_than_fit_in_memory(
    count: int, size: int, most: int
) -> None:
    report = Report()
    engine = Slow(report)
    index_lines(engine, many(count, size=size), report, OPTIONS)
    assert report.accepted == count
    assert max(engine.ahead) <= most


def test_an_engine_that_fails_is_not_asked_again() -> None:
    engine, report = Counting(fails_at=1), Report()
    with pytest.raises(EngineUnavailableError):
        index_lines(engine, many(30_000), report, OPTIONS)
    assert engine.sizes == [10_000, 10_000]
    assert (report.accepted, report.lines) == (10_000, 20_000)


def test_what_stops_the_lines_is_told_behind_what_was_read() -> None:
    def broken() -> Iterator[Line]:
        yield from many(3)
        raise ConnectionResetError

    engine, report = Counting(), Report()
    with pytest.raises(ConnectionResetError):
        index_lines(engine, broken(), report, replace(OPTIONS, refresh=True))
    assert (report.accepted, report.lines) == (3, 3)
    assert engine.sizes == [3, 0]  # and what was stored can be searched
