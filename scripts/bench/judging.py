"""Measures of a ranking, where people have judged what is relevant."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


def average_precision(ranked: Sequence[str], gains: Mapping[str, int]) -> float:
    """Return the mean precision at the places of the relevant, 0 for those missed.

    Relevant is what has a gain above 0.
    """
    relevant = {each for each, gain in gains.items() if gain > 0}
    found, precisions = 0, 0.0
    for place, each in enumerate(ranked, 1):
        if each in relevant:
            found += 1
            precisions += found / place
    return precisions / len(relevant)


def ndcg(ranked: Sequence[str], gains: Mapping[str, int], depth: int = 10) -> float:
    """Return the discounted gain of the first `depth`, as a part of the best possible."""
    best = sorted(gains.values(), reverse=True)[:depth]
    got = [gains.get(each, 0) for each in ranked[:depth]]
    return _discounted(got) / _discounted(best)


def binary(gains: Mapping[str, int]) -> dict[str, int]:
    """Return 1 for everything that is relevant."""
    return {each: 1 for each, gain in gains.items() if gain > 0}


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))
