"""Which of the titles that a page has is the article's."""

from __future__ import annotations

import re

_SHARE = 0.5
"""How much of a title a shorter one must be, to be the same without its trimmings."""


def chosen(told: str, head: str, seen: str, window: str, source: str) -> str:
    """Return the title of an article: what a page says in JSON-LD, in its head (for
    social media), in its heading and in the window's title; the site's name is no part
    of it.

    Of two that are the same but for trimmings (a kicker, a site's name) the shorter one
    counts. Where JSON-LD only repeats the heading, the head's title counts: it is the
    one that was written to stand without the page around it.
    """
    told, head, seen = (_bare(title, source) for title in (told, head, seen))
    if not told or not head:
        return told or head or seen or _bare(window, source)
    short, long = sorted((told, head), key=len)
    if short in long and len(short) >= _SHARE * len(long):
        return short
    return head if told == seen and _words(told) != _words(head) else told


def _bare(title: str, source: str) -> str:
    text, mark, site = title.rpartition(" | ")
    if not mark:
        text, mark, site = re.sub(r" [–—] ", " - ", title).rpartition(" - ")
    if mark and source and site.strip().casefold() == source.strip().casefold():
        return title[: len(text)].strip()
    return title


def _words(title: str) -> list[str]:
    return re.findall(r"\w+", title.casefold())
