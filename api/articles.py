"""One article: read, replace, remove. One or many: write."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from urllib.parse import quote

import orjson
from flask import Response
from werkzeug.exceptions import HTTPException

from api import conditions, foreign
from api.current import engine, labeller, now, settings
from api.formats import JSONLD, NDJSON, NINJS, Format, accepted, offered
from api.incoming import Body, check_type, whole
from api.openapi import JSON, Blueprint, documented, pairs
from api.problems import KINDS, Problem
from api.translations import problem_of
from schemas import shown, writes
from schemas.answers import TEXT
from schemas.articles import ArticleSchema, load_json
from schemas.formats import newsarticle, ninjs31
from schemas.formats.ndjson import Line, lines
from schemas.given import Given
from schemas.problems import Fault, ParameterError
from schemas.reports import Label, Options, Report, ReportSchema, index_lines
from search.article import Article, ArticleId, Version
from search.errors import ArticleNotFoundError, ConflictError
from search.result import Outcome

MOST_TRIES = 5
"""How often `If-Match: *` is tried while others write the same article."""

blp = Blueprint("articles", __name__, description="Articles, one or many.")

_ARTICLE = {JSON: shown.ARTICLE}
_OBJECT = {"type": "object"}
_NEW = {JSON: ArticleSchema()}
_REFUSALS = tuple(
    KINDS[slug].status
    for slug in (
        *("unauthorized", "forbidden", "too-large", "unsupported-media-type"),
        "invalid-body",
    )
)
_CONDITIONS = tuple(
    KINDS[slug].status for slug in ("precondition-failed", "precondition-required")
)
_ABSENT = KINDS["not-found"].status


@blp.route("/articles", methods=["POST"])
@documented(
    query=writes.POST,
    body=_NEW | {NDJSON: TEXT} | foreign.BODIES,
    answers={
        201: _ARTICLE,
        200: {JSON: {"anyOf": [shown.ARTICLE, ReportSchema()]}},
    },
    problems=_REFUSALS,
)
def add() -> Response:
    """Add or replace one article, or many as NDJSON with a report on every line.

    Other formats (pages, feeds, wires, plain text) are read too, and reported on.
    """
    given = writes.load(writes.POST, pairs())
    accepted(JSON)
    if foreign.is_sent():
        return foreign.add(given, _labels(given))
    lined = check_type(JSON, NDJSON) == NDJSON
    if "column" in given:
        raise ParameterError("column", "Only a CSV has columns. Leave it out.")
    if lined:
        return _add_lines(given)
    if "report" in given:
        raise ParameterError("report", f"Only {NDJSON} is reported on. Leave it out.")
    article = load_json(whole(), now=now(), restore=given["restore"])
    [article] = _labels(given)([article])
    return _written(article, _index(article, given), given)


@blp.route("/articles/<article_id>", methods=["PUT"])
@documented(
    query=writes.PUT,
    body=_NEW,
    answers={201: _ARTICLE, 200: _ARTICLE},
    problems=(*_REFUSALS, *_CONDITIONS),
    headers=("If-Match", "If-None-Match"),
)
def replace(article_id: ArticleId) -> Response:
    """Add an article by its id; replace the version that `If-Match` names."""
    given = writes.load(writes.PUT, pairs())
    accepted(JSON)
    check_type(JSON)
    article = load_json(
        whole(), now=now(), restore=given["restore"], article_id=article_id
    )
    [article] = _labels(given)([article])
    return _written(article, _replace(article, given), given)


@blp.route("/articles/<article_id>", methods=["DELETE"])
@documented(
    query=writes.DELETE,
    answers={204: {}},
    problems=(*_REFUSALS[:2], _ABSENT, _CONDITIONS[0]),
    headers=("If-Match",),
)
def remove(article_id: ArticleId) -> Response:
    """Remove an article; with `If-Match`, only the version that it names."""
    given = writes.load(writes.DELETE, pairs())
    engine().get(article_id)
    version = conditions.required_version(engine(), article_id)
    found = engine().delete([article_id], if_version=version, refresh=given["refresh"])
    if not found:
        raise ArticleNotFoundError(article_id)
    answer = Response(status=204)
    del answer.headers["Content-Type"]
    return answer


@offered(
    blp,
    "/articles/<article_id>",
    Format(None, JSON, shown.ARTICLE, shown.show),
    Format("ninjs", NINJS, _OBJECT, ninjs31.dump, query=shown.NONE),
    Format("jsonld", JSONLD, _OBJECT, newsarticle.dump, query=shown.NONE),
    query=shown.PARAMETERS,
    problems=(_ABSENT,),
    headers=("If-None-Match", "If-Modified-Since"),
)
def read(form: Format, article_id: ArticleId) -> Response:
    """Read one article, as it was last written; as ninjs 3.1 or JSON-LD too."""
    keys = shown.asked(pairs(), form.query or shown.PARAMETERS)
    stored = engine().get(article_id)
    changed = shown.changed(stored)
    name = f".{form.suffix}" if form.suffix else ""
    if conditions.is_known(stored.version, changed, name):
        answer = Response(status=304)
    else:
        shape = form.dump(stored) if form.suffix else shown.show(stored, keys)
        answer = Response(shape, mimetype=form.kind)
    answer.last_modified = changed
    return conditions.tag(answer, stored.version, name)


def _labels(given: Given) -> Label:
    """Return what gives articles the names that they are indexed by."""
    if given["restore"]:
        return list
    return partial(labeller().label, naming=given["names"] or settings().names)


def _index(
    article: Article, given: Given, if_version: Version | None = None
) -> Outcome:
    report = engine().index(
        [article],
        if_version=if_version,
        refresh=given["refresh"],
        dry_run=given["dry_run"],
    )
    return report.outcomes[0]


def _replace(article: Article, given: Given) -> Outcome:
    for _ in range(MOST_TRIES):
        # Read anew each time: `If-Match: *` allows for what somebody else just wrote.
        version = conditions.required_version(engine(), article.id)
        if conditions.is_new_only():
            version = 0
        try:
            return _index(article, given, version or 0)
        except ConflictError:
            if version == 0:
                raise Problem("precondition-failed", "The id is taken.") from None
            if version is None:
                raise Problem("precondition-required") from None
    raise Problem("conflict", "Others write this article at the same time. Try again.")


def _written(article: Article, outcome: Outcome, given: Given) -> Response:
    if outcome.status == "failed":
        detail = outcome.error or "The engine refused this article."
        raise Problem("invalid-body", detail)
    if given["dry_run"]:
        return Response(shown.preview(article), mimetype=JSON)
    stored = engine().get(article.id)
    answer = Response(stored.json(), mimetype=JSON)
    if outcome.status == "created":
        answer.status_code = 201
        answer.location = f"/v1/articles/{quote(article.id, safe=':,=@+~')}"
    return conditions.tag(answer, stored.version)


def _add_lines(given: Given) -> Response:
    report = Report(everything=given["report"] == "all")
    options = Options(
        *(now(), given["refresh"], given["dry_run"], given["restore"]),
        label=_labels(given),
    )
    try:
        index_lines(engine(), _lines(), report, options)
    except (HTTPException, Problem) as error:
        problem = problem_of(error)
        detail = f"{problem} `report` tells what became of the lines before."
        raise Problem(
            problem.slug, detail, headers=problem.headers, report=report.dump()
        ) from None
    if not report.accepted:
        detail = "No line was accepted. `errors` says why, line by line."
        if not report.counts["failed"]:
            detail = "There is no article in it. Send one a line, as JSON."
        raise Problem("invalid-body", detail, **report.dump())
    return Response(orjson.dumps(report.dump()), mimetype=JSON)


def _lines() -> Iterator[Line]:
    for number, line in lines(Body()):
        if isinstance(line, Fault):
            raise Problem("too-large", f"Line {number}: {line.detail}")
        yield number, line
