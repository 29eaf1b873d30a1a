"""What a generation is: the indexes of an archive, as the cluster tells of them.

One index holds the articles, `dateline-000001`, or several, its parts: beside that one
`dateline-000001-2027`, and so on. New articles go to the part that grows; an article
stays in the part that it is in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from search.elastic.cluster import Answer

WRITING: Final = "-write"
KEPT: Final = "-kept"
GONE: Final = "-gone"
PART: Final = "(?!gone$)[a-z0-9]{1,40}"
"""What a part is called by, behind its generation's name."""


@dataclass(frozen=True, slots=True)
class Part:
    """One index of articles; `beat` is a rebuild's last sign of life."""

    index: str
    grows: bool = True
    stamp: str = ""
    beat: float = 0.0

    @property
    def door(self) -> str:
        """The alias that writes name, so that a write to what is gone makes nothing new.

        It is another one once the part has ceased to grow: whoever has not noticed is
        refused, and looks again.
        """
        return self.index + (WRITING if self.grows else KEPT)


@dataclass(frozen=True, slots=True)
class Generation:
    """The indexes of one generation."""

    index: str
    parts: tuple[Part, ...]

    @property
    def gone(self) -> str:
        """The index of what was deleted."""
        return self.index + GONE

    @property
    def number(self) -> int:
        """Its place in the row."""
        return int(self.index.rpartition("-")[2])

    @property
    def beat(self) -> float:
        """The last sign of life of whoever makes it."""
        return max(part.beat for part in self.parts)

    @property
    def articles(self) -> str:
        """The names of its parts, as the cluster reads several."""
        return ",".join(part.index for part in self.parts)

    @property
    def everything(self) -> str:
        """The names of all its indexes."""
        return f"{self.articles},{self.gone}"


def parts_of(answer: Answer) -> list[Part]:
    """Return the indexes of an answer with aliases and mappings."""
    return [_part(index, each) for index, each in sorted(answer.items())]


def stamp_of(mappings: dict[str, Any]) -> str:
    """Return a text that differs for indexes that would answer differently."""
    meta = mappings.get("_meta", {}).get("dateline", {})
    return f"{meta.get('layout')}/{meta.get('analysis')}"


def grouped(named: Iterable[tuple[str, Part]]) -> list[Generation]:
    """Return generations of parts that come with their generation's name."""
    found: dict[str, tuple[Part, ...]] = {}
    for name, part in named:
        found[name] = (*found.get(name, ()), part)
    return [Generation(name, parts) for name, parts in found.items()]


def _part(index: str, answer: Answer) -> Part:
    mappings = answer.get("mappings", {})
    meta = mappings.get("_meta", {}).get("dateline", {})
    return Part(
        index,
        index + WRITING in answer.get("aliases", {}),
        stamp_of(mappings),
        float(meta.get("beat", 0.0)),
    )
