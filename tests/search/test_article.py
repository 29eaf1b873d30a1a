"""Articles as they are given, kept and given back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import example, given, strategies as st

from search import catalog
from search.article import (
    EARLIEST,
    EPOCH,
    Article,
    ArticleId,
    Entity,
    Image,
    canonical_url,
    content,
    facet_values,
    identity,
    keys_of,
    milliseconds,
    moment_of,
    named,
    parse,
    store,
)

NOW = datetime(2024, 5, 17, 12, 30, 1, 250_000, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DATES = st.timedeltas(timedelta(days=-135_000), timedelta(days=84_000)).map(
    lambda distance: EPOCH + distance
)
ENTITIES = st.lists(
    st.builds(Entity, TEXT, TEXT), max_size=3, unique_by=lambda entity: entity.id
).map(tuple)
ARTICLES = st.builds(
    Article,
    id=TEXT.map(ArticleId),
    title=TEXT,
    published_at=DATES,
    summary=st.none() | TEXT,
    body=st.none() | TEXT,
    source=st.none() | TEXT,
    authors=st.lists(TEXT, max_size=3).map(tuple),
    updated_at=st.none() | DATES,
    language=st.none() | st.just("zh-Hant-TW"),
    tags=ENTITIES,
    companies=ENTITIES,
    image=st.none() | st.builds(Image, TEXT, st.none() | TEXT, st.none() | TEXT),
    metadata=st.dictionaries(TEXT, st.none() | TEXT | st.integers(0, 9), max_size=3),
)


def article(**values: object) -> Article:
    plain = Article(id=ArticleId("a"), title="Title", published_at=NOW)
    return replace(plain, **values)  # type: ignore[arg-type]


@given(ARTICLES, st.integers(1, 2**62))
def test_an_article_comes_back_as_it_was_stored(given_: Article, version: int) -> None:
    stored = store(given_, NOW, version)
    assert stored.article() == replace(given_, indexed_at=NOW, version=version)
    assert parse(orjson.loads(stored.json())) == stored.article()


@given(ARTICLES)
def test_stored_json_has_every_key_of_the_catalogue_in_its_order(
    given_: Article,
) -> None:
    assert tuple(orjson.loads(store(given_, NOW, 1).json())) == catalog.KEYS


def test_without_its_body_an_article_is_still_json() -> None:
    stored = replace(store(article(body="text"), NOW, 7), body=None)
    assert "body" not in orjson.loads(stored.json())
    assert stored.article() == article(indexed_at=NOW, version=7)


@given(ARTICLES, ARTICLES)
def test_content_is_equal_exactly_for_equal_articles(a: Article, b: Article) -> None:
    assert content(a) == content(replace(a, version=9, indexed_at=NOW))
    assert (content(a) == content(b)) is (a == b)


@given(DATES)
@example(EPOCH - timedelta(microseconds=1))
@example(EARLIEST)
def test_milliseconds_are_rounded_down(moment: datetime) -> None:
    exact = milliseconds(moment)
    back = EPOCH + timedelta(milliseconds=exact)
    assert back <= moment < back + timedelta(milliseconds=1)


def test_a_date_that_is_missing_is_the_publication() -> None:
    later = NOW + timedelta(days=1)
    assert moment_of(article(), "updated") == NOW
    assert moment_of(article(updated_at=later), "updated") == later
    assert moment_of(article(updated_at=later), "published") == NOW
    assert moment_of(article(indexed_at=later), "indexed") == later
    assert moment_of(article(), "indexed") == NOW


def test_a_language_counts_for_each_of_its_prefixes() -> None:
    found = facet_values(article(language="zh-Hant-TW"), "lang")
    assert [one.id for one in found] == ["zh", "zh-hant", "zh-hant-tw"]
    assert found[-1].name == "zh-Hant-TW"
    assert facet_values(article(), "lang") == ()


def test_facet_values_of_plain_names_have_slugs_and_are_distinct() -> None:
    authors = ("Ján Novák", "Jan Novak", "©", "O’Neill")
    found = facet_values(article(authors=authors), "author")
    assert found == (Entity("jan-novak", "Ján Novák"), Entity("o-neill", "O’Neill"))
    assert facet_values(article(source="The Wire"), "source") == named(("The Wire",))


def test_facet_values_of_entities_are_the_articles_own() -> None:
    companies = (Entity("shell", "Shell plc"), Entity("royal-dutch", "Shell plc"))
    assert facet_values(article(companies=companies), "company") == companies


def test_a_value_is_found_by_the_slugs_of_its_id_and_its_name() -> None:
    assert keys_of(Entity("shell", "Shell plc")) == {"shell", "shell-plc"}
    assert keys_of(Entity("x", "©")) == {"x"}


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://a.org/x?b=1&a=2", "https://a.org/x?a=2&b=1"),
        ("https://a.org/x?utm_source=feed&fbclid=9", "https://a.org/x"),
        ("https://A.org/x#part", "https://a.org/x"),
        ("https://a.org/x?id=1&utm_medium=m", "https://a.org/x?id=1"),
    ],
)
def test_addresses_of_one_page_are_one(url: str, same: str) -> None:
    assert canonical_url(url) == canonical_url(same)
    assert identity("A", NOW, url, None) == identity("B", NOW, same, "s")


@given(TEXT)
def test_a_canonical_address_stays_so(path: str) -> None:
    once = canonical_url(f"https://a.org/{path}?q={path}&utm_x={path}")
    assert canonical_url(once) == once


def test_different_pages_have_different_ids() -> None:
    one = identity("A", NOW, "https://a.org/x?id=1", None)
    assert one != identity("A", NOW, "https://a.org/x?id=2", None)
    assert len(one) == 64


def test_without_an_address_title_date_and_source_identify_an_article() -> None:
    seed = identity("A", NOW, None, "S")
    assert seed == identity("A", NOW, None, "S")
    later = NOW + timedelta(seconds=1)
    others = (("B", NOW, "S"), ("A", later, "S"), ("A", NOW, None))
    assert all(identity(t, d, None, s) != seed for t, d, s in others)


def test_the_same_moment_in_another_zone_gives_the_same_id() -> None:
    berlin = NOW.astimezone(ZoneInfo("Europe/Berlin"))
    assert identity("A", berlin, None, "S") == identity("A", NOW, None, "S")
