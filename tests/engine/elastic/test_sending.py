"""Many writes: in requests of a bounded size, in order, one made while one is answered."""

from collections.abc import Iterator, Sequence
from threading import Event

import pytest

from search.article import ArticleId
from search.elastic.sending import BYTES, TOGETHER, Item, sent


def items(count: int, size: int = 10) -> Iterator[Item]:
    return ((ArticleId(str(n)), [b"x" * size]) for n in range(count))


def ids(part: Sequence[Item]) -> list[str]:
    return [article_id for article_id, _ in part]


@pytest.mark.parametrize(
    ("count", "size", "parts"),
    [
        (0, 10, []),
        (1, 10, [1]),
        (TOGETHER, 10, [TOGETHER]),
        (2 * TOGETHER + 1, 10, [TOGETHER, TOGETHER, 1]),
        (5, BYTES // 2, [2, 2, 1]),
        (2, BYTES + 1, [1, 1]),
    ],
)
def test_all_is_sent_in_order_in_parts_of_bounded_size(
    count: int, size: int, parts: list[int]
) -> None:
    found = list(sent(items(count, size), ids))
    assert [len(part) for part in found] == parts
    assert [each for part in found for each in part] == [str(n) for n in range(count)]


def test_the_next_part_is_made_while_one_is_answered() -> None:
    made = Event()

    def slow() -> Iterator[Item]:
        yield from items(TOGETHER + 1)
        made.set()

    def send(part: Sequence[Item]) -> bool:
        return made.wait(20)

    assert list(sent(slow(), send)) == [True, True]


@pytest.mark.parametrize("size", [10, BYTES])
def test_nothing_is_sent_behind_a_part_that_fails(size: int) -> None:
    asked: list[int] = []

    def send(part: Sequence[Item]) -> None:
        asked.append(len(part))
        if len(asked) == 2:
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        list(sent(items(4 * TOGETHER, size), send))
    assert len(asked) == 2
