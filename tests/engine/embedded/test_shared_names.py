"""Processes of one folder have the names of a large registry laid out once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.embedded.generations import Folder
from search.embedded.registry import EmbeddedRegistry
from search.entities.learning import Learner
from search.entities.profile import Kind, Profile

ORION = Profile(kind="company", id="orion", name="Orion Holdings")
ZBYLUT = Profile(kind="company", id="zbylut", name="Zbylut Holdings")
TEXT = "Orion Holdings took over Zbylut Holdings."


class Process(EmbeddedRegistry):
    """The registry as a process has it that takes articles in; counts its readings."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Folder(folder))
        self.learner = Learner(self, large=0)
        self.scans = 0

    def scan(self, kind: Kind | None = None, /) -> Iterator[Profile]:
        self.scans += 1
        return super().scan(kind)

    def found(self) -> list[str]:
        tags = self.learner.tagger(self.stamp()).find("A title", None, TEXT)
        return [tag.known.id for tag in tags]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def processes(folder: Path) -> Iterator[tuple[Process, Process]]:
    one, other = Process(folder), Process(folder)
    one.put([ORION])
    yield one, other
    one.close()
    other.close()


def test_a_second_process_reads_what_the_first_laid_out(
    processes: tuple[Process, Process], folder: Path
) -> None:
    assert [each.found() for each in processes] == [["orion"], ["orion"]]
    assert [each.scans for each in processes] == [1, 0]
    mapped = Path("/proc/self/maps").read_text()
    [file] = folder.glob("names-*")
    assert str(file) in mapped


def test_a_change_by_one_process_counts_in_the_other_at_once(
    processes: tuple[Process, Process],
) -> None:
    one, other = processes
    assert (one.found(), other.found()) == (["orion"], ["orion"])
    one.put([ZBYLUT])
    assert (other.found(), one.found()) == (["orion", "zbylut"], ["orion", "zbylut"])
    other.delete("company", [ORION.id])
    assert (one.found(), other.found()) == (["zbylut"], ["zbylut"])
    assert one.scans + other.scans == 1


def test_a_process_that_starts_later_reads_what_is_there_and_what_has_changed(
    processes: tuple[Process, Process], folder: Path
) -> None:
    one, _ = processes
    one.found()
    one.put([ZBYLUT])
    late = Process(folder)
    assert late.found() == ["orion", "zbylut"]
    assert late.scans == 0
    late.close()
