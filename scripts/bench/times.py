"""What was measured of one kind of question, in milliseconds."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Times:
    """Times of answers, and the medians and the CPU time of each round."""

    answers: list[float] = field(default_factory=list)
    medians: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def note(self, answers: Sequence[float], cpu: float) -> None:
        """Note one round: each answer's time, and the CPU time of all together."""
        self.answers += answers
        self.medians.append(statistics.median(answers))
        self.cpu.append(cpu / len(answers))

    def forget(self) -> None:
        """Drop all rounds so far, which only warmed up."""
        for kept in (self.answers, self.medians, self.cpu):
            kept.clear()

    @property
    def p50(self) -> float:
        """The median of the rounds' medians."""
        return statistics.median(self.medians)

    @property
    def used(self) -> float:
        """The CPU time of an answer: the median of the rounds."""
        return statistics.median(self.cpu)

    def quantile(self, share: float) -> float:
        """Return the time that this share of all answers stayed below."""
        ordered = sorted(self.answers)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
