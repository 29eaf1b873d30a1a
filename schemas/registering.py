"""Profiles as lines: CSV and NDJSON in, checked like those on the wire, and out again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from schemas.entities import load, load_json, values_of
from schemas.problems import Fault, Invalid
from search.entities.profile import Kind, Profile

BETWEEN: Final = "|"
"""What stands between several values in a cell."""

COLUMNS: Final = (
    *("kind", "id", "name", "aliases", "former_names", "tickers", "identifiers"),
    *("parent", "origin"),
)

Numbered: TypeAlias = tuple[int, Profile | tuple[Fault, ...]]
"""A line's number, and its profile or what is wrong with it."""

_LISTS: Final = ("aliases", "former_names", "tickers")


def read_ndjson(
    lines: Iterable[tuple[int, bytes]], kind: Kind | None
) -> Iterator[Numbered]:
    """Yield the profile of each line that is not blank; `kind` is that of all."""
    for number, data in lines:
        if data:
            try:
                yield number, load_json(data, kind=kind)
            except Invalid as error:
                yield number, tuple(error.faults)


def read_csv(
    lines: Iterable[tuple[int, bytes]], kind: Kind | None
) -> Iterator[Numbered]:
    """Yield the profile of each row; the first line has the columns' names.

    Several values in a cell have | between them, identifiers are scheme=value. Raises
    Invalid for columns that are not known.
    """
    texts = (data.decode("utf-8", "replace") + "\n" for _, data in lines)
    reader = csv.reader(texts, strict=True)
    header = [name.strip().lower() for name in next(reader, [])]
    unknown = [name for name in header if name not in COLUMNS]
    if unknown or "name" not in header:
        raise Invalid([Fault("", _columns(unknown))])
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, _read_row(header, row, kind)
    except csv.Error as error:
        yield reader.line_num, (Fault("", f"This is not CSV: {error}."),)


def cells(profile: Profile) -> list[str]:
    """Return a profile as a row of COLUMNS: what `read_csv` reads is the same."""
    values = values_of(profile)
    several = {name: BETWEEN.join(values[name]) for name in _LISTS}
    outside = BETWEEN.join(f"{s}={v}" for s, v in profile.identifiers)
    row = {**values, **several, "identifiers": outside}
    return [str(row[name] or "") for name in COLUMNS]


def _read_row(
    header: list[str], row: list[str], kind: Kind | None
) -> Profile | tuple[Fault, ...]:
    if len(row) > len(header):
        return (Fault("", f"It has {len(row)} cells, and {len(header)} columns."),)
    given = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
    values = {name: _value(name, cell) for name, cell in given.items() if cell}
    try:
        return load(_whole(values), kind=kind)
    except Invalid as error:
        return tuple(error.faults)


def _whole(values: Mapping[str, object]) -> Mapping[str, object]:
    return {"name": "", **values}


def _value(name: str, cell: str) -> object:
    several = [each.strip() for each in cell.split(BETWEEN) if each.strip()]
    if name in _LISTS:
        return several
    if name == "identifiers":
        return {s.strip(): v.strip() for s, _, v in (e.partition("=") for e in several)}
    return cell


def _columns(unknown: list[str]) -> str:
    known = f"The columns are {', '.join(COLUMNS)}, and name must be there."
    return f"There is no column {unknown[0][:60]!r}. {known}" if unknown else known
