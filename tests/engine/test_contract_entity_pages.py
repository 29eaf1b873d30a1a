"""Pages of entities and completed names: the same on every engine."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from schemas import entity_pages
from search.article import Article
from search.catalog import FIELDS
from search.completion import Completer
from search.engine import Engine
from search.entities.profile import Kind, Profile
from search.errors import EntityNotFoundError
from tests.corpus import ENTITIES, article
from tests.engine.engines import Entry
from tests.reference import ReferenceEngine

PROFILES = (
    Profile(
        kind="company",
        id="meta-platforms",
        name="Meta Platforms",
        aliases=("Meta",),
        former_names=("Facebook",),
        tickers=("NASDAQ:META",),
    ),
    Profile(kind="company", id="unseen-ltd", name="Unseen Ltd"),
    Profile(kind="person", id="angela-merkel", name="Angela Merkel"),
)
KEYS = [FIELDS[field].key for field in ENTITIES]
CALLED = {one.id: one for some in ENTITIES.values() for one in some}
TYPED = ("m", "me", "Face", "merk", "UNSEEN", "ł", "plat", "东", "meta pl", "zz", "-")
PAGES: tuple[tuple[Kind, str], ...] = (
    ("company", "meta-platforms"),
    ("company", "shell"),
    ("company", "unseen-ltd"),
    ("person", "angela-merkel"),
    ("place", "lodz"),
)


def settled(article: Article) -> Article:
    """Return the article with each entity under the one name that it has here."""
    named: dict[str, Any] = {
        key: tuple(CALLED[one.id] for one in getattr(article, key)) for key in KEYS
    }
    source = article.source and article.source.title()
    return replace(article, **named, source=source)


def fill(engine: Engine) -> Engine:
    """Put the same articles and profiles into an engine."""
    engine.index((settled(article(number)) for number in range(40)), refresh=True)
    engine.entities.put(PROFILES)
    return engine


@pytest.fixture(scope="module")
def oracle() -> Iterator[Engine]:
    engine = fill(ReferenceEngine())
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def known(entry: Entry, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with entry.make(tmp_path_factory.mktemp("entities") / "engine") as engine:
        yield fill(engine)


@pytest.mark.parametrize(("kind", "entity_id"), PAGES)
def test_every_engine_makes_the_same_page(
    kind: Kind, entity_id: str, known: Engine, oracle: Engine
) -> None:
    page = entity_pages.dump(entity_pages.find(known, kind, entity_id))
    assert page == entity_pages.dump(entity_pages.find(oracle, kind, entity_id))


def test_what_nobody_knows_has_no_page(known: Engine) -> None:
    with pytest.raises(EntityNotFoundError):
        entity_pages.find(known, "company", "nobody")


@pytest.mark.parametrize("text", TYPED)
def test_every_engine_completes_the_same_names(
    text: str, known: Engine, oracle: Engine
) -> None:
    assert Completer(known).complete(text) == Completer(oracle).complete(text)


def test_a_name_of_few_articles_is_completed_as_well(known: Engine) -> None:
    assert [one.id for one in Completer(known).complete("unseen")] == ["unseen-ltd"]


def test_names_come_by_the_number_of_their_articles(known: Engine) -> None:
    found = Completer(known).complete("s", size=50)
    counts = [one.count for one in found]
    assert len(found) > 2
    assert counts == sorted(counts, reverse=True)


def test_an_alias_completes_to_what_it_is_called(known: Engine) -> None:
    found = Completer(known).complete("face", kinds=["company"])
    best = next(one for one in found if one.id == "meta-platforms")
    assert best.name == "Meta Platforms"
    assert best.matched[best.start : best.end].lower() == "face"
