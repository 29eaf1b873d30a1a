"""Where phrases are, and how far words are apart."""

import random
from itertools import product

import tantivy
from hypothesis import example, given, strategies as st

from search.matching import distance_within, phrase_positions
from tests.definitions import alignment, brute_force

LETTERS = st.text("abc", max_size=6)


@given(
    st.text("abc", max_size=9),
    st.text("abc", min_size=1, max_size=4),
    st.integers(0, 5),
)
@example("aab", "aba", 3)
def test_phrase_positions_finds_a_place_exactly_if_there_is_one(
    text: str, phrase: str, slop: int
) -> None:
    places = [[i for i, c in enumerate(text) if c == one] for one in phrase]
    expected = brute_force(places, slop)
    found_places = list(phrase_positions(places, slop))
    assert set(found_places) <= expected
    assert bool(found_places) is bool(expected)


def test_every_short_phrase_agrees_with_brute_force() -> None:
    for text in product("ab", repeat=6):
        for phrase in product("ab", repeat=3):
            places = [[i for i, c in enumerate(text) if c == one] for one in phrase]
            for slop in range(5):
                some = next(phrase_positions(places, slop), None)
                assert (some is None) is (not brute_force(places, slop))


def test_no_words_are_nowhere() -> None:
    assert list(phrase_positions([], 0)) == []
    assert list(phrase_positions([[1], []], 0)) == []


def test_a_word_repeated_ten_thousand_times_costs_little() -> None:
    places = [list(range(10_000))] * 10
    assert next(phrase_positions(places, 10)) == tuple(range(10))


@given(LETTERS, LETTERS, st.integers(0, 3))
@example("ca", "abc", 2)
@example("abcb", "bacb", 1)
def test_the_distance_is_that_of_its_definition(a: str, b: str, most: int) -> None:
    assert distance_within(a, b, most) is (alignment(a, b) <= most)


def test_the_distance_is_the_one_of_the_index() -> None:
    builder = tantivy.SchemaBuilder()
    schema = builder.add_text_field("word", stored=True, tokenizer_name="raw").build()
    index = tantivy.Index(schema)
    every = ["".join(word) for n in range(1, 5) for word in product("abc", repeat=n)]
    with index.writer(15_000_000, 1) as writer:
        for word in every:
            writer.add_document(tantivy.Document(word=word))
        writer.commit()
    index.reload()
    searcher = index.searcher()
    for wanted, most in product(random.Random(7).sample(every, 30), (1, 2)):
        query = tantivy.Query.fuzzy_term_query(
            schema, "word", wanted, distance=most, transposition_cost_one=True
        )
        hits = searcher.search(query, limit=len(every)).hits
        got = {searcher.doc(address)["word"][0] for _, address in hits}
        assert got == {one for one in every if distance_within(wanted, one, most)}
