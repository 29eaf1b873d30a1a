"""The parameters of writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from schemas.fields import Strict
from schemas.given import Given
from schemas.parameters import AnyField, Choice, Flag
from schemas.urls import Pair
from search.entities.labelling import NAMINGS

_REFRESH: dict[str, AnyField] = {
    "refresh": Flag("Answer when the change can be found."),
}
_ONE: dict[str, AnyField] = {
    **_REFRESH,
    "dry_run": Flag("Store nothing; say what would happen."),
    "restore": Flag("Keep an export as it is: version, indexed_at, names."),
    "names": Choice(
        "Look for names in texts, auto where no company, person or place is given; "
        "else as the server is set.",
        NAMINGS,
        None,
    ),
}
_MANY: dict[str, AnyField] = {
    **_ONE,
    "report": Choice(
        "all lists every line of NDJSON, errors only those that failed.",
        ("errors", "all"),
        "errors",
    ),
}
POST = Strict.from_dict(_MANY, name="PostParameters")()
PUT = Strict.from_dict(_ONE, name="PutParameters")()
DELETE = Strict.from_dict(_REFRESH, name="DeleteParameters")()


def load(schema: Any, pairs: Iterable[Pair]) -> Given:
    """Return the parameters of a write; raises ParameterError."""
    return Given(schema, pairs)
