"""Articles by number, and engines of the embedded kind, for the tests of this folder."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from search.article import Article, ArticleId, Entity
from search.embedded.engine import EmbeddedEngine
from search.query.ast import All, Node, Term
from search.request import SearchRequest

ROOT = Path(__file__).resolve().parents[3]
START = datetime(2024, 5, 1, tzinfo=UTC)


def article(number: int, body: str = "Oil is dear.", prefix: str = "a") -> Article:
    return Article(
        id=ArticleId(f"{prefix}{number}"),
        title=f"News {number}",
        body=body,
        published_at=START + timedelta(minutes=number),
        companies=(Entity("shell", "Shell"),),
    )


@contextmanager
def opened(folder: Path, busy_seconds: float = 10) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(folder, busy_seconds=busy_seconds)
    try:
        yield engine
    finally:
        engine.close()


def planted(folder: Path, count: int = 3) -> None:
    """Leave a folder with some articles, all of them indexed."""
    with opened(folder) as engine:
        engine.index([article(i) for i in range(count)], refresh=True)


def total(engine: EmbeddedEngine, query: Node = All()) -> int:
    return engine.search(SearchRequest(query=query, limit=0)).total


def oil(engine: EmbeddedEngine) -> int:
    return total(engine, Term("oil"))


def python(
    code: str, *arguments: object, start: Callable[[], None] | None = None
) -> subprocess.Popen[str]:
    """Start an interpreter that finds the checkout; `start` runs in it before."""
    prelude = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    return subprocess.Popen(
        [sys.executable, "-c", prelude + code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=start,  # noqa: PLW1509 - it only gives up privileges
    )


def said(process: subprocess.Popen[str], seconds: float = 60) -> str:
    """Return what a process printed; it must have ended well."""
    out, err = process.communicate(timeout=seconds)
    assert process.returncode == 0, err
    return out


def eventually(check: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
