"""Which format a text is in, by its first bytes."""

from __future__ import annotations

import codecs
import re
from typing import Final

from schemas.formats import tables
from schemas.formats.wide import unmarked

NDJSON: Final = "ndjson"
FORMATS: Final = (
    *(NDJSON, "json", "ninjs", "html", "feed", "newsml", "nitf"),
    *("wire", "text", "csv"),
)
"""The formats that can be named; all but NDJSON are read as one whole."""

HEAD: Final = 65_536
"""Bytes that are looked at."""

TYPES: Final = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
    "application/feed+json": "json",
    "application/vnd.iptc.g2.newsitem+xml": "newsml",
    "application/vnd.iptc.g2.newsmessage+xml": "newsml",
    "application/nitf+xml": "nitf",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/ninjs+json": "ninjs",
    "text/plain": "text",
    "text/csv": "csv",
    "text/vnd.iptc.anpa": "wire",
}
"""Media types to formats. `xml` is any of those that are XML, told by its root."""

_MARK = b"\xef\xbb\xbf"
_PROLOG = re.compile(
    rb"\A(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*",
    re.DOTALL | re.IGNORECASE,
)
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_ROOTS = {
    **dict.fromkeys(("rss", "rdf", "feed", "channel"), "feed"),
    **dict.fromkeys(("newsitem", "newsmessage", "packageitem", "newsml"), "newsml"),
    "nitf": "nitf",
}
_HTML = re.compile(
    rb"<!doctype html|<html|<head|<body|<article|<p[ >]|<div", re.IGNORECASE
)
_FOREIGN_JSON = re.compile(
    rb'"version"\s*:\s*"https?://(?:www\.)?jsonfeed\.org|"(?:uri|guid)"\s*:\s*"[^"]+"'
)
_OWN = re.compile(rb'"published_at"\s*:')
_UNFINISHED = re.compile(rb"\A[\[{][\s\[{]*\Z|[,\[{:]\s*\Z")
_WIDE = {  # that of UTF-32 begins with that of UTF-16
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_BINARY = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "packed by gzip",
    b"PK\x03\x04": "packed by zip",
    b"\xd0\xcf\x11\xe0": "an old Office file",
}


def recognise(head: bytes, name: str = "") -> str:
    """Return the format that a text begins in; `name` is of its file.

    Beside `FORMATS` there are `xml` for a root that is not known here, and `binary` for
    what is no text.
    """
    head = as_utf8(head)
    text = head.removeprefix(_MARK).lstrip()
    if name.lower().removesuffix(".gz").endswith((".ndjson", ".jsonl")) or not text:
        return NDJSON
    if text[:3] == b"\x16\x16\x01" or text[:1] == b"\x01":
        return "wire"
    if binary(head):
        return "binary"
    if text[:1] in (b"{", b"["):
        return _json(text)
    if text[:1] == b"<":
        return _markup(text)
    return _lines(text)


def as_utf8(data: bytes) -> bytes:
    """Return a text in UTF-16 or UTF-32 as UTF-8 with its mark: what begins with one of
    theirs, and what without one can only be UTF-16."""
    charset = wide(data)
    if charset is None:
        return data
    text = data.decode(charset, "replace").removeprefix("\ufeff")
    return _MARK + text.encode()


def wide(data: bytes) -> str | None:
    """Return which UTF-16 or UTF-32 a text is in, None if in neither."""
    marked = (charset for mark, charset in _WIDE.items() if data.startswith(mark))
    return next(marked, None) or unmarked(data[:HEAD])


def binary(head: bytes) -> str | None:
    """Return what a text is that is none, in words; None if it is one."""
    for start, kind in _BINARY.items():
        if head.startswith(start):
            return kind
    if b"\x00" in head[:1024] and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return "binary"
    return None


def root(data: bytes) -> str:
    """Return the local name of the first element of an XML text, "" if there is none."""
    found = _ROOT.match(data, _behind_prolog(data))
    return found[1].decode("ascii", "replace").lower() if found else ""


def _behind_prolog(data: bytes) -> int:
    found = _PROLOG.match(data)
    return found.end() if found else 0


def _json(text: bytes) -> str:
    first = text.split(b"\n", 1)[0].strip()
    several = b"\n" in text.strip()
    if several and _UNFINISHED.search(first):
        return "json"
    return "json" if _FOREIGN_JSON.search(first) and not _OWN.search(first) else NDJSON


def _markup(text: bytes) -> str:
    known = _ROOTS.get(root(text.removeprefix(_MARK)))
    if known:
        return known
    if text[:5] != b"<?xml" and _HTML.search(text):
        return "html"
    return "html" if root(text) == "html" else "xml"


def _lines(text: bytes) -> str:
    first = text.split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    return "csv" if tables.is_head(first) else "text"
