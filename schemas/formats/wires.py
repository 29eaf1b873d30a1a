"""Teleprinter wires: ANPA 1312, and IPTC 7901 as dpa sends it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schemas.formats import dating
from schemas.formats.drafts import Draft, UnreadableError, Values, draft
from schemas.formats.wording import line, names, unique
from schemas.problems import Fault

_SOH, _STX, _ETX = "\x01", "\x02", "\x03"
_ANPA_TIME = re.compile(r"(\d\d)-(\d\d)-(\d\d) +(\d\d)(\d\d)GMT")
_IPTC_TIME = re.compile(r"(\d\d)(\d\d)(\d\d) +GMT +([A-Z][a-z]{2}) +(\d\d)")
_SLUG = re.compile(r"^(.*?),? *\d{0,5}$")
_NOTICE = re.compile(r"^(?:AP Photos?\b|Eds:|AP Graphic|AP Video|With )", re.IGNORECASE)
_BYLINE = re.compile(r"^(?:By|Von|Por|Par) +\S")
_STATUS = re.compile(r"^(?:\(.*\)|[A-Z0-9 .,:/-]+)$")
_DATELINE = re.compile(r"^([^()\n]{2,60}?) \((AP|dpa|AFP|Reuters)\)")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read(data: bytes) -> list[Draft]:
    """Return the articles of a wire; raises UnreadableError if there are none."""
    messages = [part for part in _decoded(data).split(_SOH) if _STX in part]
    if not messages:
        raise UnreadableError("No message was found: SOH, a header, STX and a text.")
    return [_message(message) for message in messages]


def _decoded(data: bytes) -> str:
    for charset in ("utf-8", "cp1252"):
        try:
            return data.decode(charset).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _message(message: str) -> Draft:
    header, _, rest = message.partition(_STX)
    text, _, trailer = rest.partition(_ETX)
    if _IPTC_TIME.search(trailer):
        return draft(_iptc(header, text, trailer))
    return _anpa(header, text, trailer)


def _anpa(header: str, text: str, trailer: str) -> Draft:
    rows = [_CONTROLS.sub("", row) for row in text.split("\n")]
    heads = [_bare(row) for row in rows if row.startswith("^")]
    slug = next(filter(None, (_SLUG.sub(r"\1", head) for head in heads[:2])), "")
    slug = slug if not slug.startswith("*") else _SLUG.sub(r"\1", _bare(heads[1]))
    told = [head for head in heads[1:] if head and not _NOTICE.match(head)]
    said = [head for head in told if not _is_name(head) and head != slug]
    title = next((head for head in said if _SLUG.sub(r"\1", head) != slug), "")
    body = _paragraphs(row for row in rows if not row.startswith("^"))
    values = {
        "title": title or slug,
        "body": body or "\n\n".join(said[1:]),
        "authors": [
            name for head in told if _BYLINE.match(head) for name in names(head)
        ],
        "published_at": _anpa_date(trailer, header),
        "metadata": {"slugline": slug, "service": line(header)[:100]},
        **_placed(body),
    }
    missing = Fault("/title", "There is no headline: the slug line stands for it.")
    return draft(values, None if title else missing)


def _bare(row: str) -> str:
    return line(row.strip("^").strip().rstrip("<=").strip("^ "))


def _is_name(head: str) -> bool:
    return bool(_BYLINE.match(head)) or head in ("Associated Press", "END", "AP")


def _paragraphs(rows: Iterator[str]) -> str:
    """Return paragraphs: a row that is indented, or follows a blank one, begins one."""
    found: list[list[str]] = []
    fresh = True
    for row in rows:
        bare = row.rstrip("<").strip()
        if bare and (fresh or row[:1] in "\t "):
            found.append([bare])
        elif bare:
            found[-1].append(bare)
        fresh = not bare
    text = "\n\n".join(line(" ".join(each)) for each in found)
    return text.replace("``", "“").replace("''", "”").replace(" _ ", " — ")


def _placed(body: str) -> Values:
    found = _DATELINE.match(body)
    return {"source": found[2]} if found else {}


def _anpa_date(trailer: str, header: str) -> str | None:
    found = _ANPA_TIME.search(trailer)
    if not found:
        return None
    month, day, year, hour, minute = found.groups()
    return f"20{year}-{month}-{day}T{hour}:{minute}:00Z"


def _iptc(header: str, text: str, trailer: str) -> Values:
    keywords = " ".join(_CONTROLS.sub("", row) for row in header.split("\n")[1:])
    head, _, body = text.partition("=\n")
    rows = [line(row) for row in head.split("\n") if line(row)]
    told = [row for row in rows if not _BYLINE.match(row)]
    titles = [row for row in told if not _STATUS.match(row)] or told
    clean = _CONTROLS.sub("", body)
    return {
        "title": titles[0] if titles else "",
        "body": _paragraphs(iter(clean.split("\n"))),
        "authors": [name for row in rows if _BYLINE.match(row) for name in names(row)],
        "published_at": _iptc_date(trailer),
        "tags": unique(keywords.split("/")),
        "metadata": {
            "service": line(header.partition("\n")[0])[:100],
            "note": [row for row in told if _STATUS.match(row)],
        },
        **_placed(clean.strip()),
    }


def _iptc_date(trailer: str) -> str | None:
    found = _IPTC_TIME.search(trailer)
    if not found:
        return None
    day, hour, minute, month, year = found.groups()
    number = dating.month(month)
    if number is None:
        return None
    return f"20{year}-{number:02}-{day}T{hour}:{minute}:00Z"
