"""The files that a command is given: folders and patterns become what is in them."""

from __future__ import annotations

import glob
import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

import click

STDIN: Final = Path("-")

_WILD = frozenset("*?[")


def expanded(given: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files: those of a folder and what is below it by name, without hidden
    ones; those that a pattern means.

    Raises click.ClickException where there are none, or one cannot be read.
    """
    files = tuple(file for path in given for file in _files(path))
    check(files)
    return files


def check(files: Sequence[Path]) -> None:
    """Raise click.ClickException for the first file that cannot be read."""
    for path in files:
        if path == STDIN:
            if not isinstance(sys.stdin, io.TextIOWrapper):
                raise click.ClickException("There is no standard input to read.")
            continue
        try:
            # A pipe must not be opened twice: what is in it would be lost.
            if path.is_file() or not path.exists():
                path.open("rb").close()
        except OSError as error:
            raise click.ClickException(
                f"Cannot read {path} ({error.strerror}): check its name and permissions."
            ) from None


def opened(path: Path) -> AbstractContextManager[BinaryIO]:
    """Open a file, or standard input, which stays open."""
    if path == STDIN:
        return nullcontext(sys.stdin.buffer)
    return path.open("rb")


def changed(path: Path) -> datetime | None:
    """Return when a file was last changed; None for what is no file."""
    if path == STDIN or not path.is_file():
        return None
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)


def _files(path: Path) -> Iterator[Path]:
    if path == STDIN or (not path.is_dir() and path.exists()):
        yield path
    elif path.is_dir():
        yield from _some(path, sorted(filter(_is_shown, path.rglob("*"))))
    elif _WILD & set(str(path)):
        names = glob.glob(str(path), recursive=True)  # noqa: PTH207 - Path has no absolute
        found = sorted(map(Path, names))
        yield from _some(path, [name for name in found if name.is_file()])
    else:
        yield path  # which is then told to be missing


def _some(path: Path, found: list[Path]) -> list[Path]:
    if not found:
        raise click.ClickException(f"There are no files in {path}: check the name.")
    return found


def _is_shown(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")
