"""How a question was understood: names, warnings, and what is wrong with q."""

import pytest
from flask.testing import FlaskClient

from tests.api.archive import articles, ask, ids
from tests.reference import ReferenceEngine


@pytest.fixture(autouse=True)
def archive(engine: ReferenceEngine) -> None:
    engine.index(articles())


def test_the_question_comes_back_as_it_was_understood(client: FlaskClient) -> None:
    answer = ask(
        client,
        "articles",
        q=" carbon  tax ",
        company=["Shell plc", "bp"],
        tag_all="energy",
        section_not="World",
        from_="2024-03",
        to="2024-04-02",
        tz="Europe/Berlin",
        date="updated",
    )
    assert answer["query"] == {
        "text": "carbon tax",
        "filters": {
            "section": {"none": [meaning("World", "world", "World", "id")]},
            "tag": {"all": [meaning("energy", "energy", "Energy", "id")]},
            "company": {
                "any": [
                    meaning("Shell plc", "shell", "Shell plc", "name"),
                    meaning("bp", "bp", "BP", "id"),
                ]
            },
        },
        "from": "2024-03-01T00:00:00+01:00",
        "to": "2024-04-02T23:59:59.999+02:00",
        "date": "updated",
        "tz": "Europe/Berlin",
        "sort": "relevance",
    }
    assert answer["warnings"] == []


def meaning(given: str, key: str, name: str, matched: str) -> dict[str, str]:
    return {"input": given, "id": key, "name": name, "matched": matched}


def test_an_unknown_name_matches_nothing_and_is_warned_of(client: FlaskClient) -> None:
    answer = ask(client, "articles", person="Angela Merkl")
    assert answer["total"]["value"] == 0
    assert answer["warnings"] == [
        {
            "code": "unknown-value",
            "parameter": "person",
            "value": "Angela Merkl",
            "suggestions": ["Angela Merkel"],
            "urls": ["/v1/articles?person=Angela%20Merkel"],
        }
    ]
    assert answer["query"]["filters"]["person"]["any"] == [
        {"input": "Angela Merkl", "id": None, "name": None, "matched": None}
    ]


def test_an_unknown_name_within_q_is_warned_of(client: FlaskClient) -> None:
    [warning] = ask(client, "articles", q='carbon -company:"Shel plc"')["warnings"]
    assert (warning["parameter"], warning["value"]) == ("q", "Shel plc")


def test_an_ambiguous_name_takes_all_candidates_and_says_so(
    client: FlaskClient,
) -> None:
    answer = ask(client, "articles", person="Adam Smith", limit=100)
    candidates = [
        {
            "id": f"adam-smith-{each}",
            "name": "Adam Smith",
            "url": f"/v1/articles?person=adam-smith-{each}&limit=100",
        }
        for each in ("economist", "footballer")
    ]
    assert answer["warnings"] == [
        {
            "code": "ambiguous-value",
            "parameter": "person",
            "value": "Adam Smith",
            "candidates": candidates,
        }
    ]
    found = {person["id"] for item in answer["items"] for person in item["people"]}
    assert {each["id"] for each in candidates} <= found
    assert len(answer["query"]["filters"]["person"]["any"]) == 2


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("Angela Merkl", "Angela Merkel"),
        ("Adam Smith", "adam-smith-economist"),
        ("Xerxes", None),
    ],
)
def test_a_strict_question_refuses_unknown_and_ambiguous_names(
    client: FlaskClient, name: str, suggestion: str | None
) -> None:
    problem = ask(client, "articles", 400, person=name, strict="true")
    assert problem["type"] == "/problems/strict"
    assert (problem["parameter"], problem.get("suggestion")) == ("person", suggestion)
    assert ask(client, "articles", person="merkel angela", strict="false")["warnings"]


def test_a_query_without_any_word_finds_nothing_and_says_so(
    client: FlaskClient,
) -> None:
    for text in ("©♭", "-©"):
        answer = ask(client, "articles", q=text)
        assert answer["total"]["value"] == 0
        assert answer["warnings"] == [
            {"code": "empty-query", "parameter": "q", "value": text.strip("-")}
        ]


def test_a_fault_in_q_has_position_context_and_suggestion(client: FlaskClient) -> None:
    problem = ask(client, "articles", 400, q='merger "carbon tax')
    assert problem["type"] == "/problems/query-syntax"
    assert (problem["parameter"], problem["position"]) == ("q", 7)
    assert problem["context"] == 'merger "carbon tax\n       ^'
    assert problem["suggestion"] == 'merger "carbon tax"'
    assert ask(client, "articles", q=problem["suggestion"])["total"]["exact"]


def test_the_context_of_a_long_query_is_cut_around_the_fault(
    client: FlaskClient,
) -> None:
    text = "word\n" * 30 + "( tax " + "more " * 30
    problem = ask(client, "articles", 400, q=text)
    line, caret = problem["context"].split("\n")
    assert len(line) < 100
    assert line[len(caret) - 1] == text[problem["position"]]


def test_the_simple_syntax_takes_anything(client: FlaskClient) -> None:
    answer = ask(client, "articles", q='carbon AND ( "tax', q_syntax="simple")
    assert answer["query"]["text"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("foo:bar", "invalid-query"),
        ("word " * 65, "query-too-complex"),
        ("x" * 1001, "query-too-complex"),
        ("(" * 500, "query-too-complex"),
        ("***", "invalid-query"),
        ("title:", "query-syntax"),
    ],
)
def test_a_fault_in_q_says_of_which_kind_it_is(
    client: FlaskClient, text: str, kind: str
) -> None:
    assert ask(client, "articles", 400, q=text)["type"] == f"/problems/{kind}"


def test_a_count_warns_of_names_that_nobody_has(client: FlaskClient) -> None:
    answer = ask(client, "count", company="Nobody")
    assert answer["total"] == 0
    assert answer["warnings"][0]["code"] == "unknown-value"
    assert ids(ask(client, "articles", company="Nobody")) == []


@pytest.mark.parametrize("text", ['""', '"  "', '"' * 2_000])
def test_marks_alone_in_a_search_box_find_nothing_and_say_so(
    text: str, client: FlaskClient
) -> None:
    answer = client.get("/v1/articles", query_string={"q": text, "q.syntax": "simple"})
    assert answer.json["total"]["value"] == 0
    assert answer.json["warnings"][0]["code"] == "empty-query"


@pytest.mark.parametrize("text", ["market " * 200, "a b c d " * 17])
def test_a_search_box_says_that_it_shortened_its_text(
    text: str, client: FlaskClient
) -> None:
    answer = client.get("/v1/articles", query_string={"q": text, "q.syntax": "simple"})
    [warning] = answer.json["warnings"]
    assert warning["code"] == "shortened-query"
    assert warning["value"] == answer.json["query"]["text"]
