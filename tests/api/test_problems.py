"""Every kind of problem: reached by a request, and said in our own words."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug import exceptions
from werkzeug.test import TestResponse

from api.problems import KINDS, TYPE
from api.settings import Settings
from api.translations import problem_of
from schemas.problems import ProblemSchema
from search import errors
from search.article import ArticleId, StoredArticle
from search.request import SearchRequest
from search.result import Health, SearchResult
from tests.api.archive import article, articles
from tests.application import application
from tests.reference import ReferenceEngine

KEY = "a-key-of-some-length"
HERE = "/v1/articles/a001"
NEW = {"title": "A title", "published_at": "2024"}
SECRET = "/srv/secret.db at db.internal"


class Failing(ReferenceEngine):
    """Fails whenever it is asked something."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def search(self, request: SearchRequest, /) -> SearchResult:
        raise self.error

    def health(self) -> Health:
        return Health("down", "It is away.")


class Contested(ReferenceEngine):
    """Somebody else always writes just before we do."""

    def get(self, article_id: ArticleId, /) -> StoredArticle:
        stored = super().get(article_id)
        self.index([article(1, title=f"Version {stored.version}")])
        return stored


@pytest.fixture
def client(engine: ReferenceEngine, client: FlaskClient) -> FlaskClient:
    engine.index(articles(5))
    return client


def asking(engine: ReferenceEngine, settings: Settings | None = None) -> FlaskClient:
    return application(settings or Settings(), engine).test_client()


def failing(error: Exception) -> TestResponse:
    return asking(Failing(error)).get("/v1/count")


def contested() -> TestResponse:
    engine = Contested()
    engine.index([article(1)])
    client = asking(engine)
    return client.put(HERE, json=NEW, headers={"If-Match": "*"})


def keyed(**headers: str) -> TestResponse:
    client = asking(ReferenceEngine(), Settings(write_key=KEY))
    return client.post("/v1/articles", json=NEW, headers=headers)


# What to ask for each kind of problem.
ASKED: dict[str, Callable[[FlaskClient], TestResponse]] = {
    "bad-request": lambda c: c.get("/v1/count?q=%ff"),
    "invalid-parameter": lambda c: c.get("/v1/articles?limit=many"),
    "unknown-parameter": lambda c: c.get("/v1/articles?limits=5"),
    "query-syntax": lambda c: c.get('/v1/articles?q="open'),
    "invalid-query": lambda c: c.get("/v1/articles?q=titel:x"),
    "query-too-complex": lambda c: c.get("/v1/articles?q=" + "x " * 70),
    "invalid-cursor": lambda c: c.get("/v1/articles?cursor=x"),
    "strict": lambda c: c.get("/v1/articles?company=nobody&strict=true"),
    "unauthorized": lambda _: keyed(),
    "forbidden": lambda _: keyed(Authorization="Bearer wrong"),
    "writes-refused": lambda _: asking(
        ReferenceEngine(), Settings(host="0.0.0.0")
    ).post("/v1/articles", json=NEW),
    "not-found": lambda c: c.get("/v1/articles/nobody"),
    "method-not-allowed": lambda c: c.post("/v1/count"),
    "not-acceptable": lambda c: c.get("/v1/count", headers={"Accept": "image/png"}),
    "conflict": lambda _: contested(),
    "precondition-failed": lambda c: c.put(HERE, json=NEW, headers={"If-Match": '"1"'}),
    "too-large": lambda c: c.post("/v1/search", data=b" " * 1_000_001, headers=JSON),
    "unsupported-media-type": lambda c: c.post("/v1/articles", data="<a/>"),
    "invalid-body": lambda c: c.post("/v1/articles", json={}),
    "precondition-required": lambda c: c.put(HERE, json=NEW),
    "internal": lambda _: failing(ValueError(SECRET)),
    "unavailable": lambda _: failing(errors.EngineUnavailableError("Away.")),
    "busy": lambda _: failing(errors.EngineBusyError("Full.", retry_after=7.2)),
    "timeout": lambda _: failing(errors.EngineTimeoutError("Too slow.")),
}
JSON = {"Content-Type": "application/json"}


def checked(answer: TestResponse, slug: str) -> Any:
    """Return the body of a problem of this kind, whole and well-formed."""
    body = answer.json
    assert answer.mimetype == TYPE, answer.text
    assert body["type"] == f"/problems/{slug}", body
    assert (answer.status_code, body["title"]) == (
        KINDS[slug].status,
        KINDS[slug].title,
    )
    assert body["status"] == answer.status_code
    assert body["request_id"] == answer.headers["X-Request-ID"]
    assert body["detail"].endswith((".", "?", "!")) or "\n" in body["detail"], body
    return body


@pytest.mark.parametrize("slug", ASKED)
def test_every_kind_of_problem_is_told_whole(slug: str, client: FlaskClient) -> None:
    checked(ASKED[slug](client), slug)


UNREAD = {"address-too-long", "headers-too-large"}
"""What never reaches the application: told at the wire, in test_broken_exports."""


def test_only_a_slow_client_is_told_by_a_translation_alone(app: Flask) -> None:
    assert set(KINDS) - set(ASKED) - UNREAD == {"timeout-request"}
    with app.test_request_context():
        answer = problem_of(exceptions.RequestTimeout()).response()
    assert answer.status_code == KINDS["timeout-request"].status
    assert (answer.json or {})["type"] == "/problems/timeout-request"


@pytest.mark.parametrize("slug", ["busy", "unavailable"])
def test_an_engine_that_is_away_says_when_to_ask_again(
    slug: str, client: FlaskClient
) -> None:
    answer = ASKED[slug](client)
    assert answer.headers["Retry-After"] == {"busy": "7", "unavailable": "5"}[slug]


def test_readiness_without_an_engine_is_a_problem() -> None:
    answer = asking(Failing(ValueError())).get("/readyz")
    assert checked(answer, "unavailable")["detail"] == "It is away."
    assert int(answer.headers["Retry-After"]) > 0


def test_a_method_that_does_not_fit_is_told_which_would(client: FlaskClient) -> None:
    answer = client.delete("/v1/count")
    assert {*answer.headers["Allow"].split(", ")} == {"GET", "HEAD", "OPTIONS"}


def test_a_write_without_the_key_is_told_how_to_send_it(client: FlaskClient) -> None:
    assert ASKED["unauthorized"](client).headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "error",
    [
        ValueError(SECRET),
        RecursionError(SECRET),
        MemoryError(SECRET),
        errors.EngineError(SECRET),
        errors.EngineConfigurationError(SECRET),
        exceptions.InternalServerError(SECRET),
        exceptions.BadGateway(SECRET),
    ],
)
def test_nothing_of_an_unexpected_error_gets_out(error: Exception) -> None:
    answer = failing(error)
    body = checked(answer, "internal")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert set(body) == {"type", "title", "status", "detail", "request_id"}


@pytest.mark.parametrize(
    "error", [exceptions.ImATeapot(), exceptions.RequestURITooLarge()]
)
def test_a_fault_of_the_client_is_never_called_ours(error: Exception) -> None:
    checked(failing(error), "bad-request")


@pytest.mark.parametrize("slug", KINDS)
def test_every_kind_of_problem_has_a_page(slug: str, client: FlaskClient) -> None:
    page = client.get(f"/problems/{slug}")
    assert page.mimetype == "text/plain"
    assert KINDS[slug].title in page.text
    assert KINDS[slug].advice in page.text
    told = client.get(f"/problems/{slug}", headers={"Accept": "application/json"}).json
    assert told["status"] == KINDS[slug].status
    assert told["type"] == f"/problems/{slug}"


def test_there_is_no_page_of_an_unknown_problem(client: FlaskClient) -> None:
    checked(client.get("/problems/none"), "not-found")


@pytest.mark.parametrize("slug", ["query-syntax", "invalid-body", "internal"])
def test_a_problem_fits_its_schema(slug: str, client: FlaskClient) -> None:
    body = ASKED[slug](client).json
    assert ProblemSchema().validate(body) == {}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("application/json", '{"q": "x"}'),
        ("application/x-www-form-urlencoded", "q=x&company=shell"),
    ],
)
def test_a_body_that_ends_early_is_not_taken_for_a_whole_one(
    kind: str, text: str, client: FlaskClient
) -> None:
    body = io.BytesIO(text.encode())
    answer = client.post(
        "/v1/search",
        input_stream=body,
        content_type=kind,
        environ_overrides={"CONTENT_LENGTH": "40"},
    )
    assert "early" in checked(answer, "bad-request")["detail"]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/v1/artcles", "/v1/articles"),
        ("/v1/articles.cvs", "/v1/articles.csv"),
        ("/articles", "/v1/articles"),
        ("/v1/timelin", "/v1/timeline"),
        ("/xyz", None),
        ("/v1/" + "x" * 5000, None),
    ],
)
def test_a_path_that_is_not_there_names_the_nearest(
    path: str, meant: str | None, client: FlaskClient
) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert (answer.json or {}).get("suggestion") == meant
