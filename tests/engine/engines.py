"""The engines that every contract test runs against. A new engine is one more entry."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

from search.connection import connect
from search.engine import Engine
from tests import cluster
from tests.reference import ReferenceEngine

Make: TypeAlias = Callable[[Path], AbstractContextManager[Engine]]


@dataclass(frozen=True, slots=True)
class Entry:
    """An engine and what may be asked of it beyond the promises of the seam.

    `keeps`: what was written is there when the same folder is opened again.
    `many`: how many articles a test of size gives it. `fewer`: by so much fewer examples
    are enough where one of them makes the index anew again and again.
    """

    name: str
    make: Make
    keeps: bool = True
    many: int = 5000
    fewer: int = 1


@contextmanager
def reference(_folder: Path) -> Iterator[Engine]:
    engine = ReferenceEngine()
    yield engine
    engine.close()


@contextmanager
def embedded(folder: Path) -> Iterator[Engine]:
    engine = connect(f"embedded:{folder}")
    try:
        yield engine
    finally:
        engine.close()


ELASTIC = Entry("elastic", cluster.engine, many=2000, fewer=2)
ENGINES = (
    Entry("reference", reference, keeps=False, many=300),
    Entry("embedded", embedded),
    pytest.param(
        ELASTIC,
        id=ELASTIC.name,
        marks=(pytest.mark.elasticsearch, pytest.mark.xdist_group("elasticsearch")),
    ),
)
