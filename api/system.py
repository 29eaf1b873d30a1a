"""For those who run the server: is it alive, is it ready, what has it done."""

from __future__ import annotations

import orjson
from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST

from api import metrics
from api.current import engine
from api.formats import PLAIN, accepted
from api.openapi import JSON, Blueprint, documented
from api.problems import KINDS, Problem
from api.varying import vary

_SOON = {"Retry-After": "5"}

blp = Blueprint("system", __name__, description="For those who run the server.")

_TEXT = {"type": "string"}
_STATUS = {
    "type": "object",
    "required": ["status"],
    "properties": {
        "status": {"enum": ["alive", "ready", "degraded", "down"]},
        "detail": {"type": "string"},
        "articles": {"type": ["integer", "null"], "minimum": 0},
        "pending": {"type": ["integer", "null"], "minimum": 0},
        "generation": {"type": ["string", "null"]},
    },
    "additionalProperties": False,
}
_KIND = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        **dict.fromkeys(("type", "title", "detail"), _TEXT),
        "status": {"type": "integer"},
    },
}


@blp.route("/healthz", methods=["GET"])
@documented(answers={200: {JSON: _STATUS}})
def alive() -> Response:
    """Answer 200 as long as the process answers at all."""
    return _json({"status": "alive"})


@blp.route("/readyz", methods=["GET"])
@documented(answers={200: {JSON: _STATUS}})
def ready() -> Response:
    """Answer 200 if questions can be answered, else 503 with the reason."""
    health = engine().health()
    if health.status == "down":
        raise Problem("unavailable", health.detail, headers=_SOON)
    return _json(
        {
            "status": health.status,
            "detail": health.detail,
            "articles": health.articles,
            "pending": health.pending,
            "generation": health.generation,
        }
    )


@blp.route("/metrics", methods=["GET"])
@documented(answers={200: {CONTENT_TYPE_LATEST: _TEXT}})
def counts() -> Response:
    """Answer with all counts in Prometheus' text format."""
    return metrics.page()


@blp.route("/problems/<slug>", methods=["GET"])
@documented(
    answers={200: {PLAIN: _TEXT, JSON: _KIND}},
    problems=(KINDS["not-found"].status,),
    headers=("Accept",),
)
def explain(slug: str) -> Response:
    """Say what a kind of problem means and what to do about it."""
    kind = KINDS.get(slug)
    if kind is None:
        raise Problem("not-found", "There is no problem of this name.")
    if accepted(PLAIN, JSON) == JSON:
        answer = _json(
            {
                "type": f"/problems/{slug}",
                "title": kind.title,
                "status": kind.status,
                "detail": kind.advice,
            }
        )
    else:
        text = f"{kind.title} ({kind.status})\n\n{kind.advice}\n"
        answer = Response(text, mimetype=PLAIN)
    vary(answer, "Accept")
    return answer


def _json(values: dict[str, object]) -> Response:
    return Response(orjson.dumps(values), mimetype=JSON)
