"""Engines to ask, each of the list in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engine import Engine
from tests.engine.archive import ARCHIVES, Archive, filled
from tests.engine.engines import ENGINES, Entry


def named(entry: object) -> str | None:
    return entry.name if isinstance(entry, Entry) else None


@pytest.fixture(params=ENGINES, ids=named, scope="session")
def entry(request: pytest.FixtureRequest) -> Entry:
    """Each engine of the list in turn."""
    given: Entry = request.param
    return given


@pytest.fixture
def engine(entry: Entry, tmp_path: Path) -> Iterator[Engine]:
    """An empty engine."""
    with entry.make(tmp_path / "engine") as made:
        yield made


@pytest.fixture(scope="session")
def shared_engine(
    entry: Entry, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One engine for all examples of a property; refill it by rebuild."""
    with entry.make(tmp_path_factory.mktemp("shared") / "engine") as made:
        yield made


@pytest.fixture(params=ARCHIVES, scope="session")
def archive(
    entry: Entry,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Archive]:
    """An engine full of articles that only questions may be put to."""
    folder = tmp_path_factory.mktemp("archive") / "engine"
    with entry.make(folder) as made:
        yield filled(made, ARCHIVES[request.param])


@pytest.fixture
def many(entry: Entry) -> int:
    """How many articles a test of size gives the engine."""
    return entry.many
