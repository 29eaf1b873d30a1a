"""RSS, Atom and RDF feeds, well-formed or not, and JSON Feed."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import feedparser

from schemas.formats.dating import written
from schemas.formats.drafts import Draft, UnreadableError, Values, draft
from schemas.formats.prose import plain
from schemas.formats.wording import line, names, unique

_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")


def read(data: bytes, *, charset: str | None = None) -> list[Draft]:
    """Return the articles of a feed; raises UnreadableError if it is none.

    The feed's title is their source, its language theirs.
    """
    headers = {"content-type": "application/xml" + _named(charset)}
    # A stream: of anything else feedparser asks whether it is a file or an address.
    found = feedparser.parse(io.BytesIO(data), response_headers=headers)
    if not found.entries:
        raise UnreadableError(_refusal(found))
    links = Counter(entry.get("link") for entry in found.entries)
    return [
        draft(_values(entry, found.feed, shared=links[entry.get("link")] > 1))
        for entry in found.entries
    ]


def read_json(value: Any) -> list[Draft]:
    """Return the articles of a decoded JSON Feed; raises UnreadableError if none."""
    items = value.get("items") if isinstance(value, Mapping) else None
    if not isinstance(items, list) or not items:
        raise UnreadableError("There are no items in this feed.")
    kept = (item for item in items if isinstance(item, Mapping))
    return [draft(_json_values(item, value)) for item in kept]


def _named(charset: str | None) -> str:
    return f"; charset={charset}" if charset else ""


def _refusal(found: Any) -> str:
    if not found.version:
        return "This is no feed that could be read: RSS, RDF or Atom is expected."
    return "There are no items in this feed."


def _values(entry: Any, feed: Any, *, shared: bool) -> Values:
    """Return the values of an item; an address that others share does not name it."""
    link = str(entry.get("link", ""))
    is_address = link.startswith(("http://", "https://"))
    summary, body = _texts(entry)
    return {
        "id": _own_id(entry) if shared else None if is_address else entry.get("id"),
        "title": line(plain(entry.get("title"))),
        "summary": summary,
        "body": body,
        "url": link if is_address else None,
        "source": line(plain(_source(entry, feed))),
        "authors": _authors(entry),
        "published_at": _date(entry, "published", "created", "updated"),
        "updated_at": _date(entry, "updated"),
        "language": entry.get("language") or feed.get("language"),
        "tags": _tags(entry),
        "image": _image(entry),
    }


def _own_id(entry: Any) -> str:
    seed = "\n".join(str(entry.get(key, "")) for key in ("link", "id", "title"))
    return sha256(seed.encode("utf-8", "replace")).hexdigest()


def _tags(entry: Any) -> list[str]:
    given = (plain(str(tag.get("term") or "")) for tag in entry.get("tags", ()))
    return unique(each for text in given for each in text.split(","))


def _source(entry: Any, feed: Any) -> str:
    return str(entry.get("source", {}).get("title") or feed.get("title") or "")


def _texts(entry: Any) -> tuple[str, str]:
    """Return summary and body; a summary that repeats the body is none."""
    summary = plain(entry.get("summary"))
    bodies = [plain(each.get("value")) for each in entry.get("content", ())]
    body = max(bodies, key=len, default="")
    return ("" if summary == body else summary), body


def _authors(entry: Any) -> list[str]:
    several = [str(each.get("name") or "") for each in entry.get("authors", ())]
    given = list(filter(None, several)) or [str(entry.get("author") or "")]
    return unique(name for each in given for name in names(each) if "@" not in name)


def _date(entry: Any, *keys: str) -> str | None:
    # Asked for first: what is not updated would have its first date, and a warning.
    for key in (key for key in keys if key in entry):
        # feedparser knows other spellings of dates; what it makes of them is UTC.
        if parsed := entry.get(f"{key}_parsed"):
            moment = written(entry.get(key))
            known = moment and moment[:2].isdigit() and "T" in moment
            return (
                moment
                if known
                else "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*parsed)
            )
        if text := entry.get(key):
            return written(text)
    return None


def _image(entry: Any) -> Values:
    media = entry.get("media_content", []) + entry.get("media_thumbnail", [])
    enclosed = [
        each for each in entry.get("links", ()) if each.get("rel") == "enclosure"
    ]
    for each in (*media, *enclosed):
        url = str(each.get("url") or each.get("href") or "")
        kind = str(each.get("medium") or each.get("type") or "")
        if kind.startswith("image") or url.partition("?")[0].endswith(_PICTURES):
            told = entry.get("media_credit") or [{}]
            return {"url": url, "credit": plain(told[0].get("content"))}
    return {}


def _json_values(item: Mapping[str, Any], feed: Mapping[str, Any]) -> Values:
    url = str(item.get("url") or item.get("external_url") or "")
    writers = item.get("authors") or [item.get("author")]
    return {
        "id": None if url else item.get("id"),
        "title": line(plain(_string(item.get("title")))),
        "summary": plain(_string(item.get("summary"))),
        "body": _string(item.get("content_text"))
        or plain(_string(item.get("content_html"))),
        "url": url,
        "source": _string(feed.get("title")),
        "authors": unique(
            _string(each.get("name")) for each in writers if isinstance(each, Mapping)
        ),
        "published_at": written(_string(item.get("date_published"))),
        "updated_at": written(_string(item.get("date_modified"))),
        "language": item.get("language") or feed.get("language"),
        "tags": unique(_string(tag) for tag in item.get("tags") or ()),
        "image": {"url": _string(item.get("image") or item.get("banner_image"))},
    }


def _string(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
