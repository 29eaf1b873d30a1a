"""A profile as a document, and the searches for profiles.

`packed` is all that comes back; `mark` has what finds a profile, `part` how its names
begin, `search.entities.marks` says with what. `entry` is kind, part and id, so that the
first of them can be listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson

from search.elastic.cluster import Answer
from search.elastic.mapping import SEPARATOR, settings
from search.entities import marks
from search.entities.profile import Kind, Profile, packed, unpacked

PAGE: Final = 1_000

_KEYWORD: Final = {"type": "keyword", "doc_values": False}
_ORDERED: Final = {"type": "keyword"}
_KEPT: Final = {"type": "keyword", "index": False, "doc_values": False}


def index() -> dict[str, Any]:
    """Return how the index of profiles is made."""
    return {
        "settings": settings(1, "0-1"),
        "mappings": {
            "dynamic": "strict",
            "properties": {
                "kind": _ORDERED,
                "id": _ORDERED,
                "mark": _KEYWORD,
                "part": _KEYWORD,
                "entry": _KEYWORD,
                "packed": _KEPT,
            },
        },
    }


def key(kind: Kind, entity_id: str) -> str:
    """Return the id of a profile's document."""
    return f"{kind}:{entity_id}"


def document(profile: Profile) -> bytes:
    """Return what the index is given of a profile, as a line of JSON."""
    return orjson.dumps(
        {
            "kind": profile.kind,
            "id": profile.id,
            "mark": sorted(marks.marks(profile)),
            "part": sorted(marks.parts(profile)),
            "entry": sorted(
                entry(profile.kind, part) + SEPARATOR + profile.id
                for part in marks.parts(profile)
            ),
            "packed": packed(profile).decode(),
        }
    )


def marked(kind: Kind, asked: Sequence[str]) -> dict[str, Any]:
    """Return the search for profiles of a kind with one of the marks."""
    return _search([{"term": {"kind": kind}}, {"terms": {"mark": list(asked)}}])


def shared(
    found: Iterable[Profile], asked: Sequence[Sequence[str]]
) -> list[list[Profile]]:
    """Return those of the profiles that have any of each of the marks asked for."""
    by_mark: dict[str, list[Profile]] = {}
    for profile in found:
        for mark in marks.marks(profile):
            by_mark.setdefault(mark, []).append(profile)
    return [
        list({p.id: p for mark in each for p in by_mark.get(mark, ())}.values())
        for each in asked
    ]


def entry(kind: Kind, beginning: str) -> str:
    """Return how the entries of a kind begin that have a part beginning so."""
    return f"{kind}{SEPARATOR}{beginning}"


def id_in(entry: str) -> str:
    """Return the id of an entry."""
    return entry.rpartition(SEPARATOR)[2]


def near(kind: Kind, text: str) -> dict[str, Any]:
    """Return the search for profiles of a kind with a part a slip or two away."""
    fuzzy = {
        "value": text,
        "fuzziness": marks.slips(text),
        "prefix_length": 1,
        "rewrite": "constant_score",
    }
    found = _search([{"term": {"kind": kind}}, {"fuzzy": {"part": fuzzy}}])
    return found | {"size": 10 * PAGE}


def page(kind: Kind, after: str | None) -> dict[str, Any]:
    """Return the search for the next profiles of a kind by id."""
    found = _search([{"term": {"kind": kind}}])
    return found if after is None else found | {"search_after": [after]}


def read(answer: Answer) -> list[Profile]:
    """Return the profiles of an answer."""
    hits = answer.get("hits", {}).get("hits", ())
    return [unpacked(hit["_source"]["packed"]) for hit in hits]


def _search(filters: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "query": {"bool": {"filter": list(filters)}},
        "size": marks.MOST,
        "sort": [{"id": "asc"}],
        "track_total_hits": False,
        "_source": ["packed"],
    }
