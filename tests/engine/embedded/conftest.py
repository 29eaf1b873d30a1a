"""An archive of letters, for the tests that ask the same one."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from search.article import Article, ArticleId, Entity
from search.embedded.engine import EmbeddedEngine
from tests.engine.embedded.plant import START


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    """A thousand articles of a few letters, hours apart, with twenty people each."""
    engine = EmbeddedEngine(tmp_path_factory.mktemp("letters"))
    engine.index([spelled(i) for i in range(1000)], refresh=True)
    yield engine
    engine.close()


def spelled(number: int) -> Article:
    chance = random.Random(number)
    text = " ".join(chance.choice("abcd") for _ in range(chance.randint(1, 12)))
    people = chance.sample(range(300), chance.randint(0, 20))
    return Article(
        id=ArticleId(f"s{number}"),
        title="x",
        body=text,
        published_at=START + timedelta(hours=number),
        people=tuple(Entity(f"p{i:03}", f"Person {i}") for i in people),
    )
