"""What a request works with: the engine, the settings, the time."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Thread
from typing import Any, cast

from flask import Flask, current_app

from api.settings import Settings
from schemas.formats.workshop import Workshop
from search.completion import Completer
from search.engine import Engine
from search.entities.labelling import Labeller

_ENGINE = "dateline-engine"
_LABELLER = "dateline-labeller"
_SETTINGS = "dateline-settings"
_COMPLETER = "dateline-completer"
_WORKSHOP = "dateline-workshop"
_READING = 2


def equip(app: Flask, settings: Settings, engine: Engine) -> None:
    """Give an application what its requests work with."""
    app.extensions[_SETTINGS] = settings
    app.extensions[_ENGINE] = engine
    app.extensions[_COMPLETER] = Completer(engine)
    app.extensions[_LABELLER] = Labeller(engine.entities)
    # Texts that are hard to read must not take the threads that answer questions.
    app.extensions[_WORKSHOP] = Workshop(
        _READING, waiting=max(settings.threads // 2 - _READING, 0)
    )


def _known() -> dict[str, Any]:
    # werkzeug's own way round its proxy, which searches for each attribute anew
    return current_app._get_current_object().extensions  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001


def engine() -> Engine:
    """Return the engine of this process."""
    return cast(Engine, _known()[_ENGINE])


def completer() -> Completer:
    """Return what completes names in this process."""
    return cast(Completer, current_app.extensions[_COMPLETER])


def labeller() -> Labeller:
    """Return what labels the articles that this process takes in."""
    return cast(Labeller, current_app.extensions[_LABELLER])


def workshop() -> Workshop:
    """Return where this process has foreign formats read."""
    return cast(Workshop, current_app.extensions[_WORKSHOP])


def settings() -> Settings:
    """Return the settings of this process."""
    return cast(Settings, _known()[_SETTINGS])


def now() -> datetime:
    """Return the time that relative dates of a request start from."""
    return datetime.now(UTC)


def awaken(app: Flask) -> None:
    """Have the engine of an application open what it works with, before it is asked.

    A process that has opened the data folder can index for the others.
    """
    found = cast(Engine, app.extensions[_ENGINE])
    Thread(target=found.health, name="dateline-awaken", daemon=True).start()


def dismiss(app: Flask) -> None:
    """Let the engine of an application go, and whoever reads for it."""
    cast(Workshop, app.extensions[_WORKSHOP]).close()
    cast(Engine, app.extensions[_ENGINE]).close()
