"""Writes in requests of a bounded size, each made while the last one is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeAlias, TypeVar

from search.article import ArticleId

Item: TypeAlias = tuple[ArticleId, list[bytes]]
"""What becomes of an article: the lines that say so."""

BYTES: Final = 5_000_000
"""How large a request may be; a larger article goes alone."""

TOGETHER: Final = 250
"""Of how many articles a request is at most."""

_T = TypeVar("_T")


def sent(items: Iterable[Item], send: Callable[[Sequence[Item]], _T]) -> Iterator[_T]:
    """Yield what `send` returns for one part after the other, in order.

    Making the items takes as long as the cluster takes to index them: the next part is
    made meanwhile. Of parts behind one that fails none is sent.
    """
    parts = _parts(items)
    part = next(parts, [])
    if len(part) < TOGETHER:  # all there is, or long ones: not worth a thread
        while part:
            yield send(part)
            part = next(parts, [])
        return
    with ThreadPoolExecutor(1) as sending:
        while part:
            answer = sending.submit(send, part)
            part = next(parts, [])
            yield answer.result()


def _parts(items: Iterable[Item]) -> Iterator[list[Item]]:
    part: list[Item] = []
    size = 0
    for item in items:
        length = sum(map(len, item[1]))
        if len(part) == TOGETHER or (part and size + length > BYTES):
            yield part
            part, size = [], 0
        part.append(item)
        size += length
    if part:
        yield part
