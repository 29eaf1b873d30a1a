"""Applications for tests that ask one in this process.

To make one takes a fifth of a second, most of it for the document, which is the same for
all. So one is made, and every test works with a copy that has an engine of its own.
"""

from copy import copy
from functools import cache

from flask import Flask

from api.app import create_app
from api.current import equip
from api.settings import Settings
from api.told import Told
from search.engine import Engine
from tests.reference import ReferenceEngine


def application(settings: Settings, engine: Engine) -> Flask:
    """Return what `create_app` returns; what one remembers, no other knows."""
    app = copy(_pattern())
    app.config = copy(app.config)
    app.extensions = {
        name: Told() if isinstance(value, Told) else value
        for name, value in app.extensions.items()
    }
    equip(app, settings, engine)
    return app


@cache
def _pattern() -> Flask:
    return create_app(Settings(), engine=ReferenceEngine())
