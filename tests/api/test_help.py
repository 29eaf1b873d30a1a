"""What an answer without hits says: what to change, and how many that finds."""

from collections.abc import Iterable
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.settings import Settings
from search.request import SearchRequest
from search.result import SearchResult
from tests.api.archive import article, articles, ask, follow
from tests.application import application
from tests.reference import ReferenceEngine


@pytest.fixture(autouse=True)
def archive(engine: ReferenceEngine) -> None:
    engine.index(articles())


def advice(client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    """Return the help of an answer; every piece must keep what it promises."""
    answer = ask(client, "articles", **query)
    assert answer["total"]["value"] == 0
    for each in answer["help"]:
        found = follow(client, each["url"])
        assert found["total"]["value"] == each["count"] > 0, each
    return list(answer["help"])


def told(found: Iterable[dict[str, Any]], *changes: str) -> list[tuple[Any, ...]]:
    """Return what is changed in which way, of these kinds of change."""
    return [
        (each["parameter"], each["value"], each["instead"])
        for each in found
        if each["change"] in changes
    ]


class Counted(ReferenceEngine):
    """Counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    def search(self, request: SearchRequest, /) -> SearchResult:
        self.calls.append("search")
        return super().search(request)

    def search_all(
        self, requests: Iterable[SearchRequest], /
    ) -> tuple[SearchResult, ...]:
        asked = tuple(requests)
        self.calls.append("search_all")
        found = super().search_all(asked)
        self.calls = [each for each in self.calls if each != "search"]
        return found

    def spellings(self, word: str, /) -> tuple[str, ...]:
        self.calls.append("spellings")
        return super().spellings(word)


def test_help_costs_nothing_where_something_is_found() -> None:
    engine = Counted()
    engine.index(articles())
    client = application(Settings(log="off"), engine).test_client()
    assert "help" not in ask(client, "articles", q="carbon")
    assert engine.calls == ["search"]
    ask(client, "count", q="crabon")
    assert engine.calls == ["search", "search"]
    ask(client, "articles", q="crabon tx", source="reuters")
    assert engine.calls == ["search_all", "spellings", "search_all"]


def test_a_misspelt_word_is_corrected_to_one_that_is_there(client: FlaskClient) -> None:
    found = advice(client, q="crabon")
    assert told(found, "spelling") == [("q", "crabon", "carbon")]


def test_a_spelling_is_proposed_where_it_has_hits_under_the_same_filters(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    engine.index([article(900, title="cartoon cargon", source="Reuters", body=None)])
    engine.index([article(901, title="carbons", source="The Wire", body=None)])
    everywhere = told(advice(client, q="carbonx"), "spelling")
    assert [instead for _, _, instead in everywhere] == ["carbon", "carbons", "cargon"]
    with_cargon = told(advice(client, q="cargonn", source="reuters"), "spelling")
    assert with_cargon[0] == ("q", "cargonn", "cargon")
    without = told(advice(client, q="cargonn", source="the-wire"), "spelling")
    assert [instead for _, _, instead in without] == ["carbon", "carbons"]


def test_several_misspelt_words_are_corrected_together(client: FlaskClient) -> None:
    found = told(advice(client, q="crabon levvy mregers"), "spelling")
    assert found[0] == ("q", "crabon levvy mregers", "carbon levy mergers")
    found = told(advice(client, q='"bnak megrer"'), "spelling")
    assert found == [("q", '"bnak megrer"', '"bank merger"')]


def test_a_known_word_is_corrected_where_that_finds_something(
    client: FlaskClient, engine: ReferenceEngine
) -> None:
    engine.index([article(900, title="tex zebra", body=None)])
    engine.index([article(901, title="zebra crossing", body=None)])
    found = advice(client, q="crossing tex levy")
    assert ("q", "crossing tex levy", "crossing tax levy") not in told(
        found, "spelling"
    )
    assert told(advice(client, q="zebra levy tex"), "spelling") == []
    assert told(advice(client, q="carbon tex levy"), "spelling") == [
        ("q", "carbon tex levy", "carbon tax levy")
    ]


def test_a_name_that_is_not_here_is_corrected(client: FlaskClient) -> None:
    found = advice(client, q="carbon", person="Angela Merkl")
    assert told(found, "name") == [("person", "Angela Merkl", "Angela Merkel")]
    found = advice(client, q='carbon person:"Angela Merkl"')
    assert told(found, "name") == [("q", "Angela Merkl", "Angela Merkel")]


@pytest.mark.parametrize(
    ("query", "change", "expected"),
    [
        (
            {"q": 'carbon zeppelin "near bank"'},
            "drop",
            [],
        ),
        ({"q": "carbon zeppelin"}, "drop", [("q", "zeppelin", "carbon")]),
        (
            {"q": "carbon -levy -tax"},
            "drop",
            [
                ("q", "carbon", "-levy -tax"),
                ("q", "-levy", "carbon -tax"),
                ("q", "-tax", "carbon -levy"),
            ],
        ),
        ({"q": '"tax carbon"'}, "words", [("q", '"tax carbon"', "tax carbon")]),
        ({"q": "title:script"}, "anywhere", [("q", "title:script", "script")]),
        (
            {"q": "bank zeppelin dirigible"},
            "any",
            [("q", "bank zeppelin dirigible", "bank OR zeppelin OR dirigible")],
        ),
        (
            {"company": "tesla-inc", "tag": "opinion", "q": "levy", "lang": "fr"},
            "drop",
            [("lang", "fr", None)],
        ),
        (
            {"company": ["tesla-inc", "nobody"], "tag_not": ["energy", "opinion"]},
            "drop",
            [],
        ),
        (
            {"company_all": ["shell", "bp", "tesla-inc"]},
            "drop",
            [
                ("company.all", "shell", None),
                ("company.all", "tesla-inc", None),
                ("company.all", None, None),
            ],
        ),
        (
            {"to": "2024-03-20", "q": "levy"},
            "widen",
            [("to", "2024-03-20", "2024-03-28T23:59:59.999Z")],
        ),
        (
            {"from": "2024-05-17", "to": "2024-05-20", "q": "levy"},
            "drop",
            [("from", "2024-05-17", None)],
        ),
        ({"q": "zeppelin", "tag": "energy"}, "drop", [("q", "zeppelin", None)]),
        (
            {"q": "carbon zeppelin", "tag": "nothing", "tag_not": "x", "lang": "en"},
            "only",
            [("lang", "en", None), ("q", "carbon", None)],
        ),
    ],
)
def test_what_to_leave_out_or_to_relax_is_told(
    query: dict[str, Any], change: str, expected: list[Any], client: FlaskClient
) -> None:
    if expected:
        assert told(advice(client, **query), change) == expected
    elif ask(client, "articles", **query)["total"]["value"] == 0:
        assert told(advice(client, **query), change) == []


def test_a_clause_says_where_it_stands_in_q(client: FlaskClient) -> None:
    q = 'title:levy  "zeppelin flight"'
    [dropped] = [each for each in advice(client, q=q) if each["change"] == "drop"]
    assert q[dropped["start"] : dropped["end"]] == '"zeppelin flight"'


def test_the_shortest_longer_period_that_finds_something_is_told(
    client: FlaskClient,
) -> None:
    found = advice(client, _from="2024-06-01", to="2024-06-10")
    widened = [each for each in found if each["change"] == "widen"]
    assert [each["parameter"] for each in widened] == ["from"]
    assert widened[0]["instead"] == "2024-03-13T00:00:00Z"


def test_a_search_box_is_helped_in_the_whole_language(client: FlaskClient) -> None:
    found = advice(client, q='carbon "zeppelin', q_syntax="simple")
    assert told(found, "drop") == [("q", '"zeppelin"', "carbon")] or told(
        found, "drop"
    ) == [("q", "zeppelin", "carbon")]
    assert all("q.syntax" not in each["url"] for each in found)


def test_facets_and_order_stay_in_what_is_proposed(client: FlaskClient) -> None:
    found = advice(client, q="crabon", facet="tag", sort="oldest", page=3)
    [spelling] = [each for each in found if each["change"] == "spelling"]
    answer = follow(client, spelling["url"])
    assert (answer["query"]["sort"], [*answer["facets"]]) == ("oldest", ["tag"])
    assert "page" not in spelling["url"]


def test_a_question_in_a_body_is_helped_too(client: FlaskClient) -> None:
    answer = client.post("/v1/search", json={"q": "crabon", "tag": ["energy"]}).json
    assert answer
    assert answer["help"][0]["instead"] == "carbon"
    long = {"q": "zeppelin", "tag": ["x" * 900] * 10, "source": ["Reuters"]}
    answer = client.post("/v1/search", json=long).json
    assert answer
    urls = {each["change"]: each["url"] for each in answer["help"]}
    assert urls == {"only": "/v1/articles?source=Reuters"}


def test_an_empty_archive_has_no_help(app: Any, engine: ReferenceEngine) -> None:
    engine.delete([each.id for each in articles()])
    assert advice(app.test_client(), q="crabon tax", tag="energy", _from="7d") == []


WORDS = (
    "carbon",
    "crabon",
    "levy",
    '"rate cut"',
    "title:bank",
    "-tax",
    "zeppelin",
    "(a OR levy)",
)
VALUES = {
    "tag": ("energy", "Opinio", "politics"),
    "tag.all": ("energy", "opinion", "politics"),
    "company": ("shell", "Tesla, Inc.", "nobody"),
    "person.not": ("Angela Merkel", "Adam Smith"),
    "person": ("Adam Smith", "Angela Merkl"),
    "lang": ("en", "fr"),
    "from": ("2024-04-01", "2024-06", "7d"),
    "to": ("2024-03", "2024-04-05"),
}


def question(random: Random) -> list[tuple[str, str]]:
    """Return the parameters of a question that probably finds nothing."""
    pairs = [("q", " ".join(random.choices(WORDS, k=random.randint(1, 4))))]
    for name in random.sample(sorted(VALUES), random.randint(0, 4)):
        single = name in ("from", "to")
        many = 1 if single else random.randint(1, 2)
        pairs += [(name, value) for value in random.sample(VALUES[name], many)]
    return pairs


def test_everything_that_is_proposed_finds_as_many_as_it_says(
    client: FlaskClient,
) -> None:
    random, helped = Random(5), 0
    for _ in range(60):
        answer = client.get("/v1/articles", query_string=question(random))
        if answer.status_code == 400 or answer.json["total"]["value"]:
            continue
        for each in answer.json["help"]:
            found = follow(client, each["url"])
            assert found["total"]["value"] == each["count"], each
        helped += bool(answer.json["help"])
    assert helped > 20
