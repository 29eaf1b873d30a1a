"""A small archive, and how tests ask it."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from search.article import Article, ArticleId, Entity, facet_values

START = datetime(2024, 3, 28, 21, 30, 15, 250_000, tzinfo=UTC)

SHELL = Entity("shell", "Shell plc")
BP = Entity("bp", "BP")
TESLA = Entity("tesla-inc", "Tesla, Inc.")
FIRST_SMITH = Entity("adam-smith-economist", "Adam Smith")
OTHER_SMITH = Entity("adam-smith-footballer", "Adam Smith")
MERKEL = Entity("angela-merkel", "Angela Merkel")
ENERGY = Entity("energy", "Energy")
POLITICS = Entity("politics", "Politics & Power")
OPINION = Entity("opinion", "Opinion")

_COMPANIES = (
    *((SHELL,), (BP,), (SHELL, BP), (TESLA,)),
    *((), (TESLA, BP), (SHELL,), (SHELL,)),
)
_PEOPLE = ((), (MERKEL,), (FIRST_SMITH,), (OTHER_SMITH, MERKEL))
_TAGS = ((ENERGY,), (ENERGY, POLITICS), (OPINION,), (), (POLITICS,))
_SOURCES = ("Reuters", "The Daily Planet", None)
_LANGUAGES = ("en", "de", "zh-Hant", "zh", None)
_TITLES = (
    "A levy on <carbon>",
    "Carbon tax: who pays?",
    "Bank merger “very” near",
    "A rate cut, and what mergers cost",
)
_BODY = "The carbon tax is a levy. <script>alert(1)</script> Mergers & taxes in Łódź."


def article(number: int, **values: Any) -> Article:
    """Return one article of the archive; its number decides everything about it."""
    known: dict[str, Any] = {
        "id": ArticleId(f"a{number:03}"),
        "title": _TITLES[number % 4],
        "published_at": START + timedelta(hours=7 * number, milliseconds=number),
        "body": _BODY if number % 3 else None,
        "source": _SOURCES[number % 3],
        "section": ("Business", "World")[number % 2],
        "authors": (("Ann Lee", "Bo Ek"), ("Ann Lee",), ())[number % 3],
        "language": _LANGUAGES[number % 5],
        "companies": _COMPANIES[number % 8],
        "people": _PEOPLE[number % 4],
        "tags": _TAGS[number % 5],
    }
    return Article(**(known | values))


def articles(count: int = 60) -> list[Article]:
    """Return the archive: over two weeks, in which Europe's clocks go forward."""
    return [article(number) for number in range(count)]


def ask(client: FlaskClient, path: str, status: int = 200, **query: Any) -> Any:
    """Return the JSON of a path below /v1/; `a_b` is the parameter `a.b`."""
    pairs = {name.strip("_").replace("_", "."): value for name, value in query.items()}
    answer = client.get(f"/v1/{path}", query_string=pairs)
    assert answer.status_code == status, answer.text
    return answer.json


def follow(client: FlaskClient, address: str) -> Any:
    """Return the JSON that a link of an answer leads to."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.text)
    return answer.json


def walk(client: FlaskClient, **query: Any) -> Iterator[Any]:
    """Yield all pages of a question, by `links.next`."""
    page = ask(client, "articles", **query)
    yield page
    while page["links"]["next"]:
        page = follow(client, page["links"]["next"])
        yield page


def ids(answer: Any) -> list[str]:
    """Return the ids of an answer's items."""
    return [item["id"] for item in answer["items"]]


def counts(facet: dict[str, Any]) -> dict[str, int]:
    """Return the counts of a facet by id."""
    return {value["id"]: value["count"] for value in facet["values"]}


def tally(field: str, base: list[Article]) -> Counter[str]:
    """Count a field's values by hand."""
    return Counter(entity.id for each in base for entity in facet_values(each, field))


def has(each: Article, field: str, *ids: str) -> bool:
    """Say whether an article has one of these ids."""
    return any(entity.id in ids for entity in facet_values(each, field))


def addresses(value: Any) -> Iterator[str]:
    """Yield every address that stands anywhere in an answer."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key != "items":
                yield from addresses(each)
    elif isinstance(value, list):
        for each in value:
            yield from addresses(each)
    elif isinstance(value, str) and value.startswith("/v1/"):
        assert urlsplit(value).netloc == ""
        yield value
