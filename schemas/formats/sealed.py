"""The process apart in which foreign formats are read: `python -m schemas.formats.sealed`.

It takes one job after another from standard input and answers on standard output. While
it reads a text it can open no file and no connection, write nothing, and has a limit of
memory and of time: then it ends, and the other side starts another.
"""

from __future__ import annotations

import codecs
import gc
import resource
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from encodings.aliases import aliases
from importlib.machinery import BuiltinImporter, FrozenImporter
from typing import Any, BinaryIO

import orjson

from schemas.formats import reading
from schemas.formats.drafts import UnreadableError
from schemas.formats.packets import LENGTH, MEMORY, READY, Job, packed, sent

IDLE = 60
"""Seconds without a job after which it ends."""

_WORDS = b"The quick brown fox jumps over the lazy dog, again and again. " * 20
_WARMING = (
    ("html", b"<html><body><article><h1>Warm</h1><p>%b</article></body>" % _WORDS),
    ("html", b"<html><body><p>Warm</body>"),  # other algorithms have to help out
    ("feed", b"<rss><channel><item><title>Warm</title></item></channel></rss>"),
    ("text", b"Warm\n\n" + _WORDS),
)


# What is sealed cannot write down which of its lines ran.
def main() -> None:  # pragma: no cover - runs in a process apart
    """Read texts until there are no more, or none came for a while."""
    limit()
    warm()
    seal()
    sent(sys.stdout.buffer, READY)
    serve(sys.stdin.buffer, sys.stdout.buffer)


def limit() -> None:  # pragma: no cover - runs in a process apart
    """Set the limits that stay: memory, no files written, no core dumped."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def warm() -> None:
    """Let libraries load what they load at first use, while files can be opened."""
    for charset in set(aliases.values()):
        with suppress(LookupError):  # of other systems
            codecs.lookup(charset)
    for kind, data in _WARMING:
        with suppress(UnreadableError):
            reading.read(reading.Source(data, kind))
    gc.freeze()


def seal() -> None:  # pragma: no cover - runs in a process apart
    """Let nothing be opened from now on: no file, no connection, no process."""
    # Who asks for a library that is not there is told so without a look into folders,
    # which would fail as soon as anything in them has changed.
    sys.meta_path[:] = (BuiltinImporter, FrozenImporter)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def serve(jobs: BinaryIO, answers: BinaryIO, idle: float = IDLE) -> None:
    """Answer jobs until there are no more, or none came for so many seconds."""
    while job := _received(jobs, idle):
        with _alarmed(job.seconds):
            answer = packed(_answer(job))
        sent(answers, answer)


def _received(jobs: BinaryIO, idle: float) -> Job | None:
    # A pipe: there is never more in it than one job, so nothing is buffered here.
    if not select.select([jobs], [], [], idle)[0]:
        return None
    head = jobs.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(head)
    words = orjson.loads(jobs.read(size))
    return Job(data=jobs.read(words.pop("size")), **words)


def _answer(job: Job) -> dict[str, Any]:
    source = reading.Source(job.data, job.format, job.charset, job.columns)
    try:
        return {"drafts": reading.read(source)}
    except UnreadableError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": "Reading it takes too much memory. Split or simplify it."}
    except Exception as error:  # noqa: BLE001 - what a library says of hostile input
        return {
            "refused": f"It cannot be read ({type(error).__name__}). Check the file."
        }


@contextmanager
def _alarmed(seconds: float) -> Iterator[None]:
    """End the process if it is still at work after so long, whoever waits for it."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":  # pragma: no cover - runs in a process apart
    main()
