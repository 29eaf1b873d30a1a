"""How quick answers are: Dateline beside a view written by hand, on the same articles.

`python -m scripts.bench.search` asks both servers in turn, so that what else the machine
does falls on both; times are medians of rounds. CPU is that of the workers, all threads.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import click
import orjson

from scripts.bench import bare, corpus, processes
from scripts.bench.clients import Client, rate, seconds
from scripts.bench.loading import post
from scripts.bench.processes import Server
from scripts.bench.questions import Case, cases, deep
from scripts.bench.tables import machine, table

GROWTH_BAR: Final = 2.0
CPU_BAR: Final = 3.0
CLIENTS: Final = 8

_EMPTY: Final = "/empty"


class DifferentError(Exception):
    """The two servers do not say the same; the text names the question."""


@dataclass(slots=True)
class Times:
    """What was measured of one case on one server, in milliseconds."""

    answers: list[float] = field(default_factory=list)
    medians: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        """The median of the rounds' medians."""
        return statistics.median(self.medians)

    @property
    def used(self) -> float:
        """The CPU time of an answer: the median of the rounds."""
        return statistics.median(self.cpu)

    def quantile(self, share: float) -> float:
        """Return the time that this share of all answers stayed below."""
        ordered = sorted(self.answers)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure."""

    rounds: int
    questions: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two servers, with a connection to it."""

    server: Server
    client: Client
    place: int

    def measure(self, paths: Sequence[str], times: Times) -> None:
        """Ask all paths once and note times and CPU."""
        before = self.server.cpu()
        found = [1000 * each for each in seconds(self.client, paths)]
        times.cpu.append(1000 * (self.server.cpu() - before) / len(paths))
        times.answers += found
        times.medians.append(statistics.median(found))


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("../shared/data"))
@click.option("--cache", type=click.Path(path_type=Path), default=Path(".cache/bench"))
@click.option("--articles", type=int, help="So many real articles (default all).")
@click.option("--times", multiple=True, type=int, default=(1, 8), show_default=True)
@click.option("--rounds", default=7, show_default=True)
@click.option("--questions", default=40, show_default=True, help="In a round.")
@click.option("--seconds", default=4.0, show_default=True, help="With 8 clients.")
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
    wanted = Effort(int(effort["rounds"]), int(effort["questions"]), effort["seconds"])
    medians: list[dict[str, float]] = []
    for number in times:
        file = corpus.written(data, cache, articles, number)
        with _servers(file, fresh=fresh) as sides:
            medians.append(_report(file, sides, wanted))
    if len(medians) > 1:
        print(_grown(medians[0], medians[-1]))


@contextmanager
def _servers(file: Path, *, fresh: bool) -> Iterator[tuple[Side, Side]]:
    """Serve the file's articles twice; loaded already, if they are in the cache."""
    ours, by_hand = file.with_suffix(".dateline"), file.with_suffix(".minimal")
    for folder in (ours, by_hand) if fresh else ():
        shutil.rmtree(folder, ignore_errors=True)
    if not by_hand.exists():
        bare.build(by_hand, file)
    if not ours.exists():
        with processes.dateline(ours) as server:
            print(f"loading {file.name}: {post(server.port, file).seconds:.0f} s")
    with ExitStack() as stack:
        started = (
            stack.enter_context(processes.dateline(ours)),
            stack.enter_context(processes.minimal(by_hand)),
        )
        clients = [Client(server.port) for server in started]
        for client in clients:
            stack.callback(client.close)
        first, second = (
            Side(server, client, place)
            for place, (server, client) in enumerate(zip(started, clients, strict=True))
        )
        yield first, second


def _report(file: Path, sides: tuple[Side, Side], effort: Effort) -> dict[str, float]:
    asked = [*cases(), deep(sides[0].client.ask, sides[1].client.ask)]
    totals = {case.name: _checked(case, sides) for case in asked}
    empty, found = _measured(asked, sides, effort)
    count = sum(1 for _ in file.open("rb"))
    print(f"{count:,} articles; segments of the index: {_segments(file)}\n")
    print(_latencies(asked, found, totals))
    print(_processor(asked, found, empty))
    print(_throughput(asked, sides, effort))
    return {name: ours.p50 for name, (ours, _) in found.items()}


def _checked(case: Case, sides: tuple[Side, Side]) -> int:
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


def _measured(
    asked: Sequence[Case], sides: tuple[Side, Side], effort: Effort
) -> tuple[Times, dict[str, tuple[Times, Times]]]:
    """Ask in rounds, both sides in turn; the first round is not counted."""
    empty = Times()
    found = {case.name: (Times(), Times()) for case in asked}
    for number in range(effort.rounds + 1):
        if number == 1:
            empty = Times()
            found = {case.name: (Times(), Times()) for case in asked}
        sides[1].measure([_EMPTY] * effort.questions, empty)
        for case in asked:
            for side in sides if number % 2 else sides[::-1]:
                side.measure(
                    _paths(case, side.place, effort.questions),
                    found[case.name][side.place],
                )
    return empty, found


def _paths(case: Case, place: int, count: int) -> list[str]:
    paths = [question.paths[place] for question in case.questions]
    return (paths * (count // len(paths) + 1))[:count]


def _latencies(
    asked: Sequence[Case],
    found: dict[str, tuple[Times, Times]],
    totals: dict[str, int],
) -> str:
    rows = []
    for case in asked:
        ours, by_hand = found[case.name]
        ratio = ours.p50 / by_hand.p50
        rows.append(
            (
                *(case.name, totals[case.name], ours.p50, ours.quantile(0.95)),
                *(ours.quantile(0.99), by_hand.p50, by_hand.quantile(0.95), ratio),
                *(case.bar, "met" if ratio <= case.bar else "MISSED"),
            )
        )
    head = ("one client, ms", "hits", "p50", "p95", "p99", "by hand p50", "p95")
    return table("Time of an answer", (*head, "ratio", "bar", ""), rows)


def _processor(
    asked: Sequence[Case], found: dict[str, tuple[Times, Times]], empty: Times
) -> str:
    rows = []
    for case in asked:
        ours, by_hand = (times.used for times in found[case.name])
        rows.append((case.name, ours, by_hand, ours / by_hand, ours - by_hand))
    head = ("workers, ms a question", "Dateline", "by hand", "ratio", "more")
    title = f"Server CPU; an empty answer of Flask takes {empty.used:.2f} ms"
    return table(title, head, rows)


def _throughput(asked: Sequence[Case], sides: tuple[Side, Side], effort: Effort) -> str:
    rows = []
    for case in asked:
        ours, by_hand = (
            rate(
                side.server.port,
                [question.paths[side.place] for question in case.questions],
                CLIENTS,
                effort.seconds,
            )
            for side in sides
        )
        rows.append((case.name, ours, by_hand, ours / by_hand))
    head = (f"{CLIENTS} clients, answers a second", "Dateline", "by hand", "ratio")
    return table("Throughput", head, rows)


def _grown(small: dict[str, float], large: dict[str, float]) -> str:
    rows = [
        (
            *(name, small[name], large[name], large[name] / small[name]),
            ""
            if not name.startswith("ten hits")
            else _verdict(large[name] / small[name]),
        )
        for name in small
    ]
    return table("Growth of p50", ("ms", "small", "large", "ratio", ""), rows)


def _verdict(ratio: float) -> str:
    return "met" if ratio <= GROWTH_BAR else "MISSED"


def _segments(file: Path) -> str:
    found = []
    for suffix in (".dateline", ".minimal"):
        for meta in file.with_suffix(suffix).glob("index*/meta.json"):
            segments = len(orjson.loads(meta.read_bytes())["segments"])
            found.append(f"{segments} ({suffix[1:]})")
    return ", ".join(found)


if __name__ == "__main__":
    sys.exit(main())
