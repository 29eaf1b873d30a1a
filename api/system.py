"""For those who run the server: is it alive, is it ready, what has it done."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request

from api import metrics
from api.current import engine
from api.problems import KINDS, Problem

blueprint = Blueprint("system", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """Answer 200 as long as the process answers at all."""
    return _json({"status": "alive"})


@blueprint.get("/readyz")
def ready() -> Response:
    """Answer 200 if questions can be answered, else 503 with the reason."""
    health = engine().health()
    if health.status == "down":
        raise Problem("unavailable", health.detail, headers={"Retry-After": "5"})
    return _json(
        {
            "status": health.status,
            "detail": health.detail,
            "articles": health.articles,
            "pending": health.pending,
            "generation": health.generation,
        }
    )


@blueprint.get("/metrics")
def counts() -> Response:
    """Answer with all counts in Prometheus' text format."""
    return metrics.page()


@blueprint.get("/problems/<slug>")
def explain(slug: str) -> Response:
    """Say what a kind of problem means and what to do about it."""
    kind = KINDS.get(slug)
    if kind is None:
        raise Problem("not-found", "There is no problem of this name.")
    kinds = ("text/plain", "application/json")
    if request.accept_mimetypes.best_match(kinds) == "application/json":
        return _json(
            {
                "type": f"/problems/{slug}",
                "title": kind.title,
                "status": kind.status,
                "detail": kind.advice,
            }
        )
    text = f"{kind.title} ({kind.status})\n\n{kind.advice}\n"
    return Response(text, mimetype="text/plain")


def _json(values: dict[str, object]) -> Response:
    return Response(orjson.dumps(values), mimetype="application/json")
