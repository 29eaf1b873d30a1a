"""The files that a command is given: folders and patterns become what is in them."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

import click

STDIN: Final = Path("-")

_WILD = frozenset("*?[")
_STARS = re.compile(r"(?!\A\*\*\Z)\*{2,}")  # ** means folders only where it is alone


def expanded(given: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files: those of a folder and what is below it by name, without hidden
    ones and without links, of which it tells; those that a pattern means.

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
            raise _refused(error, path) from None


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
        yield from _some(path, sorted(_inside(path)))
    elif _WILD & set(str(path)):
        yield from _some(path, sorted(_matching(path)))
    else:
        yield path  # which is then told to be missing


def _some(path: Path, found: list[Path]) -> list[Path]:
    if not found:
        raise click.ClickException(f"There are no files in {path}: check the name.")
    return found


def _inside(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder. Who packed it may have put links to anything in
    it, also to the folder itself: they are not followed, as `grep -r` does not."""
    links = 0
    for place, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = filter(_is_shown, folders)
        shown = [Path(place, name) for name in filter(_is_shown, names)]
        links += sum(Path(place, name).is_symlink() for name in folders)
        links += sum(path.is_symlink() for path in shown)
        yield from (path for path in shown if path.is_file() and not path.is_symlink())
    if links:
        click.echo(
            f"Links in {folder} are not followed ({links:,}): give what they lead to by "
            "its own name.",
            err=True,
        )


def _raise(error: OSError) -> None:
    raise _refused(error, error.filename)


def _refused(error: OSError, path: object) -> click.ClickException:
    return click.ClickException(
        f"Cannot read {path} ({error.strerror}): check its name and permissions."
    )


def _matching(pattern: Path) -> Iterator[Path]:
    """Yield the files that a pattern means; ** goes into no linked folder: a link may
    lead back, and then there is no end."""
    wild = next(n for n, part in enumerate(pattern.parts) if _WILD & set(part))
    rest = tuple(_STARS.sub("*", part) for part in pattern.parts[wild:])
    if rest[-1] == "**":
        rest = (*rest, "*")
    for path in Path(*pattern.parts[:wild]).glob(str(Path(*rest))):
        found = path.parts[wild:]
        hidden = not all(map(_is_shown, found)) and all(map(_is_shown, rest))
        if path.is_file() and not hidden:
            yield path


def _is_shown(name: str) -> bool:
    return not name.startswith(".")
