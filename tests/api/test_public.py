"""What a server says and does where others could reach it, and where it has a key."""

from pathlib import Path

import pytest

from scripts.serve import WARNING
from tests.api.live import serving

pytestmark = pytest.mark.server


def test_a_public_server_without_a_key_says_so_and_takes_no_writes(
    tmp_path: Path,
) -> None:
    with serving(tmp_path, host="0.0.0.0", workers="1") as server:
        said = server.log.read_text().splitlines()[0]
        assert said == WARNING.format(host="0.0.0.0")
        answer = server.ask("/v1/articles", "POST", {"title": "x"})
        assert answer.status == 403
        assert answer.json["type"] == "/problems/writes-refused"
        assert server.ask("/v1/articles").status == 200


def test_a_server_with_a_key_never_logs_it(tmp_path: Path) -> None:
    key = "a-key-for-this-test"
    with serving(tmp_path, write_key=key, workers="1") as server:
        body = {"title": "x", "published_at": "2024"}
        assert server.ask("/v1/articles", "POST", body).status == 401
        right = {"Authorization": f"Bearer {key}"}
        assert server.ask("/v1/articles", "POST", body, right).status == 201
        assert server.ask(f"/v1/articles?api_key={key}").status == 400
    assert key not in server.log.read_text()
    assert len(server.lines()) >= 3
