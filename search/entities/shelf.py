"""Lexicons in files, so that all processes of a machine read one and one makes it.

A file is what `search.entities.spelled` makes, and at its end what it is and a checksum.
It is mapped, not read: its pages are in memory once. Whoever needs one that is not there
holds a lock and has it made by a process apart, whose memory ends with it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import mmap
import subprocess
import sys
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, TypeAlias, cast

import marisa_trie
import orjson

from search.entities.lexicon import Lexicon
from search.entities.profile import Profile, packed, unpacked
from search.entities.spelled import LAYOUT, Parts, spelled

Stamped: TypeAlias = tuple[str, Lexicon]
"""A lexicon behind the stamp of the registry of which it was made."""

_PREFIX: Final = "names-"
_MAGIC: Final = b"DLNAMES\n"
_TYPES: Final[dict[str, Literal["I", "B", "Q"]]] = {
    "rows": "I",
    "flags": "B",
    "first": "I",
    "ends": "Q",
    "table": "B",
}
_MADE: Final = f"{LAYOUT} {sys.byteorder} {unicodedata.unidata_version}"
_LENGTH: Final = 8
_EDGE: Final = 8  # bytes to whose multiples each part begins
_END: Final = b"end\n"
_FAILED: Final = "The names cannot be laid out in a file."


class Shelf:
    """The lexicons of one registry in one folder. Safe for threads and processes."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made when it is needed."""
        self._folder = folder

    def lexicon(
        self,
        stamp: str,
        will_do: Callable[[str], bool],
        profiles: Callable[[], Iterable[Profile]],
    ) -> Stamped:
        """Return the lexicon of a state of the registry, and the stamp of that state.

        It is one that is there and whose stamp will do, or one that is made now of the
        profiles, under this stamp; who comes second waits for who is making it. Raises
        OSError where the folder cannot be used, and what reading the profiles raises.
        """
        found = self._find(will_do)
        if found is None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._locked():
                found = self._find(will_do) or self._make(stamp, profiles())
        return found

    def _find(self, will_do: Callable[[str], bool]) -> Stamped | None:
        every = filter(None, map(opened, sorted(self._folder.glob(f"{_PREFIX}*"))))
        return next((found for found in every if will_do(found[0])), None)

    def _make(self, stamp: str, profiles: Iterable[Profile]) -> Stamped:
        path = self._folder / name(stamp)
        found = _made(path, stamp, profiles)
        # Who has an old one open keeps it.
        for each in self._folder.glob(f"{_PREFIX}*"):
            if each != path:
                each.unlink(missing_ok=True)
        return found

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._folder / "names.lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def name(stamp: str) -> str:
    """Return what the file is called that is made of a registry in this state."""
    told = f"{_MADE} {stamp}".encode()
    return f"{_PREFIX}{hashlib.sha256(told).hexdigest()[:16]}"


def opened(path: Path) -> Stamped | None:
    """Return the lexicon in a file; None if there is none, or a damaged or other one."""
    # RuntimeError is what the trie's library says where the file has just gone.
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, RuntimeError):
        with path.open("rb") as file:
            data = memoryview(mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ))
        pieces, told = _checked(data)
        return told["stamp"], Lexicon(_parts(path, pieces, told["lengths"]))
    return None


def save(path: Path, stamp: str, parts: Parts) -> None:
    """Write the parts into a file, whole under its name or not at all."""
    draft = path.with_name(f"{path.name}.new")
    with draft.open("wb") as file:
        sums = _Summed(file)
        pieces = [memoryview(getattr(parts, each)).cast("B") for each in _TYPES]
        lengths = [sums.write(each) for each in (parts.trie.tobytes(), *pieces)]
        told = {"made": _MADE, "stamp": stamp, "lengths": lengths, "sum": sums.sum}
        end = orjson.dumps(told)
        file.write(end + len(end).to_bytes(_LENGTH, "little") + _MAGIC)
    draft.replace(path)


def _made(path: Path, stamp: str, profiles: Iterable[Profile]) -> Stamped:
    """Have it made by a process apart: of a million names 300 MB would stay with us."""
    with subprocess.Popen(  # noqa: S603 (our own interpreter and code)
        [sys.executable, "-I", "-m", "search.entities.shelf", str(path), stamp],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        start_new_session=True,  # an interrupt is for us
    ) as child:
        lines = cast("BinaryIO", child.stdin)
        try:
            with lines:
                lines.writelines(packed(each) + b"\n" for each in profiles)
                lines.write(_END)
        except BaseException:
            child.kill()
            raise
    found = opened(path)
    if found is None or found[0] != stamp:
        raise OSError(_FAILED)
    return found


class _Summed:
    """Writes bytes, each piece at an edge, and sums them up."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sum = 0

    def write(self, piece: bytes | memoryview) -> int:
        for each in (piece, bytes(-len(piece) % _EDGE)):
            self._file.write(each)
            self.sum = zlib.crc32(each, self.sum)
        return len(piece)


def _checked(data: memoryview) -> tuple[memoryview, dict[str, Any]]:
    """Return the pieces of a file and what it says of them.

    Raises ValueError, KeyError or TypeError if it is damaged, or of another version.
    """
    end = len(data) - len(_MAGIC) - _LENGTH
    start = end - int.from_bytes(data[end : end + _LENGTH], "little")
    if bytes(data[end + _LENGTH :]) != _MAGIC or start < 0:
        raise ValueError(_FAILED)
    told = orjson.loads(data[start:end])
    if (told["made"], told["sum"]) != (_MADE, zlib.crc32(data[:start])):
        raise ValueError(_FAILED)
    return data[:start], told


def _parts(path: Path, data: memoryview, lengths: list[int]) -> Parts:
    trie = marisa_trie.Trie()
    trie.mmap(str(path))
    found: dict[str, Any] = {}
    start = lengths[0] + -lengths[0] % _EDGE
    for (each, kind), length in zip(_TYPES.items(), lengths[1:], strict=True):
        found[each] = data[start : start + length].cast(kind)
        start += length + -length % _EDGE
    return Parts(trie, **found)


def make(path: Path, stamp: str, given: BinaryIO) -> None:
    """Make a file of the profiles that come in as lines; nothing if they are not all."""
    save(path, stamp, spelled(map(unpacked, lines(given))))


def lines(given: BinaryIO) -> Iterator[bytes]:
    """Yield the lines up to the end that is told; raises EOFError without it."""
    for line in given:
        if line == _END:
            return
        yield line
    raise EOFError(_FAILED)


if __name__ == "__main__":
    make(Path(sys.argv[1]), sys.argv[2], sys.stdin.buffer)
