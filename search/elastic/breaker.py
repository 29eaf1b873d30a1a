"""A breaker: while the cluster is away, say so at once instead of waiting each time."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from search.elastic.faults import AWAY
from search.errors import EngineUnavailableError

FAILURES: Final = 3
"""How many calls in a row must fail before the next ones are refused."""

_SHORTEST: Final = 1.0  # seconds of refusal, doubled each time
_LONGEST: Final = 10.0


class Breaker:
    """Counts failures in a row; then lets one call a pause through, to try."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._pause = _SHORTEST
        self._until = 0.0

    def check(self) -> None:
        """Raise EngineUnavailableError while calls are refused."""
        if self._failures < FAILURES:
            return
        with self._lock:
            left = self._until - self._clock()
            if self._failures < FAILURES:
                return
            if left <= 0:  # this one tries; the others go on waiting
                self._until = self._clock() + self._pause
                return
        raise EngineUnavailableError(AWAY, retry_after=max(1.0, left))

    def succeed(self) -> None:
        """Note a call that was answered, whatever the answer was."""
        if self._failures:
            with self._lock:
                self._failures, self._pause = 0, _SHORTEST

    def fail(self) -> None:
        """Note a call without an answer."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._until = self._clock() + self._pause
                self._pause = min(self._pause * 2, _LONGEST)
