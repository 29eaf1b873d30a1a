"""The problems (RFC 9457): one table of every kind of error and its status.

A view raises `Problem`; what the library, the wire or Flask raise becomes one in
`api.translations`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response

from api.request import at_hand

TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the table: what this kind of problem means, and what to do."""

    status: int
    title: str
    advice: str


KINDS: dict[str, Kind] = {
    "bad-request": Kind(
        400,
        "The request is malformed",
        "Send a well-formed HTTP request: a Host header, a query string in UTF-8 "
        "without control characters.",
    ),
    "invalid-parameter": Kind(
        400,
        "A parameter cannot be taken",
        "`parameter` names it, `detail` says why, `suggestion` is one that would work.",
    ),
    "unknown-parameter": Kind(
        400,
        "There is no such parameter",
        "Correct its name; `suggestion` is the nearest. The parameters of every path "
        "stand in /docs.",
    ),
    "query-syntax": Kind(
        400,
        "Query cannot be parsed",
        "`position` counts characters into the parameter's value; `suggestion` can be "
        "parsed. In search boxes use q.syntax=simple, which never fails.",
    ),
    "invalid-query": Kind(
        400,
        "The query asks for what cannot be",
        "`detail` says which field cannot do what, or which name is unknown.",
    ),
    "query-too-complex": Kind(
        400,
        "The query is over a limit",
        "1,000 characters, 64 clauses, 20 levels, 100 values a filter. Ask for less at "
        "a time.",
    ),
    "invalid-cursor": Kind(
        400,
        "The cursor does not fit",
        "A cursor belongs to its query: keep every parameter but limit as it was, or "
        "start again without the cursor.",
    ),
    "strict": Kind(
        400,
        "A name is unknown or ambiguous",
        "You asked for strict=true. Take one of the suggestions or candidates.",
    ),
    "unauthorized": Kind(
        401,
        "A key is needed",
        "Send Authorization: Bearer KEY with the server's write key.",
    ),
    "forbidden": Kind(
        403,
        "The key may not do this",
        "Check the key that you send.",
    ),
    "writes-refused": Kind(
        403,
        "This server takes no writes",
        "It listens beyond its own machine and has no write key. Whoever runs it can "
        "set DATELINE_WRITE_KEY.",
    ),
    "not-found": Kind(
        404,
        "There is nothing here",
        "Check the id or the path; GET /v1/ lists all paths.",
    ),
    "method-not-allowed": Kind(
        405,
        "The method does not fit the path",
        "The Allow header lists those that do.",
    ),
    "not-acceptable": Kind(
        406,
        "No format that you accept",
        "Ask for application/json, or use the path's suffix for another format.",
    ),
    "timeout-request": Kind(
        408,
        "The request came too slowly",
        "Send it again over a faster connection.",
    ),
    "conflict": Kind(
        409,
        "Somebody else changed it",
        "Read the article again and repeat the change.",
    ),
    "precondition-failed": Kind(
        412,
        "It has changed since you read it",
        "Read the article again, repeat your change, send its new ETag in If-Match.",
    ),
    "too-large": Kind(
        413,
        "The body is too large",
        "An article may have 10 MB, a bulk body 1 GiB. Send less at a time.",
    ),
    "address-too-long": Kind(
        414,
        "The address is too long",
        "An address may have about 8,000 bytes. Send a long question in a body: "
        "POST /v1/search.",
    ),
    "unsupported-media-type": Kind(
        415,
        "The body's type is not known here",
        "Send application/json, application/x-ndjson or a format that docs/formats.md "
        "lists, without Content-Encoding.",
    ),
    "invalid-body": Kind(
        422,
        "The body is not valid",
        "`errors` lists every fault with a JSON pointer into the body.",
    ),
    "precondition-required": Kind(
        428,
        "Say which version you replace",
        "The id is taken. Send If-Match with the ETag of the version that you read.",
    ),
    "headers-too-large": Kind(
        431,
        "The headers are too large",
        "Send at most 64 headers of up to 8,190 bytes each.",
    ),
    "internal": Kind(
        500,
        "We made a mistake",
        "Tell whoever runs this server the request_id; the log has the rest.",
    ),
    "unavailable": Kind(
        503,
        "The engine is away",
        "Ask again after the time in Retry-After.",
    ),
    "busy": Kind(
        503,
        "There is too much to do",
        "Ask again after the time in Retry-After.",
    ),
    "timeout": Kind(
        504,
        "The engine took too long",
        "Ask for less (fewer facets, a shorter period), or again later.",
    ),
}


class Problem(Exception):  # noqa: N818 - the standard calls it so
    """An error that a view raises: a slug of `KINDS`, a sentence, further members."""

    def __init__(
        self,
        slug: str,
        detail: str | None = None,
        *,
        headers: dict[str, str] | None = None,
        **members: Any,
    ) -> None:
        """Keep what the answer is made of; members that are None are left out."""
        super().__init__(detail or KINDS[slug].advice)
        self.slug = slug
        self.headers = headers or {}
        self.members = {k: v for k, v in members.items() if v is not None}

    def response(self) -> Response:
        """Return the answer."""
        body = self.body(at_hand().request_id or None)
        answer = Response(body, status=KINDS[self.slug].status, mimetype=TYPE)
        answer.headers.update(self.headers)
        return answer

    def body(self, request_id: str | None) -> bytes:
        """Return the JSON of the answer."""
        kind = KINDS[self.slug]
        return orjson.dumps(
            {
                "type": f"/problems/{self.slug}",
                "title": kind.title,
                "status": kind.status,
                "detail": str(self),
                **self.members,
                "request_id": request_id,
            }
        )
