"""Addresses of answers: relative, percent-encoded, parameters in the order given."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

ROOT = "/v1/"
_PLAIN = ":,/@"  # these mean nothing in a query string, and people read it


def encode(pairs: Iterable[tuple[str, str]]) -> str:
    """Return the query string of decoded pairs."""
    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs)


@lru_cache(maxsize=4096)  # an answer has the same few texts in dozens of addresses
def quoted(text: str) -> str:
    """Return a text percent-encoded for a query string."""
    return quote(text, safe=_PLAIN)


def url(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return the address of a path below the root; `url("count", [])` is `/v1/count`."""
    query = encode(pairs)
    return f"{ROOT}{path}?{query}" if query else ROOT + path


def stem(path: str, pairs: Iterable[tuple[str, str]], name: str) -> str:
    """Return an address that lacks only the encoded value of its last parameter."""
    return f"{url(path, [*pairs, (name, '')])}"
