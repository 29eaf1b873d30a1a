"""What is special: over-represented values and words, their counts and addresses."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.settings import Settings
from search.article import Article, ArticleId, Entity
from tests.api.archive import START, addresses, ask, follow
from tests.application import application
from tests.reference import ReferenceEngine


def planted(number: int, random: Random) -> Article:
    """Return an article; the first 40 are about a fraud at Enron, 30 of them in Lima."""
    hit = number < 40
    names = [f"c{n}" for n in range(12) if random.random() < 1 / (n + 1.5)]
    names += ["lima-lights"] * (number < 30 or number % 50 == 7) + ["enron-corp"] * hit
    return Article(
        id=ArticleId(f"p{number:03}"),
        title="A fraud: Enron" if hit else "A market",
        published_at=START + timedelta(hours=number),
        body="Secret ledgers." if number < 30 else "Plain numbers.",
        source=("Reuters", "The Wire")[number % 2],
        companies=tuple(Entity(name, name.replace("-", " ").title()) for name in names),
    )


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    engine, random = ReferenceEngine(), Random(3)
    engine.index(planted(number, random) for number in range(200))
    yield application(Settings(log="off"), engine).test_client()
    engine.close()


def ids(values: list[dict[str, Any]]) -> list[str]:
    return [value["id"] for value in values]


QUESTIONS: list[dict[str, Any]] = [
    {"q": "fraud enron"},
    {"q": "fraud", "company": "Enron Corp"},
    {"q": "fraud OR numbers", "source": "Reuters", "from_": "2024-03-29"},
    {"q": "fraud", "against": "q=market&source=Reuters"},
    {"q": "enron", "against": "to=2024-03-31"},
    {"q": "fraud", "q_syntax": "simple", "size": 1},
]


@pytest.mark.parametrize("query", QUESTIONS)
@pytest.mark.parametrize("field", ["company", "source", "word"])
def test_counts_are_what_their_addresses_find(
    client: FlaskClient, query: dict[str, Any], field: str
) -> None:
    answer = ask(client, "significant", field=field, **query)
    for value in (*answer["values"], *answer["own"]):
        assert follow(client, value["url"])["total"]["value"] == value["count"]
        behind = follow(client, value["background_url"])["total"]["value"]
        assert behind == value["background"]
        assert value["score"] > 0
    scores = [value["score"] for value in answer["values"]]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) <= query.get("size", 20)


def test_the_company_that_is_special_comes_first_and_the_one_asked_for_apart(
    client: FlaskClient,
) -> None:
    for query in QUESTIONS[:2]:
        answer = ask(client, "significant", field="company", **query)
        assert ids(answer["values"])[0] == "lima-lights"
        assert ids(answer["own"]) == ["enron-corp"]
        assert answer["background"] == {"value": 200, "exact": True}
        assert answer["against"] is None


def test_words_are_special_too(client: FlaskClient) -> None:
    answer = ask(client, "significant", field="word", q="fraud", company="enron-corp")
    assert {value["name"] for value in answer["values"][:2]} == {"secret", "ledgers"}
    assert {"fraud", "enron"} <= {value["name"] for value in answer["own"]}
    assert answer["sampled"] == 40


def test_company_is_what_may_be_special_if_nothing_is_named(
    client: FlaskClient,
) -> None:
    assert ask(client, "significant", q="fraud")["field"] == "company"


def test_what_it_is_compared_with_is_told(client: FlaskClient) -> None:
    answer = ask(
        client, "significant", q="fraud", against="source=Reuters&from=2024-04"
    )
    assert answer["against"]["filters"]["source"]["any"][0]["id"] == "reuters"
    assert answer["against"]["from"] == "2024-04-01T00:00:00Z"
    count = ask(client, "count", source="Reuters", from_="2024-04")["total"]
    assert answer["background"]["value"] == count


def test_nothing_is_special_about_everything_and_that_is_told(
    client: FlaskClient,
) -> None:
    answer = ask(client, "significant", field="source")
    assert (answer["values"], answer["own"]) == ([], [])
    [warning] = answer["warnings"]
    assert warning["code"] == "nothing-to-compare"


def test_nothing_is_special_about_nothing(client: FlaskClient) -> None:
    for field in ("company", "word"):
        answer = ask(client, "significant", field=field, q="zeppelin")
        assert (answer["values"], answer["warnings"]) == ([], [])


def test_a_question_that_can_hold_no_further_word_has_no_address_for_one(
    client: FlaskClient,
) -> None:
    long = " ".join(["(fraud OR secret)"] * 32)
    answer = ask(client, "significant", field="word", q=long)
    assert {value["url"] for value in (*answer["values"], *answer["own"])} == {None}


def test_a_table_of_what_is_special(client: FlaskClient) -> None:
    answer = ask(client, "significant", q="fraud")
    table = client.get("/v1/significant.csv?q=fraud")
    rows = list(csv.DictReader(io.StringIO(table.text, newline="")))
    assert [row["id"] for row in rows] == ids(answer["values"])
    assert [*rows[0]] == ["id", "name", "count", "background", "score"]
    assert table.headers["Content-Disposition"].endswith('"significant.csv"')


@pytest.mark.parametrize(
    ("parameter", "value", "told"),
    [
        ("field", "compny", "company"),
        ("field", "body", "word"),
        ("against", "q=(", "q: "),
        ("against", "lan=en", "lang=en"),
        ("against", "reuters", "question"),
        ("size", "101", "100"),
        ("interval", "day", "interval"),
    ],
)
def test_what_cannot_be_taken_is_named(
    client: FlaskClient, parameter: str, value: str, told: str
) -> None:
    problem = ask(client, "significant", 400, **{parameter: value})
    assert problem["parameter"] == parameter
    assert told in str(problem)


def test_an_answer_that_moved_with_the_time_is_not_the_same(
    client: FlaskClient,
) -> None:
    path = "/v1/significant?q=fraud&against=from%3D2024-04"
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert again.status_code == 304
    other = client.get("/v1/significant?q=fraud&against=from%3D2024-03")
    assert other.headers["ETag"] != tag


def test_every_address_of_the_answer_can_be_followed(client: FlaskClient) -> None:
    answer = ask(
        client, "significant", q="fraud", field="company", against="q=market", size=2
    )
    for address in addresses(answer):
        assert client.get(address).status_code == 200, address
