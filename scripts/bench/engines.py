"""The same questions without HTTP: the engine beside tantivy and SQLite used directly.

Both are asked in this process, from what was prepared before: a `SearchRequest` here, a
query of tantivy there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

import orjson

from schemas.queries import load
from scripts.bench.asking import Asker, wanted_of
from scripts.bench.bare import Rows
from scripts.bench.questions import Case
from scripts.bench.times import Times
from search.connection import connect
from search.engine import Engine

Call: TypeAlias = Callable[[], object]
Calls: TypeAlias = tuple[list[Call], list[Call]]


@contextmanager
def opened(
    ours: Path, by_hand: Path, cases: Sequence[Case]
) -> Iterator[dict[str, Calls]]:
    """Lend the questions of each case as calls, to the engine and to the libraries."""
    asker = Asker(by_hand)
    with closing(connect(f"embedded:{ours}")) as engine, closing(Rows(by_hand)) as rows:
        yield {
            case.name: (
                [_searched(engine, question.paths[0]) for question in case.questions],
                [_asked(asker, rows, question.paths[1]) for question in case.questions],
            )
            for case in cases
        }


def measure(calls: Sequence[Call], count: int, times: Times) -> None:
    """Call in turn, `count` times in all; note times and this thread's CPU."""
    found = []
    used = time.thread_time()
    for place in range(count):
        start = time.perf_counter()
        calls[place % len(calls)]()
        found.append(1000 * (time.perf_counter() - start))
    times.note(found, 1000 * (time.thread_time() - used))


def _searched(engine: Engine, path: str) -> Call:
    query = load(parse_qsl(urlsplit(path).query), "articles", now=datetime.now(UTC))
    return lambda: engine.search(query.request)


def _asked(asker: Asker, rows: Rows, path: str) -> Call:
    wanted = wanted_of(parse_qsl(urlsplit(path).query))
    query, others = asker.query(wanted), asker.others(wanted)

    def call() -> object:
        got = asker.ask(wanted, query, others)
        return [orjson.Fragment(head) for head in rows.heads(got.numbers)]

    return call
