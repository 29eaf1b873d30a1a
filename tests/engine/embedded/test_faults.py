"""What happens to an archive whose folder, disk or index is not as it should be."""

import errno
import sqlite3
from pathlib import Path

import orjson
import pytest
import tantivy

from search.embedded import faults, mapping
from search.embedded.generations import CURRENT
from search.errors import (
    EngineBusyError,
    EngineConfigurationError,
    EngineError,
    EngineUnavailableError,
    SearchError,
)
from tests.commandline import without_privileges
from tests.engine.embedded.plant import (
    article,
    oil,
    opened,
    planted,
    python,
    said,
    total,
)

FULL = """
import resource, sys, time
from pathlib import Path
from tests.engine.embedded.plant import article, opened, oil
from search.errors import EngineUnavailableError

folder = Path(sys.argv[1])
with opened(folder) as engine:
    engine.index([article(i) for i in range(50)], refresh=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
    refused, stored = 0, 50
    for start in range(1000, 9000, 50):
        batch = [article(i, "Oil " + "".join(map(chr, range(300, 700))) * 9 + str(i))
                 for i in range(start, start + 50)]
        try:
            engine.index(batch)
            stored += 50
        except EngineUnavailableError as fault:
            assert "disk" in str(fault), fault
            refused += 1
            break
    assert refused, "the limit was never met"
    assert oil(engine) >= 50
    resource.setrlimit(resource.RLIMIT_FSIZE,
                       (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    engine.index([article(1)], refresh=True)
    print(stored, oil(engine), engine.health().status)
"""


def test_a_full_disk_refuses_writes_loses_nothing_and_works_again(
    tmp_path: Path,
) -> None:
    stored, found, status = said(python(FULL, tmp_path)).split()
    assert stored == found
    assert status == "ready"
    with opened(tmp_path) as engine:
        assert oil(engine) == int(stored)


INDEX_FULL = """
import resource, sys, time
from pathlib import Path
from tests.engine.embedded.plant import article, opened, oil
from search.errors import EngineTimeoutError
from search.embedded import process
process._PATIENCE = 2.0

with opened(Path(sys.argv[1])) as engine:
    engine.index([article(i) for i in range(5)], refresh=True)
    size = max(f.stat().st_size for f in Path(sys.argv[1]).glob("articles*"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    time.sleep(0.1)
    try:
        engine.index([article(7)])
    except Exception as fault:
        print(type(fault).__name__)
    resource.setrlimit(resource.RLIMIT_FSIZE,
                       (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    engine.index([article(8)], refresh=True)
    print(oil(engine))
"""


def test_a_disk_without_any_room_is_survived(tmp_path: Path) -> None:
    assert said(python(INDEX_FULL, tmp_path)).split() == ["EngineUnavailableError", "6"]


COMMIT_FULL = """
import resource, sys, time
from pathlib import Path
from tests.engine.embedded.plant import article, opened, oil
from search.embedded.feed import Feed
from search.embedded.generations import Folder
from search.embedded.store import Store

folder = Folder(Path(sys.argv[1]))
with opened(folder.path) as engine:
    engine.index([article(i) for i in range(5)], refresh=True)
    limits = resource.RLIM_INFINITY
    commit = Feed._commit
    def failing(feed, position):
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits))
        try:
            commit(feed, position)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limits, limits))
            Feed._commit = commit
    Feed._commit = failing
    engine.index([article(9)], refresh=True)
    print(oil(engine))
"""


def test_the_indexer_goes_on_after_a_commit_that_found_the_disk_full(
    tmp_path: Path,
) -> None:
    assert said(python(COMMIT_FULL, tmp_path)).split() == ["6"]


def test_a_folder_of_a_newer_format_says_which_version_to_use(tmp_path: Path) -> None:
    planted(tmp_path)
    current = tmp_path / CURRENT
    current.write_bytes(
        orjson.dumps(orjson.loads(current.read_bytes()) | {"format": 2})
    )
    with opened(tmp_path) as engine:
        with pytest.raises(EngineConfigurationError, match="use the version that made"):
            total(engine)
        assert engine.health().status == "down"


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"nonsense"])
def test_a_damaged_current_says_what_to_do(tmp_path: Path, text: bytes) -> None:
    planted(tmp_path)
    (tmp_path / CURRENT).write_bytes(text)
    fault = pytest.raises(EngineConfigurationError, match="restore the folder")
    with opened(tmp_path) as engine, fault:
        total(engine)


def test_a_folder_without_current_goes_on_with_its_database(tmp_path: Path) -> None:
    planted(tmp_path)
    (tmp_path / CURRENT).unlink()
    with opened(tmp_path) as engine:
        engine.index([], refresh=True)
        assert oil(engine) == 3


def test_two_databases_without_current_are_not_chosen_between(tmp_path: Path) -> None:
    planted(tmp_path)
    (tmp_path / CURRENT).unlink()
    (tmp_path / "articles-00000000.db").touch()
    fault = pytest.raises(EngineConfigurationError, match="move the others away")
    with opened(tmp_path) as engine, fault:
        total(engine)


def test_a_damaged_database_says_to_restore_it(tmp_path: Path) -> None:
    planted(tmp_path)
    for path in tmp_path.glob("articles-*.db"):
        path.write_bytes(b"no database" * 1000)
    with opened(tmp_path) as engine:
        with pytest.raises(EngineError, match="restore it from a backup"):
            engine.get(article(1).id)
        with pytest.raises(EngineError, match="restore it from a backup"):
            engine.index([article(9)])
        assert engine.health().status == "down"


def test_a_database_that_others_hold_is_busy(tmp_path: Path) -> None:
    planted(tmp_path)
    [path] = tmp_path.glob("articles-*.db")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with opened(tmp_path, 0.1) as engine, pytest.raises(EngineBusyError):
            engine.index([article(9)])
    finally:
        other.close()


READ_ONLY = """
import sys
from pathlib import Path
from tests.engine.embedded.plant import article, opened, oil
from search.errors import EngineUnavailableError

with opened(Path(sys.argv[1])) as engine:
    print(oil(engine), engine.get("a1").id, engine.health().status)
    try:
        engine.index([article(9)])
    except EngineUnavailableError as fault:
        print(fault)
"""


UNREADABLE = """
import sys
from pathlib import Path
from tests.engine.embedded.plant import opened, oil
from search.errors import EngineUnavailableError

with opened(Path(sys.argv[1])) as engine:
    try:
        oil(engine)
    except EngineUnavailableError as fault:
        print(fault)
"""


def test_a_read_only_folder_is_searched_and_not_written(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    planted(folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    out = said(python(READ_ONLY, folder, start=without_privileges)).splitlines()
    assert out[0] == "3 a1 degraded"
    assert "read-only" in out[1]


def test_an_index_of_another_user_says_who_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    planted(folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for meta in folder.rglob("meta.json"):
        meta.chmod(0o000)
    out = said(python(UNREADABLE, folder, start=without_privileges))
    assert "This user may not read the index" in out


def test_a_closed_engine_says_so(tmp_path: Path) -> None:
    with opened(tmp_path) as engine:
        engine.index([article(1)])
    engine.close()
    for call in (lambda: total(engine), lambda: engine.get(article(1).id)):
        with pytest.raises(EngineUnavailableError, match="closed"):
            call()
    assert engine.health().status == "down"


@pytest.mark.parametrize(
    "fault", sorted(name for name in vars(sqlite3) if name.endswith("Error"))
)
def test_every_exception_of_sqlite_becomes_ours(fault: str) -> None:
    kind = getattr(sqlite3, fault)
    if isinstance(kind, type) and issubclass(kind, sqlite3.Error):
        with pytest.raises(SearchError), faults.translated():
            raise kind("x")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_faults_of_the_file_system_say_what_to_do(code: int) -> None:
    with pytest.raises(EngineUnavailableError, match=r"[:,]"), faults.translated():
        raise OSError(code, "x")


def test_a_panic_of_the_index_becomes_an_error() -> None:
    with pytest.raises(EngineError), faults.translated():
        tantivy.Query.phrase_query(mapping.schema(), "body", ["one"])


def test_an_interrupt_passes_through() -> None:
    with pytest.raises(KeyboardInterrupt), faults.translated():
        raise KeyboardInterrupt
