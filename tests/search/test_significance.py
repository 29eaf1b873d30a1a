"""The score of what is special, and which words are sought."""

import math
from dataclasses import replace

import pytest

from search.query.ast import Term
from search.request import SearchRequest
from search.significance import compare, rate
from search.significant_words import stand_out_words
from tests.corpus import article
from tests.reference import ReferenceEngine


def test_the_score_is_the_log_likelihood_ratio_of_the_table() -> None:
    cells = ((30, 65, 40), (35, 65, 5000), (10, 4975, 40), (4965, 4975, 5000))
    expected = 2 * sum(
        seen * math.log(seen * 5040 / (row * column)) for seen, row, column in cells
    )
    assert rate(30, 40, 35, 5000) == pytest.approx(expected)


@pytest.mark.parametrize(
    "table", [(0, 40, 5, 100), (4, 40, 10, 100), (4, 40, 11, 100), (5, 5, 0, 0)]
)
def test_what_is_not_more_frequent_inside_scores_nothing(
    table: tuple[int, int, int, int],
) -> None:
    assert rate(*table) == 0


def test_a_value_of_few_does_not_beat_one_that_many_say() -> None:
    assert rate(2, 40, 0, 5000) < rate(30, 40, 35, 5000)
    assert rate(40, 40, 2500, 5000) < rate(30, 40, 35, 5000)


def test_a_word_that_a_third_of_the_others_have_is_grammar() -> None:
    engine = ReferenceEngine()
    for number in range(20):
        words = ["market"] * (number < 10) + ["upon"] * (number < 14)
        words += ["ledgers"] * (number < 13)
        plain = replace(article(number), summary=None, body=None)
        engine.index([replace(plain, title=" ".join(["x", *words]))])
    sides = compare(engine, SearchRequest(query=Term("market")), None)
    found = stand_out_words(engine, sides, 10, lambda value: value.name == "market")
    assert [value.name for value in found.values] == ["ledgers"]
    assert [value.name for value in found.own] == ["market"]
    engine.close()
