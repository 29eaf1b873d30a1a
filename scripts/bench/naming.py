"""How right names found in texts are, where people have marked them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from search.entities.profile import Kind, Profile
from search.entities.tagger import Tag, Tagger

Gold: TypeAlias = Mapping[str, Any]
"""An article with `extra.mentions` and `extra.evaluation_span`."""

MARKED: Final[dict[str, Kind]] = {
    "organization": "company",
    "person": "person",
    "place": "place",
}
"""What the marked articles call the kinds."""


@dataclass(slots=True)
class Score:
    """Names of one kind over many articles; each counts once an article.

    `unknown` are tags where people marked a name without saying whose it is: they are
    neither right nor wrong.
    """

    right: int = 0
    wrong: int = 0
    unknown: int = 0
    marked: int = 0
    reached: int = 0

    @property
    def precision(self) -> float:
        """The part of the judged tags that is right; 1 of none."""
        judged = self.right + self.wrong
        return self.right / judged if judged else 1.0

    @property
    def recall(self) -> float:
        """The part of the marked names that is found; 1 of none."""
        return self.reached / self.marked if self.marked else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A name that people marked; `about` is None where they do not say whose it is."""

    start: int
    end: int
    kind: Kind | None
    about: str | None


def profiles(rows: Iterable[Mapping[str, Any]]) -> Iterator[Profile]:
    """Yield the profiles of a gazetteer of marked names."""
    for row in rows:
        yield Profile(
            kind=MARKED[row["type"]],
            id=row["id"],
            name=row["name"],
            aliases=tuple(row["aliases"]),
        )


def is_held_out(article: Gold) -> bool:
    """Say whether an article belongs to the half that no rule was tuned on."""
    return sum(map(ord, article["id"])) % 2 == 1


def score(tagger: Tagger, kind: Kind, articles: Iterable[Gold]) -> Score:
    """Return how right a tagger's names of one kind are."""
    total = Score()
    for article in articles:
        judged = tuple(judge(tagger, kind, article))
        marked = {m.about for m in marks(article) if m.kind == kind and m.about}
        reached = {name for _, name in judged if name}
        total.right += sum(1 for _, name in judged if name)
        total.wrong += sum(1 for _, name in judged if name is None)
        total.unknown += sum(1 for _, name in judged if name == "")
        total.marked += len(marked)
        total.reached += len(reached & marked)
    return total


def judge(
    tagger: Tagger, kind: Kind, article: Gold
) -> Iterator[tuple[Tag, str | None]]:
    """Yield each tag with whom people marked there; "" if unknown, None if wrong."""
    title, body = article["title"], article["body"]
    found = tagger.find(title, None, body)
    begin, end = article["extra"]["evaluation_span"]
    shift = len(title) + 2
    known = tuple(marks(article))
    for tag in found:
        places = [(a - shift, b - shift) for a, b in tag.places]
        inside = [(a, b) for a, b in places if a >= begin and b <= end]
        if tag.known.kind == kind and inside:
            yield tag, _meant(tag, inside, known)


def marks(article: Gold) -> Iterator[Mark]:
    """Yield the marked names of an article, not the words that stand for them."""
    for mention in article["extra"]["mentions"]:
        if mention.get("coref"):
            continue
        kind = MARKED.get(mention["type"])
        if kind or not mention["qid"]:
            yield Mark(mention["start"], mention["end"], kind, mention["qid"])


def _meant(
    tag: Tag, places: list[tuple[int, int]], known: tuple[Mark, ...]
) -> str | None:
    over = [m for m in known for a, b in places if m.start < b and a < m.end]
    identity = tag.known.id.partition("wikidata:")[2]
    for mark in over:
        right = mark.kind == tag.known.kind and mark.about
        if right and identity in ("", mark.about):
            return mark.about
    return "" if any(mark.about is None for mark in over) else None
