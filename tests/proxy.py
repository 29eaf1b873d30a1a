"""A wire to a server that can be cut while something is on it."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread

AWAY = 1.0  # seconds in which nobody listens, as while a server restarts


class Proxy:
    """Passes bytes on; after every so many from the client it does something."""

    def __init__(self, target: tuple[str, int], every: int, times: int) -> None:
        self.target = target
        self.done = 0
        self.total = 0
        self.action: Callable[[], None] = self.cut
        self._every, self._times = every, times
        self._passed = 0
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._closed = False
        Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End all connections in the middle of what they say, and be away."""
        self._listener.close()
        self._drop()
        Event().wait(AWAY)
        self._listener = socket.create_server(("127.0.0.1", self.port))

    def close(self) -> None:
        """End everything."""
        self._closed = True
        with suppress(OSError):  # accept() only notices a shut listener
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._drop()

    def _drop(self) -> None:
        with self._lock:
            sockets, self._open = self._open, set()
        for each in sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                time.sleep(0.01)
                continue
            server = socket.create_connection(self.target)
            with self._lock:
                self._open |= {client, server}
            for pair in ((client, server, True), (server, client, False)):
                Thread(target=self._pump, args=pair, daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, counting: bool) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                sink.sendall(data)
                if counting:
                    self._count(len(data))
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _count(self, size: int) -> None:
        with self._lock:
            self._passed += size
            self.total += size
            due = self._passed >= self._every and self.done < self._times
            if due:
                self._passed, self.done = 0, self.done + 1
        if due:
            self.action()


@contextmanager
def proxy(port: int, every: int, times: int) -> Iterator[Proxy]:
    """Lend a wire to a server of this machine."""
    made = Proxy(("127.0.0.1", port), every, times)
    try:
        yield made
    finally:
        made.close()
