"""An article as a document: the fields, and what goes into them.

`article` is all that comes back: `head` and `body` as JSON in a string, so that no byte of
them is decoded on the way out, and a digest of the content. A text field holds stems;
`<text>_word` its words, for prefixes and fuzzy words. A facet field holds the ids of its
values; `<facet>_key` the slugs that find them, `<facet>_part` what they may be known by,
`<facet>_label` what they are called. A date is held twice: in milliseconds, and as
`<date>_second` for the order. `has` names the fields that are not empty. `arrival` is
given once, rises, and ends every order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import orjson

from search.article import (
    EARLIEST,
    Article,
    Entity,
    StoredArticle,
    Version,
    facet_values,
    keys_of,
    milliseconds,
    moment_of,
)
from search.catalog import DATE_FIELDS, FACET_FIELDS, FIELDS, TEXT_FIELDS
from search.entities.names import labels as spellings
from search.errors import ArticleError
from search.request import WINDOW
from search.text import ANALYSIS, fold, slug, stemmed, words

LAYOUT: Final = 2
KEYWORD_BYTES: Final = 512
SEPARATOR: Final = "\x1f"

_FIRST = milliseconds(EARLIEST)
_LAST = _FIRST + (2**34 - 1) * 1000  # what the embedded engine can order, too

_KEYWORD: Final = {"type": "keyword", "doc_values": False}
_COUNTED: Final = {"type": "keyword"}
_STEMS: Final = {"type": "text", "analyzer": "whitespace"}
_WORDS: Final = _STEMS | {"norms": False, "index_options": "docs"}
_NUMBER: Final = {"type": "long"}


@dataclass(frozen=True, slots=True)
class Label:
    """What a value is called and found by: one for each of its keys."""

    key: str
    id: str
    name: str

    def __str__(self) -> str:
        return SEPARATOR.join((self.key, self.id, self.name, fold(self.name)))


def label(text: str) -> Label:
    """Return the label that was written as this text."""
    key, identity, name, _ = text.split(SEPARATOR)
    return Label(key, identity, name)


def properties() -> dict[str, Any]:
    """Return the fields of the index."""
    found: dict[str, Any] = {
        "article": {"type": "object", "enabled": False},
        "id": _KEYWORD,
        "has": _KEYWORD,
        "arrival": _NUMBER,
        "version": _NUMBER,
    }
    for name in TEXT_FIELDS:
        found |= {name: _STEMS, f"{name}_word": _WORDS}
    for name in FACET_FIELDS:
        found |= {name: _COUNTED, f"{name}_key": _KEYWORD, f"{name}_part": _KEYWORD}
        found[f"{name}_label"] = _COUNTED | {"index": False}
    for name in DATE_FIELDS:
        found |= {name: _NUMBER, f"{name}_second": _NUMBER}
    return found


def mappings() -> dict[str, Any]:
    """Return the mapping of an index of articles."""
    return {
        "dynamic": "strict",
        "date_detection": False,
        "_source": {"includes": ["article"]},
        "_meta": {"dateline": {"layout": LAYOUT, "analysis": ANALYSIS}},
        "properties": properties(),
    }


def settings(shards: int, replicas: str) -> dict[str, Any]:
    """Return the settings of an index; `replicas` is a range like 0-1."""
    return {
        "number_of_shards": shards,
        "auto_expand_replicas": replicas,
        # Said explicitly, or shards that nobody asks stop refreshing.
        "refresh_interval": "1s",
        "max_result_window": WINDOW + 1,
        "max_regex_length": 200_000,  # the keys of a hundred selected values
        "mapping.total_fields.limit": 100,
    }


def gone_mappings() -> dict[str, Any]:
    """Return the mapping of the index that remembers versions of deleted articles."""
    return {"dynamic": "strict", "properties": {"version": _NUMBER}}


def check(article: Article) -> None:
    """Raise ArticleError for what the index cannot hold."""
    _check_keyword("id", article.id)
    for name in DATE_FIELDS:
        if not _FIRST <= milliseconds(moment_of(article, name)) <= _LAST:
            raise ArticleError(f"Its {name} date is not between 1600 and 2144.")
    for name in FACET_FIELDS:
        for entity in facet_values(article, name):
            _check_keyword(name, entity.id)
            _check_keyword(name, entity.name)


def _check_keyword(field: str, value: str) -> None:
    long = len(value) * 4 > KEYWORD_BYTES and len(value.encode()) > KEYWORD_BYTES
    if long or not value or SEPARATOR in value:
        raise ArticleError(
            f"A value of {field} is empty, over {KEYWORD_BYTES} bytes, or has a "
            "control character."
        )


def document(
    article: Article, head: bytes, body: bytes, digest: str, arrival: int
) -> bytes:
    """Return what the index is given of an article, as a line of JSON."""
    found: dict[str, Any] = {
        "article": {
            "head": head.decode(),
            "body": body.decode(),
            "digest": digest,
            "arrival": arrival,
            "version": article.version,
        },
        "id": article.id,
        "has": [n for n, field in FIELDS.items() if getattr(article, field.key)],
        "arrival": arrival,
        "version": article.version,
    }
    for name in TEXT_FIELDS:
        found |= _text(name, getattr(article, name))
    for name in FACET_FIELDS:
        found |= _facet(name, facet_values(article, name))
    for name in DATE_FIELDS:
        moment = milliseconds(moment_of(article, name))
        found |= {name: moment, f"{name}_second": moment // 1000}
    return orjson.dumps(found)


def stored(hit: dict[str, Any], version: Version | None = None) -> StoredArticle:
    """Return the article of a hit, with its body if that was fetched."""
    kept = hit["_source"]["article"]
    head = kept["head"].encode()
    body = kept.get("body")
    found = version_of(head) if version is None else version
    return StoredArticle(hit["_id"], found, head, body and body.encode())


def version_of(head: bytes) -> Version:
    """Return the version that `search.article.stamped` wrote last into the head."""
    return int(head[head.rindex(b":") + 1 : -1])


def parts(key: str) -> set[str]:
    """Return what a name may be known by: itself, its beginnings, each of its words."""
    found = key.split("-")
    return {*found, *("-".join(found[:end]) for end in range(1, len(found) + 1))}


@lru_cache(50_000)
def _known_by(
    field: str, entity_id: str, name: str
) -> tuple[frozenset[str], frozenset[str], tuple[str, ...]]:
    """Return keys, parts and labels of a value; most come again and again."""
    entity = Entity(entity_id, name)
    keys = keys_of(entity) | spellings(field, entity_id, name)
    known = parts(slug(name) or entity_id)
    told = tuple(str(Label(key, entity_id, name)) for key in keys)
    return keys, frozenset(known), told


def _text(name: str, text: str | None) -> dict[str, str]:
    if not text:
        return {}
    found = words(text)
    return {name: " ".join(stemmed(found)), f"{name}_word": " ".join(set(found))}


def _facet(name: str, values: tuple[Entity, ...]) -> dict[str, list[str]]:
    if not values:
        return {}
    known = [_known_by(name, entity.id, entity.name) for entity in values]
    return {
        name: [entity.id for entity in values],
        f"{name}_key": list(set().union(*(keys for keys, _, _ in known))),
        f"{name}_part": list(set().union(*(parts for _, parts, _ in known))),
        f"{name}_label": [each for _, _, labels in known for each in labels],
    }
