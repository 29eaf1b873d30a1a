from __future__ import annotations

import tracemalloc
from collections import deque
from io import BytesIO

from hypothesis import given, strategies as st

from schemas.formats.ndjson import BLANK_LINES, LINE_BYTES, lines
from schemas.problems import Fault


class Slow:
    """Gives its bytes in pieces of any size but the wanted one."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = [piece for piece in pieces if piece]

    def read(self, size: int, /) -> bytes:
        return self._pieces.pop(0)[:size] if self._pieces else b""


class Endless:
    """One line that never ends until it has given `size` bytes."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, size: int, /) -> bytes:
        piece = b"x" * min(size, self._left)
        self._left -= len(piece)
        return piece


def read(raw: bytes, **options: int) -> list[tuple[int, bytes | Fault]]:
    return list(lines(BytesIO(raw), **options))


def test_each_line_has_its_number() -> None:
    assert read(b"a\nb\n") == [(1, b"a"), (2, b"b")]


def test_the_last_line_may_lack_its_end() -> None:
    assert read(b"a\nb") == [(1, b"a"), (2, b"b")]
    assert read(b"") == []


def test_a_carriage_return_before_the_end_is_no_part_of_a_line() -> None:
    assert read(b"a\r\nb\r\n\r\nc\r") == [(1, b"a"), (2, b"b"), (3, b""), (4, b"c")]


def test_blank_lines_are_counted() -> None:
    assert read(b"\n \t\na\n\n") == [(1, b""), (2, b""), (3, b"a"), (4, b"")]


def test_a_byte_order_mark_before_the_first_line_is_skipped() -> None:
    mark = b"\xef\xbb\xbf"
    assert read(mark + b"a\n" + mark + b"b") == [(1, b"a"), (2, mark + b"b")]
    assert read(mark) == [(1, b"")]


def test_a_line_that_is_too_long_is_a_fault_and_the_next_is_read() -> None:
    found = read(b"a\n" + b"x" * 11 + b"\n" + b"y" * 10 + b"\r\nz", most=10)
    assert found[0] == (1, b"a")
    assert found[1][0] == 2
    assert isinstance(found[1][1], Fault)
    assert "at most 10 bytes" in found[1][1].detail
    assert found[2:] == [(3, b"y" * 10), (4, b"z")]


def test_a_line_of_just_10_mb_is_read() -> None:
    [(_, longest)] = lines(Endless(LINE_BYTES))
    [(_, longer)] = lines(Endless(LINE_BYTES + 1))
    assert isinstance(longest, bytes)
    assert isinstance(longer, Fault)


def test_no_more_than_a_line_is_held() -> None:
    tracemalloc.start()
    try:
        [(number, line)] = lines(Endless(30_000_000), most=1_000_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (number, isinstance(line, Fault)) == (1, True)
    assert peak < 3_000_000


@given(st.lists(st.binary(max_size=20), max_size=8), st.binary(max_size=3))
def test_however_the_bytes_arrive_the_lines_are_the_same(
    pieces: list[bytes], end: bytes
) -> None:
    pieces.append(end)
    whole = b"".join(pieces)
    assert list(lines(Slow(pieces), most=15)) == read(whole, most=15)


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), min_size=1)
    )
)
def test_every_line_is_there_once(texts: list[str]) -> None:
    raw = "\n".join(texts).encode()
    found = [line for _, line in lines(Slow([raw[:3], raw[3:]]))]
    expected = [
        text.encode().removeprefix(b"\xef\xbb\xbf" * (not n))
        for n, text in enumerate(texts)
    ]
    assert found == [b"" if line.isspace() else line for line in expected]


def test_a_million_blank_lines_are_the_end() -> None:
    text = b"\n" * (BLANK_LINES - 1) + b"{}\n"
    assert deque(lines(BytesIO(text)), maxlen=1)[0] == (BLANK_LINES, b"{}")
    number, fault = deque(lines(BytesIO(b"{}\n\n" + text)), maxlen=1)[0]
    assert number == BLANK_LINES + 2
    assert isinstance(fault, Fault)
    assert "blank" in fault.detail
