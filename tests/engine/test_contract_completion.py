"""Completed names: ranked by use, whoever is asked and however much is remembered."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import TypeAlias

import pytest

from search.article import Article, Entity
from search.completion import Completed, Completer
from search.engine import Engine
from search.entities.profile import Profile
from search.prominent import Almanac
from tests.api.live import until
from tests.corpus import article
from tests.engine.engines import Entry
from tests.reference import ReferenceEngine

Made: TypeAlias = Callable[[Engine], Completer]

COMPLETERS: dict[str, Made] = {
    "all that are used": Completer,
    "one value of each kind": lambda engine: Completer(engine, used=1),
    "whose they are aside": lambda engine: Completer(engine, many=0),
}
META = Profile(
    kind="company",
    id="meta-platforms",
    name="Meta Platforms",
    former_names=("Facebook",),
    aliases=("Meta",),
    tickers=("NASDAQ:META",),
)
CROWD = tuple(
    Profile(kind="company", id=f"fa-{n}", name=f"Fabrica {n:03}") for n in range(120)
)
FABLE = Entity("fable", "Fable Inc")


def about(number: int, *companies: Entity) -> Article:
    return replace(article(number), companies=companies, people=(), tags=(), places=())


def written() -> Iterator[Article]:
    for number in range(30):
        named = [Entity("meta-platforms", "Meta Platforms")] if number < 6 else []
        named += [Entity("facebook", "Facebook")] if 4 <= number < 9 else []
        named += [FABLE] if number == 20 else []
        named += [Entity("shell", "Shell")] if number > 10 else []
        yield about(number, *named)


@pytest.fixture(scope="module")
def crowded(entry: Entry, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with entry.make(tmp_path_factory.mktemp("crowd") / "engine") as engine:
        engine.index(written(), refresh=True)
        engine.entities.put((META, *CROWD))
        yield engine


@pytest.fixture(params=COMPLETERS, scope="module")
def completer(crowded: Engine, request: pytest.FixtureRequest) -> Completer:
    return COMPLETERS[request.param](crowded)


def ids(found: tuple[Completed, ...]) -> list[str]:
    return [one.id for one in found]


def test_what_articles_have_stands_before_a_crowd_that_none_has(
    completer: Completer,
) -> None:
    found = completer.complete("fab", ["company"], 3)
    assert ids(found)[0] == "fable"
    assert [one.count for one in found] == [1, 0, 0]


def test_articles_under_an_older_label_count_for_its_profile(
    completer: Completer,
) -> None:
    [found] = completer.complete("facebo")
    assert (found.id, found.name, found.matched) == (META.id, META.name, "Facebook")
    assert found.count == 9


def test_its_own_name_comes_before_another_that_begins_so(
    completer: Completer,
) -> None:
    [found] = completer.complete("met", ["company"])
    assert (found.id, found.matched) == (META.id, "Meta Platforms")


def test_a_ticker_completes_to_its_profile(completer: Completer) -> None:
    found = completer.complete("META", ["company"])
    assert ids(found) == [META.id]


def test_the_most_used_come_first_also_under_a_former_name(crowded: Engine) -> None:
    found = Completer(crowded).complete("f", ["company"], 3)
    assert [(one.id, one.count) for one in found][:2] == [(META.id, 9), ("fable", 1)]


def test_one_is_enough_where_one_is_wanted(completer: Completer) -> None:
    [found] = completer.complete("meta", ["company"], 1)
    assert (found.id, found.count) == (META.id, 9)


def test_as_many_as_wanted_are_listed_each_once(completer: Completer) -> None:
    found = ids(completer.complete("fa", size=50))
    assert len(found) == len(set(found)) >= 20


def test_only_the_kinds_asked_for_are_completed(completer: Completer) -> None:
    assert completer.complete("fa", ["person", "tag"]) == ()


def test_counts_are_of_now_when_articles_have_come(engine: Engine) -> None:
    engine.index(written(), refresh=True)
    engine.entities.put([META])
    completer = Completer(engine)
    assert completer.complete("fable")[0].count == 1
    engine.index([about(21, FABLE, Entity("facebook", "Facebook"))], refresh=True)
    assert completer.complete("fable")[0].count == 2
    assert completer.complete("meta")[0].count == 10
    engine.delete([about(number).id for number in (20, 21)], refresh=True)
    assert completer.complete("fable") == ()


def test_a_change_of_the_registry_counts_at_once(engine: Engine) -> None:
    other = about(29, Entity("fb-old", "Facebook"))
    engine.index([*list(written())[:29], other], refresh=True)
    completer = Completer(engine, many=0)
    assert ids(completer.complete("facebook")) == ["facebook", "fb-old"]
    engine.entities.put([META])
    [found] = completer.complete("facebook")
    assert (found.id, found.count) == (META.id, 10)
    engine.entities.delete("company", [META.id])
    assert ids(completer.complete("facebook")) == ["facebook", "fb-old"]


def test_whose_values_are_is_known_in_the_end_and_changes_no_answer(
    crowded: Engine,
) -> None:
    almanac = Almanac(crowded, many=0)
    stamps = crowded.stamp(), crowded.entities.stamp()
    assert almanac.current(*stamps).registry is None
    until(lambda: almanac.current(*stamps).registry == stamps[1])
    found = almanac.current(*stamps).find(("company", META.id))
    assert found
    assert set(found.ids) == {"meta-platforms", "facebook"}


def test_values_are_read_aside_when_they_grow_old_and_others_have_come() -> None:
    with closing(ReferenceEngine()) as engine:
        engine.index(written(), refresh=True)
        almanac = Almanac(engine, fresh=3)
        first = almanac.current(engine.stamp(), "")
        engine.index([about(40, Entity("new", "New"))], refresh=True)
        assert almanac.current(engine.stamp(), "") is first
        until(lambda: almanac.current(engine.stamp(), "").find(("company", "new")))


def test_values_that_are_old_are_read_at_once() -> None:
    with closing(ReferenceEngine()) as engine:
        engine.index(written(), refresh=True)
        almanac = Almanac(engine, fresh=0)
        almanac.current(engine.stamp(), "")
        engine.index([about(40, Entity("new", "New"))], refresh=True)
        assert almanac.current(engine.stamp(), "").find(("company", "new"))


def test_any_number_of_beginnings_may_be_typed() -> None:
    with closing(ReferenceEngine()) as engine:
        engine.entities.put([META])
        completer = Completer(engine)
        for number in range(1_100):
            assert completer.complete(f"nobody {number}") == ()
        assert ids(completer.complete("face")) == [META.id]
