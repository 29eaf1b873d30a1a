"""A long stream in lists of bounded size."""

import pytest

from search.parts import parts


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        ([], []),
        ([1], [1]),
        ([1] * 4, [4]),
        ([1] * 9, [4, 4, 1]),
        ([5] * 5, [2, 2, 1]),
        ([11, 11], [1, 1]),
        ([1, 11, 1], [1, 1, 1]),
    ],
)
def test_no_part_is_too_long_or_too_large_and_none_is_lost(
    sizes: list[int], found: list[int]
) -> None:
    told = list(parts(iter(sizes), most=4, large=10, size_of=int))
    assert [len(part) for part in told] == found
    assert [each for part in told for each in part] == sizes
