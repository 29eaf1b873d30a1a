"""What was given of a view's parameters: every name known, every value well-formed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from marshmallow import Schema, ValidationError

from schemas.parameters import Listing, Names, Question
from schemas.problems import ParameterError
from schemas.urls import Pair
from schemas.views import EVERYWHERE, VIEWS
from search.query.nearest import nearest

Value = TypeVar("Value")

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CONTROL_IN_Q = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_JOINED = re.compile(r"[^a-z0-9.]+")
_LONGEST_NAME = 100
_LONGEST_VALUE = 1_000


class Given(dict[str, Any]):
    """Values by name; what was not given, or is not taken here, has its default."""

    def __init__(self, schema: Schema, pairs: Iterable[Pair]) -> None:
        """Read the pairs; an empty value means not given.

        Raises ParameterError for an unknown name, a repeated single value and a value
        that its kind does not take.
        """
        super().__init__()
        self._fields = schema.fields
        self.pairs = tuple(self._known(pairs))
        for name, value in self._collected().items():
            self[name] = attempt(name, partial(self._load, name, value))

    def __missing__(self, name: str) -> Any:
        field = self._fields.get(name) or VIEWS["articles"].fields[name]
        return field.load_default

    def _known(self, pairs: Iterable[Pair]) -> Iterable[Pair]:
        for name, value in pairs:
            if name not in self._fields:
                raise _unknown(name, self._fields)
            if value.strip():
                yield name, value

    def _collected(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in self.pairs:
            field = self._fields[name]
            _check_characters(name, value, question=isinstance(field, Question))
            if isinstance(field, Names):
                found.setdefault(name, []).append(value)
            elif name in found:
                raise ParameterError(name, _once(name, field))
            else:
                found[name] = value
        return found

    def _load(self, name: str, value: Any) -> Any:
        return self._fields[name].deserialize(value)


def attempt(parameter: str, load: Callable[[], Value]) -> Value:
    """Return what `load` returns; its ValidationError or ValueError names the parameter.

    Raises ParameterError.
    """
    try:
        return load()
    except ValidationError as error:
        suggestion = error.kwargs.get("suggestion")
        raise ParameterError(parameter, str(error.messages[0]), suggestion) from None
    except ValueError as error:
        raise ParameterError(parameter, str(error)) from None


def _once(name: str, field: Any) -> str:
    if isinstance(field, Listing):
        return f"Give {name} once, with commas between its values."
    return f"Give {name} once; it is there more often."


def _check_characters(name: str, value: str, *, question: bool) -> None:
    if len(value) > _LONGEST_VALUE and not question:  # q has limits of its own
        raise ParameterError(
            name,
            f"The value has {len(value):,} characters; up to {_LONGEST_VALUE:,} are "
            "taken. Shorten it.",
        )
    found = (_CONTROL_IN_Q if question else _CONTROL).search(value)
    if found:
        raise ParameterError(
            name,
            f"Remove the control character U+{ord(found[0]):04X} "
            f"at character {found.start()}.",
            position=found.start(),
        )


def _unknown(name: str, known: Iterable[str]) -> ParameterError:
    short = name[:_LONGEST_NAME]
    detail = f'There is no parameter "{short}" here.'
    if name in EVERYWHERE:
        detail += " It belongs to another path."
    return ParameterError(
        short, detail, _likely(short, known), slug="unknown-parameter"
    )


def _likely(name: str, known: Iterable[str]) -> str | None:
    """Return the nearest name: with a wrong last part, one with the same beginning.

    Parts that are joined in another way, as in company_not, are the name's own.
    """
    names = tuple(known)
    parts = _JOINED.sub(".", name.lower())
    if parts in names:
        return parts
    first, _, last = name.rpartition(".")
    ends = [each[len(first) + 1 :] for each in names if each.startswith(first + ".")]
    if first and (end := nearest(last, ends)):
        return f"{first}.{end}"
    return nearest(name, names)
