"""The project's acceptance: one page saved as plain text, and what must find it."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.settings import Settings
from scripts.cli import run
from search.connection import connect
from search.entities import starter
from tests import cluster
from tests.application import application

pytestmark = pytest.mark.data


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    yield f"embedded:{folder}"


@pytest.fixture(scope="module")
def expected(data_folder: Path) -> Any:
    return json.loads((data_folder / "seed" / "expected.json").read_text())


def loaded(address: str, file: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATELINE_ENGINE", address)
        assert run(["load", "--quiet", str(file)]) == 0


def posted(address: str, file: Path) -> None:
    with closing(connect(address)) as engine:
        starter.begin(engine.entities)  # as `dateline serve` does
        client = application(Settings(log="off"), engine).test_client()
        answer = client.post(
            "/v1/articles?refresh=true",
            data=file.read_bytes(),
            content_type="text/plain",
        )
        assert answer.status_code == 200, answer.text


ELASTIC = pytest.mark.elasticsearch


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((embedded, loaded), id="embedded-loaded"),
        pytest.param((embedded, posted), id="embedded-posted"),
        pytest.param((cluster.archive, loaded), id="elastic-loaded", marks=ELASTIC),
        pytest.param((cluster.archive, posted), id="elastic-posted", marks=ELASTIC),
    ],
)
def client(
    request: pytest.FixtureRequest,
    data_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[FlaskClient]:
    """An archive that one command, or one POST, filled; with what ships."""
    archive, fill = request.param
    with archive(tmp_path_factory.mktemp("seed") / "data") as address:
        fill(address, data_folder / "seed" / "article.txt")
        with closing(connect(address)) as engine:
            yield application(Settings(log="off"), engine).test_client()


def article(client: FlaskClient) -> Any:
    answer = client.get("/v1/articles?fields=title,summary,tags,companies,people")
    assert answer.json is not None
    [item] = answer.json["items"]
    return item


def total(client: FlaskClient, question: dict[str, str]) -> int:
    answer = client.get("/v1/count", query_string=question)
    assert answer.json is not None
    return int(answer.json["total"])


def named(client: FlaskClient, key: str) -> set[str]:
    return {entity["name"] for entity in article(client)[key]}


def test_the_title_and_the_summary_are_those_of_the_page(
    client: FlaskClient, expected: Any
) -> None:
    found = article(client)
    assert (found["title"], found["summary"]) == (
        expected["title"],
        expected["summary"],
    )


@pytest.mark.parametrize("key", ["tags", "companies", "people"])
def test_the_names_are_those_that_the_page_names_and_no_other(
    client: FlaskClient, expected: Any, key: str
) -> None:
    assert named(client, key) == set(expected[key])


def test_a_tag_of_the_page_is_given_and_a_name_in_its_text_is_found(
    client: FlaskClient,
) -> None:
    found = article(client)
    assert {entity["from"] for entity in found["tags"]} == {"given"}
    assert {e["from"] for key in ("companies", "people") for e in found[key]} == {
        "found"
    }


def test_it_is_found_by_all_that_must_find_it(
    client: FlaskClient, expected: Any
) -> None:
    assert [total(client, each) for each in expected["must_find"]] == [1] * len(
        expected["must_find"]
    )


def test_it_is_found_by_nothing_that_must_not(
    client: FlaskClient, expected: Any
) -> None:
    assert [total(client, each) for each in expected["must_not_find"]] == [0] * len(
        expected["must_not_find"]
    )


def test_other_names_of_its_companies_find_it(
    client: FlaskClient, expected: Any
) -> None:
    for name in expected["companies_also_named"]:
        assert total(client, {"company": name}) == 1
