"""Facets: counts by value, in an answer and on a page of their own."""

import csv
import io
from collections import Counter
from typing import Any

import pytest
from flask.testing import FlaskClient

from search.article import Article, Entity, facet_values
from search.catalog import FACET_FIELDS
from tests.api.archive import addresses, article, articles, ask, follow
from tests.reference import ReferenceEngine


@pytest.fixture(autouse=True)
def archive(engine: ReferenceEngine) -> None:
    engine.index(articles())


def counts(facet: dict[str, Any]) -> dict[str, int]:
    return {value["id"]: value["count"] for value in facet["values"]}


def tally(field: str, base: list[Article]) -> Counter[str]:
    return Counter(entity.id for each in base for entity in facet_values(each, field))


def has(each: Article, field: str, *ids: str) -> bool:
    return any(entity.id in ids for entity in facet_values(each, field))


def test_a_facet_counts_as_if_its_own_selection_were_not_there(
    client: FlaskClient,
) -> None:
    selected = {"tag": ["energy", "opinion"], "company": "shell"}
    answer = ask(client, "articles", facet="tag,company,source", **selected)
    facets = answer["facets"]
    tagged = [each for each in articles() if has(each, "tag", "energy", "opinion")]
    with_shell = [each for each in articles() if has(each, "company", "shell")]
    both = [each for each in tagged if has(each, "company", "shell")]
    assert answer["total"]["value"] == len(both)
    assert counts(facets["tag"]) == tally("tag", with_shell)
    assert counts(facets["company"]) == tally("company", tagged)
    assert counts(facets["source"]) == tally("source", both)
    assert facets["source"]["missing"] == sum(each.source is None for each in both)


def test_all_and_not_stay_in_a_facet_of_their_own_field(client: FlaskClient) -> None:
    query = {"tag_all": "energy", "tag_not": "politics"}
    answer = ask(client, "articles", facet="tag", **query)
    base = [
        each
        for each in articles()
        if has(each, "tag", "energy") and not has(each, "tag", "politics")
    ]
    assert counts(answer["facets"]["tag"]) == tally("tag", base)


def test_a_facet_in_the_mode_and_counts_with_its_own_selection(
    client: FlaskClient,
) -> None:
    answer = ask(client, "articles", facet="company", facet_mode="and", company="bp")
    facet = answer["facets"]["company"]
    base = [each for each in articles() if has(each, "company", "bp")]
    assert (facet["mode"], counts(facet)) == ("and", tally("company", base))


def test_a_selected_value_with_count_zero_is_listed(client: FlaskClient) -> None:
    answer = ask(client, "articles", q="zeppelin", facet="company", company="BP")
    [value] = answer["facets"]["company"]["values"]
    assert (value["id"], value["count"], value["selected"]) == ("bp", 0, True)


def test_a_selected_value_below_the_cut_is_listed_behind_it(
    client: FlaskClient,
) -> None:
    answer = ask(
        client, "articles", facet="company", facet_company_size=1, company="tesla-inc"
    )
    values = answer["facets"]["company"]["values"]
    assert [value["id"] for value in values] == ["shell", "tesla-inc"]


def test_a_facets_own_size_wins_over_the_common_one(client: FlaskClient) -> None:
    answer = ask(
        client,
        "articles",
        facet="tag,company,section",
        facet_size=1,
        facet_company_size=2,
    )
    sizes = {name: len(facet["values"]) for name, facet in answer["facets"].items()}
    assert sizes == {"tag": 1, "company": 2, "section": 1}
    assert answer["facets"]["company"]["other"] > 0


def test_facets_come_in_the_order_asked_for(client: FlaskClient) -> None:
    answer = ask(client, "articles", facet="tag, source,company")
    assert list(answer["facets"]) == ["tag", "source", "company"]


def test_values_are_ordered_by_count_then_id_or_by_id(client: FlaskClient) -> None:
    by_count = ask(client, "articles", facet="author")["facets"]["author"]["values"]
    places = [(-value["count"], value["id"]) for value in by_count]
    assert places == sorted(places)
    by_name = ask(client, "articles", facet="company", facet_sort="name")
    ids = list(counts(by_name["facets"]["company"]))
    assert ids == sorted(ids)


QUESTIONS: list[dict[str, Any]] = [
    {},
    {"q": "carbon OR levy", "company": ["Shell plc", "bp"], "tag_not": "opinion"},
    {"company": "bp", "facet_mode": "and", "lang": ["zh", "de"], "page": 1},
    {"lang": "zh-hant", "facet_mode": "and"},
    {"company": "Tesla, Inc.", "tag": "Politics & Power", "limit": 0},
    {"from_": "2024-04-01", "to": "2024-04-05T10:30", "tz": "Europe/Berlin"},
    {"source": "reuters", "section_all": "world", "strict": "true", "sort": "oldest"},
    {"lang": ["de", "unknown"], "date": "updated", "fields": "title"},
]


@pytest.mark.parametrize("query", QUESTIONS)
def test_every_address_of_a_value_leads_to_the_articles_that_were_counted(
    client: FlaskClient, query: dict[str, Any]
) -> None:
    answer = ask(client, "articles", facet=",".join(FACET_FIELDS), **query)
    values = [value for facet in answer["facets"].values() for value in facet["values"]]
    assert any(value["count"] for value in values)
    for value in values:
        assert follow(client, value["url"])["total"]["value"] == value["count"]


@pytest.mark.parametrize("query", QUESTIONS)
def test_every_address_of_an_answer_can_be_followed(
    client: FlaskClient, query: dict[str, Any]
) -> None:
    answer = ask(client, "articles", facet="tag,lang", interval="auto", **query)
    found = set(addresses(answer))
    assert len(found) > 10
    for address in found:
        follow(client, address)
    links = answer["links"]
    total = answer["total"]["value"]
    assert follow(client, links["count"])["total"] == total
    assert follow(client, links["self"])["items"] == answer["items"]
    assert follow(client, links["timeline"])["total"]["value"] == total
    for facet in answer["facets"].values():
        assert follow(client, facet["url"])["distinct"] == facet["distinct"]


def test_apply_adds_a_value_and_remove_takes_it_away(client: FlaskClient) -> None:
    question = {"facet": "company", "company": "Shell plc", "limit": 0, "q": "levy"}
    before = ask(client, "articles", **question)
    shell, bp = before["facets"]["company"]["values"][:2]
    assert (shell["id"], shell["apply"], bp["remove"]) == ("shell", None, None)
    both = follow(client, bp["apply"])
    chosen = both["facets"]["company"]["values"]
    assert {value["id"] for value in chosen if value["selected"]} == {"shell", "bp"}
    [again] = [value for value in chosen if value["id"] == "bp"]
    assert follow(client, again["remove"])["total"] == before["total"]
    everything = follow(client, shell["remove"])
    assert "company" not in everything["query"]["filters"]
    assert everything["items"] == []


def test_remove_takes_away_every_name_of_the_value(client: FlaskClient) -> None:
    names = ["Shell plc", " shell ", "BP"]
    answer = ask(client, "articles", facet="company", company=names)
    [shell] = [
        value
        for value in answer["facets"]["company"]["values"]
        if value["id"] == "shell"
    ]
    rest = follow(client, shell["remove"])
    inputs = [each["input"] for each in rest["query"]["filters"]["company"]["any"]]
    assert inputs == ["BP"]


def test_an_unknown_selected_value_can_be_removed(client: FlaskClient) -> None:
    answer = ask(client, "articles", facet="company", company=["Nobody", "bp"])
    [value] = [v for v in answer["facets"]["company"]["values"] if v["id"] == "nobody"]
    assert (value["selected"], value["count"]) == (True, 0)
    assert follow(client, value["remove"])["warnings"] == []


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
    assert answer.text.startswith("id,name,count\r\n")
    assert rows[1:] == [[v["id"], v["name"], str(v["count"])] for v in listed]
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="company.csv"' in answer.headers["Content-Disposition"]
    wanted = client.get("/v1/facets/company?tag=energy", headers={"Accept": "text/csv"})
    assert (wanted.mimetype, wanted.headers["Vary"]) == ("text/csv", "Accept")


def test_no_cell_of_a_table_is_a_formula(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    sums = Entity("sum", '=SUM(A1,"x")')
    engine.index([article(99, companies=(sums,))])
    rows = csv.reader(io.StringIO(client.get("/v1/facets/company.csv").text))
    assert ["sum", '\'=SUM(A1,"x")', "1"] in list(rows)


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
