"""Phrases and distances as their definitions say them, by trying everything."""

from itertools import product


def brute_force(places: list[list[int]], slop: int) -> set[tuple[int, ...]]:
    shifted = ((p, [at - i for i, at in enumerate(p)]) for p in product(*places))
    return {p for p, q in shifted if len(set(p)) == len(p) and max(q) - min(q) <= slop}


def alignment(a: str, b: str) -> int:
    """Return the distance as its definition says it, by recursion."""
    if not a or not b:
        return len(a) + len(b)
    ways = [alignment(a[1:], b) + 1, alignment(a, b[1:]) + 1]
    ways.append(alignment(a[1:], b[1:]) + (a[0] != b[0]))
    if len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0]:
        ways.append(alignment(a[2:], b[2:]) + 1)
    return min(ways)
