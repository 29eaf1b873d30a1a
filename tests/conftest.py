"""What all tests share: hypothesis profiles, the real data, a tidy cluster."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import cluster

settings.register_profile("ci", max_examples=30, deadline=None)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.load_profile("ci")

# A shell's job in the background is deaf to Ctrl-C, and all that it starts would be.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def clean_cluster() -> Iterator[None]:
    """Leave a server without what the tests made there; not before others are done."""
    yield
    cluster.remove_all()


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The real articles; tests that need them are skipped where they are not."""
    folder = ROOT / os.environ.get("DATELINE_DATA", "../shared/data")
    if not (folder / "articles").is_dir():
        pytest.skip(
            "There are no real articles: set DATELINE_DATA to the folder that has them."
        )
    return folder.resolve()
