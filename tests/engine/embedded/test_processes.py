"""Several processes on one folder: nothing is lost, nothing comes twice, nobody waits."""

import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from search.article import ArticleId
from search.embedded.generations import Folder
from search.embedded.rebuilding import LOCK
from search.errors import ArticleNotFoundError, EngineBusyError
from search.request import SearchRequest
from tests.engine.embedded.plant import (
    article,
    oil,
    opened,
    planted,
    python,
    said,
    total,
)

WRITER = """
import sys, threading
from pathlib import Path
from tests.engine.embedded.plant import article, opened

folder, prefix, first, count, size = sys.argv[1:6]
with opened(Path(folder)) as engine:
    for start in range(int(first), int(first) + int(count), int(size)):
        numbers = range(start, start + int(size))
        report = engine.index([article(i, prefix=prefix) for i in numbers])
        assert not report.count("failed"), report
        print(numbers[-1], flush=True)
"""

READER = """
import sys
from pathlib import Path
from tests.engine.embedded.plant import oil, opened

with opened(Path(sys.argv[1])) as engine:
    while True:
        print(oil(engine), flush=True)
"""

SEEING = """
import sys
from pathlib import Path
from search.article import ArticleId
from tests.engine.embedded.plant import article, opened

folder, own = Path(sys.argv[1]), sys.argv[2]
with opened(folder) as engine:
    for i in range(20):
        engine.index([article(i, prefix=own)], refresh=True)
        assert engine.get(ArticleId(f"{own}{i}"))
"""


def test_four_processes_write_and_each_sees_what_all_have_written(
    tmp_path: Path,
) -> None:
    planted(tmp_path, 0)
    writers = [python(SEEING, tmp_path, name) for name in "wxyz"]
    for writer in writers:
        said(writer)
    with opened(tmp_path) as engine:
        engine.index([], refresh=True)
        assert oil(engine) == 80


def test_a_write_of_one_process_is_found_by_another_that_waits(tmp_path: Path) -> None:
    with opened(tmp_path) as one, opened(tmp_path) as other:
        for i in range(5):
            one.index([article(i)], refresh=True)
            assert oil(other) == i + 1
            other.delete([ArticleId(f"a{i}")], refresh=True)
            other.index([article(i)], refresh=True)
            assert oil(one) == i + 1


@contextmanager
def running(*processes: subprocess.Popen[str]) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            process.kill()


def rounds() -> int:
    """A few in the gate, 20 with `--hypothesis-profile thorough`."""
    return 20 if settings().max_examples >= 500 else 3


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_all_processes_are_killed(
    tmp_path: Path,
) -> None:
    planted(tmp_path, 0)
    chance = random.Random()
    acknowledged = {"w": -1, "x": -1}
    for _ in range(rounds()):
        writers = {
            name: python(WRITER, tmp_path, name, last + 1, 50_000, 25)
            for name, last in acknowledged.items()
        }
        reader = python(READER, tmp_path)
        with running(*writers.values(), reader):
            outputs = {name: writer.stdout for name, writer in writers.items()}
            some = range(chance.randint(1, 40))
            lines = {
                n: [out.readline() for _ in some][-1]
                for n, out in outputs.items()
                if out
            }
        for name, writer in writers.items():
            rest = writer.communicate()[0].split()
            acknowledged[name] = max(map(int, (lines[name], *rest)))
        reader.communicate()
        check(tmp_path, acknowledged)


def check(folder: Path, acknowledged: dict[str, int]) -> None:
    """Ready in ten seconds; all that was acknowledged is there, and found once."""
    start = time.monotonic()
    with opened(folder) as engine:
        oil(engine)
        assert engine.health().status == "ready"
        assert time.monotonic() - start < 10
        engine.index([], refresh=True)
        found = [stored.id for stored in engine.scan()]
        assert len(found) == len(set(found)) == total(engine)
        expected = {
            f"{name}{i}" for name, last in acknowledged.items() for i in range(last + 1)
        }
        assert expected <= set(found)


def test_a_process_that_led_and_was_killed_is_followed_by_another(
    tmp_path: Path,
) -> None:
    planted(tmp_path, 0)
    leader = python(WRITER, tmp_path, "w", 0, 25, 25)
    said(leader)
    leader = python(READER, tmp_path)
    with running(leader):
        assert leader.stdout
        leader.stdout.readline()
        time.sleep(0.5)
        with opened(tmp_path) as engine:
            engine.index([article(1)], refresh=True)
            assert oil(engine) == 26
            leader.send_signal(signal.SIGKILL)
            engine.index([article(2)], refresh=True)
            assert oil(engine) == 27
    leader.communicate()


def test_searching_and_writing_go_on_while_it_is_rebuilt(tmp_path: Path) -> None:
    planted(tmp_path, 300)
    writer = python(WRITER, tmp_path, "w", 0, 400, 1)
    with running(writer), opened(tmp_path) as engine:
        while writer.poll() is None:
            engine.rebuild()
            assert oil(engine) >= 300
        said(writer)
        engine.index([], refresh=True)
        assert oil(engine) == 700


def test_writes_and_deletes_during_a_replacement_are_kept(tmp_path: Path) -> None:
    planted(tmp_path, 100)
    with opened(tmp_path) as engine, opened(tmp_path) as other:
        kept = [stored.article() for stored in engine.scan()]
        versions = {each.id: each.version for each in kept}

        def meanwhile() -> Iterator[object]:
            yield from kept[:50]
            other.index([article(1, "Gas."), article(500)])
            other.delete([ArticleId("a2"), ArticleId("a70")])
            yield from kept[50:]

        engine.rebuild(meanwhile())  # type: ignore[arg-type]
        engine.index([], refresh=True)
        for each in (engine, other):
            assert total(each) == 99
            assert oil(each) == 98
            assert each.get(ArticleId("a3")).version == versions[ArticleId("a3")]
            with pytest.raises(ArticleNotFoundError):
                each.get(ArticleId("a70"))
        later = other.index([article(70)]).outcomes[0]
        assert later.status == "created"
        assert later.version > (versions[ArticleId("a70")] or 0)


def test_a_second_rebuild_is_told_to_wait(tmp_path: Path) -> None:
    planted(tmp_path)
    with opened(tmp_path) as engine, Folder(tmp_path).locked(LOCK) as won:
        assert won
        with pytest.raises(EngineBusyError, match="wait"):
            engine.rebuild()


KILLED = """
import os, signal, sys
from pathlib import Path
from search.embedded.generations import Folder
from tests.engine.embedded.plant import opened

switch = Folder.switch
def die(folder, generation):
    if sys.argv[2] == "after":
        switch(folder, generation)
    os.kill(os.getpid(), signal.SIGKILL)

with opened(Path(sys.argv[1])) as engine:
    articles = [stored.article() for stored in engine.scan()]
    Folder.switch = die
    engine.rebuild(None if sys.argv[3] == "index" else articles)
"""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("what", ["index", "all"])
def test_a_rebuild_killed_at_the_switch_leaves_a_whole_archive(
    tmp_path: Path, when: str, what: str
) -> None:
    planted(tmp_path, 20)
    killed = python(KILLED, tmp_path, when, what)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    with opened(tmp_path) as engine:
        engine.index([article(99)], refresh=True)
        assert oil(engine) == 21
    left = {path.name.partition("-")[0] for path in tmp_path.iterdir()}
    assert left <= {"CURRENT", "articles", "index", *lock_names()}
    assert len(list(tmp_path.glob("index-*"))) == 1
    assert len(list(tmp_path.glob("articles-*.db"))) == 1


def lock_names() -> set[str]:
    return {"indexer.lock", "candidates.lock", "rebuild.lock", "prepare.lock"}


FORKED = """
import os, sys
from pathlib import Path
from tests.engine.embedded.plant import article, oil, opened

with opened(Path(sys.argv[1])) as engine:
    if sys.argv[2] == "used":
        engine.index([article(1)], refresh=True)
    child = os.fork()
    if not child:
        engine.index([article(2)], refresh=True)
        engine.index([article(3)], refresh=True)
        os._exit(0 if oil(engine) >= 2 else 1)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.parametrize("before", ["used", "unused"])
def test_an_engine_made_before_a_fork_works_after_it(
    tmp_path: Path, before: str
) -> None:
    said(python(FORKED, tmp_path, before))


def test_every_answer_is_of_one_moment_while_others_write(tmp_path: Path) -> None:
    planted(tmp_path, 50)
    writer = python(WRITER, tmp_path, "w", 0, 150, 1)
    with running(writer), opened(tmp_path) as engine:
        while writer.poll() is None:
            result = engine.search(SearchRequest(limit=100))
            assert result.total >= 50
            assert len(result.hits) == min(result.total, 100)
        said(writer)
