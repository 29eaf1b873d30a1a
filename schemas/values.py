"""What a value on the wire means: pure functions from JSON strings to what is kept.

Each raises ValueError with a sentence for whoever sent it; `Blank` where nothing is
left, which is null where null may stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import orjson

from search.article import Entity
from search.text import slug

NAME_BYTES = 512
"""Bytes of UTF-8 that a name or the id of an entity may have."""

ADDRESS_LENGTH = 2048
METADATA_BYTES = 64_000
METADATA_DEPTH = 64
ID = "[A-Za-z0-9][A-Za-z0-9._:,=@+~-]{0,254}"
"""The pattern of an article's id."""

SUFFIXES = (
    *(".json", ".ndjson", ".csv", ".rss", ".atom", ".jsonfeed"),
    *(".ninjs", ".jsonld"),
)
"""How an id may not end: behind an address these choose a format."""

# C0 and C1 controls but tab and line feed; characters that turn the direction of what
# follows, beyond the field they stand in.
_STRIPPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", re.UNICODE
)
_PLAIN = b"\t\n" + bytes(range(32, 127))
_ID = re.compile(ID)
_LANGUAGE = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}"
    r"(?:-[a-z]{4})?"  # script
    r"(?:-(?:[a-z]{2}|[0-9]{3}))?"  # region
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"  # variants
    r"(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*"  # extensions
    r"(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+)",
    re.ASCII | re.IGNORECASE,
)
_LANGUAGE_LENGTH = 64
_ADDRESS = re.compile(
    r"https?://[^\s\x00-\x20\x7f-\x9f<>\"\\\ud800-\udfff]+", re.IGNORECASE
)
_ORDINARY_ADDRESS = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[!#-;=?-\[\]-~]*)?"
)
_REMEMBERED = 8192


class Blank(ValueError):  # noqa: N818 - it is an error only where null is one
    """A text without any visible character."""


def text(value: str) -> str:
    """Return the text without control and direction-override characters.

    Line breaks become line feeds; tabs stay.
    """
    # Without plain ASCII, by the quickest means there is, little is left to look at.
    rest = _encoded(value).translate(None, _PLAIN)
    if rest and _STRIPPED.search(rest.decode()):
        broken = value.replace("\r\n", "\n").replace("\r", "\n")
        value = _STRIPPED.sub("", broken)
    if not value or value.isspace():
        raise Blank("This is blank.")
    return value


def name(value: str) -> str:
    """Return the name of somebody or something, with single spaces.

    At most `NAME_BYTES` bytes, and at least one letter or digit.
    """
    return entity(value).name


def entity(value: str) -> Entity:
    """Return the entity of a plain name; its id is the slug of the name."""
    if len(value) > NAME_BYTES:
        raise ValueError(_TOO_LONG)  # and is not worth remembering
    return _entity(value)


def identified(identity: str, value: str) -> Entity:
    """Return the entity of an id, which must be its own slug, and a name."""
    if len(value) > NAME_BYTES or len(identity) > NAME_BYTES:
        raise ValueError(_TOO_LONG)  # and is not worth remembering
    return _identified(identity, value)


def entity_id(value: str) -> str:
    """Return the id of an entity, which must be its own slug."""
    _check_size(value)
    proper = slug(value)
    if not proper:
        raise ValueError("An id has letters or digits. Leave it out to have one made.")
    if proper != value:
        raise ValueError(f"This is no id. Use {proper!r}, or leave the id out.")
    return value


def language(value: str) -> str:
    """Return a well-formed BCP 47 tag in its canonical case."""
    if not value or value.isspace():
        raise Blank("This is blank.")
    if len(value) > _LANGUAGE_LENGTH:
        raise ValueError(_NO_LANGUAGE)
    return _language(value)


def address(value: str) -> str:
    """Return an absolute http or https URL, unchanged."""
    if not value or value.isspace():
        raise Blank("This is blank.")
    if len(value) > ADDRESS_LENGTH:
        raise ValueError(f"A URL may have at most {ADDRESS_LENGTH:,} characters.")
    if _ORDINARY_ADDRESS.fullmatch(value):
        return value
    if not _ADDRESS.fullmatch(value):
        raise ValueError(_NO_ADDRESS)
    try:
        parts = urlsplit(value)
        usable = parts.hostname and parts.port != 0
    except ValueError:
        raise ValueError(_NO_ADDRESS) from None
    if not usable or "@" in parts.netloc:
        raise ValueError(_NO_ADDRESS)
    return value


def article_id(value: str) -> str:
    """Return the id of an article, unchanged."""
    if not _ID.fullmatch(value):
        raise ValueError(
            "An id has 1 to 255 letters A-Z, digits and ._:,=@+~- and starts with a "
            "letter or digit. Leave it out to have one made."
        )
    if value.lower().endswith(SUFFIXES):
        raise ValueError(
            f"An id may not end in {value[value.rindex('.') :]}, which would choose a "
            "format."
        )
    return value


def metadata(value: Mapping[Any, Any]) -> dict[str, Any]:
    """Return an object of anything that JSON can say, at most `METADATA_BYTES` long."""
    try:
        written = orjson.dumps(value)
    except TypeError:
        raise ValueError("JSON cannot say this, or it is nested too deeply.") from None
    if len(written) > METADATA_BYTES:
        raise ValueError(f"At most {METADATA_BYTES:,} bytes of JSON fit in here.")
    brackets = written.count(b"{") + written.count(b"[")
    if brackets > METADATA_DEPTH and _is_deeper(value, METADATA_DEPTH):
        raise ValueError(f"Nest at most {METADATA_DEPTH} levels.")
    return dict(value)


_SURROGATE = "Half of a surrogate pair stands here. Send whole characters in UTF-8."
_TOO_LONG = f"At most {NAME_BYTES} bytes of UTF-8 fit in here."
_NO_LANGUAGE = "This is not a language tag. Write it like en, de-AT or zh-Hant."
_NO_ADDRESS = "This is not a web address. Write it like https://example.org/page."


def _encoded(value: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise ValueError(_SURROGATE) from None


def _check_size(value: str) -> None:
    if len(value) > NAME_BYTES or len(_encoded(value)) > NAME_BYTES:
        raise ValueError(_TOO_LONG)


@lru_cache(maxsize=_REMEMBERED)
def _entity(value: str) -> Entity:
    _check_size(value)
    clean = " ".join(text(value).split())
    identity = slug(clean)
    if not identity:
        raise ValueError("A name has at least one letter or digit.")
    return Entity(identity, clean)


@lru_cache(maxsize=_REMEMBERED)
def _identified(identity: str, value: str) -> Entity:
    return Entity(entity_id(identity), _entity(value).name)


@lru_cache(maxsize=_REMEMBERED)
def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise ValueError(_NO_LANGUAGE)
    first, *rest = value.lower().split("-")
    plain = len(first) > 1
    tag = [first]
    for part in rest:
        plain = plain and len(part) > 1
        tag.append(_cased(part) if plain else part)
    return "-".join(tag)


def _cased(part: str) -> str:
    if len(part) == 2:
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part


def _is_deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return not levels or any(_is_deeper(each, levels - 1) for each in inner)
