"""Anything in `q`: an answer or a refusal, soon, from the application on the engine."""

import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings, strategies as st

from api.settings import Settings
from search.connection import connect
from tests.api.archive import articles
from tests.application import application

THOROUGH = settings().max_examples >= 500
MANY = settings(
    max_examples=10_000 if THOROUGH else 400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
SECONDS = 5
"""Far above what any `q` takes: on a busy machine, too, a hang is more."""

PIECES = st.sampled_from(
    [
        *('"', "'", "“", "”", "«", "(", ")", "[", "{", "\\", "/", ":", "*", "~", "^"),
        *(
            "AND",
            "OR",
            "NOT",
            "&&",
            "||",
            "-",
            "--",
            "+",
            "!",
            "?",
            "..",
            "TO",
            "\u200e",
        ),
        *("title:", "company:", "tag:(", "nofield:", "body:*", "_exists_:", "lang:"),
        *(
            "~2",
            "~99",
            "*a",
            "a*",
            "***",
            "tax",
            "carbon",
            "łódź",
            "東京",
            "🙂",
            "\ufeff",
        ),
        *("\x00", "\x07", "\n", "\t", "\u202e", "\u0301", "é", "©♭", "a" * 300, "%00"),
    ]
)
QUERIES = st.one_of(
    st.lists(PIECES, max_size=12).map(" ".join),
    st.lists(PIECES, max_size=12).map("".join),
    st.text(max_size=40),
    st.text(alphabet='"()*~:-\\ aO R', max_size=40),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("fuzz")
    with closing(connect(f"embedded:{folder / 'data'}")) as engine:
        engine.index(articles(), refresh=True)
        yield application(Settings(log="off"), engine).test_client()


def asked(client: FlaskClient, **parameters: str) -> int:
    """Return the status of an answer, which must be whole and come soon."""
    query = urlencode(parameters, errors="surrogatepass")
    started = time.monotonic()
    answer = client.get(f"/v1/articles?limit=2&facet=tag&highlight=title,body&{query}")
    assert time.monotonic() - started < SECONDS
    body = answer.json
    assert body is not None
    if answer.status_code == 400:
        assert body["detail"]
        assert body["type"].startswith("/problems/")
        position = body.get("position")
        assert position is None or 0 <= position <= len(parameters[body["parameter"]])
    else:
        assert body["total"]["value"] >= len(body["items"])
    return answer.status_code


@given(QUERIES)
@example("(" * 20_000)
@example(")" * 20_000)
@example('"' * 100_000)
@example("x " * 50_000)
@example("AND AND")
@example("*")
@example("\x00")
@example("\ud800")
@MANY
def test_any_question_is_answered_or_refused(client: FlaskClient, q: str) -> None:
    assert asked(client, q=q) in (200, 400)


@given(QUERIES)
@MANY
def test_a_simple_question_is_refused_only_for_what_no_text_may_have(
    client: FlaskClient, q: str
) -> None:
    status = asked(client, **{"q": q, "q.syntax": "simple"})
    printable = all(c.isprintable() or c in "\t\n\r" for c in q)
    assert status == 200 or (status == 400 and (not printable or len(q) > 1_000))


@given(
    st.sampled_from(("company", "tag.not", "from", "cursor", "tz", "sort", "facet")),
    QUERIES,
)
@settings(MANY, max_examples=1_000 if THOROUGH else 200)
def test_any_value_of_a_parameter_is_answered_or_refused(
    client: FlaskClient, name: str, value: str
) -> None:
    assert asked(client, **{"q": "tax", name: value}) in (200, 400)


@pytest.mark.parametrize("q", ["©♭", "°", "♭♭", "—", "…", "🙂"])
def test_a_question_without_words_finds_nothing_and_not_everything(
    client: FlaskClient, q: str
) -> None:
    answer = client.get("/v1/articles", query_string={"q": q}).json or {}
    assert answer["total"]["value"] == 0
    assert [warning["code"] for warning in answer["warnings"]] == ["empty-query"]
