"""What is selected in a field that is counted: which values, and what they are called.

Names that were looked up lately are not asked for again: then a question with selections
is one search, as one without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search.elastic import labels
from search.elastic.cluster import Answer
from search.elastic.facets import Chosen
from search.elastic.labels import Names
from search.elastic.questions import Question, selected


@dataclass(frozen=True, slots=True)
class Selecting:
    """The selections of one question; `known` are those of which all names are known.

    `stamp` is the archive's when that was looked up.
    """

    asked: Question
    known: Mapping[str, Chosen]
    stamp: str

    @classmethod
    def of(cls, asked: Question, names: Names) -> Selecting:
        """Return the selections, with what is known of them now."""
        stamp = names.stamp
        found = ((field, _known(asked, field, names)) for field in asked.named)
        return cls(asked, {field: each for field, each in found if each}, stamp)

    @property
    def unknown(self) -> list[str]:
        """The fields of which the cluster must say what is selected."""
        return [field for field in self.asked.named if field not in self.known]

    def bodies(self) -> list[Mapping[str, Any]]:
        """Return searches for who bears the selected names, one for each such field."""
        guesses = self.asked.guesses
        return [labels.bearers(field, guesses[field]) for field in self.unknown]

    def read(self, answers: Sequence[Answer], names: Names) -> dict[str, Chosen]:
        """Return what is selected, by field; remember what ids are called."""
        chosen = dict(self.known)
        for field, answer in zip(self.unknown, answers, strict=True):
            borne = labels.bearers_in(answer)
            chosen[field] = Chosen.of(selected(self.asked.request, field), borne)
            names.keep(field, labels.own(borne), self.stamp)
        return chosen


def _known(asked: Question, field: str, names: Names) -> Chosen | None:
    terms = selected(asked.request, field)
    if not all(term.exact for term in terms):
        return None
    ids = [term.text for term in terms]
    found = names.known(field, ids)
    return Chosen({i: found[i] for i in ids}) if len(found) == len({*ids}) else None
