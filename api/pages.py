"""The document and the page that shows it; every asset is our own copy."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files

import orjson
from flask import Response

from api.openapi import JSON, Api, Blueprint, document, documented
from api.problems import KINDS, Problem

_ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "docs.js": "text/javascript",
    "docs.css": "text/css",
}
_DAY = "public, max-age=86400"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Dateline API</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/docs.css">
<div id="docs"><noscript>The document itself: <a href="/v1/openapi.json">/v1/openapi.json</a></noscript></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/docs.js"></script>
</html>
"""


_TEXT = {"type": "string"}


def create(api: Api) -> Blueprint:
    """Return the blueprint of /v1/openapi.json and /docs, and of / that shows it too."""
    blp = Blueprint("pages", __name__, description="The document, and its page.")
    blp.route("/v1/openapi.json", methods=["GET"])(_shows(api))
    blp.route("/", methods=["GET"])(entrance)
    blp.route("/docs", methods=["GET"])(docs)
    blp.route("/docs/<name>", methods=["GET"])(asset)
    return blp


def _shows(api: Api) -> Callable[[], Response]:
    @cache
    def body() -> bytes:
        return orjson.dumps(document(api), option=orjson.OPT_INDENT_2)

    @documented(answers={200: {JSON: {"type": "object"}}})
    def openapi() -> Response:
        """Show this document, OpenAPI 3.1."""
        return Response(body(), mimetype=JSON)

    return openapi


@documented(answers={200: {"text/html": _TEXT}})
def docs() -> Response:
    """Show the document as a page to read and to try."""
    page = Response(_PAGE, mimetype="text/html")
    page.headers["Content-Security-Policy"] = _POLICY
    return page


@documented(answers={200: {"text/html": _TEXT}})
def entrance() -> Response:
    """Show the same page to who opens the server's address in a browser."""
    return docs()


@documented(
    answers={200: {"text/javascript": _TEXT, "text/css": _TEXT}},
    problems=(KINDS["not-found"].status,),
)
def asset(name: str) -> Response:
    """Send a file that the page needs."""
    if name not in _ASSETS:
        raise Problem("not-found")
    answer = Response(_read(name), mimetype=_ASSETS[name])
    answer.headers["Cache-Control"] = _DAY
    return answer


@cache
def _read(name: str) -> bytes:
    folder = "swagger-ui" if name.startswith("swagger-ui") else "docs"
    return files("api").joinpath("static", folder, name).read_bytes()
