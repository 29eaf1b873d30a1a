"""Addresses of answers: relative, percent-encoded, parameters in the order given."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import quote

Pair: TypeAlias = tuple[str, str]

ROOT = "/v1/"
LONGEST = 8_000
"""Characters of an address. A question in a body may be longer; then there is none."""

_SHORT = 200
_PLAIN = ":,/@"  # these mean nothing in a query string, and people read it


def encode(pairs: Iterable[Pair]) -> str:
    """Return the query string of decoded pairs."""
    return "&".join(
        # An answer with facets has the same few parameters in dozens of addresses.
        [_kept(pair) if len(pair[1]) < _SHORT else _encoded(pair) for pair in pairs]
    )


def _encoded(pair: Pair) -> str:
    return f"{quoted(pair[0])}={quoted(pair[1])}"


_kept = lru_cache(maxsize=4096)(_encoded)


def quoted(text: str) -> str:
    """Return a text percent-encoded for a query string."""
    return _remembered(text) if len(text) < _SHORT else quote(text, safe=_PLAIN)


@lru_cache(maxsize=4096)  # an answer has the same few texts in dozens of addresses
def _remembered(text: str) -> str:
    return quote(text, safe=_PLAIN)


def url(path: str, pairs: Iterable[Pair]) -> str | None:
    """Return the address of a path below the root; None if no server would take it."""
    return fitting(whole(path, pairs))


def whole(path: str, pairs: Iterable[Pair]) -> str:
    """Return an address of any length; `whole("count", [])` is `/v1/count`."""
    query = encode(pairs)
    return f"{ROOT}{path}?{query}" if query else ROOT + path


def stem(path: str, pairs: Iterable[Pair], name: str) -> str | None:
    """Return an address that lacks only the encoded value of its last parameter."""
    return url(path, [*pairs, (name, "")])


def fitting(address: str | None) -> str | None:
    """Return an address if a server takes one of its length, else None."""
    return address if address and len(address) <= LONGEST else None
