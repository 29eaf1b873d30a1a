"""`dateline copy`: one archive into another, whatever the engines are."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from scripts.copy import Checksum
from search.connection import connect
from tests import cluster
from tests.commandline import Commands
from tests.corpus import article


@pytest.fixture
def full(tmp_path: Path) -> str:
    """The address of an archive with 700 articles."""
    address = f"embedded:{tmp_path / 'full'}"
    with closing(connect(address)) as engine:
        engine.index(article(number) for number in range(700))
    return address


def checksum(address: str) -> Checksum:
    with closing(connect(address)) as engine:
        return Checksum.of(engine.scan())


def test_a_copy_is_the_same_archive(
    dateline: Commands, full: str, tmp_path: Path
) -> None:
    target = f"embedded:{tmp_path / 'copy'}"
    done = dateline("copy", full, target)
    assert done.code == 0
    assert "Copied 700 articles, 0 were there." in done.err
    assert "Both hold the same 700 articles." in done.err
    assert checksum(full) == checksum(target)
    again = dateline("copy", full, target, "--quiet")
    assert "Copied 0 articles, 700 were there." in again.err


def test_a_copy_goes_on_behind_an_article(
    dateline: Commands, full: str, tmp_path: Path
) -> None:
    target = f"embedded:{tmp_path / 'part'}"
    with closing(connect(full)) as engine:
        found = [one.article() for one in engine.scan()]
    with closing(connect(target)) as engine:
        engine.index(found[:300], refresh=True)
    done = dateline("copy", full, target, "--after", found[299].id)
    assert done.code == 0
    assert "Copied 400 articles, 0 were there." in done.err


def test_an_article_to_go_on_behind_must_be_there(
    dateline: Commands, full: str, tmp_path: Path
) -> None:
    done = dateline("copy", full, f"embedded:{tmp_path / 'x'}", "--after", "nobody")
    assert done.code == 1
    assert "Leave --after away." in done.err


def test_a_copy_into_another_archive_says_that_they_differ(
    dateline: Commands, full: str, tmp_path: Path
) -> None:
    target = f"embedded:{tmp_path / 'other'}"
    with closing(connect(target)) as engine:
        engine.index([article(9000)])
    done = dateline("copy", full, target)
    assert done.code == 1
    assert "FROM holds 700 articles and TO 701" in done.err


def test_articles_that_are_not_the_same_are_told(
    dateline: Commands, full: str, tmp_path: Path
) -> None:
    target = f"embedded:{tmp_path / 'newer'}"
    with closing(connect(full)) as engine:
        older = engine.get(article(5).id).article()
    with closing(connect(target)) as engine:
        engine.rebuild([older])
        engine.index([article(5)])
        engine.delete([article(5).id])
        engine.index([older])
    done = dateline("copy", full, target)
    assert done.code == 1
    assert "not the same" in done.err


def test_an_archive_that_is_not_there_is_not_copied(
    dateline: Commands, tmp_path: Path
) -> None:
    done = dateline("copy", f"embedded:{tmp_path / 'none'}", f"embedded:{tmp_path}")
    assert done.code == 1
    assert "There is no archive" in done.err


@pytest.fixture
def clustered(tmp_path: Path) -> Iterator[str]:
    with cluster.archive(tmp_path) as address:
        yield address


@pytest.mark.elasticsearch
@pytest.mark.xdist_group("elasticsearch")
def test_a_copy_to_a_cluster_and_back_is_the_same_archive(
    dateline: Commands, full: str, clustered: str, tmp_path: Path
) -> None:
    back = f"embedded:{tmp_path / 'back'}"
    assert dateline("copy", full, clustered).code == 0
    assert dateline("copy", clustered, back).code == 0
    assert checksum(back) == checksum(full) == checksum(clustered)
