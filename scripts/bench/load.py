"""How quick articles come in, and what they take: beside tantivy used directly.

`python -m scripts.bench.load` sends NDJSON to a real server and waits until everything is
durable and can be found. The libraries are given documents that are ready, with the same
fields of the same JSON, which tantivy analyses as English itself: they validate nothing
and keep no article.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Final

import click
import orjson
from tantivy import Document

from scripts.bench import bare, corpus, processes
from scripts.bench.clients import Client
from scripts.bench.loading import post
from scripts.bench.processes import Server
from scripts.bench.questions import cases
from scripts.bench.tables import machine, table

RATE_BAR: Final = 0.35
DISK_BAR: Final = 1.4
MEMORY_BAR: Final = 550.0
QUESTIONS: Final = 2000

_CLIENTS: Final = 8


@dataclass(frozen=True, slots=True)
class Load:
    """One load: articles a second, and CPU milliseconds an article."""

    rate: float
    cpu: float


@dataclass(slots=True)
class Found:
    """What was measured; memory in MB, sizes in bytes."""

    dateline: list[Load] = field(default_factory=list)
    bare: list[Load] = field(default_factory=list)
    memory: dict[str, tuple[float, float]] = field(default_factory=dict)
    disk: int = 0


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("../shared/data"))
@click.option("--cache", type=click.Path(path_type=Path), default=Path(".cache/bench"))
@click.option("--articles", type=int, help="So many real articles (default all).")
@click.option("--times", default=1, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--questions", default=QUESTIONS, show_default=True)
def main(
    *,
    data: Path,
    cache: Path,
    articles: int | None,
    times: int,
    rounds: int,
    questions: int,
) -> None:
    """Measure loads of the real articles, or of so many TIMES as many."""
    print(machine())
    file = corpus.written(data, cache, articles, times)
    count = sum(1 for _ in file.open("rb"))
    found = Found()
    for number in range(rounds):
        last = number == rounds - 1
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            _through_http(Path(folder), file, found, questions if last else 0)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            found.bare.append(_directly(Path(folder), file, count))
    print(f"{count:,} articles, {file.stat().st_size / 1e6:,.0f} MB of JSON\n")
    print(_rates(found), _sizes(found, file.stat().st_size), sep="\n")


def _through_http(folder: Path, file: Path, found: Found, questions: int) -> None:
    """Load into an empty server; then measure its memory and its files."""
    with processes.dateline(folder) as server:
        before = server.cpu()
        loaded = post(server.port, file)
        used = server.cpu() - before
        found.dateline.append(
            Load(loaded.articles / loaded.seconds, 1000 * used / loaded.articles)
        )
        if questions:
            found.memory["after the load"] = _memory(server)
            _ask(server, questions)
            found.memory[f"after {questions:,} questions"] = _memory(server)
    found.disk = _size(folder)


def _directly(folder: Path, file: Path, count: int) -> Load:
    documents = list(_documents(file))
    start, used = time.perf_counter(), time.process_time()
    bare.add(folder, documents)
    took = time.perf_counter() - start
    return Load(count / took, 1000 * (time.process_time() - used) / count)


def _documents(file: Path) -> Iterator[Document]:
    with file.open("rb") as lines:
        for number, article in enumerate(map(orjson.loads, lines), 1):
            yield bare.document(article, number, bare.ENGLISH)


def _ask(server: Server, count: int) -> None:
    """Ask questions of all kinds over several connections, so that all workers answer."""
    paths = [question.paths[0] for case in cases() for question in case.questions]
    clients = [Client(server.port) for _ in range(_CLIENTS)]
    for client, path in islice(zip(cycle(clients), cycle(paths), strict=False), count):
        client.ask(path)
    for client in clients:
        client.close()


def _memory(server: Server) -> tuple[float, float]:
    return server.memory("Rss"), server.memory("Pss")


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _rates(found: Found) -> str:
    rows = [
        (name, statistics.median(loads), min(loads), max(loads), cpu)
        for name, loads, cpu in (
            (name, [each.rate for each in given], _cpu(given))
            for name, given in (
                ("Dateline, through HTTP", found.dateline),
                ("tantivy, add and commit", found.bare),
            )
        )
    ]
    ratio, work = rows[0][1] / rows[1][1], rows[1][4] / rows[0][4]
    last = f"ratio {ratio:.2f} (by CPU {work:.2f}), bar {RATE_BAR}: "
    last += "met" if ratio >= RATE_BAR else "MISSED"
    head = ("articles a second", "median", "lowest", "highest", "CPU ms an article")
    return table("Load until searchable", head, rows) + last + "\n"


def _cpu(loads: list[Load]) -> float:
    return statistics.median(each.cpu for each in loads)


def _sizes(found: Found, json: int) -> str:
    rows: list[tuple[str, float, float, str]] = [
        (
            *("files after the server's end, to the JSON", found.disk / json, DISK_BAR),
            "met" if found.disk <= DISK_BAR * json else "MISSED",
        )
    ]
    for moment, (rss, pss) in found.memory.items():
        verdict = "met" if rss <= MEMORY_BAR else "MISSED"
        rows.append((f"RSS of both workers {moment}, MB", rss, MEMORY_BAR, verdict))
        rows.append((f"PSS of both workers {moment}, MB", pss, MEMORY_BAR, ""))
    return table("Files and memory", ("", "found", "bar", ""), rows)


if __name__ == "__main__":
    sys.exit(main())
