"""An article as ninjs 3.1, and back again without a loss.

What ninjs has no place for is where its rules allow for it: our id and the exact address
are alternative ids, metadata is a description in JSON, authors and the source are
information sources by their roles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

import orjson
from w3lib.url import safe_url_string

from schemas.formats.drafts import Values
from search.article import Article, Entity, StoredArticle

ROLE: Final = "dateline"
"""The role of the alternative id that is ours."""

_STANDARD = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json",
}
_ENTITIES = {
    "tags": "subjects",
    "companies": "organisations",
    "people": "people",
    "places": "places",
}
_RELATIONS = {True: "about", False: "mentions"}
_PLAIN = "text/plain"


def dump(stored: StoredArticle) -> bytes:
    """Return a stored article as ninjs 3.1; `read` of `restored` is the same article."""
    article = stored.article()
    values = {
        "uri": _uri(article),
        "standard": _STANDARD,
        "type": "text",
        "representationType": "full",
        "pubStatus": "usable",
        "version": str(stored.version),
        "firstCreated": _moment(article.published_at),
        "versionCreated": _moment(article.updated_at),
        "language": article.language,
        "title": article.title,
        "headlines": _texts(article.title, "main"),
        "descriptions": _descriptions(article),
        "bodies": _bodies(article.body),
        "by": ", ".join(article.authors),
        "infoSources": _sources(article),
        "subjects": [*_each(article.tags), *_section(article.section)],
        "organisations": _each(article.companies),
        "people": _each(article.people),
        "places": _each(article.places),
        "associations": _associations(article),
        "altIds": _ids(article),
    }
    return orjson.dumps({key: value for key, value in values.items() if value})


def is_ours(item: Mapping[str, Any]) -> bool:
    """Say whether an item, its keys in lower case, was written here."""
    ids = item.get("altids")
    return isinstance(ids, list) and any(
        isinstance(each, Mapping) and each.get("role") == ROLE for each in ids
    )


def restored(item: Mapping[str, Any]) -> Values:
    """Return the values of an item that was written here, its keys in lower case."""
    ids = _by_role(item.get("altids"))
    told = _by_role(item.get("descriptions"))
    sources = _listed(item.get("infosources"))
    subjects = _listed(item.get("subjects"))
    values: Values = {
        "id": ids.get(ROLE),
        "title": item.get("title"),
        "summary": told.get("summary"),
        "body": _by_role(item.get("bodies")).get("main"),
        "url": ids.get("url") or _address(item.get("uri")),
        "source": _named(sources, "provider"),
        "section": _section_of(subjects),
        "authors": [s.get("name") for s in sources if s.get("role") == "author"],
        "published_at": item.get("firstcreated"),
        "updated_at": item.get("versioncreated"),
        "language": item.get("language"),
        "image": _image(item),
        "metadata": orjson.loads(told.get("metadata") or "{}"),
    }
    for key, name in _ENTITIES.items():
        listed = _listed(item.get(name))
        values[key] = [_entity(each) for each in listed if each.get("rel") != "section"]
    return {key: value for key, value in values.items() if value}


def _uri(article: Article) -> str:
    if article.url:
        return str(safe_url_string(article.url))
    return f"tag:dateline,2024:articles/{quote(article.id, safe=':,=@+~')}"


def _ids(article: Article) -> list[Values]:
    ids = [{"role": ROLE, "value": article.id}]
    if article.url and article.url != _uri(article):
        ids.append({"role": "url", "value": article.url})
    return ids


def _moment(moment: Any) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _texts(text: str | None, role: str, kind: str = _PLAIN) -> list[Values]:
    return [{"role": role, "contentType": kind, "value": text}] if text else []


def _descriptions(article: Article) -> list[Values]:
    kept = orjson.dumps(article.metadata).decode() if article.metadata else None
    return [
        *_texts(article.summary, "summary"),
        *_texts(kept, "metadata", "application/json"),
    ]


def _bodies(body: str | None) -> list[Values]:
    if not body:
        return []
    counts = {"charCount": len(body), "wordCount": len(body.split())}
    return [{"role": "main", "contentType": _PLAIN, **counts, "value": body}]


def _sources(article: Article) -> list[Values]:
    provider = [{"name": article.source, "role": "provider"}] if article.source else []
    return [*provider, *({"name": name, "role": "author"} for name in article.authors)]


def _each(entities: Iterable[Entity]) -> list[Values]:
    found = []
    for entity in entities:
        values = {"name": entity.name, "literal": entity.id}
        if entity.about is not None:
            values["rel"] = _RELATIONS[entity.about]
        found.append(values)
    return found


def _section(section: str | None) -> list[Values]:
    return [{"name": section, "rel": "section"}] if section else []


def _associations(article: Article) -> list[Values]:
    image = article.image
    if image is None:
        return []
    address = str(safe_url_string(image.url))
    values = {
        "name": "main",
        "uri": address,
        "type": "picture",
        "by": image.credit,
        "descriptions": _texts(image.caption, "caption"),
        "renditions": [{"name": "main", "href": address}],
        "altIds": [{"role": "url", "value": image.url}],
    }
    return [{key: value for key, value in values.items() if value}]


def _image(item: Mapping[str, Any]) -> Values | None:
    for each in _listed(item.get("associations")):
        caption = _by_role(each.get("descriptions")).get("caption")
        url = _by_role(each.get("altIds")).get("url")
        values = {"url": url, "caption": caption, "credit": each.get("by")}
        return {key: value for key, value in values.items() if value}
    return None


def _entity(each: Mapping[str, Any]) -> Values:
    values = {"id": each.get("literal"), "name": each.get("name")}
    for about, relation in _RELATIONS.items():
        if each.get("rel") == relation:
            return {**values, "from": "found", "about": about}
    return values


def _address(uri: Any) -> str | None:
    return uri if isinstance(uri, str) and uri.startswith("http") else None


def _named(sources: Iterable[Mapping[str, Any]], role: str) -> Any:
    return next(
        (each.get("name") for each in sources if each.get("role") == role), None
    )


def _section_of(subjects: Iterable[Mapping[str, Any]]) -> Any:
    return next((s.get("name") for s in subjects if s.get("rel") == "section"), None)


def _by_role(value: Any) -> dict[str, Any]:
    return {str(each.get("role")): each.get("value") for each in _listed(value)}


def _listed(value: Any) -> list[Mapping[str, Any]]:
    listed = value if isinstance(value, list) else []
    return [each for each in listed if isinstance(each, Mapping)]
