"""Every address in an answer leads somewhere, and to as many articles as it promises."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.settings import Settings
from schemas.views import VIEWS, View
from schemas.ways import ELSEWHERE, FORMATS
from search.connection import connect
from tests.api.archive import articles
from tests.application import application

ANSWERS = 100

WORDS = (
    "carbon",
    "levy",
    "bank",
    '"rate cut"',
    "title:merger",
    "-tax",
    "crabon",
    "ban*",
)
VALUES = {
    "tag": ("energy", "Opinion", "nothing"),
    "tag.all": ("energy", "politics"),
    "company": ("shell", "Tesla, Inc.", "BP"),
    "company.not": ("bp", "Shell plc"),
    "person": ("Adam Smith", "Angela Merkl", "angela-merkel"),
    "lang": ("en", "zh"),
    "source": ("Reuters", "The Daily Planet"),
}
SINGLE = {
    "from": ("2024-04-01", "2024-04-02T10:00:00+02:00"),
    "to": ("2024-04-10", "2024-04"),
    "tz": ("Europe/Berlin", "Asia/Kolkata"),
    "sort": ("newest", "oldest"),
    "facet": ("tag", "company,person", "lang,source"),
    "facet.mode": ("and", "or"),
    "facet.size": ("2", "3"),
    "interval": ("day", "auto"),
    "limit": ("0", "3", "7"),
    "page": ("2", "3"),
    "highlight": ("title,body",),
    "fields": ("title,source", "-summary"),
    "date": ("published", "indexed"),
    "q.syntax": ("full", "simple"),
}
PATHS: tuple[tuple[str, View], ...] = (
    *(("articles", "articles"),) * 4,
    *(("facets/tag", "facets"), ("facets/person", "facets")),
    *((way.path, way.view) for way in ELSEWHERE),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    engine = connect(f"embedded:{tmp_path_factory.mktemp('links')}")
    engine.index(articles(), refresh=True)
    yield application(Settings(log="off"), engine).test_client()
    engine.close()


def question(random: Random, view: View) -> list[tuple[str, str]]:
    """Return random parameters, of those that a view takes."""
    pairs = [("q", " ".join(random.choices(WORDS, k=random.randint(1, 2))))]
    pairs = random.choice((pairs, []))
    for name in random.sample(sorted(VALUES), random.randint(0, 2)):
        some = random.sample(VALUES[name], random.randint(1, 2))
        pairs += [(name, value) for value in some]
    for name in random.sample(sorted(SINGLE), random.randint(0, 4)):
        pairs.append((name, random.choice(SINGLE[name])))
    taken = VIEWS[view].fields
    return [
        (name, value)
        for name, value in pairs
        if name in taken
        and (name, view) not in (("sort", "facets"), ("limit", "facets"))
    ]


def promises(value: Any) -> Iterator[tuple[str, int | None]]:
    """Yield every address of an answer, with the count that stands beside it."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key == "items":
                continue
            if isinstance(each, str) and each.startswith("/v1/"):
                yield each, value.get("count") if key == "url" else None
            else:
                yield from promises(each)
    elif isinstance(value, list):
        for each in value:
            yield from promises(each)
    elif isinstance(value, str) and value.startswith("/v1/"):
        yield value, None


def total(answer: TestResponse) -> int:
    return int(answer.headers["X-Total-Count"])


def answers(client: FlaskClient) -> Iterator[TestResponse]:
    """Yield answers to random questions, also to some with a page that is not there."""
    random = Random(2026)
    found = 0
    while found < ANSWERS:
        path, view = random.choice(PATHS)
        answer = client.get(f"/v1/{path}", query_string=question(random, view))
        if answer.status_code == 200:
            found += 1
            yield answer


def test_every_link_of_a_hundred_answers_keeps_what_it_promises(
    client: FlaskClient,
) -> None:
    totals: dict[str, int] = {}
    followed = 0
    for answer in answers(client):
        for address, count in promises(answer.json):
            if address not in totals:
                reached = client.get(address)
                assert reached.status_code == 200, (address, reached.text)
                totals[address] = total(reached)
            if count is not None:
                assert totals[address] == count, address
                followed += 1
        same = same_question(answer.json)
        assert {totals[address] for address in same} <= {total(answer)}, answer.json
    assert followed > 200


def same_question(answer: dict[str, Any]) -> list[str]:
    """Return the links to the same articles in another shape."""
    return [address for address in answer.get("links", {}).values() if address]


def test_an_answer_links_to_every_view_and_format(client: FlaskClient) -> None:
    links = client.get("/v1/articles?q=levy&sort=newest").json["links"]  # type: ignore[index]
    shapes = {way.name for way in (*ELSEWHERE, *FORMATS["articles"])}
    assert links.keys() == {"self", "first", "prev", "next", *shapes}
    for way in ELSEWHERE:
        linked = client.get(links[way.name]).json
        assert linked is not None
        others = {each.name for each in ELSEWHERE if each is not way}
        if "links" in linked:
            assert others <= linked["links"].keys()


def test_a_selected_value_is_taken_away_by_its_link(client: FlaskClient) -> None:
    query = "q=levy&company=Shell+plc&company=bp&facet=company"
    answer = client.get(f"/v1/articles?{query}").json
    assert answer is not None
    values = {each["id"]: each for each in answer["facets"]["company"]["values"]}
    without = client.get(values["shell"]["remove"]).json
    assert without is not None
    assert [each["id"] for each in without["query"]["filters"]["company"]["any"]] == [
        "bp"
    ]
    both = client.get(values["tesla-inc"]["apply"]).json
    assert both is not None
    assert len(both["query"]["filters"]["company"]["any"]) == 3
