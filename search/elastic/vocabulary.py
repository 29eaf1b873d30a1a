"""The words of an archive that are near another one, as the server suggests them."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from search.catalog import TEXT_FIELDS
from search.elastic.cluster import Answer
from search.spelling import ranked, slips

_ASKED: Final = 200
"""Words that the server suggests of a field: it ranks otherwise than we do."""


def near(word: str) -> dict[str, Any]:
    """Return the search for words near this one."""
    term = {
        "suggest_mode": "always",
        "max_edits": slips(word),
        "prefix_length": 0,
        "min_word_length": 1,
        "accuracy": 0,
        "max_term_freq": 1_000_000_000,  # also frequent words may be misspelt ones
        "size": _ASKED,
    }
    return {
        "size": 0,
        "track_total_hits": False,
        "suggest": {
            name: {"text": word, "term": {"field": f"{name}_word", **term}}
            for name in TEXT_FIELDS
        },
    }


def near_in(answer: Answer, word: str) -> tuple[str, ...]:
    """Return words near this one, best first."""
    counts: Counter[str] = Counter()
    for entries in answer.get("suggest", {}).values():
        for option in (each for entry in entries for each in entry["options"]):
            counts[option["text"]] += option["freq"]
    return ranked(word, counts)
