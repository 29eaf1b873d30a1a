"""What can be wrong around an archive: libraries, the port, the folder, the disk."""

from __future__ import annotations

import http.client
import importlib.metadata as installed
import shutil
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

from api.settings import Settings
from scripts.archive import absence
from scripts.ports import StartError, check_port

LEAST_FREE = 500_000_000
"""Bytes that should be free on the disk: a rebuild needs room for a second index."""


def versions(distribution: str = "dateline") -> Iterator[str]:
    """Yield the libraries that are not what a distribution needs."""
    for text in installed.requires(distribution) or ():
        wanted = Requirement(text)
        if wanted.marker and not wanted.marker.evaluate():
            continue
        repair = f"pip install '{wanted.name}{wanted.specifier}'"
        try:
            found = installed.version(wanted.name)
        except installed.PackageNotFoundError:
            yield f"{wanted.name} is not installed: {repair}"
            continue
        if not wanted.specifier.contains(found, prereleases=True):
            yield (
                f"{wanted.name} {found} is installed, Dateline needs "
                f"{wanted.specifier}: {repair}"
            )


def port(settings: Settings) -> Iterator[str]:
    """Yield why the server could not listen; that it listens already is no fault."""
    try:
        check_port(settings.host, settings.port)
    except StartError as error:
        if not answers(settings.host, settings.port):
            yield str(error)


def answers(host: str, port: int) -> bool:
    """Say whether a Dateline server answers there."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.read(100) == b'{"status":"alive"}'
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def folder(path: Path, least: int = LEAST_FREE) -> Iterator[str]:
    """Yield what is wrong with a data folder, before an engine opens it."""
    if missing := absence(path):
        yield missing
        return
    free = shutil.disk_usage(path).free
    if free < least:
        yield (
            f"Only {free // 1_000_000:,} MB are free where {path.absolute()} is, "
            f"{least // 1_000_000:,} MB should be: free some space."
        )
