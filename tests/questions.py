"""What is asked of a corpus: query trees and whole requests, over its vocabulary."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from search.article import milliseconds
from search.catalog import DATE_FIELDS, FACET_FIELDS, TEXT_FIELDS
from search.query.ast import (
    NOTHING,
    All,
    And,
    Exists,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
)
from search.request import (
    FacetRequest,
    HighlightRequest,
    SearchRequest,
    Selection,
    TimelineRequest,
)
from tests.corpus import ALSO, ENTITIES, FAR, MOMENTS, NAMES, UNKNOWN, WORDS

ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "America/Sao_Paulo", "Pacific/Apia")
INTERVALS = ("hour", "day", "week", "month", "quarter", "year")


def words() -> SearchStrategy[str]:
    """Draw one word of the vocabulary, sometimes in capitals."""
    return st.sampled_from(WORDS) | st.sampled_from(WORDS).map(str.upper)


def phrases() -> SearchStrategy[str]:
    """Draw a few words, also twice the same."""
    return st.lists(words(), min_size=1, max_size=4).map(" ".join)


def beginnings() -> SearchStrategy[str]:
    """Draw the first letters of words."""
    letters = [word for word in WORDS if word[:3].isalnum()]
    return st.builds(
        lambda word, size: word[:size], st.sampled_from(letters), st.integers(2, 5)
    )


def misspellings() -> SearchStrategy[str]:
    """Draw words with up to two letters left out, doubled or exchanged."""

    def spoil(word: str, place: int, kind: str) -> str:
        left, right = word[: place % len(word)], word[place % len(word) :]
        swapped = right[1:2] + right[:1] + right[2:]
        return {"cut": left + right[1:], "double": left + right[:1] + right}.get(
            kind, left + swapped
        )

    letters = st.sampled_from([word for word in WORDS if word.isalpha()])
    kinds = st.sampled_from(("cut", "double", "swap"))
    once = st.builds(spoil, letters, st.integers(0, 9), kinds).filter(bool)
    return (
        letters | once | st.builds(spoil, once, st.integers(0, 9), kinds).filter(bool)
    )


def values(field: str) -> SearchStrategy[str]:
    """Draw a name or an id of a facet field, or one that nobody has."""
    entities = ENTITIES.get(field, ())
    names = {name for one in entities for name in ALSO.get(one.id, (one.name,))}
    known = {*NAMES[field], *names, *(one.id for one in entities)}
    return st.sampled_from((*sorted(known), *sorted(known), *UNKNOWN))


def moments() -> SearchStrategy[int]:
    """Draw a moment of the corpus, or one beside it, in milliseconds."""
    known = st.sampled_from([milliseconds(moment) for moment in (*MOMENTS, *FAR)])
    return st.builds(
        int.__add__, known, st.sampled_from((0, 0, -1, 1, 1000, 86_400_000))
    )


def ranges() -> SearchStrategy[Range]:
    """Draw a restriction by date, open at either end, also the wrong way round."""
    return st.builds(
        Range,
        st.sampled_from(DATE_FIELDS),
        st.none() | moments(),
        st.none() | moments(),
    )


def leaves() -> SearchStrategy[Node]:
    """Draw a leaf of any kind on any field."""
    text = st.none() | st.sampled_from(TEXT_FIELDS)
    facet = st.sampled_from(FACET_FIELDS)
    return st.one_of(
        st.builds(Term, words(), text),
        facet.flatmap(
            lambda field: st.builds(
                Term, values(field), st.just(field), exact=st.booleans()
            )
        ),
        st.builds(Phrase, phrases(), text, st.sampled_from((0, 0, 1, 2, 3, 10))),
        st.builds(Prefix, beginnings(), text),
        st.builds(Fuzzy, misspellings(), text, st.integers(1, 2)),
        ranges(),
        st.builds(Exists, st.sampled_from(TEXT_FIELDS + FACET_FIELDS)),
        st.sampled_from((All(), All(), NOTHING)),
    )


def nodes() -> SearchStrategy[Node]:
    """Draw a whole tree."""

    def grow(children: SearchStrategy[Node]) -> SearchStrategy[Node]:
        some = st.lists(children, max_size=3).map(tuple)
        return st.builds(And, some) | st.builds(Or, some) | st.builds(Not, children)

    return st.recursive(leaves(), grow, max_leaves=8)


def selections() -> SearchStrategy[tuple[Selection, ...]]:
    """Draw what is chosen in up to three facet fields."""

    def chosen(field: str) -> SearchStrategy[Selection]:
        some = st.lists(values(field), max_size=3).map(tuple)
        return st.builds(Selection, st.just(field), some, some).filter(
            lambda selection: selection.terms
        )

    fields = st.lists(st.sampled_from(FACET_FIELDS), max_size=3, unique=True)
    return fields.flatmap(lambda names: st.tuples(*map(chosen, names)))


def facets() -> SearchStrategy[tuple[FacetRequest, ...]]:
    """Draw the facets that are asked for, with all their options."""
    one = st.builds(
        FacetRequest,
        st.sampled_from(FACET_FIELDS),
        size=st.sampled_from((1, 2, 3, 10, None)),
        sort=st.sampled_from(("count", "name")),
        mode=st.sampled_from(("or", "and")),
        match=st.sampled_from((None, None, None, "e", "an", "Sh", "Łód", "3.1", "zz")),
        whole=st.booleans(),
        only=st.sampled_from((None, None, ("energy", "bp", "en", "en", "nobody"), ())),
        seen=st.booleans(),
    )
    return st.lists(one, max_size=4, unique_by=lambda facet: facet.field).map(tuple)


def timelines() -> SearchStrategy[TimelineRequest]:
    """Draw a timeline, mostly of a width that can be answered."""
    return st.builds(
        TimelineRequest,
        st.none() | st.sampled_from(INTERVALS),
        st.sampled_from(ZONES),
        st.none() | moments(),
        st.none() | moments(),
    )


def highlights() -> SearchStrategy[HighlightRequest]:
    """Draw what is to be marked."""
    fields = st.lists(st.sampled_from(TEXT_FIELDS), min_size=1, unique=True).map(tuple)
    return st.builds(
        HighlightRequest, fields, st.sampled_from((20, 150)), st.integers(1, 3)
    )


def requests() -> SearchStrategy[SearchRequest]:
    """Draw a whole question, without a cursor."""
    return st.builds(
        SearchRequest,
        query=st.one_of(st.just(All()), st.builds(Term, words()), nodes(), nodes()),
        filter=st.one_of(st.just(All()), st.just(All()), ranges(), nodes()),
        selections=st.just(()) | selections(),
        sort=st.sampled_from(("relevance", "newest", "oldest")),
        date=st.sampled_from(DATE_FIELDS),
        limit=st.sampled_from((0, 1, 3, 10, 50)),
        offset=st.sampled_from((0, 0, 0, 1, 7)),
        body=st.booleans(),
        facets=facets(),
        timeline=st.none() | timelines(),
        highlight=st.none() | highlights(),
    )
