"""Processes that read foreign texts, killed while they start."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def children() -> set[int]:
    """Return the processes of this one that read, or are about to."""
    found = set()
    for tasks in Path("/proc/self/task").glob("*/children"):
        for number in map(int, tasks.read_text().split()):
            with suppress(OSError):
                line = Path(f"/proc/{number}/cmdline").read_bytes()
                found |= {number} if b"schemas.formats.sealed" in line else set()
    return found


@contextmanager
def killed(most: int) -> Iterator[set[int]]:
    """Kill the first processes that are started to read, each before it is ready."""
    before, ended = children(), set[int]()
    done = threading.Event()

    def kill() -> None:
        while not done.wait(0.005) and len(ended) < most:
            for number in children() - before - ended:
                os.kill(number, 9)
                ended.add(number)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield ended
    finally:
        done.set()
        thread.join()
