"""The request at hand, and what the application notes on it."""

from __future__ import annotations

from typing import cast

import flask
from flask.globals import request_ctx


class Request(flask.Request):
    """A request with its id, and when it began on the clock `time.perf_counter`."""

    request_id = ""
    started = 0.0


def at_hand() -> Request:
    """Return the request that this thread answers.

    Every look through Flask's `request` searches for it anew: look once.
    """
    # werkzeug's own way round its proxy, which its types do not show
    context = request_ctx._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return cast(Request, context.request)
