"""A large registry is read by a thread, a small one by whoever comes first."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event

import pytest

from search.entities.learning import Learner
from search.entities.profile import Kind, Profile
from search.entities.tagger import Tagger
from search.errors import EngineUnavailableError
from tests.register import ReferenceRegistry

ORION = Profile(kind="company", id="orion", name="Orion Holdings")
ZBYLUT = Profile(kind="company", id="zbylut", name="Zbylut Holdings")
TEXT = "Orion Holdings took over Zbylut Holdings."


class Slow(ReferenceRegistry):
    """A registry that is read no further than it is let, and that may fail."""

    def __init__(self) -> None:
        super().__init__()
        self.let = Event()
        self.let.set()
        self.fails = False
        self.scans = 0

    def scan(self, kind: Kind | None = None, /) -> Iterator[Profile]:
        self.scans += 1
        assert self.let.wait(5)
        if self.fails:
            raise EngineUnavailableError("Gone.")
        return super().scan(kind)


@pytest.fixture
def registry() -> Slow:
    registry = Slow()
    registry.put([ORION])
    return registry


def found(tagger: Tagger) -> list[str]:
    return [tag.known.id for tag in tagger.find("A title", None, TEXT)]


def followed(learner: Learner, registry: Slow) -> list[str]:
    """Return what is found as soon as both names are; or at last."""
    until = time.monotonic() + 5
    while True:
        ids = found(learner.tagger(registry.stamp()))
        if len(ids) == 2 or time.monotonic() > until:
            return ids
        time.sleep(0.005)


def test_a_change_of_a_small_registry_counts_at_once(registry: Slow) -> None:
    learner = Learner(registry)
    assert found(learner.tagger(registry.stamp())) == ["orion"]
    registry.put([ZBYLUT])
    assert found(learner.tagger(registry.stamp())) == ["orion", "zbylut"]


def test_while_a_large_registry_is_read_its_names_from_before_count(
    registry: Slow,
) -> None:
    learner = Learner(registry, large=1)
    before = learner.tagger(registry.stamp())
    registry.let.clear()
    registry.put([ZBYLUT])
    assert [learner.tagger(registry.stamp()) for _ in range(3)] == [before] * 3
    registry.let.set()
    assert followed(learner, registry) == ["orion", "zbylut"]
    assert registry.scans == 2


def test_what_changes_while_a_large_registry_is_read_is_read_next(
    registry: Slow,
) -> None:
    learner = Learner(registry, large=0)
    learner.tagger(registry.stamp())
    registry.let.clear()
    registry.delete("company", ["orion"])
    registry.put([Profile(kind="company", id="other", name="Other")])
    learner.tagger(registry.stamp())
    registry.put([ORION, ZBYLUT])
    registry.let.set()
    assert followed(learner, registry) == ["orion", "zbylut"]
    assert registry.scans <= 3


def test_a_large_registry_that_cannot_be_read_is_tried_again(registry: Slow) -> None:
    learner = Learner(registry, large=1)
    learner.tagger(registry.stamp())
    registry.fails = True
    registry.put([ZBYLUT])
    assert found(learner.tagger(registry.stamp())) == ["orion"]
    while registry.scans < 3:
        assert found(learner.tagger(registry.stamp())) == ["orion"]
    registry.fails = False
    assert followed(learner, registry) == ["orion", "zbylut"]


def test_a_failure_is_told_to_whoever_waits_for_the_first_names(registry: Slow) -> None:
    learner = Learner(registry, large=0)
    registry.fails = True
    with pytest.raises(EngineUnavailableError):
        learner.tagger(registry.stamp())
    registry.fails = False
    assert found(learner.tagger(registry.stamp())) == ["orion"]
