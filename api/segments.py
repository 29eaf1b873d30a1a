"""What a part of a path may be."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter

_FORMATS = ("ninjs", "jsonld")
"""Formats of one article: no id ends so."""


class _Segment(BaseConverter):
    """One part of a path; `/articles/a.ninjs` is a format of `a`, for every method."""

    part_isolating = True
    regex = "[^/]+?" + "".join(rf"(?<!\.{each})" for each in _FORMATS)


def register(app: Flask) -> None:
    """Let no path be both a format and an id; to be called before there are paths."""
    app.url_map.converters["default"] = _Segment
