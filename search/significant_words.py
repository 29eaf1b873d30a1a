"""Words that are far more frequent in some articles than in others.

No engine counts all words of what a question finds. Which words to count is taken from
the newest articles of both sides; the counts themselves are of all articles, and exact.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import orjson

from search.article import StoredArticle
from search.catalog import TEXT_FIELDS
from search.engine import Engine
from search.graph import within
from search.query.ast import And, Not, Term
from search.request import SearchRequest
from search.result import FacetValue
from search.significance import LEAST, Own, Sides, Special, best, rate
from search.text import stem, words

SAMPLE = 200
"""How many of the newest articles of each side are read."""

_GRAMMAR = 3  # a word that one in so many of the other articles has is grammar
_COUNTED = 200  # of the words read: those most frequent inside for what is outside


@dataclass(frozen=True, slots=True)
class Reading:
    """In how many of some articles each stem is, and the words that it stands for."""

    articles: int
    counts: Counter[str]
    forms: dict[str, Counter[str]]

    def form(self, each: str) -> str:
        """Return the word that most articles have, of those with this stem."""
        known = self.forms[each]
        return min(known, key=lambda word: (-known[word], word))


def stand_out_words(engine: Engine, sides: Sides, size: int, own: Own) -> Special:
    """Return the words that score highest: their id is the stem, their name a word.

    They are of the newest `SAMPLE` articles of each side, without those that more than
    a third of the other side's articles have.
    """
    elsewhere = SearchRequest(
        filter=And((sides.against.whole, Not(sides.inside.whole))),
        date=sides.inside.date,
    )
    inside, outside = (_read(engine, each) for each in (sides.inside, elsewhere))
    told = [(each, inside.form(each)) for each in _candidates(inside, outside)]
    inside_counts = _counts(engine, sides.inside, told)
    background_counts = _counts(engine, sides.against, told)
    shared = inside_counts
    if sides.both != sides.inside:
        shared = _counts(engine, sides.both, told)
    rated = [
        sides.rated(FacetValue(each, word, count), background, common)
        for (each, word), count, background, common in zip(
            told, inside_counts, background_counts, shared, strict=True
        )
        if count >= LEAST
    ]
    return best(rated, size, own)


def _read(engine: Engine, request: SearchRequest) -> Reading:
    asked = replace(request, sort="newest", limit=SAMPLE, body=True)
    hits = engine.search(asked).hits
    counts: Counter[str] = Counter()
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for hit in hits:
        found = {word: stem(word) for word in _words(hit.article)}
        counts.update(set(found.values()))
        for word, each in found.items():
            forms[each][word] += 1
    return Reading(len(hits), counts, forms)


def _words(article: StoredArticle) -> Iterable[str]:
    """Yield the words of an article's text; a single sign says nothing."""
    values = orjson.loads(article.json())
    for field in TEXT_FIELDS:
        yield from (word for word in words(values.get(field) or "") if len(word) > 1)


def _candidates(inside: Reading, outside: Reading) -> Sequence[str]:
    others = max(outside.articles, 1)
    scores = {
        each: rate(count, inside.articles, outside.counts[each], others)
        for each, count in inside.counts.items()
        if count >= LEAST and outside.counts[each] * _GRAMMAR <= others
    }
    found = [each for each, score in scores.items() if score > 0]
    found.sort(key=lambda each: (-scores[each], -inside.counts[each], each))
    return found[:_COUNTED]


def _counts(
    engine: Engine, request: SearchRequest, told: Sequence[tuple[str, str]]
) -> list[int]:
    asked = (within(request, Term(word)) for _, word in told)
    return [found.total for found in engine.search_all(asked)]
