from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.articles import load
from schemas.problems import Invalid
from search.article import Article

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
LEAST = {"title": "A title", "published_at": "2024-05-17T10:00:00Z"}


def loaded(**values: Any) -> Article:
    return load(LEAST | values, now=NOW)


def fault(**values: Any) -> tuple[str, str]:
    with pytest.raises(Invalid) as caught:
        loaded(**values)
    [found] = caught.value.faults
    return found.pointer, found.detail


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("EN", "en"),
        ("de-at", "de-AT"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("sl-rozaj-biske-1994", "sl-rozaj-biske-1994"),
        ("de-CH-1901", "de-CH-1901"),
        ("en-us-u-ca-GREGORY", "en-US-u-ca-gregory"),
        ("zh-cmn-hans-cn", "zh-cmn-Hans-CN"),
        ("en-x-US", "en-x-us"),
        ("X-Klingon", "x-klingon"),
        ("sr-Latn", "sr-Latn"),
    ],
)
def test_a_language_tag_gets_its_canonical_case(tag: str, expected: str) -> None:
    assert loaded(language=tag).language == expected


@pytest.mark.parametrize(
    "tag",
    [
        *("english", "e", "en_US", "en-", "-en", "en--US", "en US", "de-a", "12", "dé"),
        *("en-" + "-".join(["variant1"] * 20), "en\n", "ｅｎ", 5, ["en"]),
    ],
)
def test_what_is_no_language_tag_is_refused(tag: Any) -> None:
    assert fault(language=tag)[0] == "/language"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "HTTP://Example.org/",
        "https://example.org:8443/a%20b?c=d&e=f#g",
        "https://xn--bcher-kva.example/ü",
        "https://bücher.example/",
        "http://[2001:db8::1]/",
        "https://medium.com/@someone/a,b;c",
        "https://example.org/" + "a" * 2028,
    ],
)
def test_a_web_address_is_taken_as_it_is(url: str) -> None:
    article = loaded(url=url)
    assert article.url == url
    assert len(article.id) == 64


@pytest.mark.parametrize(
    "url",
    [
        "example.org/a",
        "//example.org",
        "/a",
        "ftp://example.org",
        "javascript:alert(1)",
        "mailto:a@example.org",
        "https://",
        "https:///a",
        "https://:80/",
        "https://user:word@example.org/",
        "https://example.org:99999/",
        "https://example.org:0/",
        "https://[::1/",
        "https://example.org/a b",
        "https://example.org/\n",
        " https://example.org/",
        'https://example.org/"onclick=',
        "https://example.org/<b>",
        "https://example.org\\@evil.example/",
        "https://example.org/" + "a" * 2029,
        5,
    ],
)
def test_what_is_no_web_address_is_refused(url: Any) -> None:
    assert fault(url=url)[0] == "/url"
    assert fault(image={"url": url})[0] == "/image/url"


@pytest.mark.parametrize("identity", ["a", "A.b_c:d,e=f@g+h~i-j", "0", "x" * 255])
def test_an_id_is_taken_as_it_is(identity: str) -> None:
    assert loaded(id=identity).id == identity


@pytest.mark.parametrize(
    "identity",
    [
        *("", " ", "-a", ".a", "a/b", "a b", "a\n", "é", "a?b", "x" * 256, 5, "a%20"),
        *("a.json", "a.CSV", "a.ninjs", "a.b.jsonld", "2024.ndjson", "a.rss"),
    ],
)
def test_an_id_that_no_address_can_have_is_refused(identity: Any) -> None:
    assert fault(id=identity)[0] == "/id"
