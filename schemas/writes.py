"""The parameters of writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.fields import Strict
from schemas.given import Given
from schemas.parameters import AnyField, Choice, Flag, Names
from schemas.urls import Pair
from search.catalog import BY_KEY, KEYS
from search.entities.labelling import NAMINGS


class Columns(Names):
    """In which column of a table an article's key is; may be repeated."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return columns(value)


def columns(words: Iterable[str]) -> Mapping[str, str]:
    """Return the column of each key that words like `title=Headline` name.

    Raises ValueError.
    """
    found: dict[str, str] = {}
    for word in words:
        key, _, column = word.strip().partition("=")
        if key not in BY_KEY or not column:
            raise ValueError(
                f"Write KEY=COLUMN, and one of these keys: {', '.join(KEYS)}."
            )
        if found.setdefault(key, column) != column:
            raise ValueError(f"{key} is in one column only: give it once.")
    return found


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
    "column": Columns("In which column of a CSV an article's key is: title=Headline."),
}
POST = Strict.from_dict(_MANY, name="PostParameters")()
PUT = Strict.from_dict(_ONE, name="PutParameters")()
DELETE = Strict.from_dict(_REFRESH, name="DeleteParameters")()


def load(schema: Any, pairs: Iterable[Pair]) -> Given:
    """Return the parameters of a write; raises ParameterError."""
    return Given(schema, pairs)
