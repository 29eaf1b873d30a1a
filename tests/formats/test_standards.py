"""Articles as ninjs 3.1 and as schema.org's NewsArticle."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import jsonschema
import orjson
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings

from api.settings import Settings
from schemas.formats import newsarticle, ninjs31, reading
from schemas.formats.arriving import Arrival, admit
from search.article import Article, ArticleId, Entity, Image, content, store
from tests.application import application
from tests.corpus import corpora
from tests.reference import ReferenceEngine

NOW = datetime(2026, 5, 17, tzinfo=UTC)
TEXT = {"type": "string"}
ADDRESS = {"type": "string", "format": "uri"}
MOMENT = {"type": "string", "format": "date-time"}


def only(*needed: str, **properties: Any) -> dict[str, Any]:
    closed = {"type": "object", "additionalProperties": False}
    return {**closed, "required": list(needed), "properties": properties}


def each(*needed: str, **properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": only(*needed, **properties)}


THING = {"name": TEXT, "rel": TEXT, "uri": ADDRESS, "literal": TEXT}
WORDED = {"role": TEXT, "contentType": TEXT, "value": TEXT}
PARTS: dict[str, Any] = {
    "uri": ADDRESS,
    "type": {"enum": ["text", "picture"]},
    "representationType": {"enum": ["full", "partial"]},
    "version": TEXT,
    "firstCreated": MOMENT,
    "versionCreated": MOMENT,
    "pubStatus": {"enum": ["usable", "withheld", "canceled"]},
    "language": TEXT,
    "title": TEXT,
    "by": TEXT,
    "headlines": each("value", **WORDED),
    "descriptions": each("value", **WORDED),
    "bodies": each(
        "value",
        **WORDED,
        charCount={"type": "integer"},
        wordCount={"type": "integer"},
    ),
    "people": each(**THING),
    "organisations": each(**THING),
    "places": each(**THING),
    "subjects": each(**THING),
    "infoSources": each(name=TEXT, role=TEXT, uri=ADDRESS, literal=TEXT),
    "renditions": each("name", name=TEXT, href=ADDRESS),
    "altIds": each(role=TEXT, value=TEXT),
    "standard": only(name=TEXT, version=TEXT, schema=ADDRESS),
}
NINJS = only(
    "uri", **PARTS, associations=each("name", "uri", **PARTS, name=TEXT, rel=TEXT)
)
"""What the schema of ninjs 3.1 says of the parts that are written here."""

CHECK = jsonschema.Draft202012Validator(
    NINJS, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)
FULL = Article(
    id=ArticleId("levy-1"),
    title="R&D <levy> &amp; more",
    published_at=datetime(2024, 5, 17, 10, 0, 0, 123456, tzinfo=UTC),
    updated_at=datetime(2024, 5, 18, tzinfo=UTC),
    summary="It rises.\n",
    body="  It rises.\n\nA lot < 5 & more.",
    url="https://example.org/zölle?a=b c".replace(" ", "%20"),
    source="The Wire",
    section="Economy",
    authors=("Ann Lee", "Tesla, Inc. and others"),
    language="de-AT",
    tags=(Entity("energy", "Energy"), Entity("medtop-3", "Energy")),
    companies=(Entity("at-t", "AT&T"), Entity("bp", "BP", about=True)),
    people=(Entity("jo", "Jo", about=False),),
    places=(Entity("lodz", "Łódź"),),
    image=Image("https://example.org/a.jpg", "A pier", "Bo Ek"),
    metadata={"urgency": 0, "none": None, "deep": {"list": [1, "", False]}},
)


LOOSE = ("summary", "body", "language")


def _valid(article: Article, key: str) -> str | None:
    # Engines are tested with values too that the schema does not let through.
    value: str | None = getattr(article, key)
    return value if value and value.strip() and value != "e" else None


def back(article: Article) -> Article:
    written = ninjs31.dump(store(article, NOW, 7))
    CHECK.validate(orjson.loads(written))
    [draft] = reading.read(reading.Source(written, "ninjs"))
    read, warnings = admit(draft, Arrival(NOW))
    assert warnings == ()
    return read


def test_ninjs_of_a_full_article_is_valid_and_loses_nothing() -> None:
    assert back(FULL) == FULL


@settings(max_examples=10)
@given(corpora())
def test_ninjs_of_any_article_is_valid_and_loses_nothing(
    articles: list[Article],
) -> None:
    for drawn in articles:
        article = replace(drawn, **{key: _valid(drawn, key) for key in LOOSE})
        assert content(back(article)) == content(article)


def test_ninjs_says_which_version_of_what_it_is() -> None:
    values = orjson.loads(ninjs31.dump(store(FULL, NOW, 7)))
    assert values["standard"]["version"] == "3.1"
    assert values["uri"] == "https://example.org/z%C3%B6lle?a=b%20c"
    assert values["version"] == "7"
    assert {"name": "Economy", "rel": "section"} in values["subjects"]
    assert {"name": "BP", "literal": "bp", "rel": "about"} in values["organisations"]


def test_a_news_article_is_told_in_the_words_of_schema_org() -> None:
    values = orjson.loads(newsarticle.dump(store(FULL, NOW, 7)))
    assert values["@context"] == "https://schema.org"
    assert values["@type"] == "NewsArticle"
    assert values["headline"] == FULL.title
    assert values["articleBody"] == FULL.body
    assert values["datePublished"] == "2024-05-17T10:00:00.123456Z"
    assert values["author"][0] == {"@type": "Person", "name": "Ann Lee"}
    assert values["publisher"] == {"@type": "NewsMediaOrganization", "name": "The Wire"}
    assert values["image"]["creditText"] == "Bo Ek"
    assert [each["name"] for each in values["about"]] == ["AT&T", "BP", "Łódź"]
    assert [each["name"] for each in values["mentions"]] == ["Jo"]


def test_what_is_not_known_is_not_there() -> None:
    bare = Article(id=ArticleId("a"), title="Levy", published_at=NOW)
    values = orjson.loads(newsarticle.dump(store(bare, NOW, 7)))
    assert values.keys() == {
        *("@context", "@type", "identifier", "headline", "datePublished", "version"),
    }
    assert orjson.loads(ninjs31.dump(store(bare, NOW, 7)))["uri"].startswith("tag:")


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    engine = ReferenceEngine()
    engine.index([FULL])
    return application(Settings(), engine).test_client()


@pytest.mark.parametrize(
    ("suffix", "kind", "key"),
    [
        ("ninjs", "application/ninjs+json", "headlines"),
        ("jsonld", "application/ld+json", "headline"),
    ],
)
def test_both_are_served_by_suffix_and_by_accept_with_a_tag_of_their_own(
    client: FlaskClient, suffix: str, kind: str, key: str
) -> None:
    path = "/v1/articles/levy-1"
    answer = client.get(f"{path}.{suffix}")
    assert answer.mimetype == kind
    assert answer.json is not None
    assert key in answer.json
    wanted = client.get(path, headers={"Accept": kind})
    assert (wanted.mimetype, wanted.data) == (kind, answer.data)
    tag = answer.headers["ETag"]
    assert tag != client.get(path).headers["ETag"]
    known = {"If-None-Match": tag}
    assert client.get(f"{path}.{suffix}", headers=known).status_code == 304
    assert client.get(path, headers=known).status_code == 200
    assert client.get(f"{path}.{suffix}?fields=title").status_code == 400
    assert client.get(f"/v1/articles/nowhere.{suffix}").status_code == 404
