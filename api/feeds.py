"""GET /v1/articles.rss, .atom and .jsonfeed: the newest articles of a question."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask import Response, request

from api.answering import asked, find, fresh, known, tagged
from api.current import now
from api.formats import ATOM, JSONFEED, RSS, Format
from api.host import address
from schemas import answers, feeding
from schemas.formats import feeds
from schemas.formats.feeds import Feed
from schemas.views import VIEWS

_SECOND = timedelta(seconds=1)


def feed(form: Format) -> Response:
    """List the newest articles that match, as a feed.

    The ETag sees every change; `If-Modified-Since` those of the articles listed.
    """
    query, base = asked("feeds"), address()
    if same := known(query, form.kind):
        return same
    found = find(query)
    made = feeding.feed(found, base, form.suffix or "")
    found = replace(found, next=made.next)
    response = _dated(fresh(found, form.kind, lambda _: form.dump(made)), made)
    return tagged(response, found, form.kind)


FORMATS = tuple(
    Format(suffix, kind, schema, dump, query=VIEWS["feeds"], view=feed)
    for suffix, kind, schema, dump in (
        ("rss", RSS, answers.TEXT, feeds.rss),
        ("atom", ATOM, answers.TEXT, feeds.atom),
        ("jsonfeed", JSONFEED, {"type": "object"}, feeds.jsonfeed),
    )
)


def _dated(response: Response, made: Feed) -> Response:
    """Say when the articles changed; 304 if the client has them since.

    Not in the second of the change itself: another one might follow in it unseen.
    """
    moment = feeding.modified(made.articles)
    if moment is None or _whole(moment) >= _whole(now()):
        return response
    response.last_modified = moment
    since = request.if_modified_since
    if since and not request.if_none_match and _whole(moment) <= since:
        response.status_code, response.data = 304, b""
    return response


def _whole(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
