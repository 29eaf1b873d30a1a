"""Where a walk through results stands: opaque to clients, bound to its query."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import TypeAlias

import orjson

from search.errors import CursorError

Position: TypeAlias = tuple[int | float | str, ...]
_CHECK = 6
_FOR_ADDRESSES = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, slots=True)
class Cursor:
    """`position` is the engine's own and means nothing to anybody else."""

    position: Position


def dump(cursor: Cursor, query: str) -> str:
    """Return the cursor as text for a URL, bound to `query` (any text that names it)."""
    payload = orjson.dumps(cursor.position)
    text = binascii.b2a_base64(_check(payload, query) + payload, newline=False)
    return text.translate(_FOR_ADDRESSES, b"=").decode()


def load(text: str, query: str) -> Cursor:
    """Return the cursor that `dump` made for the same query, else raise CursorError."""
    try:
        raw = base64.b64decode(
            text + "=" * (-len(text) % 4), altchars=b"-_", validate=True
        )
        check, payload = raw[:_CHECK], raw[_CHECK:]
        position = tuple(orjson.loads(payload))
    except (ValueError, TypeError):
        raise CursorError("The cursor is damaged. Start again without one.") from None
    if check != _check(payload, query):
        raise CursorError(
            "The cursor belongs to another query. Start again without one, or keep "
            "every parameter but limit as it was."
        )
    return Cursor(position)


def _check(payload: bytes, query: str) -> bytes:
    return hashlib.blake2b(
        payload + b"\0" + query.encode(), digest_size=_CHECK
    ).digest()
