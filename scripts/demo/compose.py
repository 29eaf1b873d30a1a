"""Recurring reports: hand-written fragments, chosen by id, filled with figures."""

from collections.abc import Iterator, Sequence
from itertools import chain

from scripts.demo import figures
from scripts.demo.material import Draft, merged, series

_FRAGMENTS = ("title", "summary", "paragraphs")
_OPENING = """Newspapers are cut from the bottom. When space runs short, the last
paragraph goes first, and with it, often, the best sentence of the day: the one in
which nobody explains anything any more. For the library of Upper Tarn, which has a
shelf for such things, we have collected the endings of our own reports, from the
oldest to the newest. Whoever wants to know how it came to this must look up the
beginning."""


def reports() -> Iterator[Draft]:
    """Yield the recurring reports as drafts; the same on every run."""
    for name, facts in chain(
        figures.market(),
        figures.inflation(),
        figures.matches(),
        figures.river(),
        figures.sea(),
    ):
        yield _report(series()[name], facts)


def anthology(written: Sequence[Draft]) -> Draft:
    """Join the long read: the last paragraph of every English report with an age."""
    told = [draft for draft in written if _ends_well(draft)]
    told.sort(key=lambda draft: (-draft["ago"], draft["id"]))
    parts = [_ending(draft) for draft in told]
    return {
        "id": "long-01-last-paragraphs",
        "ago": 1,
        "at": "06:00:00",
        "source": "The Carrow Courier",
        "section": "culture",
        "language": "en",
        "authors": ["Anselm Roth", "Mair Hopkin"],
        "title": "The book of last paragraphs",
        "summary": f"How {len(told)} of our stories ended, read from the bottom.",
        "body": "\n\n".join([_OPENING.replace("\n", " "), *parts]),
        "tags": ["books", "history", "long-read"],
        "companies": [],
        "people": [],
        "places": ["estmark"],
    }


def _ending(draft: Draft) -> str:
    _, _, last = draft["body"].strip().rpartition("\n\n")
    return f"{draft['title']} ({draft['source']})\n{last}"


def _ends_well(draft: Draft) -> bool:
    paragraphs = draft.get("body", "").count("\n\n")
    return draft["language"] == "en" and "ago" in draft and paragraphs > 0


def _report(frame: Draft, facts: Draft) -> Draft:
    # Seeding by id keeps an article's words when another series grows.
    chance = figures.dice(facts["id"])
    fixed = {key: value for key, value in frame.items() if key not in _FRAGMENTS}
    text: dict[str, str] = {
        key: chance.choice(frame[key]) for key in ("title", "summary") if key in frame
    }
    text["body"] = "\n\n".join(chance.choice(part) for part in frame["paragraphs"])
    filled = {key: value.format_map(facts) for key, value in text.items()}
    return {**merged(fixed, facts), **filled}
