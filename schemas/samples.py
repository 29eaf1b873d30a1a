"""Questions that an archive can answer, made from the articles that are in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

import orjson

from schemas.queries import load
from schemas.urls import Pair, whole
from schemas.ways import ELSEWHERE, FORMATS, Way
from search.engine import Engine
from search.query.ast import Phrase
from search.query.printer import show
from search.request import FacetRequest, SearchRequest
from search.result import SearchResult
from search.text import words

_COUNTED: Final = ("tag", "company", "person", "source")
_TITLES: Final = 50
_TELLING: Final = 6  # letters from which a word of a title says something


@dataclass(frozen=True, slots=True)
class Sample:
    """A question, and how many articles match it; `path` is below the root."""

    title: str
    path: str
    pairs: tuple[Pair, ...]
    count: int = 0

    @property
    def url(self) -> str:
        """The address."""
        return whole(self.path, self.pairs)


def collect(engine: Engine, now: datetime) -> tuple[int, tuple[Sample, ...]]:
    """Return how many articles there are, and questions that find some of them."""
    facets = tuple(FacetRequest(name, size=2) for name in _COUNTED)
    result = engine.search(
        SearchRequest(sort="newest", limit=_TITLES, facets=facets),
    )
    proposed = [*_proposed(result)]
    asked = (load(_selecting(each), "count", now=now).request for each in proposed)
    totals = [found.total for found in engine.search_all(asked)]
    counted = (
        Sample(each.title, each.path, each.pairs, total)
        for each, total in zip(proposed, totals, strict=True)
        if total
    )
    return result.total, tuple(counted)


def _selecting(sample: Sample) -> Iterable[Pair]:
    return [(name, value) for name, value in sample.pairs if name in _ASKING]


_ASKING: Final = ("q", *_COUNTED)


def _proposed(result: SearchResult) -> Iterator[Sample]:
    yield Sample("The newest articles", "articles", (("sort", "newest"),))
    titles = [_title(hit.article.head) for hit in result.hits]
    word, phrase = _word(titles), _phrase(titles)
    if word:
        yield Sample(f'The word "{word}"', "articles", (("q", word),))
    if phrase:
        text = show(Phrase(phrase))
        yield Sample(f"The phrase {text}", "articles", (("q", text),))
    chosen: Pair | None = None
    for facet in result.facets:
        for value in facet.values:
            pair = (facet.field, value.id)
            chosen = chosen or pair
            pairs = (pair, ("facet", "tag,company,person"))
            yield Sample(f"{facet.field}: {value.name}", "articles", pairs)
            if word:
                title = f'"{word}" with {facet.field}: {value.name}'
                yield Sample(title, "articles", (("q", word), pair))
    yield from _views(chosen, ("q", word) if word else None)


def _views(chosen: Pair | None, word: Pair | None) -> Iterator[Sample]:
    """Yield a question in each view and format, of words where the view needs some."""
    asked = (chosen,) if chosen else ()
    for way in ELSEWHERE:
        if not way.words:
            yield _seen(way, way.path, asked)
        elif word:
            yield _seen(way, way.path, (word,))
    for way in FORMATS["articles"]:
        yield _seen(way, f"articles{way.path}", asked)


def _seen(way: Way, path: str, pairs: tuple[Pair, ...]) -> Sample:
    return Sample(way.doc.rstrip("."), path, pairs)


def _title(head: bytes) -> str:
    return str(orjson.loads(head)["title"])


def _word(titles: Iterable[str]) -> str | None:
    """Return the most frequent word of titles, of those that say something."""
    found = Counter(
        word
        for title in titles
        for word in dict.fromkeys(words(title))
        if len(word) >= _TELLING and word.isalpha()
    )
    return found.most_common(1)[0][0] if found else None


def _phrase(titles: Iterable[str]) -> str | None:
    """Return two words that stand together in a title."""
    for title in titles:
        found = words(title)
        for first, second in pairwise(found):
            if min(len(first), len(second)) >= _TELLING - 1:
                return f"{first} {second}"
    return None
