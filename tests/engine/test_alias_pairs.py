"""Names of one thing, two by two: the same articles whichever is asked for."""

import gzip
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pytest

from schemas.finding import find
from schemas.queries import load
from search.article import Article, ArticleId, named
from search.connection import connect
from search.engine import Engine
from search.entities import starter
from search.entities.profile import Kind, Profile
from search.text import slug

DATA = Path(os.environ.get("DATELINE_DATA", "../shared/data")) / "gazetteers"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def total(engine: Engine, *pairs: tuple[str, str]) -> int:
    return find(load(pairs, "count", now=NOW), engine).result.total


def labelled(profiles: list[Profile]) -> Iterator[Article]:
    """Yield an article for each of the first three names of each profile."""
    for profile in profiles:
        for number, name in enumerate(profile.names[:3]):
            values = named((name,))
            yield Article(
                id=ArticleId(f"{profile.kind}-{profile.id}-{number}"),
                title=name,
                published_at=NOW,
                companies=values if profile.kind == "company" else (),
                people=values if profile.kind == "person" else (),
            )


def check(engine: Engine, profiles: list[Profile]) -> int:
    """Return how many pairs were compared; each name finds what the first one does."""
    engine.index(labelled(profiles), refresh=True)
    engine.entities.put(profiles)
    pairs = 0
    for profile in profiles:
        spellings = [*profile.names[1:], *profile.tickers, profile.id]
        wanted = total(engine, (profile.kind, profile.name))
        assert wanted >= len(profile.names[:3])
        for name in (*spellings, profile.name.upper(), f"  {profile.name}."):
            assert total(engine, (profile.kind, name)) == wanted, name
            quoted = name.replace('"', " ")
            assert total(engine, ("q", f'{profile.kind}:"{quoted}"')) == wanted, name
            pairs += 1
    return pairs


def alone(profiles: list[Profile]) -> list[Profile]:
    """Return the profiles of which each name is that of no other, nor a ticker's."""
    bearers: dict[tuple[str, str], set[str]] = {}
    for one in profiles:
        for name in (*one.names, *(t.rpartition(":")[2] for t in one.tickers)):
            bearers.setdefault((one.kind, slug(name)), set()).add(one.id)
    return [
        one
        for one in profiles
        if all(len(bearers[one.kind, slug(name)]) == 1 for name in one.names)
    ]


def gazetteer(name: str, kind: Kind, most: int) -> list[Profile]:
    path = DATA / f"{name}.ndjson.gz"
    if not path.exists():
        pytest.skip("There are no gazetteers: DATELINE_DATA names no folder with them.")
    with gzip.open(path, "rb") as lines:
        rows: list[dict[str, Any]] = [orjson.loads(row) for row in islice(lines, most)]
    return [
        Profile(
            kind=kind,
            id=slug(row["id"]),
            name=row["name"],
            aliases=tuple(alias for alias in row["aliases"] if slug(alias))[:3],
            tickers=tuple(row.get("tickers", ()))[:1],
        )
        for row in rows
    ]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with closing(connect(f"embedded:{tmp_path / 'pairs'}")) as made:
        yield made


def test_a_well_known_one_is_found_alike_by_each_of_its_names(engine: Engine) -> None:
    some = [one for one in starter.profiles() if len(one.names) > 1][::3]
    assert check(engine, some) >= 200
    assert total(engine) > total(engine, ("company", "Tessla")) == 0


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "kind"), [("companies_sec", "company"), ("people_congress", "person")]
)
def test_a_name_of_a_gazetteer_finds_what_its_other_names_find(
    engine: Engine, name: str, kind: Kind
) -> None:
    assert check(engine, alone(gazetteer(name, kind, 80))) >= 200
