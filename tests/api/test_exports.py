"""Exports: everything that matches, as one stream of lines or rows."""

import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from api.settings import Settings
from schemas.exporting import PIECE
from search.article import ArticleId
from tests.api.archive import article, articles, ask, ids, walk
from tests.api.exported import export, holding, lines, records, refused
from tests.application import application
from tests.reference import ReferenceEngine

MARK = "\ufeff"


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    engine = ReferenceEngine()
    engine.index(articles(60))
    yield application(Settings(log="off"), engine).test_client()
    engine.close()


QUESTIONS = [
    *("", "q=tax", "company=Shell&company=bp", "q=-tax&tag.not=opinion", "q=nothing"),
    *("from=2024-04&date=published", "person=angela merkel&tag.all=energy"),
]


@pytest.mark.parametrize("query", QUESTIONS)
@pytest.mark.parametrize("sort", ["oldest", "newest"])
def test_an_export_has_what_a_search_finds_in_its_order(
    query: str, sort: str, client: FlaskClient
) -> None:
    pairs = dict(pair.split("=") for pair in query.split("&") if pair)
    pairs = {name: value for name, value in pairs.items() if query.count(name) == 1}
    if "company=" in query:
        pairs |= {"company": ["Shell", "bp"]}  # type: ignore[dict-item]
    found = [
        each
        for page in walk(client, **{"sort": sort, "limit": 7, **pairs})
        for each in ids(page)
    ]
    answer = export(client, f"{query}&sort={sort}")
    assert [json.loads(line)["id"] for line in answer.text.splitlines()] == found
    assert answer.headers["X-Total-Count"] == str(len(found))
    table = records(client, f"{query}&sort={sort}")
    assert [each["id"] for each in table] == found


def test_an_export_is_the_oldest_first(client: FlaskClient) -> None:
    dates = [each["published_at"] for each in lines(client, "q=tax")]
    assert dates == sorted(dates)


def test_a_line_is_the_whole_article_as_it_is_stored(client: FlaskClient) -> None:
    for line in export(client).data.splitlines()[:5]:
        identity = json.loads(line)["id"]
        assert client.get(f"/v1/articles/{identity}").data == line


def test_fields_choose_and_order_the_keys_of_a_line(client: FlaskClient) -> None:
    for query, keys in {
        "fields=title,body": ["id", "title", "body"],
        "fields=url,id": ["url", "id"],
    }.items():
        assert {tuple(each) for each in lines(client, query)} == {tuple(keys)}
    removed = lines(client, "fields=-body,-url")[1]
    assert "title" in removed
    assert not {"body", "url"} & {*removed}


def test_a_chosen_body_is_the_body(client: FlaskClient) -> None:
    bodies = [each["body"] for each in lines(client)]
    assert [each["body"] for each in lines(client, "fields=body")] == bodies
    assert [each["body"] or None for each in records(client, "fields=body")] == bodies


@pytest.mark.parametrize("suffix", ["csv", "ndjson"])
@pytest.mark.parametrize("sort", ["oldest", "newest"])
def test_an_export_that_goes_on_makes_the_whole_one(
    suffix: str, sort: str, client: FlaskClient
) -> None:
    query = f"q=tax&sort={sort}&fields=id"
    whole = export(client, query, suffix).data.splitlines(keepends=True)
    head = suffix == "csv"
    every = [each["id"] for each in lines(client, query)]
    for place in (0, 5, len(every) - 1):
        rest = export(client, f"{query}&after={every[place]}&", suffix)
        assert rest.data.splitlines(keepends=True) == whole[head + place + 1 :]
        assert rest.headers["X-Total-Count"] == str(len(every))


def test_an_export_cannot_go_on_behind_an_article_that_is_gone(
    client: FlaskClient,
) -> None:
    problem = refused(client, "after=nobody")
    assert problem["parameter"] == "after"
    assert "nobody" in problem["detail"]
    assert "start again without after" in problem["detail"]


@pytest.mark.parametrize(
    "pair",
    [
        *("limit=10", "page=2", "cursor=abc", "facet=tag", "facet.tag.size=3"),
        *("highlight=title", "interval=month", "boost.recent=7d"),
    ],
)
def test_what_would_mean_nothing_in_an_export_is_refused(
    pair: str, client: FlaskClient
) -> None:
    name = pair.partition("=")[0]
    for suffix in ("csv", "ndjson"):
        problem = refused(client, f"q=tax&{pair}", suffix)
        assert problem["parameter"] == name
        assert f"leave {name} out" in problem["detail"]
        assert export(client, f"q=tax&{name}=", suffix).data


def test_an_export_by_relevance_is_refused(client: FlaskClient) -> None:
    problem = refused(client, "q=tax&sort=relevance")
    assert (problem["parameter"], problem["suggestion"]) == ("sort", "newest")


def test_an_unknown_parameter_of_an_export_names_the_nearest(
    client: FlaskClient,
) -> None:
    assert refused(client, "compny=bp")["suggestion"] == "company"


def test_an_unknown_name_is_told_in_a_header(client: FlaskClient) -> None:
    answer = export(client, "company=Shel", "csv")
    [warning] = json.loads(answer.headers["X-Warnings"])
    assert (warning["code"], warning["value"]) == ("unknown-value", "Shel")
    assert answer.text.count("\r\n") == 1
    assert "X-Warnings" not in export(client, "company=shell").headers
    assert refused(client, "company=Shel&strict=true")["type"] == "/problems/strict"


def test_an_export_is_saved_under_a_name(client: FlaskClient) -> None:
    for suffix in ("csv", "ndjson"):
        told = export(client, "", suffix).headers["Content-Disposition"]
        assert told == f'attachment; filename="articles.{suffix}"'


@pytest.mark.parametrize(
    ("suffix", "kind"), [("csv", "text/csv"), ("ndjson", "application/x-ndjson")]
)
def test_an_export_may_be_had_by_accept(
    suffix: str, kind: str, client: FlaskClient
) -> None:
    wanted = client.get("/v1/articles?q=tax", headers={"Accept": kind})
    named = export(client, "q=tax", suffix)
    assert wanted.data == named.data
    assert (wanted.mimetype, named.mimetype) == (kind, kind)
    assert "Accept" in wanted.vary


@pytest.mark.parametrize("suffix", ["csv", "ndjson"])
def test_an_export_that_is_known_already_is_not_sent_again(
    suffix: str, client: FlaskClient
) -> None:
    first = export(client, "q=tax", suffix)
    known = {"If-None-Match": first.headers["ETag"]}
    address = f"/v1/articles.{suffix}"
    assert client.get(f"{address}?q=tax", headers=known).status_code == 304
    for other in ("q=levy", "q=tax&fields=title", "q=tax&sort=newest"):
        assert client.get(f"{address}?{other}", headers=known).status_code == 200


def test_the_head_of_an_export_has_no_articles(client: FlaskClient) -> None:
    head = client.head("/v1/articles.csv?q=tax")
    assert head.data == b""
    assert (
        head.headers["X-Total-Count"]
        == export(client, "q=tax").headers["X-Total-Count"]
    )


def test_the_links_of_an_answer_lead_to_its_exports(client: FlaskClient) -> None:
    query = {"q": "tax", "sort": "relevance", "facet": "tag", "limit": 3, "page": 2}
    answer = ask(client, "articles", **query, fields="title")
    for suffix in ("csv", "ndjson"):
        found = client.get(answer["links"][suffix])
        assert found.status_code == 200
        assert found.headers["X-Total-Count"] == str(answer["total"]["value"])
        assert b"title" in found.data


def test_pieces_end_with_a_line_and_hold_many() -> None:
    count = 300
    engine = ReferenceEngine()
    engine.index(article(n, body="word " * 200) for n in range(count))
    client = application(Settings(log="off"), engine).test_client()
    found = list(client.get("/v1/articles.ndjson", buffered=False).response)
    assert all(isinstance(each, bytes) and each.endswith(b"\n") for each in found)
    assert 3 < len(found) < count / 10
    assert all(len(each) >= PIECE for each in found[:-1])


def test_going_on_is_possible_with_any_id() -> None:
    strange = [ArticleId(each) for each in ("a:b,c=@+~-1", "x.y")]
    client = holding(*(article(n, id=each) for n, each in enumerate(strange)))
    answer = client.get("/v1/articles.csv", query_string={"after": strange[0]})
    assert answer.text.startswith("x.y,")
