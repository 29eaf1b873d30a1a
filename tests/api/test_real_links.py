"""Every address in answers about real news leads to as many articles as it promises."""

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from api.settings import Settings
from schemas.articles import load
from schemas.problems import Invalid
from schemas.views import VIEWS
from search.article import Article
from search.connection import connect
from tests.api.test_links import PATHS, promises, total
from tests.application import application

pytestmark = [pytest.mark.data, pytest.mark.slow]

FILES = ("reuters-21578", "digitalgov", "reuters-financial-sample")
EACH, ANSWERS, FOLLOWED = 200, 30, 60
NAMED = {
    "tag": "tags",
    "company": "companies",
    "person": "people",
    "place": "places",
    "author": "authors",
}
SHAPES = {
    "facet": ("tag,place", "company,person", "source,author"),
    "facet.mode": ("and", "or"),
    "by": ("tag", "company"),
    "interval": ("month", "auto"),
    "field": ("company", "person"),
    "against": ("q=bank", "source=Reuters"),
    "from": ("1987-03", "2008"),
    "tz": ("America/New_York",),
}


def lines(folder: Path) -> Iterator[dict[str, Any]]:
    for name in FILES:
        with gzip.open(folder / "articles" / f"{name}.ndjson.gz") as file:
            for _, line in zip(range(EACH), file, strict=False):
                values = orjson.loads(line)
                yield {key: values[key] for key in values if key != "extra"}


@pytest.fixture(scope="module")
def taken(data_folder: Path) -> list[Article]:
    now, found = datetime.now(UTC), list[Article]()
    for values in lines(data_folder):
        try:
            found.append(load(values, now=now))
        except Invalid:
            continue
    return found


@pytest.fixture(scope="module")
def client(
    taken: list[Article], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FlaskClient]:
    engine = connect(f"embedded:{tmp_path_factory.mktemp('real-links')}")
    engine.index(taken, refresh=True)
    yield application(Settings(log="off"), engine).test_client()
    engine.close()


def question(random: Random, taken: list[Article]) -> Iterator[tuple[str, str]]:
    """Yield words and names of one article, so that it is found."""
    one = random.choice(taken)
    words = re.findall(r"\w+", one.title)
    if words and random.random() < 0.7:
        yield (
            "q",
            random.choice((words[0], f'"{" ".join(words[:2])}"', words[-1] + "~")),
        )
    for field, key in random.sample(sorted(NAMED.items()), 2):
        for each in getattr(one, key)[:1]:
            name = each if isinstance(each, str) else each.name
            yield field, random.choice((name, name.upper(), name.split()[-1]))
    for name in random.sample(sorted(SHAPES), 4):
        yield name, random.choice(SHAPES[name])


def test_every_link_about_real_articles_keeps_what_it_promises(
    client: FlaskClient, taken: list[Article]
) -> None:
    random = Random(7)
    totals: dict[str, int] = {}
    followed = answered = 0
    while answered < ANSWERS:
        path, view = random.choice(PATHS)
        known = VIEWS[view].fields
        asked = [pair for pair in question(random, taken) if pair[0] in known]
        answer = client.get(f"/v1/{path}", query_string=asked)
        if answer.status_code != 200:
            continue
        answered += 1
        given = list(promises(answer.json))
        for address, count in random.sample(given, min(len(given), FOLLOWED)):
            if address not in totals:
                reached = client.get(address)
                assert reached.status_code == 200, (address, reached.text)
                totals[address] = total(reached)
            if count is not None:
                followed += 1
                assert totals[address] == count, (asked, address)
    assert followed > 100
