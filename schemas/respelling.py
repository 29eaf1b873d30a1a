"""Questions with words that the archive has in the place of those that it has not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Final, TypeAlias

from schemas.changing import asking, plain
from schemas.queries import Query
from schemas.relaxing import Proposal
from search.query.printer import show
from search.query.relax import respelt, texts
from search.spelling import word_of
from search.text import stem, words

_WORDS: Final = 5
"""How many words of a question may be misspelt."""

_TRIED: Final = 40
"""How many questions with other words are tried."""

_KNOWN: Final = 3
"""How much likelier a word that the archive has is right than its best other spelling:
as much as the best spelling of an unknown word than its fourth."""

_Options: TypeAlias = list[tuple[int, str]]
_Choice: TypeAlias = tuple[tuple[int, str], ...]


def wanted_words(query: Query) -> list[str]:
    """Return the words of `q` that may be misspelt, folded, each once."""
    leaves = texts(query.asked.node)
    found = (word for leaf in leaves for word in words(leaf.text))
    return [*dict.fromkeys(word for word in found if word_of(word))]


def misspelt(counts: Mapping[str, int]) -> list[str]:
    """Return words that may be wrong, those first that nothing has.

    `counts` says of each word how many articles have it.
    """
    return sorted(counts, key=lambda word: counts[word] > 0)[:_WORDS]


def respellings(
    query: Query, near: Mapping[str, Sequence[str]], known: Collection[str]
) -> Iterator[Proposal]:
    """Yield the question with other words, the likeliest first.

    `near` has the spellings of each word that may be wrong, best first; `known` are the
    words that some article has: these may be right.
    """
    options = [_options(word, near[word], known) for word in near]
    choices = [*product(*(each for each in options if each))] if any(options) else []
    choices.sort(key=lambda choice: sum(rank for rank, _ in choice))
    wrong = [word for word, each in zip(near, options, strict=True) if each]
    text, pairs = query.asked.text, plain(query)
    for choice in islice(_distinct(choices), _TRIED):
        meant = dict(zip(wrong, (word for _, word in choice), strict=True))
        node = respelt(query.asked.node, {a: b for a, b in meant.items() if a != b})
        yield Proposal("spelling", "q", text, asking(pairs, node), show(node))


def _distinct(choices: Iterable[_Choice]) -> Iterator[_Choice]:
    """Yield choices of several words once for each answer: words of one stem find the
    same. The forms of a single word are all worth reading."""
    seen: set[tuple[str, ...]] = set()
    for choice in choices:
        key = tuple(stem(word) for _, word in choice)
        if len(key) == 1 or key not in seen:
            yield choice
        seen.add(key)


def _options(word: str, near: Sequence[str], known: Collection[str]) -> _Options:
    """Return the words that may stand for one, with how unlikely each is."""
    if word in known:
        return [(0, word), *((_KNOWN + rank, near[rank]) for rank in range(len(near)))]
    return [*enumerate(near)]
