"""Searches as tables: times, the engine alone, CPU, throughput, growth."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import Final

from scripts.bench.questions import Case
from scripts.bench.tables import table
from scripts.bench.times import Times

GROWTH_BAR: Final = 2.0
CPU_BAR: Final = 3.0
TEN_HITS: Final = "ten hits"


@dataclass(slots=True)
class Result:
    """What was measured of a case: both servers, the engine alone in a server, and both
    engines without HTTP."""

    case: Case
    total: int
    dateline: Times = field(default_factory=Times)
    minimal: Times = field(default_factory=Times)
    served: Times = field(default_factory=Times)
    engine: Times = field(default_factory=Times)
    bare: Times = field(default_factory=Times)
    rates: tuple[float, float] = (0.0, 0.0)


@dataclass(slots=True)
class Found:
    """What was measured of all cases, and of an answer with nothing in it."""

    results: list[Result]
    empty: Times = field(default_factory=Times)

    def forget(self) -> None:
        """Drop all rounds so far."""
        self.empty.forget()
        for each in self.results:
            for times in (each.dateline, each.minimal, each.served):
                times.forget()
            each.engine.forget()
            each.bare.forget()


def verdict(figure: float, bar: float) -> str:
    """Say whether a figure that should be low is low enough."""
    return "met" if figure <= bar else "MISSED"


def answers(found: Found) -> str:
    """Return the times of answers over HTTP."""
    rows = []
    for each in found.results:
        ours, by_hand = each.dateline, each.minimal
        ratio = ours.p50 / by_hand.p50
        rows.append(
            (
                *(each.case.name, each.total, ours.p50, ours.quantile(0.95)),
                *(ours.quantile(0.99), by_hand.p50, by_hand.quantile(0.95)),
                *(by_hand.quantile(0.99), ratio, each.case.bar),
                verdict(ratio, each.case.bar),
            )
        )
    head = ("one client, ms", "hits", "p50", "p95", "p99", "by hand p50", "p95", "p99")
    return table("Answers over HTTP", (*head, "ratio", "bar", ""), rows)


def engines(found: Found) -> str:
    """Return the times of the engine beside those of the libraries."""
    rows = [
        (
            *(each.case.name, each.engine.p50, each.engine.used),
            *(each.bare.p50, each.bare.used, each.engine.used / each.bare.used),
        )
        for each in found.results
    ]
    head = ("ms", "engine p50", "CPU", "tantivy and SQLite p50", "CPU", "ratio of CPU")
    return table("The engine alone, without HTTP", head, rows)


def processor(found: Found) -> str:
    """Return the CPU time of answers, and what they need above the engine.

    The engine's own is that in a server that does nothing else, less an empty answer.
    The last column takes it from a loop in one thread instead, which finds what it reads
    in the processor's cache.
    """
    empty = found.empty.used
    rows = []
    for each in found.results:
        ours, by_hand = each.dateline.used, each.minimal.used
        own = each.served.used - empty
        above = (ours - own) / empty
        in_loop = (ours - each.engine.used) / empty
        rows.append(
            (
                *(each.case.name, ours, by_hand, ours / by_hand, own, above),
                *(CPU_BAR, verdict(above, CPU_BAR), in_loop),
            )
        )
    head = ("CPU of workers, ms", "Dateline", "by hand", "ratio", "engine's own")
    above_head = ("above it, in empty answers", "bar", "", "above a loop")
    title = f"Server CPU of a question; an empty answer of Flask takes {empty:.2f} ms"
    return table(title, (*head, *above_head), rows)


def throughput(found: Found, clients: int) -> str:
    """Return answers a second to so many clients."""
    rows = [
        (each.case.name, *each.rates, each.rates[0] / each.rates[1])
        for each in found.results
    ]
    head = ("answers a second", "Dateline", "by hand", "ratio")
    return table(f"Throughput with {clients} clients", head, rows)


def medians(found: Found) -> dict[str, float]:
    """Return the median time of each case, and that of all questions for ten hits."""
    every = [
        time
        for each in found.results
        if each.case.name.startswith(TEN_HITS)
        for time in each.dateline.answers
    ]
    of_all = {f"{TEN_HITS}, all of them": statistics.median(every)} if every else {}
    return of_all | {each.case.name: each.dateline.p50 for each in found.results}


def growth(small: dict[str, float], large: dict[str, float]) -> str:
    """Return how times grow from a small archive to a large one."""
    rows = [
        (
            *(name, small[name], large[name], large[name] / small[name]),
            *(
                (GROWTH_BAR, verdict(large[name] / small[name], GROWTH_BAR))
                if name.startswith(TEN_HITS)
                else (None, "")
            ),
        )
        for name in small
    ]
    return table("Growth of p50", ("ms", "small", "large", "ratio", "bar", ""), rows)
