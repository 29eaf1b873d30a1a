"""Plain text: an article as it is copied from a page, or typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schemas.formats.dating import month, written
from schemas.formats.drafts import Draft, UnreadableError, Values, draft
from schemas.formats.wording import line, names, unique
from schemas.problems import Fault

_LONGEST_TITLE = 300
_LONGEST_SUMMARY = 360
_LONGEST_CAPTION = 1000
_BLOCKS = re.compile(r"\n[ \t]*\n")
_TAGS = re.compile(
    r"^(?:tags?|topics?|keywords|themen|schlagw[oö]rte[r]?|stichw[oö]rter|"
    r"mots[- ]cl[eé]s|etiquetas|temas|trefwoorden)[ \t]*:?[ \t]*(?P<rest>.*)$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?P<key>title|headline|summary|author|authors|by|date|published|updated|url|"
    r"link|source|section|language)[ \t]*:[ \t]+(?P<value>\S.*)$",
    re.IGNORECASE,
)
_KEYS = {"headline": "title", "author": "authors", "by": "authors"}
_KEYS |= {"date": "published_at", "published": "published_at", "updated": "updated_at"}
_KEYS |= {"link": "url"}
_BYLINE = re.compile(r"^(?:By|Von|Par|Por|Di|Door|Af|Av) (?P<names>[^.\n]{3,100})$")
_AGENCIES = (
    r"Getty Images|AFP|REUTERS|Reuters|AP(?: Photo)?|EPA|dpa|Bloomberg|Shutterstock|"
    r"Alamy|Unsplash|iStock|Xinhua|TASS|ANSA|EFE|PA(?: Images)?|picture alliance"
)
_CREDIT = re.compile(
    rf"(?P<credit>[^.\n(]{{0,60}}?\s?/\s?(?:{_AGENCIES})\b[^.\n]{{0,60}}|"
    rf"\((?:{_AGENCIES})\b[^)\n]{{0,60}}\)|(?:{_AGENCIES})/[^.\n]{{2,60}}|"
    r"(?:Photo|Image|Foto|Bild|Credit|Picture)s?(?: by)?: ?[^.\n]{2,80}|"
    r"© ?[^.\n]{2,80})\.?$"
)
_MONTH = re.compile(
    r"^(?:[A-Z][a-z]+day,? )?(?:(?P<d1>\d{1,2}) (?P<m1>[A-Z][a-z]{2,8})|"
    r"(?P<m2>[A-Z][a-z]{2,8}) (?P<d2>\d{1,2})),? (?P<year>\d{4})$"
)


def read(data: bytes, *, charset: str | None = None) -> list[Draft]:
    """Return the article of a plain text; raises UnreadableError if it is blank.

    The first line is the title. A short paragraph before the text is the summary; lines
    like `Author: Ann Lee` say more; a caption that ends in a credit is no part of the
    body; behind a line `Tags` stand the tags.
    """
    text = _decoded(data, charset)
    blocks = [block.strip() for block in _BLOCKS.split(text) if block.strip()]
    if not blocks:
        raise UnreadableError("There is no text in it.")
    values: Values = {"metadata": {}}
    blocks, warnings = _tagged(blocks, values)
    blocks = list(_labelled(blocks, values))
    if not values.get("title") and blocks:
        _headed(blocks, values)
    blocks = [block for block in blocks if not _captioned(block, values)]
    if _is_summary(blocks) and not values.get("summary"):
        values["summary"] = line(blocks.pop(0))
    values["body"] = "\n\n".join(blocks)
    return [draft(values, *warnings)]


def _decoded(data: bytes, charset: str | None) -> str:
    marked = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else None
    for name in (marked, charset, "utf-8-sig", "cp1252"):
        try:
            text = data.decode(name) if name else None
        except (UnicodeDecodeError, LookupError):
            continue
        if text is not None:
            return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return data.decode("latin-1").replace("\x00", "")


def _tagged(blocks: list[str], values: Values) -> tuple[list[str], list[Fault]]:
    """Take the tags, and what follows them: that belongs to the page, not the article."""
    for place, block in enumerate(blocks[1:], start=1):
        first, *more = block.split("\n")
        found = _TAGS.match(first.strip())
        if not found or not (found["rest"] or more or blocks[place + 1 :]):
            continue
        if found["rest"] and ":" not in first:
            continue  # a sentence that begins with the word
        rest = [*more, *blocks[place + 1 :]]
        listed = found["rest"] or rest.pop(0)
        values["tags"] = unique(re.split(r"[,;|\n]", listed))
        return blocks[:place], [_left_out(rest)] if rest else []
    return blocks, []


def _left_out(rest: list[str]) -> Fault:
    return Fault("/body", f"Left out behind the tags: {line(' '.join(rest))[:100]!r}")


def _labelled(blocks: list[str], values: Values) -> Iterator[str]:
    """Take the lines that say what they are, from the first blocks; yield the rest."""
    for place, block in enumerate(blocks):
        rows = block.split("\n")
        if place < 5:
            rows = [
                row
                for number, row in enumerate(rows)
                if not _told(row.strip(), values, is_first=not place and not number)
            ]
        if rows:
            yield "\n".join(rows)


def _told(row: str, values: Values, *, is_first: bool) -> bool:
    if found := _LABEL.match(row):
        key = _KEYS.get(found["key"].lower(), found["key"].lower())
        value = found["value"].strip()
        values[key] = names(value) if key == "authors" else _meant(key, value)
        return True
    if not is_first and (found := _BYLINE.match(row)):
        values["authors"] = names(found["names"])
        return True
    if moment := _moment(row):
        values.setdefault("published_at", moment)
        return True
    return False


def _meant(key: str, value: str) -> str | None:
    return _moment(value) or written(value) if key.endswith("_at") else value


def _moment(row: str) -> str | None:
    if len(row) > 40:
        return None
    if found := _MONTH.match(row):
        number = month(found["m1"] or found["m2"])
        if number is None:
            return None
        return f"{found['year']}-{number:02}-{int(found['d1'] or found['d2']):02}"
    moment = written(row) if row[:4].isdigit() or row[:2].isdigit() else None
    return moment if (moment and moment != row) or _is_day(row) else None


def _is_day(row: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d(?:T[0-9:.]+(?:Z|[+-]\d\d:\d\d)?)?", row))


def _headed(blocks: list[str], values: Values) -> None:
    first, *rows = blocks[0].split("\n")
    values["title"] = line(first)
    if len(first) > _LONGEST_TITLE:
        values["title"] = f"{line(first)[: _LONGEST_TITLE - 1]}…"
        rows = [first, *rows]
    blocks[0] = "\n".join(rows)
    if not blocks[0].strip():
        del blocks[0]


def _captioned(block: str, values: Values) -> bool:
    """Take a block that is a picture's caption: it ends in a credit."""
    found = _CREDIT.search(block) if len(block) <= _LONGEST_CAPTION else None
    if not found:
        return False
    credit = found["credit"].strip(" ()")
    values["metadata"].setdefault("pictures", []).append(
        {"caption": line(block[: found.start()]), "credit": line(credit)}
    )
    return True


def _is_summary(blocks: list[str]) -> bool:
    """Say whether the first block is a summary: short, one line, the text behind it."""
    if len(blocks) < 3:
        return False
    first, second = blocks[:2]
    return "\n" not in first and len(first) <= min(_LONGEST_SUMMARY, len(second))
