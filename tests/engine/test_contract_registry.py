"""What a registry promises, on every engine: kept, found, resolved, merged."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from search.article import ArticleId, Entity
from search.engine import Engine
from search.entities.profile import Kind, Profile
from search.entities.registry import CHANGES, RegistryReport
from search.errors import EntityNotFoundError
from search.merging import merge
from search.request import SearchRequest, Selection
from tests.engine.engines import Entry
from tests.profiled import ANGELA, LABELLED, LEYEN, MAX, MERCK, META, PROFILES, art


@pytest.fixture
def known(engine: Engine) -> Engine:
    """An engine with articles that were labelled before the registry was there."""
    engine.index(LABELLED, refresh=True)
    engine.entities.put(PROFILES)
    return engine


@pytest.fixture(scope="session")
def asked(entry: Entry, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The same for tests that only ask."""
    with entry.make(tmp_path_factory.mktemp("asked") / "engine") as made:
        made.index(LABELLED, refresh=True)
        made.entities.put(PROFILES)
        yield made


def total(engine: Engine, kind: Kind, text: str) -> int:
    ids = engine.resolve(kind, text).ids
    wanted = SearchRequest(selections=(Selection(kind, (), ids),), limit=0)
    return engine.search(wanted).total if ids else 0


def matched(engine: Engine, kind: Kind, text: str) -> list[tuple[str, str]]:
    return [(m.entity.id, m.matched) for m in engine.resolve(kind, text).meanings]


def test_what_was_put_is_there_once_and_as_it_was(engine: Engine) -> None:
    registry = engine.entities
    assert registry.stamp() == ""
    assert registry.put(PROFILES) == RegistryReport(created=6)
    before = registry.stamp()
    assert registry.put([META, MERCK]) == RegistryReport(unchanged=2)
    changed = replace(META, former_names=())
    assert registry.put([changed]) == RegistryReport(updated=1)
    assert registry.stamp() not in ("", before)
    assert registry.get("company", META.id) == changed
    assert list(registry.scan("person")) == [ANGELA, MAX, LEYEN]
    assert set(registry.scan()) == {changed, *PROFILES[1:]}
    assert registry.count() == 6
    assert registry.find("company", "Facebook") == ()


def test_what_was_deleted_is_gone(engine: Engine) -> None:
    registry = engine.entities
    assert registry.delete("company", ["nobody"]) == 0
    with pytest.raises(EntityNotFoundError):
        registry.get("company", META.id)
    registry.put(PROFILES)
    assert registry.delete("company", [META.id, "nobody"]) == 1
    assert registry.find("company", "Facebook") == ()
    assert registry.complete("faceb") == ()
    with pytest.raises(EntityNotFoundError):
        registry.get("company", META.id)
    assert registry.delete("person", [META.id]) == 0


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("meta-platforms", "id"),
        ("META PLATFORMS", "id"),
        ("Meta Platforms Inc", "name"),
        ("the meta", "alias"),
        ("facebook, inc.", "former name"),
        ("NASDAQ:META", "ticker"),
        ("cik:1326801", "identifier"),
        ("0001326801", "identifier"),
    ],
)
def test_a_company_is_found_by_whatever_it_is_known_by(
    asked: Engine, text: str, how: str
) -> None:
    assert matched(asked, "company", text) == [("meta-platforms", how)]
    assert total(asked, "company", text) == 3


def test_an_exact_name_means_one_where_its_beginning_means_several(
    asked: Engine,
) -> None:
    assert matched(asked, "company", "Merck KGaA") == [("merck-kgaa", "name")]
    assert matched(asked, "company", "Merck Corp.") == [
        ("merck", "name"),
        ("merck-kgaa", "name"),
    ]


def test_a_name_that_gives_the_id_of_one_means_all_who_are_called_so(
    engine: Engine,
) -> None:
    engine.entities.put(
        Profile(kind="person", id=identity, name="Ann Osten")
        for identity in ("ann-osten", "member-7")
    )
    assert matched(engine, "person", "ann-osten") == [("ann-osten", "id")]
    assert matched(engine, "person", "Ann Osten") == [
        ("ann-osten", "name"),
        ("member-7", "name"),
    ]


@pytest.mark.parametrize(
    "text", ["Angela Merkel", "MERKEL, Angela", "Dr. Angela Merkel", "merkel"]
)
def test_a_person_is_found_by_every_order_of_the_name(asked: Engine, text: str) -> None:
    assert asked.resolve("person", text).entities == (Entity(ANGELA.id, ANGELA.name),)
    assert total(asked, "person", text) == 2


def test_of_a_surname_those_count_whom_articles_name(known: Engine) -> None:
    assert matched(known, "person", "Merkel") == [("angela-merkel", "surname")]
    known.index([art(6, (), ("Max Merkel",))], refresh=True)
    assert matched(known, "person", "Merkel") == [
        ("angela-merkel", "surname"),
        ("max-merkel", "surname"),
    ]
    assert matched(known, "person", "von der Leyen") == [(LEYEN.id, "surname")]


def test_an_unknown_name_means_nobody_and_is_told_near_ones(asked: Engine) -> None:
    found = asked.resolve("company", "Facebok")
    assert found.meanings == ()
    assert "Facebook" in " ".join(found.suggestions) or META.name in found.suggestions
    assert asked.resolve("company", "Xyzzy Quux").suggestions == ()
    assert asked.resolve("person", "Ursula von der Leyn").suggestions == (LEYEN.name,)


def test_names_are_completed_from_their_beginning_and_from_each_word(
    asked: Engine,
) -> None:
    complete = asked.entities.complete
    assert [c.profile.id for c in complete("merk")] == [MAX.id, ANGELA.id]
    assert [c.name for c in complete("face")] == ["Facebook"]
    assert complete("me", ("company",))[0].profile == META
    assert complete("me", size=1)[0].profile == META
    assert complete("") == complete("zz") == complete("me", ()) == ()
    assert complete("\ud800") == asked.entities.find("company", "Meta \ud800") == ()
    assert asked.entities.near("company", "Facebok \ud800") == ()


def test_the_registry_survives_a_rebuild_of_either_kind(known: Engine) -> None:
    known.rebuild()
    known.rebuild([art(1, ("Facebook",))], force=True)
    assert set(known.entities.scan()) == set(PROFILES)
    assert total(known, "company", "META") == 1


def test_the_registry_is_there_when_the_archive_is_opened_again(
    entry: Entry, tmp_path: Path
) -> None:
    if not entry.keeps:
        pytest.skip("The reference engine keeps nothing.")
    folder = tmp_path / "again"
    with entry.make(folder) as first:
        first.entities.put(PROFILES)
        with entry.make(folder) as second:
            assert second.entities.find("company", "Facebook")[0].profile == META
            first.entities.put([replace(META, former_names=())])
            eventually_gone(second)


def eventually_gone(engine: Engine) -> None:
    until = datetime.now(UTC).timestamp() + 2
    while engine.resolve("company", "Facebook", suggest=False).meanings:
        assert datetime.now(UTC).timestamp() < until


def test_a_merge_labels_articles_anew_and_both_names_find_all(known: Engine) -> None:
    known.entities.put([Profile(kind="company", id="shell", name="Shell")])
    known.index(
        [replace(art(7), companies=(Entity("x-1", "Shell Oil"),))], refresh=True
    )
    before = known.get(ArticleId("a7")).version
    done = merge(known, "company", "x-1", "shell")
    assert done.articles == 1
    assert known.get(ArticleId("a7")).version > before
    article = known.get(ArticleId("a7")).article()
    assert article.companies == (Entity("shell", "Shell"),)
    for text in ("Shell", "Shell Oil", "x-1"):
        assert total(known, "company", text) == 2
    assert merge(known, "company", "shell", "shell").articles == 0
    with pytest.raises(EntityNotFoundError):
        merge(known, "company", "nobody", "shell")


def test_a_merge_keeps_what_was_known_of_both(known: Engine) -> None:
    done = merge(known, "company", "merck-kgaa", "merck")
    assert done.profile.aliases == ("Merck KGaA",)
    (found,) = known.entities.find("company", "Merck KGaA")
    assert found.profile == done.profile
    with pytest.raises(EntityNotFoundError):
        known.entities.get("company", "merck-kgaa")
    assert (
        total(known, "company", "Merck") == total(known, "company", "MERCK KGAA") == 2
    )


def test_an_article_with_both_has_the_merged_one_once(engine: Engine) -> None:
    engine.index([art(1, ("Facebook", "Shell", "Meta"))], refresh=True)
    engine.entities.put([META])
    merge(engine, "company", "facebook", "meta-platforms")
    merge(engine, "company", "meta", "meta-platforms")
    ids = [one.id for one in engine.get(ArticleId("a1")).article().companies]
    assert ids == ["meta-platforms", "shell"]


def test_what_has_changed_since_a_stamp_is_told_or_unknown(engine: Engine) -> None:
    registry = engine.entities
    registry.put(PROFILES)
    first = registry.stamp()
    assert registry.changed("another") is None
    registry.put([replace(META, former_names=())])
    registry.delete("person", [MAX.id])
    told = registry.changed(first)
    changed = {("company", META.id), ("person", MAX.id)}
    assert told is None or set(told) == changed
    registry.put([MAX])
    again = registry.changed(first)
    assert (again is None) == (told is None)
    assert again is None or set(again) == changed
    registry.put(replace(META, id=f"m-{number}") for number in range(CHANGES))
    assert registry.changed(first) is None
