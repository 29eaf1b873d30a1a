from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given, strategies as st

from schemas.articles import load_json
from schemas.problems import Invalid

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
LEAST: dict[str, Any] = {"title": "A title", "published_at": "2024-05-17T10:00:00Z"}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"{'title': 1}",
        b'{"title": NaN}',
        b'{"title": "\\ud800"}',
        b'{"title": "\xff"}',
        b'{"title": "a"} {}',
        b"[" * 5000,
        b"\xff\xfe{\x00",
    ],
)
def test_what_is_not_json_is_refused_with_its_place(raw: bytes) -> None:
    with pytest.raises(
        Invalid, match=r"not valid JSON: .*line \d+, column \d+"
    ) as error:
        load_json(raw, now=NOW)
    assert [fault.pointer for fault in error.value.faults] == [""]


@pytest.mark.parametrize(
    "raw",
    [
        b'{"title":"a","title":"b"}',
        b'{"title" : "a", "title"\n:"b"}',
        b'{"metadata":{"a":[{"b":1,"b":2}]}}',
        b'{"title":"a","titl\\u0065":"b"}',
    ],
)
def test_a_key_that_stands_twice_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid, match="stands twice"):
        load_json(raw, now=NOW)


def test_deep_nesting_is_refused_and_does_no_harm() -> None:
    for opening, closing in ((b"[", b"]"), (b'{"a" :', b"}")):
        raw = opening * 1000 + b'" :"' + closing * 1000
        with pytest.raises(Invalid):
            load_json(raw, now=NOW)


@given(st.dictionaries(st.text(), st.recursive(st.text() | st.none(), st.lists)))
def test_json_of_any_text_is_read_or_refused_for_its_keys(values: Any) -> None:
    raw = orjson.dumps(LEAST | {"metadata": values})
    assert load_json(raw, now=NOW).metadata == values
    spaced = raw.replace(b'":', b'" :')
    assert load_json(b"\xef\xbb\xbf" + spaced, now=NOW).title == "A title"


def test_a_text_that_looks_like_a_key_is_no_key() -> None:
    raw = b'{"title": "She said \\"a\\": and : b", "published_at" : "2024"}'
    assert load_json(raw, now=NOW).title == 'She said "a": and : b'
