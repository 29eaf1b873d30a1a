"""A facet's own page: all of its values, in order, page after page, and as a table."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from search.article import Entity
from tests.api.archive import (
    addresses,
    article,
    articles,
    ask,
    counts,
    follow,
    has,
    tally,
)
from tests.reference import ReferenceEngine


@pytest.fixture(autouse=True)
def archive(engine: ReferenceEngine) -> None:
    engine.index(articles())


def test_a_page_of_a_facet_lists_all_of_its_values(client: FlaskClient) -> None:
    answer = ask(client, "facets/company", tag="energy")
    base = [each for each in articles() if has(each, "tag", "energy")]
    assert answer["field"] == "company"
    assert counts(answer) == tally("company", base)
    assert answer["total"]["value"] == len(base)
    assert answer["links"]["next"] is None


@pytest.mark.parametrize("sort", ["count", "name"])
def test_a_walk_through_a_facet_lists_every_value_once(
    client: FlaskClient, sort: str
) -> None:
    page = ask(client, "facets/company", size=1, sort=sort)
    found = list(counts(page))
    while page["links"]["next"]:
        page = follow(client, page["links"]["next"])
        found += counts(page)
    whole = ask(client, "facets/company", sort=sort)
    assert found == list(counts(whole))
    assert len(found) == 3


def test_the_next_values_stand_in_the_header(client: FlaskClient) -> None:
    answer = client.get("/v1/facets/company?size=2")
    assert answer.json["links"]["next"] == "/v1/facets/company?size=2&after=bp"
    assert answer.headers["Link"].startswith("</v1/facets/company?size=2&after=bp>")


def test_match_keeps_values_with_these_letters_in_their_name(
    client: FlaskClient,
) -> None:
    assert list(counts(ask(client, "facets/person", match="MER"))) == ["angela-merkel"]
    assert counts(ask(client, "facets/person", match="xyz")) == {}


def test_a_page_of_a_facet_as_csv(client: FlaskClient) -> None:
    answer = client.get("/v1/facets/company.csv?tag=energy&sort=name")
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    listed = ask(client, "facets/company", tag="energy", sort="name")["values"]
    keys = ["id", "name", "count", "first_seen", "last_seen"]
    assert answer.text.startswith(",".join(keys) + "\r\n")
    assert rows[1:] == [[str(value[key]) for key in keys] for value in listed]
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="company.csv"' in answer.headers["Content-Disposition"]
    wanted = client.get("/v1/facets/company?tag=energy", headers={"Accept": "text/csv"})
    assert wanted.mimetype == "text/csv"
    assert "Accept" in wanted.vary


def test_a_value_says_when_it_was_first_and_last_seen(client: FlaskClient) -> None:
    answer = ask(client, "facets/company", q="levy", tz="Europe/Berlin")
    shown = {value["id"]: value for value in answer["values"]}
    for name, sort in (("first_seen", "oldest"), ("last_seen", "newest")):
        found = ask(client, "articles", q="levy", company="bp", sort=sort, limit=1)
        [item] = found["items"]
        seen = datetime.fromisoformat(shown["bp"][name])
        assert seen == datetime.fromisoformat(item["published_at"])
        assert seen.utcoffset() in (timedelta(hours=1), timedelta(hours=2))
    nobody = ask(client, "facets/company", company="Nobody")["values"][-1]
    assert (nobody["first_seen"], nobody["last_seen"]) == (None, None)


@pytest.mark.parametrize("sort", ["count", "name"])
def test_a_walk_with_a_selection_lists_every_value_once(
    client: FlaskClient, sort: str
) -> None:
    page = ask(
        client, "facets/company", size=1, sort=sort, company=["tesla-inc", "Nobody"]
    )
    found = list(counts(page))
    while page["links"]["next"]:
        page = follow(client, page["links"]["next"])
        found += counts(page)
    assert sorted(found) == ["bp", "nobody", "shell", "tesla-inc"]


def test_a_walk_by_count_behind_a_value_that_is_gone_is_refused(
    client: FlaskClient,
) -> None:
    problem = ask(client, "facets/company", 400, after="enron", size=1)
    assert problem["parameter"] == "after"
    assert "enron" in problem["detail"]
    by_name = ask(client, "facets/company", after="enron", sort="name")
    assert list(counts(by_name)) == ["shell", "tesla-inc"]


def test_no_cell_of_a_table_is_a_formula(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    sums = Entity("sum", '=SUM(A1,"x")')
    engine.index([article(99, companies=(sums,))])
    rows = csv.reader(io.StringIO(client.get("/v1/facets/company.csv").text))
    assert ["sum", '\'=SUM(A1,"x")', "1"] in [row[:3] for row in rows]


def test_an_unknown_facet_is_404_and_names_the_nearest(client: FlaskClient) -> None:
    problem = ask(client, "facets/compny", 404)
    assert problem["suggestion"] == "company"
    assert ask(client, "facets/company.xml", 404)["type"] == "/problems/not-found"
    assert ask(client, "facets/title", 404)["type"] == "/problems/not-found"


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("size", "0"), ("size", "1001"), ("sort", "newest"), ("bogus", "1")],
)
def test_a_page_of_a_facet_refuses_what_it_does_not_take(
    client: FlaskClient, parameter: str, value: str
) -> None:
    problem = ask(client, "facets/tag", 400, **{parameter: value})
    assert problem["parameter"] == parameter


def test_every_address_of_a_facets_page_can_be_followed(client: FlaskClient) -> None:
    answer = ask(
        client, "facets/tag", q="carbon OR levy", tag="energy", size=1, sort="name"
    )
    for address in addresses(answer):
        follow(client, address)
    listed = follow(client, answer["links"]["articles"])
    assert listed["total"] == answer["total"]
    for value in answer["values"]:
        assert follow(client, value["url"])["total"]["value"] == value["count"]
