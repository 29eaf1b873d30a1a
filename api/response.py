"""Answers that are whole when they are made.

werkzeug copies and completes the headers of every answer before they are sent. Of these
there is nothing to complete: no address in them, and the length known.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from flask import Response
from werkzeug.datastructures import Headers


class Whole(Response):
    """An answer of 200 made of bytes."""

    def get_wsgi_headers(self, environ: dict[str, Any]) -> Headers:
        """Return the headers as they are, while the status is 200."""
        if self.status_code != HTTPStatus.OK:
            return super().get_wsgi_headers(environ)
        return self.headers

    def get_app_iter(self, environ: dict[str, Any]) -> Iterable[bytes]:
        """Return the bytes as they are; to HEAD, none."""
        if environ["REQUEST_METHOD"] == "HEAD" or self.status_code != HTTPStatus.OK:
            return super().get_app_iter(environ)
        return self.response  # type: ignore[return-value]  # set as bytes


class Unchanged(Response):
    """A 304: nothing but headers, and of those only what caches want."""

    default_status = HTTPStatus.NOT_MODIFIED
    default_mimetype = None

    def get_wsgi_headers(self, environ: dict[str, Any]) -> Headers:
        """Return the headers as they are."""
        return self.headers
