"""The parameters of a question as words of a command line."""

from __future__ import annotations

from collections.abc import Iterable

import click

PARAMETERS = (
    "PARAMETERS are those of the URL, as NAME=VALUE: q='rate cut' company=BP from=30d. "
    "A word without = is searched for."
)


def pairs_of(words: Iterable[str]) -> list[tuple[str, str]]:
    """Return (name, value) pairs; words without `=` together are `q`."""
    found: list[tuple[str, str]] = []
    asked: list[str] = []
    for word in words:
        name, mark, value = word.partition("=")
        if mark and name.replace(".", "").replace("_", "").isalnum():
            found.append((name, value))
        else:
            asked.append(word)
    if asked and any(name == "q" for name, _ in found):
        raise click.UsageError("Give q= or words to search for, not both.")
    return [("q", " ".join(asked)), *found] if asked else found
