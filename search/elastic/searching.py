"""One search: compile, ask, collect. Names and rare leftovers cost another call."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any, Final

import orjson

from search.article import Entity
from search.elastic import collect, facets, faults, labels, vocabulary
from search.elastic.cluster import Answer, Cluster
from search.elastic.compile import is_keyword
from search.elastic.cursors import Hits
from search.elastic.facets import Chosen, Counts
from search.elastic.labels import Names
from search.elastic.questions import TIMELINE, TOTAL, Question, name_of, question
from search.elastic.selecting import Selecting
from search.elastic.timelines import Axis, Spans
from search.errors import EngineTimeoutError, EngineUnavailableError
from search.request import FacetRequest, SearchRequest
from search.result import Facet, SearchResult, Timeline
from search.spelling import word_of
from search.text import is_text, slug

_WANTED: Final = ",".join(
    (
        *("timed_out", "pit_id", "_shards.failed", "status", "error"),
        *("hits.total.value", "hits.hits._id", "hits.hits.sort", "hits.hits.fields"),
        *("hits.hits._source", "aggregations"),
        *("suggest.*.options.text", "suggest.*.options.freq"),
        # Buckets of a timeline come in its own order: their counts say all.
        *(f"-aggregations.*.counts.buckets.{each}" for each in ("key", "from", "to")),
    )
)
_WANTED_OF_MANY: Final = ",".join(
    f"-responses.{each[1:]}" if each.startswith("-") else f"responses.{each}"
    for each in _WANTED.split(",")
)
_AT_ONCE: Final = 200  # searches in a call
_PART: Final = 0.8  # of the time for an answer, after which the server gives up


@dataclass(frozen=True, slots=True)
class Search:
    """Asks one archive."""

    cluster: Cluster
    alias: str
    names: Names
    preference: str = ""
    spans: Spans = field(default_factory=Spans)

    def answer(self, request: SearchRequest) -> SearchResult:
        """Answer the question."""
        return self.answers([request])[0]

    def answers(self, requests: Sequence[SearchRequest]) -> list[SearchResult]:
        """Answer several questions with one call, leftovers aside."""
        questions = [question(each) for each in requests]
        axes = self._axes(questions)
        chosen = [Selecting.of(each, self.names) for each in questions]
        planned = [
            [each.asked.body(axis), *each.bodies()]
            for each, axis in zip(chosen, axes, strict=True)
        ]
        found = iter(self.ask(*chain.from_iterable(planned)))
        answers = [list(islice(found, len(bodies))) for bodies in planned]
        return [
            self._result(*three) for three in zip(chosen, axes, answers, strict=True)
        ]

    def _result(
        self, selecting: Selecting, axis: Axis | None, answers: Sequence[Answer]
    ) -> SearchResult:
        answer, *found = answers
        asked = selecting.asked
        chosen = selecting.read(found, self.names)
        aggs = answer.get("aggregations", {})
        asked, hits = self._hits(asked, answer)
        page, following = asked.window.cut(hits)
        total = aggs[TOTAL]["doc_count"] if TOTAL in aggs else collect.total(answer)
        return SearchResult(
            total=total,
            sort=asked.request.order,
            hits=tuple(collect.hits(asked.request, page)),
            facets=tuple(self._facets(asked, aggs, chosen)),
            timeline=self._timeline(asked, axis, aggs),
            next=following,
        )

    def bearers(
        self, field: str, keys: Collection[str]
    ) -> dict[str, tuple[Entity, ...]]:
        """Return the values that some article has under each key, by id."""
        found: dict[str, tuple[Entity, ...]] = dict.fromkeys(keys, ())
        if wanted := [key for key in keys if is_keyword(key)]:
            (answer,) = self.ask(labels.bearers(field, wanted))
            for key, borne in labels.bearers_in(answer).items():
                found[key] = tuple(Entity(each.id, each.name) for each in borne)
        return found

    def near(self, field: str, key: str) -> tuple[str, ...]:
        """Return names near a slug, best first."""
        if len(key) > labels.LONGEST or not is_keyword(key):
            return ()
        (answer,) = self.ask(labels.near(field, key))
        return labels.near_in(answer, key)

    def spellings(self, text: str) -> tuple[str, ...]:
        """Return indexed words near the one of a text, best first."""
        word = word_of(text)
        if word is None or not is_text(word):
            return ()
        (answer,) = self.ask(vocabulary.near(word))
        return vocabulary.near_in(answer, word)

    def beginning(self, field: str, text: str, size: int) -> tuple[Entity, ...]:
        """Return values of which the name, or a word in it, begins so."""
        key = slug(text)
        if not key or len(key) > labels.LONGEST:
            return ()
        (answer,) = self.ask(labels.beginning(field, key, size))
        return labels.beginning_in(answer, key)[:size]

    def ask(self, *bodies: Mapping[str, Any]) -> list[Answer]:
        """Return the answers to searches: one call, however many they are.

        Raises rather than return an answer of which a part is missing.
        """
        limit = {"timeout": f"{round(self.cluster.access.seconds * _PART * 1000)}ms"}
        limited = [{**each, **limit} for each in bodies]
        if len(limited) < 2 or any("pit" in each for each in limited):
            answers = [self._ask_one(each) for each in limited]
        else:
            parts = range(0, len(limited), _AT_ONCE)
            several = (self._ask_many(limited[n : n + _AT_ONCE]) for n in parts)
            answers = [*chain.from_iterable(several)]
        for each in answers:
            _check(each)
        return answers

    def _ask_one(self, body: Mapping[str, Any]) -> Answer:
        path = "/_search" if "pit" in body else f"/{self.alias}/_search"
        return self.cluster.ask(
            "POST",
            path,
            body,
            allow_partial_search_results="false",
            filter_path=_WANTED,
        )

    def _ask_many(self, bodies: Sequence[Mapping[str, Any]]) -> list[Answer]:
        head = orjson.dumps({"allow_partial_search_results": False})
        lines = [line for body in bodies for line in (head, orjson.dumps(body))]
        answer = self.cluster.ask_lines(
            f"/{self.alias}/_msearch", lines, filter_path=_WANTED_OF_MANY
        )
        found: list[Answer] = answer["responses"]
        return found

    def _hits(self, asked: Question, answer: Answer) -> tuple[Question, Hits]:
        """Return the hits of the window, which may have to be moved."""
        hits = answer.get("hits", {}).get("hits", ())
        if window := asked.window.moved(hits):
            asked = replace(asked, window=window)
            (answer,) = self.ask(asked.body(None))
            hits = answer.get("hits", {}).get("hits", ())
        return asked, hits

    def _axes(self, questions: Sequence[Question]) -> list[Axis | None]:
        """Return the axes of the timelines, None where there is none."""
        axes = [self.spans.axis(asked.request) for asked in questions]
        unknown = {
            place: asked
            for place, asked in enumerate(questions)
            if asked.request.timeline and axes[place] is None
        }
        found = self.ask(*(asked.extent() for asked in unknown.values()))
        for (place, asked), answer in zip(unknown.items(), found, strict=True):
            axes[place] = self.spans.told(asked.request, answer["aggregations"])
        return axes

    def _timeline(
        self, asked: Question, axis: Axis | None, aggs: Answer
    ) -> Timeline | None:
        if axis is None:
            return None
        if not axis.marks:
            return Timeline(axis.interval, ())
        if not axis.guessed:
            return axis.read(aggs[TIMELINE])
        found = self.spans.told(asked.request, aggs[TIMELINE])
        if axis.holds(found) or not found.marks:
            return axis.read(aggs[TIMELINE], found)
        (answer,) = self.ask(asked.extent(found))
        return found.read(answer["aggregations"])

    def _facets(
        self, asked: Question, aggs: Answer, chosen: Mapping[str, Chosen]
    ) -> Iterator[Facet]:
        for place, wanted in enumerate(asked.request.facets):
            own = chosen.get(wanted.field, Chosen({}))
            counts = facets.read(wanted, aggs[name_of(place)])
            counts = self._completed(asked, wanted, counts, own)
            page, more = facets.listed(wanted, counts)
            names = self._names(wanted.field, [key for key, _ in page], own)
            found = facets.facet(wanted, counts, own, page, names, more=more)
            yield self._dated(asked, wanted, found)

    def _dated(self, asked: Question, wanted: FacetRequest, found: Facet) -> Facet:
        if not wanted.seen:
            return found
        plan = facets.ends(wanted, found, asked.request.date)
        (answer,) = self.ask(asked.again(wanted, plan))
        return facets.dated(found, answer["aggregations"])

    def _completed(
        self, asked: Question, wanted: FacetRequest, counts: Counts, chosen: Chosen
    ) -> Counts:
        """Return the counts with what the first answer could not know."""
        if not facets.is_top(wanted):
            return counts if counts.whole else self._walked(asked, wanted, counts)
        if not counts.exact:
            plan = facets.plans(wanted, list(chosen.names), shard_size=facets.EVERY)
            (answer,) = self.ask(asked.again(wanted, plan))
            return facets.read(wanted, answer["aggregations"])
        known = (*counts.chosen, *asked.guesses.get(wanted.field, ()))
        ids = [each for each in chosen.names if each not in known]
        if counts.whole or not ids:
            return counts
        plan = {"chosen": facets.counted(wanted.field, ids)}
        (answer,) = self.ask(asked.again(wanted, plan))
        buckets = answer["aggregations"]["chosen"]["buckets"]
        more = {each["key"]: each["doc_count"] for each in buckets}
        return replace(counts, chosen={**counts.chosen, **more})

    def _walked(self, asked: Question, wanted: FacetRequest, counts: Counts) -> Counts:
        """Return the counts of all values, read page by page."""
        pairs: list[tuple[str, int]] = []
        after: Mapping[str, str] | None = None
        while True:
            plan = {"values": facets.walk(wanted, after)}
            (answer,) = self.ask(asked.again(wanted, plan))
            found = answer["aggregations"]["values"]
            pairs += [(b["key"]["value"], b["doc_count"]) for b in found["buckets"]]
            after = found.get("after_key")
            if after is None:
                break
        values = facets.ordered(wanted, pairs)
        total = sum(count for _, count in values)
        return replace(
            counts, values=values, total=total, distinct=len(values), whole=True
        )

    def _names(self, field: str, ids: list[str], own: Chosen) -> dict[str, str]:
        """Return the names of values that are listed, and of those that are chosen."""
        names = {**self.names.known(field, ids), **own.names}
        missing = [each for each in ids if each not in names]
        for start in range(0, len(missing), _AT_ONCE):
            names |= self._looked_up(field, missing[start : start + _AT_ONCE])
        return names

    def _looked_up(self, field: str, ids: Sequence[str]) -> dict[str, str]:
        stamp = self.names.stamp  # before: what is newer than it says is no harm
        answers = self.ask(*(labels.newest(field, each) for each in ids))
        pairs = zip(ids, answers, strict=True)
        looked = {i: labels.name_in(answer, field, i) for i, answer in pairs}
        found = {i: name for i, name in looked.items() if name is not None}
        self.names.keep(field, found, stamp)
        return found


def _check(answer: Answer) -> None:
    """Raise unless the answer is whole."""
    if "error" in answer:
        raise faults.of_answer(answer.get("status", 0), answer)
    if answer.get("timed_out"):
        raise EngineTimeoutError(faults.SLOW)
    if answer["_shards"]["failed"]:
        raise EngineUnavailableError(faults.PARTIAL)
