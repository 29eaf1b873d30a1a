"""GraphML (graphml.graphdrawing.org): a graph without directions, read by Gephi,
networkx and others. Names keep only the characters that XML 1.0 may have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias
from xml.etree.ElementTree import Element, SubElement, indent, tostring

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"

Values: TypeAlias = Mapping[str, str | int | float]

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TYPES = {str: "string", int: "long", float: "double"}
_NODE = {"label": str, "field": str, "count": int}
_EDGE = {"count": int, "weight": float, "npmi": float, "jaccard": float}


def graphml(
    nodes: Iterable[tuple[str, Values]], edges: Iterable[tuple[str, str, Values]]
) -> bytes:
    """Return a document of nodes (id and values) and edges (two ids and values).

    Nodes have `label`, `field` and `count`; edges `count`, `weight`, `npmi`, `jaccard`.
    """
    root = Element("graphml", xmlns=NAMESPACE)
    for kind, declared in (("node", _NODE), ("edge", _EDGE)):
        for name, of in declared.items():
            SubElement(
                root,
                "key",
                {
                    "id": f"{kind}-{name}",
                    "for": kind,
                    "attr.name": name,
                    "attr.type": _TYPES[of],
                },
            )
    body = SubElement(root, "graph", id="graph", edgedefault="undirected")
    for identity, values in nodes:
        _put(SubElement(body, "node", id=legal(identity)), "node", values)
    for place, (source, target, values) in enumerate(edges):
        ends = {"source": legal(source), "target": legal(target)}
        _put(SubElement(body, "edge", {"id": f"e{place}", **ends}), "edge", values)
    indent(root)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def legal(text: str) -> str:
    """Return the text without what XML 1.0 may not have."""
    return _ILLEGAL.sub("", text)


def _put(element: Element, kind: str, values: Values) -> None:
    for name, value in values.items():
        data = SubElement(element, "data", key=f"{kind}-{name}")
        data.text = legal(str(value))
