"""What an answer depends on beside its address, for caches."""

from __future__ import annotations

from flask import Response


def vary(answer: Response, name: str) -> None:
    """Say that the answer would be another with another header `name`."""
    known = answer.headers.get("Vary")
    answer.headers["Vary"] = f"{known}, {name}" if known else name
