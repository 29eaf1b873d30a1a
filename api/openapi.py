"""The one file that knows flask-smorest: blueprints, documentation, the document.

Views are documented, not wrapped: `documented` only notes what a view takes and answers,
so that a request pays nothing for it. Parameters are loaded by `schemas.queries`, which
refuses what webargs would let pass (unknown and repeated ones).
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from http import HTTPStatus
from string import punctuation
from typing import Any, TypeAlias, TypeVar
from urllib.parse import parse_qsl, quote

import flask_smorest
from flask import Flask
from marshmallow import Schema

from api.document import tidy
from api.problems import KINDS, TYPE
from api.request import at_hand
from schemas.problems import ProblemSchema

View = TypeVar("View", bound=Callable[..., Any])
Parameters: TypeAlias = Schema
"""What declares the parameters of a path."""

VERSION = "1.0.0"

ALWAYS = (400, 406, 500, 503, 504)
"""The problems that any view may end in."""

JSON = "application/json"

_SENT = {
    "WWW-Authenticate": {KINDS["unauthorized"].status},
    "Retry-After": {KINDS["unavailable"].status},
}
"""Headers that answers of these statuses always have."""


class Blueprint(flask_smorest.Blueprint):
    """A resource whose views are documented."""


class Api(flask_smorest.Api):
    """The document; errors are handled by `api.translations`, not here."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_RESPONSE_CONTENT_TYPE = JSON
    DEFAULT_ERROR_RESPONSE_NAME = None  # every status is named

    def _register_error_handlers(self) -> None:
        """Leave errors alone: flask-smorest would drop their headers (trap 4)."""


def documented(
    *,
    query: Schema | None = None,
    body: dict[str, Any] | None = None,
    answers: dict[int, dict[str, Any]] | None = None,
    problems: tuple[int, ...] = (),
    headers: tuple[str, ...] = (),
) -> Callable[[View], View]:
    """Note what a view takes and answers, for the document.

    `query`: schema of its parameters. `body` and each value of `answers`: media type to
    schema (a marshmallow instance or a dict), {} for an empty answer. `headers`: names
    of request headers that it reads. `problems`: statuses beyond `ALWAYS`.
    """

    def note(view: View) -> View:
        name = view.__name__
        operation: dict[str, Any] = {"responses": _responses(answers or {}, problems)}
        operation["parameters"] = [
            {"in": "header", "name": name, "schema": {"type": "string"}}
            for name in headers
        ]
        if query is not None:
            operation["parameters"].append({"in": "query", "schema": query})
        if body:
            operation["requestBody"] = {"required": True, "content": _content(body)}
        if KINDS["unauthorized"].status in problems:
            operation["security"] = [{"write": []}, {}]
        operation["operationId"] = f"{view.__module__.removeprefix('api.')}.{name}"
        view._apidoc = {"manual_doc": operation}  # type: ignore[attr-defined]  # noqa: SLF001
        return view

    return note


def pairs() -> list[tuple[str, str]]:
    """Return the query string's decoded (name, value) pairs, all of them, as given.

    The guard has seen that they are UTF-8.
    """
    # Not request.args, which brings the values of a repeated name together, and fails
    # where one letter's bytes come partly raw and partly as %XX.
    raw = at_hand().query_string
    text = raw.decode() if raw.isascii() else quote(raw, safe=punctuation)
    return parse_qsl(text, keep_blank_values=True, errors="strict")


def create_api(app: Flask) -> Api:
    """Return the document of an application, empty yet."""
    app.config.update(
        API_TITLE="Dateline",
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "info": {
                "description": "News articles: full-text and faceted search.",
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "components": {
                "securitySchemes": {"write": {"type": "http", "scheme": "bearer"}}
            },
        },
    )
    return Api(app)


def document(api: Api) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    return tidy(deepcopy(api.spec.to_dict()))


def _responses(
    answers: dict[int, dict[str, Any]], problems: tuple[int, ...]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, media in answers.items():
        found[str(status)] = {"description": HTTPStatus(status).phrase}
        if media:
            found[str(status)]["content"] = _content(media)
    for status in sorted({*ALWAYS, *problems} - set(answers)):
        found[str(status)] = {
            "description": HTTPStatus(status).phrase,
            "content": _content({TYPE: ProblemSchema()}),
            "headers": _headers(status),
        }
    return found


def _headers(status: int) -> dict[str, Any]:
    names = [name for name, statuses in _SENT.items() if status in statuses]
    return {name: {"required": True, "schema": {"type": "string"}} for name in names}


def _content(media: dict[str, Any]) -> dict[str, Any]:
    return {kind: {"schema": schema} for kind, schema in media.items()}
