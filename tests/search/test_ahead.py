"""The next part is made, or read, while one is dealt with."""

import threading
from collections.abc import Iterator
from threading import Event

import pytest

from search import ahead


def test_what_is_done_comes_in_order() -> None:
    assert list(ahead.done(range(5), str)) == ["0", "1", "2", "3", "4"]
    assert list(ahead.done((), str)) == []


def test_the_next_part_is_made_while_one_is_done() -> None:
    made = Event()

    def parts() -> Iterator[int]:
        yield 1
        made.set()
        yield 2

    assert list(ahead.done(parts(), lambda _: made.wait(20))) == [True, True]


def test_nothing_is_done_behind_a_part_that_fails() -> None:
    asked: list[int] = []

    def do(part: int) -> None:
        asked.append(part)
        if part == 2:
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        list(ahead.done(range(1, 9), do))
    assert asked == [1, 2]


def test_a_part_that_cannot_be_made_lets_the_one_before_be_done() -> None:
    asked: list[int] = []

    def parts() -> Iterator[int]:
        yield 1
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        list(ahead.done(parts(), asked.append))
    assert asked == [1]


def test_what_is_read_comes_in_order() -> None:
    assert list(ahead.read(iter("abc"))) == ["a", "b", "c"]
    assert list(ahead.read(iter(""))) == []


def test_the_next_part_is_read_while_one_is_dealt_with() -> None:
    asked = Event()

    def parts() -> Iterator[int]:
        yield 1
        asked.set()
        yield 2

    found = ahead.read(parts())
    assert next(found) == 1
    assert asked.wait(20)
    assert list(found) == [2]


def test_who_fails_to_read_is_heard_behind_what_was_read() -> None:
    def parts() -> Iterator[int]:
        yield 1
        raise ArithmeticError

    found = ahead.read(parts())
    assert next(found) == 1
    with pytest.raises(ArithmeticError):
        next(found)


def test_who_stops_early_leaves_nobody_at_work() -> None:
    read: list[int] = []

    def parts() -> Iterator[int]:
        for number in range(9):
            read.append(number)
            yield number

    before = set(threading.enumerate())
    found = ahead.read(parts())
    assert next(found) == 0
    assert set(threading.enumerate()) - before
    found.close()
    assert not set(threading.enumerate()) - before
    assert len(read) <= 2
