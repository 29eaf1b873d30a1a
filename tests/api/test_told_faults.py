"""Problems that say where the fault is, and what would have been right."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/v1/facets", "/v1/facets/{field}"),
        ("/v1/facets/", "/v1/facets/{field}"),
        ("/v1/companies", "/v1/companies/{entity_id}"),
        ("/problems/", "/problems/{slug}"),
    ],
)
def test_a_path_that_is_not_finished_says_what_is_missing(
    path: str, told: str, client: FlaskClient
) -> None:
    assert told in (client.get(path).json or {})["detail"]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/v1/company/shell", "/v1/companies/shell"),
        ("/v1/facet/tag", "/v1/facets/tag"),
        ("/v1/tag/eu", "/v1/tags/eu"),
        ("/quite/else/where", None),
        ("/v1/company/" + "x" * 400, None),
    ],
)
def test_a_wrong_kind_is_told_the_nearest(
    path: str, meant: str | None, client: FlaskClient
) -> None:
    assert (client.get(path).json or {}).get("suggestion") == meant


def test_a_refusal_names_the_first_place_and_how_many_faults_there_are(
    client: FlaskClient,
) -> None:
    one = client.post("/v1/articles", json={"title": "X"})
    assert (one.json or {})["detail"] == "/published_at: This is needed."
    both = client.post("/v1/articles", json={"titel": "X"})
    assert (both.json or {})["detail"] == (
        "/title: This is needed. `errors` has all 3."
    )
