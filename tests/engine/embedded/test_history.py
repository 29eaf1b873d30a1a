"""The embedded registry says what has changed, or that it does not know."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.embedded.generations import Folder
from search.embedded.registry import FILE, EmbeddedRegistry
from search.entities.profile import Profile
from search.entities.registry import CHANGES

MANY = 5_000  # profiles that are staged


def profile(number: int, name: str = "Name") -> Profile:
    return Profile(kind="company", id=f"c{number}", name=f"{name} {number}")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[EmbeddedRegistry]:
    made = EmbeddedRegistry(Folder(tmp_path))
    made.put([profile(0)])
    yield made
    made.close()


def test_nothing_has_changed_since_now(registry: EmbeddedRegistry) -> None:
    assert registry.changed(registry.stamp()) == frozenset()


def test_nothing_is_known_of_a_registry_that_was_never_there(tmp_path: Path) -> None:
    assert EmbeddedRegistry(Folder(tmp_path / "none")).changed("") is None


def test_what_stays_as_it_is_moves_no_stamp(registry: EmbeddedRegistry) -> None:
    before = registry.stamp()
    registry.put([profile(0)])
    registry.delete("company", ["nobody"])
    assert registry.stamp() == before


def test_after_many_at_once_what_was_before_is_unknown(
    registry: EmbeddedRegistry,
) -> None:
    before = registry.stamp()
    registry.put(map(profile, range(MANY)))
    after = registry.stamp()
    registry.put([profile(1, "Other")])
    assert registry.changed(before) is None
    assert registry.changed(after) == {("company", "c1")}


def test_what_changed_long_ago_is_forgotten(registry: EmbeddedRegistry) -> None:
    before = registry.stamp()
    for turn in range(11):
        registry.put(profile(number, f"Turn {turn}") for number in range(CHANGES))
    late = registry.stamp()
    registry.put([profile(1, "Late")])
    assert registry.changed(before) is None
    assert registry.changed(late) == {("company", "c1")}


def test_a_stamp_is_of_one_change_also_in_a_copy(
    registry: EmbeddedRegistry, tmp_path: Path
) -> None:
    copied = tmp_path / "copy"
    copied.mkdir()
    for path in tmp_path.glob(f"{FILE}*"):
        shutil.copy(path, copied)
    copy = EmbeddedRegistry(Folder(copied))
    assert copy.stamp() == registry.stamp()
    for one in (copy, registry):
        one.put([profile(1)])
    assert copy.stamp() != registry.stamp()
    assert copy.changed(registry.stamp()) is None
    copy.close()


def test_a_registry_of_before_there_was_a_history_gets_one(
    registry: EmbeddedRegistry, tmp_path: Path
) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / FILE)) as db:
        db.executescript("DROP TABLE change; PRAGMA user_version = 0;")
    before = registry.stamp()
    assert before == "1.0"
    assert registry.changed("0.0") is None
    registry.put([profile(1)])
    after = registry.stamp()
    registry.put([profile(2)])
    assert registry.changed(before) is None
    assert registry.changed(after) == {("company", "c2")}
