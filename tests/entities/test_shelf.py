"""Lexicons in files: made once, shared, and made again when they are not whole."""

import hashlib
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from search.entities import shelf
from search.entities.learning import Learner
from search.entities.lexicon import Lexicon
from search.entities.profile import Profile, packed
from search.entities.shelf import Shelf
from search.entities.spelled import spelled
from search.errors import EngineUnavailableError
from tests.register import ReferenceRegistry

PROFILES = (
    Profile(kind="company", id="orion", name="Orion Holdings", tickers=("X:ORN",)),
    Profile(kind="company", id="ae", name="Ä & ß GmbH", aliases=("ÆS", "3M")),
    Profile(kind="person", id="jose", name="José O’Neill-Łoś"),
    Profile(kind="place", id="orion-place", name="Orion"),
    Profile(kind="tag", id="energy", name="Energy"),
)
STAMP = "7.42"
KEYS = (
    "orion",
    "orion holdings",
    "ä & ß",
    "3m",
    "jose o'neill-los",
    "nobody",
    "\x02ORN",
)
PINNED = "4a29347161d6fade"
TEXT = "Orion Holdings took over Zbylut Holdings."


class Kept(ReferenceRegistry):
    """A registry with a folder, that counts how often it is read."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.scans = 0
        self.put(PROFILES)

    @property
    def folder(self) -> Path | None:
        return self._folder

    def read(self) -> Iterator[Profile]:
        self.scans += 1
        return super().scan()

    scan = read  # type: ignore[assignment]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / shelf.name(STAMP)
    shelf.save(path, STAMP, spelled(PROFILES))
    return path.read_bytes()


def said(lexicon: Lexicon | None) -> list[object]:
    assert lexicon
    found = [lexicon.candidates(key) for key in KEYS]
    return [*found, lexicon.ticker("ORN"), lexicon.starting("orion holdings rose", 0)]


def never(_stamp: str) -> bool:
    return False


def opened(path: Path) -> Lexicon | None:
    found = shelf.opened(path)
    assert found is None or found[0] == STAMP
    return found and found[1]


def ids(learner: Learner, registry: ReferenceRegistry) -> list[str]:
    tagger = learner.tagger(registry.stamp())
    return [tag.known.id for tag in tagger.find("A title", None, TEXT)]


def test_a_lexicon_in_a_file_says_what_one_in_memory_says(
    whole: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "names-a"
    path.write_bytes(whole)
    assert said(opened(path)) == said(Lexicon(PROFILES))


def test_an_open_lexicon_outlives_its_file(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "names-a"
    path.write_bytes(whole)
    lexicon = opened(path)
    path.unlink()
    assert said(lexicon) == said(Lexicon(PROFILES))


def test_no_name_at_all_fits_a_file(tmp_path: Path) -> None:
    path = tmp_path / "names-a"
    shelf.save(path, STAMP, spelled(()))
    lexicon = opened(path)
    assert lexicon is not None
    assert (len(lexicon), lexicon.candidates("orion")) == (0, ())


def test_a_file_of_another_state_is_taken_only_if_it_will_do(
    whole: bytes, tmp_path: Path
) -> None:
    tmp_path.joinpath("names-a").write_bytes(whole)
    asked: list[str] = []
    known = Shelf(tmp_path).lexicon("7.43", STAMP.__eq__, tuple)
    assert (known[0], said(known[1])) == (STAMP, said(Lexicon(PROFILES)))
    made, lexicon = Shelf(tmp_path).lexicon("7.43", asked.append, lambda: PROFILES[:1])
    assert (made, lexicon.candidates("3m")) == ("7.43", ())
    assert asked == [STAMP, STAMP]


def test_where_there_is_no_file_there_is_no_lexicon(tmp_path: Path) -> None:
    assert shelf.opened(tmp_path / "none") is None


def test_a_file_that_is_damaged_anywhere_is_not_taken(
    whole: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "names-a"
    for place in range(0, len(whole), 61):
        path.write_bytes(
            whole[:place] + b"%c" % (whole[place] ^ 4) + whole[place + 1 :]
        )
        assert opened(path) is None, place


@pytest.mark.parametrize("text", [b"", b"x", b"DLNAMES\n", b"\xff" * 16 + b"DLNAMES\n"])
def test_a_file_of_something_else_is_not_taken(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / "names-a"
    path.write_bytes(text)
    assert opened(path) is None


def test_a_file_that_ends_early_is_not_taken(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "names-a"
    for length in range(0, len(whole), 61):
        path.write_bytes(whole[:length])
        assert opened(path) is None


def test_profiles_that_end_early_make_no_lexicon(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "names-a"
    lines = b"".join(packed(each) + b"\n" for each in PROFILES)
    for given in (lines, lines[:-9], b""):
        with pytest.raises((EOFError, ValueError)):
            shelf.make(path, STAMP, BytesIO(given))
    assert list(tmp_path.iterdir()) == []
    shelf.make(path, STAMP, BytesIO(lines + b"end\n"))
    assert path.read_bytes() == whole


def test_a_file_that_cannot_be_written_is_an_error_of_the_system(
    tmp_path: Path,
) -> None:
    tmp_path.joinpath(shelf.name(STAMP)).mkdir()
    with pytest.raises(OSError, match=r"laid out|Broken pipe"):
        Shelf(tmp_path).lexicon(STAMP, never, lambda: PROFILES)


def test_a_damaged_file_is_made_anew_and_old_ones_go(
    whole: bytes, tmp_path: Path
) -> None:
    path = tmp_path / shelf.name(STAMP)
    path.write_bytes(whole[:-3])
    for old in ("names-0000", "names-0000.new"):
        tmp_path.joinpath(old).touch()
    stamp, found = Shelf(tmp_path).lexicon(STAMP, never, lambda: PROFILES)
    assert stamp == STAMP
    assert said(found) == said(Lexicon(PROFILES))
    assert {each.name for each in tmp_path.iterdir()} == {path.name, "names.lock"}
    assert path.read_bytes() == whole


def test_of_many_who_need_a_lexicon_one_makes_it(tmp_path: Path) -> None:
    registry = Kept(tmp_path / "kept")
    found: list[list[str]] = []

    def ask() -> None:
        found.append(ids(Learner(registry, large=1), registry))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["orion"]] * 4
    assert registry.scans == 1


def test_what_fails_while_it_is_read_leaves_no_file(tmp_path: Path) -> None:
    def failing() -> Iterator[Profile]:
        yield PROFILES[0]
        raise EngineUnavailableError("Gone.")

    with pytest.raises(EngineUnavailableError):
        Shelf(tmp_path).lexicon(STAMP, never, failing)
    assert [each.name for each in tmp_path.iterdir()] == ["names.lock"]


def test_where_nothing_can_be_written_names_are_read_into_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    taken = tmp_path / "taken"
    taken.touch()
    registry = Kept(taken / "kept")
    assert ids(Learner(registry, large=1), registry) == ["orion"]
    assert "cannot be shared" in caplog.text


def test_a_small_registry_leaves_no_file(tmp_path: Path) -> None:
    registry = Kept(tmp_path)
    assert ids(Learner(registry), registry) == ["orion"]
    assert list(tmp_path.iterdir()) == []


def test_the_layout_has_a_number_for_each_way_to_spell() -> None:
    # Another sum means that files of before say something else than they would now:
    # raise LAYOUT in search/entities/spelled.py, then write down the new sum.
    parts = spelled(PROFILES)
    laid = sorted(parts.trie.keys()), list(parts.rows), list(parts.flags)
    assert hashlib.sha256(repr(laid).encode()).hexdigest()[:16] == PINNED
