"""How quick answers are: Dateline beside a view written by hand, on the same articles.

`python -m scripts.bench.search` asks both servers in turn, so that what else the machine
does falls on both; times are medians of rounds. CPU is that of the workers, all threads.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
import orjson

from scripts.bench import bare, corpus, processes, reports
from scripts.bench.clients import Client, Crowd, crowd, seconds
from scripts.bench.engines import Calls, measure, opened
from scripts.bench.loading import post
from scripts.bench.processes import Server
from scripts.bench.questions import Case, cases, deep
from scripts.bench.reports import Found, Result
from scripts.bench.tables import machine
from scripts.bench.times import Times

EMPTY: Final = "/empty"


class DifferentError(Exception):
    """The two servers do not say the same; the text names the question."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure."""

    rounds: int
    questions: int
    seconds: float
    clients: int


@dataclass(frozen=True, slots=True)
class Side:
    """One of the servers, with a connection to it; 2 is the engine alone."""

    server: Server
    client: Client
    place: int

    def measure(self, paths: Sequence[str], times: Times) -> None:
        """Ask all paths once and note times and CPU."""
        before = self.server.cpu()
        found = [1000 * each for each in seconds(self.client, paths)]
        times.note(found, 1000 * (self.server.cpu() - before))


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("../shared/data"))
@click.option("--cache", type=click.Path(path_type=Path), default=Path(".cache/bench"))
@click.option("--articles", type=int, help="So many real articles (default all).")
@click.option("--times", multiple=True, type=int, default=(1, 8), show_default=True)
@click.option("--rounds", default=7, show_default=True)
@click.option("--questions", default=40, show_default=True, help="In a round.")
@click.option("--seconds", default=4.0, show_default=True, help="With all clients.")
@click.option("--clients", default=8, show_default=True, help="At the same time.")
@click.option("--fresh", is_flag=True, help="Load again what is in the cache.")
def main(
    *,
    data: Path,
    cache: Path,
    articles: int | None,
    times: tuple[int, ...],
    fresh: bool,
    **effort: float,
) -> None:
    """Measure searches on the real articles and on so many TIMES as many."""
    print(machine())
    counts = {name: int(effort[name]) for name in ("rounds", "questions", "clients")}
    wanted = Effort(seconds=effort["seconds"], **counts)
    medians: list[dict[str, float]] = []
    for number in times:
        file = corpus.written(data, cache, articles, number)
        with _servers(file, fresh=fresh) as sides:
            medians.append(_report(file, sides, wanted))
    if len(medians) > 1:
        print(reports.growth(medians[0], medians[-1]))


@contextmanager
def _servers(file: Path, *, fresh: bool) -> Iterator[tuple[Side, ...]]:
    """Serve the file's articles; loaded already, if they are in the cache."""
    ours, by_hand = _folders(file)
    for folder in (ours, by_hand) if fresh else ():
        shutil.rmtree(folder, ignore_errors=True)
    if not by_hand.exists():
        bare.build(by_hand, file)
    if not ours.exists():
        with processes.dateline(ours) as server:
            took = post(server.port, file).seconds
            print(
                f"loaded {file.name}: {took:.0f} s, quiet {server.settle():.0f} s later"
            )
    with ExitStack() as stack:
        started = (
            stack.enter_context(processes.dateline(ours)),
            stack.enter_context(processes.minimal(by_hand)),
            stack.enter_context(processes.engine_only(ours)),
        )
        for server in started:
            server.settle()
        clients = [Client(server.port) for server in started]
        for client in clients:
            stack.callback(client.close)
        yield tuple(
            Side(server, client, place)
            for place, (server, client) in enumerate(zip(started, clients, strict=True))
        )


def _report(file: Path, sides: tuple[Side, ...], effort: Effort) -> dict[str, float]:
    asked = [*cases(), deep(sides[0].client.ask, sides[1].client.ask)]
    totals = {case.name: _checked(case, sides[:2]) for case in asked}
    found = Found([Result(case, totals[case.name]) for case in asked])
    ours, by_hand = _folders(file)
    with opened(ours, by_hand, asked) as calls:
        for number in range(effort.rounds + 1):
            _round(found, sides, calls, number, effort.questions)
            if not number:
                found.forget()
    with crowd(effort.clients) as clients:
        # The first time, the processes are still starting.
        _rates(clients, asked[0], sides[:2], 0.1)
        for result in found.results:
            result.rates = _rates(clients, result.case, sides[:2], effort.seconds)
    count = sum(1 for _ in file.open("rb"))
    print(f"{count:,} articles; segments of the index: {_segments(file)}\n")
    print(reports.answers(found), reports.engines(found), sep="\n")
    print(reports.processor(found), reports.throughput(found, effort.clients), sep="\n")
    return reports.medians(found)


def _round(
    found: Found,
    sides: tuple[Side, ...],
    calls: dict[str, Calls],
    number: int,
    count: int,
) -> None:
    """Measure everything once, all sides in turn, the other way round every time."""
    sides[1].measure([EMPTY] * count, found.empty)
    for result in found.results:
        case = result.case
        for side in sides if number % 2 else sides[::-1]:
            times = (result.dateline, result.minimal, result.served)[side.place]
            side.measure(_paths(case, side.place % 2, count), times)
        measure(calls[case.name][0], count, result.engine)
        measure(calls[case.name][1], count, result.bare)


def _rates(
    clients: Crowd, case: Case, sides: tuple[Side, ...], duration: float
) -> tuple[float, float]:
    ours, by_hand = (
        clients.rate(
            side.server.port,
            [question.paths[side.place] for question in case.questions],
            duration,
        )
        for side in sides
    )
    return ours, by_hand


def _paths(case: Case, place: int, count: int) -> list[str]:
    paths = [question.paths[place] for question in case.questions]
    return (paths * (count // len(paths) + 1))[:count]


def _checked(case: Case, sides: tuple[Side, ...]) -> int:
    """Return the mean total of the case; raises DifferentError if the sides differ."""
    totals: list[int] = []
    for question in case.questions:
        ours, by_hand = (
            orjson.loads(side.client.ask(path))
            for side, path in zip(sides, question.paths, strict=True)
        )
        totals.append(ours["total"]["value"])
        # Behind a cursor, the view by hand only counts what is left.
        behind = "before=" in question.paths[1]
        same = _ids(ours) == _ids(by_hand) if behind else totals[-1] == by_hand["total"]
        if not same:
            raise DifferentError(str(question.paths))
    return round(sum(totals) / len(totals))


def _ids(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [item["id"] for item in answer["items"]]


def _folders(file: Path) -> tuple[Path, Path]:
    return file.with_suffix(".dateline"), file.with_suffix(".minimal")


def _segments(file: Path) -> str:
    found = []
    for folder in _folders(file):
        for meta in folder.glob("index*/meta.json"):
            segments = len(orjson.loads(meta.read_bytes())["segments"])
            found.append(f"{segments} ({folder.suffix[1:]})")
    return ", ".join(found)


if __name__ == "__main__":
    sys.exit(main())
