"""Flask without what no request here uses.

The steps are Flask's own and in its order; each is left out or shortened only where the
application has nothing for it: no sessions, no coroutines, no hooks that belong to one
blueprint, nothing to tear down. A question of a reader spent a sixth of its time there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import flask
from flask import Flask, Response
from flask.sessions import NullSession, SessionInterface
from werkzeug.routing import MapAdapter

from api.request import Request, at_hand

Check: TypeAlias = Callable[[Request], Response | None]
Finish: TypeAlias = Callable[[Response, Request], Response]


class _NoSessions(SessionInterface):
    """Nobody is recognised by a cookie."""

    _session = NullSession()

    def open_session(self, app: Flask, request: flask.Request) -> NullSession:
        """Return the session of everybody, which takes no value."""
        return self._session


class Application(Flask):
    """Flask whose hooks are plain functions of the whole application.

    `checks` see a request before a view does, and may answer it. `finishes` see every
    answer, the last one registered first.
    """

    request_class = Request
    session_interface = _NoSessions()

    def __init__(self, name: str) -> None:
        """Make an application without hooks, and without files."""
        super().__init__(name, static_folder=None)
        self.checks: list[Check] = []
        self.finishes: list[Finish] = []

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is; Flask asks eight times whether it is async."""
        return func

    def create_url_adapter(self, request: flask.Request | None) -> MapAdapter | None:
        """Return what finds the view of a path, whatever name the host is called by."""
        if request is None:
            return None
        return MapAdapter(
            *(self.url_map, "", request.root_path, ""),
            *(request.scheme, request.path, request.method),
        )

    def preprocess_request(self) -> Response | None:
        """Return what a check answers instead of a view, if one does."""
        asked = at_hand()
        for check in self.checks:
            if answer := check(asked):
                return answer
        return None

    def process_response(self, response: Response) -> Response:
        """Return the answer as the hooks leave it."""
        asked = at_hand()
        for finish in reversed(self.finishes):
            response = finish(response, asked)
        return response

    def do_teardown_request(self, exc: BaseException | None = None) -> None:
        """Do nothing: no view leaves anything open."""

    def do_teardown_appcontext(self, exc: BaseException | None = None) -> None:
        """Do nothing: no view leaves anything open."""
