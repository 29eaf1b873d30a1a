"""Full engines: filling one costs more than a hundred questions to it."""

from collections.abc import Sequence

from search.article import Article
from search.engine import Engine
from tests.corpus import article
from tests.reference import ReferenceEngine

ARCHIVES = {
    "near": [article(number) for number in range(80)],
    "far": [article(number, near=False) for number in range(200, 230)],
    "few": [article(number) for number in range(2)],
    "none": [],
}


class Archive:
    """An engine, a reference that holds the same, and the articles."""

    def __init__(
        self, engine: Engine, oracle: Engine, corpus: Sequence[Article]
    ) -> None:
        self.engine = engine
        self.oracle = oracle
        self.corpus = corpus

    def __repr__(self) -> str:
        # hypothesis writes out a dataclass, and complains that it is long instead of
        # telling what failed
        return f"<{len(self.corpus)} articles>"


def filled(engine: Engine, corpus: Sequence[Article]) -> Archive:
    """Leave these articles in the engine and no other."""
    oracle = ReferenceEngine()
    # Not by a deletion: deleted articles would count in the scores of the others.
    engine.rebuild(corpus, force=True)
    oracle.rebuild(corpus)
    return Archive(engine, oracle, corpus)
