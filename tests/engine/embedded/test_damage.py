"""An index that does not fit is made anew from the database."""

import shutil
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from search.embedded import mapping
from search.embedded.generations import CURRENT
from search.errors import (
    EngineError,
)
from tests.engine.embedded.plant import (
    article,
    eventually,
    oil,
    opened,
    planted,
)


def test_an_index_of_another_analysis_is_made_anew(tmp_path: Path) -> None:
    planted(tmp_path)
    stamp(tmp_path, f"{mapping.LAYOUT}/another/0.0")
    old = orjson.loads((tmp_path / CURRENT).read_bytes())["index"]
    with opened(tmp_path) as engine:
        assert oil(engine) == 3  # the old one answers meanwhile
        engine.index([article(7)], refresh=True)
        eventually(lambda: engine.health().generation != old)
        assert oil(engine) == 4


def test_an_index_of_another_layout_does_not_answer_before_it_is_made_anew(
    tmp_path: Path,
) -> None:
    planted(tmp_path)
    stamp(tmp_path, f"{mapping.LAYOUT + 1}/x/y")
    with opened(tmp_path) as engine:
        eventually(lambda: answers(lambda: oil(engine) == 3))


def stamp(folder: Path, text: str) -> None:
    current = folder / CURRENT
    values = orjson.loads(current.read_bytes()) | {"stamp": text}
    current.write_bytes(orjson.dumps(values))


def index_of(folder: Path) -> Path:
    name: str = orjson.loads((folder / CURRENT).read_bytes())["index"]
    return folder / name


def answers(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except EngineError:
        return False


@pytest.mark.parametrize("what", ["gone", "empty", "meta", "segments"])
def test_a_damaged_index_is_made_anew_from_the_database(
    tmp_path: Path, what: str
) -> None:
    planted(tmp_path)
    index = index_of(tmp_path)
    if what == "gone":
        shutil.rmtree(index)
    for path in index.glob("*"):
        if what == "empty" or (what == "segments" and path.suffix == ".store"):
            path.unlink()
    if what == "meta":
        (index / "meta.json").write_text("{")
    with opened(tmp_path) as engine:
        assert engine.get(article(1).id).version
        eventually(lambda: answers(lambda: oil(engine) == 3))


def test_an_index_ahead_of_its_database_is_made_anew(tmp_path: Path) -> None:
    planted(tmp_path)
    copy = tmp_path / "backup"
    copy.mkdir()
    for path in tmp_path.glob("articles-*"):
        shutil.copy(path, copy)
    with opened(tmp_path) as engine:
        engine.index([article(7), article(8)], refresh=True)
    for path in copy.glob("articles-*"):
        shutil.copy(path, tmp_path)
    with opened(tmp_path) as engine:
        eventually(lambda: answers(lambda: oil(engine) == 3))
