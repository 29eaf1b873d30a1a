"""One analysis for both engines: fold, words, stems, and the slug of a name.

What is found depends on these functions alone: engines get tokens, never text. Whoever
changes an output raises `_VERSION`; `ANALYSIS` then tells an index to rebuild.

Accents go; signs that spell (Indic vowels, Thai tones, kana voicing) stay. Invisible
characters count as nothing: they neither hide a word nor split it. Apostrophes, hyphens
and `_` separate. In scripts written without spaces each character is a word, so that a
name is found inside a sentence, as the phrase of its characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import local
from typing import TypeAlias

import Stemmer

Word: TypeAlias = tuple[str, int, int]

WORD_LENGTH = 60
"""Characters of a word that count; the rest of a longer word is ignored."""

SLUG_BYTES = 512
"""Bytes of UTF-8 that a slug may have; a longer one is cut."""

_VERSION = 1
ANALYSIS = f"{_VERSION}-{Stemmer.version()}-{unicodedata.unidata_version}"
"""Changes whenever an output of this module may change: what indexes are stamped with."""

_LETTERS = str.maketrans(
    {
        **dict(zip("øđðħıłŋŧ", "oddhilnt", strict=True)),
        **dict(zip("æœþĸ", ("ae", "oe", "th", "k"), strict=True)),
        **dict(zip("ʼ™℠", "'  ", strict=True)),
        # Transliterations write these and newspapers leave them out: Qurʾān, Hawaiʻi.
        **dict.fromkeys("\u02b9\u02ba\u02bb\u02be\u02bf\u0640", ""),
    }
)
_FILLERS = (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0)
_SELECTORS = (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
_INVISIBLE = frozenset(map(chr, (*_FILLERS, *_SELECTORS)))
# Combining classes of marks that spell: vowels of Telugu, Thai, Lao and Tibetan stand
# from 84 to 132, kana voicing and the virama are 8 and 9. The others are accents.
_SPELLING = frozenset((0, 8, 9, *range(84, 133)))


def _is_dropped(char: str) -> bool:
    category = unicodedata.category(char)
    accent = category == "Mn" and unicodedata.combining(char) not in _SPELLING
    return accent or category in ("Cf", "Me") or char in _INVISIBLE


def _folded_whole(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    kept = "".join(char for char in parts if not _is_dropped(char)).casefold()
    digits = (str(unicodedata.decimal(char, char)) for char in kept)
    return unicodedata.normalize("NFC", "".join(digits).translate(_LETTERS).lower())


def _fold_char(char: str) -> str:
    # A fraction keeps its distance from the number before it: 3½ is not 31/2.
    fraction = unicodedata.decomposition(char).startswith("<fraction>")
    return _folded_whole(" " + char if fraction else char)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Mc")


def _word_char(char: str) -> str:
    """Return the folded character with a space for all that is not part of a word."""
    return "".join(c if c.isalnum() or _is_mark(c) else " " for c in _fold_char(char))


class _Table(dict[int, str]):
    """What becomes of a character, remembered; forgets rather than grow for ever."""

    __slots__ = ("_make",)
    _LIMIT = 50_000

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, code: int) -> str:
        if len(self) >= self._LIMIT:
            self.clear()
        made = self[code] = self._make(chr(code))
        return made


_FOLDED = _Table(_fold_char)
_WORDED = _Table(_word_char)
_BEYOND = re.compile(r"[^\x00-\x7f]+")

# Thai, Lao, Myanmar, Khmer, Tai scripts, Han, kana: written without spaces.
_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x1950, 0x19DF),
    (0x1A20, 0x1AAF),
    (0x3005, 0x3007),
    (0x3041, 0x30FF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA9E0, 0xA9FF),
    (0xAA60, 0xAADF),
    (0x20000, 0x3FFFD),
)
_LONG = 0x1000  # ranges of ideographs, which have no marks among them


def _sign_class(*, marks: bool) -> str:
    """Return the inside of a character class: the unspaced scripts' marks or others."""
    whole = [] if marks else [r for r in _UNSPACED if r[1] - r[0] >= _LONG]
    ranges = "".join(f"{chr(first)}-{chr(last)}" for first, last in whole)
    short = (range(a, b + 1) for a, b in _UNSPACED if b - a < _LONG)
    singles = (chr(code) for codes in short for code in codes)
    return ranges + "".join(char for char in singles if _is_mark(char) is marks)


_OTHER = r"\x00-\x2f\x3a-\x60\x7b-\x7f"  # ASCII that is in no word, once it is folded
_MARKS = _sign_class(marks=True)
_SIGNS = _sign_class(marks=False)
_ASCII_FOLDED = bytes(
    ord(chr(code).lower() if code < 128 and chr(code).isalnum() else " ")
    for code in range(256)
)
_ASCII_WORD = re.compile(rf"([a-z0-9]{{1,{WORD_LENGTH}}})[a-z0-9]*")
_ANY_WORD = re.compile(rf"[{_SIGNS}][{_MARKS}]*|[^{_OTHER}{_SIGNS}]+")
_SLUG_WORD = re.compile(rf"[^{_OTHER}]+")


def fold(text: str) -> str:
    """Return the text in the one spelling that is compared.

    Character by character: `fold(a + b)` is `fold(a) + fold(b)`, composed (NFC).
    Folding twice changes nothing.
    """
    return text.lower() if text.isascii() else _translated(text, _FOLDED)


def words(text: str) -> list[str]:
    """Return the folded words in their order, each cut to `WORD_LENGTH` characters."""
    if text.isascii():
        # Three times as quick as an expression that finds them.
        found = text.encode().translate(_ASCII_FOLDED).decode().split()
    else:
        found = _ANY_WORD.findall(_translated(text, _WORDED))
    if max(map(len, found), default=0) <= WORD_LENGTH:
        return found
    return [word[:WORD_LENGTH] for word in found]


def stem(word: str) -> str:
    """Return the stem of a folded word (Snowball English)."""
    return _STEMS[word]


def stems(text: str) -> list[str]:
    """Return the stems of the words, in their order: `stem` of each of `words`."""
    return stemmed(words(text))


def stemmed(folded: Iterable[str]) -> list[str]:
    """Return the stems of words that `words` made."""
    return list(map(_STEMS.__getitem__, folded))


def slug(text: str) -> str:
    """Return the folded words with hyphens between them; empty if there is no word.

    `slug(slug(text)) == slug(text)`, and at most `SLUG_BYTES` bytes. Characters of
    scripts without spaces stay together.
    """
    plain = text.lower() if text.isascii() else _translated(text, _WORDED)
    name = "-".join(_SLUG_WORD.findall(plain))
    if len(name) * 4 <= SLUG_BYTES or len(raw := name.encode()) <= SLUG_BYTES:
        return name
    return raw[:SLUG_BYTES].decode(errors="ignore").rstrip("-")


def spans(text: str) -> list[Word]:
    """Return (word, start, end) for each of `words`, in characters of the given text.

    A mark belongs to its letter; words out of one character (the 1 and the 2 of a half)
    have the same place.
    """
    if text.isascii():
        found = _ASCII_WORD.finditer(text.lower())
        return [(match[1], *match.span()) for match in found]
    plain, starts, ends = _aligned(text)
    return [
        (match[0][:WORD_LENGTH], starts[match.start()], ends[match.end() - 1])
        for match in _ANY_WORD.finditer(plain)
    ]


def _translated(text: str, table: _Table) -> str:
    def translate(match: re.Match[str]) -> str:
        return match[0].translate(table)

    return unicodedata.normalize("NFC", _BEYOND.sub(translate, text).lower())


def _is_joined(char: str) -> bool:
    """Say whether the folded character becomes one with what stands before it."""
    first = _WORDED[ord(char)][:1]
    return not first or _is_mark(first) or "\u1160" <= first <= "\u11ff"


def _aligned(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """Return the folded text and where each of its characters starts and ends."""
    odd = {c for c in set(text) if c > "\x7f" and len(_WORDED[ord(c)]) != 1}
    joined = {c for c in set(text) if c > "\x7f" and _is_joined(c)}
    if not odd and not joined:
        return _translated(text, _WORDED), range(len(text)), range(1, len(text) + 1)
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, even in _pieces(text, odd, joined):
        part = _translated(text[start:end], _WORDED)
        parts.append(part)
        starts += range(start, end) if even else [start] * len(part)
        ends += range(start + 1, end + 1) if even else [end] * len(part)
    return "".join(parts), starts, ends


def _pieces(
    text: str, odd: set[str], joined: set[str]
) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, whether each character there becomes exactly one)."""
    signs = f"[{''.join(map(re.escape, joined))}]" if joined else "(?!)"
    others = f"[{''.join(map(re.escape, odd))}]" if odd else "(?!)"
    done = 0
    for match in re.finditer(f".?{signs}+|{others}", text, re.DOTALL):
        yield done, match.start(), True
        yield *match.span(), False
        done = match.end()
    yield done, len(text), True


class _Stems(dict[str, str]):
    """Stems, remembered: PyStemmer costs ten times a look into a dict."""

    __slots__ = ("_own",)
    _LIMIT = 100_000

    def __init__(self) -> None:
        super().__init__()
        self._own = local()  # a Stemmer is not safe to share between threads

    def __missing__(self, word: str) -> str:
        if len(self) >= self._LIMIT:
            self.clear()
        made: str = self._stemmer().stemWord(word)
        self[word] = made
        return made

    def _stemmer(self) -> Stemmer.Stemmer:
        if not hasattr(self._own, "stemmer"):
            self._own.stemmer = Stemmer.Stemmer("english", 0)
        return self._own.stemmer


_STEMS = _Stems()


def is_text(text: str) -> bool:
    """Say whether the text can be written as UTF-8, which lone surrogates cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
