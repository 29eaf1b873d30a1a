"""How right the names found in texts are, and what finding them costs.

`python -m scripts.bench.entities` compares them with names that people marked: by the
rules alone, with what ships, and with a gazetteer of the very names; for all articles
and for the half on which no rule was tuned. Then it times texts with 100,000 names.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import click

from scripts.bench.corpus import read, real
from scripts.bench.naming import Gold, is_held_out, profiles, score
from scripts.bench.tables import Cell, machine, table
from search.entities import starter
from search.entities.profile import Kind, Profile
from search.entities.tagger import Tagger

PRECISION: Final = 0.9
"""The bar for companies and people."""

MILLISECONDS: Final = 0.5
"""The bar for an article of `LENGTH` characters."""

LENGTH: Final = 3000
NAMES: Final = 100_000

_KINDS: Final[tuple[Kind, ...]] = ("company", "person")
_ROUNDS: Final = 30
_GOLD: Final = Path("articles", "entity-gold-dev.ndjson.gz")
_COMPANIES: Final = Path("gazetteers", "companies_reuters_spellings.ndjson.gz")
_GAZETTEER: Final = Path("gazetteers", "entities_wikidata_from_gold.ndjson.gz")


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("../shared/data"))
@click.option("--names", type=click.IntRange(1_000), default=NAMES, show_default=True)
def main(data: Path, names: int) -> None:
    """Judge the names that are found in texts, and time it."""
    print(machine())
    gold = tuple(read(data / _GOLD))
    known = tuple(profiles(read(data / _GAZETTEER)))
    head = ("names known", "kind", "articles", "tags", "precision", "recall", "F1")
    taggers = {
        "none": Tagger(),
        "what ships": Tagger(starter.profiles()),
        "those marked": Tagger(known),
    }
    rows = [
        row
        for label, tagger in taggers.items()
        for kind in _KINDS
        for row in judged(label, tagger, kind, gold)
    ]
    print(table("Names in texts", (*head, "unknown", ""), rows))
    print(table("Cost", ("", "figure", "bar", ""), timed(data, names)))


def judged(
    label: str, tagger: Tagger, kind: Kind, gold: Sequence[Gold]
) -> Iterator[Sequence[Cell]]:
    """Yield a row for all articles and one for those held out."""
    for part, articles in (
        ("all", gold),
        ("held out", [each for each in gold if is_held_out(each)]),
    ):
        found = score(tagger, kind, articles)
        passes = "met" if found.precision >= PRECISION else "MISSED"
        figures = [f"{x:.3f}" for x in (found.precision, found.recall, found.f1)]
        tags = found.right + found.wrong
        yield (label, kind, part, tags, *figures, found.unknown, passes)


def timed(data: Path, names: int) -> Iterator[Sequence[Cell]]:
    """Yield what it costs to learn names, and to find them in real articles."""
    started = time.process_time()
    listed = list(companies(data))
    tagger = Tagger(chain(listed, invented(max(names - len(listed), 0))))
    yield (f"learn {names:,} names, s", time.process_time() - started, None, "")
    articles = [each for each in real(data) if _is_usual(each)][:200]
    milliseconds = _milliseconds(tagger, articles)
    passes = "met" if milliseconds <= MILLISECONDS else "MISSED"
    text = f"{LENGTH:,} characters, ms"
    yield (text, milliseconds, MILLISECONDS, passes)


def companies(data: Path) -> Iterator[Profile]:
    """Yield companies of which news is full, so that there is something to find."""
    for row in read(data / _COMPANIES):
        yield Profile(
            kind="company",
            id=row["ric"],
            name=row["name"],
            aliases=tuple(each["name"] for each in row["aliases"]),
        )


def invented(count: int) -> Iterator[Profile]:
    """Yield profiles whose names are words put together; always the same ones."""
    drawn = random.Random(count)  # noqa: S311 - nothing is secret here
    kinds: tuple[Kind, ...] = ("company", "person", "place")
    for number in range(count):
        words = ("".join(drawn.choices(_SYLLABLES, k=2)) for _ in range(2))
        name = " ".join(word.capitalize() for word in words)
        yield Profile(
            kind=drawn.choice(kinds), id=f"x-{number}", name=f"{name} {number}"
        )


_SYLLABLES: Final = (
    "ba",
    "der",
    "ka",
    "lon",
    "mer",
    "no",
    "pa",
    "ri",
    "san",
    "ter",
    "vo",
)


def _is_usual(article: dict[str, Any]) -> bool:
    return LENGTH * 0.8 < len(article.get("body") or "") < LENGTH * 1.2


def _milliseconds(tagger: Tagger, articles: Sequence[dict[str, Any]]) -> float:
    """Return the time for `LENGTH` characters, from that for whole articles.

    Each article's is the best of all rounds: what others do meanwhile is not ours.
    """
    length = sum(len(each["body"]) for each in articles)
    best = [min(_time(tagger, each) for _ in range(_ROUNDS)) for each in articles]
    return sum(best) / length * LENGTH * 1000


def _time(tagger: Tagger, article: dict[str, Any]) -> float:
    started = time.perf_counter()
    tagger.find(article["title"], article.get("summary"), article["body"])
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
