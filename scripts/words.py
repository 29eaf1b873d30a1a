"""Words of a command line: the parameters of a question in, printable text out."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

PARAMETERS = (
    "PARAMETERS are those of the URL, as NAME=VALUE: q='rate cut' company=BP from=30d. "
    "Words without = are searched for, as q. Text with = in it: q='E=mc2'. Put -- "
    "before words that begin with a hyphen."
)

_NAME = re.compile(r"\w[\w.-]*")


def pairs_of(words: Iterable[str]) -> list[tuple[str, str]]:
    """Return (name, value) pairs; words without `=` together are `q`."""
    found: list[tuple[str, str]] = []
    asked: list[str] = []
    for word in words:
        name, mark, value = word.partition("=")
        if mark and _NAME.fullmatch(name):
            found.append((name, value))
        else:
            asked.append(word)
    if asked and any(name == "q" for name, _ in found):
        raise click.UsageError("Give q= or words to search for, not both.")
    return [("q", " ".join(asked)), *found] if asked else found


def printable(text: str) -> str:
    """Return a stranger's text in one line that no terminal takes for a command."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)
