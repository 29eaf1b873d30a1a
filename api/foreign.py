"""Articles that arrive in other people's formats."""

from __future__ import annotations

import orjson
from flask import Response, request

from api.current import engine, now, settings, workshop
from api.incoming import check_plain, whole
from api.openapi import JSON
from api.problems import Problem
from schemas.answers import TEXT
from schemas.formats.arriving import dates_in
from schemas.formats.drafts import Draft, UnreadableError
from schemas.formats.packets import Job
from schemas.formats.recognising import HEAD, NDJSON, TYPES, recognise
from schemas.formats.workshop import BusyError
from schemas.given import Given
from schemas.problems import Fault, Invalid, ParameterError
from schemas.reports import Label, Options, Report, index_lines

BODIES = dict.fromkeys(("text/plain", "text/html"), TEXT)
"""What the document says of bodies; the manual lists all types."""

_UNNAMED = ("application/x-www-form-urlencoded", "application/octet-stream")
"""What clients say that do not say anything: then the format is recognised."""

_TABLE = "csv"
_BUSY = "Too many foreign texts are being read at once. Send it again later."

_SIMPLE = ("text/plain", "application/x-www-form-urlencoded")
"""What a page of anybody may have a browser send here without asking us."""


def is_sent() -> bool:
    """Say whether the body is in a foreign format."""
    return request.mimetype in TYPES or request.mimetype in _UNNAMED


def add(given: Given, label: Label) -> Response:
    """Add the articles of a foreign text, labelled, and report on each of them."""
    check_plain()
    _check_sender()
    if "restore" in given:
        raise ParameterError("restore", "Only our own JSON has versions. Leave it out.")
    data = whole()
    kind = TYPES.get(request.mimetype) or recognise(data[:HEAD])
    if not data.strip():
        raise Invalid([Fault("", "There is no text in it.")])
    if kind == NDJSON:
        raise Problem(
            "unsupported-media-type",
            f"Send {JSON} or application/x-ndjson and say so: Content-Type.",
        )
    return _reported(_job(data, kind, given), given, label)


def _job(data: bytes, kind: str, given: Given) -> Job:
    if "column" in given and kind != _TABLE:
        raise ParameterError("column", "Only a CSV has columns. Leave it out.")
    charset = request.mimetype_params.get("charset")
    return Job(data, kind, charset, given["column"] or None)


def _read(job: Job) -> list[Draft]:
    try:
        return workshop().read(job)
    except UnreadableError as error:
        raise Invalid([Fault("", str(error))]) from None
    except BusyError as error:
        seconds = {"Retry-After": f"{error.retry_after:.0f}"}
        raise Problem("busy", _BUSY, headers=seconds) from None


def _reported(job: Job, given: Given, label: Label) -> Response:
    drafts = _read(job)
    report = Report(everything=given["report"] == "all" or "report" not in given)
    options = Options(
        now(),
        given["refresh"],
        given["dry_run"],
        label=label,
        known=dates_in(engine()),
    )
    index_lines(engine(), enumerate(drafts, start=1), report, options)
    if not report.accepted:
        detail = "No article was accepted. `errors` says why, one by one."
        raise Problem("invalid-body", detail, **report.dump())
    return Response(orjson.dumps(report.dump()), mimetype=JSON)


def _check_sender() -> None:
    """Refuse what a page of somebody else sends in the name of whoever looks at it."""
    if settings().write_key is not None or request.mimetype not in _SIMPLE:
        return  # then a browser has to ask before it sends
    origin = request.headers.get("Origin", request.host_url).rstrip("/")
    site = request.headers.get("Sec-Fetch-Site", "none")
    if origin != request.host_url.rstrip("/") or site not in ("none", "same-origin"):
        detail = "A page of another site may not send this type. Send application/json."
        raise Problem("forbidden", detail)
