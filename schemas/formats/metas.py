"""What pages say of themselves in their head (OpenGraph, citation, Dublin Core and the
like), and in microdata."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from schemas.formats import trees
from schemas.formats.dating import written
from schemas.formats.drafts import Values
from schemas.formats.prose import paragraphs
from schemas.formats.trees import Element
from schemas.formats.wording import line, names, unique

_TITLE = ("og:title", "twitter:title", "dc.title", "citation_title", "parsely-title")
_SUMMARY = ("og:description", "description", "twitter:description", "dc.description")
_PUBLISHED = (
    *("article:published_time", "article:published", "og:published_time"),
    *("datepublished", "parsely-pub-date", "dc.date.issued", "dc.date", "date"),
    *("sailthru.date", "citation_publication_date", "pubdate", "publishdate"),
    *("publish-date", "publication_date", "last-modified", "dcterms.created"),
)
_UPDATED = ("article:modified_time", "og:updated_time", "lastmod", "datemodified")
_AUTHOR = (
    *("author", "article:author", "parsely-author", "sailthru.author", "dc.creator"),
    *("citation_author", "byl", "article:author_name", "cxenseparse:author"),
)
_TAGS = ("article:tag", "parsely-tags", "news_keywords", "sailthru.tags", "keywords")
_SECTION = ("article:section", "parsely-section", "cxenseparse:section", "section")
_SOURCE = ("og:site_name", "application-name", "dc.publisher", "publisher")
_IMAGE = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image")
_LANGUAGE = ("og:locale", "language", "content-language", "dc.language")


def facts(page: Element) -> Values:
    """Return what the head of a page says; `html` is the title of the window."""
    known = _metas(page)

    def pick(keys: Iterable[str]) -> str:
        return next((known[key][0] for key in keys if key in known), "")

    return {
        "title": line(pick(_TITLE)),
        "summary": pick(_SUMMARY),
        "url": _canonical(page) or pick(("og:url",)),
        "source": line(pick(_SOURCE)),
        "section": line(pick(_SECTION)),
        "authors": _authors(known),
        "published_at": written(pick(_PUBLISHED)),
        "updated_at": written(pick(_UPDATED)),
        "language": _language(page, pick(_LANGUAGE)),
        "tags": _tags(known),
        "image": {"url": pick(_IMAGE), "caption": pick(("og:image:alt",))},
    }


def microdata(page: Element) -> Values:
    """Return what `itemprop` attributes say, and the parts that HTML itself names."""
    return {
        "title": _property(page, "headline", trees.word) or _heading(page),
        "authors": _writers(page),
        "published_at": written(
            _property(page, "datePublished", _moment) or _time(page)
        ),
        "updated_at": written(_property(page, "dateModified", _moment)),
        "section": _property(page, "articleSection", trees.word),
        "body": _property(page, "articleBody", paragraphs),
        "image": _figure(page),
    }


def _metas(page: Element) -> dict[str, list[str]]:
    known: dict[str, list[str]] = {}
    for meta in page.iter("meta"):
        key = meta.get("property") or meta.get("name") or meta.get("itemprop")
        value = (meta.get("content") or "").strip()
        if key and value:
            known.setdefault(key.strip().lower(), []).append(value)
    return known


def _authors(known: dict[str, list[str]]) -> list[str]:
    for key in _AUTHOR:
        given = [text for text in known.get(key, ()) if "://" not in text]
        found = unique(name for text in given for name in names(text))
        if found:
            return found
    return []


def _tags(known: dict[str, list[str]]) -> list[str]:
    for key in _TAGS:
        if given := known.get(key):
            return unique(each for text in given for each in re.split(r"[,;]", text))
    return []


def _canonical(page: Element) -> str:
    found = page.xpath('//link[@rel="canonical"]/@href')
    return str(found[0]) if found else ""


def _language(page: Element, told: str) -> str:
    root = page.getroottree().getroot()
    return (root.get("lang") or root.get("xml:lang") or told).replace("_", "-")


def _property(page: Element, name: str, read: Callable[[Element], str]) -> str:
    for found in page.xpath("//*[@itemprop=$name]", name=name):
        if text := found.get("content") or read(found):
            return text
    return ""


def _moment(node: Element) -> str:
    return node.get("datetime") or trees.word(node)


def _time(page: Element) -> str:
    found = page.xpath("//article//time/@datetime | //main//time/@datetime")
    return str((found or page.xpath("//time/@datetime") or [""])[0])


def _writers(page: Element) -> list[str]:
    places = (
        '//*[@itemprop="author"]//*[@itemprop="name"]',
        '//*[@itemprop="author"]',
        '//a[@rel="author"]',
        '//*[contains(concat(" ", @class, " "), " author ")]',
        '//*[contains(@class, "author-name") or contains(@class, "authorname") or contains(@class, "byline")]',
    )
    for place in places:
        texts = [node.get("content") or trees.word(node) for node in page.xpath(place)]
        if found := unique(name for text in texts for name in names(text)):
            return found[:10] if all(len(each) < 60 for each in found) else []
    return []


def _heading(page: Element) -> str:
    for place in ("//article//h1", "//main//h1", "//h1"):
        if texts := list(filter(None, map(trees.word, page.xpath(place)))):
            return texts[0]
    return ""


def _figure(page: Element) -> Values:
    for figure in page.xpath("//article//figure[.//img] | //main//figure[.//img]"):
        picture = figure.xpath(".//img")[0]
        return {
            "url": picture.get("src") or picture.get("data-src") or "",
            "caption": trees.words(figure, "figcaption") or picture.get("alt") or "",
            "credit": _credit(figure),
        }
    return {}


def _credit(figure: Element) -> str:
    marks = ("credit", "copyright", "source", "author", "quelle")
    for mark in marks:
        for node in figure.xpath(".//*[contains(@class, $mark)]", mark=mark):
            if text := trees.word(node):
                return text
    return ""
