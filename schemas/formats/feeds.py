"""Feeds: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1 of the same articles.

What is written depends on the articles and the question alone, never on the time: who
asks twice gets the same bytes. No character leaves that XML cannot hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any, Final
from urllib.parse import quote

import orjson
from w3lib.url import safe_url_string

from schemas.formats.markup import Element, clean, document
from schemas.instants import instant
from search.article import EPOCH, Article, Entity, milliseconds

NAME: Final = "Dateline"
BEGINNING: Final = 300
"""Characters of a body that stand for the summary where there is none."""

_TAG: Final = "tag:dateline,2024:"
"""What ids begin with (RFC 4151): an article keeps its id on every server."""

_FACETS = {"tags": "tag", "companies": "company"}


@dataclass(frozen=True, slots=True)
class Feed:
    """Articles, newest first, and where they come from.

    `base` is the address of the server (`https://host`). `path` is the feed's own and
    `home` that of the same articles as JSON, both with their query; `next` is that of
    the articles behind, `key` says which question this is.
    """

    title: str
    base: str
    path: str
    home: str
    key: str
    articles: tuple[Article, ...]
    next: str | None = None


def rss(feed: Feed) -> bytes:
    """Return the feed as RSS 2.0; guid is the article's id, which is no address."""
    channel: list[Element] = [
        _text("title", feed.title),
        _text("link", feed.base + feed.home),
        _text("description", f"{feed.title}: the newest articles."),
        _link("atom:link", "self", feed.base + feed.path, "application/rss+xml"),
        _text("generator", NAME),
        *(
            _text("lastBuildDate", _rfc822(_newest(some)))
            for some in (feed.articles,)
            if some
        ),
        *(("item", {}, [*_item(feed, each)]) for each in feed.articles),
    ]
    spaces = {
        "version": "2.0",
        "xmlns:atom": "http://www.w3.org/2005/Atom",
        "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    }
    return document(("rss", spaces, [("channel", {}, channel)]))


def atom(feed: Feed) -> bytes:
    """Return the feed as Atom; ids are `tag:` addresses that end with the article's."""
    inside: list[Element] = [
        _text("title", feed.title),
        _text("id", _TAG + feed.key),
        _text("updated", _rfc3339(_newest(feed.articles))),
        _link("link", "self", feed.base + feed.path, "application/atom+xml"),
        _link("link", "alternate", feed.base + feed.home, "application/json"),
        ("author", {}, [_text("name", NAME)]),
        _text("generator", NAME),
    ]
    if feed.next:
        following = feed.base + feed.next
        inside.append(_link("link", "next", following, "application/atom+xml"))
    inside += (_entry(feed, each) for each in feed.articles)
    return document(("feed", {"xmlns": "http://www.w3.org/2005/Atom"}, inside))


def jsonfeed(feed: Feed) -> bytes:
    """Return the feed as JSON Feed 1.1."""
    answer: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean(feed.title),
        "home_page_url": feed.base + feed.home,
        "feed_url": feed.base + feed.path,
    }
    if feed.next:
        answer["next_url"] = feed.base + feed.next
    answer["items"] = [_json_item(feed, each) for each in feed.articles]
    return orjson.dumps(answer)


def _item(feed: Feed, article: Article) -> Iterator[Element]:
    yield _text("title", _headline(article))
    yield _text("link", _address(feed, article))
    yield "guid", {"isPermaLink": "false"}, article.id
    yield _text("pubDate", _rfc822(article.published_at))
    if told := _told(article):
        yield _text("description", escape(told))  # readers take it for HTML
    for name in article.authors:
        yield _text("dc:creator", name)
    if article.source:
        yield _text("dc:publisher", article.source)
    if article.language:
        yield _text("dc:language", article.language)
    for scheme, entity in _categories(feed, article):
        yield "category", {"domain": scheme}, entity.name


def _entry(feed: Feed, article: Article) -> Element:
    inside: list[Element] = [
        _text("title", _headline(article)),
        _text("id", f"{_TAG}articles/{quote(article.id, safe=':,=@+~')}"),
        _text("updated", _rfc3339(_changed(article))),
        _text("published", _rfc3339(article.published_at)),
        _link("link", "alternate", _address(feed, article)),
        *(("author", {}, [_text("name", name)]) for name in _authors(article)),
    ]
    if told := _told(article):
        inside.append(_text("summary", told))
    for scheme, entity in _categories(feed, article):
        about = {"term": entity.id, "label": entity.name, "scheme": scheme}
        inside.append(("category", about, ""))
    language = {"xml:lang": article.language} if article.language else {}
    return "entry", language, inside


def _json_item(feed: Feed, article: Article) -> dict[str, Any]:
    known = {
        "id": article.id,
        "url": _address(feed, article),
        "title": _headline(article),
        "content_text": clean(_told(article)),
        "summary": clean(article.summary or "") or None,
        "image": article.image and safe_url_string(article.image.url),
        "date_published": _rfc3339(article.published_at),
        "date_modified": article.updated_at and _rfc3339(article.updated_at),
        "authors": [{"name": clean(name)} for name in _authors(article)],
        "tags": [clean(entity.name) for _, entity in _categories(feed, article)],
        "language": article.language,
    }
    always = ("id", "content_text")
    return {key: known[key] for key in known if known[key] or key in always}


def _told(article: Article) -> str:
    """Return the summary, or how the body begins."""
    if article.summary or not article.body:
        return article.summary or ""
    if len(article.body) <= BEGINNING:
        return article.body
    start = article.body[: BEGINNING + 1]
    cut = max(start.rfind(" "), start.rfind("\n"))
    return start[: cut if cut > 0 else BEGINNING].rstrip() + " …"


def _authors(article: Article) -> tuple[str, ...]:
    """Return who wrote it, or else who published it: Atom wants somebody."""
    return article.authors or ((article.source,) if article.source else ())


def _categories(feed: Feed, article: Article) -> Iterator[tuple[str, Entity]]:
    for key, facet in _FACETS.items():
        for entity in getattr(article, key):
            yield f"{feed.base}/v1/facets/{facet}", entity


def _address(feed: Feed, article: Article) -> str:
    """Return where it was published, or else where it is here."""
    if article.url:
        return str(safe_url_string(article.url))
    return f"{feed.base}/v1/articles/{quote(article.id, safe=':,=@+~')}"


def _changed(article: Article) -> datetime:
    return max(article.updated_at or article.published_at, article.published_at)


def _newest(articles: Iterable[Article]) -> datetime:
    return max(map(_changed, articles), default=EPOCH)


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def _rfc3339(moment: datetime) -> str:
    return instant(milliseconds(moment))


def _headline(article: Article) -> str:
    return " ".join(clean(article.title).split()) or article.id


def _text(name: str, text: str) -> Element:
    return name, {}, text


def _link(name: str, rel: str, address: str, kind: str | None = None) -> Element:
    about = {"rel": rel, "href": address}
    return name, about | ({"type": kind} if kind else {}), ""
