"""Real news, as a newsroom's script would bring it: all of it in, or refused rightly.

Nothing of it is copied here; `DATELINE_DATA` points to it.
"""

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from schemas.articles import load
from schemas.problems import Invalid
from search.article import Article, facet_values, milliseconds
from search.connection import connect
from search.engine import Engine
from search.query.ast import All, Exists, Node, Not, Phrase, Range, Term
from search.request import FacetRequest, SearchRequest, Selection, TimelineRequest
from search.text import words
from tests.engine.agreement import agree, ids
from tests.reference import ReferenceEngine

pytestmark = [
    *(pytest.mark.data, pytest.mark.slow),
    pytest.mark.xdist_group("real"),  # to fill the archive once, not in every process
]

FILES = ("reuters-21578", "digitalgov")
FIELDS = ("tag", "company", "person", "place", "source", "author")
BATCH, SAMPLE = 2000, 8


@dataclass(frozen=True, slots=True)
class Wire:
    """What the files hold, sorted: taken articles, and refused ones with pointers."""

    taken: list[Article]
    refused: list[tuple[dict[str, Any], set[str]]]


def lines(folder: Path) -> Iterator[dict[str, Any]]:
    for name in FILES:
        with gzip.open(folder / "articles" / f"{name}.ndjson.gz") as file:
            for line in file:
                values = orjson.loads(line)
                yield {key: values[key] for key in values if key != "extra"}


@pytest.fixture(scope="module")
def wire(data_folder: Path) -> Wire:
    now = datetime.now(UTC)
    found = Wire([], [])
    for values in lines(data_folder):
        try:
            found.taken.append(load(values, now=now))
        except Invalid as fault:
            found.refused.append((values, {one.pointer for one in fault.faults}))
    return found


@pytest.fixture(scope="module")
def archive(wire: Wire, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """All that was taken, in the embedded engine."""
    engine = connect(f"embedded:{tmp_path_factory.mktemp('real') / 'all'}")
    for start in range(0, len(wire.taken), BATCH):
        report = engine.index(wire.taken[start : start + BATCH])
        assert report.count("created") == len(report.outcomes)
    engine.index([], refresh=True)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def sample(
    wire: Wire, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, Engine, list[Article]]]:
    """Every eighth article, in the embedded engine and in the reference."""
    some = wire.taken[::SAMPLE]
    engine = connect(f"embedded:{tmp_path_factory.mktemp('real') / 'some'}")
    oracle = ReferenceEngine()
    stamped = [one.article() for one in _indexed(engine, some).scan()]
    oracle.rebuild(sorted(stamped, key=lambda one: one.version or 0))
    yield engine, oracle, some
    engine.close()


def _indexed(engine: Engine, some: list[Article]) -> Engine:
    for start in range(0, len(some), BATCH):
        engine.index(some[start : start + BATCH], refresh=True)
    return engine


def reasons(values: dict[str, Any]) -> set[str]:
    """Return what is wrong with an article of these files, looked at by hand."""
    found = {
        "/title": not (values["title"] or "").strip(),
        "/published_at": values["published_at"] is None,
        "/id": not re.fullmatch(
            r"[A-Za-z0-9][A-Za-z0-9._:,=@+~-]{0,254}", values["id"]
        ),
        "/url": not re.fullmatch(r"https?://\S+", values["url"] or "https://none"),
    }
    return {pointer for pointer, wrong in found.items() if wrong}


def test_every_refused_article_is_refused_for_the_right_reason(wire: Wire) -> None:
    assert all(pointers == reasons(values) for values, pointers in wire.refused)
    counted = Counter(pointer for _, found in wire.refused for pointer in found)
    assert counted["/title"] == 737
    assert counted["/published_at"] == 1
    assert len(wire.refused) == 744


def test_every_article_without_a_fault_is_indexed(wire: Wire, archive: Engine) -> None:
    assert len(wire.taken) == 21_578 + 2_414 - 744
    total = archive.search(SearchRequest(limit=0)).total
    assert total == len(wire.taken)
    assert {one.id for one in archive.scan()} == {one.id for one in wire.taken}


def test_counts_of_every_facet_are_those_of_a_loop(wire: Wire, archive: Engine) -> None:
    asked = SearchRequest(limit=0, facets=tuple(FacetRequest(f, None) for f in FIELDS))
    for facet in archive.search(asked).facets:
        expected = Counter(
            entity.id for one in wire.taken for entity in facet_values(one, facet.field)
        )
        assert {value.id: value.count for value in facet.values} == expected
        missing = sum(not facet_values(one, facet.field) for one in wire.taken)
        assert facet.missing == missing


def test_articles_are_found_by_their_own_titles(wire: Wire, archive: Engine) -> None:
    for one in Random(7).sample(wire.taken, 40):
        start, end = milliseconds(one.published_at), milliseconds(one.published_at) + 1
        if not words(one.title):
            continue
        found = archive.search(
            SearchRequest(
                query=Phrase(one.title, "title"),
                filter=Range("published", start, end),
                limit=100,
            )
        )
        assert one.id in ids(found)


@pytest.mark.parametrize("seed", range(36))
def test_real_questions_are_answered_as_by_the_reference(
    sample: tuple[Engine, Engine, list[Article]], seed: int
) -> None:
    engine, oracle, some = sample
    agree(engine, oracle, question(Random(seed), some), some)


def question(random: Random, some: list[Article]) -> SearchRequest:
    """Return a question of which a real article was the occasion."""
    one = random.choice(some)
    chosen = random.sample(FIELDS, 2)
    return SearchRequest(
        query=_asked(random, one),
        filter=_restricted(random, one),
        selections=tuple(
            Selection(field, tuple(value.name for value in facet_values(one, field)))
            for field in chosen
            if facet_values(one, field)
        )
        if random.random() < 0.6
        else (),
        sort=random.choice(("relevance", "newest", "oldest")),
        limit=random.choice((0, 10, 100)),
        facets=tuple(
            FacetRequest(
                field,
                random.choice((3, 10, None)),
                random.choice(("count", "name")),
                random.choice(("or", "and")),
            )
            for field in random.sample(FIELDS, 3)
        ),
        timeline=random.choice((None, TimelineRequest("month", "Europe/Berlin"))),
    )


def _asked(random: Random, one: Article) -> Node:
    found = [word for word in words(one.body or one.title) if len(word) > 2]
    if not found:
        return All()
    start = random.randrange(len(found))
    return random.choice(
        (
            All(),
            Term(found[start]),
            Term(found[start], "title"),
            Phrase(" ".join(found[start : start + 2])),
            Phrase(" ".join(found[start : start + 3]), slop=random.choice((1, 2, 3))),
        )
    )


def _restricted(random: Random, one: Article) -> Node:
    start = milliseconds(one.published_at - timedelta(days=random.choice((1, 30))))
    return random.choice(
        (
            All(),
            Range("published", start),
            Range("published", start, milliseconds(one.published_at) + 1),
            Not(Exists("company")),
        )
    )
