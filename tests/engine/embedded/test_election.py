"""Who indexes: one process, and another where the one takes in much."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.embedded.election import Election
from search.embedded.generations import Folder
from search.embedded.indexer import Indexer
from tests.engine.embedded.plant import (
    article,
    eventually,
    oil,
    opened,
    planted,
    python,
)
from tests.processes import environment, running

MANY = 600


@contextmanager
def indexer(folder: Path) -> Iterator[Indexer]:
    one = Indexer(Folder(folder))
    one.start()
    try:
        yield one
    finally:
        one.stop()


@contextmanager
def leader(folder: Path) -> Iterator[Indexer]:
    """Lend an indexer that was elected."""
    planted(folder)
    with indexer(folder) as one:
        eventually(lambda: one.handover.is_open)
        yield one


@contextmanager
def successor(folder: Path, one: Indexer) -> Iterator[None]:
    """Let another one stand, and the first leave it the index."""
    with indexer(folder) as other:
        eventually(lambda: not one.is_alone())
        one.leave()
        eventually(lambda: other.handover.is_open)
        yield


def test_who_leaves_is_followed_by_another_that_stands(tmp_path: Path) -> None:
    with leader(tmp_path) as one, successor(tmp_path, one):
        assert not one.handover.is_open


def test_who_stands_alone_stays(tmp_path: Path) -> None:
    with leader(tmp_path) as one:
        one.leave()
        time.sleep(0.2)
        assert one.handover.is_open


def test_who_left_takes_over_again_when_the_other_ends(tmp_path: Path) -> None:
    with leader(tmp_path) as one:
        with successor(tmp_path, one):
            pass
        eventually(lambda: one.handover.is_open)


def test_nobody_leaves_twice_within_a_term(tmp_path: Path) -> None:
    with leader(tmp_path) as one:
        with successor(tmp_path, one):
            pass
        eventually(lambda: one.handover.is_open)
        with indexer(tmp_path):
            eventually(lambda: not one.is_alone())
            one.leave()
            time.sleep(0.2)
            assert one.handover.is_open


def test_one_that_has_not_stood_has_nobody_to_leave_it_to(tmp_path: Path) -> None:
    assert Election(Folder(tmp_path)).is_alone()


OTHER = """
import sys, time
from pathlib import Path
from search.embedded.generations import Folder
from search.embedded.indexer import Indexer

indexer = Indexer(Folder(Path(sys.argv[1])))
indexer.start()
print("stands", flush=True)
while not indexer.handover.is_open:
    time.sleep(0.01)
print("leads", flush=True)
time.sleep(60)
"""


def test_a_bulk_load_goes_on_when_who_took_the_indexing_over_is_killed(
    tmp_path: Path,
) -> None:
    planted(tmp_path, 0)
    with opened(tmp_path) as engine:
        engine.index([article(0)], refresh=True)
        other = python(OTHER, tmp_path)
        try:
            assert other.stdout
            other.stdout.readline()
            time.sleep(0.2)
            engine.index(article(number) for number in range(MANY))
            assert other.stdout.readline() == "leads\n"
        finally:
            other.kill()
            other.communicate()
        engine.index([article(number) for number in range(2 * MANY)], refresh=True)
        assert oil(engine) == 2 * MANY


def test_a_worker_stands_before_anybody_asks_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    code = "import api.wsgi, time; time.sleep(60)"
    settings = environment(engine=f"embedded:{data}")
    command = [sys.executable, "-c", code]
    root = Path(__file__).parents[3]
    with running(command, tmp_path / "log", root, settings):
        eventually((data / "candidates.lock").exists)
