"""The kinds of query parameters: how a text becomes a value, or a sentence why not.

Each kind is a marshmallow field, so that the document derives from it; its
`deserialize` takes the text of a URL and raises `ValidationError` with a sentence and,
in `kwargs`, a `suggestion` that would work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeAlias
from zoneinfo import available_timezones

from marshmallow import ValidationError, fields, validate

from schemas.dates import duration
from search.query.nearest import nearest

MOST_VALUES = 100
"""How many values a filter may have."""

AnyField: TypeAlias = fields.Field[Any]

_WHOLE = re.compile(r"-?[0-9]{1,9}")
_LONGEST_ECHO = 100


class Plain(fields.String):
    """Any text, once."""

    def __init__(self, doc: str, **metadata: Any) -> None:
        """Keep what it means and, in `metadata`, more for the document."""
        super().__init__(load_default=None, metadata={"description": doc, **metadata})

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return value.strip()


class Question(Plain):
    """A query, with the white space it came with: positions count from its start."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return value


class Choice(fields.String):
    """One of a few words."""

    def __init__(self, doc: str, options: Sequence[str], default: str | None) -> None:
        """Keep the words, and which one is meant where none is given."""
        self.options = tuple(options)
        super().__init__(
            load_default=default,
            validate=validate.OneOf(self.options),
            metadata={"description": doc},
        )

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return one_of(value.strip(), self.options)


class Flag(fields.Boolean):
    """`true` or `false`; not given is false."""

    def __init__(self, doc: str) -> None:
        """Keep what it means."""
        super().__init__(load_default=False, metadata={"description": doc})

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return one_of(value.strip(), ("true", "false")) == "true"


class Whole(fields.Integer):
    """A whole number from `low` to `high`; never clamped."""

    def __init__(
        self, doc: str, low: int, high: int, default: int | None = None
    ) -> None:
        """Keep the range, and the number that is meant where none is given."""
        self.low, self.high = low, high
        super().__init__(
            load_default=default,
            validate=validate.Range(low, high),
            metadata={"description": doc},
        )

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        text = value.strip()
        if not _WHOLE.fullmatch(text):
            raise refusal(
                f"{_quoted(text)} is not a whole number. "
                f"Take one from {self.low} to {self.high}."
            )
        number = int(text)
        if not self.low <= number <= self.high:
            near = str(min(max(number, self.low), self.high))
            raise refusal(
                f"{number} is outside {self.low} to {self.high}.", suggestion=near
            )
        return number


class Listing(fields.String):
    """Words of a closed vocabulary with commas between them.

    With `removable`, words may instead all have a `-` before them, but the first.
    """

    def __init__(
        self, doc: str, options: Sequence[str], *, removable: bool = False
    ) -> None:
        """Keep the vocabulary."""
        self.options = tuple(options)
        self.removable = removable
        pattern = _pattern("|".join(self.options))
        if removable:
            pattern += "|" + _pattern("|".join(f"-{each}" for each in self.options[1:]))
        super().__init__(
            load_default=(), metadata={"description": doc, "pattern": pattern}
        )

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        words = tuple(word.strip() for word in value.split(",") if word.strip())
        for word in words:
            one_of(word.removeprefix("-") if self.removable else word, self.options)
        return tuple(dict.fromkeys(words))


class Names(fields.List[str]):
    """Values of a facet field: the parameter may be repeated."""

    def __init__(self, doc: str) -> None:
        """Keep what they mean together."""
        super().__init__(
            fields.String(),
            load_default=(),
            validate=validate.Length(max=MOST_VALUES),
            metadata={"description": doc},
        )

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if len(value) > MOST_VALUES:
            raise refusal(
                f"There are {len(value)} values; take at most {MOST_VALUES}, and ask "
                "again for the others."
            )
        return tuple(dict.fromkeys(text.strip() for text in value))


class Zone(fields.String):
    """The name of a time zone in the IANA database."""

    def __init__(self, doc: str) -> None:
        """Keep what it is for."""
        super().__init__(
            load_default="UTC",
            metadata={"description": doc, "example": "Europe/Berlin"},
        )

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        name = value.strip()
        if name in zones():
            return name
        raise refusal(
            f"There is no time zone {_quoted(name)}. Take an IANA name like "
            "Europe/Berlin or UTC.",
            suggestion=nearest(name[:_LONGEST_ECHO], zones()),
        )


class Length(Plain):
    """A duration, as a number of seconds."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        try:
            return duration(value.strip()).total_seconds()
        except ValueError as error:
            raise refusal(str(error), suggestion="7d") from None


def _pattern(word: str) -> str:
    """Return a pattern of words with commas, blanks and empty places between them."""
    return rf"^[\s,]*(({word})\s*(,[\s,]*|$))*$"


@cache
def zones() -> frozenset[str]:
    """Return the names of all time zones, without those that mean the machine's own."""
    return frozenset(available_timezones() - {"Factory", "localtime", "posixrules"})


def one_of(word: str, options: Iterable[str]) -> str:
    """Return the word if it is an option, else raise with all options in a sentence."""
    known = tuple(options)
    if word in known:
        return word
    raise refusal(
        f"{_quoted(word)} is not one of {', '.join(known)}.",
        suggestion=nearest(word[:_LONGEST_ECHO], known),
    )


def refusal(detail: str, *, suggestion: str | None = None) -> ValidationError:
    """Return the error that a value cannot be taken."""
    return ValidationError(detail, suggestion=suggestion)


def _quoted(text: str) -> str:
    cut = text if len(text) <= _LONGEST_ECHO else text[:_LONGEST_ECHO] + "…"
    return f'"{cut}"'
