"""GET /v1/articles/{id}/similar: what is like an article, page by page."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from search.article import ArticleId
from tests.api.archive import article, articles, ask, follow, ids
from tests.reference import ReferenceEngine

PATH = "articles/a001/similar"


@pytest.fixture(autouse=True)
def archive(engine: ReferenceEngine) -> None:
    engine.index(articles())
    engine.index([article(100 + n, title=f"Plain {n}", body=None) for n in range(5)])


def test_similar_articles_are_listed_with_how_alike_they_are(
    client: FlaskClient,
) -> None:
    answer = ask(client, PATH, limit=20)
    assert "a001" not in ids(answer)
    assert answer["total"] == {"value": 60, "exact": True}
    scores = [item["score"] for item in answer["items"]]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0
    assert answer["items"][0]["title"] == "Carbon tax: who pays?"
    assert answer["query"]["sort"] == "relevance"
    assert answer["warnings"] == []


def test_near_copies_say_so(client: FlaskClient) -> None:
    marked = {
        item["id"]: item["near_copy"] for item in ask(client, PATH, limit=60)["items"]
    }
    assert marked["a005"]  # the same body under the same title
    assert not marked["a009"]  # its title alone


@pytest.mark.parametrize(
    ("filters", "holds"),
    [
        ({"company": "BP"}, lambda item: "bp" in _ids(item, "companies")),
        ({"tag_not": "energy"}, lambda item: "energy" not in _ids(item, "tags")),
        ({"source": "Reuters", "from_": "2024-04"}, lambda i: i["source"] == "Reuters"),
        ({"q": "title:levy"}, lambda item: "levy" in item["title"]),
    ],
)
def test_filters_hold_and_the_pages_are_all_there_is(
    filters: dict[str, str], holds: Any, client: FlaskClient
) -> None:
    page = ask(client, PATH, limit=7, **filters)
    listed = page["items"]
    while page["links"]["next"]:
        page = follow(client, page["links"]["next"])
        assert page["links"]["prev"]
        listed += page["items"]
    assert listed
    assert all(map(holds, listed))
    assert len({item["id"] for item in listed}) == len(listed)
    assert page["total"]["value"] == len(listed)


def _ids(item: dict[str, Any], key: str) -> set[str]:
    return {entity["id"] for entity in item[key]}


def test_links_lead_to_the_article_and_the_first_page(client: FlaskClient) -> None:
    links = ask(client, PATH, limit=5, page=2)["links"]
    assert follow(client, links["article"])["id"] == "a001"
    first = follow(client, links["first"])
    assert ids(first) == ids(follow(client, links["prev"]))
    assert links["self"] == f"/v1/{PATH}?limit=5&page=2"


def test_an_id_with_signs_has_addresses_that_work(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    name = "urn:news@2024,x=1~a+b"
    engine.index([article(1, id=ArticleId(name))])
    answer = client.get(f"/v1/articles/{name}/similar?limit=1").get_json()
    for link in ("self", "article", "next", "first"):
        follow(client, answer["links"][link])


def test_fields_choose_the_keys(client: FlaskClient) -> None:
    [item] = ask(client, PATH, limit=1, fields="title,body")["items"]
    assert item.keys() == {"id", "title", "body", "near_copy", "score"}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"page": 11}, "page"),
        ({"limit": 60, "page": 2}, "page"),
        ({"sort": "newest"}, "sort"),
        ({"cursor": "1"}, "cursor"),
        ({"person": "nobody", "strict": "true"}, "person"),
    ],
)
def test_what_cannot_be_asked_is_a_400_that_names_it(
    query: dict[str, Any], parameter: str, client: FlaskClient
) -> None:
    assert ask(client, PATH, 400, **query)["parameter"] == parameter


def test_the_last_page_ends_with_the_hundredth_article(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    engine.index(article(200 + n) for n in range(100))
    answer = ask(client, PATH, limit=50, page=2)
    assert len(answer["items"]) == 50
    assert answer["total"]["value"] == 160
    assert answer["links"]["next"] is None


def test_counts_alone_have_no_next(client: FlaskClient) -> None:
    answer = ask(client, PATH, limit=0)
    assert (answer["items"], answer["links"]["next"]) == ([], None)


def test_an_unknown_article_is_not_found(client: FlaskClient) -> None:
    assert ask(client, "articles/nobody/similar", 404)["status"] == 404


def test_nothing_new_is_a_304_and_a_write_is_not(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    tag = client.get(f"/v1/{PATH}").headers["ETag"]
    known = {"If-None-Match": tag}
    assert client.get(f"/v1/{PATH}", headers=known).status_code == 304
    assert client.get("/v1/articles/a002/similar", headers=known).status_code == 200
    engine.index([article(901)])
    assert client.get(f"/v1/{PATH}", headers=known).status_code == 200
