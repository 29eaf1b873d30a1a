"""Nodes put together without a needless level: what the parser and `simplify` make."""

from __future__ import annotations

from collections.abc import Iterable

from search.query.ast import NOTHING, All, And, Node, Not, Or


def every(nodes: Iterable[Node]) -> Node:
    """Return the node that all of `nodes` satisfy together."""
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.nodes if isinstance(node, And) else (node,))
    if NOTHING in flat:
        return NOTHING
    flat = [node for node in flat if node != All()]
    return _one(flat) or (And(tuple(flat)) if flat else All())


def either(nodes: Iterable[Node]) -> Node:
    """Return the node that at least one of `nodes` satisfies."""
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.nodes if isinstance(node, Or) else (node,))
    if All() in flat:
        return All()
    return _one(flat) or Or(tuple(flat))


def opposite(node: Node) -> Node:
    """Return the node for everything that `node` does not match."""
    match node:
        case Not(child):
            return child
        case All():
            return NOTHING
        case Or(()):
            return All()
        case _:
            return Not(node)


def _one(nodes: list[Node]) -> Node | None:
    return nodes[0] if len(nodes) == 1 else None
