from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Thread

import pytest

from search.article import Article, ArticleId, Entity
from search.entities.labelling import MOST_FOUND, Labeller
from search.entities.profile import Kind, Profile
from search.text import slug
from tests.register import ReferenceRegistry

META = Profile(
    kind="company",
    id="meta-platforms",
    name="Meta Platforms",
    aliases=("Meta",),
    former_names=("Facebook",),
    tickers=("META",),
)
BODY = "Shares of Facebook fell, said President Ndidi Okafor."


class Watched(ReferenceRegistry):
    """A registry that counts how often it is read and asked."""

    def __init__(self) -> None:
        super().__init__()
        self.scans = 0
        self.questions = 0

    def scan(self, kind: Kind | None = None, /) -> Iterator[Profile]:
        self.scans += kind is None
        return super().scan(kind)

    def find(self, kind: Kind, text: str, /):  # type: ignore[no-untyped-def]
        self.questions += 1
        return super().find(kind, text)


@pytest.fixture
def registry() -> Watched:
    registry = Watched()
    registry.put([META])
    return registry


@pytest.fixture
def labeller(registry: Watched) -> Labeller:
    return Labeller(registry)


def article(body: str | None = BODY, **more: object) -> Article:
    return Article(
        id=ArticleId("a"),
        title="A title",
        published_at=datetime(2024, 1, 1, tzinfo=UTC),
        body=body,
        **more,  # type: ignore[arg-type]
    )


def given(*names: str) -> tuple[Entity, ...]:
    return tuple(Entity(name.lower().replace(" ", "-"), name) for name in names)


META_FOUND = Entity("meta-platforms", "Meta Platforms", about=False)
OKAFOR = Entity("ndidi-okafor", "Ndidi Okafor", about=False)


def test_an_article_that_brings_no_name_gets_those_of_its_text(
    labeller: Labeller,
) -> None:
    [found] = labeller.label([article()], "auto")
    assert (found.companies, found.people) == ((META_FOUND,), (OKAFOR,))


@pytest.mark.parametrize("key", ["companies", "people", "places"])
def test_an_article_that_brings_one_keeps_it_alone(
    labeller: Labeller, key: str
) -> None:
    brought = article(**{key: given("Acme")})
    assert labeller.label([brought], "auto") == [brought]


def test_a_tag_of_its_own_does_not_keep_an_article_from_names(
    labeller: Labeller,
) -> None:
    [found] = labeller.label([article(tags=given("Energy"))], "auto")
    assert found.companies == (META_FOUND,)
    assert found.tags == given("Energy")


def test_always_adds_to_what_is_given(labeller: Labeller) -> None:
    [found] = labeller.label([article(companies=given("Acme"))], "always")
    assert found.companies == (*given("Acme"), META_FOUND)


def test_what_is_given_stays_given_where_it_is_found_too(labeller: Labeller) -> None:
    [found] = labeller.label([article(companies=given("Facebook"))], "always")
    assert found.companies == (Entity("meta-platforms", "Meta Platforms"),)


def test_off_looks_for_nothing_and_keeps_what_was_found_before(
    labeller: Labeller, registry: Watched
) -> None:
    before = article(people=(OKAFOR,))
    assert labeller.label([before, article()], "off") == [before, article()]
    assert registry.scans == 0


def test_what_was_found_before_makes_room_for_what_is_found_now(
    labeller: Labeller,
) -> None:
    stale = Entity("somebody", "Somebody", about=True)
    [found] = labeller.label([article(people=(stale,))], "auto")
    assert found.people == (OKAFOR,)


@pytest.mark.parametrize("naming", ["auto", "always", "off"])
@pytest.mark.parametrize(
    "name", ["Meta Platforms", "Meta", "facebook", "META", "Meta Platforms, Inc."]
)
def test_a_given_name_gets_the_registry_s_id(
    labeller: Labeller, naming: str, name: str
) -> None:
    brought = article(body=None, companies=(Entity(slug(name), name),))
    [found] = labeller.label([brought], naming)  # type: ignore[arg-type]
    assert found.companies == (Entity("meta-platforms", "Meta Platforms"),)


def test_two_given_names_of_one_company_are_one(labeller: Labeller) -> None:
    [found] = labeller.label([article(companies=given("Meta", "Facebook"))], "off")
    assert found.companies == (Entity("meta-platforms", "Meta Platforms"),)


def test_an_id_of_its_own_is_left_as_it_is(labeller: Labeller) -> None:
    brought = article(companies=(Entity("fb-holdings", "Facebook"),))
    assert labeller.label([brought], "off") == [brought]


def test_a_given_name_that_means_several_is_left_as_it_is(
    labeller: Labeller, registry: Watched
) -> None:
    twins = [
        Profile(kind="person", id="john-doe-1", name="John Doe"),
        Profile(kind="person", id="john-doe-2", name="John Doe"),
        Profile(kind="person", id="jane-roe", name="Jane Roe"),
    ]
    registry.put(twins)
    brought = article(people=given("John Doe", "Roe"))
    assert labeller.label([brought], "off") == [brought]


def test_a_name_is_asked_for_once_until_the_registry_changes(
    labeller: Labeller, registry: Watched
) -> None:
    for _ in range(3):
        labeller.label([article(companies=given("Acme"))] * 5, "auto")
    assert registry.questions == 1
    registry.put([Profile(kind="company", id="acme-corp", name="Acme")])
    [found] = labeller.label([article(companies=given("Acme"))], "auto")
    assert found.companies == (Entity("acme-corp", "Acme"),)


def test_the_names_are_read_again_when_the_registry_changes_and_only_then(
    labeller: Labeller, registry: Watched
) -> None:
    labeller.label([article()], "auto")
    labeller.label([article()], "auto")
    assert registry.scans == 1
    registry.delete("company", ["meta-platforms"])
    [found] = labeller.label([article()], "auto")
    assert found.companies == ()
    assert registry.scans == 2


def test_several_threads_read_the_names_once(
    labeller: Labeller, registry: Watched
) -> None:
    threads = [
        Thread(target=labeller.label, args=([article()], "auto")) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert registry.scans == 1


def test_an_empty_registry_is_not_asked() -> None:
    empty = Watched()
    [found] = Labeller(empty).label([article(companies=given("Acme"))], "always")
    assert (empty.questions, empty.scans) == (0, 0)
    assert found.people == (OKAFOR,)


@pytest.mark.parametrize("language", [None, "en", "en-GB"])
def test_people_in_no_registry_are_found_in_english(
    labeller: Labeller, language: str | None
) -> None:
    [found] = labeller.label([article(language=language)], "auto")
    assert found.people == (OKAFOR,)


@pytest.mark.parametrize("language", ["de", "enm"])
def test_in_other_languages_the_registry_alone_counts(
    labeller: Labeller, language: str
) -> None:
    [found] = labeller.label([article(language=language)], "auto")
    assert (found.companies, found.people) == ((META_FOUND,), ())


def test_a_text_full_of_names_keeps_the_first_ones(labeller: Labeller) -> None:
    letters = "abcdefghijklmnop"
    names = [f"Zby{a}l{b}t" for a in letters for b in letters][: MOST_FOUND + 20]
    body = ". ".join(f"President John {name} spoke" for name in names)
    [found] = labeller.label([article(body)], "auto")
    assert [each.name for each in found.people] == [
        f"John {name}" for name in names[:MOST_FOUND]
    ]


def test_labelling_twice_is_labelling_once(labeller: Labeller) -> None:
    once = labeller.label([article(), article(companies=given("Facebook"))], "always")
    assert labeller.label(once, "always") == once
