"""CSV: an article a row, its columns named as the article's keys or by a map."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping

from schemas.formats.dating import written
from schemas.formats.drafts import Draft, UnreadableError, Values, draft
from schemas.formats.wording import unique
from schemas.problems import Fault
from search import catalog

LONGEST_CELL = 10_000_000
"""Characters that a cell may have."""

_SEPARATORS = ",;\t|"
_SYNONYMS = {
    **dict.fromkeys(("headline", "titel", "titre"), "title"),
    **dict.fromkeys(("description", "abstract", "lead", "teaser"), "summary"),
    **dict.fromkeys(("text", "content", "article", "fulltext"), "body"),
    **dict.fromkeys(("link", "href", "permalink"), "url"),
    **dict.fromkeys(("publisher", "outlet", "publication", "site"), "source"),
    **dict.fromkeys(("category", "desk"), "section"),
    **dict.fromkeys(("author", "byline", "by"), "authors"),
    **dict.fromkeys(
        ("date", "published", "publish_date", "pubdate", "publication_date"),
        "published_at",
    ),
    **dict.fromkeys(("updated", "modified"), "updated_at"),
    **dict.fromkeys(("lang",), "language"),
    **dict.fromkeys(("tag", "keywords", "topics"), "tags"),
    **dict.fromkeys(("company", "organisations", "organizations"), "companies"),
    **dict.fromkeys(("person",), "people"),
    **dict.fromkeys(("place", "locations"), "places"),
    **dict.fromkeys(("image_url", "picture"), "image"),
}
_MANY = frozenset(
    field.key for field in catalog.FIELDS.values() if field.many or field.entity
)
_DATES = ("published_at", "updated_at")


def read(
    data: bytes, *, charset: str | None = None, columns: Mapping[str, str] | None = None
) -> list[Draft]:
    """Return an article for each row; raises UnreadableError without a title column.

    `columns` says which column an article's key is in. Several values of a cell stand
    apart by `;` or `|`. A column that no key is known for goes into `metadata`.
    """
    text = _decoded(data, charset)
    csv.field_size_limit(LONGEST_CELL)
    rows = csv.reader(io.StringIO(text), delimiter=separator(text))
    try:
        names = [name.strip() for name in next(rows, [])]
        keys = _keys(names, columns or {})
        return [_draft(names, keys, row) for row in rows if any(row)]
    except csv.Error as error:
        raise UnreadableError(f"This is not well-formed CSV: {error}.") from None


def is_head(text: str) -> bool:
    """Say whether a line is the head of a table of articles."""
    names = [name.strip(' "').lower() for name in text.split(separator(text))]
    meant = {_SYNONYMS.get(name, name) for name in names}
    return (
        len(names) > 1 and "title" in meant and len(meant & catalog.BY_KEY.keys()) > 1
    )


def separator(text: str) -> str:
    """Return what stands most often between the names of the first line."""
    first = text.partition("\n")[0]
    return max(_SEPARATORS, key=first.count)


def _decoded(data: bytes, charset: str | None) -> str:
    for name in (charset, "utf-8-sig", "cp1252"):
        try:
            if name:
                return data.decode(name).replace("\x00", "")
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1").replace("\x00", "")


def _keys(names: list[str], columns: Mapping[str, str]) -> list[str]:
    missing = sorted(set(columns.values()) - set(names))
    if missing:
        raise UnreadableError(f"There is no column {missing[0]!r}; there are {names}.")
    given = {column: key for key, column in columns.items()}
    keys = [given.get(name) or _meant(name, columns) for name in names]
    if "title" not in keys:
        raise UnreadableError(
            f"No column is the title; there are {names}. Name it: title=COLUMN."
        )
    return keys


def _meant(name: str, columns: Mapping[str, str]) -> str:
    folded = re.sub(r"[ -]+", "_", name.lower())
    key = _SYNONYMS.get(folded, folded)
    return "" if key in columns or key not in catalog.BY_KEY else key


def _draft(names: list[str], keys: list[str], row: list[str]) -> Draft:
    values: Values = {}
    metadata: dict[str, str] = {}
    for name, key, cell in zip(names, keys, row, strict=False):
        if not cell.strip():
            continue
        if key:
            values.setdefault(key, _value(key, cell))
        else:
            metadata[name] = cell.strip()
    values["metadata"] = metadata
    return draft(values, *_surplus(names, row))


def _surplus(names: list[str], row: list[str]) -> Iterator[Fault]:
    if len(row) > len(names):
        yield Fault("", f"The row has {len(row)} cells, the head {len(names)}.")


def _value(key: str, cell: str) -> object:
    if key in _MANY:
        return unique(re.split(r"[;|\n]", cell))
    if key in _DATES:
        return written(cell)
    return {"url": cell.strip()} if key == "image" else cell
