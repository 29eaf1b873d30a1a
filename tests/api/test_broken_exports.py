"""Exports that break off, as curl sees them: with gunicorn, over a real connection."""

import gzip
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.breaking import BROKEN, WHOLE
from tests.conftest import ROOT
from tests.processes import environment, free_port, running, wait_until_ready

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(not shutil.which("curl"), reason="This needs curl: install it."),
]
PARTIAL = 18  # curl: "A file was only partially transferred."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server writes its log."""
    return tmp_path_factory.mktemp("breaking")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    number = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "-c", "tests/worker_conf.py"),
        *("-b", f"127.0.0.1:{number}", "tests.breaking:application"),
    ]
    with running(command, folder / "log", ROOT, environment()) as server:
        wait_until_ready(server, number, 30)
        yield f"http://127.0.0.1:{number}/v1/articles"


def curl(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["curl", "-sS", *arguments], capture_output=True, timeout=30, check=False
    )


@pytest.mark.parametrize("suffix", ["ndjson", "csv"])
@pytest.mark.parametrize("option", ["--no-compressed", "--compressed"])
def test_a_failure_in_an_export_cuts_the_connection(
    suffix: str, option: str, address: str
) -> None:
    done = curl(option, f"{address}.{suffix}?fields=id,body")
    assert done.returncode == PARTIAL, done.stderr
    assert 0 < done.stdout.count(b"\n") <= BROKEN + 1


@pytest.mark.parametrize("suffix", ["ndjson", "csv"])
def test_an_export_that_broke_off_goes_on_behind_its_last_line(
    suffix: str, address: str
) -> None:
    query = "fields=id,body"
    first = curl(f"{address}.{suffix}?{query}").stdout
    line = first.splitlines()[-1].decode()
    last = json.loads(line)["id"] if suffix == "ndjson" else line.partition(",")[0]
    rest = curl(f"{address}.{suffix}?{query}&after={last}")
    assert rest.returncode == 0
    whole = (first + rest.stdout).splitlines()
    assert len(whole) == len({*whole}) == WHOLE + (suffix == "csv")


def test_an_export_that_fails_at_its_beginning_is_a_problem(address: str) -> None:
    done = curl("-i", f"{address}.csv?fields=id")
    head, _, body = done.stdout.decode().partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 503 ")
    assert "Retry-After: " in head
    assert json.loads(body)["type"] == "/problems/unavailable"


def test_an_export_that_is_whole_ends_well(address: str) -> None:
    done = curl("--fail", "--compressed", f"{address}.ndjson?after=a000")
    assert (done.returncode, done.stdout.count(b"\n")) == (0, WHOLE - 1)


def test_a_compressed_export_can_be_read_before_it_ends(address: str) -> None:
    done = curl("-H", "Accept-Encoding: gzip", f"{address}.ndjson")
    assert done.returncode == PARTIAL
    with pytest.raises(EOFError):
        gzip.decompress(done.stdout)
    unpacked = subprocess.run(
        ["gzip", "-dc"], input=done.stdout, capture_output=True, check=False
    ).stdout
    assert unpacked.count(b"\n") > BROKEN / 2
    assert unpacked.endswith(b"}\n")


def test_an_address_that_gunicorn_cannot_read_is_a_problem_too(address: str) -> None:
    done = curl("-i", f"{address}?q=Łódź")
    head, _, body = done.stdout.decode().partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 400 ")
    assert "Content-Type: application/problem+json" in head
    assert "%XX" in json.loads(body)["detail"]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("?q=" + "x" * 8_200,), 414),
        (("-H", "X-Long: " + "x" * 9_000), 431),
        (("-H", "X(Y: 1"), 400),
    ],
)
def test_what_is_too_large_or_malformed_is_a_problem(
    arguments: tuple[str, ...], status: int, address: str
) -> None:
    if len(arguments) == 1:
        arguments = (address + arguments[0],)
    else:
        arguments = (*arguments, address)
    problem = json.loads(curl(*arguments).stdout)
    assert problem["status"] == status
    assert problem["type"].startswith("/problems/")
    assert len(problem["request_id"]) == 32


def test_the_log_says_behind_which_article_an_export_broke(
    address: str, folder: Path
) -> None:
    curl(f"{address}.ndjson?sort=newest", "-H", "X-Request-ID: this-one-broke")
    text = (folder / "log").read_text().splitlines()
    lines = [json.loads(line) for line in text if line.startswith("{")]
    [broken] = [
        line
        for line in lines
        if line["event"] == "export broken" and line["request_id"] == "this-one-broke"
    ]
    assert broken["after"].startswith("a")
    assert "EngineUnavailableError" in broken["exception"]
