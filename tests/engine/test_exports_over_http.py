"""Exports at the wire, on every engine: what streams out is what a search finds."""

import csv
import io
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from api.settings import Settings
from search.article import Article, ArticleId
from search.engine import Engine
from tests.application import application
from tests.corpus import SAME, article
from tests.engine.archive import Archive
from tests.engine.engines import Entry

QUESTIONS = {
    "": "oldest",
    "q=tax OR bank&tag=energy": "newest",
    "company=Shell plc&company=bp&lang.not=de": "oldest",
    "q=-bank&from=2024-05&to=2024-05&date=updated": "newest",
}


def client_of(engine: Engine) -> FlaskClient:
    return application(Settings(log="off"), engine).test_client()


def exported(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(f"/v1/articles.ndjson?{query}")
    assert answer.status_code == 200, answer.text
    return [json.loads(line)["id"] for line in answer.text.splitlines()]


def tabled(client: FlaskClient, query: str) -> list[str]:
    answer = client.get(f"/v1/articles.csv?{query}&fields=id")
    return [row[0] for row in csv.reader(io.StringIO(answer.text))][1:]


def searched(client: FlaskClient, query: str) -> list[str]:
    answer = client.get(f"/v1/articles?{query}&limit=100").json or {}
    assert answer["links"]["next"] is None
    return [item["id"] for item in answer["items"]]


def test_an_export_is_the_search_is_the_count(archive: Archive) -> None:
    client, oracle = client_of(archive.engine), client_of(archive.oracle)
    for query, sort in QUESTIONS.items():
        ordered = f"{query}&sort={sort}"
        found = searched(client, ordered)
        assert exported(client, ordered) == tabled(client, ordered) == found
        assert exported(oracle, ordered) == found
        assert client.get(f"/v1/count.txt?{query}").text == f"{len(found)}\n"
        head = client.head(f"/v1/articles.csv?{query}")
        assert head.headers["X-Total-Count"] == str(len(found))


def test_the_lines_of_an_export_are_the_same_on_every_engine(archive: Archive) -> None:
    ours, oracle = client_of(archive.engine), client_of(archive.oracle)
    for suffix in ("csv", "ndjson"):
        path = f"/v1/articles.{suffix}?tz=Europe/Berlin"
        assert sorted(ours.get(path).data.splitlines()) == sorted(
            oracle.get(path).data.splitlines()
        )


def same_moment(count: int) -> Iterator[Article]:
    for number in range(count):
        yield replace(
            article(number % 50),
            id=ArticleId(f"s{number:05}"),
            published_at=SAME,
            version=None,
            indexed_at=None,
        )


@pytest.mark.slow
def test_an_export_is_whole_while_a_writer_adds_and_deletes(
    engine: Engine, entry: Entry
) -> None:
    """Articles with one timestamp, resumed in the middle of them."""
    engine.index(same_moment(entry.many), refresh=True)
    client = client_of(engine)
    stay = {f"s{number:05}" for number in range(entry.many) if number % 50}
    done = threading.Event()

    def write() -> None:
        number = 0
        while not done.is_set() and number < entry.many:
            late = replace(next(same_moment(1)), id=ArticleId(f"new{number}"))
            engine.index([late, replace(late, id=ArticleId("moved"))], refresh=True)
            engine.delete([ArticleId(f"s{number:05}")])
            number += 50

    writer = threading.Thread(target=write)
    writer.start()
    try:
        answer = client.get("/v1/articles.ndjson?fields=id", buffered=False)
        seen = [json.loads(line)["id"] for line in answer.text.splitlines()]
    finally:
        done.set()
        writer.join()
    assert len(seen) == len({*seen})
    assert stay <= {*seen}
    behind = next(each for each in seen[entry.many // 2 :] if each in stay)
    rest = exported(client, f"fields=id&after={behind}")
    first = seen[: seen.index(behind) + 1]
    assert {*first, *rest} >= stay
    assert not {*first} & {*rest} & stay


def test_an_export_of_nothing_has_a_head_line_only(engine: Engine) -> None:
    client = client_of(engine)
    assert exported(client) == []
    assert client.get("/v1/articles.csv?fields=id,title").data == b"id,title\r\n"
    late = replace(article(1), published_at=datetime(2024, 5, 1, tzinfo=UTC))
    engine.index([late], refresh=True)
    assert len(exported(client)) == 1
