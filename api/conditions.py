"""Conditional requests: entity tags and the versions behind them."""

from __future__ import annotations

import re
from datetime import datetime

from flask import Response, request
from werkzeug.datastructures import ETags
from werkzeug.http import parse_etags

from api.problems import Problem
from search.article import ArticleId, Version
from search.engine import Engine
from search.errors import ArticleNotFoundError

# Compressing proxies and servers put these behind a tag, and clients send them back.
_ENCODED = re.compile(r"[:;-](?:zstd|br|gzip|deflate)(?:-?[0-9]*)(?=\")")


def tags(header: str) -> ETags | None:
    """Return the entity tags of a header, None where it is not there."""
    text = request.headers.get(header)
    return None if text is None else parse_etags(_ENCODED.sub("", text))


def required_version(engine: Engine, article_id: ArticleId) -> Version | None:
    """Return the version that the article has, if `If-Match` allows for it.

    None without an `If-Match`. Raises Problem where the article has another version,
    or is not there.
    """
    wanted = tags("If-Match")
    if wanted is None:
        return None
    try:
        version = engine.get(article_id).version
    except ArticleNotFoundError:
        raise Problem(
            "precondition-failed", "There is no such article. Leave If-Match out."
        ) from None
    if not wanted.contains(str(version)):
        raise Problem(
            "precondition-failed",
            f'The article has the ETag "{version}" now. Read it again, and repeat the '
            "change.",
        )
    return version


def is_known(version: Version, changed: datetime, form: str = "") -> bool:
    """Say whether the client has this version, of that time, in this form.

    By `If-None-Match`; only where there is none, by `If-Modified-Since`.
    """
    known = tags("If-None-Match")
    if known is not None:
        return known.contains_weak(f"{version}{form}")
    since = request.if_modified_since
    return since is not None and changed.replace(microsecond=0) <= since


def is_new_only() -> bool:
    """Say whether the client wants to write only what is not there yet."""
    known = tags("If-None-Match")
    return known is not None and known.star_tag


def tag(response: Response, version: Version, form: str = "") -> Response:
    """Give a response the strong entity tag of a version, in a form of its own."""
    response.set_etag(f"{version}{form}")
    return response
