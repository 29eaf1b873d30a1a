"""The archive that a command reads: it must be there, and is never made by looking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from api.settings import load
from search.connection import connect, folder_of
from search.engine import Engine


@contextmanager
def opened() -> Iterator[Engine]:
    """Open the archive of the settings; raises click.ClickException if there is none.

    Raises SettingsError too, and what an engine raises that cannot be used.
    """
    settings = load()
    if missing := absence(folder_of(settings.engine)):
        raise click.ClickException(missing)
    with closing(connect(settings.engine, settings.credentials)) as engine:
        yield engine


def absence(folder: Path | None) -> str | None:
    """Return the sentence for an archive that is not in its folder, else None."""
    if folder is None:
        return None
    if wrong := misplaced(folder):
        return wrong
    try:
        if folder.is_dir() and any(folder.iterdir()):
            return None
    except PermissionError:
        return f"{folder.absolute()} may not be read: give this user the permission."
    return (
        f"There is no archive in {folder.absolute()}: name its folder in "
        "DATELINE_ENGINE (embedded:FOLDER), or fill a new one with dateline load."
    )


def misplaced(folder: Path | None) -> str | None:
    """Return the sentence for a folder that can hold no archive, else None."""
    if folder is None or not folder.exists() or folder.is_dir():
        return None
    return f"{folder.absolute()} is a file: name a folder in DATELINE_ENGINE."
