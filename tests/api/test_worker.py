import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.processes import environment, free_port, running

ROOT = Path(__file__).parents[2]
THREADS = 4


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("worker")
    number = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "-c", "tests/worker_conf.py"),
        *("-b", f"127.0.0.1:{number}", "tests.plain:application"),
    ]
    with running(command, folder / "log", ROOT, environment()):
        wait(number)
        yield number


def wait(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server did not start")


def ask(port: int) -> float:
    start = time.monotonic()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
        assert answer.status == 200
    return time.monotonic() - start


def stalled(port: int, head: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port))
    client.sendall(head)
    return client


def drip(client: socket.socket, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        client.sendall(b"x")
        time.sleep(0.5)


def test_clients_that_send_half_a_head_are_let_go_in_time(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(THREADS * 2):
            stack.enter_context(closing(stalled(port, b"GET / HTTP/1.1\r\nHost: x")))
        assert ask(port) < 5


def test_a_client_that_drips_its_head_is_let_go_in_time(port: int) -> None:
    with closing(stalled(port, b"GET / HTTP/1.1\r\nHost: x\r\n")) as client:
        client.settimeout(1)
        start = time.monotonic()
        while time.monotonic() < start + 12:
            try:
                client.sendall(b"X")
                if not client.recv(1):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        assert time.monotonic() - start < 5


def test_clients_that_stop_in_the_middle_of_a_body_are_let_go(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf"
    with ExitStack() as stack:
        for _ in range(THREADS):
            stack.enter_context(closing(stalled(port, head)))
        assert ask(port) < 8


def test_a_body_that_drips_is_let_go(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
    with closing(stalled(port, head)) as client:
        start = time.monotonic()
        with pytest.raises(OSError, match=r"pipe|reset"):
            drip(client, seconds=15)
        assert time.monotonic() - start < 8


def test_an_ordinary_body_arrives_whole(port: int) -> None:
    url = f"http://127.0.0.1:{port}/"
    with urllib.request.urlopen(url, b"x" * 5_000_000, timeout=10) as answer:
        assert answer.read() == b"5000000"


def test_a_kept_connection_serves_several_requests(port: int) -> None:
    request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
    with closing(stalled(port, request)) as client:
        client.settimeout(5)
        for _ in range(3):
            answer = b""
            while not answer.endswith(b"0\r\n\r\n"):
                answer += client.recv(4096)
            assert answer.startswith(b"HTTP/1.1 200")
            client.sendall(request)
