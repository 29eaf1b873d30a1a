"""What goes between a reader and its process apart: jobs there, drafts back."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import orjson

from schemas.formats.drafts import Draft, UnreadableError
from schemas.problems import Fault

LENGTH: Final = struct.Struct(">Q")
READY: Final = b"ready"

MEMORY: Final = 512_000_000
"""Bytes of memory that a process may have."""


@dataclass(frozen=True, slots=True)
class Job:
    """A foreign text and what is known of it.

    Without a format it is recognised; `columns` says which column of a table an
    article's key is in; `seconds` is how long reading may take.
    """

    data: bytes
    format: str = ""
    charset: str | None = None
    columns: Mapping[str, str] | None = None
    seconds: float = 4.0

    def pack(self) -> bytes:
        """Return the job as bytes: length, words, data."""
        words = orjson.dumps(
            {
                "size": len(self.data),
                "format": self.format,
                "charset": self.charset,
                "columns": dict(self.columns) if self.columns else None,
                "seconds": self.seconds,
            }
        )
        return b"".join((LENGTH.pack(len(words)), words, self.data))


def packed(answer: Mapping[str, Any]) -> bytes:
    """Return an answer as JSON."""
    try:
        return orjson.dumps(answer)
    except TypeError:
        return orjson.dumps({"refused": "It has values that JSON cannot say."})


def sent(stream: BinaryIO, answer: bytes) -> None:
    """Write an answer, its length first."""
    stream.write(LENGTH.pack(len(answer)))
    stream.write(answer)
    stream.flush()


def unpacked(answer: bytes) -> list[Draft]:
    """Return the drafts of an answer; raises UnreadableError where it refuses."""
    values = orjson.loads(answer)
    if "refused" in values:
        raise UnreadableError(values["refused"])
    return [_draft(each) for each in values["drafts"]]


def _draft(values: Mapping[str, Any]) -> Draft:
    told = tuple(Fault(**each) for each in values["warnings"])
    return Draft(values["values"], told, strict=values["strict"])
