"""What a query would find with one clause less strict, or another word in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from search.catalog import TEXT_FIELDS
from search.query.ast import (
    All,
    And,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Span,
    Term,
)
from search.query.check import leaves
from search.query.join import either, every
from search.text import words

Change: TypeAlias = Literal["drop", "words", "anywhere", "any"]


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A query that finds all that another one does, and perhaps more.

    `drop`: without the clause; `words`: its words need not stand together; `anywhere`:
    nor in its field; `any`: one of all words is enough.
    """

    change: Change
    clause: Node
    node: Node


def relaxed(node: Node) -> Iterator[Relaxed]:
    """Yield the query with each clause in turn less strict, in their order."""
    match node:
        case And(nodes):
            for at, child in enumerate(nodes):
                before, after = nodes[:at], nodes[at + 1 :]
                yield Relaxed("drop", child, every((*before, *after)))
                for each in relaxed(child):
                    yield replace(each, node=every((*before, each.node, *after)))
        case Or(nodes):
            for at, child in enumerate(nodes):
                for each in relaxed(child):
                    rest = (*nodes[:at], each.node, *nodes[at + 1 :])
                    yield replace(each, node=either(rest))
        case Term() | Phrase() | Prefix() | Fuzzy():
            yield from _loosened(node)
        case _:
            return


def any_word(node: Node) -> Node | None:
    """Return the query that one of the words of another one satisfies, None if it has
    no two that must all be there. What must not be there still must not."""
    if not isinstance(node, And):
        return None
    wanted = [each for each in node.nodes if not isinstance(each, Not)]
    unwanted = [each for each in node.nodes if isinstance(each, Not)]
    return every((either(wanted), *unwanted)) if len(wanted) > 1 else None


def parts(node: Node) -> tuple[Node, ...]:
    """Return the clauses that must all be satisfied, but for those that exclude."""
    each = node.nodes if isinstance(node, And) else (node,)
    return tuple(one for one in each if not isinstance(one, Not | All))


def texts(node: Node) -> Iterator[Term | Phrase]:
    """Yield the leaves of words and phrases in texts that must, or may, be there."""
    match node:
        case And(nodes) | Or(nodes):
            for each in nodes:
                yield from texts(each)
        case Term(field=field) | Phrase(field=field):
            if field is None or field in TEXT_FIELDS:
                yield node
        case _:
            return


def respelt(node: Node, corrections: dict[str, str]) -> Node:
    """Return the query with folded words replaced in all of `texts`."""
    match node:
        case And(nodes):
            return And(tuple(respelt(each, corrections) for each in nodes))
        case Or(nodes):
            return Or(tuple(respelt(each, corrections) for each in nodes))
        case Term() | Phrase() if any(True for _ in texts(node)):
            found = words(node.text)
            if corrections.keys().isdisjoint(found):
                return node
            meant = (corrections.get(word, word) for word in found)
            return replace(node, text=" ".join(meant))
        case _:
            return node


def renamed(node: Node, old: Term, name: str) -> Node:
    """Return the query with another name wherever it has this one."""
    match node:
        case And(nodes):
            return And(tuple(renamed(each, old, name) for each in nodes))
        case Or(nodes):
            return Or(tuple(renamed(each, old, name) for each in nodes))
        case Not(child):
            return Not(renamed(child, old, name))
        case _:
            return Term(name, old.field) if node == old else node


def span(node: Node) -> Span | None:
    """Return from where to where a clause stands in the text, as far as its leaves."""
    places = [leaf.span for leaf in leaves(node)]
    if not places:
        return None
    return min(start for start, _ in places), max(end for _, end in places)


def _loosened(leaf: Term | Phrase | Prefix | Fuzzy) -> Iterator[Relaxed]:
    if leaf.field is not None and leaf.field not in TEXT_FIELDS:
        return
    found = words(leaf.text)
    if isinstance(leaf, Phrase) and len(found) > 1:
        together = every(Term(word, leaf.field) for word in found)
        yield Relaxed("words", leaf, together)
    if leaf.field is not None:
        yield Relaxed("anywhere", leaf, replace(leaf, field=None))
