"""What a query may cost and may ask, and what is left of it without wordless leaves."""

from __future__ import annotations

from collections.abc import Iterator

from search.catalog import DATE_FIELDS, FACET_FIELDS, QUERY_FIELDS
from search.errors import QueryError, QueryMisuseError, QueryTooComplexError
from search.query.ast import (
    NOTHING,
    NOWHERE,
    All,
    And,
    Exists,
    Fuzzy,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
)
from search.query.join import either, every, opposite
from search.query.unknown import unknown
from search.text import words

MAX_CHARACTERS = 1_000
MAX_DEPTH = 20
"""How many And, Or and Not may stand above a leaf; also of parentheses and NOTs."""
MAX_CLAUSES = 64
MIN_PREFIX = 2
MAX_SLOP = 10
MAX_DISTANCE = 2

TOO_DEEP = (
    f"The query is nested more than {MAX_DEPTH} deep. Use fewer parentheses and NOTs."
)

Place = tuple[int | None, int | None]


def check(node: Node) -> None:
    """Raise the QueryError of the first clause that is not allowed.

    The limits and rules are those of the parser; positions are the spans of the leaves.
    Meant for what a client asked, not for filters: those have limits of their own.
    """
    measure(node)
    for leaf in leaves(node):
        check_leaf(leaf)


def measure(node: Node) -> None:
    """Raise QueryTooComplexError for too much depth, too many clauses or characters."""
    length = 0
    for count, leaf in enumerate(leaves(node), 1):
        length += len(text_of(leaf) or "")
        if count > MAX_CLAUSES:
            raise QueryTooComplexError(
                f"The query has more than {MAX_CLAUSES} words and phrases. Ask for "
                "less at once, or restrict by parameters.",
                *place(leaf),
            )
        if length > MAX_CHARACTERS:
            raise QueryTooComplexError(too_long(length), *place(leaf))


def too_long(length: int) -> str:
    """Return the sentence about a text of so many characters."""
    return (
        f"The query has {length:,} characters; up to {MAX_CHARACTERS:,} are allowed. "
        "Shorten it, or restrict by parameters."
    )


def leaves(node: Node, depth: int = 0) -> Iterator[Leaf]:
    """Yield the leaves in their order; QueryTooComplexError below `MAX_DEPTH`."""
    match node:
        case All():
            return
        case And(nodes) | Or(nodes):
            children = nodes
        case Not(child):
            children = (child,)
        case _:
            yield node
            return
    if depth == MAX_DEPTH:
        raise QueryTooComplexError(TOO_DEEP, *_first_place(node))
    for each in children:
        yield from leaves(each, depth + 1)


def check_leaf(leaf: Leaf) -> None:
    """Raise the QueryError of what the leaf asks and its field cannot do."""
    match leaf:
        case Range(field):
            known = field in DATE_FIELDS
        case Exists(field):
            known = field in QUERY_FIELDS
        case _:
            known = leaf.field is None or leaf.field in QUERY_FIELDS
    if not known:
        raise unknown(leaf.field or "", *place(leaf))
    fault = _fault_of_facet(leaf) or _fault_of_leaf(leaf)
    if fault is not None:
        raise fault


def _fault_of_facet(leaf: Leaf) -> QueryError | None:
    if leaf.field not in FACET_FIELDS:
        return None
    match leaf:
        case Prefix():
            asked = "a beginning (*)"
        case Fuzzy():
            asked = "a similar spelling (~)"
        case Phrase():
            asked = "words near each other (~)"
        case _:
            return None
    return QueryMisuseError(
        f"'{leaf.field}' has whole names and cannot be asked for {asked}. Write the "
        f'name as it is, in quotes if it has spaces: {leaf.field}:"…".',
        *place(leaf),
    )


def _fault_of_leaf(leaf: Leaf) -> QueryError | None:
    match leaf:
        case Prefix(text):
            return _fault_of_word(leaf, text, "*") or _fault_of_prefix(leaf, text)
        case Fuzzy(text, distance=distance):
            if not 0 <= distance <= MAX_DISTANCE:
                return QueryTooComplexError(
                    f"A word may differ by up to {MAX_DISTANCE} letters: write "
                    f"~{MAX_DISTANCE} or ~1.",
                    *place(leaf),
                )
            return _fault_of_word(leaf, text, "~")
        case Phrase(slop=slop) if not 0 <= slop <= MAX_SLOP:
            return QueryTooComplexError(
                f"Words may be up to {MAX_SLOP} apart: write ~{MAX_SLOP} or less.",
                *place(leaf),
            )
        case _:
            return None


def _fault_of_word(leaf: Leaf, text: str, sign: str) -> QueryError | None:
    if len(words(text)) <= 1:
        return None
    return QueryMisuseError(
        f"{sign} goes with one word, and this is more than one. Separate them by "
        f"spaces and put {sign} to the word it is meant for.",
        *place(leaf),
    )


def _fault_of_prefix(leaf: Leaf, text: str) -> QueryError | None:
    if len("".join(words(text))) >= MIN_PREFIX:
        return None
    return QueryTooComplexError(
        f"Write at least {MIN_PREFIX} letters before the *.", *place(leaf)
    )


def place(leaf: Leaf) -> Place:
    """Return where the leaf stands in the text, or Nones if it came without one."""
    return (None, None) if leaf.span == NOWHERE else leaf.span


def _first_place(node: Node) -> Place:
    while isinstance(node, And | Or | Not):
        children = (node.node,) if isinstance(node, Not) else node.nodes
        if not children:
            return None, None
        node = children[0]
    return (None, None) if isinstance(node, All) else place(node)


def text_of(leaf: Leaf) -> str | None:
    """Return the words of the leaf as written, None where it has none to say."""
    return None if isinstance(leaf, Range | Exists) else leaf.text


def simplify(node: Node) -> tuple[Node, tuple[str, ...]]:
    """Return the query without leaves that have no word (`&`, `©`), and their texts.

    Hits stay the same but for the leaves left out. Of a query that has nothing else,
    also of `-©`, `NOTHING` is left. A facet value without a word still matches nothing,
    as a restriction must; its text is returned too. And in And and Or in Or are one,
    Not of Not is gone.
    """
    wordless: list[str] = []
    rest = _without(node, wordless)
    if wordless and (rest is None or not any(True for _ in leaves(rest))):
        return NOTHING, tuple(wordless)
    return All() if rest is None else rest, tuple(wordless)


def _without(node: Node, wordless: list[str]) -> Node | None:
    match node:
        case All() | Range() | Exists():
            return node
        case And(nodes):
            kept = _rest(nodes, wordless)
            return every(kept) if kept or not nodes else None
        case Or(nodes):
            kept = _rest(nodes, wordless)
            return either(kept) if kept or not nodes else None
        case Not(child):
            rest = _without(child, wordless)
            return None if rest is None else opposite(rest)
        case _ if words(node.text):
            return node
        case _:
            wordless.append(node.text)
            return NOTHING if node.field in FACET_FIELDS else None


def _rest(nodes: tuple[Node, ...], wordless: list[str]) -> list[Node]:
    kept = (_without(node, wordless) for node in nodes)
    return [node for node in kept if node is not None]
