"""Every error becomes a problem, here; nothing of a library's own words gets out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from flask import Flask, current_app
from flask.typing import ResponseReturnValue
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from api.logs import LONGEST
from api.problems import Problem
from api.request import at_hand
from schemas.problems import Invalid, ParameterError
from search import errors
from search.query.nearest import nearest

log = structlog.get_logger("dateline")

_BY_STATUS = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    408: "timeout-request",
    409: "conflict",
    412: "precondition-failed",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid-body",
    428: "precondition-required",
}


def register(app: Flask) -> None:
    """Make every error of the application a problem."""
    app.register_error_handler(Exception, _answer)


def _answer(error: Exception) -> ResponseReturnValue:
    return problem_of(error).response()


def problem_of(error: Exception) -> Problem:
    """Return the problem that an error becomes; the first row that fits counts."""
    for kind, translate in _TRANSLATIONS:
        if isinstance(error, kind):
            return translate(error)
    _log("unexpected error", error)
    return Problem("internal", "Something went wrong on our side.")


def _log(event: str, error: Exception) -> None:
    asked = at_hand()
    known = {"request_id": asked.request_id, "path": asked.path[:LONGEST]}
    log.error(event, exc_info=error, **known)


def _http(error: HTTPException) -> Problem:
    code = error.code or 500
    slug = _BY_STATUS.get(code, "bad-request" if 400 <= code < 500 else "internal")
    kept = {
        name: value
        for name, value in error.get_headers()
        if name.lower() not in ("content-type", "content-length")
    }
    return Problem(slug, headers=kept)


def _no_method(error: MethodNotAllowed) -> Problem:
    taken = sorted({*(error.valid_methods or ())} - {"HEAD", "OPTIONS"})
    detail = f"This path takes {', '.join(taken)}."
    return Problem("method-not-allowed", detail, headers=_http(error).headers)


def _no_path(_: NotFound) -> Problem:
    asked = at_hand().path
    paths = [rule.rule for rule in current_app.url_map.iter_rules()]
    begun = {path.partition("/<")[0]: path for path in paths if path.endswith(">")}
    if path := begun.get(asked.rstrip("/")):
        shown = path.replace("<", "{").replace(">", "}")
        return Problem("not-found", f"Say which one: {shown} is a path.")
    whole = (path for path in paths if "<" not in path)
    return Problem(
        "not-found", suggestion=nearest(asked, whole) or _meant(asked, begun)
    )


def _meant(asked: str, begun: Iterable[str]) -> str | None:
    """Return the path of one thing with its kind as it is called here."""
    kind, _, name = asked.rpartition("/")
    known = nearest(kind, begun)
    return f"{known}/{name}" if known and name and len(name) <= LONGEST else None


def _parameter(error: ParameterError) -> Problem:
    return Problem(
        error.slug,
        error.detail,
        parameter=error.parameter,
        position=error.position,
        context=error.context,
        suggestion=error.suggestion,
    )


def _invalid(error: Invalid) -> Problem:
    faults = [{"pointer": f.pointer, "detail": f.detail} for f in error.faults]
    return Problem("invalid-body", str(error), errors=faults)


def _query(error: errors.QueryError) -> Problem:
    slug = "invalid-query"
    if isinstance(error, errors.QuerySyntaxError):
        slug = "query-syntax"
    elif isinstance(error, errors.QueryTooComplexError):
        slug = "query-too-complex"
    return Problem(
        slug,
        error.detail,
        parameter="q",
        position=error.start,
        suggestion=error.suggestion,
    )


def _away(error: errors.EngineUnavailableError) -> Problem:
    slug = "busy" if isinstance(error, errors.EngineBusyError) else "unavailable"
    seconds = max(1, round(error.retry_after or 1))
    return Problem(slug, str(error), headers={"Retry-After": str(seconds)})


def _engine(error: errors.EngineError) -> Problem:
    _log("engine error", error)
    return Problem("internal", "The engine failed on our side.")


def _as(slug: str) -> Callable[[Any], Problem]:
    return lambda error: Problem(slug, str(error))


_TRANSLATIONS: tuple[tuple[type[Exception], Callable[[Any], Problem]], ...] = (
    (Problem, lambda problem: problem),
    (NotFound, _no_path),
    (MethodNotAllowed, _no_method),
    (HTTPException, _http),
    (
        ParseException,
        lambda _: Problem("bad-request", "The body's chunks are malformed."),
    ),
    (ParameterError, _parameter),
    (Invalid, _invalid),
    (errors.QueryError, _query),
    (
        errors.CursorError,
        lambda e: Problem("invalid-cursor", str(e), parameter="cursor"),
    ),
    (errors.ArticleNotFoundError, _as("not-found")),
    (errors.EntityNotFoundError, _as("not-found")),
    (errors.ConflictError, _as("precondition-failed")),
    (errors.ArticleError, _as("invalid-body")),
    (errors.EngineUnavailableError, _away),
    (errors.EngineTimeoutError, _as("timeout")),
    (errors.EngineError, _engine),
)
