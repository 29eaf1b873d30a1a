"""Saved pages: what they say of themselves, and the text that a reader sees in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin, urlsplit

from schemas.formats import jsonld, metas, titles, trees
from schemas.formats.drafts import Draft, UnreadableError, Values, draft
from schemas.formats.trees import Element
from schemas.problems import Fault

_ZONED = re.compile(r"T.*(?:Z|[+-][0-9]{2}:[0-9]{2})$")
_LEAST = 200
"""Characters that make a text: less, without a date, is a page about nothing."""


def read(data: bytes, *, charset: str | None = None) -> list[Draft]:
    """Return the article of an HTML page; raises UnreadableError.

    JSON-LD counts before the head's metadata, these before microdata; the body is what
    trafilatura finds, unless the page gives more of it itself.
    """
    page = trees.page(data, charset)
    accounts = [jsonld.facts(page), metas.facts(page), metas.microdata(page)]
    values = _merged(accounts)
    told, head, seen = (str(account.get("title") or "") for account in accounts)
    shown = trees.words(page, "title")
    values["title"] = titles.chosen(
        told, head, seen, shown, str(values["source"] or "")
    )
    values["body"] = _without(_body(page, accounts), values["title"], seen)
    if len(values["body"]) < _LEAST and not values.get("published_at"):
        raise UnreadableError(
            f"There is no article in this page: no {_LEAST} characters of text, no date."
        )
    return [draft(values, *_resolved(values))]


def _without(body: str, *headings: str) -> str:
    """Return a body that does not begin with the title once more."""
    first, _, rest = body.partition("\n\n")
    return rest if rest and first.strip() in headings else body


def _merged(accounts: list[Values]) -> Values:
    keys = dict.fromkeys(key for account in accounts for key in account)
    merged = {key: _first(account.get(key) for account in accounts) for key in keys}
    for key in ("published_at", "updated_at"):
        merged[key] = _dated(account.get(key) for account in accounts)
    merged["url"] = _first((accounts[1].get("url"), accounts[0].get("url")))
    merged["image"] = _image([account.get("image") or {} for account in accounts])
    return merged


def _dated(values: Iterable[str | None]) -> str | None:
    """Return the first date, from the first account that gives it with its zone."""
    found = [value for value in values if value]
    same = [each for each in found if each[:16] == found[0][:16]]
    return next((each for each in same if _ZONED.search(each)), _first(found))


def _first(values: Any) -> Any:
    return next(filter(None, values), None)


def _image(accounts: list[Values]) -> Values:
    """Return the picture, its caption from wherever the page tells one."""
    url = _first(account.get("url") for account in accounts)
    if not url:
        return {}
    return {
        "url": url,
        "caption": _first(account.get("caption") for account in accounts),
        "credit": _first(account.get("credit") for account in accounts),
    }


def _body(page: Element, accounts: list[Values]) -> str:
    told = str(_first(account.get("body") for account in accounts) or "")
    seen = _seen(page)
    return told if len(told) > max(_LEAST, 1.1 * len(seen)) else seen or told


def _seen(page: Element) -> str:
    # Imported here: whoever reads wires only need not pay for it.
    import trafilatura  # noqa: PLC0415

    found: Any = trafilatura.bare_extraction(
        page, include_comments=False, include_tables=True, with_metadata=False
    )
    text = found.text if found else None
    return "\n\n".join(filter(None, map(str.strip, (text or "").split("\n"))))


def _resolved(values: Values) -> list[Fault]:
    """Make addresses whole, by the page's own; return warnings of what cannot be."""
    own = str(values.get("url") or "")
    if own and not urlsplit(own).scheme:
        values["url"] = f"https:{own}" if own.startswith("//") else None
        if not values["url"]:
            return [Fault("/url", f"Left out, it has no host: {own[:100]}")]
    image = values.get("image") or {}
    if image.get("url"):
        image["url"] = urljoin(str(values.get("url") or ""), str(image["url"]))
        if not urlsplit(image["url"]).netloc:
            values["image"] = None
            return [Fault("/image", "Left out, its address has no host.")]
    return []
