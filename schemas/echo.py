"""What an answer says about its own question: names resolved, and what to know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field as data, replace
from typing import Any
from zoneinfo import ZoneInfo

from schemas import exact
from schemas.changing import named
from schemas.clauses import Named
from schemas.instants import instant
from schemas.narrowing import Known, narrow
from schemas.problems import ParameterError
from schemas.queries import Query
from schemas.unused import unused
from search.engine import Engine
from search.request import SearchRequest, Sort
from search.result import Resolution
from search.text import slug

SUGGESTED = 10
"""For how many unknown names of a question near ones are looked for."""


@dataclass(frozen=True, slots=True)
class Echo:
    """The names of a question as the archive knows them, and warnings.

    `selected` has the ids that each (field, text) of a selection means; `request` is the
    question as the engine is to be asked: with ids in place of the texts. `known` has
    those ids by (field, text); `near` has the names that are near unknown ones. `stamp`
    is the registry's, if it was asked.
    """

    filters: dict[str, dict[str, list[dict[str, str | None]]]]
    warnings: list[dict[str, Any]]
    selected: dict[tuple[str, str], frozenset[str]]
    request: SearchRequest
    known: Known = data(default_factory=dict)
    near: dict[Named, tuple[str, ...]] = data(default_factory=dict)
    stamp: str = ""
    engine: Engine | None = data(default=None, compare=False, repr=False)

    def exactly(
        self, values: Iterable[tuple[str, str]], archive: str = ""
    ) -> exact.Texts:
        """Return, by (field, id), what a filter is given to find just this value.

        `archive` is the engine's stamp, if it is known.
        """
        if self.engine is None:
            return {value: value[1] for value in values}
        return exact.texts(self.engine, values, archive)

    def narrowed(self, request: SearchRequest) -> SearchRequest:
        """Return another question with names of this one, each understood as here."""
        return narrow(request, self.known)


def resolve(query: Query, engine: Engine) -> Echo:
    """Return what the names of a question mean in the archive.

    Raises ParameterError for unknown and ambiguous names where the query is strict.
    """
    told = [*_losses(query), *unused(query)]
    echo = Echo({}, told, {}, query.request, engine=engine)
    if not query.names:
        return echo
    stamp = names_stamp(query, engine)
    known: dict[tuple[str, str], tuple[str, ...]] = {}
    asked = [(name.field, exact.plain(name.text)) for name in query.names]
    resolved = engine.resolve_all(asked, suggest=SUGGESTED)
    for name, resolution in zip(query.names, resolved, strict=True):
        found = exact.meant(name.text, resolution)
        if found.meanings:
            known[name.field, name.text] = found.ids
        if len(found.meanings) != 1:
            _warn(echo, query, name, found)
        if name.parameter != "q":
            _note(echo, name, found)
    narrowed = narrow(query.request, known)
    return replace(echo, request=narrowed, known=known, stamp=stamp)


def names_stamp(query: Query, engine: Engine) -> str:
    """Return a text that changes with what the names of a question may mean."""
    return engine.entities.stamp() if query.names else ""


def show(query: Query, echo: Echo, sort: Sort) -> dict[str, Any]:
    """Return the `query` of an answer; `to` is the last moment that is included."""
    zone = ZoneInfo(query.tz)
    start, end = query.span.start, query.span.end
    return {
        "text": query.asked.text,
        "filters": echo.filters,
        "from": None if start is None else instant(start, zone),
        "to": None if end is None else instant(end - 1, zone, exact=True),
        "date": query.request.date,
        "tz": query.tz,
        "sort": sort,
    }


def _losses(query: Query) -> list[dict[str, Any]]:
    """Return warnings of what of `q` could not count."""
    asked = query.asked
    lost = [("empty-query", text) for text in asked.dropped]
    lost += [("shortened-query", asked.text or "")] if asked.cut else []
    return [{"code": code, "parameter": "q", "value": text} for code, text in lost]


def _warn(echo: Echo, query: Query, name: Named, resolution: Resolution) -> None:
    if query.strict:
        raise _refusal(name, resolution)
    warning: dict[str, Any] = {"parameter": name.parameter, "value": name.text}
    if resolution.entities:
        found = [
            {"id": each.id, "name": each.name, "url": named(query, name, each.id)}
            for each in resolution.entities
        ]
        warning = {"code": "ambiguous-value", **warning, "candidates": found}
    else:
        near = echo.near[name] = resolution.suggestions
        addresses = [named(query, name, each) for each in near]
        warning = {"code": "unknown-value", **warning, "suggestions": near}
        warning["urls"] = addresses
    echo.warnings.append(warning)


def _note(echo: Echo, name: Named, resolution: Resolution) -> None:
    rules = echo.filters.setdefault(name.field, {})
    rules.setdefault(name.rule, []).extend(_meanings(name.text, resolution))
    if name.rule == "any":
        ids = frozenset((*resolution.ids, slug(name.text)))
        echo.selected[name.field, name.text] = ids


def _meanings(text: str, resolution: Resolution) -> list[dict[str, str | None]]:
    if not resolution.meanings:
        return [{"input": text, "id": None, "name": None, "matched": None}]
    return [
        {
            "input": text,
            "id": meaning.entity.id,
            "name": meaning.entity.name,
            "matched": meaning.matched,
        }
        for meaning in resolution.meanings
    ]


def _refusal(name: Named, resolution: Resolution) -> ParameterError:
    if resolution.entities:
        ids = [entity.id for entity in resolution.entities]
        detail = f'"{name.text}" may be {", ".join(ids)}. Take one of these ids.'
        return ParameterError(name.parameter, detail, ids[0], slug="strict")
    near = resolution.suggestions
    hint = (
        f" Do you mean {', '.join(near)}?" if near else " Correct it or leave it out."
    )
    detail = f'Nothing here is called "{name.text}".{hint}'
    return ParameterError(
        name.parameter, detail, near[0] if near else None, slug="strict"
    )
