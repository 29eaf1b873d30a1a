"""From a draft to the article on the wire."""

import re
from datetime import UTC, datetime, time, timedelta

from scripts.demo.material import LISTS, Draft, names

_PLAIN = ("source", "section", "authors", "language", "image")
# Their ids are made by whoever reads them: the ampersand and the comma are the point.
_ALWAYS_PLAIN = {"at-t", "tesla-inc"}


def published(draft: Draft, today: datetime) -> datetime:
    """Return the moment of publication: a fixed date, or an age counted from `today`."""
    if "date" in draft:
        moment = datetime.fromisoformat(draft["date"])
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    clock = time.fromisoformat(draft["at"])
    day = today - timedelta(days=draft["ago"])
    return datetime.combine(day.date(), clock, tzinfo=UTC)


def article(draft: Draft, moment: datetime) -> dict[str, object]:
    """Return `draft` in wire form, published at `moment`; what is not known is left out."""
    correction = draft.get("correction")
    tags = [*draft["tags"], "correction"] if correction else draft["tags"]
    note = f"Correction: {correction}" if correction else ""
    body = "\n\n".join(part for part in (draft.get("body", "").strip(), note) if part)
    later = timedelta(hours=draft.get("updated_after_hours", 0))
    whole = {
        "id": draft["id"],
        "title": draft["title"],
        "summary": draft.get("summary"),
        "body": body,
        "url": f"https://{names()['hosts'][draft['source']]}/{draft['id']}",
        "published_at": draft.get("date") or _stamp(moment),
        "updated_at": _stamp(moment + later) if later else None,
        **{key: draft.get(key) for key in _PLAIN},
        **{key: _named(key, ids, draft) for key, ids in _lists(draft, tags)},
        "metadata": {"characters": len(body), "origin": "demo"},
    }
    return {key: value for key, value in whole.items() if value}


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _lists(draft: Draft, tags: list[str]) -> list[tuple[str, list[str]]]:
    return [(key, tags if key == "tags" else draft[key]) for key in LISTS]


def _named(kind: str, ids: list[str], draft: Draft) -> list[str | dict[str, str]]:
    """Agencies send bare names, papers send ids too: a reader must cope with both."""
    bare = kind == "tags" or draft["source"] == "Harbour Wire"
    return [_name(kind, one, bare=bare) for one in ids]


def _name(kind: str, one: str, *, bare: bool) -> str | dict[str, str]:
    known = names()[kind]
    name = _tag(one, known) if kind == "tags" else known[one]
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if one in _ALWAYS_PLAIN or (bare and slug == one):
        return name
    return {"id": one, "name": name}


def _tag(one: str, known: dict[str, str]) -> str:
    return known.get(one) or one.replace("-", " ").capitalize()
