"""The document says what the API does, and the API nothing that it does not say."""

import hashlib
import re
from importlib.resources import files
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from api.problems import KINDS, TYPE
from api.settings import Settings
from schemas import writes
from schemas.entities import PLURALS
from schemas.parameters import MOST_VALUES, Choice, Listing, Names, Whole
from schemas.views import VIEWS
from search.catalog import FIELDS
from tests.application import application
from tests.reference import ReferenceEngine

METHODS = ("get", "put", "post", "delete")
ASKED = {
    "/v1/articles": VIEWS["articles"],
    "/v1/articles.json": VIEWS["articles"],
    "/v1/articles.csv": VIEWS["table"],
    "/v1/articles.ndjson": VIEWS["export"],
    "/v1/count": VIEWS["count"],
    "/v1/count.json": VIEWS["count"],
    "/v1/count.txt": VIEWS["count"],
    "/v1/facets/{field}": VIEWS["facets"],
    "/v1/facets/{field}.csv": VIEWS["facets"],
    "/v1/facets/{field}.json": VIEWS["facets"],
    "/v1/timeline": VIEWS["timeline"],
    "/v1/timeline.csv": VIEWS["timeline"],
    "/v1/timeline.json": VIEWS["timeline"],
}
STATIC = files("api").joinpath("static")


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return application(Settings(), ReferenceEngine()).test_client()


@pytest.fixture(scope="module")
def document(client: FlaskClient) -> Any:
    return client.get("/v1/openapi.json").json


def operations(document: Any) -> dict[tuple[str, str], Any]:
    return {
        (method.upper(), path): found[method]
        for path, found in document["paths"].items()
        for method in METHODS
        if method in found
    }


def query_of(operation: Any) -> dict[str, Any]:
    return {
        each["name"]: each for each in operation["parameters"] if each["in"] == "query"
    }


def test_the_document_is_openapi_3_1(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_every_route_is_documented_and_nothing_else(
    client: FlaskClient, document: Any
) -> None:
    routes = {
        (method, re.sub(r"<(\w+)>", r"{\1}", rule.rule))
        for rule in client.application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == operations(document).keys()


def test_every_operation_says_what_it_does_and_answers(document: Any) -> None:
    for name, operation in operations(document).items():
        assert operation["summary"].endswith("."), name
        assert any(status.startswith("2") for status in operation["responses"]), name
        assert "default" not in operation["responses"], name


def test_every_operation_has_a_name_of_its_own(document: Any) -> None:
    names = [each["operationId"] for each in operations(document).values()]
    assert len(names) == len({*names}) == len(operations(document))


def test_every_error_is_documented_as_a_problem(document: Any) -> None:
    known = {kind.status for kind in KINDS.values()}
    for name, operation in operations(document).items():
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert int(status) in known, name
                assert list(answer["content"]) == [TYPE], name


def test_only_writes_are_documented_to_need_a_key(document: Any) -> None:
    guarded = {
        name for name, each in operations(document).items() if "security" in each
    }
    assert guarded == {
        ("POST", "/v1/articles"),
        ("PUT", "/v1/articles/{article_id}"),
        ("DELETE", "/v1/articles/{article_id}"),
        *(("PUT", f"/v1/{word}/{{entity_id}}") for word in PLURALS),
        *(("DELETE", f"/v1/{word}/{{entity_id}}") for word in PLURALS),
    }


@pytest.mark.parametrize("path", ASKED)
def test_the_parameters_of_the_document_are_those_of_the_schema(
    path: str, document: Any
) -> None:
    told = query_of(document["paths"][path]["get"])
    fields = ASKED[path].fields
    assert told.keys() == fields.keys()
    for name, field in fields.items():
        assert told[name]["description"] == field.metadata["description"]
        assert told[name]["required"] is False
        schema = told[name]["schema"]
        if isinstance(field, Choice):
            assert schema["enum"] == [*field.options]
        if isinstance(field, Whole):
            assert (schema["minimum"], schema["maximum"]) == (field.low, field.high)
        if isinstance(field, Names):
            assert (schema["type"], schema["maxItems"]) == ("array", MOST_VALUES)
        if isinstance(field, Listing):
            assert re.fullmatch(schema["pattern"], ",".join(field.options))


@pytest.mark.parametrize(
    ("method", "path", "schema"),
    [
        ("post", "/v1/articles", writes.POST),
        ("put", "/v1/articles/{article_id}", writes.PUT),
        ("delete", "/v1/articles/{article_id}", writes.DELETE),
    ],
)
def test_the_parameters_of_writes_are_documented(
    method: str, path: str, schema: Any, document: Any
) -> None:
    told = query_of(document["paths"][path][method])
    assert told.keys() == schema.fields.keys()


def test_no_parameter_is_documented_to_be_null(document: Any) -> None:
    for name, operation in operations(document).items():
        for parameter in operation["parameters"]:
            assert "null" not in str(parameter["schema"]), name
            assert parameter["schema"].get("default", 1) not in (None, "()", []), name


def test_a_new_article_has_what_the_catalogue_lets_a_client_set(document: Any) -> None:
    schema = document["components"]["schemas"]["NewArticle"]
    wanted = {field.key for field in FIELDS.values() if not field.server}
    assert schema["properties"].keys() == wanted
    assert {*schema["required"]} == {"title", "published_at"}


def test_a_question_as_a_body_has_the_same_parameters(document: Any) -> None:
    schema = document["components"]["schemas"]["SearchParameters"]
    assert schema["properties"].keys() == VIEWS["articles"].fields.keys()
    assert schema["additionalProperties"] is False


def test_no_schema_is_there_that_nothing_needs(document: Any) -> None:
    text = str(document)
    unused = {
        name
        for name in document["components"]["schemas"]
        if f"#/components/schemas/{name}'" not in text
    }
    assert unused == set()


def test_the_vendored_files_are_those_that_were_published() -> None:
    folder = STATIC.joinpath("swagger-ui")
    lines = folder.joinpath("SHA256SUMS").read_text().splitlines()
    sums = {name.lstrip("*"): total for total, name in map(str.split, lines)}
    assert {"swagger-ui-bundle.js", "swagger-ui.css"} <= sums.keys()
    for name, total in sums.items():
        content = folder.joinpath(name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == total, name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("swagger-ui-bundle.js", "text/javascript"),
        ("swagger-ui.css", "text/css"),
        ("docs.js", "text/javascript"),
        ("docs.css", "text/css"),
    ],
)
def test_an_asset_is_sent_as_what_it_is(
    name: str, kind: str, client: FlaskClient
) -> None:
    answer = client.get(f"/docs/{name}")
    assert answer.mimetype == kind
    assert answer.data
    assert "max-age" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["VERSION", "SHA256SUMS", "..%2fpages.py", "../pages.py", "docs.JS", "%2e"]
)
def test_no_other_file_is_sent(name: str, client: FlaskClient) -> None:
    assert client.get(f"/docs/{name}").status_code == 404


def test_the_address_of_the_server_shows_the_page(client: FlaskClient) -> None:
    entrance, page = client.get("/"), client.get("/docs")
    assert (entrance.status_code, entrance.text) == (200, page.text)
    policy = "Content-Security-Policy"
    assert entrance.headers[policy] == page.headers[policy]


def test_the_page_names_nothing_outside_this_server(client: FlaskClient) -> None:
    page = client.get("/docs")
    assert re.findall(r"(?:src|href)=\"(?!/)", page.text) == []
    assert "'unsafe-eval'" not in page.headers["Content-Security-Policy"]
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
