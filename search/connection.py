"""The way to an engine: the only module that names them all."""

from __future__ import annotations

from pathlib import Path

from search.engine import Engine
from search.errors import EngineConfigurationError


def connect(url: str) -> Engine:
    """Return the engine that the address names: `embedded:FOLDER`.

    The folder is made by the first use. Raises EngineConfigurationError for an address
    of another kind.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "embedded" and rest:
        from search.embedded.engine import EmbeddedEngine

        return EmbeddedEngine(Path(rest))
    raise EngineConfigurationError(
        f"There is no engine for the address {url!r}. Possible is embedded:FOLDER, "
        "for example embedded:data."
    )


def folder_of(url: str) -> Path | None:
    """Return the folder of an engine that has one on this machine, None for others."""
    scheme, _, rest = url.partition(":")
    return Path(rest) if scheme == "embedded" and rest else None
