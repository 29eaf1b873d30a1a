"""How alike two texts are: cosine of their words' weights, and whether one copies.

Pure arithmetic over `search.text`'s stems, so that every engine ranks alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log, sqrt
from typing import Final

from search.article import Article
from search.text import stemmed, words

LONGEST: Final = 20_000
"""Characters of a body that are compared: more would cost time and tell no more."""

_HEADLINE = 3  # how often a word of the title counts
_SHINGLE = 4  # words in a row that two copies share and two reports of one event do not
_FEWEST = 12  # rows of words below which containment says nothing
_RESEMBLING, _CONTAINED = 0.5, 0.8
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Text:
    """An article's text as it is compared: counts of its stems, and rows of words."""

    counts: Mapping[str, int]
    rows: frozenset[tuple[str, ...]]


def text_of(article: Article) -> Text:
    """Return what is compared of an article; a word of the title counts three times."""
    title = words(article.title)
    rest = words(f"{article.summary or ''} \n {(article.body or '')[:LONGEST]}")
    counts = Counter(stemmed(rest))
    for stem in stemmed(title):
        counts[stem] += _HEADLINE
    return Text(counts, _rows(rest or title))


class Likeness:
    """Compares texts with one text.

    `rarity` has the inverse document frequency of words that this text has often. All
    others are taken to be as rare as the rarest quarter of them: a text has its common
    words often.
    """

    def __init__(self, text: Text, rarity: Mapping[str, float]) -> None:
        """Take the text that all others are compared with."""
        self._text = text
        self._rarity = rarity
        self._other = sorted(rarity.values())[len(rarity) * 3 // 4] if rarity else 0.0
        self._weights = dict(self._weighed(text))
        self._length = _length(self._weights)

    def of(self, other: Text) -> float:
        """Return the cosine of both, from 0 to 1, to six digits."""
        weights = dict(self._weighed(other))
        mine = self._weights
        shared = sum(mine[word] * weights[word] for word in mine if word in weights)
        length = self._length * _length(weights)
        return min(round(shared / length, _DIGITS), 1.0) if length else 0.0

    def is_copy(self, other: Text) -> bool:
        """Say whether most of one text stands in the other, word after word."""
        mine, theirs = self._text.rows, other.rows
        shared, least = len(mine & theirs), min(len(mine), len(theirs))
        if shared >= _RESEMBLING * len(mine | theirs):
            return bool(shared)
        return least >= _FEWEST and shared >= _CONTAINED * least

    def _weighed(self, text: Text) -> Iterator[tuple[str, float]]:
        """Yield words and their weights, in an order that no text's own changes."""
        for word, count in sorted(text.counts.items()):
            yield word, (1 + log(count)) * self._rarity.get(word, self._other)


def rarity(count: int, total: int) -> float:
    """Return how much a word tells that `count` of `total` articles have; above 0."""
    return log(1 + (max(total - count, 0) + 0.5) / (count + 0.5))


def _length(weights: Mapping[str, float]) -> float:
    return sqrt(sum(weight * weight for weight in weights.values()))


def _rows(folded: list[str]) -> frozenset[tuple[str, ...]]:
    last = max(len(folded) - _SHINGLE, 0)
    return frozenset(
        tuple(folded[start : start + _SHINGLE]) for start in range(last + 1)
    )
