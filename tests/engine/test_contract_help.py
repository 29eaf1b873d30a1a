"""Help where nothing is found is the same on every engine, and keeps its promises."""

from datetime import UTC, datetime

import pytest

from schemas import advice
from schemas.finding import find
from schemas.queries import load
from schemas.urls import Pair
from search.engine import Engine
from tests.engine.archive import Archive

NOW = datetime(2024, 5, 17, 12, tzinfo=UTC)
QUESTIONS: dict[str, list[Pair]] = {
    "a misspelt word": [("q", "mergrr")],
    "two misspelt words": [("q", "carbom taxs banc")],
    "a word and a filter": [("q", "banj"), ("company", "bp")],
    "a misspelt name": [("q", "carbon"), ("person", "Angela Merkl")],
    "a name in q": [("q", 'zeppelin tag:"enrgy"')],
    "a phrase": [("q", '"tax merger bank carbon"'), ("tag.not", "energy")],
    "a field": [("q", "summary:zeppelin title:carbon")],
    "all of many": [("company.all", "shell"), ("company.all", "bp"), ("lang", "xx")],
    "a time without news": [("q", "bank"), ("from", "2023"), ("to", "2023-02")],
    "another alphabet": [("q", "हिनदी")],
    "nothing like it": [("q", "zzzzzzz")],
}


def helped(engine: Engine, pairs: list[Pair]) -> list[advice.Advice]:
    found = find(load(pairs, "articles", now=NOW), engine)
    return [*found.advice]


@pytest.mark.parametrize("name", QUESTIONS)
def test_help_is_the_same_on_every_engine(name: str, archive: Archive) -> None:
    found = helped(archive.engine, QUESTIONS[name])
    assert found == helped(archive.oracle, QUESTIONS[name])
    for each in found:
        reached = find(load(each.proposal.pairs, "articles", now=NOW), archive.engine)
        assert reached.result.total == each.count > 0
