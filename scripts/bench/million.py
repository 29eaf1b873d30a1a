"""Names at a million: completing them, and texts in which they are looked for.

`python -m scripts.bench.million` loads the real articles and a million invented names
into a server of two workers. It types the names of the archive letter by letter at
`/v1/suggest`, no beginning twice, then sends articles and says what waits, and how much
memory the workers take. Invented names are put together of syllables: all beginnings of
one and two letters are among them.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection
from itertools import chain
from pathlib import Path
from string import ascii_lowercase
from typing import Final
from urllib.parse import quote

import click
import orjson

from scripts.bench import corpus, processes
from scripts.bench.clients import AnswerError, Client
from scripts.bench.entities import companies, invented
from scripts.bench.loading import post
from scripts.bench.processes import Server
from scripts.bench.tables import Cell, machine, table
from scripts.bench.times import Times
from search.connection import connect
from search.entities.profile import Profile

SUGGEST_BAR: Final = 10.0
"""Milliseconds below which 95 % of completions stay."""

MEMORY_BAR: Final = 400.0
"""MB that a million names may take, all processes together."""

_HEAD: Final = ("", "figure", "bar", "")
_LONGEST: Final = 6  # letters of a name that are typed
_WARM: Final = 3.0  # seconds in which a worker learns whose the most used names are
_ARTICLES: Final = 40
_PATIENCE: Final = 300.0  # seconds: the first article waits for all names


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("../shared/data"))
@click.option("--cache", type=click.Path(path_type=Path), default=Path(".cache/bench"))
@click.option("--articles", type=int, help="So many real articles (default all).")
@click.option("--names", type=click.IntRange(1_000), default=1_000_000)
def main(data: Path, cache: Path, articles: int | None, names: int) -> None:
    """Measure completions and texts with a million names."""
    print(machine())
    file = corpus.written(data, cache, articles, 1)
    with tempfile.TemporaryDirectory(dir=cache) as name:
        folder = Path(name)
        with processes.dateline(folder) as server:
            post(server.port, file)
        took = _registered(folder, data, names)
        print(f"{names:,} names loaded in {took:.1f} s\n")
        with processes.dateline(folder) as server:
            server.settle()
            rows = list(completed(server.port, typed(folder)))
            print(table("Completions, ms", ("letters", "n", "p50", "p95", ""), rows))
            print(table("The first articles", _HEAD, searched(server)))
        with processes.dateline(folder) as server:
            server.settle()
            print(table("The same after a restart", _HEAD, searched(server)))


def two_names(profiles: Iterator[Profile]) -> Iterator[Profile]:
    """Yield the profiles with an alias each; always the same ones."""
    drawn = random.Random(7)  # noqa: S311 - nothing is secret here
    for one in profiles:
        first = drawn.choice(ascii_lowercase) + drawn.choice("aeiou")
        words = one.name.split()
        alias = f"{first}{words[1]} {words[0]} {words[-1]}".title()
        yield replace(one, aliases=(alias,))


def typed(folder: Path) -> list[str]:
    """Return beginnings: of the most used names, and all of one and two letters."""
    with closing(connect(f"embedded:{folder}")) as engine:
        names = [
            entity.name.lower()
            for kind in ("company", "tag", "place")
            for letter in ascii_lowercase
            for entity in engine.beginning(kind, letter, 2)
        ]
    pairs = (a + b for a in ascii_lowercase for b in ascii_lowercase)
    whole = (name[:end] for name in names for end in range(3, _LONGEST + 1))
    found = list(dict.fromkeys((*ascii_lowercase, *pairs, *whole)))
    random.Random(1).shuffle(found)  # noqa: S311
    return found


def completed(port: int, beginnings: Sequence[str]) -> Iterator[Sequence[Cell]]:
    """Type each beginning once; yield a row for each length, and one for all."""
    times: dict[str, Times] = {}
    with closing(Client(port)) as client:
        for _ in range(4):
            client.ask("/v1/suggest?q=zz")
        time.sleep(_WARM)
        for beginning in beginnings:
            start = time.perf_counter()
            client.ask(f"/v1/suggest?q={quote(beginning)}")
            took = (time.perf_counter() - start) * 1000
            length = str(len(beginning)) if len(beginning) < 3 else "3 and more"
            for label in (length, "all"):
                times.setdefault(label, Times()).answers.append(took)
    for label, each in sorted(times.items()):
        p95 = each.quantile(0.95)
        passes = "met" if p95 <= SUGGEST_BAR else "MISSED"
        yield label, len(each.answers), each.quantile(0.5), p95, passes


def searched(server: Server) -> Iterator[Sequence[Cell]]:
    """Send articles over several connections; yield what waited, and the memory."""
    before, used = server.memory("Pss"), server.cpu()
    waits = [_sent(server.port, number) for number in range(_ARTICLES)]
    yield "slowest article, s", max(waits), None, ""
    yield "median article, ms", sorted(waits)[_ARTICLES // 2] * 1000, None, ""
    yield "CPU of the workers, s", server.cpu() - used, None, ""
    grown = server.memory("Pss") - before
    passes = "met" if grown <= MEMORY_BAR else "MISSED"
    yield "memory of both workers beside that before, MB", grown, MEMORY_BAR, passes


def _sent(port: int, number: int) -> float:
    article = {
        "url": f"https://bench.example/{number}-{time.time_ns()}",
        "title": f"Number {number}",
        "published_at": "2024-05-01T10:00:00Z",
        "body": "Shares of Microsoft Corp fell. " * 100,
    }
    start = time.perf_counter()
    with closing(HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)) as connection:
        headers = {"Content-Type": "application/json"}
        body = orjson.dumps(article)
        connection.request("POST", "/v1/articles?names=always", body, headers)
        answer = connection.getresponse()
        if answer.status != 201:
            raise AnswerError(f"{answer.status}: {answer.read()[:500]!r}")
    return time.perf_counter() - start


def _registered(folder: Path, data: Path, names: int) -> float:
    start = time.perf_counter()
    with closing(connect(f"embedded:{folder}")) as engine:
        every = chain(companies(data), two_names(invented(names // 2)))
        engine.entities.put(every)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
