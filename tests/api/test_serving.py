"""gunicorn with two workers: what outlives a worker, a signal, a hostile client."""

import http.client
import json
import os
import random
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.api.live import (
    NDJSON,
    Live,
    ask,
    demo,
    load,
    serving,
    until,
)

pytestmark = pytest.mark.server

QUESTION = "/v1/articles?q=merger&facet=company&limit=3"
CLIENTS = 8


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Live]:
    """A server of the test's own, which it may hurt."""
    with serving(tmp_path, "--workers", "2", "--threads", "16") as server:
        load(server, list(demo())[:40])
        yield server


def counted(live: Live, endpoint: str) -> float:
    text = live.ask("/metrics").body.decode()
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "dateline_requests_total"
        and sample.labels["endpoint"] == endpoint
    )


class Crowd:
    """Clients that ask all the time; what became of their requests is counted."""

    def __init__(self, live: Live, clients: int = CLIENTS) -> None:
        self.live = live
        self.seen: Counter[str] = Counter()
        self.slowest = 0.0
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self._ask) for _ in range(clients)]

    def __enter__(self) -> "Crowd":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def broken(self) -> int:
        return self.seen.total() - self.seen["200"]

    def _ask(self) -> None:
        while not self.stopped.is_set():
            start = time.monotonic()
            try:
                outcome = str(self.live.ask(QUESTION).status)
            except (OSError, http.client.HTTPException) as error:
                outcome = type(error).__name__
            self.slowest = max(self.slowest, time.monotonic() - start)
            self.seen[outcome] += 1


def test_metrics_are_the_sum_over_workers_that_live_and_that_died(own: Live) -> None:
    before = counted(own, "counts.count")
    spread = Counter(own.ask("/v1/count").status for _ in range(40))
    assert spread == {200: 40}
    assert counted(own, "counts.count") == before + 40
    own.kill_worker()
    until(lambda: own.ask("/readyz").status == 200)
    # The page comes from either worker and says the same.
    assert {counted(own, "counts.count") for _ in range(8)} == {before + 40}


@pytest.mark.slow
def test_a_worker_that_is_killed_takes_only_its_own_requests_along(own: Live) -> None:
    kills = 10
    with Crowd(own) as crowd:
        for _ in range(kills):
            started = time.monotonic()
            own.kill_worker()
            until(lambda since=started: time.monotonic() > since + 1)
    assert crowd.seen["200"] > 5 * kills
    assert crowd.broken() <= CLIENTS * kills, crowd.seen
    assert crowd.slowest < 10
    assert crowd.seen.keys() <= {
        *("200", "ConnectionResetError", "RemoteDisconnected", "BrokenPipeError"),
        "IncompleteRead",
    }
    until(lambda: len(own.workers()) == 2)
    assert own.ask("/readyz").json["status"] == "ready"


def test_a_reload_breaks_no_request(own: Live) -> None:
    before = set(own.workers())
    with Crowd(own) as crowd:
        until(lambda: crowd.seen.total() > 50)
        os.kill(own.pid, signal.SIGHUP)
        until(lambda: not before & set(own.workers()), 40)
        done = crowd.seen.total()
        until(lambda: crowd.seen.total() > done + 50)
    assert crowd.broken() == 0, crowd.seen


def test_a_stop_answers_the_requests_that_were_read(own: Live) -> None:
    body = "".join(list(demo())[40:90]).encode()
    half = len(body) // 2
    with closing(socket.create_connection(("127.0.0.1", own.port), 20)) as client:
        head = f"Host: x\r\nContent-Type: {NDJSON}\r\nContent-Length: {len(body)}\r\n"
        client.sendall(f"POST /v1/articles HTTP/1.1\r\n{head}\r\n".encode())
        client.sendall(body[:half])
        until(lambda: has_begun(own))
        started = time.monotonic()
        os.kill(own.pid, signal.SIGTERM)
        # The worker that reads nothing has ended; the other one waits for us.
        until(lambda: len(own.workers()) == 1)
        client.sendall(body[half:])
        answer = http.client.HTTPResponse(client)
        answer.begin()
        report = json.loads(answer.read())
    assert (answer.status, report["created"]) == (200, 50)
    until(
        lambda: (
            not Path(f"/proc/{own.pid}/task/{own.pid}/children").exists()
            or not own.workers()
        ),
        30,
    )
    assert time.monotonic() - started < 30


def has_begun(live: Live) -> bool:
    """Say whether a worker has read something that is not answered yet.

    The head is with a worker as soon as the kernel holds nothing of it any more.
    """
    table = Path("/proc/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in table]
    port = f":{live.port:04X}"
    mine = [row for row in rows if row[1].endswith(port) and row[3] == "01"]
    return bool(mine) and all(row[4].endswith(":00000000") for row in mine)


def test_what_one_worker_wrote_every_worker_finds(live: Live) -> None:
    body = {"id": "seen-by-all", "title": "Qwertzuiop", "published_at": "2024-01-01"}
    assert live.ask("/v1/articles?refresh=true", "POST", body).status == 201
    try:
        for _ in range(16):
            assert live.ask("/v1/count?q=qwertzuiop").json["total"] == 1
            assert live.ask("/v1/articles/seen-by-all").status == 200
    finally:
        assert live.ask("/v1/articles/seen-by-all", "DELETE").status == 204


def test_a_written_article_is_read_at_once_from_every_worker(live: Live) -> None:
    try:
        for number in range(40):
            body = {"title": f"Number {number}", "published_at": "2024-01-01"}
            written = live.ask(
                "/v1/articles/rewritten",
                "PUT",
                body,
                {"If-Match": "*"} if number else {},
            )
            assert written.status in (200, 201), written.body
            seen = live.ask("/v1/articles/rewritten")
            assert seen.json["title"] == f"Number {number}"
            assert seen.headers["etag"] == written.headers["etag"]
    finally:
        live.ask("/v1/articles/rewritten", "DELETE")


def count_up(live: Live, times: int, seen: Counter[int]) -> None:
    """Add one to the article's number as often, by reading and writing it."""
    path = "/v1/articles/counter"
    with closing(live.connection()) as connection:
        done = 0
        while done < times:
            read = ask(connection, path)
            number = read.json["metadata"]["number"] + 1
            body = {"title": "Counter", "published_at": "2024"}
            answer = ask(
                connection,
                path,
                "PUT",
                {**body, "metadata": {"number": number}},
                {"If-Match": read.headers["etag"].rstrip('"') + random.choice(ENDS)},
            )
            seen[answer.status] += 1
            done += answer.status == 200


ENDS = ('"', ':zstd"', '-gzip"', ':br"')


def test_no_update_is_lost_between_eight_clients_that_read_and_write(
    live: Live,
) -> None:
    path, seen = "/v1/articles/counter", Counter[int]()
    body = {"title": "Counter", "published_at": "2024", "metadata": {"number": 0}}
    assert live.ask(path, "PUT", body).status == 201
    clients = [
        threading.Thread(target=count_up, args=(live, 50, seen)) for _ in range(8)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    number = live.ask(path).json["metadata"]["number"]
    assert live.ask(path, "DELETE").status == 204
    assert number == 400
    assert seen[200] == 400
    assert seen.keys() <= {200, 412}


def chunks(size: int, of: bytes) -> Iterator[bytes]:
    while size > 0:
        yield of[:size]
        size -= len(of)


@pytest.mark.parametrize(
    ("path", "limit"), [("/v1/articles", 10_000_000), ("/v1/search", 1_000_000)]
)
@pytest.mark.parametrize("chunked", [True, False], ids=["chunked", "counted"])
def test_a_body_over_its_limit_is_refused_and_never_cut(
    path: str, limit: int, chunked: bool, live: Live
) -> None:
    size = limit + 1
    body = chunks(size, b" " * 65_536) if chunked else b" " * size
    answer = live.ask(path, "POST", body, {"Content-Type": "application/json"})
    assert answer.status == 413
    assert answer.json["type"] == "/problems/too-large"
    assert f"{limit:,}" in answer.json["detail"]


def test_a_chunked_body_is_read_whole(live: Live) -> None:
    article = {"id": "chunked", "title": "In pieces", "published_at": "2024"}
    text = json.dumps({**article, "body": "word " * 100_000 + "Endwordle"}).encode()
    pieces = (text[place : place + 999] for place in range(0, len(text), 999))
    headers = {"Content-Type": "application/json"}
    try:
        answer = live.ask("/v1/articles?refresh=true", "POST", pieces, headers)
        assert answer.status == 201
        assert live.ask("/v1/count?q=endwordle").json["total"] == 1
    finally:
        live.ask("/v1/articles/chunked", "DELETE")


def test_a_slow_crowd_does_not_stop_the_service(own: Live) -> None:
    clients = [socket.create_connection(("127.0.0.1", own.port)) for _ in range(40)]
    try:
        for client in clients:
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x")
        started = time.monotonic()
        assert own.ask("/healthz").status == 200
        assert time.monotonic() - started < 15
    finally:
        for client in clients:
            client.close()
