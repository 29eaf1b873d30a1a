"""What it costs to tell a client that it has the answer already."""

import sys
from collections.abc import Iterator
from types import FrameType

import pytest
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from api.logs import configure
from api.settings import Settings
from search.connection import connect
from tests.application import application
from tests.corpus import article

MOST = 450  # calls; the shortest list of articles takes 700


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    settings = Settings(log="off")
    configure(settings)  # what a line costs is the same for both
    engine = connect(f"embedded:{tmp_path_factory.mktemp('known') / 'archive'}")
    engine.index((article(number) for number in range(2_000)), refresh=True)
    yield application(settings, engine).test_client()
    engine.close()
    configure(Settings())


def calls(client: FlaskClient, path: str, known: dict[str, str]) -> tuple[int, int]:
    """Return the status, and how many functions the application calls for an answer.

    Unlike a time, that is the same on a busy machine.
    """
    environ = EnvironBuilder(path, headers=known).get_environ()
    told: list[str] = []
    count = 0

    def note(_frame: FrameType, event: str, _given: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        answer = client.application(environ, lambda status, *_: told.append(status))
        for _ in answer:
            pass
    finally:
        sys.setprofile(None)
    if hasattr(answer, "close"):
        answer.close()
    return int(told[0][:3]), count


@pytest.mark.parametrize(
    "path",
    [
        "/v1/articles?q=bank&facet=company,person,tag&highlight=title,body",
        "/v1/articles.ndjson?q=bank",
        "/v1/articles.csv?tag=energy",
        "/v1/articles?q=bank",
        "/v1/articles?limit=10",
        "/v1/articles?company=apple",
    ],
)
def test_a_known_answer_takes_few_steps_whatever_the_question_takes(
    path: str, client: FlaskClient
) -> None:
    known = {"If-None-Match": client.get(path).headers["ETag"]}
    assert client.get(path, headers=known).status_code == 304
    status, full = calls(client, path, {})
    assert status == 200
    status, short = calls(client, path, known)
    assert status == 304
    assert short <= MOST < full
