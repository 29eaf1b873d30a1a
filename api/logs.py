"""Logs: one JSON object a line (or a line for people), with the request's id."""

from __future__ import annotations

import logging
import re
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any, Final, TextIO

import orjson
import structlog
from flask import Response

from api.application import Application
from api.request import Request
from api.settings import Settings

LONGEST = 256
"""Values from outside are cut here, in characters."""

_SECRET = re.compile(r"key|token|secret|passw|auth(?!or)", re.IGNORECASE)
_QUIET = frozenset(("/healthz", "/readyz", "/metrics"))


def configure(settings: Settings) -> None:
    """Send structlog and the standard library's logging to one place."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(_formatter(settings.log))
    root = logging.getLogger()
    root.handlers[:] = [handler] if settings.log != "off" else [logging.NullHandler()]
    root.setLevel(logging.INFO)
    # A line for every call of the cluster would say again what a request's line says.
    logging.getLogger("elastic_transport").setLevel(logging.WARNING)
    _lines.handler = handler if settings.log == "json" else None
    _lines.wanted = settings.log != "off"


class Lines:
    """Where the lines of requests go.

    Most lines are theirs, and structlog's way through the standard library costs as
    much as a small search (0.1 ms): so JSON is written to the handler's stream at once.
    """

    def __init__(self) -> None:
        """Go through the standard library until `configure` says otherwise."""
        self.handler: logging.StreamHandler[TextIO] | None = None
        self.wanted = True

    def write(self, event: dict[str, Any]) -> None:
        """Write one line, if lines are wanted."""
        if not self.wanted:
            return
        if self.handler is None:
            structlog.get_logger("dateline.request").info("request", **event)
            return
        head = {"event": "request", "level": "info", "timestamp": datetime.now(UTC)}
        line = orjson.dumps(head | event, option=_OPTIONS).decode()
        with self.handler.lock or nullcontext():
            self.handler.stream.write(line)
            self.handler.stream.flush()


_OPTIONS: Final = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE
_lines = Lines()


def register(app: Application) -> None:
    """Log a line for every answer."""
    app.checks.append(_start)
    app.finishes.append(_line)


def _formatter(kind: str) -> logging.Formatter:
    # Without repr, a line break in a path would start a line of its own.
    renderer: Any = structlog.dev.ConsoleRenderer(colors=False, repr_native_str=True)
    if kind == "json":
        renderer = structlog.processors.JSONRenderer(serializer=_json)
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            renderer,
        ],
        foreign_pre_chain=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
        ],
    )


def _json(event: dict[str, Any], **_: Any) -> str:
    return orjson.dumps(event, default=repr).decode()


def _start(asked: Request) -> None:
    asked.started = time.perf_counter()


def _line(answer: Response, asked: Request) -> Response:
    if asked.path in _QUIET:
        return answer
    _lines.write(
        {
            "request_id": asked.request_id or None,
            "method": asked.method[:LONGEST],
            "path": asked.path[:LONGEST],
            "query": _shown(asked.query_string),
            "status": answer.status_code,
            "ms": round((time.perf_counter() - asked.started) * 1000, 2),
            "bytes": answer.content_length,
            "client": asked.remote_addr,
        }
    )
    return answer


def _shown(query: bytes) -> str:
    """Return a query string without the values of what may be a secret."""
    text = query[:LONGEST].decode("ascii", "backslashreplace")
    if not _SECRET.search(text):
        return text[:LONGEST]
    return "&".join(map(_masked, text.split("&")))[:LONGEST]


def _masked(pair: str) -> str:
    name, sign, value = pair.partition("=")
    return f"{name}={'...' if _SECRET.search(name) else value}" if sign else pair
