"""How quick the API is on Elasticsearch, beside the server itself and a service by hand.

`python -m scripts.bench.elastic --server http://127.0.0.1:9200` asks three in turn: the
API, Flask with elasticsearch-py as one writes it by hand, and the server itself, which is
sent the engine's own requests, made before. Then exports, and loads beside `_bulk`.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

import click
import orjson
from elasticsearch import Elasticsearch

from scripts.bench import corpus, processes
from scripts.bench.clients import Client
from scripts.bench.elastic_raw import Prepared, bulks, prepared
from scripts.bench.loading import post
from scripts.bench.processes import Server
from scripts.bench.questions import Case, cases
from scripts.bench.tables import machine, table
from scripts.bench.times import Times
from search.connection import connect

ARCHIVE: Final = f"bench-{os.getpid()}"  # others may use the same server
HAND_BAR: Final = 1.1
HITS_BAR: Final = 3.0
FACETS_BAR: Final = 2.4
EXPORT_BAR: Final = 0.8
LOAD_BAR: Final = 0.6
EXPORTED: Final = 10_000

Ask: TypeAlias = Callable[[int], object]


class DifferentError(Exception):
    """The two services do not count the same; the text names the question."""


@dataclass(slots=True)
class Result:
    """What was measured of a case; `least` is what its poorest question finds.

    Where nothing is found the API says more, and asks more for it.
    """

    case: Case
    least: int
    asked: list[Prepared]
    ours: Times = field(default_factory=Times)
    by_hand: Times = field(default_factory=Times)
    raw: Times = field(default_factory=Times)

    @property
    def calls(self) -> int:
        """The most requests that one question needs."""
        return max(len(each.sent) for each in self.asked)


@dataclass(frozen=True, slots=True)
class Sides:
    """The three that are asked, each with a connection."""

    ours: Server
    by_hand: Server
    clients: tuple[Client, Client, Client]


@click.command()
@click.option("--server", required=True, help="An Elasticsearch to fill and to ask.")
@click.option("--data", type=click.Path(path_type=Path), default=Path("../shared/data"))
@click.option("--cache", type=click.Path(path_type=Path), default=Path(".cache/bench"))
@click.option("--articles", type=int, help="So many real articles (default all).")
@click.option("--rounds", default=7, show_default=True)
@click.option("--questions", default=40, show_default=True, help="In a round.")
def main(
    *,
    server: str,
    data: Path,
    cache: Path,
    articles: int | None,
    rounds: int,
    questions: int,
) -> None:
    """Measure searches, exports and loads on the real articles."""
    print(machine())
    file = corpus.written(data, cache, articles, 1)
    with closing(Elasticsearch(server, request_timeout=60)) as cluster:
        try:
            print(_loads(server, cluster, file, max(1, rounds // 2)))
            with _serving(server) as sides:
                results = _measured(server, sides, rounds, questions)
                print(_searches(results))
                print(_exports(sides, rounds))
        finally:
            _remove(cluster)


def _loads(server: str, cluster: Elasticsearch, file: Path, rounds: int) -> str:
    """Load in turn through the API and by `_bulk`; leave what the API has loaded."""
    count = sum(1 for _ in file.open("rb"))
    ours, raw = [], []
    for _ in range(rounds):
        _emptied(server, cluster)
        raw.append(count / _bulked(server, cluster, file))
        _emptied(server, cluster)
        with processes.clustered(f"{server}/{ARCHIVE}") as api:
            loaded = post(api.port, file)
            ours.append(loaded.articles / loaded.seconds)
    cluster.indices.forcemerge(index=ARCHIVE, max_num_segments=1)
    cluster.indices.refresh(index=ARCHIVE)
    ratio = statistics.median(ours) / statistics.median(raw)
    head = ("articles a second", "API", "raw _bulk", "ratio", "bar", "")
    verdict = "met" if ratio >= LOAD_BAR else "MISSED"
    medians = statistics.median(ours), statistics.median(raw)
    row = (f"{count:,} articles", *medians, ratio, LOAD_BAR, verdict)
    return table("Loads until searchable", head, [row])


def _bulked(server: str, cluster: Elasticsearch, file: Path) -> float:
    requests = list(bulks(file, ARCHIVE))
    with closing(Client(urlsplit(server).port or 9200)) as client:
        start = time.perf_counter()
        for each in requests:
            if b'"errors":false' not in each.send(client):
                raise DifferentError("The server did not take what was sent to _bulk.")
        cluster.indices.refresh(index=ARCHIVE)
        return time.perf_counter() - start


def _emptied(server: str, cluster: Elasticsearch) -> None:
    """Make the archive anew, with our mapping and nothing in it."""
    _remove(cluster)
    with closing(connect(f"{server}/{ARCHIVE}")) as engine:
        engine.index([], refresh=True)


def _remove(cluster: Elasticsearch) -> None:
    for index in cluster.indices.get(index=f"{ARCHIVE}-*", expand_wildcards="all"):
        cluster.indices.delete(index=index)


@contextmanager
def _serving(server: str) -> Iterator[Sides]:
    with ExitStack() as stack:
        ours = stack.enter_context(processes.clustered(f"{server}/{ARCHIVE}"))
        by_hand = stack.enter_context(processes.by_hand(server, ARCHIVE))
        ports = (ours.port, by_hand.port, urlsplit(server).port or 9200)
        first, second, third = (
            stack.enter_context(closing(Client(port))) for port in ports
        )
        yield Sides(ours, by_hand, (first, second, third))


def _measured(server: str, sides: Sides, rounds: int, count: int) -> list[Result]:
    results = []
    for case in cases():
        asked = prepared(server, ARCHIVE, case.questions)
        results.append(Result(case, _checked(asked, sides), asked))
    for number in range(rounds + 1):
        for result in results:
            _round(result, sides, count)
            if not number:
                for times in (result.ours, result.by_hand, result.raw):
                    times.forget()
    return results


def _round(result: Result, sides: Sides, count: int) -> None:
    """Ask the three one question after the other, so that all feel the same load."""
    ours, by_hand, raw = sides.clients
    asked = result.asked
    turns: list[tuple[Times, Ask, Callable[[], float]]] = [
        (result.ours, lambda n: ours.ask(asked[n].ours), sides.ours.cpu),
        (result.by_hand, lambda n: by_hand.ask(asked[n].by_hand), sides.by_hand.cpu),
        (
            result.raw,
            lambda n: [each.send(raw) for each in asked[n].sent],
            time.process_time,
        ),
    ]
    took: list[list[float]] = [[] for _ in turns]
    before = [cpu() for _, _, cpu in turns]
    for number in range(count):
        for place, (_, ask, _) in enumerate(turns):
            start = time.perf_counter()
            ask(number % len(asked))
            took[place].append(1000 * (time.perf_counter() - start))
    for (times, _, cpu), found, used in zip(turns, took, before, strict=True):
        times.note(found, 1000 * (cpu() - used))


def _checked(asked: Sequence[Prepared], sides: Sides) -> int:
    """Return the least total; raises DifferentError where the two do not agree."""
    totals: list[int] = []
    for each in asked:
        ours = orjson.loads(sides.clients[0].ask(each.ours))
        by_hand = orjson.loads(sides.clients[1].ask(each.by_hand))
        totals.append(ours["total"]["value"])
        if totals[-1] != by_hand["total"]:
            raise DifferentError(f"{each.ours} {each.by_hand}")
    return min(totals)


def _searches(results: Sequence[Result]) -> str:
    rows = []
    for each in results:
        to_hand = each.ours.p50 / each.by_hand.p50
        to_raw = each.ours.p50 / each.raw.p50
        cpu = each.ours.used / each.by_hand.used
        bar = FACETS_BAR if "facets" in each.case.name else HITS_BAR
        met = to_hand <= HAND_BAR and cpu <= HAND_BAR and to_raw <= bar
        rows.append(
            (
                *(
                    each.case.name,
                    each.least,
                    each.calls,
                    each.ours.p50,
                    each.by_hand.p50,
                ),
                *(each.raw.p50, each.ours.used, each.by_hand.used),
                *(to_hand, cpu, to_raw, bar, "met" if met else "MISSED"),
            )
        )
    head = (
        "one client, ms",
        "least hits",
        "calls",
        "p50",
        "by hand",
        "raw",
        "CPU",
        "by hand",
    )
    ratios = ("p50 to hand", "CPU to hand", "p50 to raw", "bar", "")
    title = f"Searches; the bar of both ratios to the service by hand is {HAND_BAR}"
    return table(title, (*head, *ratios), rows)


def _exports(sides: Sides, rounds: int) -> str:
    ours, by_hand = [], []
    for _ in range(rounds):
        ours.append(_exported(sides.ours, "/v1/articles.ndjson"))
        by_hand.append(_exported(sides.by_hand, f"/export?count={EXPORTED}"))
    times = statistics.median(ours), statistics.median(by_hand)
    ratio = times[0] / times[1]
    head = ("seconds", "API", "by hand", "ratio", "bar", "")
    row = (f"{EXPORTED:,} articles", *times, ratio, EXPORT_BAR)
    verdict = "met" if ratio <= EXPORT_BAR else "MISSED"
    return table("Exports", head, [(*row, verdict)])


def _exported(server: Server, path: str) -> float:
    """Return the seconds until so many lines have come, or all there are."""
    start, lines = time.perf_counter(), 0
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        while lines < EXPORTED and (piece := answer.read1(1 << 16)):
            lines += piece.count(b"\n")
        return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
