from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from schemas.articles import load
from schemas.problems import Invalid
from search.article import Article, Entity, content, parse, store

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
FOUND = {"id": "bp", "name": "BP", "from": "found", "about": True}


def loaded(*companies: Any) -> Article:
    body = {"title": "A title", "published_at": "2024", "companies": list(companies)}
    return load(body, now=NOW)


def shown(article: Article) -> Any:
    return orjson.loads(content(article)[0])["companies"]


def test_a_plain_name_is_shown_as_given() -> None:
    assert shown(loaded("BP")) == [{"id": "bp", "name": "BP", "from": "given"}]


def test_what_was_found_is_shown_with_whether_the_article_is_about_it() -> None:
    assert shown(loaded(FOUND)) == [FOUND]


@pytest.mark.parametrize("about", [None, True, False])
def test_what_is_stored_is_read_as_it_was(about: bool | None) -> None:
    article = loaded(FOUND | {"from": "found", "about": about})
    assert parse(orjson.loads(store(article, NOW, 1).json())).companies == (
        Entity("bp", "BP", about or False),
    )


def test_an_article_stored_before_origins_were_kept_has_given_names() -> None:
    head = orjson.loads(store(loaded("BP"), NOW, 1).json())
    head["companies"] = [{"id": "bp", "name": "BP"}]
    assert parse(head).companies == (Entity("bp", "BP"),)


def test_what_is_found_without_saying_more_is_a_mention() -> None:
    values = {key: value for key, value in FOUND.items() if key != "about"}
    assert loaded(values).companies == (Entity("bp", "BP", about=False),)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"from": "guessed"}, "/companies/0/from"),
        ({"from": 1}, "/companies/0/from"),
        ({"from": None}, "/companies/0/from"),
        ({"about": "yes"}, "/companies/0/about"),
        ({"about": 1.5}, "/companies/0/about"),
        ({"from": "given"}, "/companies/0/about"),
    ],
)
def test_an_origin_that_is_none_is_refused_by_its_pointer(
    change: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(Invalid) as refused:
        loaded(FOUND | change)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]
