"""NITF, the News Industry Text Format of the IPTC, whatever its version."""

from __future__ import annotations

from schemas.formats import trees
from schemas.formats.dating import written
from schemas.formats.drafts import Draft, Values, draft
from schemas.formats.prose import paragraphs
from schemas.formats.trees import Element
from schemas.formats.wording import line, names, unique
from schemas.problems import Fault

_LONGEST_NAME = 100


def read(root: Element) -> list[Draft]:
    """Return the article of an `nitf` element."""
    found = values(root)
    slug = _slug(root)
    if found["title"] or not slug:
        return [draft(found)]
    told = Fault("/title", "There is no headline: the slug line stands for it.")
    return [draft({**found, "title": slug}, told)]


def values(root: Element) -> Values:
    """Return what an `nitf` element has of an article."""
    content = trees.first(root, "body.content")
    subjects = list(trees.below(root, "tobject.subject"))
    return {
        "id": _attribute(root, "doc-id", "id-string"),
        "title": trees.words(root, "hl1", "title", "hedline"),
        "summary": _abstract(root),
        "body": "" if content is None else paragraphs(content),
        "source": _source(root),
        "section": _attribute(root, "pubdata", "position.section"),
        "authors": _authors(root),
        "published_at": _published(root),
        "updated_at": written(_attribute(root, "date.release", "norm")),
        "language": root.get("baselang") or root.get(f"{{{_XML}}}lang"),
        "tags": unique(
            [
                *(node.get("key", "") for node in trees.below(root, "keyword")),
                *(node.get("tobject.subject.type", "") for node in subjects),
                *(node.get("tobject.subject.matter", "") for node in subjects),
            ]
        ),
        "companies": _inline(content, "org"),
        "people": _inline(content, "person"),
        "places": _places(root, content),
        "image": _image(root),
        "metadata": {
            "urgency": _attribute(root, "urgency", "ed-urg"),
            "dateline": trees.words(root, "dateline"),
            "note": _attribute(root, "ed-msg", "info"),
        },
    }


_XML = "http://www.w3.org/XML/1998/namespace"


def _slug(root: Element) -> str:
    """Return the slug line, as NITF or ANPA writes it."""
    said = {node.get("name"): node.get("content") for node in trees.below(root, "meta")}
    return _attribute(root, "du-key", "key") or said.get("anpa-keyword") or ""


def _attribute(root: Element, name: str, key: str) -> str:
    found = (node.get(key) for node in trees.below(root, name))
    return next(filter(None, found), "")


def _published(root: Element) -> str | None:
    return written(
        _attribute(root, "date.issue", "norm")
        or _attribute(root, "pubdata", "date.publication")
        or _attribute(root, "date.release", "norm")
        or _attribute(root, "story.date", "norm")
    )


def _abstract(root: Element) -> str:
    found = trees.first(root, "abstract")
    return "" if found is None else paragraphs(found)


def _source(root: Element) -> str:
    return (
        trees.words(root, "distributor")
        or _attribute(root, "doc-id", "regsrc")
        or _attribute(root, "doc.copyright", "holder")
    )


def _authors(root: Element) -> list[str]:
    found: list[str] = []
    for byline in trees.below(root, "byline"):
        people = [trees.word(node) for node in trees.below(byline, "person")]
        title = trees.words(byline, "byttl")
        found += people or names(trees.word(byline).removesuffix(title))
    return unique(found)


def _inline(content: Element | None, name: str) -> list[str]:
    """Return the names that are marked up in the text, without genitives."""
    if content is None:
        return []
    found = (trees.word(node) for node in trees.below(content, name))
    plain = (text.removesuffix("'s").removesuffix("’s") for text in found)
    return unique(text for text in plain if len(text) <= _LONGEST_NAME)


def _places(root: Element, content: Element | None) -> list[str]:
    regions = (
        node.get(key, "")
        for node in trees.below(root, "evloc")
        for key in ("city", "state-prov", "country-dist", "county-dist")
    )
    return unique([*regions, *_inline(content, "location")])


def _image(root: Element) -> Values:
    for media in trees.below(root, "media"):
        source = _attribute(media, "media-reference", "source")
        if source.startswith(("http://", "https://")):
            return {
                "url": source,
                "caption": line(trees.words(media, "media-caption")),
                "credit": line(trees.words(media, "media-producer")),
            }
    return {}
