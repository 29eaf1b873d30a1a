"""Any sequence of writes leaves every engine with what the reference has."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from search.article import Article, ArticleId, content
from search.engine import Engine
from search.errors import ArticleNotFoundError, ConflictError
from search.request import DateField, FacetRequest, SearchRequest
from tests.corpus import article
from tests.engine.agreement import ids, names_of, same_facet
from tests.engine.engines import Entry
from tests.engine.examples import FILLED
from tests.reference import ReferenceEngine

NAMES = st.sampled_from([ArticleId(name) for name in ("a", "b", "c", "D", "e-1")])


def given(name: ArticleId, number: int) -> Article:
    return replace(article(number), id=name, version=None, indexed_at=None)


ARTICLES = st.builds(given, NAMES, st.integers(0, 20))
BATCHES = st.lists(ARTICLES, min_size=1, max_size=6)
FACETS = tuple(FacetRequest(field, None) for field in ("tag", "company", "source"))


class History(RuleBasedStateMachine):
    """Does everything twice: once to the engine, once to the reference."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine, self.oracle = engine, ReferenceEngine()
        self.engine.rebuild([], force=True)
        self.last: dict[ArticleId, int] = {}

    @rule(batch=BATCHES, refresh=st.booleans())
    def index(self, batch: list[Article], refresh: bool) -> None:
        report = self.engine.index(batch, refresh=refresh)
        expected = self.oracle.index(batch)
        for mine, theirs in zip(report.outcomes, expected.outcomes, strict=True):
            assert (mine.id, mine.status) == (theirs.id, theirs.status)
            last = self.last.get(mine.id, 0)
            if mine.status == "unchanged":
                assert mine.version == last
            else:
                assert mine.version > last
            self.last[mine.id] = mine.version

    @rule(batch=BATCHES)
    def try_out(self, batch: list[Article]) -> None:
        report = self.engine.index(batch, dry_run=True)
        expected = self.oracle.index(batch, dry_run=True)
        assert [one.status for one in report.outcomes] == [
            one.status for one in expected.outcomes
        ]

    @rule(one=ARTICLES, right=st.booleans())
    def index_if(self, one: Article, right: bool) -> None:
        actual = self.version(self.engine, one.id)
        if right:
            report = self.engine.index([one], if_version=actual)
            self.oracle.index([one], if_version=self.version(self.oracle, one.id))
            self.last[one.id] = report.outcomes[0].version
            return
        with pytest.raises(ConflictError) as caught:
            self.engine.index([one], if_version=actual + 1)
        assert caught.value.actual == actual

    @rule(names=st.lists(NAMES, max_size=4), refresh=st.booleans())
    def delete(self, names: list[ArticleId], refresh: bool) -> None:
        gone = self.engine.delete(names, refresh=refresh)
        assert gone == self.oracle.delete(names)

    @rule(copy=st.booleans())
    @precondition(lambda self: self.last)
    def rebuild(self, copy: bool) -> None:
        if not copy:
            self.engine.rebuild()
            self.oracle.rebuild()
            return
        self.engine.index([], refresh=True)
        self.engine.rebuild([one.article() for one in self.engine.scan()])
        self.oracle.rebuild([one.article() for one in self.oracle.scan()])

    @rule(date=st.sampled_from(("published", "updated")))
    def compare(self, date: DateField) -> None:
        self.engine.index([], refresh=True)
        request = SearchRequest(sort="newest", date=date, facets=FACETS, limit=100)
        mine, theirs = self.engine.search(request), self.oracle.search(request)
        assert ids(mine) == ids(theirs)
        names = names_of(request, [one.article() for one in self.oracle.scan()])
        for my, their in zip(mine.facets, theirs.facets, strict=True):
            same_facet(my, their, names)

    @invariant()
    def everything_written_can_be_read(self) -> None:
        for name in self.last:
            try:
                expected = self.oracle.get(name).article()
            except ArticleNotFoundError:
                assert self.version(self.engine, name) == 0
                continue
            stored = self.engine.get(name)
            assert content(stored.article()) == content(expected)
            assert stored.version == stored.article().version == self.last[name]

    def teardown(self) -> None:
        self.compare("published")

    @staticmethod
    def version(engine: Engine, name: ArticleId) -> int:
        try:
            return engine.get(name).version
        except ArticleNotFoundError:
            return 0


def test_any_history_leaves_what_the_reference_has(
    entry: Entry, tmp_path: Path
) -> None:
    examples = max(1, FILLED.max_examples // entry.fewer)
    with entry.make(tmp_path / "history") as engine:
        run_state_machine_as_test(
            partial(History, engine),  # type: ignore[arg-type]
            settings=settings(FILLED, max_examples=examples, stateful_step_count=15),
        )
