"""This view in these formats: by the suffix of its path, or by `Accept`.

A view is written once and told which format is wanted:

    @offered(
        blp,
        "/timeline",
        Format("json", JSON, view_answers.SERIES, series.dump),
        Format("csv", CSV, answers.TEXT, series.dump_table, file="timeline.csv"),
        query=VIEWS["timeline"],
    )
    def timeline(form: Format) -> Response:
        return answer(asked("timeline"), form.kind, form.dump)

serves `/timeline` (the first one where the client does not mind), `/timeline.json` and
`/timeline.csv`, and documents all three. The suffix wins over `Accept`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias

from flask import Response, request
from flask.globals import request_ctx

from api.openapi import Blueprint, Parameters, documented
from api.problems import Problem
from api.varying import vary

ATOM = "application/atom+xml"
CSV = "text/csv"
GRAPHML = "application/graphml+xml"
JSONFEED = "application/feed+json"
JSONLD = "application/ld+json"
NDJSON = "application/x-ndjson"
NINJS = "application/ninjs+json"
PLAIN = "text/plain"
RSS = "application/rss+xml"
"""Media types beside JSON, by the name that a suffix has."""

Offer: TypeAlias = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Format:
    """One form of an answer.

    `suffix` stands behind the dot of its path, None where there is only `Accept`;
    `kind` is its media type and `schema` what the document says of it. `dump` makes its
    bytes. With `file`, a browser saves it under this name; `{name}` is the path's part.
    `query` are its parameters where they are not those of the other formats, and `view`
    what answers in this one instead of the others' view.
    """

    suffix: str | None
    kind: str
    schema: Any
    dump: Callable[..., Any]
    file: str | None = None
    query: Parameters | None = None
    view: Callable[[Format], Response] | None = None


def offered(
    blp: Blueprint,
    path: str,
    *formats: Format,
    query: Parameters | None = None,
    problems: tuple[int, ...] = (),
    headers: tuple[str, ...] = ("If-None-Match",),
) -> Callable[[Offer], Offer]:
    """Serve a view at `path` in all formats, and each at the path with its suffix.

    The view is called with the format, then with the parts of the path by name.
    `query`, `problems` and `headers` are what `documented` takes.
    """

    def serve(view: Offer) -> Offer:
        def route(rule: str, name: str, forms: tuple[Format, ...], reads: str) -> None:
            served = _negotiating(view, forms) if reads else _fixed(view, forms[0])
            served.__name__, served.__module__ = name, view.__module__
            served.__doc__ = (view if reads else forms[0].view or view).__doc__
            kinds = {form.kind: form.schema for form in forms}
            note = documented(
                query=query if reads else forms[0].query or query,
                answers={200: kinds, 304: {}},
                problems=problems,
                headers=(reads, *headers) if reads else headers,
            )
            blp.route(rule, methods=["GET"])(note(served))

        route(path, view.__name__, formats, "Accept")
        for form in formats:
            if form.suffix:
                name = f"{view.__name__}_{form.suffix}"
                route(f"{path}.{form.suffix}", name, (form,), "")
        return view

    return serve


def accepted(*kinds: str) -> str:
    """Return the kind of answer that the client likes best, of those there are.

    Raises Problem if it takes none of them.
    """
    wanted = request_ctx.request.environ.get("HTTP_ACCEPT", "*/*")
    if wanted in ("*/*", kinds[0]):
        return kinds[0]
    best = request.accept_mimetypes.best_match(kinds) if wanted else kinds[0]
    if best is None:
        raise Problem("not-acceptable", f"This path answers {' or '.join(kinds)}.")
    return best


def _negotiating(view: Offer, formats: tuple[Format, ...]) -> Offer:
    by_kind = {form.kind: form for form in formats}

    def negotiating(**parts: str) -> Response:
        form = by_kind[accepted(*by_kind)]
        response = _named((form.view or view)(form, **parts), form, parts)
        vary(response, "Accept")
        return response

    return negotiating


def _fixed(view: Offer, form: Format) -> Offer:
    def fixed(**parts: str) -> Response:
        return _named((form.view or view)(form, **parts), form, parts)

    return fixed


def _named(response: Response, form: Format, parts: dict[str, str]) -> Response:
    if form.file and response.status_code == HTTPStatus.OK:
        file = form.file.format(**parts)
        response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response
