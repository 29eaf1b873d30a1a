"""Which words of the archive a misspelt one may mean: the same on every engine."""

import gzip
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random
from string import ascii_lowercase

import orjson
import pytest

from schemas.articles import load
from schemas.problems import Invalid
from search.article import Article, ArticleId
from search.engine import Engine
from search.text import words
from tests.corpus import SAME, WORDS
from tests.engine.archive import Archive
from tests.engine.engines import ENGINES, Entry


def article(number: int, title: str, body: str | None = None) -> Article:
    return Article(
        id=ArticleId(f"w{number}"), title=title, body=body, published_at=SAME
    )


@pytest.fixture
def lettered(engine: Engine) -> Engine:
    """An archive of chosen words."""
    titles = ("carbon tax", "carbon", "cartons of milk", "Carbine", "the 2023 levy")
    bodies = ("Charbon", None, "arbon", "carbonate", "Łódź naïve")
    articles = [
        article(n, *both) for n, both in enumerate(zip(titles, bodies, strict=True))
    ]
    engine.index(articles, refresh=True)
    return engine


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("carbn", ["carbon", "carbine"]),
        ("crabon", ["carbon"]),
        ("xarbon", ["carbon", "arbon"]),
        ("tox", ["tax"]),
        ("leyv", ["levy"]),
        ("lovy", ["levy"]),
        ("LEVYY", ["levy"]),
        ("Lodx", ["lodz"]),
        ("niave", ["naive"]),
    ],
)
def test_words_near_a_misspelt_one_come_best_first(
    word: str, found: list[str], lettered: Engine
) -> None:
    assert list(lettered.spellings(word))[: len(found)] == found


@pytest.mark.parametrize(
    "word", ["tx", "2024", "", "©", "tax levy", "\ud800aa", "a" * 50]
)
def test_what_is_no_misspelt_word_has_no_suggestions(
    word: str, lettered: Engine
) -> None:
    assert lettered.spellings(word) == ()


def test_a_short_word_may_have_one_slip_and_a_long_one_two(lettered: Engine) -> None:
    assert "levy" not in lettered.spellings("lexx")
    assert "carbon" in lettered.spellings("carbixx"[:6])


def test_the_word_itself_is_not_a_suggestion(lettered: Engine) -> None:
    assert "carbon" not in lettered.spellings("carbon")
    assert "carbonate" not in lettered.spellings("carbon")


def test_every_engine_suggests_the_same_words(archive: Archive) -> None:
    spoilt = {each for text in WORDS for word in words(text) for each in slipped(word)}
    for word in sorted(spoilt):
        assert archive.engine.spellings(word) == archive.oracle.spellings(word), word


def slipped(word: str) -> Iterator[str]:
    yield word + "q"
    yield word[1:]
    yield word[:1] + word[2:] + "z"
    yield word[:2][::-1] + word[2:]


def typo(word: str, random: Random) -> str:
    """Leave out, double, exchange or replace a letter, anywhere in the word."""
    at = random.randrange(len(word))
    kind = random.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + random.choice(ascii_lowercase) + word[at:]
    if kind == 2 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + random.choice(ascii_lowercase) + word[at + 1 :]


def real(folder: Path, count: int) -> Iterator[Article]:
    with gzip.open(folder / "articles" / "reuters-21578.ndjson.gz") as file:
        for line in islice(file, count):
            values = orjson.loads(line)
            values.pop("extra", None)
            try:
                yield load(values, now=datetime.now(UTC))
            except Invalid:
                continue


@pytest.mark.data
@pytest.mark.parametrize(
    "entry", ENGINES[1:], ids=("embedded", "elastic"), indirect=True
)
def test_the_right_word_is_in_the_top_three_for_nine_typos_of_ten(
    engine: Engine, entry: Entry, data_folder: Path
) -> None:
    articles = list(real(data_folder, min(3_000, entry.many)))
    engine.index(articles, refresh=True)
    seen = Counter(word for each in articles for word in set(words(each.body or "")))
    known = sorted(w for w in seen if w.isascii() and w.isalpha() and len(w) > 3)
    random = Random(42)
    right = tries = 0
    while tries < 100:
        word = random.choice(known)
        spoilt = typo(word, random)
        if spoilt in seen:  # another word: nobody can tell
            continue
        tries += 1
        right += word in engine.spellings(spoilt)[:3]
    assert right >= 90
