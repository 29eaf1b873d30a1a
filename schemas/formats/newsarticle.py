"""An article as schema.org's NewsArticle, in JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from search.article import Article, Entity, StoredArticle

_KINDS = {"companies": "Organization", "people": "Person", "places": "Place"}


def dump(stored: StoredArticle) -> bytes:
    """Return a stored article as a NewsArticle.

    What the article names is what it is `about`, or, where it was found in passing,
    what it `mentions`.
    """
    article = stored.article()
    named = [
        (entity, kind)
        for key, kind in _KINDS.items()
        for entity in getattr(article, key)
    ]
    values = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": article.url,
        "identifier": article.id,
        "url": article.url,
        "headline": article.title,
        "description": article.summary,
        "articleBody": article.body,
        "datePublished": _moment(article.published_at),
        "dateModified": _moment(article.updated_at),
        "inLanguage": article.language,
        "articleSection": article.section,
        "keywords": [tag.name for tag in article.tags],
        "author": [_thing("Person", name) for name in article.authors],
        "publisher": _publisher(article),
        "about": _things(each for each in named if each[0].about is not False),
        "mentions": _things(each for each in named if each[0].about is False),
        "image": _image(article),
        "version": str(stored.version),
    }
    return orjson.dumps({key: value for key, value in values.items() if value})


def _moment(moment: Any) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _thing(kind: str, name: str, **more: str) -> dict[str, str]:
    return {"@type": kind, "name": name, **more}


def _things(named: Iterable[tuple[Entity, str]]) -> list[dict[str, str]]:
    return [_thing(kind, entity.name, identifier=entity.id) for entity, kind in named]


def _publisher(article: Article) -> dict[str, str] | None:
    return _thing("NewsMediaOrganization", article.source) if article.source else None


def _image(article: Article) -> dict[str, str] | None:
    image = article.image
    if image is None:
        return None
    values = {"url": image.url, "caption": image.caption, "creditText": image.credit}
    told = {key: value for key, value in values.items() if value}
    return {"@type": "ImageObject", **told}
