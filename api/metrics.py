"""Metrics for Prometheus, summed over the worker processes."""

from __future__ import annotations

import time
from functools import cache

from flask import Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from api.application import Application
from api.request import Request
from api.settings import metrics_folder

OWN = CollectorRegistry()

REQUESTS = Counter(
    "dateline_requests",
    "Answers by endpoint, method and status.",
    ("endpoint", "method", "status"),
    registry=OWN,
)
SECONDS = Histogram(
    "dateline_request_seconds",
    "Seconds from a request's arrival to its answer.",
    ("endpoint",),
    registry=OWN,
    buckets=(
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        30,
    ),
)
_METHODS = frozenset(("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"))


def register(app: Application) -> None:
    """Count every answer. Labels are endpoint names, never paths: they stay few."""
    app.finishes.append(_count)


def page() -> Response:
    """Return all counts in Prometheus' text format."""
    registry = OWN
    if metrics_folder():
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _count(answer: Response, asked: Request) -> Response:
    endpoint = asked.endpoint or "none"
    method = asked.method if asked.method in _METHODS else "other"
    _counter(endpoint, method, answer.status_code).inc()
    _timer(endpoint).observe(time.perf_counter() - asked.started)
    return answer


@cache
def _counter(endpoint: str, method: str, status: int) -> Counter:
    return REQUESTS.labels(endpoint, method, str(status))


@cache
def _timer(endpoint: str) -> Histogram:
    return SECONDS.labels(endpoint)
