"""From a draft to an article: through the one schema, with what stands in for a date."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeAlias

from schemas.articles import load
from schemas.formats.drafts import Draft, Values
from schemas.problems import Fault, Invalid
from search.article import Article, ArticleId
from search.engine import Engine
from search.errors import ArticleNotFoundError

Known: TypeAlias = Callable[[ArticleId], datetime | None]
"""Returns the date that an article has already, where it is stored."""

_PASSES = 20
_NOTHING = "There is nothing of an article in it."
_UNDATED = "No date is given: {} stands for it."


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a text arrived, for the article that has no date of its own.

    `changed` is when its file was last changed, if there is one.
    """

    now: datetime
    changed: datetime | None = None
    known: Known | None = None

    @property
    def moment(self) -> datetime:
        """Return the date that stands in for a missing one."""
        return self.changed or self.now

    @property
    def warning(self) -> Fault:
        """Return what is said of it."""
        named = "that of the file" if self.changed else "the time of arrival"
        return Fault("/published_at", _UNDATED.format(named))


def dates_in(engine: Engine) -> Known:
    """Return what knows the dates of an engine's articles."""

    def known(article_id: ArticleId) -> datetime | None:
        try:
            return engine.get(article_id).article().published_at
        except ArticleNotFoundError:
            return None

    return known


def admit(draft: Draft, arrival: Arrival) -> tuple[Article, tuple[Fault, ...]]:
    """Return the article of a draft, and what its importer has to say of it.

    An optional value that the schema refuses is left out, with a warning. An article
    without a date has that of its file, or of its first arrival: sent again it is
    unchanged. Raises Invalid.
    """
    if not draft.values:
        raise Invalid(draft.warnings or [Fault("", _NOTHING)])
    if draft.strict:
        return load(draft.values, now=arrival.now), draft.warnings
    values, told = dict(draft.values), list(draft.warnings)
    for _ in range(_PASSES):
        try:
            return _loaded(values, told, arrival)
        except Invalid as error:
            told += _left_out(values, error)
    raise Invalid([Fault("", "Too much of it is malformed. Check its format.")])


def _loaded(
    values: Values, told: Iterable[Fault], arrival: Arrival
) -> tuple[Article, tuple[Fault, ...]]:
    if "published_at" in values:
        return load(values, now=arrival.now), tuple(told)
    dated = {**values, "published_at": arrival.moment.isoformat()}
    if not dated.keys() & {"id", "url"}:
        dated["id"] = _content_id(values)
    article = load(dated, now=arrival.now)
    before = arrival.known(article.id) if arrival.known else None
    if before:
        article = replace(article, published_at=before)
    return article, (*told, arrival.warning)


def _content_id(values: Values) -> str:
    """Return an id by what the text says, the same whenever it arrives."""
    seed = "\n".join(str(values.get(key, "")) for key in ("title", "body"))
    return sha256(seed.encode()).hexdigest()


def _left_out(values: Values, error: Invalid) -> list[Fault]:
    """Take what is malformed out of the values, and say so; raises the error if nothing
    may be taken."""
    told = []
    for fault in reversed(error.faults):  # the last item of a list first
        steps = fault.pointer.split("/")[1:]
        if steps and steps[0] in values and steps[0] != "title":
            _remove(values, steps)
            told.append(Fault(fault.pointer, f"Left out. {fault.detail}"))
    if not told:
        raise error
    return told[::-1]


def _remove(values: Values, steps: list[str]) -> None:
    key, *rest = steps
    inner: Any = values.get(key)
    if rest and isinstance(inner, list) and rest[0].isdigit():
        del inner[int(rest[0]) : int(rest[0]) + 1]
    elif rest and isinstance(inner, dict) and rest[0] != "url":
        inner.pop(rest[0], None)
    else:
        values.pop(key, None)
