import json
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from api.settings import Settings, table
from scripts import findings
from tests.commandline import (
    DATELINE,
    Commands,
    article,
    dateline as spawn,
    ndjson,
    without_privileges,
)
from tests.processes import environment, free_port, running, wait_until_ready


@pytest.fixture
def filled(
    dateline: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Commands:
    (tmp_path / "a").write_text(ndjson(article(1), article(2)))
    assert dateline("load", tmp_path / "a").code == 0
    monkeypatch.setenv("DATELINE_PORT", str(free_port()))
    return dateline


def faults(out: str) -> list[str]:
    return [line.removeprefix("- ") for line in out.splitlines() if line[:2] == "- "]


def test_a_sound_archive_is_well(filled: Commands) -> None:
    seen = filled("doctor")
    assert (seen.code, seen.err) == (0, "")
    assert f"{filled.folder}: ready, 2 articles, 0 changes not yet" in seen.out
    assert seen.out.endswith("All is well.\n")


def test_every_setting_and_the_versions_are_shown(filled: Commands) -> None:
    seen = filled("doctor").out
    for row in table(Settings()):
        assert re.search(rf"^{row.variable} ", seen, re.MULTILINE)
    assert re.search(
        r"^Python 3\.\d+\.\d+, dateline \d.*tantivy \d", seen, re.MULTILINE
    )


def test_a_key_is_not_shown(filled: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_WRITE_KEY", "0123456789abcdef")
    assert "0123456789abcdef" not in filled("doctor").out


def test_all_wrong_settings_are_named(
    dateline: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_PORT", "many")
    monkeypatch.setenv("DATELINE_WORKRES", "2")
    seen = dateline("doctor")
    assert seen.code == 1
    assert "DATELINE_PORT" in seen.out
    assert "DATELINE_WORKRES" in seen.out
    assert "DATELINE_WORKERS" in seen.out


def test_a_missing_archive_is_a_fault_and_is_not_made(
    dateline: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_PORT", str(free_port()))
    seen = dateline("doctor")
    assert seen.code == 1
    [fault] = faults(seen.out)
    assert fault.startswith(f"There is no archive in {dateline.folder}: ")
    assert not dateline.folder.exists()


def test_an_empty_folder_is_no_archive(dateline: Commands) -> None:
    dateline.folder.mkdir()
    assert "There is no archive" in dateline("doctor").out
    assert list(dateline.folder.iterdir()) == []


def test_a_file_is_no_archive(dateline: Commands) -> None:
    dateline.folder.write_text("x")
    for words in (["doctor"], ["search"]):
        seen = dateline(*words)
        assert seen.code == 1
        assert "is a file: name a folder in DATELINE_ENGINE." in seen.out + seen.err


def current(folder: Path) -> Path:
    return folder / "CURRENT"


def test_an_archive_of_a_newer_version_is_named(filled: Commands) -> None:
    values = json.loads(current(filled.folder).read_bytes())
    current(filled.folder).write_text(json.dumps({**values, "format": 99}))
    seen = filled("doctor")
    assert seen.code == 1
    [fault] = faults(seen.out)
    assert "has format 99" in fault
    assert "use the version that made it" in fault


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}'])
def test_a_half_written_archive_is_named(filled: Commands, text: str) -> None:
    current(filled.folder).write_text(text)
    seen = filled("doctor")
    assert seen.code == 1
    assert "CURRENT is damaged: restore the folder" in faults(seen.out)[0]


def test_an_archive_that_lost_its_database_is_named(filled: Commands) -> None:
    for path in filled.folder.glob("articles-*"):
        path.unlink()
    seen = filled("doctor")
    assert seen.code == 1
    assert faults(seen.out) != []
    assert "Traceback" not in seen.err


def test_an_archive_that_lost_its_index_is_named_or_mended(filled: Commands) -> None:
    for path in filled.folder.glob("index-*"):
        shutil.rmtree(path)
    seen = filled("doctor")
    assert "Traceback" not in seen.err
    assert (seen.code == 1) == (faults(seen.out) != [])


def test_a_folder_that_may_only_be_read_is_named(filled: Commands) -> None:
    seen = with_permissions(filled.folder, 0o500)
    assert seen.returncode == 1
    assert "The data folder is read-only" in seen.stdout
    assert seen.stderr == ""


def test_a_folder_that_may_not_be_read_is_named(filled: Commands) -> None:
    seen = with_permissions(filled.folder, 0)
    assert seen.returncode == 1
    assert f"{filled.folder} may not be read" in seen.stdout
    assert seen.stderr == ""


def with_permissions(folder: Path, mode: int) -> subprocess.CompletedProcess[str]:
    folder.chmod(mode)
    try:
        return subprocess.run(
            [DATELINE, "doctor"],
            env=environment(engine=f"embedded:{folder}", port=str(free_port())),
            preexec_fn=without_privileges,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        folder.chmod(0o700)


def test_an_unknown_engine_is_named(
    dateline: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_ENGINE", "solr:somewhere")
    seen = dateline("doctor")
    assert seen.code == 1
    assert "There is no engine for the address 'solr:somewhere'" in seen.out


def test_an_open_address_without_a_key_is_named(
    filled: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_HOST", "0.0.0.0")
    seen = filled("doctor")
    assert seen.code == 1
    [fault] = faults(seen.out)
    assert "DATELINE_WRITE_KEY" in fault


def test_a_full_disk_is_named_before_it_is_full(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    assert list(findings.folder(tmp_path, least=1)) == []
    [fault] = findings.folder(tmp_path, least=10**18)
    assert "1,000,000,000,000 MB should be: free some space." in fault


def test_a_port_that_something_else_uses_is_named(filled: Commands) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        [fault] = findings.port(Settings(port=port))
    assert f"Cannot listen on 127.0.0.1:{port}" in fault
    assert list(findings.port(Settings(port=port))) == []


@pytest.mark.server
def test_a_server_that_runs_is_no_fault(filled: Commands, tmp_path: Path) -> None:
    port = str(free_port())
    env = environment(engine=f"embedded:{filled.folder}", port=port, workers="1")
    with running([DATELINE, "serve"], tmp_path / "log", tmp_path, env) as server:
        wait_until_ready(server, int(port), 30)
        seen = spawn(filled.folder, "doctor", port=port)
    assert seen.returncode == 0, seen.stdout


def test_libraries_outside_their_ranges_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = tmp_path / "some_project-1.0.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text(
        "Metadata-Version: 2.1\nName: some-project\nVersion: 1.0\n"
        "Requires-Dist: click<1\n"
        "Requires-Dist: orjson>=3\n"
        "Requires-Dist: nowhere-to-be-found>=2\n"
        'Requires-Dist: other-systems-only; sys_platform == "none"\n'
    )
    monkeypatch.syspath_prepend(tmp_path)
    old, absent = findings.versions("some-project")
    assert re.fullmatch(
        r"click 8\S+ is installed, Dateline needs <1: pip install 'click<1'", old
    )
    assert absent == (
        "nowhere-to-be-found is not installed: pip install 'nowhere-to-be-found>=2'"
    )


def test_a_project_without_needs_has_no_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = tmp_path / "bare_project-1.0.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: bare-project\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert list(findings.versions("bare-project")) == []
