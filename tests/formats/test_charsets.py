"""Charsets as texts have them, and as they say they have them."""

from __future__ import annotations

import pytest

from schemas.formats.drafts import UnreadableError
from schemas.formats.reading import Source, read
from schemas.formats.recognising import recognise

TITLE = "Zölle steigen in Elsmere"


def page(charset: str) -> str:
    return f"<html><head><meta charset='{charset}'><title>{TITLE}</title></head>" + (
        "<body><article><p>" + "Um ein Drittel im März. " * 20 + "</p></article></html>"
    )


def wire(charset: str) -> str:
    return f'<?xml version="1.0" encoding="{charset}"?><nitf><hl1>{TITLE}</hl1></nitf>'


def title(data: bytes) -> object:
    [draft] = read(Source(data))
    return draft.values["title"]


@pytest.mark.parametrize("charset", ["utf-16", "utf-32", "utf-8-sig"])
def test_wide_markup_is_read_as_what_it_is(charset: str) -> None:
    assert title(page(charset).encode(charset)) == TITLE
    assert title(wire("utf-16").encode(charset)) == TITLE
    assert recognise(page(charset).encode(charset)) == "html"


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_zeros(charset: str) -> None:
    assert title(page("utf-16").encode(charset)) == TITLE
    assert title(wire("utf-16").encode(charset)) == TITLE
    text = f"{TITLE}\n\nVon 東京 bis Łódź: um 3 Prozent. 🛳\n".encode(charset)
    assert title(text) == TITLE
    assert recognise(text) == "text"
    assert recognise('{"title": "One"}'.encode(charset)) == "ndjson"


@pytest.mark.parametrize(
    "data",
    [
        b"a\x00b\x00\x00c" * 50,  # zeros on both sides
        b"a\x00" * 20 + b"\x00\xd8a\x00" * 20,  # halves of characters
        b"\x03\x00\x02\x00" * 50,  # control characters
        b"A text with one zero: \x00 and no more." * 3,
        b"a\x00",
    ],
)
def test_other_bytes_with_zeros_are_no_text(data: bytes) -> None:
    with pytest.raises(UnreadableError, match="This is no text"):
        read(Source(data))


@pytest.mark.parametrize(
    "charset", ["zlib_codec", "punycode", "hex", "none", "utf8mb4"]
)
def test_a_charset_that_is_none_is_windows_1252(charset: str) -> None:
    assert title(page(charset).encode("cp1252")) == TITLE
    assert title(wire(charset).encode("cp1252")) == TITLE


@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_a_page_in_which_nothing_is_as_it_says_is_windows_1252(charset: str) -> None:
    assert title(page(charset).encode("cp1252")) == TITLE


def test_one_broken_letter_does_not_change_the_charset_of_a_page() -> None:
    broken = page("utf-8").encode() + b"\xff"
    assert title(broken) == TITLE
