"""NewsML-G2 (news items, alone or in a message) and its forerunner NewsML 1."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.formats import newsml1, nitf, trees
from schemas.formats.dating import written
from schemas.formats.drafts import Draft, UnreadableError, Values, draft
from schemas.formats.prose import paragraphs, plain
from schemas.formats.trees import Element
from schemas.formats.wording import names, unique
from schemas.problems import Fault

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_WITHDRAWN = ("canceled", "withheld")
_KINDS = {"organisation": "companies", "person": "people", "geoarea": "places"}
_PEOPLE = ("creator", "contributor")


def read(root: Element) -> list[Draft]:
    """Return the articles of a NewsML text; raises UnreadableError if it has none."""
    if trees.local(root) == "newsml":
        return newsml1.read(root)
    items = list(trees.below(root, "newsItem"))
    if not items:
        raise UnreadableError(
            "There is no newsItem in it: packages, concepts and plans are no articles."
        )
    return [_draft(item) for item in items]


def _draft(item: Element) -> Draft:
    status = _code(trees.first(item, "pubStatus"))
    if status in _WITHDRAWN:
        return Draft({}, (Fault("", f"Its publisher says that it is {status}."),))
    values = _values(item)
    warning = None
    if not values["title"] and (slug := trees.words(item, "slugline")):
        values["title"] = slug
        warning = Fault("/title", "There is no headline: the slug line stands for it.")
    return draft(values, warning)


def _values(item: Element) -> Values:
    inner = trees.first(item, "nitf")
    known = nitf.values(inner) if inner is not None else {}
    own = {
        "id": item.get("guid"),
        "title": trees.words(item, "headline"),
        "summary": _summary(item),
        "body": known.get("body") or _body(item),
        "source": _source(item),
        "authors": _authors(item),
        "published_at": _date(item, "firstCreated", "contentCreated", "versionCreated"),
        "updated_at": _date(item, "versionCreated", "contentModified"),
        "language": _language(item),
        **_subjects(item),
        "image": _image(item),
        "metadata": _metadata(item),
    }
    return {key: own.get(key) or known.get(key) for key in {**known, **own}}


def _date(item: Element, *names_: str) -> str | None:
    return written(trees.words(item, *names_))


def _summary(item: Element) -> str:
    found = trees.first(item, "description")
    return "" if found is None else paragraphs(found)


def _body(item: Element) -> str:
    for part in trees.below(item, "contentSet"):
        for name in ("inlineXML", "inlineData"):
            if (inline := trees.first(part, name)) is not None:
                content = trees.first(inline, "body")
                text = paragraphs(inline if content is None else content)
                return plain(text) if name == "inlineData" else text
    return ""


def _source(item: Element) -> str:
    for name in ("provider", "infoSource", "copyrightHolder"):
        for node in trees.below(item, name):
            if found := trees.words(node, "name") or node.get("literal"):
                return str(found)
    return _code(trees.first(item, "provider"))


def _authors(item: Element) -> list[str]:
    by = [name for node in trees.below(item, "by") for name in names(trees.word(node))]
    nodes = (node for name in _PEOPLE for node in trees.below(item, name))
    return unique(by or (trees.words(node, "name") for node in nodes))


def _language(item: Element) -> str:
    found = trees.first(item, "language")
    tag = "" if found is None else found.get("tag", "")
    return tag or item.get(_LANG, "")


def _subjects(item: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {
        "tags": [trees.word(node) for node in trees.below(item, "keyword")]
    }
    for node in trees.below(item, "subject"):
        kind = node.get("type", "").rpartition(":")[2].lower()
        key = _KINDS.get(kind, "tags")
        found.setdefault(key, []).append(_name(node))
    for node in trees.below(item, "located"):
        found.setdefault("places", []).extend(_located(node))
    return {key: unique(values) for key, values in found.items()}


def _located(node: Element) -> Iterator[str]:
    yield _name(node)
    for wider in trees.below(node, "broader"):
        yield _name(wider)


def _name(node: Element) -> str:
    """Return the first name of a concept itself, not of a wider one."""
    names_ = [child for child in node if trees.local(child) == "name"]
    return trees.word(names_[0]) if names_ else node.get("literal", "")


def _image(item: Element) -> Values:
    for remote in trees.below(item, "remoteContent"):
        href = remote.get("href", "")
        kind = remote.get("contenttype", "")
        if kind.startswith("image/") and href.startswith(("http://", "https://")):
            return {"url": href, "credit": trees.words(item, "creditline")}
    return {}


def _metadata(item: Element) -> Values:
    return {
        "slugline": trees.words(item, "slugline"),
        "urgency": trees.words(item, "urgency"),
        "dateline": trees.words(item, "dateline"),
        "embargoed": trees.words(item, "embargoed"),
        "note": trees.words(item, "edNote"),
        "copyright": trees.words(item, "copyrightNotice"),
        "genre": unique(_name(node) for node in trees.below(item, "genre")),
    }


def _code(node: Element | None) -> str:
    return "" if node is None else str(node.get("qcode", "")).rpartition(":")[2]
