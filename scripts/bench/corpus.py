"""Articles to measure with: real ones, and as many as are wanted made from them.

A copy has another id and date and a part of its words replaced by words of the whole
corpus, drawn as often as they occur there: its postings differ, the frequencies stay.
"""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeAlias

import orjson

from search.catalog import KEYS

Wire: TypeAlias = dict[str, Any]

REPLACED: Final = 0.15
"""The part of a copy's words that are replaced."""

_FILE: Final = Path("articles", "reuters-financial-sample.ndjson.gz")
_DAYS: Final = 401  # between an article and its next copy
_DRAWN: Final = 200_000
_WORD: Final = re.compile(r"[A-Za-z]+")


class NoDataError(Exception):
    """The real articles are not there; the text says what to do."""


def read(file: Path) -> Iterator[Wire]:
    """Yield the objects of an NDJSON file; raises NoDataError where it is not."""
    if not file.exists():
        raise NoDataError(
            f"There is no {file}: name the folder of the real data by --data."
        )
    with gzip.open(file) as lines:
        yield from map(orjson.loads, lines)


def wire(values: Wire) -> Wire:
    """Return the article as the API takes it: known keys that have a value."""
    return {key: values[key] for key in KEYS if values.get(key)}


def real(data: Path) -> list[Wire]:
    """Return the real articles in wire form; raises NoDataError."""
    return [wire(values) for values in read(data / _FILE)]


def grown(articles: list[Wire], times: int) -> Iterator[Wire]:
    """Yield the articles, then `times - 1` copies of each; always the same ones."""
    drawn = _drawn(articles)
    copies = (
        _copy(article, number, drawn)
        for number in range(1, times)
        for article in articles
    )
    return chain(articles, copies)


def written(data: Path, cache: Path, articles: int | None, times: int) -> Path:
    """Return an NDJSON file in `cache` with the corpus, made if it is not there.

    `articles` real ones (None: all), and copies until there are `times` as many.
    """
    file = cache / f"articles-{articles or 'all'}-x{times}.ndjson"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        write(file, grown(real(data)[:articles], times))
    return file


def write(file: Path, articles: Iterable[Wire]) -> None:
    """Write the articles as NDJSON; the file is there when it is complete."""
    half = file.with_suffix(".part")
    with half.open("wb") as out:
        out.writelines(orjson.dumps(each) + b"\n" for each in articles)
    half.replace(file)


def _drawn(articles: list[Wire]) -> list[str]:
    rng = random.Random(0)  # noqa: S311 - the same corpus every time, not a secret
    words = [w for each in articles for w in _WORD.findall(each.get("body", ""))]
    return rng.choices(words, k=_DRAWN) if words else ["word"]


def _copy(article: Wire, number: int, drawn: list[str]) -> Wire:
    rng = random.Random(f"{number} {article['id']}")  # noqa: S311 - as above
    moment = datetime.fromisoformat(article["published_at"])
    later = timedelta(days=_DAYS * number, seconds=rng.randrange(86_400))
    copy = article | {
        "id": f"{article['id']}-{number}",
        "title": _changed(article["title"], rng, drawn),
        "published_at": (moment + later).isoformat(),
    }
    if "url" in article:
        copy["url"] = f"{article['url']}-{number}"
    if "body" in article:
        copy["body"] = _changed(article["body"], rng, drawn)
    return copy


def _changed(text: str, rng: random.Random, drawn: list[str]) -> str:
    def another(match: re.Match[str]) -> str:
        return rng.choice(drawn) if rng.random() < REPLACED else match[0]

    return _WORD.sub(another, text)
