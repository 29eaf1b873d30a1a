"""What the Elasticsearch engine sends, to be sent again without it.

Both sides of a comparison then ask the server the very same, so that what is left is the
time of everything around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import orjson

from schemas import echo
from schemas.articles import load
from schemas.queries import load as load_query
from scripts.bench.clients import Client
from scripts.bench.questions import Question
from search.catalog import FACET_FIELDS
from search.connection import connect
from search.elastic.changes import ARRIVALS, Row, draft
from search.elastic.cluster import Access, Answer, Cluster
from search.elastic.labels import Names
from search.elastic.searching import Search
from search.request import SearchRequest
from search.text import slug

JSON: Final = "application/json"
LINES: Final = "application/x-ndjson"

_BULK: Final = 500


@dataclass(frozen=True, slots=True)
class Sent:
    """One request to the server, ready to be sent again."""

    path: str
    body: bytes
    kind: str = JSON

    def send(self, client: Client) -> bytes:
        """Send it; return the answer."""
        return client.post(self.path, self.body, self.kind)


class Recorder(Cluster):
    """A cluster that notes what it is asked."""

    def __init__(self, access: Access) -> None:
        super().__init__(access)
        self.sent: list[Sent] = []

    def ask(
        self,
        verb: Any,
        path: str,
        body: Mapping[str, Any] | None = None,
        /,
        *,
        seconds: float | None = None,
        **params: str,
    ) -> Answer:
        """Note a request of JSON and ask it."""
        self.sent.append(Sent(_address(path, params), orjson.dumps(body)))
        return super().ask(verb, path, body, seconds=seconds, **params)

    def ask_lines(
        self,
        path: str,
        lines: Iterable[bytes],
        /,
        *,
        seconds: float | None = None,
        **params: str,
    ) -> Answer:
        """Note a request of lines and ask it."""
        kept = list(lines)
        content = b"\n".join(kept) + b"\n"
        self.sent.append(Sent(_address(path, params), content, LINES))
        return super().ask_lines(path, kept, seconds=seconds, **params)


@dataclass(frozen=True, slots=True)
class Prepared:
    """One question for all three: ours, by hand, and the engine's own requests."""

    ours: str
    by_hand: str
    sent: tuple[Sent, ...]


def prepared(url: str, archive: str, questions: Iterable[Question]) -> list[Prepared]:
    """Return the questions, names resolved as the API does, and known to it already."""
    with (
        closing(Recorder(Access((url,)))) as recorder,
        closing(connect(f"{url}/{archive}")) as engine,
    ):
        search, found = Search(recorder, archive, Names()), []
        for each in questions:
            query = load_query(each.dateline, "articles", now=datetime.now(UTC))
            asked = echo.resolve(query, engine).request
            search.answer(asked)
            recorder.sent.clear()
            search.answer(asked)
            ours, _ = each.paths
            found.append(Prepared(ours, _by_hand(each, asked), tuple(recorder.sent)))
        return found


def _by_hand(question: Question, asked: SearchRequest) -> str:
    """Return the address for the service by hand, which knows ids and no names."""
    pairs = [pair for pair in question.minimal if pair[0] not in FACET_FIELDS]
    for selection in asked.selections:
        ids = selection.ids or tuple(map(slug, selection.values))
        pairs += [(selection.field, each) for each in ids]
    return f"/ask?{urlencode(pairs)}"


def bulks(file: Path, archive: str) -> Iterator[Sent]:
    """Yield requests that write the file's articles, as the engine would make them."""
    with file.open("rb") as lines:
        documents = (_document(line) for line in lines)
        while some := list(islice(documents, _BULK)):
            body = b"\n".join(line for pair in some for line in pair) + b"\n"
            yield Sent(f"/{archive}-000001/_bulk", body, LINES)


def _document(line: bytes) -> tuple[bytes, bytes]:
    now = datetime.now(UTC)
    article = load(orjson.loads(line), now=now)
    version = int(now.timestamp() * 1_000_000)
    row = Row(draft(article), version, now, ARRIVALS.give(), ())
    return orjson.dumps({"create": {"_id": article.id}}), row.document()


def _address(path: str, params: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(params)}" if params else path
