"""Pages of entities over HTTP: read, written, removed; and names being typed."""

import pytest
from flask.testing import FlaskClient

from tests.api.archive import articles
from tests.reference import ReferenceEngine

META = {
    "name": "Meta Platforms",
    "former_names": ["Facebook"],
    "tickers": ["NASDAQ:META"],
    "identifiers": {"cik": "1326801"},
}
PAGE = "/v1/companies/meta-platforms"


@pytest.fixture
def filled(engine: ReferenceEngine, client: FlaskClient) -> FlaskClient:
    engine.index(articles(30))
    return client


def test_what_is_put_is_shown_and_found_by_every_name(client: FlaskClient) -> None:
    answer = client.put(PAGE, json=META)
    assert (answer.status_code, answer.headers["Location"]) == (201, PAGE)
    assert client.get(PAGE).json | META == client.get(PAGE).json
    client.post(
        "/v1/articles",
        json={"title": "X", "published_at": "2024", "companies": ["Facebook"]},
    )
    for name in ("Facebook", "META", "1326801", "meta platforms"):
        found = client.get("/v1/count", query_string={"company": name})
        assert found.json["total"] == 1, name


def test_a_profile_that_is_put_again_is_replaced(client: FlaskClient) -> None:
    client.put(PAGE, json=META)
    answer = client.put(PAGE, json={"name": "Meta"})
    assert answer.status_code == 200
    assert (answer.json["name"], answer.json["former_names"]) == ("Meta", [])


def test_a_removed_profile_is_gone_and_cannot_be_removed_again(
    client: FlaskClient,
) -> None:
    client.put(PAGE, json=META)
    assert client.delete(PAGE).status_code == 204
    assert client.get(PAGE).status_code == 404
    assert client.delete(PAGE).status_code == 404


def test_what_only_articles_know_has_a_page(filled: FlaskClient) -> None:
    [value, *_] = filled.get("/v1/facets/company").json["values"]
    page = filled.get(f"/v1/companies/{value['id']}").json
    assert page["registered"] is False
    assert (page["name"], page["count"]) == (value["name"], value["count"])
    assert page["first_seen"] <= page["last_seen"]


def test_every_address_of_a_page_leads_to_the_promised_articles(
    filled: FlaskClient,
) -> None:
    [value, *_] = filled.get("/v1/facets/company").json["values"]
    page = filled.get(f"/v1/companies/{value['id']}").json
    others = [each for several in page["with"].values() for each in several]
    assert others
    for each in others:
        assert filled.get(each["url"]).json["total"]["value"] == each["count"]
    for link in page["links"].values():
        assert filled.get(link).status_code == 200, link


def test_a_page_that_the_client_has_is_not_sent_again(filled: FlaskClient) -> None:
    filled.put(PAGE, json=META)
    first = filled.get(PAGE)
    again = filled.get(PAGE, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    filled.put(PAGE, json={"name": "Meta"})
    changed = filled.get(PAGE, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize(
    ("path", "arguments", "status"),
    [
        (PAGE, {"json": {}}, 422),
        (PAGE, {"json": {"name": "M", "id": "other"}}, 422),
        (PAGE, {"data": b"{", "content_type": "application/json"}, 422),
        (PAGE, {"data": b"name=M", "content_type": "text/plain"}, 415),
        (PAGE, {"json": META, "headers": {"If-Match": "*"}}, 400),
        (f"{PAGE}?q=1", {"json": META}, 400),
        ("/v1/companies/Not%20A%20Slug", {"json": {"name": "M"}}, 422),
        ("/v1/firms/meta", {"json": META}, 404),
    ],
)
def test_a_malformed_profile_is_refused(
    path: str, arguments: dict[str, object], status: int, client: FlaskClient
) -> None:
    answer = client.put(path, **arguments)  # type: ignore[arg-type]
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"


def test_an_unknown_entity_is_a_problem_that_names_it(client: FlaskClient) -> None:
    answer = client.get("/v1/people/nobody")
    assert answer.status_code == 404
    assert "nobody" in answer.json["detail"]


def test_names_are_completed_and_lead_to_their_articles(filled: FlaskClient) -> None:
    filled.put("/v1/people/zoe-zimt", json={"name": "Zoë <Zimt>"})
    [found] = filled.get("/v1/suggest?q=zim&kind=person").json["items"]
    assert (found["id"], found["count"]) == ("zoe-zimt", 0)
    assert found["highlight"] == "Zoë &lt;<em>Zim</em>t&gt;"
    items = filled.get("/v1/suggest?q=s&size=50").json["items"]
    assert items
    for each in items:
        assert filled.get(each["url"]).json["total"]["value"] == each["count"]


def test_nothing_typed_completes_to_nothing(filled: FlaskClient) -> None:
    for query in ("", "?q=", "?q=-", "?q=zzzzzz"):
        assert filled.get(f"/v1/suggest{query}").json == {"items": []}


@pytest.mark.parametrize(
    "query", ["q=a&kind=firm", "q=a&size=0", "q=a&size=51", "q=a&x=1", "q=a&q=b"]
)
def test_what_suggest_does_not_take_is_refused(query: str, client: FlaskClient) -> None:
    assert client.get(f"/v1/suggest?{query}").status_code == 400


@pytest.fixture
def mixed(filled: FlaskClient) -> FlaskClient:
    """An archive that has labels from before the registry knew better."""
    for number, name in enumerate(("Facebook", "Facebook", "Meta Platforms")):
        body = {"title": "X", "published_at": "2024", "companies": [name], "body": name}
        filled.post("/v1/articles", json={**body, "id": f"m{number}"})
    filled.put(PAGE, json=META)
    filled.post("/v1/articles", json={**body, "id": "new", "companies": ["Facebook"]})
    return filled


def test_a_bucket_leads_to_what_it_counts_whatever_else_its_id_finds(
    mixed: FlaskClient,
) -> None:
    answer = mixed.get("/v1/articles?facet=company&limit=0&facet.size=50").json
    values = {each["id"]: each for each in answer["facets"]["company"]["values"]}
    assert [values[each]["count"] for each in ("facebook", "meta-platforms")] == [2, 2]
    for each in values.values():
        assert mixed.get(each["url"]).json["total"]["value"] == each["count"]
    assert mixed.get("/v1/count?company=meta-platforms").json["total"] == 4


def test_an_id_with_its_mark_means_only_itself(mixed: FlaskClient) -> None:
    answer = mixed.get("/v1/articles?company=id:facebook&facet=company").json
    assert answer["total"]["value"] == 2
    [meant] = answer["query"]["filters"]["company"]["any"]
    assert (meant["input"], meant["id"]) == ("id:facebook", "facebook")
    selected = [v for v in answer["facets"]["company"]["values"] if v["selected"]]
    assert [each["id"] for each in selected] == ["facebook"]
    gone = mixed.get(selected[0]["remove"]).json
    assert gone["total"] == mixed.get("/v1/articles").json["total"]
    unknown = mixed.get("/v1/articles?company=id:nobody").json
    assert (unknown["total"]["value"], len(unknown["warnings"])) == (0, 1)


def test_a_page_counts_what_its_address_finds(mixed: FlaskClient) -> None:
    page = mixed.get(PAGE).json
    assert page["count"] == 4
    found = mixed.get(page["links"]["articles"]).json["total"]["value"]
    assert found == page["count"]
    assert all(each["id"] != "facebook" for each in page["with"]["company"])
    [typed] = mixed.get("/v1/suggest?q=faceb").json["items"]
    assert (typed["id"], typed["count"]) == ("meta-platforms", 4)


def test_a_name_that_means_one_entity_leads_to_its_page(mixed: FlaskClient) -> None:
    page = mixed.get("/v1/companies/meta-platforms").json
    assert mixed.get("/v1/companies/FACEBOOK").json == page


def test_a_completion_that_the_client_has_is_not_made_again(
    filled: FlaskClient,
) -> None:
    first = filled.get("/v1/suggest?q=sh")
    known = {"If-None-Match": first.headers["ETag"]}
    again = filled.get("/v1/suggest?q=sh", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert filled.get("/v1/suggest?q=sho", headers=known).status_code == 200
    filled.put("/v1/companies/shopworn", json={"name": "Shopworn"})
    changed = filled.get("/v1/suggest?q=sh", headers=known)
    assert "shopworn" in {each["id"] for each in changed.json["items"]}


def test_who_has_a_profile_and_a_label_is_completed_once(filled: FlaskClient) -> None:
    filled.put("/v1/people/zoe-zimt", json={"name": "Zoë Zimt"})
    body = {"title": "X", "published_at": "2024", "people": [{}]}
    for number, called in enumerate(("zimt", "zoe-zimt")):
        body["people"] = [{"id": called, "name": "Zoë Zimt"}]
        filled.post("/v1/articles?refresh=true", json={**body, "id": f"z{number}"})
    [found] = filled.get("/v1/suggest?q=zim").json["items"]
    assert (found["id"], found["count"]) == ("zoe-zimt", 2)
    filled.delete("/v1/people/zoe-zimt")
    items = filled.get("/v1/suggest?q=zim").json["items"]
    assert {each["id"] for each in items} == {"zimt", "zoe-zimt"}
