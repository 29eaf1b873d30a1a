"""How names and texts are made comparable without losing a character's place."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_QUOTES: Final = dict.fromkeys(map(ord, "‘’ʼ`´′"), "'")
_DASHES: Final = dict.fromkeys(map(ord, "‐‑–—−"), "-")
_SPACES: Final = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000"), " ")
_PLAIN: Final = _QUOTES | _DASHES | _SPACES | {0x201C: '"', 0x201D: '"'}
_BEYOND = re.compile(r"[^\x00-\x7f]+")
_BREAK = re.compile(r"\n(?<!\n\n)(?!\n)")  # its letter first: `re` leaps to the next


def _bare(code: int) -> str:
    char = unicodedata.normalize("NFKD", chr(code))[0]
    return char if char.isascii() and char.isalpha() else chr(code)


_LETTERS: Final = {
    **{code: _bare(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))},
    **dict(zip(map(ord, "øðđħıłŋŧØÐĐĦŁİ"), "oddhilntODDHLI", strict=True)),
}
CAPITALS: Final = "".join(
    chr(code) for code in range(0x41, 0x2000) if chr(code).isupper()
)
"""All capital letters of scripts that have them, for a character class."""


def plain(text: str) -> str:
    """Return the text composed (NFC), its quotes, dashes and spaces as ASCII has them."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text)
    return _BEYOND.sub(lambda match: match[0].translate(_PLAIN), composed)


def key(plain_text: str) -> str:
    """Return what is compared of a plain text, each character at its place.

    Small letters without accents. A line break counts as a space, an empty line does not.
    """
    return _BREAK.sub(" ", _small(plain_text))


def name_key(name: str) -> str:
    """Return the key of a name, with single spaces."""
    return _small(" ".join(plain(name).split()))


def _small(plain_text: str) -> str:
    bare = plain_text
    if not plain_text.isascii():
        bare = _BEYOND.sub(lambda match: match[0].translate(_LETTERS), plain_text)
    return bare.lower()
