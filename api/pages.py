"""The document and the page that shows it; every asset is our own copy."""

from __future__ import annotations

import mimetypes
from functools import cache
from importlib.resources import files

import orjson
from flask import Blueprint, Response

from api.openapi import Api, document
from api.problems import Problem

_ASSETS = ("swagger-ui-bundle.js", "swagger-ui.css", "docs.js", "docs.css")
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


def create(api: Api) -> Blueprint:
    """Return the blueprint of /v1/openapi.json and /docs."""
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/v1/openapi.json", "document", _document(api))
    pages.add_url_rule("/docs", "docs", _docs)
    pages.add_url_rule("/docs/<name>", "asset", _asset)
    return pages


def _document(api: Api):  # type: ignore[no-untyped-def]
    @cache
    def body() -> bytes:
        return orjson.dumps(document(api), option=orjson.OPT_INDENT_2)

    return lambda: Response(body(), mimetype="application/json")


def _docs() -> Response:
    page = Response(_PAGE, mimetype="text/html")
    page.headers["Content-Security-Policy"] = _POLICY
    return page


def _asset(name: str) -> Response:
    if name not in _ASSETS:
        raise Problem("not-found")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    answer = Response(_read(name), mimetype=kind)
    answer.headers["Cache-Control"] = _DAY
    return answer


@cache
def _read(name: str) -> bytes:
    folder = "swagger-ui" if name.startswith("swagger-ui") else "docs"
    return files("api").joinpath("static", folder, name).read_bytes()
