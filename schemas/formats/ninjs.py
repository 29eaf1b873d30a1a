"""ninjs 1.0 to 3.x, the IPTC's news in JSON; also inside the envelopes of agencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.formats import ninjs31, nitf, trees
from schemas.formats.dating import written
from schemas.formats.drafts import Draft, UnreadableError, Values, draft
from schemas.formats.prose import plain
from schemas.formats.wording import names, unique
from schemas.problems import Fault

_MARKS = frozenset(
    (
        *("headline", "headlines", "body_text", "body_xhtml", "body_html", "bodies"),
        *("versioncreated", "firstcreated", "descriptions", "description_text"),
        *("byline", "pubstatus", "eventdetails", "renditions"),
    )
)
_ENVELOPES = ("item", "items", "data", "results")
_DEEPEST = 4
_WITHDRAWN = ("canceled", "withheld")


def is_item(value: object) -> bool:
    """Say whether a JSON value is a ninjs item: a uri, or a guid, and a title or body."""
    if not isinstance(value, Mapping):
        return False
    keys = {str(key).lower() for key in value}
    return bool(keys & {"uri", "guid"} and (keys & _MARKS or "title" in keys))


def read(value: Any) -> list[Draft]:
    """Return the articles of a decoded JSON text; raises UnreadableError if none."""
    items = list(_items(value))
    if not items:
        raise UnreadableError("There is no ninjs item in it: an object with a uri.")
    return [_draft(item) for item in items]


def _items(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from _items(each, depth + 1)
    elif is_item(value):
        yield {str(key).lower().lstrip("$"): each for key, each in value.items()}
    elif isinstance(value, Mapping):
        for key in _ENVELOPES:
            yield from _items(value.get(key), depth + 1)


def _draft(item: Mapping[str, Any]) -> Draft:
    if ninjs31.is_ours(item):
        return Draft(ninjs31.restored(item), strict=True)
    status = _text(item.get("pubstatus")).rpartition(":")[2]
    if status in _WITHDRAWN:
        return Draft({}, (Fault("", f"Its publisher says that it is {status}."),))
    values = _values(item)
    warning = None
    if not values["title"] and (slug := _text(item.get("slugline"))):
        values["title"] = slug
        warning = Fault("/title", "There is no headline: the slug line stands for it.")
    return draft(values, warning)


def _values(item: Mapping[str, Any]) -> Values:
    uri = _text(item.get("uri")) or _text(item.get("guid"))
    is_address = uri.startswith(("http://", "https://"))
    return {
        "id": None if is_address else uri,
        "title": plain(_part(item, "headline")) or plain(_text(item.get("title"))),
        "summary": plain(_part(item, "description")),
        "body": _body(item),
        "url": uri if is_address else None,
        "source": _source(item),
        "section": _section(item),
        "authors": _authors(item),
        "published_at": _date(item, "firstcreated", "contentcreated", "versioncreated"),
        "updated_at": _date(item, "versioncreated"),
        "language": item.get("language"),
        "tags": _tags(item),
        "companies": _names(item, "organisations", "organisation"),
        "people": _names(item, "people", "person"),
        "places": _names(item, "places", "place"),
        "image": _image(item),
        "metadata": _metadata(item),
    }


def _date(item: Mapping[str, Any], *keys: str) -> str | None:
    found = (_text(item.get(key)) for key in keys)
    return written(next(filter(None, found), None))


def _part(item: Mapping[str, Any], name: str) -> str:
    """Return a headline or description: the main one of ninjs 2, or that of ninjs 1."""
    parts = [each for each in _list(item.get(f"{name}s")) if isinstance(each, Mapping)]
    wanted = ("main", "summary", "lead", "text", "caption")
    ranked = {str(part.get("role")): part for part in reversed(parts)}
    for role in wanted:
        if role in ranked and (text := _text(ranked[role].get("value"))):
            return text
    first = _text(parts[0].get("value")) if parts else ""
    given = (_text(item.get(f"{name}{end}")) for end in ("", "_text", "_xhtml"))
    return first or next(filter(None, given), "")


def _body(item: Mapping[str, Any]) -> str:
    parts = [each for each in _list(item.get("bodies")) if isinstance(each, Mapping)]
    for part in sorted(parts, key=_markup_last):
        if text := _read(_text(part.get("value")), _kind(part)):
            return text
    texts = (plain(_text(item.get(f"body_{end}"))) for end in ("text", "xhtml", "html"))
    return next(filter(None, texts), "")


def _kind(part: Mapping[str, Any]) -> str:
    kinds = (part.get(key) for key in ("contentType", "contenttype", "role"))
    return " ".join(_text(kind) for kind in kinds).lower()


def _markup_last(part: Mapping[str, Any]) -> bool:
    return "text/plain" not in _kind(part)


def _read(text: str, kind: str) -> str:
    if "nitf" not in kind:
        return text if "text/plain" in kind else plain(text)
    try:
        return str(nitf.values(trees.xml(text.encode()))["body"])
    except UnreadableError:
        return plain(text)


def _source(item: Mapping[str, Any]) -> str:
    for key in ("infosources", "infosource"):
        if found := _names(item, key):
            return str(found[0])
    return _text(item.get("provider")) or _text(item.get("copyrightholder"))


def _section(item: Mapping[str, Any]) -> str:
    for each in _list(item.get("subjects") or item.get("subject")):
        if isinstance(each, Mapping) and each.get("rel") == "section":
            return _text(each.get("name"))
    return ""


def _tags(item: Mapping[str, Any]) -> list[str]:
    subjects = [
        each
        for each in _list(item.get("subjects") or item.get("subject"))
        if not (isinstance(each, Mapping) and each.get("rel") == "section")
    ]
    return unique([*_each(subjects), *_each(item.get("keywords"))])


def _authors(item: Mapping[str, Any]) -> list[str]:
    return names(_text(item.get("by") or item.get("byline")))


def _names(item: Mapping[str, Any], *keys: str) -> list[Any]:
    found = next(filter(None, (item.get(key) for key in keys)), None)
    return unique(name for each in _list(found) for name in _each([each]))


def _each(value: Any) -> Iterator[str]:
    for each in _list(value):
        yield plain(_text(each.get("name") if isinstance(each, Mapping) else each))


def _image(item: Mapping[str, Any]) -> Values:
    for each in (*_list(item.get("associations")), item):
        if not isinstance(each, Mapping):
            continue
        thing = {str(key).lower(): value for key, value in each.items()}
        is_picture = _text(thing.get("type")) in ("picture", "graphic", "image")
        if is_picture and (url := _rendition(thing)):
            caption = plain(_part(thing, "description"))
            by = _text(thing.get("by") or thing.get("byline"))
            return {"url": url, "caption": caption, "credit": by}
    return {}


def _rendition(thing: Mapping[str, Any]) -> str:
    for each in _list(thing.get("renditions")):
        href = _text(each.get("href")) if isinstance(each, Mapping) else ""
        if href.startswith(("http://", "https://")):
            return href
    return ""


def _metadata(item: Mapping[str, Any]) -> Values:
    kept = {
        "slugline": item.get("slugline"),
        "urgency": item.get("urgency"),
        "dateline": item.get("located"),
        "copyright": item.get("copyrightnotice"),
        "embargoed": item.get("embargoeduntil") or item.get("embargoed"),
        "note": item.get("ednote"),
        "kind": item.get("type"),
        "genre": list(_each(item.get("genres") or item.get("genre"))),
    }
    return {key: value for key, value in kept.items() if value not in ("text", [])}


def _list(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        # ninjs 1 names its associations and renditions; one alone is no list.
        return [value] if "name" in value or "uri" in value else list(value.values())
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    if isinstance(value, list) and value:
        return _text(value[0])
    return value.strip() if isinstance(value, str) else ""
