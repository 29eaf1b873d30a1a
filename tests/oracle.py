"""What a query means, by brute force: the oracle that every engine is compared with.

Only the analysis (`search.text`) is shared with the engines; it is shared by definition.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from search import catalog
from search.article import Article, facet_values, keys_of, milliseconds, moment_of
from search.query.ast import (
    All,
    And,
    Exists,
    Fuzzy,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
)
from search.text import WORD_LENGTH, fold, slug, stems, words


def matches(node: Node, article: Article) -> bool:
    """Say whether the article is what the query asks for."""
    match node:
        case All():
            return True
        case And(nodes):
            return all(matches(child, article) for child in nodes)
        case Or(nodes):
            return any(matches(child, article) for child in nodes)
        case Not(child):
            return not matches(child, article)
        case _:
            return has_leaf(node, article)


def has_leaf(leaf: Leaf, article: Article) -> bool:
    """Say whether the article has what a leaf asks for."""
    match leaf:
        case Range(field, start, end):
            moment = milliseconds(moment_of(article, field))
            return (start is None or start <= moment) and (end is None or moment < end)
        case Exists(field):
            return bool(getattr(article, catalog.FIELDS[field].key))
        case Term(text, str(field), exact=True) if field in catalog.FACET_FIELDS:
            return any(text == entity.id for entity in facet_values(article, field))
        case Term(text, str(field)) if field in catalog.FACET_FIELDS:
            return has_value(article, field, text)
        case _:
            return any(found(leaf, text) for text in texts(article, leaf.field))


def has_value(article: Article, field: str, text: str) -> bool:
    """Say whether a facet field has a value with this id or name."""
    entities = facet_values(article, field)
    return any(slug(text) in keys_of(entity) for entity in entities if slug(text))


def texts(article: Article, field: str | None) -> Iterator[str]:
    """Yield the texts that a leaf looks at."""
    for name in (field,) if field else catalog.TEXT_FIELDS:
        yield getattr(article, catalog.FIELDS[name].key) or ""


def found(leaf: Term | Phrase | Prefix | Fuzzy, text: str) -> bool:
    """Say whether one text has what a leaf asks for."""
    match leaf:
        case Term(wanted):
            return has_phrase(stems_of(text), stems(wanted), 0)
        case Phrase(wanted, _, slop):
            return has_phrase(stems_of(text), stems(wanted), slop)
        case Prefix(beginning):
            return any(word.startswith(_cut(beginning)) for word in words(text))
        case Fuzzy(wanted, _, distance):
            return any(edits(word, _cut(wanted)) <= distance for word in words(text))


def _cut(text: str) -> str:
    """Return a word or its beginning as it is indexed, of which the rest is left out."""
    return fold(text)[:WORD_LENGTH]


@lru_cache(maxsize=20_000)
def stems_of(text: str) -> tuple[str, ...]:
    """Remember the stems of an article's text, of which much is asked."""
    return tuple(stems(text))


def has_phrase(text: Sequence[str], wanted: Sequence[str], slop: int) -> bool:
    """Try every way to place the wanted words on distinct positions of the text."""
    if not all(word in text for word in wanted):
        return False
    places = [[p for p, w in enumerate(text) if w == word] for word in wanted]
    return bool(wanted) and _placed(places, (), slop)


def _placed(places: list[list[int]], taken: tuple[int, ...], slop: int) -> bool:
    shifts = [position - i for i, position in enumerate(taken)]
    if shifts and max(shifts) - min(shifts) > slop:
        return False
    if len(taken) == len(places):
        return True
    free = [position for position in places[len(taken)] if position not in taken]
    return any(_placed(places, (*taken, position), slop) for position in free)


def edits(left: str, right: str) -> int:
    """Count the edits between two words, filling the whole table.

    Insert, delete, replace, or exchange two neighbours that are not edited again
    (optimal string alignment).
    """
    table = [[i + j for j in range(len(right) + 1)] for i in range(len(left) + 1)]
    for i, a in enumerate(left, 1):
        for j, b in enumerate(right, 1):
            costs = [
                table[i - 1][j] + 1,
                table[i][j - 1] + 1,
                table[i - 1][j - 1] + (a != b),
            ]
            if i > 1 and j > 1 and (a, left[i - 2]) == (right[j - 2], b):
                costs.append(table[i - 2][j - 2] + 1)
            table[i][j] = min(costs)
    return table[-1][-1]


def rising(values: Sequence[float]) -> bool:
    """Say whether no value is below the one before it."""
    return all(a <= b for a, b in pairwise(values))
