"""The page of the documentation in a real browser: it draws itself from this server."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.api.live import Live

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FOUND = next(filter(None, map(shutil.which, NAMES)), None)

pytestmark = [
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.skipif(
        FOUND is None and not os.environ.get("CI"),
        reason="This test needs a browser: apt-get install chromium.",
    ),
]


def browse(address: str, folder: Path) -> str:
    """Return the page as it stands when its scripts are done; its messages go to a log."""
    done = subprocess.run(
        [
            *(FOUND or "chromium", "--headless", "--no-sandbox", "--disable-gpu"),
            *("--disable-dev-shm-usage", "--disable-background-networking"),
            *("--no-first-run", "--disable-component-update", "--disable-sync"),
            *("--virtual-time-budget=20000", f"--user-data-dir={folder / 'profile'}"),
            *("--enable-logging=stderr", f"--log-net-log={folder / 'net.json'}"),
            *("--dump-dom", address),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    (folder / "messages").write_text(done.stderr)
    return done.stdout


@pytest.fixture(scope="module")
def visit(live: Live, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The page, and the folder with what the browser noted."""
    folder = tmp_path_factory.mktemp("browser")
    return browse(f"{live.address}/docs", folder), folder


def console(folder: Path) -> list[str]:
    """Return what the page said in the browser's console."""
    lines = (folder / "messages").read_text().splitlines()
    return [line for line in lines if "CONSOLE" in line]


def test_the_page_shows_every_operation(visit: tuple[str, Path], live: Live) -> None:
    page, _ = visit
    document: Any = live.ask("/v1/openapi.json").json
    for path in document["paths"]:
        shown = path.replace("/", "/\u200b")
        assert f'data-path="{path}"' in page or shown in page, path
    count = sum(
        method in ("get", "put", "post", "delete")
        for operations in document["paths"].values()
        for method in operations
    )
    assert len(re.findall(r'class="opblock opblock-\w+', page)) == count


def test_the_page_breaks_no_rule_of_its_policy(visit: tuple[str, Path]) -> None:
    _, folder = visit
    assert [line for line in console(folder) if "Content Security" in line] == []
    assert [line for line in console(folder) if "rror" in line] == []


def test_the_page_asks_nobody_but_this_server(
    visit: tuple[str, Path], live: Live
) -> None:
    _, folder = visit
    events = json.loads((folder / "net.json").read_text())["events"]
    noted = [event.get("params", {}) for event in events]
    # What has no page as its initiator is the browser's own business.
    asked = {
        each["url"] for each in noted if each.get("initiator", "").startswith("http")
    }
    assert f"{live.address}/v1/openapi.json" in asked
    assert f"{live.address}/docs/swagger-ui-bundle.js" in asked
    assert [url for url in asked if not url.startswith(live.address)] == []
