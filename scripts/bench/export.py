"""How fast everything comes out: an export over HTTP beside the engine's own scan.

`python -m scripts.bench.export` reads both in turn, so that what else the machine does
falls on both. CPU is that of the workers, memory what is theirs alone.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Final

import click

from scripts.bench import corpus, processes
from scripts.bench.loading import post
from scripts.bench.processes import Server
from scripts.bench.tables import machine, table
from search.connection import connect
from search.engine import Engine
from search.request import SearchRequest

WAYS: Final = {
    "NDJSON": "/v1/articles.ndjson",
    "NDJSON, gzip": "/v1/articles.ndjson",
    "NDJSON, four fields": "/v1/articles.ndjson?fields=published_at,title,source,url",
    "CSV": "/v1/articles.csv",
}
_READ: Final = 1 << 18
_SAMPLES: Final = 40


@dataclass(frozen=True, slots=True)
class Read:
    """One reading: seconds to the first byte and to the last, CPU seconds, bytes.

    `grown` is by how many MB the workers' own memory was larger at its largest.
    """

    first: float
    seconds: float
    cpu: float
    size: int
    grown: float


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("../shared/data"))
@click.option("--cache", type=click.Path(path_type=Path), default=Path(".cache/bench"))
@click.option("--times", default=8, show_default=True, help="As many as there are.")
@click.option("--rounds", default=3, show_default=True)
def main(*, data: Path, cache: Path, times: int, rounds: int) -> None:
    """Measure exports of the real articles, and of so many TIMES as many."""
    print(machine())
    file = corpus.written(data, cache, None, times)
    folder = file.with_suffix(".dateline")
    new = not folder.exists()
    with processes.dateline(folder) as server:
        if new:
            post(server.port, file)
        server.settle()
        with closing(connect(f"embedded:{folder}")) as engine:
            _report(server, engine, rounds)


def _report(server: Server, engine: Engine, rounds: int) -> None:
    count = engine.search(SearchRequest(limit=0)).total
    scans: list[tuple[float, float]] = []
    reads: dict[str, list[Read]] = {name: [] for name in WAYS}
    for number in range(rounds + 1):
        scan = _scanned(engine, count)
        found = {name: _read(server, name) for name in WAYS}
        if number:  # the first round opens files and fills caches
            scans.append(scan)
            for name, read in found.items():
                reads[name].append(read)
    print(table(f"{count:,} articles", _HEAD, _rows(count, scans, reads)))


_HEAD: Final = (
    *("way", "articles/s", "of the scan", "CPU s", "of the scan's", "first byte ms"),
    *("MB", "memory MB"),
)


def _rows(
    count: int, scans: list[tuple[float, float]], reads: dict[str, list[Read]]
) -> Iterator[tuple[str | int | float | None, ...]]:
    wall = median(seconds for seconds, _ in scans)
    used = median(cpu for _, cpu in scans)
    yield ("the engine's scan", round(count / wall), 1.0, used, 1.0, None, None, None)
    for name, found in reads.items():
        beside = zip(found, scans, strict=True)
        yield (
            name,
            round(count / median(each.seconds for each in found)),
            median(scan[0] / each.seconds for each, scan in beside),
            median(each.cpu for each in found),
            median(each.cpu for each in found) / used,
            1000 * median(each.first for each in found),
            round(median(each.size for each in found) / 1e6),
            round(max(each.grown for each in found), 1),
        )


def _scanned(engine: Engine, count: int) -> tuple[float, float]:
    """Return the seconds, and the CPU seconds, of a scan in this process."""
    started, used = time.perf_counter(), time.thread_time()
    found = sum(1 for _ in engine.scan(SearchRequest(sort="oldest")))
    if found != count:
        raise click.ClickException(f"The scan had {found:,} of {count:,} articles.")
    return time.perf_counter() - started, time.thread_time() - used


def _read(server: Server, name: str) -> Read:
    before, used = server.memory("Anonymous"), server.cpu()
    headers = {"Accept-Encoding": "gzip"} if name.endswith("gzip") else {}
    started = time.perf_counter()
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=600)) as connection:
        connection.request("GET", WAYS[name], headers=headers)
        answer = connection.getresponse()
        size, last = len(answer.read(1)), b""
        first = time.perf_counter() - started
        peak, pieces = before, 0
        while piece := answer.read(_READ):
            size, last = size + len(piece), piece
            pieces += 1
            if pieces % _SAMPLES == 0:
                peak = max(peak, server.memory("Anonymous"))
    took = time.perf_counter() - started
    if not headers and not last.endswith(b"\n"):
        raise click.ClickException(f"{name} broke off after {size:,} bytes.")
    return Read(first, took, server.cpu() - used, size, peak - before)


if __name__ == "__main__":
    sys.exit(main())
