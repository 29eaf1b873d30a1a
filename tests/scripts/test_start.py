import socket
import subprocess
import sys
from pathlib import Path

import pytest

from api.settings import Settings
from scripts.start import StartError, check_port, count_articles, reachable
from tests.processes import environment, free_port


def start(
    cwd: Path, *options: str, **settings: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "scripts.start", *options],
        cwd=cwd,
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_address_and_the_number_of_articles_are_printed(tmp_path: Path) -> None:
    port = free_port()
    done = start(tmp_path, engine=f"embedded:{tmp_path / 'new'}", port=str(port))
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"http://127.0.0.1:{port} 0\n"


def test_options_win_over_the_environment(tmp_path: Path) -> None:
    port = free_port()
    engine = f"embedded:{tmp_path / 'new'}"
    done = start(tmp_path, "--port", str(port), engine=engine, port="1")
    assert done.stdout == f"http://127.0.0.1:{port} 0\n"


def test_an_unknown_option_is_refused_with_its_usage(tmp_path: Path) -> None:
    done = start(tmp_path, "--prot", "9000")
    assert done.returncode == 2
    assert "--prot" in done.stderr


def test_an_archive_that_cannot_be_used_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    engine = f"embedded:{tmp_path / 'file'}"
    done = start(tmp_path, engine=engine, port=str(free_port()))
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "file" in done.stderr


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StartError, match=f"127.0.0.1:{port}.*DATELINE_PORT"):
            check_port("127.0.0.1", port)


def test_a_host_that_is_not_there_is_named() -> None:
    with pytest.raises(StartError, match=r"192\.0\.2\.1.*DATELINE_HOST"):
        check_port("192.0.2.1", free_port())


def test_a_port_that_was_just_closed_is_free() -> None:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            accepted, _ = server.accept()
            accepted.close()
    check_port("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("127.0.0.2", "http://127.0.0.2:8000"),
    ],
)
def test_an_address_of_everywhere_becomes_one_to_ask(host: str, address: str) -> None:
    assert reachable(Settings(host=host)) == address


def test_an_empty_archive_has_no_articles(tmp_path: Path) -> None:
    assert count_articles(Settings(engine=f"embedded:{tmp_path / 'new'}")) == 0
