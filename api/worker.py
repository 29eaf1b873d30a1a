"""A thread worker that no slow client can hold.

gunicorn's own gives a client all the time it likes to send half a request head: twenty
such clients stop a service of sixteen threads (`--timeout` watches the process, not the
connection). Here a head has a deadline, a body and an answer a smallest pace.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from socket import SHUT_RDWR
from typing import Any

from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from api.refusals import is_theirs, refusal
from api.settings import Settings

SLOWEST = 1_000
"""Bytes a second that a body must bring on average, once `body_seconds` are over."""

_LOOK = 0.5


class DeadlineThreadWorker(ThreadWorker):
    """gunicorn's thread worker with deadlines."""

    head_seconds: float = Settings().head_seconds
    body_seconds: float = Settings().body_seconds

    def init_process(self) -> None:
        """Start the watch in the worker's own process, then serve."""
        self._deadlines: dict[Any, float] = {}
        threading.Thread(target=self._watch, name="deadlines", daemon=True).start()
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """Serve one request whose head must be here in time."""
        self._deadlines[conn] = time.monotonic() + self.head_seconds
        try:
            return super().handle(conn)
        finally:
            self._deadlines.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Serve a request whose head is here; from now on the pace counts."""
        self._deadlines.pop(conn, None)
        conn.sock.settimeout(self.body_seconds)
        conn.parser.unreader.chunk = _paced(conn.parser.unreader, self.body_seconds)
        try:
            return super().handle_request(req, conn)
        except TimeoutError as silent:
            raise _gone() from silent
        finally:
            del conn.parser.unreader.chunk

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer with a problem where the application could not."""
        if is_theirs(exc):
            self.log.warning("Invalid request from %s: %r", addr, str(exc))
        else:
            self.log.error("Error outside the application", exc_info=exc)
        with suppress(OSError):
            write_nonblock(client, refusal(exc))

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK)
            now = time.monotonic()
            for conn, deadline in list(self._deadlines.items()):
                if deadline < now:
                    self._deadlines.pop(conn, None)
                    _shut(conn.sock)


def _paced(unreader: Any, grace: float) -> Callable[..., bytes]:
    """Return the unreader's `chunk` that ends a body that comes too slowly.

    Only the time spent waiting for the client counts, not what we do in between.
    """
    read, waited, total = unreader.chunk, 0.0, 0

    def chunk(size_hint: int | None = None) -> bytes:
        nonlocal waited, total
        started = time.monotonic()
        data: bytes = read(size_hint)
        waited += time.monotonic() - started
        total += len(data)
        if waited > grace and total < SLOWEST * waited:
            raise _gone()
        return data

    return chunk


def _gone() -> OSError:
    # gunicorn takes this for a client that went away: no stack trace in the log.
    return ConnectionResetError(104, "The client was too slow.")


def _shut(sock: Any) -> None:
    try:
        sock.shutdown(SHUT_RDWR)
    except OSError:
        return
