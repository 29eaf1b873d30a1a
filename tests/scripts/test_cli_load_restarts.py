"""Imports through failures: the cluster is away again and again, or the load is killed.

Three failures here; twenty, and 50,000 articles, at `--hypothesis-profile thorough`.
"""

import signal
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import settings

from scripts.patience import patiently
from search.connection import connect
from search.errors import EngineBusyError, EngineTimeoutError, EngineUnavailableError
from tests import cluster
from tests.commandline import DATELINE, article, ndjson, put
from tests.processes import environment
from tests.proxy import Proxy, proxy

pytestmark = [
    *(pytest.mark.elasticsearch, pytest.mark.slow),
    pytest.mark.xdist_group("elasticsearch"),
]

BULK = 10  # bytes of a bulk request to a byte of such a small article, at least


@pytest.fixture
def size() -> tuple[int, int]:
    """How many articles, and how many failures."""
    thorough = settings.get_current_profile_name() == "thorough"
    return (50_000, 20) if thorough else (2_500, 3)


def started(path: Path, address: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [DATELINE, "load", path],
        env=environment(engine=address),
        stderr=subprocess.PIPE,
        text=True,
    )


def stored(address: str) -> list[str]:
    with closing(connect(address)) as engine:
        engine.index([], refresh=True)
        found = [one.id for one in engine.scan()]
        assert engine.health().articles == len(found)
        return found


def wire(address: str, path: Path, times: int) -> tuple[int, int, int]:
    """Return what a proxy needs to fail so often, spread over the load."""
    every = path.stat().st_size * BULK // (times + 1)
    return urlsplit(address).port or 9200, every, times


def test_a_load_ends_by_itself_though_the_cluster_goes_away_again_and_again(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    many, times = size
    path = put(tmp_path / "many", ndjson(*map(article, range(many))))
    with cluster.archive(tmp_path) as address:
        with proxy(*wire(address, path, times)) as between:
            archive = address.rpartition("/")[2]
            with closing(connect(address)) as engine:
                engine.index([])
            load = started(path, f"http://127.0.0.1:{between.port}/{archive}")
            with load:
                assert load.stderr
                said = load.stderr.read()
        assert load.returncode == 0, said
        assert between.done == times
        assert "Waiting for up to" in said
        found = stored(address)
        assert len(found) == len(set(found)) == many


def test_a_load_that_is_killed_again_and_again_is_whole_when_it_is_run_again(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    many, times = size
    path = put(tmp_path / "many", ndjson(*map(article, range(many))))
    with cluster.archive(tmp_path) as address:
        with proxy(*wire(address, path, times)) as between:
            archive = address.rpartition("/")[2]
            runs = killed(path, f"http://127.0.0.1:{between.port}/{archive}", between)
        assert runs == times + 1
        found = stored(address)
        assert len(found) == len(set(found)) == many


def killed(path: Path, address: str, between: Proxy) -> int:
    """Load until it ends well, killed in between; return how often it was started."""
    for runs in range(1, 100):
        load = started(path, address)
        between.action = load.kill
        with load:
            assert load.stderr
            said = load.stderr.read()
        if load.returncode == 0:
            return runs
        assert load.returncode == -signal.SIGKILL, said
    raise AssertionError("it never ended")


@pytest.mark.parametrize(
    "fault",
    [
        EngineUnavailableError("disk", retry_after=30),
        EngineUnavailableError("closed", retry_after=None),
        EngineBusyError("rebuild", retry_after=60),
    ],
)
def test_what_somebody_must_mend_is_not_waited_for(fault: Exception) -> None:
    def action() -> None:
        raise fault

    said: list[str] = []
    with pytest.raises(type(fault)):
        patiently(action, said.append)
    assert said == []


def test_whoever_waits_gives_up_after_the_time_that_he_named() -> None:
    def action() -> None:
        raise EngineTimeoutError("slow")

    said: list[str] = []
    with pytest.raises(EngineTimeoutError):
        patiently(action, said.append, seconds=0.5)
    assert said == ["slow Waiting for up to 0 seconds."]
