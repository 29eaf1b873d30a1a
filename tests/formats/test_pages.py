import json
from typing import Any

import pytest

from schemas.formats import pages, titles
from schemas.formats.drafts import Draft, UnreadableError

TEXT = "<article><h1>Levy rises</h1><p>{}</p></article>".format("It rises a lot. " * 30)


def page(*things: Any, head: str = "", body: str = TEXT) -> Draft:
    scripts = "".join(
        f'<script type="application/ld+json">{json.dumps(thing)}</script>'
        for thing in things
    )
    text = f"<html lang='en'><head>{head}{scripts}</head><body>{body}</body></html>"
    return pages.read(text.encode())[0]


def test_a_graph_is_read_with_its_references() -> None:
    known = page(
        {
            "@context": "https://schema.org",
            "@graph": [
                {"@type": "WebPage", "@id": "#page", "name": "A page"},
                {"@type": "Person", "@id": "#ann", "name": "Ann Lee (al)"},
                {"@type": "ImageObject", "@id": "#pic", "contentUrl": "/a.jpg"},
                {
                    "@type": ["NewsArticle"],
                    "headline": "Levy rises &amp; falls",
                    "url": ["https://example.org/levy"],
                    "datePublished": "2024-05-17T10:00:00+02:00",
                    "author": [{"@id": "#ann"}, "https://example.org/bo"],
                    "publisher": {"name": "The Wire"},
                    "keywords": [{"name": "Shipping"}, "Levy"],
                    "articleSection": ["Economy", "Sea"],
                    "inLanguage": {"alternateName": "en_GB"},
                    "description": {"@value": "It does."},
                    "image": {"@id": "#pic"},
                },
            ],
        }
    ).values
    assert known["title"] == "Levy rises & falls"
    assert known["authors"] == ["Ann Lee"]
    assert known["url"] == "https://example.org/levy"
    assert known["image"] == {"url": "https://example.org/a.jpg"}
    assert known["tags"] == ["Shipping", "Levy"]
    assert known["section"] == "Economy"
    assert known["language"] == "en-GB"
    assert known["published_at"] == "2024-05-17T10:00:00+02:00"
    assert known["body"].startswith("It rises a lot.")


def test_what_json_ld_lacks_is_in_the_head_and_in_microdata() -> None:
    head = (
        "<meta name='author' content='By Ann Lee and Bo Ek'>"
        "<meta property='article:tag' content='Levy'>"
        "<meta property='article:tag' content='Sea'>"
        "<meta property='og:site_name' content='The Wire'>"
        "<link rel='canonical' href='//example.org/levy'>"
    )
    body = TEXT + (
        "<main><time datetime='2024-05-17'></time><figure><img src='b.jpg'>"
        "<figcaption>A pier</figcaption><span class='credit'>Bo Ek</span></figure></main>"
    )
    known = page("nothing", head=head, body=body).values
    assert known["authors"] == ["Ann Lee", "Bo Ek"]
    assert known["tags"] == ["Levy", "Sea"]
    assert known["source"] == "The Wire"
    assert known["url"] == "https://example.org/levy"
    assert known["published_at"] == "2024-05-17"
    assert known["image"] == {
        "url": "https://example.org/b.jpg",
        "caption": "A pier",
        "credit": "Bo Ek",
    }


def test_an_address_without_a_host_is_left_out_with_a_warning() -> None:
    head = "<link rel='canonical' href='/levy'>"
    draft = page(head=head)
    assert "url" not in draft.values
    assert draft.warnings[0].pointer == "/url"
    draft = page(head="<meta property='og:image' content='/a.jpg'>")
    assert "image" not in draft.values
    assert draft.warnings[0].pointer == "/image"


def test_a_date_with_its_zone_counts_before_the_same_without() -> None:
    thing = {"@type": "Article", "datePublished": "2024-05-17T10:00:00"}
    head = "<meta name='date' content='2024-05-17T10:00:00+02:00'>"
    assert page(thing, head=head).values["published_at"].endswith("+02:00")


@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "utf-16"])
def test_the_charset_of_a_page_is_found(charset: str) -> None:
    declared = "" if charset == "utf-8" else f"<meta charset='{charset}'>"
    text = (
        f"<html><head>{declared}<title>Zölle</title></head><body>{TEXT}</body></html>"
    )
    [draft] = pages.read(text.encode(charset))
    assert draft.values["title"] in ("Zölle", "Levy rises")
    assert draft.values["body"].startswith("It rises")


def test_a_page_without_text_or_date_is_no_article() -> None:
    with pytest.raises(UnreadableError, match="no article"):
        page(body="<p>Object moved.</p>")


@pytest.mark.parametrize(
    ("told", "head", "seen", "expected"),
    [
        ("Levy up | The Wire", "Levy up", "", "Levy up"),
        ("Port: Levy up", "Levy up", "Port: Levy up", "Levy up"),
        ("Levy up", "Why it is up", "Levy up", "Why it is up"),
        ("Levy up", "Why it is up", "Port", "Levy up"),
        ("", "Levy up - The Wire", "", "Levy up"),
        ("", "", "", "The window"),
    ],
)
def test_the_title_is_the_one_without_trimmings(
    told: str, head: str, seen: str, expected: str
) -> None:
    assert titles.chosen(told, head, seen, "The window", "The Wire") == expected
