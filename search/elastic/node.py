"""One node of the cluster, spoken to over kept connections with little around them.

The library's node takes longer for a request than all the rest of a question: headers go
through the parser of mails, pools and tries through many hands. Here connections are
opened as the library opens them, so that certificates and fingerprints are checked just
so; what is said over them are a few lines of HTTP (RFC 9112).
"""

from __future__ import annotations

import select
import ssl
import time
import weakref
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Any, Final

from elastic_transport import (
    ApiResponseMeta,
    ConnectionError as NoConnectionError,
    ConnectionTimeout,
    HttpHeaders,
    NodeConfig,
    TlsError,
    TransportError,
    Urllib3HttpNode,
)
from elastic_transport._node import NodeApiResponse  # not exported, and what is due
from urllib3 import exceptions as opening

_LONGEST: Final = 65_536  # bytes in a line of a head
_LINES: Final = 200  # in a head
_EMPTY: Final = (204, 304)


class BrokenAnswerError(ValueError):
    """What came is no answer of HTTP, or not all of one."""


class Node(Urllib3HttpNode):
    """A node whose connections are kept, as many as there are threads asking."""

    def __init__(self, config: NodeConfig) -> None:
        super().__init__(config)
        host = f"[{self.host}]" if ":" in self.host else self.host
        self._own = {"host": f"{host}:{self.port}", **_lower(self.headers)}
        self._idle: deque[_Connection] = deque()
        self._ended = False
        weakref.finalize(self, _end, self._idle)

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: Any = None,
    ) -> NodeApiResponse:
        """Send a request; return the answer, whatever its status.

        Raises ConnectionTimeout, TlsError and ConnectionError of the library.
        """
        own = self._own | (_lower(headers) if headers else {})
        head = _head(method, f"{self.path_prefix}{target}", own, body)
        seconds = request_timeout or self.config.request_timeout
        start = time.time()
        try:
            status, found, data = self._asked(method, head + (body or b""), seconds)
        except (OSError, BrokenAnswerError, opening.HTTPError) as fault:
            raise _translated(fault) from fault
        took = time.time() - start
        meta = ApiResponseMeta(status, "1.1", HttpHeaders(found), took, self.config)
        return NodeApiResponse(meta, data)

    def close(self) -> None:
        """End the connections, those in use as soon as they have their answer."""
        self._ended = True
        _end(self._idle)
        super().close()

    def _asked(
        self, method: str, request: bytes, seconds: float | None
    ) -> tuple[int, dict[str, str], bytes]:
        connection = self._lent()
        try:
            answer = connection.ask(method, request, seconds)
        except BaseException:
            connection.close()  # what is still to come would answer another question
            raise
        if connection.lasts:
            self._idle.append(connection)
        else:
            connection.close()
        if self._ended:
            _end(self._idle)
        return answer

    def _lent(self) -> _Connection:
        """Return a connection that is open as far as anybody knows."""
        with suppress(IndexError):
            while True:
                connection = self._idle.pop()
                if connection.is_quiet():
                    return connection
                connection.close()
        # As the library's own pool opens one: with its checks of the other side.
        made = self.pool._new_conn()  # noqa: SLF001
        try:
            self.pool._validate_conn(made)  # noqa: SLF001
            if made.is_closed:
                made.connect()
        except BaseException:
            made.close()
            raise
        return _Connection(made)


def _end(idle: deque[_Connection]) -> None:
    """End connections that nobody uses."""
    with suppress(IndexError):
        while True:
            idle.pop().close()


class _Connection:
    """An open connection, for one question after the other."""

    def __init__(self, opened: Any) -> None:
        self._opened = opened
        self._sock = opened.sock
        self._file: IO[bytes] = self._sock.makefile("rb")
        self._poll = select.poll()
        self._poll.register(self._sock, select.POLLIN)
        self.lasts = True

    def is_quiet(self) -> bool:
        """Say whether nothing came after the last answer: an end, as a rule."""
        return not self._poll.poll(0)

    def ask(
        self, method: str, request: bytes, seconds: float | None
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of the answer."""
        self._sock.settimeout(seconds)
        # Who is sent too much answers so and stops listening.
        with suppress(BrokenPipeError):
            self._sock.sendall(request)
        status = 100
        while status < 200:
            status, headers = _read_head(self._file)
        self.lasts = "close" not in headers.get("connection", "").lower()
        if method == "HEAD" or status in _EMPTY:
            return status, headers, b""
        return status, headers, self._body(headers)

    def close(self) -> None:
        """End it."""
        self._file.close()
        self._opened.close()

    def _body(self, headers: Mapping[str, str]) -> bytes:
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return _read_chunks(self._file)
        if "content-length" in headers:
            return _read(self._file, _number(headers["content-length"], 10))
        self.lasts = False
        return self._file.read()


def _head(
    method: str, target: str, headers: Mapping[str, str], body: bytes | None
) -> bytes:
    lines = [f"{method} {target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body or method in ("POST", "PUT"):
        lines.append(f"content-length: {len(body or b'')}")
    text = "\r\n".join((*lines, "", ""))
    if text.count("\n") != len(lines) + 1 or text.count("\r") != len(lines) + 1:
        raise ValueError("A line break in a header would start another.")
    return text.encode("latin-1")


def _lower(headers: HttpHeaders) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _read_head(file: IO[bytes]) -> tuple[int, dict[str, str]]:
    words = _line(file).split(None, 2)
    if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or len(words[1]) != 3:
        raise BrokenAnswerError("The answer does not begin as one of HTTP.")
    found: dict[str, str] = {}
    if words[0] == b"HTTP/1.0":
        found["connection"] = "close"
    for _ in range(_LINES):
        line = _line(file)
        if not line:
            return _number(words[1].decode("latin-1"), 10), found
        name, _, value = line.decode("latin-1").partition(":")
        name, value = name.lower(), value.strip()
        found[name] = f"{found[name]}, {value}" if name in found else value
    raise BrokenAnswerError("The head of the answer has no end.")


def _line(file: IO[bytes]) -> bytes:
    line = file.readline(_LONGEST)
    if not line.endswith(b"\n"):
        raise BrokenAnswerError("The answer ends before its head does.")
    return line.rstrip(b"\r\n")


def _read_chunks(file: IO[bytes]) -> bytes:
    """Return the body that came in pieces; what stands behind it is passed over."""
    pieces = []
    while size := _number(_line(file).partition(b";")[0].decode("latin-1"), 16):
        pieces.append(_read(file, size))
        _line(file)
    while _line(file):
        pass
    return b"".join(pieces)


def _read(file: IO[bytes], size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise BrokenAnswerError("The answer ends before its body does.")
    return data


def _number(text: str, base: int) -> int:
    try:
        return int(text.strip(), base)
    except ValueError:
        raise BrokenAnswerError("A number of the answer is none.") from None


def _translated(fault: Exception) -> TransportError:
    if isinstance(fault, opening.NewConnectionError):  # for urllib3 a kind of time-out
        return NoConnectionError(str(fault), errors=(fault,))
    if isinstance(fault, TimeoutError | opening.ConnectTimeoutError):
        return ConnectionTimeout("Connection timed out during request", errors=(fault,))
    if isinstance(fault, ssl.SSLError | opening.SSLError):
        return TlsError(str(fault), errors=(fault,))
    return NoConnectionError(str(fault), errors=(fault,))
