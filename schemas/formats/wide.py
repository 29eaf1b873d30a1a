"""UTF-16 that does not say so: told by where its zeros are."""

from __future__ import annotations

import codecs
import unicodedata
from typing import Final

_LOOKED_AT: Final = 4_096
_LEAST: Final = 0.1
"""Which part of the letters of a text are ASCII at least: blanks, marks, digits."""

_NO_TEXT: Final = frozenset(("Cc", "Cn", "Co", "Cs"))
_BLANK: Final = frozenset("\t\n\r\f")


def unmarked(head: bytes) -> str | None:
    """Return the charset of a text that is UTF-16 without a mark, None for all others.

    ASCII letters have a zero byte, always on the same side; all other texts have none.
    """
    some = head[:_LOOKED_AT]
    zeros = [some[side::2].count(0) for side in (0, 1)]
    if min(zeros) or max(zeros) < max(len(some) // 2 * _LEAST, 2):
        return None
    charset = "utf-16-be" if zeros[0] else "utf-16-le"
    return charset if _is_text(some, charset) else None


def _is_text(some: bytes, charset: str) -> bool:
    try:  # the last letter may be cut
        text = codecs.getincrementaldecoder(charset)().decode(some)
    except UnicodeDecodeError:
        return False
    return all(
        letter in _BLANK or unicodedata.category(letter) not in _NO_TEXT
        for letter in set(text)
    )
