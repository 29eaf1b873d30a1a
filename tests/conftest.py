"""What all tests share: hypothesis profiles and the real data."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("ci", max_examples=30, deadline=None)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.load_profile("ci")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The real articles; tests that need them are skipped where they are not."""
    folder = ROOT / os.environ.get("DATELINE_DATA", "../shared/data")
    if not (folder / "articles").is_dir():
        pytest.skip(
            "There are no real articles: set DATELINE_DATA to the folder that has them."
        )
    return folder.resolve()
