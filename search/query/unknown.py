"""What to say about a field that no query can name."""

from __future__ import annotations

from search.catalog import BY_KEY, FIELDS, QUERY_FIELDS, Kind
from search.errors import QueryError, QueryMisuseError, UnknownFieldError
from search.query.nearest import nearest

_SHOWN = 40


def unknown(name: str, start: int | None = None, end: int | None = None) -> QueryError:
    """Return the error for a name or key that is not one of `QUERY_FIELDS`.

    UnknownFieldError where there is no such field, QueryMisuseError where it cannot be
    searched.
    """
    field = FIELDS.get(name) or BY_KEY.get(name)
    if field is not None and field.kind is Kind.DATE:
        return QueryMisuseError(
            f"'{name}' is a date, which words cannot ask for. Restrict it with the "
            "parameters from, to and date.",
            start,
            end,
        )
    if field is not None and field.kind is Kind.STORED:
        return QueryMisuseError(
            f"'{name}' is not searched. Fields to search: {', '.join(QUERY_FIELDS)}.",
            start,
            end,
        )
    hint = f"Did you mean '{meant}'? " if (meant := likely(name)) else ""
    return UnknownFieldError(
        f"There is no field '{name[:_SHOWN]}'. {hint}"
        f"Fields: {', '.join(QUERY_FIELDS)}. "
        "If the colon is part of the text, put it in quotes.",
        start,
        end,
    )


def likely(name: str) -> str | None:
    """Return the field of `QUERY_FIELDS` that was probably meant, by name or by key."""
    field = BY_KEY.get(name)
    if field is not None and field.name in QUERY_FIELDS:
        return field.name
    return nearest(name, QUERY_FIELDS)
