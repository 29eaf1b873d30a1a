from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, strategies as st
from marshmallow import Schema, ValidationError, fields as plain, post_load

from schemas import fields
from schemas.articles import ArticleSchema, RestoredSchema
from schemas.fast import Unusual, compile_schema
from search.catalog import FIELDS, Kind

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
SCHEMA = RestoredSchema()
ACCEPT = compile_schema(SCHEMA)

TEXTS = st.sampled_from(
    ["", " ", "a", "A title", "\x00", "a\rb\u202e", "é\u0301", "\ud800", "x" * 2001]
)
NAMES = st.sampled_from(["BP", " bp ", "!", "", "AT&T", "é" * 300, "a\nb", "Łódź"])
IDS = st.sampled_from(["bp", "at-t", "B P", "", "?", "x" * 600])
JUNK = st.sampled_from([None, 0, 1, 1.5, True, [], {}, "x", [None], {"a": 1}, ["x"]])
ORIGINS = st.sampled_from(["given", "found", "found", "other", 1, None])
MAPPINGS = st.fixed_dictionaries(
    {"id": IDS, "name": NAMES},
    optional={"from": ORIGINS, "about": st.sampled_from([True, False, None, 1, "x"])},
) | st.dictionaries(st.sampled_from(["id", "name", "other"]), NAMES | JUNK, max_size=3)
DATES = st.sampled_from(
    [
        *("2024-05-17T10:00:00Z", "2024-05-17T10:00:00.5+02:00", "2024", "2024-02-30"),
        *("2024-02-30T10:00:00Z", "9999-12-31T23:59:59-14:00", "", "2024-W20"),
    ]
)
ADDRESSES = st.sampled_from(
    ["https://a.b/", "http://a", "ftp://a", "", "https://u@a/", "https://é.b", "x"]
)
ORDINARY: dict[str, st.SearchStrategy[Any]] = {
    "id": st.sampled_from(["a:1", "", "a.json", "a b"]),
    "url": ADDRESSES,
    "language": st.sampled_from(["en", "EN-us", "english", "", "x-a"]),
    "image": st.fixed_dictionaries(
        {"url": ADDRESSES}, optional={"caption": TEXTS, "credit": TEXTS | JUNK}
    ),
    "metadata": st.dictionaries(TEXTS, TEXTS | JUNK, max_size=2),
    "version": st.integers(-1, 3) | st.sampled_from([2**53, 2.0]),
    "authors": st.lists(NAMES, max_size=3),
}


def strategy(key: str) -> st.SearchStrategy[Any]:
    if key in ORDINARY:
        return ORDINARY[key]
    field = next(field for field in FIELDS.values() if field.key == key)
    if field.entity:
        return st.lists(NAMES | MAPPINGS | JUNK, max_size=3)
    if field.kind is Kind.DATE:
        return DATES
    return TEXTS if field.kind is Kind.TEXT else NAMES


KEYS = [field.key for field in FIELDS.values()]
BODIES = st.fixed_dictionaries(
    {"title": TEXTS, "published_at": DATES},
    optional={
        key: st.one_of(strategy(key), strategy(key), strategy(key), JUNK)
        for key in KEYS
        if key not in ("title", "published_at")
    }
    | {"unknown": JUNK},
)
GOOD = {"title": "A title", "published_at": "2024"}


@pytest.fixture(autouse=True)
def clock() -> Any:
    token = fields.CLOCK.set(NOW)
    yield
    fields.CLOCK.reset(token)


def accepted(body: Any) -> Any:
    with suppress(Exception):
        return ACCEPT(body)
    return None


def agrees(body: Any) -> bool:
    """Say whether the accept path took it; where it did, the schema agrees."""
    token = fields.CLOCK.set(NOW)
    found = accepted(body)
    try:
        if found is not None:
            loaded = SCHEMA.load(body)
            known = {key: value for key, value in loaded.items() if value is not None}
            assert repr(sorted(found.items())) == repr(sorted(known.items()))
    finally:
        fields.CLOCK.reset(token)
    return found is not None


@given(BODIES)
def test_what_the_accept_path_takes_the_schema_loads_alike(body: Any) -> None:
    agrees(body)


@pytest.mark.parametrize("key", KEYS)
def test_each_field_alone_agrees_with_the_schema(key: str) -> None:
    taken = []

    @given(strategy(key) | JUNK)
    def check(value: Any) -> None:
        if agrees(GOOD | {key: value}):
            taken.append(value)

    check()
    assert taken


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        GOOD | {key: None for key in KEYS if key not in GOOD},
        GOOD | {"companies": ["BP", {"id": "shell", "name": "Shell plc"}]},
        GOOD | {"companies": [{"id": "bp", "name": "BP", "from": "given"}]},
        GOOD | {"people": [{"id": "x", "name": "X", "from": "found", "about": True}]},
        GOOD | {"image": {"url": "https://a.b/c", "caption": "x", "credit": None}},
        GOOD | {"metadata": {"a": [1]}, "authors": ["Ann"], "language": "de-at"},
        GOOD | {"title": "é—“”", "body": "日本語\n\t", "url": "https://bücher.example"},
    ],
)
def test_the_ordinary_does_not_fall_back(body: Any) -> None:
    assert agrees(body)


class TextOf(str):
    __slots__ = ()


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"title": "x"},
        GOOD | {"title": None},
        GOOD | {"unknown": 1},
        GOOD | {"unknown": None},
        GOOD | {"title": TextOf("x")},
        GOOD | {"tags": ("a",)},
        GOOD | {"tags": ["a"] * 1001},
        GOOD | {"tags": [{"name": "a"}]},
        GOOD | {"authors": ["a"] * 1001},
        GOOD | {"authors": [None]},
        GOOD | {"summary": ""},
    ],
)
def test_the_unusual_is_left_to_the_schema(body: Any) -> None:
    with pytest.raises((Unusual, KeyError, ValueError)):
        ACCEPT(body)


def test_the_caller_s_lists_are_not_kept() -> None:
    body = GOOD | {"authors": ["Ann"], "metadata": {"a": 1}}
    found = ACCEPT(body)
    body["authors"].append("Bo")  # type: ignore[attr-defined]
    body["metadata"]["b"] = 2  # type: ignore[index]
    assert (found["authors"], found["metadata"]) == (("Ann",), {"a": 1})


class Hooked(Schema):
    change = post_load(lambda _, data, **__: data)


@pytest.mark.parametrize(
    "schema",
    [
        Hooked(),
        Schema.from_dict({"a": fields.Text(data_key="b")})(),
        Schema.from_dict({"a": fields.Text(attribute="b")})(),
        Schema.from_dict({"a": fields.Text(post_load=str.upper)})(),
        Schema.from_dict({"a": plain.Float()})(),
    ],
)
def test_a_schema_that_it_does_not_know_is_refused(schema: Schema) -> None:
    with pytest.raises(TypeError, match="no accept path"):
        compile_schema(schema)


def test_validators_are_asked() -> None:
    with pytest.raises(ValidationError):
        compile_schema(ArticleSchema())(GOOD | {"title": "x" * 2001})
