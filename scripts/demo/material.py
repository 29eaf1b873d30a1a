"""What was written by hand, read from the files beside this one."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

Draft: TypeAlias = dict[str, Any]

LISTS = ("tags", "companies", "people", "places")
_FOLDER = files("scripts.demo")


@cache
def names() -> dict[str, dict[str, str]]:
    """Load the table of names: by kind and id, and under `hosts` by source."""
    return tomllib.loads((_FOLDER / "names.toml").read_text(encoding="utf-8"))


@cache
def series() -> dict[str, Draft]:
    """Load the fragments of the recurring reports, by the name of their series."""
    text = (_FOLDER / "series.toml").read_text(encoding="utf-8")
    return {entry.pop("name"): entry for entry in tomllib.loads(text)["series"]}


def drafts() -> Iterator[Draft]:
    """Yield every hand-written article: the defaults of its file, then its own."""
    pages = (_FOLDER / "material").iterdir()
    for page in sorted(pages, key=lambda page: page.name):
        sheet = tomllib.loads(page.read_text(encoding="utf-8"))
        for article in sheet["article"]:
            yield merged(sheet["defaults"], article)


def merged(defaults: Draft, own: Draft) -> Draft:
    """Return `own` laid over `defaults`; lists of names are joined, first come first."""
    lists = {
        key: list(dict.fromkeys([*defaults.get(key, []), *own.get(key, [])]))
        for key in LISTS
    }
    return {**defaults, **own, **lists}
