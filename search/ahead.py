"""Two things at once: the next part is made, or read, while one is dealt with."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")


def done(parts: Iterable[_T], do: Callable[[_T], _R]) -> Iterator[_R]:
    """Yield what `do` returns for one part after the other, in order.

    `do` runs in a thread, while the next part is made here. Of parts behind one that
    fails none is done.
    """
    with ThreadPoolExecutor(1) as doing:
        last: Future[_R] | None = None
        for part in parts:
            if last is not None:
                yield last.result()
            last = doing.submit(do, part)
        if last is not None:
            yield last.result()


def read(parts: Iterator[_T]) -> Generator[_T]:
    """Yield the same; each part but the first is read in a thread, while the one before
    it is dealt with.

    Who stops early waits for the part that is being read, no longer.
    """
    part = next(parts, None)
    if part is None:
        return
    with ThreadPoolExecutor(1) as reading:
        while part is not None:
            following = reading.submit(next, parts, None)
            yield part
            part = following.result()
