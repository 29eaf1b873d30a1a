"""A large registry is read by a thread, a small one by whoever comes first."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import replace
from threading import Event

import pytest

from search.entities.learning import SOME, Learner
from search.entities.lexicon import Amended, Lexicon
from search.entities.profile import Kind, Profile
from search.entities.registry import CHANGES
from search.entities.tagger import Tagger
from search.errors import EngineUnavailableError
from tests.api.live import until
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
        self.tells = False
        self.scans = 0

    def scan(self, kind: Kind | None = None, /) -> Iterator[Profile]:
        self.scans += 1
        assert self.let.wait(5)
        if self.fails:
            raise EngineUnavailableError("Gone.")
        return super().scan(kind)

    def changed(self, since: str, /) -> Collection[tuple[Kind, str]] | None:
        return super().changed(since) if self.tells else None


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


def test_few_changes_of_a_large_registry_count_at_once(registry: Slow) -> None:
    registry.tells = True
    learner = Learner(registry, large=0)
    assert found(learner.tagger(registry.stamp())) == ["orion"]
    registry.let.clear()
    registry.put([ZBYLUT])
    assert found(learner.tagger(registry.stamp())) == ["orion", "zbylut"]
    registry.delete("company", ["orion"])
    assert found(learner.tagger(registry.stamp())) == ["zbylut"]
    registry.put([replace(ZBYLUT, name="Orion Holdings")])
    [tag] = learner.tagger(registry.stamp()).find("A title", None, TEXT)
    assert tag.known == ("company", "zbylut", "Orion Holdings")
    assert registry.scans == 1


def test_many_changes_of_a_large_registry_have_it_laid_out_anew(registry: Slow) -> None:
    registry.tells = True
    learner = Learner(registry, large=0)
    learner.tagger(registry.stamp())
    registry.put(replace(ZBYLUT, id=f"z-{n}", name=f"Z {n}") for n in range(SOME))
    registry.put([ZBYLUT])
    assert found(learner.tagger(registry.stamp())) == ["orion", "zbylut"]
    until(lambda: registry.scans == 2)
    assert found(learner.tagger(registry.stamp())) == ["orion", "zbylut"]


def test_too_many_changes_count_when_all_is_laid_out_anew(registry: Slow) -> None:
    registry.tells = True
    learner = Learner(registry, large=0)
    learner.tagger(registry.stamp())
    registry.put(replace(ZBYLUT, id=f"z-{n}", name=f"Z {n}") for n in range(CHANGES))
    registry.put([ZBYLUT])
    assert followed(learner, registry) == ["orion", "zbylut"]


def test_a_registry_that_grows_large_is_laid_out_aside(registry: Slow) -> None:
    registry.tells = True
    learner = Learner(registry, large=1)
    learner.tagger(registry.stamp())
    registry.let.clear()
    registry.put([ZBYLUT])
    assert found(learner.tagger(registry.stamp())) == ["orion"]
    registry.let.set()
    assert followed(learner, registry) == ["orion", "zbylut"]


def test_amended_names_are_those_of_all_profiles_read_together() -> None:
    old = [profile(number, "old") for number in range(12)]
    new = [profile(number, "new") for number in range(6, 18)]
    base = Lexicon(old)
    keys = {("company", one.id) for one in (*old[:3], *new)}
    amended = Amended(base, keys, new)
    whole = Lexicon([*old[3:6], *new])
    for key in ("shared", "n 1 old", "n 7 old", "n 7 new", "n 17 new", "nobody"):
        assert amended.candidates(key) == whole.candidates(key), key
        assert (key in amended) >= (key in whole)
    assert amended.starting("shared name", 0) == whole.starting("shared name", 0)
    assert len(amended) >= len(whole)


def profile(number: int, when: str) -> Profile:
    names = ("Shared", f"N {number} {when}", f"Shared Name {number % 2}"[: 6 + 5])
    return Profile(kind="company", id=f"{number:02}", name=names[1], aliases=names)
