"""What an answer depends on beside its address, for caches."""

from __future__ import annotations

from flask import Response

_NAMES = "dateline_vary"


def vary(answer: Response, name: str) -> None:
    """Say that the answer would be another with another header `name`."""
    vars(answer).setdefault(_NAMES, {})[name] = None


def varied(answer: Response) -> tuple[str, ...]:
    """Return what has been said so far."""
    return tuple(vars(answer).get(_NAMES, ()))


def declare(answer: Response) -> None:
    """Write it into the header, once, when all is said."""
    if names := varied(answer):
        answer.headers.add("Vary", ", ".join(names))
