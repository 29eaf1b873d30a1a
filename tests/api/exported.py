"""How tests export, and read what comes out."""

import csv
import io
import json
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.settings import Settings
from search.article import Article
from tests.application import application
from tests.reference import ReferenceEngine


def holding(*held: Article) -> FlaskClient:
    engine = ReferenceEngine()
    engine.index(held)
    return application(Settings(log="off"), engine).test_client()


def export(
    client: FlaskClient, query: str = "", suffix: str = "ndjson"
) -> TestResponse:
    answer = client.get(f"/v1/articles.{suffix}?{query}")
    assert answer.status_code == 200, answer.text
    return answer


def lines(client: FlaskClient, query: str = "") -> list[Any]:
    return [json.loads(line) for line in export(client, query).text.splitlines()]


def rows(client: FlaskClient, query: str = "") -> list[list[str]]:
    text = export(client, query, "csv").text
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def records(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    header, *found = rows(client, query)
    return [dict(zip(header, row, strict=True)) for row in found]


def refused(client: FlaskClient, query: str, suffix: str = "ndjson") -> Any:
    answer = client.get(f"/v1/articles.{suffix}?{query}")
    assert answer.status_code == 400, answer.text
    return answer.json
