"""Profiles on the wire: what is sent comes back, and what is wrong is told."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from schemas import entities
from schemas.entities import dump, load, load_json
from schemas.problems import Invalid
from search.entities.profile import Profile

META = Profile(
    kind="company",
    id="meta-platforms",
    name="Meta Platforms",
    aliases=("Meta",),
    former_names=("Facebook",),
    tickers=("NASDAQ:META",),
    identifiers=(("cik", "1326801"), ("isin", "US30303M1027")),
    origin="the company's own pages",
)


def test_a_profile_that_is_shown_can_be_sent_again() -> None:
    assert load_json(dump(META)) == META


def test_without_an_id_it_gets_the_slug_of_its_name() -> None:
    assert load({"name": "Łódź S.A."}, kind="company").id == "lodz-s-a"


def test_a_name_that_is_given_twice_is_kept_once() -> None:
    body = {
        "name": "Shell",
        "aliases": ["Shell", "RDS", "RDS"],
        "former_names": ["RDS"],
    }
    found = load(body, kind="company")
    assert (found.aliases, found.former_names) == (("RDS",), ())


@pytest.mark.parametrize(
    ("body", "pointer", "part"),
    [
        ([], "", "object"),
        ({}, "/name", "needed"),
        ({"name": "X", "alias": ["Y"]}, "/alias", "'aliases'"),
        ({"name": "X", "zzz": 1}, "/zzz", "Leave it out"),
        ({"name": "X", "aliases": "Y"}, "/aliases", "list"),
        ({"name": "X", "aliases": [None]}, "/aliases/0", "null"),
        ({"name": "X", "id": "Not A Slug"}, "/id", "not-a-slug"),
        ({"name": "X", "kind": "person"}, "/kind", "company"),
        ({"name": "X", "identifiers": {"A B": "1"}}, "/identifiers/A B", "scheme"),
        ({"name": "X", "identifiers": {"cik": 1}}, "/identifiers/cik", "text"),
        ({"name": "X", "identifiers": []}, "/identifiers", "object"),
        ({"name": "-"}, "/name", "letter"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    body: object, pointer: str, part: str
) -> None:
    with pytest.raises(Invalid) as caught:
        load(body, kind="company")
    [fault] = caught.value.faults
    assert fault.pointer == pointer
    assert part in fault.detail


def test_the_kind_must_be_said_somewhere() -> None:
    with pytest.raises(Invalid, match="company, person"):
        load({"name": "X"})


def test_the_address_decides_on_the_id() -> None:
    with pytest.raises(Invalid, match="'shell'"):
        load({"name": "X", "id": "x"}, kind="company", entity_id="shell")
    assert load({"name": "X"}, kind="company", entity_id="shell").id == "shell"


NAMES = st.sampled_from(
    ["Shell", " Shell  plc ", "", "-", "Łódź", "x" * 600, "\ud800", 7, None]
)
BODIES = st.fixed_dictionaries(
    {"name": NAMES},
    optional={
        "kind": st.sampled_from(["company", "firm", None, 1]),
        "id": st.sampled_from(["shell", "Not A Slug", "", None, 3]),
        "aliases": st.lists(NAMES, max_size=3) | st.just("Shell"),
        "tickers": st.lists(NAMES, max_size=2),
        "identifiers": st.dictionaries(
            st.sampled_from(["cik", "ISIN", "a b", "", "x" * 40]), NAMES, max_size=2
        )
        | st.just([]),
        "parent": NAMES,
        "origin": NAMES,
        "other": st.just(1),
    },
)


@given(BODIES)
def test_the_quick_way_reads_profiles_as_the_schema_does(body: dict[str, Any]) -> None:
    def read(way: Callable[[Any], Any]) -> Any:
        try:
            return way(body)
        except Invalid as error:
            return error.faults

    assert read(entities._loaded) == read(entities._load_slowly)
