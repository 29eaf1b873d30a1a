"""TLS, keys and passwords, on a server that asks for them."""

import json
import ssl
import subprocess
import sys
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from search.connection import Credentials, connect
from search.errors import EngineConfigurationError, EngineUnavailableError
from search.request import SearchRequest
from tests import nodes
from tests.corpus import article
from tests.nodes import Nodes
from tests.processes import environment

pytestmark = [
    *(pytest.mark.elasticsearch, pytest.mark.slow),
    pytest.mark.xdist_group("elasticsearch"),
]

# What docs/deploy.md gives whoever serves, and whoever rebuilds.
CLUSTER = ["cluster:monitor/main", "cluster:monitor/health"]
SERVE = [
    *("read", "write", "view_index_metadata", "maintenance"),
    "indices:monitor/stats",
]
REBUILD = ["manage", "read", "write"]


@pytest.fixture(scope="module")
def secure() -> Iterator[Nodes]:
    with nodes.started(1, secure=True) as started:
        yield started


@pytest.fixture
def password(secure: Nodes) -> Credentials:
    """The user that may do everything, and the authority to trust."""
    return Credentials(
        user=secure.secret("user").read_text().strip(),
        password=secure.secret("password").read_text().strip(),
        authority=str(secure.secret("authority.pem")),
    )


def ask(secure: Nodes, verb: str, path: str, body: Any) -> Any:
    """Ask the server itself, as its administrator."""
    user, password = (
        secure.secret(name).read_text().strip() for name in ("user", "password")
    )
    trusted = ssl.create_default_context(cafile=secure.secret("authority.pem"))
    asked = urllib.request.Request(
        secure.urls[0] + path,
        json.dumps(body).encode(),
        {
            "content-type": "application/json",
            "authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}",
        },
        method=verb,
    )
    with urllib.request.urlopen(asked, timeout=60, context=trusted) as answer:
        return json.load(answer)


def key(
    secure: Nodes, privileges: list[str], archive: str = "dateline", life: str = "1d"
) -> tuple[str, str]:
    """Make a key; return its id and what is sent."""
    index = {"names": [archive, f"{archive}-*"], "privileges": privileges}
    made = ask(
        secure,
        "POST",
        "/_security/api_key",
        {
            "name": "test",
            "expiration": life,
            "role_descriptors": {"r": {"cluster": CLUSTER, "index": [index]}},
        },
    )
    return made["id"], made["encoded"]


def fingerprint(file: Path) -> str:
    shown = subprocess.run(
        ["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", file],
        capture_output=True,
        text=True,
        check=True,
    )
    return shown.stdout.strip().partition("=")[2]


def works(address: str, credentials: Credentials) -> None:
    """Write and find an article."""
    with closing(connect(address, credentials)) as engine:
        engine.index([article(1)], refresh=True)
        assert engine.search(SearchRequest()).total == 1
        assert engine.health().status == "ready"


def test_a_user_with_a_password_is_let_in_by_an_authority(
    secure: Nodes, password: Credentials
) -> None:
    works(f"{secure.urls[0]}/user", password)


def test_a_key_is_let_in_by_a_fingerprint(secure: Nodes) -> None:
    _, encoded = key(secure, REBUILD, "prints")
    prints = fingerprint(secure.secret("node.pem"))
    works(f"{secure.urls[0]}/prints", Credentials(key=encoded, fingerprint=prints))


def test_a_certificate_that_nobody_vouches_for_is_told_at_once(secure: Nodes) -> None:
    for wrong in (
        Credentials(key="a2V5"),
        Credentials(key="a2V5", fingerprint="AB:" * 31 + "AB"),
    ):
        with pytest.raises(EngineConfigurationError, match="DATELINE_ENGINE_CA"):
            connect(secure.urls[0], wrong)


def test_a_wrong_key_or_password_is_told_at_once(
    secure: Nodes, password: Credentials
) -> None:
    authority = password.authority
    for wrong in (
        Credentials(authority=authority),
        Credentials(key="bm86bm8=", authority=authority),
        Credentials(user=password.user, password="secret no", authority=authority),
    ):
        with pytest.raises(EngineConfigurationError, match="refuses our key") as caught:
            connect(secure.urls[0], wrong)
        assert "secret no" not in str(caught.value)


def test_the_key_for_serving_reads_and_writes_and_makes_no_index(
    secure: Nodes, password: Credentials
) -> None:
    address = f"{secure.urls[0]}/dateline"
    serving = Credentials(key=key(secure, SERVE)[1], authority=password.authority)
    refused = pytest.raises(EngineUnavailableError, match="DATELINE_ENGINE")
    with closing(connect(address, serving)) as engine, refused:
        engine.search(SearchRequest())
    rebuilding = Credentials(key=key(secure, REBUILD)[1], authority=password.authority)
    with closing(connect(address, rebuilding)) as engine:
        engine.rebuild([])
    works(address, serving)
    with closing(connect(address, serving)) as engine:
        assert engine.delete([article(1).id]) == 1
        assert [one.id for one in engine.scan()] == []
        with pytest.raises(EngineUnavailableError):
            engine.rebuild([])


def test_a_key_that_is_taken_away_stops_working_and_is_not_tried_again(
    secure: Nodes, password: Credentials
) -> None:
    identity, encoded = key(secure, REBUILD, "revoked")
    given = Credentials(key=encoded, authority=password.authority)
    with closing(connect(f"{secure.urls[0]}/revoked", given)) as engine:
        engine.index([article(1)], refresh=True)
        ask(secure, "DELETE", "/_security/api_key", {"ids": [identity]})
        with pytest.raises(EngineUnavailableError, match="DATELINE_ENGINE") as caught:
            engine.search(SearchRequest())
        assert caught.value.retry_after == 60
        assert engine.health().status == "down"


def test_a_key_from_a_file_opens_the_archive_for_the_command_line(
    secure: Nodes, password: Credentials, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    file.write_text(key(secure, REBUILD, "shell")[1] + "\n")
    env = environment(
        engine=f"{secure.urls[0]}/shell",
        engine_key_file=str(file),
        engine_ca=password.authority or "",
    )
    command = [sys.executable, "-c", "from scripts.cli import main; main()"]
    made = subprocess.run(
        [*command, "rebuild"], env=env, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    file.write_text("bm86bm8=")
    refused = subprocess.run(
        [*command, "rebuild"], env=env, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert "refuses our key" in refused.stderr
    assert "Traceback" not in refused.stderr
