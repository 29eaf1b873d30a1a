from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest

from schemas.formats.ndjson import Line, lines
from schemas.reports import Options, Report, index_lines
from search.errors import EngineUnavailableError
from search.result import IndexReport
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


def test_lines_are_indexed_in_batches_of_bounded_size() -> None:
    few, large = Counting(), Counting()
    index_lines(few, many(1100), Report(), OPTIONS)
    index_lines(large, many(5, size=9_000_000), Report(), OPTIONS)
    assert (few.sizes, large.sizes) == ([500, 500, 100], [2, 2, 1])


def test_an_engine_that_fails_is_not_asked_for_the_same_batch_again() -> None:
    engine, report = Counting(fails_at=1), Report()
    with pytest.raises(EngineUnavailableError):
        index_lines(engine, many(1100), report, OPTIONS)
    assert engine.sizes == [500, 500]
    assert (report.accepted, report.lines) == (500, 1000)
