from datetime import UTC, datetime, timedelta

import pytest

from schemas.formats.arriving import Arrival, admit, dates_in
from schemas.formats.drafts import Draft, draft
from schemas.problems import Fault, Invalid
from tests.reference import ReferenceEngine

NOW = datetime(2026, 5, 17, 10, tzinfo=UTC)
ARRIVAL = Arrival(NOW)
BASE = {"title": "Levy rises", "published_at": "2024-05-17"}


def pointers(told: tuple[Fault, ...]) -> list[str]:
    return [fault.pointer for fault in told]


def test_malformed_optional_values_are_left_out_and_told() -> None:
    given = {
        **BASE,
        "url": "no address",
        "language": "not a language",
        "updated_at": "yesterday",
        "tags": ["energy", "!!!", "shipping", "x" * 600],
        "image": {"url": "https://example.org/a.jpg", "caption": 7},
        "id": "not an id",
    }
    article, told = admit(Draft(given), ARRIVAL)
    assert [tag.name for tag in article.tags] == ["energy", "shipping"]
    assert article.url is None
    assert article.language is None
    assert article.updated_at is None
    assert article.image is not None
    assert article.image.caption is None
    assert set(pointers(told)) == {
        *("/url", "/language", "/updated_at", "/tags/1", "/tags/3", "/id"),
        "/image/caption",
    }
    assert all(fault.detail.startswith("Left out. ") for fault in told)


def test_a_picture_without_an_address_is_left_out_whole() -> None:
    article, told = admit(Draft({**BASE, "image": {"caption": "a"}}), ARRIVAL)
    assert article.image is None
    assert pointers(told) == ["/image/url"]


def test_an_article_without_a_title_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        admit(Draft({"published_at": "2024", "url": "none"}), ARRIVAL)
    assert caught.value.faults == (Fault("/title", "This is needed."),)


@pytest.mark.parametrize("date", [None, "the other day", "1066-10-14", "9999-12-31"])
def test_a_missing_or_malformed_date_is_that_of_the_file(date: str | None) -> None:
    changed = NOW - timedelta(days=3)
    given = draft({"title": "Levy rises", "published_at": date})
    article, told = admit(given, Arrival(NOW, changed))
    assert article.published_at == changed
    assert told[-1].detail == "No date is given: that of the file stands for it."


def test_the_same_undated_text_is_the_same_article_whenever_it_arrives() -> None:
    engine = ReferenceEngine()
    given = draft({"title": "Levy rises", "body": "It rises."})
    first, told = admit(given, Arrival(NOW, None, dates_in(engine)))
    engine.index([first])
    later = Arrival(NOW + timedelta(days=9), None, dates_in(engine))
    again, _ = admit(given, later)
    assert told[-1].detail == "No date is given: the time of arrival stands for it."
    assert again == first
    assert engine.index([again]).outcomes[0].status == "unchanged"


def test_an_article_of_our_own_is_taken_strictly() -> None:
    with pytest.raises(Invalid):
        admit(Draft({**BASE, "url": "no address"}, strict=True), ARRIVAL)
    assert admit(Draft(BASE, strict=True), ARRIVAL)[0].title == "Levy rises"


def test_what_was_withdrawn_is_refused_with_the_reason() -> None:
    with pytest.raises(Invalid, match="it is canceled"):
        admit(Draft({}, (Fault("", "Its publisher says: it is canceled."),)), ARRIVAL)
