"""A second question inside of one: a query string as the value of a parameter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar
from urllib.parse import parse_qsl

from schemas.given import Given
from schemas.problems import ParameterError
from schemas.urls import Pair, encode
from schemas.views import View

Made = TypeVar("Made")

OTHER: dict[View, str] = {"timeline": "compare", "significant": "against"}
"""The parameter of a view that holds another question."""

_AXIS = ("from", "to", "date", "tz")
"""What a second timeline has from the first one: both are counted on one axis."""


def beside(given: Given, name: str, load: Callable[[list[Pair]], Made]) -> Made:
    """Return what `load` makes of the question in the parameter `name`.

    Raises ParameterError that names this parameter, whatever is wrong inside of it.
    """
    pairs = _pairs(name, given[name])
    more: list[Pair] = []
    if name == "compare":
        _check_axis(pairs)
        more += [pair for pair in given.pairs if pair[0] in _AXIS]
    if given["strict"] and "strict" not in dict(pairs):
        more.append(("strict", "true"))
    try:
        return load([*pairs, *more])
    except ParameterError as error:
        raise blamed(error, name, pairs) from None


def blamed(error: ParameterError, name: str, pairs: Iterable[Pair]) -> ParameterError:
    """Return the error of a question inside of a parameter as one of that parameter."""
    return ParameterError(
        name,
        f"{error.parameter}: {error.detail}",
        _mended(error, list(pairs)),
        context=error.context,
        slug=error.slug,
    )


def _mended(error: ParameterError, pairs: list[Pair]) -> str | None:
    """Return the question with the suggestion in it."""
    if error.suggestion is None:
        return None
    rename = error.slug == "unknown-parameter"
    return encode(
        (
            error.suggestion if rename and name == error.parameter else name,
            error.suggestion if not rename and name == error.parameter else value,
        )
        for name, value in pairs
    )


def _pairs(name: str, text: str) -> list[Pair]:
    asked = text.partition("?")[2] if text.startswith(("/", "?")) else text
    try:
        return parse_qsl(
            asked, keep_blank_values=True, strict_parsing=True, errors="strict"
        )
    except ValueError:
        raise ParameterError(
            name,
            "Give a question as it stands behind the ? of an address, like "
            "q=merger&company=BP, percent-encoded as a whole.",
        ) from None


def _check_axis(pairs: list[Pair]) -> None:
    for name, _ in pairs:
        if name in _AXIS:
            raise ParameterError(
                "compare",
                f"{name}: both are counted on one axis. Leave it out here; the "
                "timeline's own counts for both.",
            )
