"""Cursors survive the URL and belong to one query."""

import base64
import re

import orjson
import pytest
from hypothesis import given, strategies as st

from search.cursor import Cursor, dump, load
from search.errors import CursorError

NUMBERS = st.one_of(
    st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False, allow_infinity=False)
)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
CURSORS = st.builds(Cursor, st.lists(st.one_of(NUMBERS, WORDS), max_size=4).map(tuple))


@given(CURSORS, WORDS)
def test_a_cursor_comes_back_as_it_was(cursor: Cursor, query: str) -> None:
    text = dump(cursor, query)
    assert load(text, query) == cursor
    assert re.fullmatch(r"[A-Za-z0-9_-]+", text)


@given(CURSORS, WORDS, WORDS)
def test_a_cursor_of_another_query_is_refused(
    cursor: Cursor, query: str, other: str
) -> None:
    if query != other:
        with pytest.raises(CursorError, match="belongs to another query"):
            load(dump(cursor, query), other)


@given(CURSORS, st.data())
def test_a_changed_cursor_is_refused(cursor: Cursor, data: st.DataObject) -> None:
    text = dump(cursor, "q")
    at = data.draw(st.integers(0, len(text) - 1))
    char = data.draw(st.sampled_from("ABab09-_"))
    changed = text[:at] + char + text[at + 1 :]
    if _decoded(changed) != _decoded(text):
        with pytest.raises(CursorError, match="Start again without one"):
            load(changed, "q")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@given(st.text(max_size=60))
def test_any_text_is_a_cursor_or_an_error_of_ours(text: str) -> None:
    with pytest.raises(CursorError, match="Start again without one"):
        load(text, "q")


@pytest.mark.parametrize(
    "payload", [b"null", b"7", b'"ab"', b'{"a":1}', b"[[1]]", b"[null]", b"[true]"]
)
def test_a_payload_that_is_not_a_position_is_refused(payload: bytes) -> None:
    text = base64.urlsafe_b64encode(b"\0" * 6 + payload).decode().rstrip("=")
    with pytest.raises(CursorError):
        load(text, "q")


def test_a_cursor_in_another_alphabet_or_with_spaces_is_refused() -> None:
    text = dump(Cursor((2**63, "\U0001f600")), "q")
    for changed in (text + "\n", " " + text, "+" + text[1:], ""):
        with pytest.raises(CursorError):
            load(changed, "q")


def test_the_position_is_json_so_that_numbers_keep_their_kind() -> None:
    position = load(dump(Cursor((1, 1.0, "1")), "q"), "q").position
    assert [type(part) for part in position] == [int, float, str]
    assert orjson.dumps(position) == b'[1,1.0,"1"]'
