"""The breaker: refuses at once while the cluster is away, and lets one call try."""

import time
from collections.abc import Callable

import pytest

from search.elastic.breaker import FAILURES, Breaker
from search.errors import EngineUnavailableError


def refuses(breaker: Breaker) -> bool:
    try:
        breaker.check()
    except EngineUnavailableError as fault:
        return bool(fault.retry_after)
    return False


def broken(clock: Callable[[], float] = time.monotonic) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert not refuses(breaker)
        breaker.fail()
    return breaker


def test_a_few_failures_in_a_row_close_the_door() -> None:
    assert refuses(broken())


def test_an_answer_opens_it_again() -> None:
    breaker = broken()
    breaker.succeed()
    assert not refuses(breaker)


def test_after_a_pause_one_call_tries_and_each_pause_is_longer() -> None:
    now = [1000.0]
    breaker = broken(lambda: now[0])
    for pause in (1, 2, 4, 8, 10, 10):
        now[0] += pause - 0.01
        assert refuses(breaker)
        now[0] += 0.02
        assert not refuses(breaker)
        assert refuses(breaker)
        breaker.fail()


@pytest.mark.parametrize("failures", range(FAILURES))
def test_fewer_failures_let_calls_through(failures: int) -> None:
    breaker = Breaker()
    for _ in range(failures):
        breaker.fail()
    assert not refuses(breaker)
