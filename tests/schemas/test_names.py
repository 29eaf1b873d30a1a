from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, strategies as st

from schemas.articles import load
from schemas.problems import Invalid
from search.article import Article, Entity
from search.text import slug

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
LEAST: dict[str, Any] = {"title": "A title", "published_at": "2024-05-17T10:00:00Z"}


def loaded(**values: Any) -> Article:
    return load(LEAST | values, now=NOW)


def fault(**values: Any) -> tuple[str, str]:
    with pytest.raises(Invalid) as caught:
        loaded(**values)
    [found] = caught.value.faults
    return found.pointer, found.detail


def test_a_name_has_single_spaces() -> None:
    assert loaded(source="  The\n Daily \xa0 Planet ").source == "The Daily Planet"
    assert loaded(tags=[" Energy  use"]).tags == (Entity("energy-use", "Energy use"),)


def test_a_name_has_letters_or_digits_and_at_most_512_bytes() -> None:
    assert fault(tags=["!?"])[0] == "/tags/0"
    assert fault(authors=["—"])[0] == "/authors/0"
    assert fault(source="…")[0] == "/source"
    assert loaded(source="é" * 256).source == "é" * 256
    assert "512 bytes" in fault(source="é" * 257)[1]
    assert "512 bytes" in fault(tags=["é" * 257])[1]
    assert "512 bytes" in fault(tags=["x" * 513])[1]
    assert "512 bytes" in fault(tags=[{"id": "x" * 513, "name": "x"}])[1]


def test_an_id_of_an_entity_is_its_own_slug() -> None:
    given = {"id": "Tesla, Inc.", "name": "Tesla"}
    assert fault(companies=[given]) == (
        "/companies/0/id",
        "This is no id. Use 'tesla-inc', or leave the id out.",
    )
    assert fault(companies=[{"id": "?", "name": "Tesla"}])[0] == "/companies/0/id"
    assert fault(companies=[{"id": 5, "name": "Tesla"}])[0] == "/companies/0/id"


@pytest.mark.parametrize(
    "value", ["AT&T", {"name": "AT&T"}, {"id": None, "name": "AT&T"}]
)
def test_an_entity_without_an_id_gets_the_slug_of_its_name(value: Any) -> None:
    assert loaded(companies=[value]).companies == (Entity("at-t", "AT&T"),)


def test_ids_in_a_field_are_distinct_and_the_first_name_stays() -> None:
    entities = loaded(people=["Angela Merkel", "ANGELA MERKEL", "Bo"]).people
    assert entities == (Entity("angela-merkel", "Angela Merkel"), Entity("bo", "Bo"))


def test_a_list_has_at_most_1000_items() -> None:
    assert len(loaded(authors=[f"A{n}" for n in range(1000)]).authors) == 1000
    assert fault(authors=["A"] * 1001)[0] == "/authors"
    assert fault(tags=[5] * 200_000)[0] == "/tags"


@given(st.text())
def test_whatever_name_is_taken_has_a_proper_id(name: str) -> None:
    if not slug(name):
        assert fault(tags=[name])[0] == "/tags/0"
        return
    [entity] = loaded(tags=[name]).tags
    assert slug(entity.id) == entity.id != ""
    assert loaded(tags=[{"id": entity.id, "name": entity.name}]).tags == (entity,)
