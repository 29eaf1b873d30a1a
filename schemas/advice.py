"""Help where nothing is found: what to change in a question, and how many that finds.

A proposal is the parameters of another question. How many it finds is asked with just
these parameters, so that its address keeps what it promises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from schemas import echo as echoes
from schemas.echo import Echo
from schemas.links import ARTICLES
from schemas.problems import ParameterError
from schemas.queries import Query, load
from schemas.relaxing import Proposal, relaxations
from schemas.respelling import misspelt, respellings, wanted_words
from schemas.urls import url
from search.engine import Engine
from search.query.ast import Term
from search.request import SearchRequest

_MOST: Final = 60
"""How many proposals are tried; more than a person would read."""

_SPELT: Final = 5
"""How many spellings are shown."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A proposal and how many articles it finds."""

    proposal: Proposal
    count: int


def collect(query: Query, echo: Echo, engine: Engine) -> tuple[Advice, ...]:
    """Return what finds something, of all that comes near a question without hits.

    Spellings first, then names, then what is left out or less strict, in the order of
    the question; parts of it alone where nothing else helps. It costs two calls of the
    engine, and one for each name and each of the first words.
    """
    return _Adviser(query, echo, engine).advice()


@dataclass(frozen=True, slots=True)
class _Adviser:
    """Asks the engine about one question."""

    query: Query
    echo: Echo
    engine: Engine

    def advice(self) -> tuple[Advice, ...]:
        words = wanted_words(self.query)
        proposals = islice(relaxations(self.query, self.echo), _MOST)
        alone = [SearchRequest(query=Term(word), limit=0) for word in words]
        loosened, counts = self._counted(proposals, alone)
        spelt = self._spelt(dict(zip(words, counts, strict=True)))
        found = (*islice(spelt, _SPELT), *_shortest(loosened))
        near = tuple(each for each in found if each.proposal.change != "only")
        return near or found

    def _spelt(self, counts: dict[str, int]) -> list[Advice]:
        known = {word for word, count in counts.items() if count}
        near = {word: self.engine.spellings(word) for word in misspelt(counts)}
        return self._counted(respellings(self.query, near, known))[0]

    def _counted(
        self, proposals: Iterable[Proposal], more: Sequence[SearchRequest] = ()
    ) -> tuple[list[Advice], list[int]]:
        """Return the proposals that find something, and the totals of what else is
        asked."""
        plans = [*self._asked(proposals)]
        found = self.engine.search_all([*(request for _, request in plans), *more])
        totals = [each.total for each in found]
        pairs = zip(plans, totals, strict=False)
        advice = [Advice(proposal, count) for (proposal, _), count in pairs if count]
        return advice, totals[len(plans) :]

    def _asked(
        self, proposals: Iterable[Proposal]
    ) -> Iterator[tuple[Proposal, SearchRequest]]:
        """Yield each proposal that can be asked, once, and what counts it."""
        seen = {self.query.pairs}
        for proposal in proposals:
            if proposal.pairs in seen:
                continue
            seen.add(proposal.pairs)
            # A question may be too long now, a name ambiguous where that is an error.
            with suppress(ParameterError):
                yield proposal, _counting(self._understood(proposal))

    def _understood(self, proposal: Proposal) -> SearchRequest:
        changed = load(proposal.pairs, ARTICLES, now=self.query.place.now)
        if proposal.change == "name":  # one that the question has not
            return echoes.resolve(changed, self.engine).request
        return self.echo.narrowed(changed.request)


def show(advice: Advice) -> dict[str, Any]:
    """Return a piece of advice as answers have it."""
    proposal = advice.proposal
    start, end = proposal.span or (None, None)
    return {
        "change": proposal.change,
        "parameter": proposal.parameter,
        "value": proposal.value,
        "start": start,
        "end": end,
        "instead": proposal.instead,
        "count": advice.count,
        "url": url(ARTICLES, proposal.pairs),
    }


def _counting(request: SearchRequest) -> SearchRequest:
    return replace(
        request,
        limit=0,
        offset=0,
        cursor=None,
        facets=(),
        timeline=None,
        highlight=None,
        recency=None,
    )


def _shortest(ways: Iterable[Advice]) -> Iterator[Advice]:
    """Yield all but periods that are longer than they need be."""
    widened: set[str | None] = set()
    for way in ways:
        if way.proposal.change == "widen":
            if way.proposal.parameter in widened:
                continue
            widened.add(way.proposal.parameter)
        yield way
