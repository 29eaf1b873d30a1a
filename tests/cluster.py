"""A real Elasticsearch for tests: the one that is named, or one that we start."""

import json
import os
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from search.elastic.cluster import Access
from search.elastic.engine import ElasticEngine
from search.engine import Engine

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "scripts" / "elasticsearch"
NO_SERVER = 3
PATIENCE = 30.0  # seconds, of which a server with nothing else to do needs none

TOGETHER = 15
"""So many archives are removed at once: for the cluster, many are as much work as one."""

_archives: dict[str, bool] = {}  # of this process, and whether each is open


@cache
def url() -> str:
    """Return the address of a server; skip, or fail in CI, where none can be had."""
    done = subprocess.run(
        [SCRIPT, "start"], capture_output=True, text=True, check=False
    )
    if done.returncode == NO_SERVER:
        reason = done.stderr.strip().splitlines()[-1]
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1].split(",")[0]


def access() -> Access:
    """Return the way to the server for who waits as long as a busy machine needs."""
    return Access((url(),), seconds=PATIENCE)


def pids() -> list[int]:
    """Return the server's process and those it has started; none if it is not ours."""
    done = subprocess.run([SCRIPT, "pids"], capture_output=True, text=True, check=False)
    return [int(pid) for pid in done.stdout.split()]


def ask(verb: str, path: str, body: Any = None) -> Any:
    """Ask the server itself, without any of our code."""
    content = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(
        url() + path, content, {"content-type": "application/json"}, method=verb
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return json.load(answer)


@contextmanager
def archive(folder: Path) -> Iterator[str]:
    """Yield the address of the archive that belongs to a folder.

    It stays for a while, so that it can be opened again.
    """
    name = "test-" + blake2b(str(folder).encode(), digest_size=6).hexdigest()
    closed = [one for one, open_ in _archives.items() if not open_ and one != name]
    if len(closed) >= TOGETHER:
        remove(*closed)
        for other in closed:
            del _archives[other]
    _archives[name] = True
    try:
        yield f"{url()}/{name}"
    finally:
        _archives[name] = False


def remove(*names: str) -> None:
    """Delete all indexes of these archives."""
    patterns = ",".join(f"{name}-*" for name in names)
    if found := ",".join(ask("GET", f"/{patterns}/_alias") if names else ()):
        ask("DELETE", f"/{found}")


def remove_all() -> None:
    """Delete what this process has made."""
    remove(*_archives)
    _archives.clear()


@contextmanager
def engine(folder: Path) -> Iterator[Engine]:
    """An engine on the archive that belongs to a folder."""
    with archive(folder) as address, closing(_patient(address)) as made:
        made.check()
        yield made


def _patient(address: str) -> ElasticEngine:
    return ElasticEngine(access(), address.rpartition("/")[2])
