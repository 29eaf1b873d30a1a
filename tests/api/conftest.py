"""The application on the reference engine, as a client sees it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from api.settings import Settings
from tests.reference import ReferenceEngine


@pytest.fixture
def engine() -> Iterator[ReferenceEngine]:
    """An empty archive."""
    engine = ReferenceEngine()
    yield engine
    engine.close()


@pytest.fixture
def app(engine: ReferenceEngine) -> Flask:
    return create_app(Settings(log="off"), engine=engine)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
