"""Trees that the parser can make, drawn by hypothesis."""

from hypothesis import strategies as st

from search.catalog import FACET_FIELDS, QUERY_FIELDS, TEXT_FIELDS
from search.query.ast import All, Exists, Fuzzy, Leaf, Node, Phrase, Prefix, Term
from search.query.join import either, every, opposite
from search.text import spans, words

SIGNS = ["AND", "OR", "NOT", "-", "+", "~", "~5", "*", '"', "“", "”", "«", "(", ")"]
SIGNS += ["\\", ":", "title:", "company:", "foo:", "http://", "&&", "||", " ", "\n"]
ORDINARY = ["merger", "BP", "carbon tax", "AT&T", "Łódź", "東京", "10:30", "©", "ﬁ½"]

characters = st.characters(exclude_categories=["Cs"])
texts = st.one_of(
    st.sampled_from(SIGNS + ORDINARY),
    st.lists(st.sampled_from(SIGNS + ORDINARY), min_size=1, max_size=4).map("".join),
    st.text(characters, min_size=1, max_size=12),
)


def is_one_word(text: str) -> bool:
    return [span[1:] for span in spans(text)] == [(0, len(text))]


single = st.one_of(
    st.sampled_from(["merger", "Łódź", "title", "Straße", "e\u0301te\u0301"]),
    st.text(st.characters(categories=["L", "N", "M"]), min_size=1, max_size=9),
).filter(is_one_word)
beginnings = single.filter(lambda text: len(words(text)[0]) >= 2)
wordless = st.sampled_from(["©", "&", "-", "~", "(", '"', ":", "\\", "♭♭"])

text_fields = st.sampled_from([None, *TEXT_FIELDS])
leaves: st.SearchStrategy[Leaf] = st.one_of(
    st.builds(Term, texts, st.sampled_from([None, *QUERY_FIELDS])),
    st.builds(Term, texts, st.sampled_from(FACET_FIELDS)),
    st.builds(
        Phrase,
        texts.filter(lambda text: not text.isspace()),
        text_fields,
        st.integers(0, 10),
    ),
    st.builds(Prefix, beginnings, text_fields),
    st.builds(Fuzzy, single | wordless, text_fields, st.integers(0, 2)),
    st.builds(Exists, st.sampled_from(QUERY_FIELDS)),
)


def joined(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=2, max_size=4)
    return st.one_of(
        several.map(every), several.map(either), children.map(opposite)
    ).filter(lambda node: node != All())


nodes: st.SearchStrategy[Node] = st.recursive(leaves, joined, max_leaves=12)
trees = nodes | st.just(All())
