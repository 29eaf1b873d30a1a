from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given, strategies as st

from schemas.articles import load
from schemas.problems import Invalid
from search.article import Article, Entity, Image, content, parse, store
from search.catalog import FIELDS

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
LEAST: dict[str, Any] = {"title": "A title", "published_at": "2024-05-17T10:00:00Z"}
WHOLE: dict[str, Any] = {
    "id": "a:1",
    "title": "Shell and BP agree",
    "summary": "They agree.",
    "body": "One line.\nAnother\tone.",
    "url": "https://example.org/a?b=c#d",
    "source": "The Daily Planet",
    "section": "Business",
    "authors": ["Ann Lee", "Bo Ek"],
    "published_at": "2024-05-17T10:00:00Z",
    "updated_at": "2024-05-18",
    "language": "en",
    "tags": ["Energy"],
    "companies": [{"id": "shell", "name": "Shell plc"}, "BP"],
    "people": [],
    "places": None,
    "image": {"url": "https://example.org/a.png", "caption": "Both", "credit": None},
    "metadata": {"desk": "london", "words": [1, 2.5, None, True]},
}


def loaded(**values: Any) -> Article:
    return load(LEAST | values, now=NOW)


def faults(values: Any, **options: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        load(values, now=NOW, **options)
    return {fault.pointer: fault.detail for fault in caught.value.faults}


def fault(**values: Any) -> tuple[str, str]:
    [found] = faults(LEAST | values).items()
    return found


def test_a_whole_article_is_loaded() -> None:
    article = load(WHOLE, now=NOW)
    assert article == Article(
        id=article.id,
        title="Shell and BP agree",
        summary="They agree.",
        body="One line.\nAnother\tone.",
        url="https://example.org/a?b=c#d",
        source="The Daily Planet",
        section="Business",
        authors=("Ann Lee", "Bo Ek"),
        published_at=datetime(2024, 5, 17, 10, tzinfo=UTC),
        updated_at=datetime(2024, 5, 18, tzinfo=UTC),
        language="en",
        tags=(Entity("energy", "Energy"),),
        companies=(Entity("shell", "Shell plc"), Entity("bp", "BP")),
        image=Image("https://example.org/a.png", "Both"),
        metadata={"desk": "london", "words": [1, 2.5, None, True]},
    )
    assert article.id == "a:1"


def test_a_title_and_a_date_are_enough() -> None:
    article = loaded()
    assert (article.title, article.tags, article.metadata) == ("A title", (), {})
    assert set(faults({})) == {"/title", "/published_at"}


@pytest.mark.parametrize("body", [None, 1, "text", [], [LEAST], True])
def test_what_is_no_object_is_refused(body: Any) -> None:
    assert faults(body) == {"": "This must be an object."}


def test_what_was_stored_is_loaded_as_the_same() -> None:
    stored = store(load(WHOLE, now=NOW), NOW, 17)
    again = load(orjson.loads(stored.json()), now=NOW, restore=True)
    assert store(again, NOW, 17) == stored
    assert (again.version, again.indexed_at) == (17, NOW)
    assert again == parse(orjson.loads(stored.json()))


def test_what_the_server_sets_is_refused_and_says_how_to_restore() -> None:
    found = faults(LEAST | {"version": 1, "indexed_at": "2024-01-01"})
    assert set(found) == {"/version", "/indexed_at"}
    assert all("restore=true" in detail for detail in found.values())


@pytest.mark.parametrize("version", [0, -1, 2**53, "1", 1.0, 1.5, True])
def test_a_version_that_cannot_be_is_not_restored(version: Any) -> None:
    found = faults(LEAST | {"version": version}, restore=True)
    assert set(found) == {"/version"}


def test_an_unknown_key_is_refused_with_the_nearest_one() -> None:
    assert fault(titlex="x") == (
        "/titlex",
        "There is no such key. Did you mean 'title'?",
    )
    assert "metadata" in fault(zzz=1)[1]
    assert fault(image={"url": "https://a.b/", "alt": ""})[0] == "/image/alt"
    assert fault(tags=[{"name": "x", "score": 1}])[0] == "/tags/0/score"


def test_a_key_with_a_slash_is_escaped_in_its_pointer() -> None:
    assert fault(**{"a/b~c": 1})[0] == "/a~1b~0c"


def test_a_monstrous_key_is_not_repeated() -> None:
    pointer, detail = fault(**{"x" * 5000: 1})
    assert (pointer, len(detail) < 200) == ("", True)


def test_too_many_keys_are_refused_at_once() -> None:
    found = faults(LEAST | {str(number): 1 for number in range(200)})
    assert found == {"": "An article has at most 100 keys."}


def test_all_faults_are_told_with_pointers() -> None:
    found = faults(
        {
            "title": "\x00 \n",
            "published_at": "soon",
            "authors": ["Ann", 3],
            "companies": ["!?", {"id": "B P", "name": ""}, {}, 3, None],
            "tags": "energy",
            "image": {},
            "metadata": [],
        }
    )
    assert set(found) == {
        "/title",
        "/published_at",
        "/authors/1",
        "/companies/0",
        "/companies/1/id",
        "/companies/1/name",
        "/companies/2/name",
        "/companies/3",
        "/companies/4",
        "/tags",
        "/image/url",
        "/metadata",
    }


def test_at_most_50_faults_are_told_and_the_rest_counted() -> None:
    found = faults(LEAST | {"tags": [1] * 1000})
    assert len(found) == 50
    assert found[""] == "There are 951 more faults."


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *((key, None) for key in WHOLE if key not in LEAST),
        *((key, "") for key in ("summary", "body", "url", "source", "section")),
        *((key, " \n") for key in ("summary", "body", "updated_at", "language")),
        ("body", "\x00\x1f"),
    ],
)
def test_an_optional_value_that_is_null_or_blank_is_not_there(
    key: str, value: Any
) -> None:
    given = load(LEAST | {key: value}, now=NOW)
    assert content(given) == content(loaded())


def test_a_title_is_not_blank_and_not_longer_than_2000_characters() -> None:
    assert fault(title="") == ("/title", "This may not be blank.")
    assert fault(title=None) == ("/title", "This may not be null.")
    assert fault(title="\u202e\x00 ")[0] == "/title"
    assert loaded(title="é" * 2000).title == "é" * 2000
    assert "2000" in fault(title="é" * 2001)[1]


def test_control_and_direction_override_characters_are_stripped() -> None:
    raw = "a\x00b\x0bc\u202ed\u2066e\x7ff\x85g\x1bh"
    assert loaded(title=raw).title == "abcdefgh"
    assert loaded(body=raw).body == "abcdefgh"
    assert loaded(tags=[raw]).tags == (Entity("abcdefgh", "abcdefgh"),)


def test_line_breaks_and_tabs_stay_and_become_line_feeds() -> None:
    assert loaded(body="a\r\nb\rc\nd\te").body == "a\nb\nc\nd\te"


@pytest.mark.parametrize(
    "text", ["Ján", "Ja\u0301n", "日本語", "👩‍👩‍👧", "a\xa0b", "עברית"]
)
def test_letters_of_the_world_stay_as_they_are(text: str) -> None:
    assert content(loaded(title=text, body=text))[1] == orjson.dumps(text)


@given(st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs"))))
def test_text_without_controls_stays_as_it_is(text: str) -> None:
    expected = text if text.strip() else None
    assert loaded(body=text).body == expected


@pytest.mark.parametrize("key", ["title", "body", "source", "url"])
def test_half_a_surrogate_pair_is_refused(key: str) -> None:
    assert fault(**{key: "https://a.b/\ud800"})[0] == f"/{key}"


def test_an_id_is_made_of_the_address_without_trackers() -> None:
    plain = loaded(url="https://example.org/a?b=1")
    tracked = loaded(url="https://EXAMPLE.org/a?utm_source=x&b=1#top", title="Other")
    assert plain.id == tracked.id
    assert loaded().id != plain.id


def test_an_id_is_made_of_title_date_and_source_where_there_is_no_address() -> None:
    assert loaded().id == loaded(body="other").id
    others = {
        loaded(title="B").id,
        loaded(published_at="2023").id,
        loaded(source="S").id,
    }
    assert len({loaded().id, *others}) == 4


def test_the_id_of_the_address_counts() -> None:
    assert load(LEAST, now=NOW, article_id="b").id == "b"
    assert load(LEAST | {"id": "b"}, now=NOW, article_id="b").id == "b"
    assert set(faults(LEAST | {"id": "c"}, article_id="b")) == {"/id"}
    assert set(faults(LEAST, article_id="b.csv")) == {"/id"}
    assert set(faults([], article_id="b")) == {""}


def test_a_date_out_of_range_is_refused() -> None:
    assert fault(published_at="9999-12-31T23:59:59-14:00")[0] == "/published_at"
    assert fault(updated_at="2026")[0] == "/updated_at"
    assert fault(published_at=1715940000)[0] == "/published_at"


def deep(levels: int) -> Any:
    value: Any = {}
    for _ in range(levels):
        value = {"a": [value]}
    return value


def test_metadata_is_small_json() -> None:
    assert "64,000" in fault(metadata={"a": "x" * 64_000})[1]
    assert "levels" in fault(metadata=deep(40))[1]
    assert fault(metadata=deep(300))[0] == "/metadata"
    assert fault(metadata={"a": {1, 2}})[0] == "/metadata"
    assert fault(metadata="x")[0] == "/metadata"
    many = {str(number): {} for number in range(1000)}
    assert loaded(metadata=many).metadata == many
    assert loaded(metadata=deep(30)).metadata == deep(30)


def test_every_field_of_the_catalogue_is_a_key() -> None:
    keys = {field.key for field in FIELDS.values() if not field.server}
    assert set(WHOLE) == keys
