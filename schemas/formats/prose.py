"""Plain text out of trees, a paragraph a block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from schemas.formats import trees
from schemas.formats.wording import line

_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "block", "blockquote", "body", "br", "dd"),
        *("div", "dl", "dt", "figcaption", "figure", "footer", "form", "h1", "h2"),
        *("h3", "h4", "h5", "h6", "header", "hl1", "hl2", "hr", "li", "main", "nav"),
        *("ol", "p", "pre", "section", "table", "tbody", "td", "th", "thead", "tr"),
        *("ul", "title", "bq", "media", "fn", "note"),
    )
)
_UNREAD = frozenset(
    ("script", "style", "template", "noscript", "svg", "iframe", "media-metadata")
)
_BREAKS = re.compile(r"\s*\n\s*")


def plain(fragment: str | None) -> str:
    """Return the text of a fragment of HTML, a paragraph a block."""
    if not fragment or not fragment.strip():
        return ""
    if "<" not in fragment and "&" not in fragment:
        return fragment.strip()
    return paragraphs(trees.fragment(fragment))


def paragraphs(element: Any) -> str:
    """Return the text of an element, blocks apart by a blank line."""
    pieces = _BREAKS.split("".join(_pieces(element)))
    return "\n\n".join(filter(None, map(line, pieces)))


def _pieces(element: Any) -> Iterator[str]:
    # A walk, not a recursion: what comes from outside may be nested at will.
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        name = trees.local(node)
        if event == "start":
            if name in _UNREAD:
                walk.skip_subtree()
            yield "\n" if name in _BLOCKS else ""
            yield "" if name in _UNREAD else _flat(node.text)
            continue
        yield "\n" if name in _BLOCKS else ""
        yield "" if node is element else _flat(node.tail)


def _flat(text: str | None) -> str:
    return " ".join((text or "").split("\n"))
