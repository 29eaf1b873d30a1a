"""The language of search boxes: quotes, minus and words, and nothing is an error."""

from __future__ import annotations

import re

from search.query.ast import Node, Phrase, Term
from search.query.check import MAX_CHARACTERS, MAX_CLAUSES
from search.query.join import every, opposite
from search.query.lexer import QUOTES

_PIECE = re.compile(
    rf'((?<!\S)-(?=\S))?(?:"([^"]*)"|[{QUOTES[1:]}]([^{QUOTES}]*)[{QUOTES}]'
    rf"|([^\s{QUOTES}]+))"
)


def simple(text: str) -> Node:
    """Return the tree of what somebody typed into a search box; never raises.

    Quotes that close make phrases, `-word` and `-"a phrase"` exclude, all else is
    words. What is over the limits is left out: the text behind 1,000 characters with
    the word that the cut goes through, then the clauses behind the 64th; `is_cut` says
    whether anything was.
    """
    return every(_nodes(text)[:MAX_CLAUSES])


def is_cut(text: str) -> bool:
    """Say whether `simple` leaves out some of the text because it is over a limit."""
    return len(text.strip()) > MAX_CHARACTERS or len(_nodes(text)) > MAX_CLAUSES


def _nodes(text: str) -> list[Node]:
    nodes: list[Node] = []
    for match in _PIECE.finditer(_shortened(text)):
        minus, straight, curly, word = match.groups()
        content = word or straight or curly or ""
        if not content.strip():
            continue
        leaf = (Term if word else Phrase)(content, span=match.span())
        nodes.append(opposite(leaf) if minus else leaf)
    return nodes


def _shortened(text: str) -> str:
    text, behind = encodable(text[:MAX_CHARACTERS]), text[MAX_CHARACTERS:][:1]
    if behind and not behind.isspace():
        return text.rsplit(None, 1)[0] if text.strip() else ""
    return text


def encodable(text: str) -> str:
    """Return the text with `?` for every half of a pair, which no answer could quote."""
    return text.encode("utf-8", "replace").decode()
