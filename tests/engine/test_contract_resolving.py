"""Names resolve alike on every engine, whatever its registry holds."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from search.engine import Engine
from search.entities.profile import KINDS, Profile
from tests.profiled import art
from tests.reference import ReferenceEngine

WORDS = st.sampled_from(
    ["Acme", "Acme Inc.", "acme", "The Acme Co", "Beta", "Li", "A&B"]
)
NAMES = st.lists(WORDS, min_size=1, max_size=2).map(" ".join)
MADE = st.builds(
    Profile,
    kind=st.sampled_from(KINDS[:2]),
    id=st.sampled_from(["acme", "beta", "acme-beta", "li-acme", "x"]),
    name=NAMES,
    aliases=st.lists(NAMES, max_size=2, unique=True).map(tuple),
    former_names=st.lists(NAMES, max_size=1).map(tuple),
    tickers=st.sampled_from([(), ("ACME",), ("NYSE:LI",)]),
)


@pytest.fixture(scope="session")
def labelled(shared_engine: Engine) -> Iterator[tuple[Engine, Engine]]:
    corpus = [
        art(n, (name,), (name,))
        for n, name in enumerate(("Acme", "Acme, Inc.", "Beta Acme", "Li", "A & B"), 1)
    ]
    oracle = ReferenceEngine()
    shared_engine.rebuild(corpus, force=True)
    oracle.rebuild(corpus)
    with closing(oracle):
        yield shared_engine, oracle


@settings(
    max_examples=12, deadline=None, suppress_health_check=[*HealthCheck], database=None
)
@given(profiles=st.lists(MADE, max_size=6), texts=st.lists(NAMES, max_size=4))
def test_every_engine_resolves_as_the_reference(
    labelled: tuple[Engine, Engine], profiles: list[Profile], texts: list[str]
) -> None:
    engine, oracle = labelled
    for each in (engine.entities, oracle.entities):
        for kind in KINDS[:2]:
            each.delete(kind, [profile.id for profile in each.scan(kind)])
        each.put(profiles)
    assert list(engine.entities.scan("company")) == list(
        oracle.entities.scan("company")
    )
    for text in (*texts, "acme", "LI", "NYSE:LI", "Acme Co., Ltd."):
        for kind in KINDS[:2]:
            one = engine.resolve(kind, text, suggest=False)
            two = oracle.resolve(kind, text, suggest=False)
            assert [(m.entity.id, m.matched, m.ids) for m in one.meanings] == [
                (m.entity.id, m.matched, m.ids) for m in two.meanings
            ]
        assert engine.entities.complete(text[:3]) == oracle.entities.complete(text[:3])
