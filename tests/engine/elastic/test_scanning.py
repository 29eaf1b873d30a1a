"""A walk through everything: pages that fit, whatever articles are like."""

import pytest

from search.elastic.engine import ElasticEngine
from search.elastic.scanning import following
from tests.corpus import article

pytestmark = [pytest.mark.elasticsearch, pytest.mark.xdist_group("elasticsearch")]


@pytest.mark.parametrize(
    ("size", "characters", "next_size"),
    [
        (250, 4_000, 1_000),
        (1_000, 4_000, 1_000),
        (500, 300, 1_000),
        (250, 1_000_000, 8),
        (8, 1_000, 32),
        (1, 30_000_000, 1),
        (250, 0, 1_000),
    ],
)
def test_a_page_is_as_long_as_its_articles_let_it(
    size: int, characters: int, next_size: int
) -> None:
    assert following(size, size * characters) == next_size


@pytest.mark.parametrize("count", [249, 250, 251, 1_250])
def test_a_walk_over_pages_of_all_lengths_yields_each_article_once(
    engine: ElasticEngine, count: int
) -> None:
    engine.index(map(article, range(count)), refresh=True)
    found = sorted(stored.id for stored in engine.scan())
    assert found == sorted(f"a{number}" for number in range(count))
