"""Articles like one: key words by exact counts, candidates from the engine, order here.

The engine is only asked to count and to find: what is like what is said in
`search.likeness`, so that engines that find the same candidates give the same answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from search.article import Article, StoredArticle, milliseconds
from search.engine import Engine
from search.likeness import Likeness, Text, rarity, text_of
from search.query.ast import All, And, Node, Or, Range, Term
from search.request import SearchRequest
from search.result import SearchResult
from search.text import stem, words

CANDIDATES: Final = 100
"""Articles that are compared, the best by the engine's own score."""

KEYS: Final = 25
"""Words of an article by which others are found."""

COUNTED: Final = 100
"""Words of an article of which we ask how many articles have them."""

_SAME_MOMENT = 1_000


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An article found, whole; `likeness` from 0 to 1; `near_copy`: most of one text
    stands in the other."""

    article: StoredArticle
    likeness: float
    near_copy: bool


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`total` other articles have a key word in common and pass the filters; of them
    the `CANDIDATES` that the engine scores best, most alike first."""

    total: int
    articles: tuple[Neighbour, ...] = ()


def similar(engine: Engine, article: Article, request: SearchRequest, /) -> Neighbours:
    """Return the articles that are most like one, never the article itself.

    Of the request, query, filter and selections restrict what may be found. Equal
    likeness stands newest first, then by id.
    """
    text = text_of(article)
    total, counts = _counts(engine, article, text)
    rarities = {word: rarity(count, total) for word, count in counts.items()}
    keys = _keys(text, counts, rarities)
    if not keys:
        return Neighbours(0)
    found, own = engine.search_all(_questions(article, keys, request))
    likeness = Likeness(text, {stem(word): value for word, value in rarities.items()})
    others = [hit.article for hit in found.hits if hit.article.id != article.id]
    compared = [_compared(one, likeness) for one in others[:CANDIDATES]]
    itself = any(_is(article, each) for each in (found, own))
    return Neighbours(found.total - itself, tuple(_ordered(compared)))


def _counts(engine: Engine, article: Article, text: Text) -> tuple[int, dict[str, int]]:
    """Return how many articles there are, and how many have each of its words: those
    that stand in it most often."""
    known = dict(_spellings(article))
    often = sorted(known, key=lambda each: (-text.counts[each], -len(each), each))
    asked = [known[each] for each in often[:COUNTED]]
    nodes: list[Node] = [All(), *map(Term, asked)]
    total, *counted = (
        result.total
        for result in engine.search_all(
            SearchRequest(filter=node, limit=0) for node in nodes
        )
    )
    found = zip(asked, counted, strict=True)
    return total, {word: count for word, count in found if count}


def _spellings(article: Article) -> Iterator[tuple[str, str]]:
    """Yield (stem, word): of words with one stem the last one counts."""
    for field in (article.body, article.summary, article.title):
        for word in words(field or ""):
            yield stem(word), word


def _keys(
    text: Text, counts: dict[str, int], rarities: dict[str, float]
) -> tuple[Term, ...]:
    """Return the words that tell most; last those that only one article has, which is
    this one, unless it cannot be searched yet."""
    worth = {word: text.counts[stem(word)] * rarities[word] for word in rarities}
    best = sorted(worth, key=lambda word: (counts[word] == 1, -worth[word], word))
    return tuple(map(Term, best[:KEYS]))


def _questions(
    article: Article, keys: tuple[Term, ...], request: SearchRequest
) -> Iterator[SearchRequest]:
    """Yield the search for candidates, and one that finds the article among them."""
    wanted = SearchRequest(
        query=Or(keys),
        filter=And((request.query, request.filter)),
        selections=request.selections,
        date=request.date,
        limit=CANDIDATES + 1,
        body=True,
    )
    yield wanted
    moment = milliseconds(article.published_at)
    same = And((*keys, Range("published", moment, moment + 1)))
    yield replace(wanted, query=same, limit=_SAME_MOMENT, body=False)


def _is(article: Article, result: SearchResult) -> bool:
    return any(hit.article.id == article.id for hit in result.hits)


def _compared(stored: StoredArticle, likeness: Likeness) -> tuple[Neighbour, Article]:
    article = stored.article()
    text = text_of(article)
    return Neighbour(stored, likeness.of(text), likeness.is_copy(text)), article


def _ordered(compared: list[tuple[Neighbour, Article]]) -> Iterator[Neighbour]:
    def place(pair: tuple[Neighbour, Article]) -> tuple[float, int, str]:
        found, article = pair
        return -found.likeness, -milliseconds(article.published_at), article.id

    return (found for found, _ in sorted(compared, key=place))
