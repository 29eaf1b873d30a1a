"""Where foreign texts are read: in processes apart, that are replaced when they fail."""

from __future__ import annotations

import contextlib
import select
import signal
import subprocess
import sys
import threading
import time
import weakref
from dataclasses import replace
from io import FileIO
from typing import cast

from schemas.formats import packets
from schemas.formats.drafts import Draft, UnreadableError
from schemas.formats.packets import LENGTH, Job

SECONDS = 4.0
"""How long a text may be read."""

LARGEST = 20_000_000
"""Bytes that a foreign text may have, unpacked."""

_START = 60.0
_STARTS = 2
_GRACE = 0.5
_AT_ONCE = 0.2
_PIECE = 1 << 16
_MANY = 1 << 30
_TOO_SLOW = "Reading it takes longer than {:g} seconds. Split or simplify it."
_BROKEN = "It cannot be read: whoever read it failed or ran out of memory over it."


class BusyError(Exception):
    """More texts wait to be read than may, or nobody could be started to read them; it
    can be sent again later."""

    retry_after = SECONDS
    """Seconds in which some of them are done."""


class Workshop:
    """Reads foreign texts in up to `most` processes at a time, started when needed.

    May be used by several threads. What a text does to a process is its own problem:
    the text is refused, the next one is read by another process.
    """

    def __init__(
        self, most: int = 2, seconds: float = SECONDS, waiting: int | None = None
    ) -> None:
        """Start nothing yet; `waiting` texts may wait for a place, None: any number."""
        self._seconds = seconds
        self._queue = threading.BoundedSemaphore(
            _MANY if waiting is None else most + waiting
        )
        self._places = threading.BoundedSemaphore(most)
        self._idle: list[_Bench] = []
        weakref.finalize(self, _end, self._idle)

    def read(self, job: Job) -> list[Draft]:
        """Return the articles of a text; raises UnreadableError, BusyError."""
        if len(job.data) > LARGEST:
            raise UnreadableError(f"It has more than {LARGEST:,} bytes. Split it.")
        if not self._queue.acquire(blocking=False):
            raise BusyError
        try:
            with self._places:
                answer = self._answer(replace(job, seconds=self._seconds))
        finally:
            self._queue.release()
        return packets.unpacked(answer)

    def processes(self) -> list[int]:
        """Return the ids of the processes that wait for work."""
        return [bench.number for bench in self._idle]

    def close(self) -> None:
        """End the processes that are idle; may be called twice."""
        _end(self._idle)

    def _answer(self, job: Job) -> bytes:
        while True:
            bench = self._started()
            used, began = bench.used, time.monotonic()
            try:
                answer = bench.answer(job)
            except _FailedError as error:
                bench.end()
                if used and not error.slow and time.monotonic() - began < _AT_ONCE:
                    continue  # it had ended for want of work
                self._idle.append(_Bench())  # the next text need not wait for it
                told = _TOO_SLOW.format(job.seconds) if error.slow else _BROKEN
                raise UnreadableError(told) from None
            except BaseException:
                bench.end()
                raise
            self._idle.append(bench)
            return answer

    def _started(self) -> _Bench:
        """Return a process that is ready; how it starts is no fault of a text."""
        for _ in range(_STARTS):
            bench = self._bench()
            try:
                bench.start()
            except _FailedError:
                bench.end()
            except BaseException:
                bench.end()
                raise
            else:
                return bench
        raise BusyError

    def _bench(self) -> _Bench:
        while self._idle:
            with contextlib.suppress(IndexError):  # another thread took it
                bench = self._idle.pop()
                if bench.is_alive():
                    return bench
                bench.end()
        return _Bench()


def _end(benches: list[_Bench]) -> None:
    while benches:
        benches.pop().end()


class _FailedError(Exception):
    def __init__(self, *, slow: bool) -> None:
        super().__init__(slow)
        self.slow = slow


class _Bench:
    """One process and the pipes to it."""

    def __init__(self) -> None:
        # Without our environment: there are keys in it, and nothing that it needs.
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-m", "schemas.formats.sealed"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"OPENBLAS_NUM_THREADS": "1"},
            bufsize=0,
            start_new_session=True,  # an interrupt is for us, and we end it
        )
        self._jobs = cast("FileIO", self._process.stdin)
        self._answers = cast("FileIO", self._process.stdout)
        self._poll = select.poll()
        self._poll.register(self._answers, select.POLLIN)
        self.used = self._ready = False

    @property
    def number(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def start(self) -> None:
        if not self._ready:
            self._received(time.monotonic() + _START)
        self._ready = True

    def answer(self, job: Job) -> bytes:
        self.used = True
        try:
            self._send(job.pack())
        except OSError:
            raise _FailedError(slow=False) from None
        return self._received(time.monotonic() + job.seconds + _GRACE)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._jobs, self._answers):
            with contextlib.suppress(OSError):
                pipe.close()

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._jobs.write(view) :]

    def _received(self, deadline: float) -> bytes:
        (size,) = LENGTH.unpack(self._exactly(LENGTH.size, deadline))
        return self._exactly(size, deadline)

    def _exactly(self, size: int, deadline: float) -> bytes:
        pieces = []
        while size:
            left = max(0.0, deadline - time.monotonic())
            if not self._poll.poll(left * 1000):
                raise _FailedError(slow=True)
            piece = self._answers.read(min(size, _PIECE))
            if not piece:
                raise _FailedError(slow=self._process.wait() == -signal.SIGALRM)
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)
