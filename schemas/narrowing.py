"""Names of a question become the ids that they mean.

Whom a text means is known by the archive and its registry alone, so a question is
narrowed after its names are resolved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from search.query.ast import And, Node, Not, Or, Term
from search.request import SearchRequest, Selection

Known: TypeAlias = Mapping[tuple[str, str], tuple[str, ...]]
"""The ids that each (field, text) means; what means nothing is not there."""


def narrow(request: SearchRequest, known: Known) -> SearchRequest:
    """Return the request with ids, meant exactly, in place of texts that are known."""
    if not known:
        return request
    return replace(
        request,
        query=_narrowed(request.query, known),
        filter=_narrowed(request.filter, known),
        selections=tuple(_selected(each, known) for each in request.selections),
    )


def _narrowed(node: Node, known: Known) -> Node:
    match node:
        case And(nodes):
            return And(tuple(_narrowed(child, known) for child in nodes))
        case Or(nodes):
            return Or(tuple(_narrowed(child, known) for child in nodes))
        case Not(child):
            return Not(_narrowed(child, known))
        case Term(text, str(field)) if (field, text) in known:
            return _exactly(node, known[field, text])
        case _:
            return node


def _exactly(term: Term, ids: tuple[str, ...]) -> Node:
    terms = tuple(replace(term, text=each, exact=True) for each in ids)
    return terms[0] if len(terms) == 1 else Or(terms)


def _selected(selection: Selection, known: Known) -> Selection:
    names, ids = [], [*selection.ids]
    for text in selection.values:
        found = known.get((selection.field, text))
        if found is None:
            names.append(text)
        else:
            ids += found
    return Selection(selection.field, tuple(names), tuple(dict.fromkeys(ids)))
