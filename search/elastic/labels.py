"""Names of facet values: what ids are called, who bears a name, what is near it."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from search.article import Entity
from search.elastic.cluster import Answer
from search.elastic.mapping import Label, label, parts
from search.matching import distance_within
from search.text import fold, slug

SUGGESTED: Final = 5
LABELS: Final = 5_000
"""How many labels may have the keys that one question names."""

LONGEST: Final = 100
"""How long a name may be for which near ones are looked up."""

AGED: Final = 60.0
"""How many seconds a name is believed that another process may have changed."""

_SHORT: Final = 4  # letters, up to which one slip is all that is allowed
_KEPT: Final = 50_000


class Names:
    """Names that were looked up lately, by field and id; safe for threads.

    While the archive's `stamp` stays what it was, so does what it calls its values; ""
    where that is not known.
    """

    def __init__(self, seconds: float = AGED) -> None:
        self.stamp = ""
        self._seconds = seconds
        self._lock = Lock()
        self._names: dict[str, dict[str, tuple[str, float, str]]] = {}

    def known(self, field: str, ids: Iterable[str]) -> dict[str, str]:
        """Return the names that are known of these ids."""
        now, kept = time.monotonic(), self._names.get(field, {})
        stamp = self.stamp or None
        found = ((each, kept.get(each)) for each in ids)
        return {
            each: one[0]
            for each, one in found
            if one and (one[1] > now or one[2] == stamp)
        }

    def keep(self, field: str, names: Mapping[str, str], stamp: str) -> None:
        """Remember names that were looked up when the archive had this stamp."""
        until = time.monotonic() + self._seconds
        with self._lock:
            kept = self._names.setdefault(field, {})
            if len(kept) > _KEPT:
                kept.clear()
            kept |= {each: (name, until, stamp) for each, name in names.items()}

    def forget(self) -> None:
        """Remember nothing: articles were written that may change names."""
        with self._lock:
            self._names = {}


@dataclass(frozen=True, slots=True)
class Bearer:
    """A value that bears one of the keys asked for, under the name that the newest
    article, `arrival`, gives it."""

    id: str
    name: str
    arrival: float


def newest(field: str, entity_id: str) -> dict[str, Any]:
    """Return the search for the article that names an id last."""
    return {
        "query": {"constant_score": {"filter": {"term": {field: entity_id}}}},
        "size": 1,
        "sort": [{"arrival": "desc"}],
        "track_total_hits": False,
        "_source": False,
        "docvalue_fields": [f"{field}_label"],
    }


def name_in(answer: Answer, field: str, entity_id: str) -> str | None:
    """Return the name that the newest article gives an id; None if no article has it."""
    for hit in answer.get("hits", {}).get("hits", ()):
        for text in hit["fields"][f"{field}_label"]:
            found = label(text)
            if found.id == entity_id:
                return found.name
    return None


def bearers(field: str, keys: Sequence[str]) -> dict[str, Any]:
    """Return the search for all values of these keys that some article has."""
    terms = {
        "field": f"{field}_label",
        "size": LABELS,
        "include": f"({'|'.join(map(quoted, keys))})\x1f.*",
    }
    newest_of = {"newest": {"max": {"field": "arrival"}}}
    return {
        "query": {
            "constant_score": {"filter": {"terms": {f"{field}_key": list(keys)}}}
        },
        "size": 0,
        "track_total_hits": False,
        "aggs": {"labels": {"terms": terms, "aggs": newest_of}},
    }


def bearers_in(answer: Answer) -> dict[str, list[Bearer]]:
    """Return the values by key, each once."""
    found: dict[str, dict[str, Bearer]] = {}
    for bucket in answer["aggregations"]["labels"]["buckets"]:
        one, arrival = label(bucket["key"]), bucket["newest"]["value"]
        same = found.setdefault(one.key, {})
        if one.id not in same or same[one.id].arrival < arrival:
            same[one.id] = Bearer(one.id, one.name, arrival)
    return {key: sorted(v.values(), key=_by_id) for key, v in found.items()}


def own(found: Mapping[str, list[Bearer]]) -> dict[str, str]:
    """Return the names of those that were found by their own ids."""
    return {
        each.id: each.name
        for key, bearers in found.items()
        for each in bearers
        if each.id == key
    }


def beginning(field: str, key: str, size: int) -> dict[str, Any]:
    """Return the search for values of which a word of the name begins so."""
    terms = {
        "field": f"{field}_label",
        "size": 2 * size,  # a label stands there once for each of its keys
        "include": f"([^\x1f]*-)?{quoted(key)}[^\x1f]*\x1f.*",
    }
    return {
        "query": {"constant_score": {"filter": {"prefix": {f"{field}_part": key}}}},
        "size": 0,
        "track_total_hits": False,
        "aggs": {"labels": {"terms": terms}},
    }


def beginning_in(answer: Answer, key: str) -> tuple[Entity, ...]:
    """Return the values found, each once, under the name that most articles give it."""
    found: dict[str, Entity] = {}
    for bucket in answer["aggregations"]["labels"]["buckets"]:
        one = label(bucket["key"])
        # An id may begin so where the name does not.
        if any(part.startswith(key) for part in parts(slug(one.name) or one.id)):
            found.setdefault(one.id, Entity(one.id, one.name))
    return tuple(found.values())


def near(field: str, key: str) -> dict[str, Any]:
    """Return the search for values of which a part is a slip or two away."""
    fuzzy = {
        "value": key,
        "fuzziness": _allowed(key),
        "prefix_length": 1,
        "rewrite": "constant_score",
    }
    terms = {"field": f"{field}_label", "size": LABELS, "shard_size": LABELS}
    return {
        "query": {"fuzzy": {f"{field}_part": fuzzy}},
        "size": 0,
        "track_total_hits": False,
        "aggs": {"labels": {"terms": terms}},
    }


def near_in(answer: Answer, key: str) -> tuple[str, ...]:
    """Return names that are near the key, best first."""
    distances: dict[str, int] = {}
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for bucket in answer["aggregations"]["labels"]["buckets"]:
        one = label(bucket["key"])
        distance = _distance(one, key)
        if one.key != one.id or distance is None:
            continue
        distances[one.id] = min(distance, distances.get(one.id, distance))
        counts[one.id] += bucket["doc_count"]
        names.setdefault(one.id, one.name)
    best = sorted(distances, key=lambda each: (distances[each], -counts[each], each))
    return tuple(names[each] for each in best[:SUGGESTED])


def matching(match: str) -> str:
    """Return the pattern of labels of which the name has these folded characters."""
    other = "[^\x1f]*\x1f"
    return f"{other}{other}{other}.*{quoted(fold(match))}.*"


def quoted(text: str) -> str:
    """Return the text as a pattern of the server's that matches nothing else."""
    return re.sub(r"([^\w\x1f]|_)", r"\\\1", text)


def _by_id(bearer: Bearer) -> str:
    return bearer.id


def _allowed(key: str) -> int:
    return 1 if len(key) <= _SHORT else 2


def _distance(one: Label, key: str) -> int | None:
    """Return how many edits are between the key and the nearest part of a name."""
    found = [
        number
        for part in parts(slug(one.name) or one.id)
        for number in range(_allowed(key) + 1)
        if part[:1] == key[:1] and distance_within(part, key, number)
    ]
    return min(found, default=None)
