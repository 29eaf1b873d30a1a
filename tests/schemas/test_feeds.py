"""Feeds as readers and the W3C feed validator see them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import feedparser
import orjson
import pytest
from hypothesis import given, settings, strategies as st

from schemas.formats.feeds import Feed, atom, jsonfeed, rss
from search.article import Article, ArticleId, Entity, Image
from tests.corpus import articles as drawn

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
RFC822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    r"\d{4} \d\d:\d\d:\d\d GMT"
)
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# As in the validator's source: what it takes for a tag: URI.
TAG = re.compile(
    r"tag:([a-z0-9\-\._]+?@)?[a-z0-9\.\-]+?,\d{4}(-\d{2}(-\d{2})?)?:"
    r"[0-9a-zA-Z;/\?:@&=+$\.\-_!~*'\(\)%,#]*"
)
BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
NOON = datetime(2024, 5, 17, 12, tzinfo=UTC)

SPILL = Article(
    id=ArticleId("wire:2024,7"),
    title="Shell & BP: “spill” <under>\ncontrol",
    summary="It <b>ended</b> & nobody was hurt.",
    body="First part.\n\nSecond <part> & more.",
    url="https://example.org/a b/ü?x=1&y=ü",
    source="The Wire",
    authors=("Ann Lee", "Ján Ek"),
    language="en-GB",
    published_at=NOON,
    updated_at=NOON + timedelta(hours=1, milliseconds=5),
    tags=(Entity("energy", "Energy"), Entity("oil-gas", "Oil & Gas")),
    companies=(Entity("shell", "Shell plc"),),
    image=Image("https://example.org/ü.png"),
)
BARE = Article(id=ArticleId("b~1"), title="Bare", published_at=NOON - timedelta(days=1))


def feed(*articles: Article, **more: Any) -> Feed:
    known: dict[str, Any] = {
        "title": "Dateline: spill & <co>",
        "base": "https://news.example:8443",
        "path": "/v1/articles.rss?q=spill&limit=2",
        "home": "/v1/articles?q=spill",
        "key": "articles?q=spill",
        "articles": articles,
    }
    return Feed(**(known | more))


def channel(made: Feed) -> ET.Element:
    root = ET.fromstring(rss(made))
    assert (root.tag, root.attrib) == ("rss", {"version": "2.0"})
    [only] = root
    return only


def text(element: ET.Element, name: str) -> str:
    found = element.findall(name)
    assert len(found) == 1, name
    return found[0].text or ""


def test_a_channel_has_what_rss_requires_and_says_where_it_is() -> None:
    top = channel(feed(SPILL, BARE))
    assert text(top, "title") == "Dateline: spill & <co>"
    assert text(top, "link") == "https://news.example:8443/v1/articles?q=spill"
    assert text(top, "description")
    link = top.find(f"{ATOM}link")
    assert link is not None
    assert link.attrib == {
        "rel": "self",
        "href": "https://news.example:8443/v1/articles.rss?q=spill&limit=2",
        "type": "application/rss+xml",
    }
    assert RFC822.fullmatch(text(top, "lastBuildDate"))


def test_an_item_of_rss_says_all_that_is_known_of_the_article() -> None:
    item, _ = channel(feed(SPILL, BARE)).findall("item")
    assert text(item, "title") == "Shell & BP: “spill” <under> control"
    assert text(item, "link") == "https://example.org/a%20b/%C3%BC?x=1&y=%C3%BC"
    guid = item.find("guid")
    assert guid is not None
    assert (guid.text, guid.attrib) == ("wire:2024,7", {"isPermaLink": "false"})
    assert RFC822.fullmatch(text(item, "pubDate"))
    assert parsedate_to_datetime(text(item, "pubDate")) == NOON
    assert (
        text(item, "description")
        == "It &lt;b&gt;ended&lt;/b&gt; &amp; nobody was hurt."
    )
    assert [each.text for each in item.findall(f"{DC}creator")] == ["Ann Lee", "Ján Ek"]
    assert text(item, f"{DC}publisher") == "The Wire"
    assert text(item, f"{DC}language") == "en-GB"
    assert [(c.attrib["domain"], c.text) for c in item.findall("category")] == [
        ("https://news.example:8443/v1/facets/tag", "Energy"),
        ("https://news.example:8443/v1/facets/tag", "Oil & Gas"),
        ("https://news.example:8443/v1/facets/company", "Shell plc"),
    ]


def test_an_article_without_an_address_is_linked_here() -> None:
    _, item = channel(feed(SPILL, BARE)).findall("item")
    assert text(item, "link") == "https://news.example:8443/v1/articles/b~1"
    assert [child.tag for child in item] == ["title", "link", "guid", "pubDate"]


def test_atom_has_what_rfc_4287_requires() -> None:
    top = ET.fromstring(atom(feed(SPILL, BARE, next="/v1/articles.atom?page=2")))
    assert top.tag == f"{ATOM}feed"
    assert text(top, f"{ATOM}id") == "tag:dateline,2024:articles?q=spill"
    assert text(top, f"{ATOM}updated") == "2024-05-17T13:00:00.005Z"
    links = [link.attrib for link in top.findall(f"{ATOM}link")]
    assert [(link["rel"], urlsplit(link["href"]).netloc) for link in links] == [
        *(("self", "news.example:8443"), ("alternate", "news.example:8443")),
        ("next", "news.example:8443"),
    ]
    ids = [text(entry, f"{ATOM}id") for entry in top.iter(f"{ATOM}entry")]
    assert ids == [
        "tag:dateline,2024:articles/wire:2024,7",
        "tag:dateline,2024:articles/b~1",
    ]
    for each in (*ids, text(top, f"{ATOM}id")):
        assert TAG.fullmatch(each)
    for entry in (top, *top.iter(f"{ATOM}entry")):
        assert text(entry, f"{ATOM}title")
        assert RFC3339.fullmatch(text(entry, f"{ATOM}updated"))
    assert text(top, f"{ATOM}author/{ATOM}name")


def test_an_entry_of_atom_says_all_that_is_known_of_the_article() -> None:
    entry = ET.fromstring(atom(feed(SPILL))).find(f"{ATOM}entry")
    assert entry is not None
    assert entry.attrib == {"{http://www.w3.org/XML/1998/namespace}lang": "en-GB"}
    assert text(entry, f"{ATOM}published") == "2024-05-17T12:00:00Z"
    assert text(entry, f"{ATOM}summary") == SPILL.summary
    names = [author[0].text for author in entry.findall(f"{ATOM}author")]
    assert names == ["Ann Lee", "Ján Ek"]
    terms = [each.attrib for each in entry.findall(f"{ATOM}category")]
    assert [(each["term"], each["label"]) for each in terms] == [
        *(("energy", "Energy"), ("oil-gas", "Oil & Gas"), ("shell", "Shell plc")),
    ]


def test_an_article_without_authors_is_by_its_publisher() -> None:
    one = replace(SPILL, authors=())
    assert b"<author><name>The Wire</name></author>" in atom(feed(one))
    [item] = orjson.loads(jsonfeed(feed(one)))["items"]
    assert item["authors"] == [{"name": "The Wire"}]
    assert b"dc:creator" not in rss(feed(one)).partition(b"<item>")[2]


def test_json_feed_has_what_1_1_requires() -> None:
    answer = orjson.loads(jsonfeed(feed(SPILL, BARE, next="/v1/x?page=2")))
    assert answer["version"] == "https://jsonfeed.org/version/1.1"
    assert answer["title"]
    assert answer["next_url"] == "https://news.example:8443/v1/x?page=2"
    first, second = answer["items"]
    assert first == {
        "id": "wire:2024,7",
        "url": "https://example.org/a%20b/%C3%BC?x=1&y=%C3%BC",
        "title": "Shell & BP: “spill” <under> control",
        "content_text": "It <b>ended</b> & nobody was hurt.",
        "summary": "It <b>ended</b> & nobody was hurt.",
        "image": "https://example.org/%C3%BC.png",
        "date_published": "2024-05-17T12:00:00Z",
        "date_modified": "2024-05-17T13:00:00.005Z",
        "authors": [{"name": "Ann Lee"}, {"name": "Ján Ek"}],
        "tags": ["Energy", "Oil & Gas", "Shell plc"],
        "language": "en-GB",
    }
    assert second == {
        "id": "b~1",
        "url": "https://news.example:8443/v1/articles/b~1",
        "title": "Bare",
        "content_text": "",
        "date_published": "2024-05-16T12:00:00Z",
    }


def test_where_there_is_no_summary_the_body_begins() -> None:
    long = replace(SPILL, summary=None, body="word " * 200)
    [item] = channel(feed(long)).findall("item")
    told = text(item, "description")
    assert told.endswith("word …")
    assert len(told) <= 302
    short = replace(SPILL, summary=None, body="Short.")
    assert text(channel(feed(short)).findall("item")[0], "description") == "Short."
    solid = replace(SPILL, summary=None, body="字" * 400)
    assert "字" * 300 + " …" in atom(feed(solid)).decode()


def test_a_feed_of_nothing_is_a_feed() -> None:
    top = channel(feed())
    assert (text(top, "title"), top.findall("item")) == ("Dateline: spill & <co>", [])
    empty = ET.fromstring(atom(feed()))
    assert text(empty, f"{ATOM}updated") == "1970-01-01T00:00:00Z"
    assert orjson.loads(jsonfeed(feed()))["items"] == []
    assert not feedparser.parse(rss(feed()))["bozo"]


@pytest.mark.parametrize("write", [rss, atom])
def test_a_reader_finds_what_was_written(write: Any) -> None:
    read = feedparser.parse(write(feed(SPILL, BARE)))
    assert not read["bozo"], read.get("bozo_exception")
    assert read.version == {"rss": "rss20", "atom": "atom10"}[write.__name__]
    first, second = read.entries
    assert first.id.endswith("wire:2024,7")
    assert first.title == "Shell & BP: “spill” <under> control"
    assert first.link == "https://example.org/a%20b/%C3%BC?x=1&y=%C3%BC"
    assert "ended" in first.summary
    html = first.summary_detail.type == "text/html"
    assert ("<b>" in first.summary) is not html
    assert datetime(*first.published_parsed[:6], tzinfo=UTC) == NOON
    assert {tag.get("label") or tag.term for tag in first.tags} == {
        *("Energy", "Oil & Gas", "Shell plc"),
    }
    assert second.link == "https://news.example:8443/v1/articles/b~1"


@settings(max_examples=15, deadline=None)
@given(
    st.text(st.characters(codec=None), min_size=1), st.text(st.characters(codec=None))
)
def test_no_character_that_xml_cannot_hold_is_ever_written(a: str, b: str) -> None:
    known = replace(SPILL, title=a, summary=b, source=a, authors=(b,), body=a + b)
    made = feed(replace(known, tags=(Entity("x", b),)), title=a, key="k")
    for write in (rss, atom):
        raw = write(made).decode()
        ET.fromstring(raw)
        assert not BAD.search(raw)
        assert not feedparser.parse(raw.encode())["bozo"]
    assert not BAD.search(orjson.loads(jsonfeed(made))["items"][0]["title"])


@pytest.mark.parametrize("write", [rss, atom])
def test_controls_and_non_characters_are_left_out(write: Any) -> None:
    one = replace(SPILL, title="a\x0bb\ufffec\ud800d\U0001ffffe\x86f\ufdd0g\U0001f642")
    assert "abcdefg\U0001f642" in write(feed(one)).decode()


@pytest.mark.parametrize("write", [rss, atom])
def test_a_host_cannot_break_out_of_an_attribute(write: Any) -> None:
    raw = write(feed(BARE, base="http://a&b'c\"<d>")).decode()
    ET.fromstring(raw)
    assert '"<d>' not in raw


@given(st.lists(drawn(near=False), min_size=1, max_size=5, unique_by=lambda a: a.id))
def test_any_article_makes_valid_items_with_ids_of_their_own(
    some: list[Article],
) -> None:
    made = feed(*some)
    items = channel(made).findall("item")
    guids = [text(item, "guid") for item in items]
    assert guids == [one.id for one in some]
    for item in items:
        assert RFC822.fullmatch(text(item, "pubDate"))
        assert text(item, "title")
        assert urlsplit(text(item, "link")).scheme in ("http", "https")
        assert text(item, "link").isascii()
    entries = ET.fromstring(atom(made)).findall(f"{ATOM}entry")
    ids = {text(entry, f"{ATOM}id") for entry in entries}
    assert len(ids) == len(some)
    for entry in entries:
        assert RFC3339.fullmatch(text(entry, f"{ATOM}updated"))
    for each in orjson.loads(jsonfeed(made))["items"]:
        assert RFC3339.fullmatch(each["date_published"])
        assert isinstance(each["content_text"], str)
