"""Where a process keeps what it makes of a cluster's registry."""

from pathlib import Path

import pytest

from search.elastic.cluster import Access, Cluster
from search.elastic.registry import ElasticRegistry


def registry(alias: str = "news", host: str = "http://127.0.0.1:1") -> ElasticRegistry:
    return ElasticRegistry(Cluster(Access((host,))), alias)


def test_each_registry_has_a_folder_of_its_own_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    every = [registry(), registry("other"), registry(host="http://127.0.0.1:2")]
    folders = {each.folder for each in every}
    assert len(folders) == 3
    assert {each and each.parent for each in folders} == {
        tmp_path / ".cache" / "dateline"
    }
    assert registry().folder in folders
    assert list(tmp_path.iterdir()) == []
