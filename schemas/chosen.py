"""Which keys of an article are wanted, by the parameter `fields`."""

from __future__ import annotations

from schemas.problems import ParameterError

ALWAYS = "id"
"""The key that every article in an answer has."""


def chosen(words: tuple[str, ...], usual: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the keys in their order, None for the usual ones.

    The id comes first where it is not asked for. Raises ParameterError.
    """
    removed = {word[1:] for word in words if word.startswith("-")}
    if not words:
        return None
    if not removed:
        return words if ALWAYS in words else (ALWAYS, *words)
    if len(removed) < len(words):
        raise ParameterError(
            "fields",
            "Name the keys that you want, or with - those that you do not want: not "
            "both.",
        )
    if ALWAYS in removed:
        raise ParameterError("fields", "Every article in an answer has its id.")
    return tuple(key for key in usual if key not in removed)
