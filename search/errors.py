"""Everything that can go wrong in the library.

SearchError
├── QueryError             the question is at fault; asking again will not help
│   ├── QuerySyntaxError       it cannot be parsed; has a position
│   ├── UnknownFieldError      it names a field that does not exist
│   ├── QueryMisuseError       it asks a field for what the field cannot do
│   ├── VanishedValueError     it goes on behind a facet value that is not there
│   └── QueryTooComplexError   it is over a limit
├── CursorError            a cursor that is damaged or belongs to another query
├── ArticleNotFoundError
├── EntityNotFoundError    no profile has this kind and id
├── ConflictError          the article has another version than was required
├── ArticleError           an article that cannot be indexed as it is
├── ShrinkError            a rebuild would lose most articles
└── EngineError            the engine is at fault
    ├── EngineUnavailableError     it is away, or refuses to work; ask later
    ├── EngineBusyError            it has too much to do; ask a little later
    ├── EngineTimeoutError         it took too long
    └── EngineConfigurationError   what it found at start is not what it needs

Errors carry data. Their text is one sentence that says what to do next and never
holds a path, an engine's own message or a host name, `EngineConfigurationError`
excepted: that one speaks to whoever starts the server.
"""

from __future__ import annotations

from dataclasses import dataclass


class SearchError(Exception):
    """The root of every error the library raises."""


@dataclass(eq=False)
class QueryError(SearchError):
    """A question that cannot be answered as it stands.

    `start` and `end` are offsets in characters into the query's text, where the
    fault is in the text; `suggestion` is a text that would work.
    """

    detail: str
    start: int | None = None
    end: int | None = None
    suggestion: str | None = None

    def __str__(self) -> str:
        return self.detail


class QuerySyntaxError(QueryError):
    """The text of a query cannot be parsed."""


class UnknownFieldError(QueryError):
    """A query names a field that the catalogue does not have."""


class QueryMisuseError(QueryError):
    """A query asks a field for something that the field cannot do."""


class VanishedValueError(QueryError):
    """A facet is to go on behind a value whose place is not known."""

    def __init__(self, field: str, value: str) -> None:
        """Keep which value it is."""
        super().__init__(
            f"No article of this question has the {field} with the id {value!r} (any "
            "more), so what stands behind it is not known. Begin again without it, or "
            "walk by name."
        )
        self.field = field
        self.value = value


class QueryTooComplexError(QueryError):
    """A query is over one of the limits in `search.query.check`."""


class CursorError(SearchError):
    """A cursor is damaged, or was made for another query."""


class ArticleNotFoundError(SearchError):
    """No article has this id."""

    def __init__(self, article_id: str) -> None:
        """Keep the id that was asked for."""
        super().__init__(f"There is no article with the id {article_id!r}.")
        self.article_id = article_id


class EntityNotFoundError(SearchError):
    """No profile has this kind and id."""

    def __init__(self, kind: str, entity_id: str) -> None:
        """Keep what was asked for."""
        super().__init__(f"There is no {kind} with the id {entity_id!r}.")
        self.kind = kind
        self.entity_id = entity_id


class ConflictError(SearchError):
    """The article's version is not the required one; `actual` is 0 if it is absent."""

    def __init__(self, article_id: str, expected: int, actual: int) -> None:
        """Keep both versions."""
        super().__init__(
            f"The article {article_id!r} has version {actual}, not {expected}."
        )
        self.article_id = article_id
        self.expected = expected
        self.actual = actual


class ArticleError(SearchError):
    """An article cannot be indexed as it is; `detail` says why."""


class ShrinkError(SearchError):
    """A rebuild would leave far fewer articles than there are; force it or stop."""

    def __init__(self, before: int, after: int) -> None:
        """Keep both counts of articles."""
        super().__init__(
            f"The rebuilt index would hold {after} articles instead of {before}. "
            "Nothing was changed; use --force if that is right."
        )
        self.before = before
        self.after = after


class EngineError(SearchError):
    """The engine failed; the fault is ours or its, not the client's."""


class EngineUnavailableError(EngineError):
    """The engine cannot work now; `retry_after` is in seconds."""

    def __init__(self, detail: str, *, retry_after: float | None = 5) -> None:
        """Keep the sentence and when to ask again."""
        super().__init__(detail)
        self.retry_after = retry_after


class EngineBusyError(EngineUnavailableError):
    """The engine has too much to do; ask again after `retry_after` seconds."""


class EngineTimeoutError(EngineError):
    """The engine did not answer within the time it was given."""


class EngineConfigurationError(EngineError):
    """What the engine found at start is not what it needs; says what to do."""
