import pytest

from schemas.formats import texts
from schemas.formats.drafts import UnreadableError, Values

PAGE = """Port of Elsmere Raises Harbour Levy for the First Time in a Decade

Ships above 20,000 tonnes pay a third more from March.

The port of Elsmere will raise its harbour levy by a third from March, its director Ann \
Lee told the council on Tuesday, to pay for the new breakwater.

The old pier at dusk
The pier of Elsmere before the works began in the spring of last year. Bo Ek / Getty \
Images for Elsmere

What changes

Fishing boats stay free, and so does every ship that is built in the county.

Tags
Elsmere, Shipping
Share this page
"""


def values(text: str) -> Values:
    [draft] = texts.read(text.encode())
    return draft.values


def test_title_summary_tags_and_caption_are_told_from_the_text() -> None:
    [draft] = texts.read(PAGE.encode())
    known = draft.values
    assert known["title"].startswith("Port of Elsmere Raises")
    assert known["summary"] == "Ships above 20,000 tonnes pay a third more from March."
    assert known["tags"] == ["Elsmere", "Shipping"]
    [picture] = known["metadata"]["pictures"]
    assert picture["credit"] == "Bo Ek / Getty Images for Elsmere"
    assert picture["caption"].startswith("The old pier at dusk The pier of Elsmere")
    assert known["body"].startswith("The port of Elsmere will raise")
    assert "What changes\n\nFishing boats" in known["body"]
    for left_out in ("Bo Ek", "Share this page", "Tags"):
        assert left_out not in known["body"]
    assert [fault.pointer for fault in draft.warnings] == ["/body"]


def test_lines_that_say_what_they_are_are_taken_at_their_word() -> None:
    known = values(
        "Headline: Levy rises\nBy: Ann Lee and Bo Ek\nDate: 17 May 2024\n"
        "Source: The Wire\nURL: https://example.org/a\n\nIt rises."
    )
    assert known["title"] == "Levy rises"
    assert known["authors"] == ["Ann Lee", "Bo Ek"]
    assert known["published_at"] == "2024-05-17"
    assert known["source"] == "The Wire"
    assert known["url"] == "https://example.org/a"
    assert known["body"] == "It rises."


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("2024-05-17", "2024-05-17"),
        ("May 17, 2024", "2024-05-17"),
        ("Friday, 17 May 2024", "2024-05-17"),
        ("17.5.2024, 18:11", "2024-05-17T18:11:00"),
        ("2024-05-17T10:00:00Z", "2024-05-17T10:00:00Z"),
        ("Wednesday, May 17", None),
        ("2024 was a year of levies", None),
    ],
)
def test_a_line_is_a_date_only_when_it_is_a_whole_one(
    row: str, expected: str | None
) -> None:
    assert values(f"Levy rises\n{row}\n\nIt rises.").get("published_at") == expected


def test_a_byline_below_the_title_names_the_authors() -> None:
    assert values("Levy rises\nBy Ann Lee\n\nIt rises.")["authors"] == ["Ann Lee"]


@pytest.mark.parametrize(
    ("charset", "given"),
    [("utf-8", None), ("utf-16", None), ("cp1252", None), ("iso-8859-2", "iso-8859-2")],
)
def test_the_charset_is_found_or_given(charset: str, given: str | None) -> None:
    [draft] = texts.read("Zölle\n\nHöher.".encode(charset), charset=given)
    assert draft.values["title"] == "Zölle"
    assert draft.values["body"] == "Höher."


def test_a_text_without_a_title_is_cut_for_one() -> None:
    known = values("word " * 200)
    assert known["title"].endswith("…")
    assert len(known["title"]) == 300
    assert known["body"].startswith("word word")


def test_a_blank_text_is_no_article() -> None:
    with pytest.raises(UnreadableError, match="no text"):
        texts.read(b" \n \n")


def test_a_sentence_that_begins_with_tags_is_no_list_of_tags() -> None:
    known = values("Levy rises\n\nIt rises.\n\nTags were sold at the harbour.")
    assert "tags" not in known
    assert known["body"].endswith("Tags were sold at the harbour.")
