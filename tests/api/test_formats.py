"""Every view in its formats: by suffix, by Accept, and the two agree."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from api.settings import Settings
from tests.api.archive import articles
from tests.application import application
from tests.reference import ReferenceEngine

VIEWS = {
    "/v1/articles": {"json": "application/json"},
    "/v1/count": {"json": "application/json", "txt": "text/plain"},
    "/v1/timeline": {"json": "application/json", "csv": "text/csv"},
    "/v1/facets/tag": {"json": "application/json", "csv": "text/csv"},
}
QUESTION = "?q=tax&limit=100"  # on one page: a cursor has the time in it
FORMS = [
    (path, suffix, kind)
    for path, kinds in VIEWS.items()
    for suffix, kind in kinds.items()
]


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    engine = ReferenceEngine()
    engine.index(articles(20))
    return application(Settings(log="off"), engine).test_client()


def content(answer: Any) -> Any:
    """Return an answer without what differs from one time to the next."""
    if answer.mimetype != "application/json":
        return answer.data
    return {key: answer.json[key] for key in answer.json if key != "took_ms"}


@pytest.mark.parametrize(("path", "suffix", "kind"), FORMS)
def test_a_suffix_and_accept_agree(
    path: str, suffix: str, kind: str, client: FlaskClient
) -> None:
    named = client.get(f"{path}.{suffix}{QUESTION}")
    wanted = client.get(f"{path}{QUESTION}", headers={"Accept": kind})
    assert named.mimetype == wanted.mimetype == kind
    assert content(named) == content(wanted)
    assert "Accept" in wanted.vary
    assert "Accept" not in named.vary


@pytest.mark.parametrize(("path", "suffix", "kind"), FORMS)
def test_a_suffix_wins_over_accept(
    path: str, suffix: str, kind: str, client: FlaskClient
) -> None:
    answer = client.get(f"{path}.{suffix}", headers={"Accept": "image/png"})
    assert (answer.status_code, answer.mimetype) == (200, kind)


@pytest.mark.parametrize("path", VIEWS)
def test_a_suffix_that_a_view_does_not_have_is_not_found(
    path: str, client: FlaskClient
) -> None:
    assert client.get(f"{path}.xls").status_code == 404


@pytest.mark.parametrize("path", VIEWS)
def test_the_first_format_is_for_clients_that_take_any(
    path: str, client: FlaskClient
) -> None:
    for headers in ({}, {"Accept": "*/*"}, {"Accept": "image/png, */*;q=0.1"}):
        assert client.get(path, headers=headers).mimetype == "application/json"


@pytest.mark.parametrize("path", VIEWS)
def test_a_view_that_cannot_be_had_as_wanted_names_the_formats_it_has(
    path: str, client: FlaskClient
) -> None:
    answer = client.get(path, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    for kind in VIEWS[path].values():
        assert kind in (answer.json or {})["detail"]


def test_a_table_is_saved_under_the_name_of_what_is_in_it(client: FlaskClient) -> None:
    answer = client.get("/v1/facets/tag.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tag.csv"'
    again = client.get(
        "/v1/facets/tag.csv", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("suffix", ["ninjs", "jsonld"])
def test_a_format_of_an_article_can_only_be_read(
    suffix: str, client: FlaskClient
) -> None:
    path = f"/v1/articles/a001.{suffix}"
    for method in ("PUT", "DELETE"):
        answer = client.open(path, method=method, json={})
        assert answer.status_code == 405
    allowed = client.options(path).headers["Allow"]
    assert set(allowed.split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert client.get("/v1/articles/a001").status_code == 200
