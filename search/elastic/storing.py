"""One part of a write on its way: look, decide, send, until nothing of it is left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, KeysView, Mapping, Sequence
from threading import Event
from typing import Self, TypeAlias

from search.article import ArticleId, Version
from search.elastic.changes import Batch, Draft, Row
from search.elastic.fates import PATIENCE, Fate, unfinished, wait
from search.elastic.lookup import Looked
from search.elastic.sending import Item, items_of
from search.result import Outcome

Stored: TypeAlias = tuple[list[Outcome], list[Row]]
"""What became of drafts, in their order, and what was written."""

Look: TypeAlias = Callable[[Iterable[ArticleId]], tuple[Batch, Looked]]
Send: TypeAlias = Callable[[Iterable[Item]], Mapping[ArticleId, Fate]]


class Storing:
    """Drafts that are to be stored, by what looks and what sends.

    What is `prepared`, `finish` sends; one may be prepared while the one before it is
    finished.
    """

    def __init__(
        self,
        drafts: Sequence[Draft],
        if_version: Version | None,
        look: Look,
        send: Send,
        last: Storing | None = None,
    ) -> None:
        """Do nothing yet; `last` is the one before."""
        self._left = dict(enumerate(drafts))
        self._if_version = if_version
        self._look = look
        self._send = send
        self._outcomes: dict[int, Outcome] = {}
        self._tried: dict[ArticleId, Version] = {}
        self._batch = Batch()
        self._items: list[Item] = []
        self._rows: list[Row] = []
        self.ended = Event()
        self._last = last

    def prepared(self) -> Self:
        """Look what is stored, decide, make the documents, and return itself.

        Where the one before writes the same article it is waited for: this one stays.
        Raises SearchError.
        """
        last, self._last = self._last, None
        if last and not last.ids.isdisjoint(self.ids):
            last.ended.wait()
        self._batch, looked = self._look(self.ids)
        for place, draft in self._left.items():
            if not self._is_ours(draft.article.id):
                self._batch.require(draft.article.id, self._if_version)
                self._outcomes[place] = self._batch.put(draft)
        self._items = list(items_of(self._batch.rows, looked.growing))
        return self

    def finish(self) -> Stored:
        """Send the documents; look again where somebody was faster."""
        until = time.monotonic() + PATIENCE
        try:
            while fates := self._sent():
                wait(fates.values(), until)
                if not self._left:
                    break
                self.prepared()
        finally:
            self.ended.set()
        return [self._outcomes[place] for place in sorted(self._outcomes)], self._rows

    @property
    def ids(self) -> KeysView[ArticleId]:
        """The articles that are still to be stored."""
        return dict.fromkeys(d.article.id for d in self._left.values()).keys()

    def _sent(self) -> Mapping[ArticleId, Fate]:
        rows, made, self._items = self._batch.rows, self._items, []
        fates = self._send(made)
        self._tried |= {i: row.version for i, row in rows.items()}
        self._rows += [rows[i] for i, one in fates.items() if one is Fate.DONE]
        self._refuse({i for i, one in fates.items() if one is Fate.REFUSED})
        again = unfinished(fates)
        self._left = {p: d for p, d in self._left.items() if d.article.id in again}
        return fates

    def _is_ours(self, article_id: ArticleId) -> bool:
        """Say whether an earlier try, of which we had no answer, has stored this."""
        stored = self._batch.known.get(article_id)
        version = self._tried.get(article_id)
        return version is not None and stored is not None and stored.version == version

    def _refuse(self, refused: set[ArticleId]) -> None:
        for place, draft in self._left.items():
            if draft.article.id in refused:
                detail = "The search cluster cannot index it: its log says why."
                failed = Outcome(draft.article.id, "failed", error=detail)
                self._outcomes[place] = failed
