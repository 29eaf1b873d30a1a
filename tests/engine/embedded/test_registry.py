"""The registry in a folder: many at once, several processes, a folder without one."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from search.connection import connect
from search.engine import Engine
from search.entities.profile import Profile
from search.entities.registry import RegistryReport
from search.errors import EngineUnavailableError
from tests.profiled import art
from tests.register import ReferenceRegistry

MANY = 5_003  # more than are written without being sorted first


def profile(number: int, *, aliases: tuple[str, ...] = ()) -> Profile:
    return Profile(
        kind="company", id=f"c-{number}", name=f"Co {number}", aliases=aliases
    )


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with closing(connect(f"embedded:{tmp_path / 'data'}")) as made:
        yield made


def test_many_at_once_leave_what_one_after_the_other_would(engine: Engine) -> None:
    registry, oracle = engine.entities, ReferenceRegistry()
    first = [profile(number) for number in range(MANY)]
    more = [
        profile(number, aliases=("Zed",) * (number % 3 == 0)) for number in range(MANY)
    ]
    twice = [*more, replace(profile(7), name="Seven"), profile(MANY)]
    for given in (first[:4], first, twice, twice):
        before, same = registry.stamp(), oracle.stamp()
        assert registry.put(given) == oracle.put(given)
        assert (registry.stamp() == before) == (oracle.stamp() == same)
    assert list(registry.scan()) == list(oracle.scan())
    assert registry.find("company", "Seven") == oracle.find("company", "Seven")
    assert len(registry.find("company", "zed")) == 1_000
    assert registry.find("company", "Co 8")[0].profile == profile(8)
    assert registry.complete("sev") == oracle.complete("sev")


def test_many_that_fail_in_the_middle_leave_nothing(engine: Engine) -> None:
    def broken() -> Iterator[Profile]:
        yield from (profile(number) for number in range(MANY))
        raise OSError("the file ends")

    with pytest.raises(EngineUnavailableError):
        engine.entities.put(broken())
    assert engine.entities.count() == 0
    assert engine.entities.put([profile(1)]) == RegistryReport(created=1)


def test_a_child_process_opens_the_registry_anew(engine: Engine) -> None:
    engine.entities.put([profile(1)])
    child = os.fork()
    if not child:
        engine.entities.put([profile(2)])
        os._exit(engine.entities.count())
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
    assert [one.id for one in engine.entities.scan()] == ["c-1", "c-2"]


def test_a_closed_registry_says_so(engine: Engine) -> None:
    engine.entities.put([profile(1)])
    engine.close()
    with pytest.raises(EngineUnavailableError, match="closed"):
        engine.entities.find("company", "Co 1")


def test_a_rebuild_notes_spellings_that_an_older_version_did_not(
    engine: Engine, tmp_path: Path
) -> None:
    engine.index([art(1, ("Tesla, Inc.",))], refresh=True)
    (file,) = (tmp_path / "data").glob("articles-*.db")
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("DELETE FROM part WHERE part LIKE '=%'")
    assert engine.resolve("company", "Tesla plc", suggest=False).meanings == ()
    engine.rebuild()
    assert engine.resolve("company", "Tesla plc").ids == ("tesla-inc",)
