"""What is asked: the same question to Dateline and to the view written by hand.

A case has several questions that are asked in turn, so that no single one is measured.
Shares of articles that have a word are of the 13,312 real ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson

from search.text import slug, stems

Pairs: TypeAlias = tuple[tuple[str, str], ...]
Ask: TypeAlias = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Question:
    """Parameters for Dateline and for the view by hand."""

    dateline: Pairs
    minimal: Pairs

    @property
    def paths(self) -> tuple[str, str]:
        """The two addresses."""
        return (
            f"/v1/articles?{urlencode(self.dateline)}",
            f"/ask?{urlencode(self.minimal)}",
        )


@dataclass(frozen=True, slots=True)
class Case:
    """Questions of one kind; `bar` is the ratio of their times that is promised."""

    name: str
    questions: tuple[Question, ...]
    bar: float = 1.4


_FREQUENT: Final = ("markets", "government", "business", "investors", "week")  # 30 %
_MEDIUM: Final = ("toronto", "prosecutors", "carrier", "cycle", "ownership")  # 2 %
_RARE: Final = ("ingersoll", "truckers", "nephew", "vintage", "akron")  # 0.05 %
_TWO: Final = (
    *("markets government", "business week", "investors toronto"),
    *("government prosecutors", "carrier business"),
)
_PHRASES: Final = (
    *('"interest rates"', '"chief executive"', '"central bank"'),
    *('"third quarter"', '"credit crisis"'),
)
_COMPANIES: Final = (
    *("Citigroup Inc", "Boeing Co", "Ford Motor Co", "Apple Inc"),
    "General Motors Corp",
)
_THREE: Final = (("facet", "tag,company,place"),)
_NEWEST: Final = (("sort", "newest"),)
_DEEP: Final = 200  # pages of ten before a deep cursor

_Filters: TypeAlias = Sequence[tuple[str, str]]


def cases() -> list[Case]:
    """Return the questions that need no cursor."""
    texts = [
        ("frequent words", _FREQUENT),
        ("medium words", _MEDIUM),
        ("rare words", _RARE),
        ("two words", _TWO),
        ("phrases", _PHRASES),
    ]
    pairs = list(zip(_FREQUENT, _COMPANIES, strict=True))
    return [
        *(Case(f"ten hits, {n}", tuple(_words(w) for w in ws)) for n, ws in texts),
        Case("filtered", tuple(_words(w, [("company", c)]) for w, c in pairs)),
        Case("three facets", tuple(_words(w, (), _THREE) for w in _FREQUENT), 1.15),
        Case("disjunctive facets", tuple(_two(w, c) for w, c in pairs), 1.5),
        Case("newest of a company", tuple(map(_newest, _COMPANIES)), 1.5),
        Case("timeline", tuple(_timeline(word) for word in _FREQUENT), 1.5),
        Case(
            "page 100", tuple(_words(w, (), [("page", "100")]) for w in _FREQUENT), 1.5
        ),
    ]


def deep(dateline: Ask, minimal: Ask) -> Case:
    """Return the case whose cursors must be walked to, asking both servers."""
    return Case(
        "deep cursor", tuple(_walked(w, dateline, minimal) for w in _FREQUENT), 1.5
    )


def _words(
    text: str, filters: _Filters = (), more: Sequence[tuple[str, str]] = ()
) -> Question:
    by_hand = f'"{" ".join(stems(text))}"' if '"' in text else " ".join(stems(text))
    return Question(
        (("q", text), *filters, *more),
        (("q", by_hand), *((field, slug(name)) for field, name in filters), *more),
    )


def _two(word: str, company: str) -> Question:
    companies = [("company", company), ("company", "UBS")]
    return _words(word, [*companies, ("tag", "usa"), ("tag", "results")], _THREE)


def _newest(company: str) -> Question:
    return Question(
        (("company", company), *_NEWEST), (("company", slug(company)), *_NEWEST)
    )


def _timeline(word: str) -> Question:
    return _words(word, (), [("interval", "month")])


def _walked(word: str, dateline: Ask, minimal: Ask) -> Question:
    """Return the page behind the first 2,000 newest, or behind half of them all."""
    start = _words(word, (), _NEWEST)
    total: int = orjson.loads(minimal(start.paths[1]))["total"]
    page = [("page", str(max(1, min(_DEEP, total // 20))))]
    ours, by_hand = _words(word, (), [*_NEWEST, *page]).paths
    link: str | None = orjson.loads(dateline(ours))["links"]["next"]
    before = orjson.loads(minimal(by_hand))["next"]
    if link is None:
        return start
    return Question(
        tuple(parse_qsl(urlsplit(link).query)),
        (*start.minimal, ("before", str(before))),
    )
