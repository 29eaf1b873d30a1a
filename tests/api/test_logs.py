"""What stands in the log, and what never does."""

import io
import json
import logging

from api.logs import configure
from api.settings import Settings
from tests.application import application
from tests.reference import ReferenceEngine

KEY = "sesame-sesame-sesame"


def logged(kind: str, *paths: str, **headers: str) -> str:
    """Return what is logged while a client asks for these paths."""
    client = application(Settings(write_key=KEY), ReferenceEngine()).test_client()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure(Settings(log=kind))
    stream = io.StringIO()
    try:
        [handler] = root.handlers
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(stream)
        for path in paths:
            client.get(path, headers=headers)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    return stream.getvalue()


def test_the_log_has_one_object_a_line_whatever_is_asked() -> None:
    text = logged(
        "json",
        "/x%0a%7B%22event%22:%22forged%22%7D",
        "/v1/count?q=%0d%0aforged",
        "/v1/count?q=\x85\u2028forged",
        "/%ff%fe",
        "/" + "long" * 1_000,
    )
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["status"] for line in lines] == [404, 200, 200, 404, 404]
    assert all(line["event"] == "request" for line in lines)
    assert all(len(line["path"]) <= 256 for line in lines)
    assert all(len(line["request_id"]) == 32 for line in lines)


def test_a_log_for_people_has_one_line_a_request() -> None:
    text = logged("text", "/x%0aforged", "/v1/count?q=%1b[31m")
    assert len(text.splitlines()) == 2
    assert "\x1b" not in text


def test_no_key_stands_in_the_log() -> None:
    text = logged(
        "json",
        f"/v1/articles?api_key={KEY}",
        f"/v1/articles?q=x&Token={KEY}&author=Ann",
        f"/v1/count?access_token={KEY}",
        Authorization=f"Bearer {KEY}",
    )
    assert len(text.splitlines()) == 3
    assert KEY not in text
    assert "author=Ann" in text


def test_a_log_that_is_off_says_nothing() -> None:
    root = logging.getLogger()
    handlers = root.handlers[:]
    try:
        configure(Settings(log="off"))
        assert [type(each) for each in root.handlers] == [logging.NullHandler]
    finally:
        root.handlers[:] = handlers


def test_probes_are_not_logged() -> None:
    assert logged("json", "/healthz", "/readyz", "/metrics") == ""
