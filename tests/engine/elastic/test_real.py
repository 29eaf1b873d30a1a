"""Real news and real questions: three engines, one answer.

Forty questions here, two thousand at `--hypothesis-profile thorough`; others by
`DATELINE_TEST_QUESTIONS`, as in 2000:2500.
"""

import os
from collections.abc import Iterator
from contextlib import closing
from random import Random

import pytest
from hypothesis import settings

from search.article import Article
from search.connection import connect
from search.engine import Engine
from tests import cluster
from tests.engine.agreement import agree
from tests.engine.test_real_articles import BATCH, SAMPLE, Wire, question, wire
from tests.reference import ReferenceEngine

pytestmark = [
    *(pytest.mark.data, pytest.mark.slow, pytest.mark.elasticsearch),
    pytest.mark.xdist_group("elasticsearch"),
]

USUAL = "0:2000" if settings.get_current_profile_name() == "thorough" else "0:40"
FIRST, END = map(int, os.environ.get("DATELINE_TEST_QUESTIONS", USUAL).split(":"))

__all__ = ["wire"]  # a fixture of the module that reads the files


@pytest.fixture(scope="module")
def twins(
    wire: Wire, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[Engine], Engine, list[Article]]]:
    """Every eighth article, in both engines and in the reference."""
    some = wire.taken[::SAMPLE]
    folder = tmp_path_factory.mktemp("twins")
    with cluster.archive(folder) as address, closing(connect(address)) as elastic:
        for start in range(0, len(some), BATCH):
            elastic.index(some[start : start + BATCH])
        elastic.index([], refresh=True)
        stamped = [one.article() for one in elastic.scan()]
        stamped.sort(key=lambda one: one.version or 0)
        oracle = ReferenceEngine()
        oracle.rebuild(stamped)
        with closing(connect(f"embedded:{folder / 'embedded'}")) as embedded:
            embedded.rebuild(stamped)
            yield [elastic, embedded], oracle, some


@pytest.mark.parametrize("seed", range(FIRST, END))
def test_both_engines_answer_real_questions_as_the_reference_does(
    twins: tuple[list[Engine], Engine, list[Article]], seed: int
) -> None:
    engines, oracle, some = twins
    for engine in engines:
        agree(engine, oracle, question(Random(1000 + seed), some), some)
