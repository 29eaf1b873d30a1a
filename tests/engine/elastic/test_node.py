"""What goes over the wire to a node, and what is made of any answer; no server needed."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

import pytest
from elastic_transport import (
    ConnectionError as NoConnectionError,
    ConnectionTimeout,
    HttpHeaders,
    NodeConfig,
    TlsError,
)

from search.elastic.node import Node

WELL = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
LAST = b"HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length: 2\r\n\r\n{}"


@dataclass
class Wire:
    """A server of plain bytes: `replies` to one request after the other.

    A connection ends with an answer that says so, or has no length.
    """

    replies: list[bytes]
    port: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    ended: Event = field(default_factory=Event)

    def serve(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                self.connections += 1
                with connection, suppress(ConnectionError):
                    self._answer(connection)
                self.ended.set()

    def _answer(self, connection: socket.socket) -> None:
        while self.replies and (request := connection.recv(65_536)):
            self.requests.append(request)
            reply = self.replies.pop(0)
            connection.sendall(reply)
            lasts = b"-length" in reply or b"chunked" in reply
            if not lasts or b"close" in reply or b"/1.0" in reply:
                return


@contextmanager
def wire(*replies: bytes) -> Iterator[Wire]:
    listening = socket.create_server(("127.0.0.1", 0))
    made = Wire(list(replies), listening.getsockname()[1])
    thread = Thread(target=made.serve, args=(listening,))
    thread.start()
    try:
        yield made
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


@contextmanager
def node(port: int, scheme: str = "http", prefix: str = "") -> Iterator[Node]:
    config = NodeConfig(scheme, "127.0.0.1", port, prefix, request_timeout=20.0)
    with closing(Node(config)) as made:
        yield made


def answered(reply: bytes, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    with wire(reply) as server, node(server.port) as asked:
        meta, body = asked.perform_request(method, "/")
        return meta.status, dict(meta.headers.items()), body


def test_a_connection_is_kept_for_the_next_question() -> None:
    with wire(WELL, WELL, WELL) as server, node(server.port) as asked:
        for _ in range(3):
            assert asked.perform_request("GET", "/").body == b"{}"
        assert server.connections == 1


@pytest.mark.parametrize(
    "reply", [LAST, LAST.replace(b"1.1", b"1.0", 1), WELL.replace(b"1.1", b"1.0")]
)
def test_a_connection_that_ends_with_its_answer_is_not_used_again(reply: bytes) -> None:
    with wire(reply, WELL) as server, node(server.port) as asked:
        asked.perform_request("GET", "/")
        assert asked.perform_request("GET", "/").meta.status == 200
        assert server.connections == 2


def test_a_connection_that_was_ended_while_nobody_asked_is_replaced() -> None:
    ends = WELL.replace(b"OK", b"OK close")  # for the server of this test alone
    with wire(ends, WELL) as server, node(server.port) as asked:
        asked.perform_request("GET", "/")
        assert server.ended.wait(20)
        assert asked.perform_request("GET", "/").body == b"{}"
        assert server.connections == 2


def test_a_request_says_what_it_is() -> None:
    with wire(WELL) as server, node(server.port, prefix="/search") as asked:
        headers = HttpHeaders({"Authorization": "ApiKey a2V5"})
        asked.perform_request("POST", "/a?b=c", b"{}", headers)
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        assert first == b"POST /search/a?b=c HTTP/1.1"
        assert {
            f"host: 127.0.0.1:{server.port}".encode(),
            b"authorization: ApiKey a2V5",
            b"content-length: 2",
            b"connection: keep-alive",
        } <= set(lines)
        assert body == b"{}"


@pytest.mark.parametrize("wrong", ["a\r\nx: y", "a\nb", "a\rb"])
def test_a_header_cannot_bring_another(wrong: str) -> None:
    with wire() as server, node(server.port) as asked:
        with pytest.raises(ValueError, match="line break"):
            asked.perform_request("GET", "/", None, HttpHeaders({"x": wrong}))
        with pytest.raises(ValueError, match="line break"):
            asked.perform_request("GET", f"/{wrong}")
        assert not server.connections


def test_an_answer_in_pieces_is_put_together() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces = b'3\r\n{"a\r\nA;more=1\r\n":[1,2,3]}\r\n0\r\nX-Sum: 1\r\n\r\n'
    with wire(head + pieces, WELL) as server, node(server.port) as asked:
        assert asked.perform_request("GET", "/").body == b'{"a":[1,2,3]}'
        assert asked.perform_request("GET", "/").body == b"{}"
        assert server.connections == 1


def test_an_answer_without_a_length_goes_on_to_the_end_of_its_connection() -> None:
    assert answered(b"HTTP/1.1 200 OK\r\n\r\n[1]")[2] == b"[1]"


def test_what_only_says_that_an_answer_will_come_is_passed_over() -> None:
    status, _, body = answered(b"HTTP/1.1 100 Continue\r\n\r\n" + WELL)
    assert (status, body) == (200, b"{}")


@pytest.mark.parametrize(
    ("method", "status"), [("HEAD", 200), ("HEAD", 404), ("GET", 204), ("GET", 304)]
)
def test_where_no_body_can_come_none_is_waited_for(method: str, status: int) -> None:
    reply = f"HTTP/1.1 {status} Said\r\ncontent-length: 9\r\n\r\n".encode()
    assert answered(reply, method) == (status, {"content-length": "9"}, b"")


def test_a_header_that_comes_twice_is_one_of_both() -> None:
    reply = WELL.replace(b"\r\n\r\n", b"\r\nWarning: a\r\nwarning:b \r\n\r\n")
    assert answered(reply)[1]["warning"] == "a, b"


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"\x15\x03\x01",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 2x0 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: y",
        b"HTTP/1.1 200 OK\r\n" + 201 * b"x: y\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + 70_000 * b"y",
        b"HTTP/1.1 200 OK\r\ncontent-length: close\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 9\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nx: close\r\n\r\n9\r\n{}",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nx: close\r\n\r\nz\r\n{}",
    ],
)
def test_what_is_no_answer_or_not_all_of_one_is_a_lost_connection(reply: bytes) -> None:
    with wire(reply, WELL) as server, node(server.port) as asked:
        with pytest.raises(NoConnectionError):
            asked.perform_request("GET", "/")
        assert asked.perform_request("GET", "/").body == b"{}"
        assert server.connections == 2


def test_silence_is_a_timeout_and_its_connection_is_not_used_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with node(silent.getsockname()[1]) as asked:
            for _ in range(2):
                with pytest.raises(ConnectionTimeout):
                    asked.perform_request("GET", "/", request_timeout=0.05)
        for _ in range(2):
            silent.accept()[0].close()


def test_where_nobody_listens_is_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with node(port) as asked, pytest.raises(NoConnectionError):
        asked.perform_request("GET", "/")


def test_a_server_that_does_not_speak_tls_is_told_apart() -> None:
    with (
        wire(WELL) as server,
        node(server.port, "https") as asked,
        pytest.raises(TlsError),
    ):
        asked.perform_request("GET", "/")


def refusing(listening: socket.socket) -> None:
    """Answer before all has come, and listen no more."""
    connection, _ = listening.accept()
    with connection:
        connection.recv(1000)
        refusal = b"HTTP/1.1 413 No\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}"
        connection.sendall(refusal)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1 << 20):
            pass


def test_an_answer_that_comes_before_all_is_sent_is_read() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=refusing, args=(listening,))
        thread.start()
        with node(listening.getsockname()[1]) as asked:
            body = bytes(5_000_000)
            assert asked.perform_request("POST", "/", body).meta.status == 413
        thread.join()


def test_an_address_of_ip_6_stands_in_brackets() -> None:
    with closing(Node(NodeConfig("http", "::1", 9200))) as asked:
        assert asked.base_url == "http://[::1]:9200"


def test_a_connection_in_use_is_ended_when_its_node_was_closed_meanwhile() -> None:
    with wire(WELL, WELL) as server, node(server.port) as asked:
        asked.close()
        asked.perform_request("GET", "/")
        assert server.ended.wait(5)


def test_a_node_that_nobody_has_any_more_ends_its_connections() -> None:
    with wire(WELL, WELL) as server:
        Node(NodeConfig("http", "127.0.0.1", server.port)).perform_request("GET", "/")
        assert server.ended.wait(5)
