"""How relevant the first hits are: judged queries through the whole stack.

`python -m scripts.bench.relevance` loads the judged articles by the schema of articles,
asks by the parameters of a search, and compares with what people found relevant. The
queries are long sentences, so they are asked as their words with OR, without the words
that say nothing.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Final, TypeAlias

import click
import orjson

from schemas import articles, queries
from scripts.bench.corpus import Wire, read, wire
from scripts.bench.judging import average_precision, binary, ndcg
from scripts.bench.tables import machine, table
from search.article import Article
from search.connection import connect
from search.engine import Engine
from search.text import words

Gains: TypeAlias = dict[str, int]

PAGE: Final = 100
DEPTH: Final = 1000
"""Hits of a query that are judged, as in TREC."""

_UNDATED: Final = "1960-01-01"  # Cranfield has no dates, an article needs one
_KEPT: Final = ("id", "title", "body", "published_at")
_STOP: Final = frozenset(
    words(
        "a about above after again against all also am an and any are as at be because"
        " been before being below between both but by can could did do does doing down"
        " during each few for from further had has have having he her here hers him his"
        " how i if in into is it its itself just may me might more most must my no nor"
        " not now of off on once only or other our out over own s same shall she should"
        " so some such t than that the their them then there these they this those"
        " through to too under until up upon very was we were what when where which"
        " while who whom why will with would you your"
    )
)


@dataclass(frozen=True, slots=True)
class Collection:
    """Judged articles and queries, and the bars for what is found."""

    name: str
    map_bar: float
    ndcg_bar: float | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """Means over the queries; `graded` counts gains as they are, `ndcg` as 0 or 1."""

    queries: int
    map: float
    ndcg: float
    graded: float


COLLECTIONS: Final = (Collection("time", 0.68, 0.74), Collection("cranfield", 0.42))


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("../shared/data"))
def main(data: Path) -> None:
    """Judge the first hits of TIME and Cranfield."""
    print(machine())
    rows = []
    for each in COLLECTIONS:
        with tempfile.TemporaryDirectory() as folder:
            found = judge(data / "relevance" / each.name, Path(folder))
        rows.append(
            (
                *(each.name, found.queries, found.map, each.map_bar),
                *(found.ndcg, each.ndcg_bar, found.graded),
                "met" if _passes(found, each) else "MISSED",
            )
        )
    head = ("collection", "queries", "MAP", "bar", "nDCG@10", "bar", "nDCG@10 graded")
    shown = [[f"{c:.3f}" if isinstance(c, float) else c for c in row] for row in rows]
    print(table("Relevance", (*head, ""), shown))


def judge(collection: Path, folder: Path) -> Judgement:
    """Return how well the queries of a collection find what is relevant.

    `folder` is for the engine's files. Raises NoDataError without the collection.
    """
    judged = _judged(collection / "qrels.txt")
    now = datetime.now(UTC)
    with closing(connect(f"embedded:{folder}")) as engine:
        engine.index(_articles(collection, now), refresh=True)
        ranked = {
            name: ranking(engine, text)
            for name, text in _queries(collection / "queries.ndjson")
            if name in judged
        }
    pairs = [(ranked[name], judged[name]) for name in ranked]
    plain = [(found, binary(gains)) for found, gains in pairs]
    return Judgement(
        len(pairs),
        mean(average_precision(*pair) for pair in plain),
        mean(ndcg(*pair) for pair in plain),
        mean(ndcg(*pair) for pair in pairs),
    )


def ranking(engine: Engine, text: str) -> list[str]:
    """Return the ids that a sentence finds, best first."""
    q = " OR ".join(word for word in words(text) if word not in _STOP)
    found: list[str] = []
    page = [("q", q), ("limit", str(PAGE))]
    now = datetime.now(UTC)
    for number in range(1, DEPTH // PAGE + 1):
        query = queries.load([*page, ("page", str(number))], "articles", now=now)
        hits = engine.search(query.request).hits
        found += [hit.article.id for hit in hits]
        if len(hits) < PAGE:
            break
    return found


def _articles(collection: Path, now: datetime) -> Iterator[Article]:
    for values in read(collection / "docs.ndjson.gz"):
        # One of Cranfield's has neither title nor text: nothing can find it.
        if values["title"]:
            yield articles.load(_dated(values), now=now)


def _dated(values: Wire) -> Wire:
    kept = {key: values[key] for key in _KEPT if values.get(key)}
    return {"published_at": _UNDATED, **wire(kept)}


def _queries(file: Path) -> Iterator[tuple[str, str]]:
    for values in map(orjson.loads, file.read_bytes().splitlines()):
        yield str(values["id"]), values["text"]


def _judged(file: Path) -> dict[str, Gains]:
    """Return the gains of a TREC file, by query and article; queries without any not."""
    judged: dict[str, Gains] = {}
    for query, _, article, gain in map(str.split, file.read_text().splitlines()):
        judged.setdefault(query, {})[article] = int(gain)
    return {query: gains for query, gains in judged.items() if _any(gains)}


def _any(gains: Mapping[str, int]) -> bool:
    return any(gain > 0 for gain in gains.values())


def _passes(found: Judgement, wanted: Collection) -> bool:
    return found.map >= wanted.map_bar and found.ndcg >= (wanted.ndcg_bar or 0)


if __name__ == "__main__":
    sys.exit(main())
