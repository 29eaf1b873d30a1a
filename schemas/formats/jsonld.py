"""What pages say of themselves in JSON-LD, in the words of schema.org."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from schemas.formats.dating import written
from schemas.formats.drafts import Values
from schemas.formats.prose import plain
from schemas.formats.trees import Element
from schemas.formats.wording import line, names, unique

_ARTICLES = frozenset(
    (
        *("NewsArticle", "Article", "ReportageNewsArticle", "AnalysisNewsArticle"),
        *("OpinionNewsArticle", "BackgroundNewsArticle", "ReviewNewsArticle"),
        *("AskPublicNewsArticle", "BlogPosting", "LiveBlogPosting", "Report"),
        *("TechArticle", "ScholarlyArticle", "SocialMediaPosting", "AdvertiserContent"),
    )
)
_PAGES = frozenset(("WebPage", "ItemPage"))
_COMMENT = re.compile(
    r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*$"
)
_SEVERAL = re.compile(r",| (?:und|and|og|och) ")
_INITIALS = re.compile(r"\s*\([^()]{1,6}\)$")
_DEEPEST = 12


def facts(page: Element) -> Values:
    """Return what the page's JSON-LD says of its article; {} where it says nothing."""
    things = list(_things(page))
    # A reference has nothing but its id: what it refers to is longer.
    named = [thing for thing in things if isinstance(thing.get("@id"), str)]
    known = {thing["@id"]: thing for thing in sorted(named, key=len)}
    chosen = _chosen(things, _ARTICLES) or _chosen(things, _PAGES)
    return _read(chosen, known) if chosen else {}


def _things(page: Element) -> Iterator[dict[str, Any]]:
    for script in page.xpath('//script[contains(@type, "ld+json")]'):
        yield from _flat(_decoded(script.text_content()))


def _decoded(text: str) -> Any:
    clean = _COMMENT.sub("", text).strip().rstrip(";")
    try:
        return json.loads(clean, strict=False)
    except (ValueError, RecursionError):
        return None


def _flat(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from _flat(each, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            yield from _flat(value.get(key), depth + 1)
        for key in ("author", "publisher", "image"):
            yield from _flat(value.get(key), depth + 1)


def _chosen(
    things: list[dict[str, Any]], kinds: frozenset[str]
) -> dict[str, Any] | None:
    """Return the fullest thing of these kinds; the first of equal ones."""
    found = [each for each in things if kinds & _kinds(each)]
    return max(found, key=_fullness, default=None)


def _kinds(thing: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(str(kind).rpartition("/")[2] for kind in _list(thing.get("@type")))


def _fullness(thing: Mapping[str, Any]) -> int:
    keys = (
        "headline",
        "datePublished",
        "author",
        "articleBody",
        "description",
        "image",
    )
    return sum(bool(thing.get(key)) for key in keys)


def _read(thing: Mapping[str, Any], known: Mapping[str, Any]) -> Values:
    named = "headline" if thing.get("headline") else "name"
    return {
        "title": line(plain(_text(thing.get(named)))),
        "summary": plain(_text(thing.get("description"))),
        "body": plain(_text(thing.get("articleBody"))),
        "url": _address(thing.get("url")) or _address(thing.get("mainEntityOfPage")),
        "source": next(iter(_named(thing.get("publisher"), known)), None),
        "section": line(plain(_text(thing.get("articleSection")))),
        "authors": _authors(thing, known),
        "published_at": written(_text(thing.get("datePublished"))),
        "updated_at": written(_text(thing.get("dateModified"))),
        "language": _language(thing.get("inLanguage")),
        "tags": _keywords(thing.get("keywords")),
        "image": _image(thing.get("image") or thing.get("thumbnailUrl"), known),
    }


def _authors(thing: Mapping[str, Any], known: Mapping[str, Any]) -> list[str]:
    for key in ("author", "creator"):
        found = _named(thing.get(key), known)
        split = [name for each in found for name in _split(each)]
        if split:
            return unique(split)
    return []


def _split(name: str) -> list[str]:
    # A name of an object is one name, though some put a whole by-line there.
    clean = _INITIALS.sub("", name)
    return names(clean) if _SEVERAL.search(clean) else [clean]


def _named(value: Any, known: Mapping[str, Any]) -> list[str]:
    found = []
    for each in _list(value):
        thing = each
        if isinstance(each, Mapping) and not each.get("name"):
            thing = known.get(str(each.get("@id")), each)
        name = thing.get("name") if isinstance(thing, Mapping) else thing
        found += [plain(text) for text in _list(name) if isinstance(text, str)]
    return unique(each for each in found if not each.startswith(("http:", "https:")))


def _keywords(value: Any) -> list[str]:
    found: list[str] = []
    for each in _list(value):
        text = _text(each.get("name") if isinstance(each, Mapping) else each)
        found += [text] if isinstance(value, list) else re.split(r"[,;]", text)
    return unique(plain(each) for each in found)


def _image(value: Any, known: Mapping[str, Any]) -> Values:
    for each in _list(value):
        thing = each
        if isinstance(each, Mapping) and "url" not in each:
            thing = known.get(str(each.get("@id")), each)
        if isinstance(thing, str):
            return {"url": thing}
        if isinstance(thing, Mapping) and (url := _address(thing)):
            return {
                "url": url,
                "caption": plain(_text(thing.get("caption"))),
                "credit": plain(_text(thing.get("creditText"))),
            }
    return {}


def _address(value: Any) -> str:
    for each in _list(value):
        if isinstance(each, str):
            return each
        for key in ("url", "contentUrl", "@id"):
            if isinstance(each, Mapping) and isinstance(each.get(key), str):
                return str(each[key])
    return ""


def _language(value: Any) -> str:
    thing = value.get("alternateName") if isinstance(value, Mapping) else value
    return _text(thing).replace("_", "-")


def _text(value: Any) -> str:
    """Return the first text of a value that may be a text, a list or a number."""
    for each in _list(value):
        if isinstance(each, str):
            return each
        if isinstance(each, int | float):
            return str(each)
        if isinstance(each, Mapping) and isinstance(each.get("@value"), str):
            return str(each["@value"])
    return ""


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
