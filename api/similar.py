"""GET /v1/articles/{article_id}/similar: articles like one."""

from __future__ import annotations

from flask import Response

from api.answering import answer, asked
from api.current import engine
from api.formats import Format, offered
from api.openapi import JSON, Blueprint
from api.problems import KINDS
from schemas import listed, similar
from schemas.queries import Query
from schemas.views import VIEWS
from search.article import ArticleId

blp = Blueprint("similar", __name__, description="Articles like one.")


@offered(
    blp,
    "/articles/<article_id>/similar",
    Format("json", JSON, listed.SIMILAR, similar.dump),
    query=VIEWS["similar"],
    problems=(KINDS["not-found"].status,),
)
def alike(form: Format, article_id: ArticleId) -> Response:
    """List the articles that are most like one, of those that match; never itself."""

    def find(query: Query) -> similar.Alike:
        article = engine().get(article_id).article()
        return similar.find(query, engine(), article)

    return answer(asked("similar"), form.kind, form.dump, find)
