"""The application on the reference engine, as a client sees it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.settings import Settings
from tests.api.live import Live, demo, load, serving
from tests.application import application
from tests.reference import ReferenceEngine


@pytest.fixture
def engine() -> Iterator[ReferenceEngine]:
    """An empty archive."""
    engine = ReferenceEngine()
    yield engine
    engine.close()


@pytest.fixture
def app(engine: ReferenceEngine) -> Flask:
    return application(Settings(log="off"), engine)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server with two workers that has the demo; whoever writes there cleans up."""
    with serving(tmp_path_factory.mktemp("live"), "--workers", "2") as server:
        load(server, demo())
        yield server
