"""Facets: counts by value, in an answer and on a page of their own."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from search.catalog import FACET_FIELDS
from tests.api.archive import addresses, articles, ask, counts, follow, has, tally
from tests.reference import ReferenceEngine


@pytest.fixture(autouse=True)
def archive(engine: ReferenceEngine) -> None:
    engine.index(articles())


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
