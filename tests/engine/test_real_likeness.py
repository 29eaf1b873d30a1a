"""How good similar articles are, measured on real news; nothing of it is copied here.

An article found is right if editors gave it a tag, company or person of the other one.
"""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random
from statistics import mean

import orjson
import pytest

from schemas.articles import load
from schemas.problems import Invalid
from search.article import Article, ArticleId
from search.connection import connect
from search.engine import Engine
from search.request import SearchRequest
from search.similar import similar

pytestmark = [pytest.mark.data, pytest.mark.slow]

MANY, ASKED, LOOKED = 8_000, 40, 5
FLOOR = 0.65
"""Measured: .74 of the first five were right."""


def wire(folder: Path) -> Iterator[Article]:
    now = datetime.now(UTC)
    with gzip.open(folder / "articles" / "reuters-21578.ndjson.gz") as file:
        for line in file:
            values = orjson.loads(line)
            values.pop("extra")
            try:
                yield load(values, now=now)
            except Invalid:
                continue


@pytest.fixture(scope="module")
def archive(
    data_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    engine = connect(f"embedded:{tmp_path_factory.mktemp('likeness') / 'all'}")
    engine.index(islice(wire(data_folder), MANY), refresh=True)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def asked(archive: Engine) -> list[Article]:
    """Long reports with something to go by."""
    some = Random(5).sample([one.article() for one in archive.scan()], 600)
    long = [one for one in some if subjects(one) and len(one.body or "") > 500]
    return long[:ASKED]


def subjects(article: Article) -> set[str]:
    named = (*article.tags, *article.companies, *article.people)
    return {entity.id for entity in named}


def test_similar_articles_are_about_the_same(
    archive: Engine, asked: list[Article]
) -> None:
    right = []
    for one in asked:
        found = similar(archive, one, SearchRequest()).articles
        others = [each.article for each in found if not each.near_copy]
        right += [
            bool(subjects(one) & subjects(other.article())) for other in others[:LOOKED]
        ]

    assert mean(right) >= FLOOR
    pairs = zip(asked, asked[1:] + asked[:1], strict=True)
    assert mean(bool(subjects(a) & subjects(b)) for a, b in pairs) < FLOOR / 2


def test_a_second_print_is_marked_and_stands_first(
    archive: Engine, asked: list[Article]
) -> None:
    for one in asked[:10]:
        again = replace(
            one,
            id=ArticleId(f"{one.id}-again"),
            body=f"(Updates the second paragraph)\n{one.body}",
        )
        [first, *_] = similar(archive, again, SearchRequest()).articles
        assert first.near_copy
        assert first.likeness > 0.9
