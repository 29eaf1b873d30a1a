"""What a new registry begins with: well-known companies, people and offices.

Plain facts of common knowledge, written for this project, as they stood on
`AS_OF`: names, earlier names, tickers with their exchange. They may be changed and
removed like any others; a registry that was ever written to is left as it is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import files
from typing import Final

from search.entities.profile import Kind, Profile
from search.entities.registry import Registry

AS_OF: Final = "2025-06"
ORIGIN: Final = f"Dateline's starter set, common knowledge as of {AS_OF}"

_FILES: Final[tuple[tuple[str, Kind], ...]] = (
    ("companies", "company"),
    ("offices", "company"),
    ("people", "person"),
)


def begin(registry: Registry) -> int:
    """Fill a registry that nobody ever wrote to; return how many profiles it got."""
    if registry.stamp():
        return 0
    return registry.put(profiles()).created


def profiles() -> Iterator[Profile]:
    """Yield the profiles of the starter set."""
    for name, kind in _FILES:
        place = files("search.entities").joinpath(f"data/{name}.csv")
        lines = place.read_text(encoding="utf-8").splitlines()
        yield from (_profile(kind, row) for row in csv.DictReader(lines))


def _profile(kind: Kind, row: dict[str, str]) -> Profile:
    return Profile(
        kind=kind,
        id=row["id"],
        name=row["name"],
        aliases=_several(row.get("aliases")),
        former_names=_several(row.get("former_names")),
        tickers=_several(row.get("tickers")),
        origin=ORIGIN,
    )


def _several(cell: str | None) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()
