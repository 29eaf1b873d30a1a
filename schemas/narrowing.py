"""An id means one value: clauses of a question narrowed to it.

Whether a text is an id or only a name is known by the archive alone, so a question is
narrowed after its names are resolved.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TypeAlias

from search.query.ast import And, Node, Not, Or, Term
from search.request import SearchRequest, Selection

Known: TypeAlias = Collection[tuple[str, str]]


def narrow(request: SearchRequest, ids: Known) -> SearchRequest:
    """Return the request with its texts that are ids, (field, text), meant exactly."""
    if not ids:
        return request
    return replace(
        request,
        query=_narrowed(request.query, ids),
        filter=_narrowed(request.filter, ids),
        selections=tuple(_selected(each, ids) for each in request.selections),
    )


def _narrowed(node: Node, ids: Known) -> Node:
    match node:
        case And(nodes):
            return And(tuple(_narrowed(child, ids) for child in nodes))
        case Or(nodes):
            return Or(tuple(_narrowed(child, ids) for child in nodes))
        case Not(child):
            return Not(_narrowed(child, ids))
        case Term(text, str(field)) if (field, text) in ids:
            return replace(node, exact=True)
        case _:
            return node


def _selected(selection: Selection, ids: Known) -> Selection:
    known = [text for text in selection.values if (selection.field, text) in ids]
    names = [text for text in selection.values if text not in known]
    return Selection(selection.field, tuple(names), (*selection.ids, *known))
