"""The wheel: what is in it, and that it serves where nothing else is installed."""

import re
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from tests.processes import ask, environment, free_port, running, stop, wait_until_ready
from tests.sources import BENCH, PACKAGES, ROOT, files, shell_scripts

READ_BY_A_SCRIPT = "scripts/elasticsearch.docker"

pytestmark = [pytest.mark.packaging, pytest.mark.xdist_group("packaging")]

ARTICLE = {
    "id": "harbour-1",
    "title": "Harbour levy agreed",
    "published_at": "2026-05-17T08:00:00Z",
    "companies": ["Kestrel Lines"],
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "-w", "-n", "-o", folder, ROOT],
        check=True,
        capture_output=True,
        env=environment(),
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment with the wheel and its locked libraries."""
    folder = tmp_path_factory.mktemp("clean")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip"]
    lock = str(ROOT / "requirements" / "run.txt")
    # What is not compiled now is compiled when it is used: of all that, little is.
    quick = environment() | {"PIP_COMPILE": "0"}
    for arguments in (
        ["install", "-q", "--require-hashes", "-r", lock],
        ["install", "-q", "--no-deps", "--no-index", str(wheel)],
        ["check"],
    ):
        subprocess.run([*pip, *arguments], check=True, env=quick)
    return folder / "bin"


def pins(name: str) -> set[str]:
    lock = (ROOT / "requirements" / f"{name}.txt").read_text()
    return set(re.findall(r"^[a-z0-9.-]+==[^ \\]+", lock, re.MULTILINE))


def test_the_wheel_holds_the_four_packages_and_nothing_else(contents: set[str]) -> None:
    tops = {name.split("/")[0] for name in contents}
    assert tops == {*PACKAGES, "dateline-0.1.0.dist-info"}


def test_the_wheel_holds_every_module_and_data_file(contents: set[str]) -> None:
    ours = {
        name
        for name in files()
        if name.startswith(tuple(f"{package}/" for package in PACKAGES))
        and not name.startswith((BENCH, READ_BY_A_SCRIPT))
        and name not in shell_scripts()
    }
    packed = {name for name in contents if not name.startswith("dateline-")}
    assert packed == ours


def test_the_wheel_cannot_be_published_by_mistake(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        raw = archive.read("dateline-0.1.0.dist-info/METADATA").decode()
    metadata = Parser().parsestr(raw)
    assert "Private :: Do Not Upload" in metadata.get_all("Classifier", [])
    assert metadata["License-Expression"] == "Apache-2.0"


def test_what_is_tested_is_what_is_run() -> None:
    assert pins("run") <= pins("test")


def test_the_lock_holds_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[<>=\[ ]", line)[0] for line in project["dependencies"]}
    assert wanted <= {pin.split("==")[0] for pin in pins("run")}


def test_every_locked_version_has_a_hash() -> None:
    for name in ("run", "test"):
        lock = (ROOT / "requirements" / f"{name}.txt").read_text()
        entries = re.split(r"\n(?=\S)", lock.strip())
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_installed_wheel_takes_an_article_and_finds_it(
    installed: Path, tmp_path: Path
) -> None:
    port = free_port()
    env = environment(engine=f"embedded:{tmp_path / 'data'}", port=str(port))
    log = tmp_path / "log"
    with running([installed / "dateline", "serve"], log, tmp_path, env) as server:
        wait_until_ready(server, port, 30)
        address = f"http://127.0.0.1:{port}/v1"
        assert ask(f"{address}/articles?refresh=true", ARTICLE)[0] == 201
        status, found = ask(f"{address}/articles?q=levy&facet=company")
        assert status == 200
        assert [item["id"] for item in found["items"]] == ["harbour-1"]
        assert found["facets"]["company"]["values"][0]["id"] == "kestrel-lines"
        assert ask(f"{address}/openapi.json")[0] == 200
        assert stop(server) == 0
