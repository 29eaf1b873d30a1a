"""An application whose engine fails in the middle of an export."""

from collections.abc import Iterator
from datetime import UTC, datetime

from api.app import create_app
from api.logs import configure
from api.settings import Settings
from search.article import Article, ArticleId, StoredArticle
from search.errors import EngineUnavailableError
from search.request import SearchRequest
from tests.reference import ReferenceEngine

WHOLE, BROKEN = 300, 200


class BreakingEngine(ReferenceEngine):
    """The reference engine; a scan that does not go on behind an article breaks off."""

    def scan(
        self, request: SearchRequest | None = None, /, *, after: ArticleId | None = None
    ) -> Iterator[StoredArticle]:
        found = super().scan(request, after=after)
        for number, article in enumerate(found):
            if number == BROKEN and after is None:
                raise EngineUnavailableError("The engine went away.")
            yield article


def _filled() -> BreakingEngine:
    engine = BreakingEngine()
    engine.index(
        Article(
            id=ArticleId(f"a{number:03}"),
            title=f"Article {number}",
            published_at=datetime(2024, 1, 1, tzinfo=UTC),
            body="word " * 200,
        )
        for number in range(WHOLE)
    )
    return engine


configure(Settings(log="json"))
application = create_app(Settings(log="json"), engine=_filled())
