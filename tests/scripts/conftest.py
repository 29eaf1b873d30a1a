"""The command line on an archive of its own."""

import os
from pathlib import Path

import pytest

from tests.commandline import Commands


@pytest.fixture
def dateline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Commands:
    """`dateline`, called in this process; there is no archive yet."""
    for name in os.environ:
        if name.startswith("DATELINE_"):
            monkeypatch.delenv(name)
    folder = tmp_path / "archive"
    monkeypatch.setenv("DATELINE_ENGINE", f"embedded:{folder}")
    return Commands(folder, capfd)
