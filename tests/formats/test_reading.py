"""Each format by an example of our own, and what is wrong with its neighbours."""

import io
import json
import os
import subprocess
import sys
from typing import Any

import pytest

from schemas.formats import reading, sealed
from schemas.formats.dating import written
from schemas.formats.drafts import Draft, UnreadableError
from schemas.formats.packets import LENGTH, Job, packed, unpacked
from schemas.formats.recognising import recognise
from schemas.problems import Fault

JSONFEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Elsmere Wire",
    "language": "en-GB",
    "items": [
        {
            "id": "1",
            "url": "https://example.org/a",
            "title": "Levy &amp; toll",
            "content_html": "<p>It rises.</p><p>A lot.</p>",
            "authors": [{"name": "Ann Lee"}],
            "date_published": "2024-05-17T10:00:00+02:00",
            "tags": ["Shipping"],
            "image": "https://example.org/a.jpg",
        },
        "no item",
        {"id": "2", "content_text": "Only text."},
    ],
}
G2 = """<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>
<newsItem guid="urn:x:1" xml:lang="en"><itemMeta><provider qcode="p:ELS"/>
<firstCreated>2024-05-17T10:00:00Z</firstCreated><pubStatus qcode="stat:usable"/>
</itemMeta><contentMeta><slugline>levy-up</slugline><by>By Ann Lee</by>
<subject type="cpnat:person"><name>Jo Ek</name></subject>
<subject type="cpnat:organisation"><name>Elsmere Port</name></subject>
</contentMeta><contentSet><inlineData>&lt;p&gt;It rises.&lt;/p&gt;</inlineData>
</contentSet></newsItem>
<newsItem guid="urn:x:2"><itemMeta><pubStatus qcode="stat:canceled"/></itemMeta>
</newsItem></itemSet></newsMessage>"""
MEDIA = (
    "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel>"
    "<title>W</title>"
    "<item><title>A</title><link>https://example.org/</link><guid>1</guid>"
    "<media:content url='https://example.org/a.jpg' medium='image'>"
    "<media:credit>Bo Ek</media:credit></media:content></item>"
    "<item><title>B</title><link>https://example.org/</link><guid>2</guid>"
    "<pubDate>17.05.2024</pubDate></item></channel></rss>"
)
SLUG = {"uri": "urn:x:1", "slugline": "levy-up", "keywords": ["a"], "byline": "Ann Lee"}
HELD = {"uri": "urn:x:1", "pubstatus": "withheld"}
XHTML_NITF = "<nitf><body><body.content><p>It rises.</p></body.content></body></nitf>"
BODY = {"role": "n", "contentType": "text/vnd.IPTC.NITF", "value": XHTML_NITF}


def read(text: str | bytes, kind: str = "", **more: Any) -> list[Draft]:
    data = text.encode() if isinstance(text, str) else text
    return reading.read(reading.Source(data, kind, **more))


def ninjs(**values: Any) -> Draft:
    return read(json.dumps({"uri": "urn:x:1", **values}), "ninjs")[0]


def test_a_json_feed_is_read_item_by_item() -> None:
    first, second = read(json.dumps(JSONFEED, indent=1))
    assert first.values["title"] == "Levy & toll"
    assert first.values["body"] == "It rises.\n\nA lot."
    assert first.values["source"] == "Elsmere Wire"
    assert first.values["authors"] == ["Ann Lee"]
    assert first.values["image"] == {"url": "https://example.org/a.jpg"}
    assert second.values["id"] == "2"
    assert second.values["language"] == "en-GB"


def test_items_of_one_address_keep_apart_and_pictures_their_credit() -> None:
    first, second = read(MEDIA)
    assert first.values["id"] != second.values["id"]
    assert first.values["image"] == {
        "url": "https://example.org/a.jpg",
        "credit": "Bo Ek",
    }
    assert second.values["published_at"] == "2024-05-17"


def test_newsml_names_who_and_what_an_article_is_about() -> None:
    first, second = read(G2)
    assert first.values["title"] == "levy-up"
    assert first.warnings[0].pointer == "/title"
    assert first.values["people"] == ["Jo Ek"]
    assert first.values["companies"] == ["Elsmere Port"]
    assert first.values["body"] == "It rises."
    assert first.values["source"] == "ELS"
    assert second == Draft({}, (Fault("", "Its publisher says that it is canceled."),))


@pytest.mark.parametrize(
    "slug",
    ["<meta name='anpa-keyword' content='levy-up'/>", "<du-key key='levy-up'/>"],
)
def test_nitf_without_a_headline_has_its_slug_line_and_a_warning(slug: str) -> None:
    [draft] = read(f"<nitf><head><title/>{slug}</head></nitf>")
    assert draft.values["title"] == "levy-up"
    assert draft.warnings[0].pointer == "/title"


def test_ninjs_bodies_are_read_by_their_type() -> None:
    assert ninjs(title="a", bodies=[BODY]).values["body"] == "It rises."
    broken = {**BODY, "value": "<nitf>It rises."}
    assert ninjs(title="a", bodies=[broken]).values["body"] == "It rises."


def test_ninjs_without_a_headline_has_its_slug_line_and_a_warning() -> None:
    [draft] = read(json.dumps(SLUG), "ninjs")
    assert draft.values["title"] == "levy-up"
    assert draft.values["authors"] == ["Ann Lee"]
    assert draft.warnings[0].pointer == "/title"
    [held] = read(json.dumps(HELD), "ninjs")
    assert held.warnings == (Fault("", "Its publisher says that it is withheld."),)


def test_cells_become_lists_dates_and_pictures() -> None:
    text = "title;tags;Date;image_url;Page\nLevy;a|b;17.5.2024;https://e.org/a;7;x\n"
    [draft] = read(text)
    assert draft.values == {
        "title": "Levy",
        "tags": ["a", "b"],
        "published_at": "2024-05-17",
        "image": {"url": "https://e.org/a"},
        "metadata": {"Page": "7"},
    }
    assert draft.warnings[0].detail == "The row has 6 cells, the head 5."


@pytest.mark.parametrize(
    ("text", "kind", "columns", "detail"),
    [
        ("a,b\n1,2\n", "csv", None, "No column is the title"),
        ("a,b\n1,2\n", "csv", {"title": "c"}, "There is no column 'c'"),
        ("title\n" + "x" * 10_000_001, "csv", None, "not well-formed CSV"),
        ("no markup at all", "feed", None, "This is no feed"),
        ("<rss version='2.0'><channel/></rss>", "feed", None, "There are no items"),
        ('{"version":"https://jsonfeed.org/version/1"}', "json", None, "no items"),
        ("{", "json", None, "This is not valid JSON"),
        ("[]", "json", None, "no kind that is read here"),
        ("<NewsML/>", "newsml", None, "There is no NewsItem in it"),
        ("a", "wire", None, "No message was found"),
        ("<a", "xml", None, "This is not well-formed XML"),
        ("<html><body></body></html>", "html", None, "no article in this page"),
        ("", "html", None, "There is no text in this page"),
    ],
)
def test_what_cannot_be_read_says_why(
    text: str, kind: str, columns: dict[str, str] | None, detail: str
) -> None:
    with pytest.raises(UnreadableError, match=detail):
        read(text, kind, columns=columns)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20151014T043001+0100", "2015-10-14T04:30:01+01:00"),
        ("2016-05-24 20:53:25+00:00", "2016-05-24T20:53:25+00:00"),
        ("Fri, 17 May 2024 10:00:00 CEST", "2024-05-17T10:00:00+02:00"),
        ("1715940000", "2024-05-17T10:00:00+00:00"),
        ("1715940000000", "2024-05-17T10:00:00+00:00"),
        ("17.5.2024, 18:11 Uhr", "2024-05-17T18:11:00"),
        ("the other day", "the other day"),
        ("", None),
    ],
)
def test_dates_are_read_as_others_write_them(text: str, expected: str | None) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b'{"title":"a","published_at":"2024"}\n{"title"', "", "ndjson"),
        (b'{"uri":"urn:x","headline":"a"}', "", "json"),
        (b'{"uri":"urn:x","published_at":"2024"}', "", "ndjson"),
        (b'{\n "a": 1}', "", "json"),
        (b"{broken", "", "ndjson"),
        (b"anything", "a.ndjson.gz", "ndjson"),
        (b"", "", "ndjson"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- a --><rss>", "", "feed"),
        (b"<!DOCTYPE html><html>", "", "html"),
        (b"<?xml version='1.0'?><html>", "", "html"),
        (b"<rdf:RDF xmlns:rdf='x'>", "", "feed"),
        (b"<p>hi", "", "html"),
        (b"\x16\x16\x01AW2870", "", "wire"),
        (b"headline,date\nLevy,2024", "", "csv"),
        (b"Levy, toll, and title\n", "", "text"),
        (b"\xff\xfea\x00", "", "text"),
        (b"a\x00b", "", "binary"),
    ],
)
def test_a_format_is_recognised_by_how_it_begins(
    head: bytes, name: str, expected: str
) -> None:
    assert recognise(head, name) == expected


def answered(*jobs: Job) -> list[str]:
    """Return the titles, or the refusals, of what a process apart would answer."""
    given, sender = os.pipe()
    with os.fdopen(sender, "wb") as sent:
        sent.writelines(job.pack() for job in jobs)
    answers = io.BytesIO()
    with os.fdopen(given, "rb", buffering=0) as received:
        sealed.serve(received, answers)
    answers.seek(0)
    told = []
    while head := answers.read(LENGTH.size):
        (size,) = LENGTH.unpack(head)
        try:
            told.append(unpacked(answers.read(size))[0].values["title"])
        except UnreadableError as error:
            told.append(str(error))
    return told


def test_a_process_answers_job_after_job_until_there_are_no_more() -> None:
    texts = (b"Levy\n\nIt rises.", b"<a/>", b"Toll\n\nToo.")
    first, second, third = answered(*map(Job, texts))
    assert (first, third) == ("Levy", "Toll")
    assert second.startswith("XML with the root 'a'")


def test_what_a_library_raises_is_a_refusal_and_the_next_is_read() -> None:
    assert answered(Job(b"Levy", "text", "undefined"), Job(b"Toll")) == [
        *("It cannot be read (UnicodeError). Check the file.", "Toll"),
    ]


def test_a_process_that_nobody_asks_ends() -> None:
    given, sender = os.pipe()
    answers = io.BytesIO()
    with os.fdopen(sender, "wb"), os.fdopen(given, "rb", buffering=0) as jobs:
        sealed.serve(jobs, answers, idle=0.01)
    assert answers.getvalue() == b""


def test_what_is_loaded_at_first_use_is_loaded_before_files_are_closed() -> None:
    again = "import sys; from schemas.formats import sealed; sealed.warm(); "
    again += "print(*sorted(m for m in sys.modules if m.startswith('encodings.')))"
    command = [sys.executable, "-c", again]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert {"encodings.cp1252", "encodings.utf_16", "encodings.koi8_r"} <= {
        *done.stdout.split()
    }


def test_what_json_cannot_say_is_refused() -> None:
    with pytest.raises(UnreadableError, match="JSON cannot say"):
        unpacked(packed({"drafts": [Draft({"a": 2**70})]}))
