from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from api.settings import Naming, Settings
from search.entities.profile import Profile
from tests.application import application
from tests.reference import ReferenceEngine

META = Profile(
    kind="company",
    id="meta-platforms",
    name="Meta Platforms",
    former_names=("Facebook",),
)
ARTICLE = {
    "id": "a",
    "title": "A title",
    "published_at": "2024-01-01",
    "body": "Shares of Facebook fell, said President Ndidi Okafor.",
}
FOUND = {
    "id": "meta-platforms",
    "name": "Meta Platforms",
    "from": "found",
    "about": False,
}
OKAFOR = {"id": "ndidi-okafor", "name": "Ndidi Okafor", "from": "found", "about": False}
GIVEN = {"id": "acme", "name": "Acme", "from": "given"}


@pytest.fixture
def client(client: FlaskClient, engine: ReferenceEngine) -> FlaskClient:
    engine.entities.put([META])
    return client


def sent(client: FlaskClient, query: str = "", **more: Any) -> Any:
    return client.post(f"/v1/articles{query}", json={**ARTICLE, **more}).json


def test_an_article_without_names_comes_back_with_those_of_its_text(
    client: FlaskClient,
) -> None:
    answer = sent(client)
    assert (answer["companies"], answer["people"]) == ([FOUND], [OKAFOR])
    assert client.get("/v1/articles/a").json == answer


@pytest.mark.parametrize(
    "query", ["company=Facebook", "person=Okafor", "q=person:okafor"]
)
def test_an_article_is_found_by_a_name_found_in_it(
    client: FlaskClient, query: str
) -> None:
    sent(client)
    answer = client.get(f"/v1/count?{query}").json
    assert answer == {"total": 1}


def test_a_name_of_its_own_is_given_and_keeps_others_away(client: FlaskClient) -> None:
    answer = sent(client, companies=["Acme"])
    assert (answer["companies"], answer["people"]) == ([GIVEN], [])


def test_always_adds_and_never_removes(client: FlaskClient) -> None:
    answer = sent(client, "?names=always", companies=["Acme"])
    assert answer["companies"] == [GIVEN, FOUND]


def test_off_finds_nothing(client: FlaskClient) -> None:
    assert sent(client, "?names=off")["companies"] == []


def test_another_word_than_these_is_refused_with_them(client: FlaskClient) -> None:
    answer = sent(client, "?names=maybe")
    assert (answer["status"], answer["parameter"]) == (400, "names")
    assert "auto, always, off" in answer["detail"]


def test_the_same_article_again_changes_nothing(client: FlaskClient) -> None:
    first = sent(client)
    assert sent(client)["version"] == first["version"]


def test_an_article_sent_back_as_it_was_shown_changes_nothing(
    client: FlaskClient,
) -> None:
    shown = sent(client)
    back = {k: v for k, v in shown.items() if k not in ("version", "indexed_at")}
    assert client.post("/v1/articles", json=back).json == shown


def test_an_article_is_restored_with_the_names_it_had(client: FlaskClient) -> None:
    shown = sent(client) | {"id": "b", "people": [], "version": 7}
    assert client.post("/v1/articles?restore=true", json=shown).json == shown


def test_a_put_looks_for_names_as_a_post_does(client: FlaskClient) -> None:
    body = {k: v for k, v in ARTICLE.items() if k != "id"}
    found = client.put("/v1/articles/b", json=body).json
    none = client.put("/v1/articles/c?names=off", json=body).json
    assert found is not None
    assert none is not None
    assert (found["companies"], none["companies"]) == ([FOUND], [])


def test_a_dry_run_shows_the_names_that_would_be_found(client: FlaskClient) -> None:
    assert sent(client, "?dry_run=true")["companies"] == [FOUND]


def test_lines_get_names_as_one_article_does(client: FlaskClient) -> None:
    lines = [ARTICLE, ARTICLE | {"id": "b", "companies": ["Acme"]}]
    client.post(
        "/v1/articles",
        data=b"\n".join(map(orjson.dumps, lines)),
        content_type="application/x-ndjson",
    )
    kept = [client.get(f"/v1/articles/{each}").json["companies"] for each in "ab"]  # type: ignore[index]
    assert kept == [[FOUND], [GIVEN]]


def test_a_change_of_the_registry_counts_for_the_next_article(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    sent(client)
    engine.entities.delete("company", ["meta-platforms"])
    assert sent(client)["companies"] == []


@pytest.mark.parametrize(
    ("naming", "companies"),
    [("auto", [GIVEN]), ("always", [GIVEN, FOUND]), ("off", [GIVEN])],
)
def test_the_setting_counts_where_a_request_says_nothing(
    engine: ReferenceEngine, naming: Naming, companies: list[Any]
) -> None:
    engine.entities.put([META])
    app = application(Settings(log="off", names=naming), engine)
    assert sent(app.test_client(), companies=["Acme"])["companies"] == companies
