"""Raw requests that no client sends by accident, against the running server."""

import socket
from contextlib import closing

import pytest

from tests.api.live import Live, until

pytestmark = pytest.mark.server


def raw(port: int, request: bytes) -> tuple[int, bytes, bool]:
    """Return status, bytes, and whether the connection was closed after the answer."""
    with closing(socket.create_connection(("127.0.0.1", port), 5)) as client:
        client.sendall(request)
        client.settimeout(2)
        answer, closed = b"", False
        try:
            while not closed:
                piece = client.recv(65_536)
                answer, closed = answer + piece, not piece
        except TimeoutError:
            closed = False
        except ConnectionResetError:
            closed = True
    return int(answer.split(b" ", 2)[1]), answer, closed


POST = b"POST /v1/search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"
HOSTILE = {
    "length and chunks": CHUNKED
    + b"Content-Length: 5\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
    "a list of lengths": POST + b"Content-Length: 5, 5\r\n\r\nabcde",
    "a negative length": POST + b"Content-Length: -5\r\n\r\nabcde",
    "a length with a sign": POST + b"Content-Length: +5\r\n\r\nabcde",
    "a hexadecimal length": POST + b"Content-Length: 0x5\r\n\r\nabcde",
    "an identity coding": POST + b"Transfer-Encoding: identity\r\n\r\nabcde",
    "identity behind chunked": POST
    + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "an unknown coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": CHUNKED.replace(b"1.1", b"1.0") + b"\r\n0\r\n\r\n",
    "a chunk of no size": CHUNKED + b"\r\nZZ\r\nabcde\r\n0\r\n\r\n",
    "a chunk without its end": CHUNKED + b"\r\n2\r\n{}XX0\r\n\r\n",
    "an extension without value": CHUNKED + b"\r\n2;x=\r\n\r\n{}\r\n0\r\n\r\n",
    "bare line feeds": b"GET /healthz HTTP/1.1\nHost: x\n\n",
    "a folded header": GET + b"X: a\r\n b\r\n\r\n",
    "a NUL in a header": GET + b"X: a\x00b\r\n\r\n",
    "a NUL in the address": b"GET /health\x00z HTTP/1.1\r\nHost: x\r\n\r\n",
    "a byte in the address": b"GET /v1/count?q=\xff HTTP/1.1\r\nHost: x\r\n\r\n",
    "two hosts": GET + b"Host: y\r\n\r\n",
    "a space before the colon": b"GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n",
    "two spaces": b"GET  /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "no version": b"GET /healthz\r\n\r\n",
    "an unknown version": b"GET /healthz HTTP/9.1\r\nHost: x\r\n\r\n",
    "a long line": b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a long header": GET + b"X: " + b"a" * 9_000 + b"\r\n\r\n",
    "many headers": GET + b"".join(b"X-%d: a\r\n" % n for n in range(70)) + b"\r\n",
}
NOT_A_HOST = {
    "none": b"",
    "an empty one": b"Host:\r\n",
    "one with a space": b"Host: a b\r\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_request_that_could_smuggle_is_refused_and_its_connection_closed(
    name: str, live: Live
) -> None:
    status, answer, closed = raw(live.port, HOSTILE[name])
    assert 400 <= status < 500 or (name, status) == ("an unknown coding", 501)
    assert closed
    assert answer.count(b"HTTP/1.1 ") <= 1
    assert b"Traceback" not in answer


@pytest.mark.parametrize("name", NOT_A_HOST)
def test_a_request_without_a_host_is_refused(name: str, live: Live) -> None:
    status, answer, _ = raw(
        live.port,
        b"GET /healthz HTTP/1.1\r\nConnection: close\r\n" + NOT_A_HOST[name] + b"\r\n",
    )
    assert status == 400
    assert b"/problems/bad-request" in answer


def test_an_old_client_needs_no_host(live: Live) -> None:
    assert raw(live.port, b"GET /healthz HTTP/1.0\r\n\r\n")[0] == 200


def test_the_log_of_the_server_is_one_object_a_line(live: Live) -> None:
    raw(live.port, HOSTILE["a NUL in the address"])
    raw(live.port, b"GET /%0aforged HTTP/1.0\r\nX-Request-ID: logged-%0a\r\n\r\n")
    live.ask("/v1/count?q=x", headers={"X-Request-ID": "found-in-the-log"})
    until(lambda: "found-in-the-log" in live.log.read_text())
    lines = live.lines()
    [mine] = [each for each in lines if each.get("request_id") == "found-in-the-log"]
    assert (mine["path"], mine["query"], mine["status"]) == ("/v1/count", "q=x", 200)
    assert mine["ms"] > 0
    assert all("event" in line and "level" in line for line in lines)
