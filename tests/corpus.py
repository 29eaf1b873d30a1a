"""What property tests are made of: articles that collide.

The vocabulary is small on purpose, so that words, names and moments meet. An article is
a function of one number: an example shrinks by leaving articles out.
"""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from search.article import Article, ArticleId, Entity, Image

WORDS = (
    *("bank", "banks", "banking", "merger", "mergers", "carbon", "tax", "taxes", "the"),
    *("Łódź", "lodz", "Novák", "Nova\u0301k", "novak", "naïve", "résumé", "straße"),
    *("AT&T", "don’t", "don't", "O’Neill", "U.S.", "10:30", "2024", "ﬁnance", "½"),
    *("東京", "東", "京都市", "한국", "हिन्दी", "ไทย", "قطر", "🙂", "©", "x" * 70),
)
GAPS = (" ", " ", " ", "  ", "\n\n", ", ", " — ", "-", " “", "” ", "_")
NAMES = {
    "tag": ("energy", "Energy", "3.1", "3.10", "carbon tax", "Łódź"),
    "company": ("Shell plc", "BP", "AT&T", "Tesla, Inc.", "Meta Platforms", "東京"),
    "person": ("Ján Novák", "Jan Novak", "Angela Merkel", "José", "Jose\u0301"),
    "place": ("Łódź", "Lodz", "Berlin", "New York", "São Paulo"),
    "source": ("Reuters", "The Wire", "reuters", "BBC"),
    "section": ("Business", "World news", "Sport"),
    "author": ("Ján Novák", "O’Neill", "A. B. See", "Jane Doe"),
    "lang": ("en", "en-GB", "zh-Hant-TW", "zh", "e", "de-AT"),
}
ENTITIES = {
    "tag": (
        *(Entity("energy", "Energy"), Entity("medtop-3", "Energy")),
        *(Entity("3-1", "3.1"), Entity("3-10", "3.10"), Entity("tax", "carbon tax")),
    ),
    "company": (
        *(Entity("shell", "Shell plc"), Entity("royal-dutch", "Shell plc")),
        *(Entity("bp", "BP"), Entity("bp-2", "BP"), Entity("at-t", "AT&T")),
        *(Entity("shell-plc", "Shell Oil"), Entity("tesla-inc", "Tesla, Inc.")),
        *(Entity("meta-platforms", "Meta Platforms"), Entity("東-京", "東京")),
        *(Entity("meta-platforms-2", "Meta"), Entity("facebook", "Meta Platforms")),
    ),
    "person": (
        *(Entity("jan-novak", "Ján Novák"), Entity("jan-novak-2", "Jan Novák")),
        *(Entity("angela-merkel", "Angela Merkel"), Entity("jose", "José")),
    ),
    "place": (
        *(Entity("lodz", "Łódź"), Entity("q64", "Berlin"), Entity("ny", "New York")),
        Entity("sao-paulo", "São Paulo"),
    ),
}
ALSO = {
    "meta-platforms": ("Meta Platforms", "Facebook"),
    "ny": ("New York", "New York City"),
}
UNKNOWN = ("Nobody", "shel", "zz top", "Łodzka")

SAME = datetime(2024, 5, 17, 10, 0, 0, tzinfo=UTC)
MOMENTS = (
    *(SAME, SAME, SAME + timedelta(milliseconds=1), SAME + timedelta(milliseconds=999)),
    *(SAME - timedelta(microseconds=1), SAME + timedelta(seconds=1)),
    *(datetime(2024, 3, 31, hour, 30, tzinfo=UTC) for hour in range(4)),
    *(datetime(2024, 10, 27, hour, 30, tzinfo=UTC) for hour in range(4)),
    *(datetime(2023, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), SAME + timedelta(40)),
    *(datetime(2011, 12, 29, 23, tzinfo=UTC), datetime(2011, 12, 31, 9, tzinfo=UTC)),
)
FAR = (
    datetime(1600, 1, 1, tzinfo=UTC),
    datetime(1600, 1, 1, 0, 0, 0, 500, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime.now(UTC).replace(microsecond=0) + timedelta(days=360),
)


def article(number: int, *, near: bool = True, identity: str | None = None) -> Article:
    """Return the article that belongs to a number; `near` keeps it in our years.

    It brings its version and `indexed_at`, so that all engines agree on both.
    """
    random = Random(number)
    moment = random.choice(MOMENTS if near or random.random() < 0.8 else FAR)
    return Article(
        id=ArticleId(identity or f"a{number}"),
        title=prose(random, 1, 6).strip() or "tax",
        published_at=moment,
        updated_at=_maybe(random, moment + timedelta(random.choice((0, 1, 40)))),
        summary=_maybe(random, prose(random, 0, 8)),
        body=_maybe(random, prose(random, 1, 40)),
        url=_maybe(random, f"https://example.org/{number}?a=1&b=ü"),
        source=_maybe(random, random.choice(NAMES["source"])),
        section=_maybe(random, random.choice(NAMES["section"])),
        authors=tuple(random.sample(NAMES["author"], random.choice((0, 1, 2)))),
        language=_maybe(random, random.choice(NAMES["lang"])),
        tags=_entities(random, "tag"),
        companies=_entities(random, "company"),
        people=_entities(random, "person"),
        places=_entities(random, "place"),
        image=_maybe(random, Image(f"https://example.org/{number}.png", "Ján", None)),
        metadata=random.choice(({}, {"wire": [1, None, {"x": "ü"}]})),
        indexed_at=SAME + timedelta(milliseconds=random.choice((0, 1, 999, 86400000))),
        version=10**15 + number,
    )


def prose(random: Random, least: int, most: int) -> str:
    """Return text of the vocabulary's words with all kinds of gaps."""
    size = random.randint(least, most)
    pairs = zip(
        random.choices(WORDS, k=size), random.choices(GAPS, k=size), strict=True
    )
    return "".join(word + gap for word, gap in pairs)


T = TypeVar("T")


def _maybe(random: Random, value: T) -> T | None:
    return value if random.random() < 0.7 else None


def _entities(random: Random, field: str) -> tuple[Entity, ...]:
    drawn = random.sample(ENTITIES[field], random.choice((0, 1, 1, 2, 3)))
    renamed = (
        Entity(one.id, random.choice(ALSO.get(one.id, (one.name,)))) for one in drawn
    )
    return tuple(renamed)


def articles(*, near: bool = True) -> SearchStrategy[Article]:
    """Draw one article."""
    return st.integers(0, 2**16).map(lambda number: article(number, near=near))


def corpora(
    *, least: int = 0, most: int = 40, near: bool = True
) -> SearchStrategy[list[Article]]:
    """Draw articles with distinct ids, in no order of time."""
    numbers = st.lists(
        st.integers(0, 2**16), min_size=least, max_size=most, unique=True
    )
    return numbers.map(lambda all_: [article(number, near=near) for number in all_])
