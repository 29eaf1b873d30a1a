"""The demo archive: articles written for this project.

A small invented country, its neighbours, and a few plain facts of public record.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain

from scripts.demo import compose, material, wire

__all__ = ["articles"]


def articles(now: datetime | None = None) -> Iterator[dict[str, object]]:
    """Yield the demo articles in wire form, oldest first.

    Ages are counted back from the start of the UTC day of `now` (default: today;
    naive means UTC), so nothing lies in the future, ids never change, and the same
    day gives the same bytes.
    """
    moment = now or datetime.now(UTC)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    today = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    written = list(material.drafts())
    everything = chain(written, compose.reports(), [compose.anthology(written)])
    dated = [(wire.published(draft, today), draft) for draft in everything]
    dated.sort(key=lambda pair: (pair[0], pair[1]["id"]))
    return (wire.article(draft, day) for day, draft in dated if day <= today)
