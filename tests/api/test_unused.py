"""Parameters that change nothing of an answer are told, and taken all the same."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from schemas.views import VIEWS
from tests.api.archive import articles
from tests.reference import ReferenceEngine


@pytest.fixture(autouse=True)
def archive(engine: ReferenceEngine) -> None:
    engine.index(articles(20))


def told(client: FlaskClient, address: str) -> list[Any]:
    answer = client.get(f"/v1/{address}")
    assert answer.status_code == 200, answer.text
    warnings = (answer.json or {}).get("warnings", [])
    return [one for one in warnings if one["code"] == "unused-parameter"]


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("facets/tag?limit=5", "size"),
        ("facets/tag?facet.size=5", "size"),
        ("facets/tag?facet.tag.size=5", "size"),
        ("facets/tag?facet.sort=name", "sort"),
        ("facets/tag?highlight=body", None),
        ("facets/tag?page=2", None),
        ("timeline?limit=5", None),
        ("timeline?sort=oldest", "top"),
        ("timeline?facet=tag", "by"),
        ("timeline?by=tag&facet.person.size=5", "by"),
        ("count?limit=5", None),
        ("count?interval=day", None),
    ],
)
def test_a_parameter_that_changes_nothing_is_told(
    address: str, meant: str | None, client: FlaskClient
) -> None:
    [warning] = told(client, address)
    name, _, value = address.rpartition("&")[2].rpartition("?")[2].partition("=")
    assert (warning["parameter"], warning["value"]) == (name, value)
    assert warning.get("suggestions", [None]) == [meant]


@pytest.mark.parametrize(
    "address",
    [
        "facets/tag?size=5&sort=name&match=e&facet.mode=and&strict=true",
        "timeline?interval=day&by=tag&facet.size=3&facet.tag.size=2&facet.sort=name",
        "timeline?top=true&sort=oldest&fields=title&tz=Europe/Berlin&date=published",
        "count?q=carbon&tag=energy&from=2024&strict=true",
        "articles?limit=5&highlight.size=40&facet.size=3&sort=newest",
    ],
)
def test_a_parameter_that_changes_something_is_not_told(
    address: str, client: FlaskClient
) -> None:
    assert told(client, address) == []


def test_a_parameter_inside_of_another_is_told_with_its_name(
    client: FlaskClient,
) -> None:
    for address in ("significant?against=limit%3D3", "timeline?compare=limit%3D3"):
        [warning] = told(client, address)
        name = address.partition("?")[2].partition("=")[0]
        assert (warning["parameter"], warning["value"]) == (name, "limit=3")


def test_the_same_question_is_taken_on_every_path_that_counts(
    client: FlaskClient,
) -> None:
    question = "q=carbon&limit=3&sort=newest&facet=tag&highlight=title&fields=title"
    total = client.get(f"/v1/articles?{question}").headers["X-Total-Count"]
    for path in ("count", "timeline", "facets/person"):
        asked = question.replace("sort=newest&", "") if "facets" in path else question
        assert client.get(f"/v1/{path}?{asked}").headers["X-Total-Count"] == total


def test_no_view_takes_what_it_neither_needs_nor_tells(client: FlaskClient) -> None:
    shaped = VIEWS["articles"].fields.keys() - VIEWS["significant"].fields.keys()
    for path in ("significant", "graph"):
        for name in shaped - VIEWS[path].fields.keys():  # type: ignore[index]
            assert client.get(f"/v1/{path}?{name}=1").status_code == 400
