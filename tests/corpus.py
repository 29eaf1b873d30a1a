"""What property tests are made of: articles, queries and requests that collide.

The vocabulary is small on purpose, so that words, names and moments meet. An article is
a function of one number: an example shrinks by leaving articles out.
"""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from search.article import Article, ArticleId, Entity, Image, milliseconds
from search.catalog import DATE_FIELDS, FACET_FIELDS, TEXT_FIELDS
from search.query.ast import (
    NOTHING,
    All,
    And,
    Exists,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
)
from search.request import (
    FacetRequest,
    HighlightRequest,
    SearchRequest,
    Selection,
    TimelineRequest,
)

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
ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "America/Sao_Paulo", "Pacific/Apia")
INTERVALS = ("hour", "day", "week", "month", "quarter", "year")

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


def words() -> SearchStrategy[str]:
    """Draw one word of the vocabulary, sometimes in capitals."""
    return st.sampled_from(WORDS) | st.sampled_from(WORDS).map(str.upper)


def phrases() -> SearchStrategy[str]:
    """Draw a few words, also twice the same."""
    return st.lists(words(), min_size=1, max_size=4).map(" ".join)


def beginnings() -> SearchStrategy[str]:
    """Draw the first letters of words."""
    letters = [word for word in WORDS if word[:3].isalnum()]
    return st.builds(
        lambda word, size: word[:size], st.sampled_from(letters), st.integers(2, 5)
    )


def misspellings() -> SearchStrategy[str]:
    """Draw words with up to two letters left out, doubled or exchanged."""

    def spoil(word: str, place: int, kind: str) -> str:
        left, right = word[: place % len(word)], word[place % len(word) :]
        swapped = right[1:2] + right[:1] + right[2:]
        return {"cut": left + right[1:], "double": left + right[:1] + right}.get(
            kind, left + swapped
        )

    letters = st.sampled_from([word for word in WORDS if word.isalpha()])
    kinds = st.sampled_from(("cut", "double", "swap"))
    once = st.builds(spoil, letters, st.integers(0, 9), kinds).filter(bool)
    return (
        letters | once | st.builds(spoil, once, st.integers(0, 9), kinds).filter(bool)
    )


def values(field: str) -> SearchStrategy[str]:
    """Draw a name or an id of a facet field, or one that nobody has."""
    entities = ENTITIES.get(field, ())
    names = {name for one in entities for name in ALSO.get(one.id, (one.name,))}
    known = {*NAMES[field], *names, *(one.id for one in entities)}
    return st.sampled_from((*sorted(known), *UNKNOWN))


def moments() -> SearchStrategy[int]:
    """Draw a moment of the corpus, or one beside it, in milliseconds."""
    known = st.sampled_from([milliseconds(moment) for moment in (*MOMENTS, *FAR)])
    return st.builds(
        int.__add__, known, st.sampled_from((0, 0, -1, 1, 1000, 86_400_000))
    )


def ranges() -> SearchStrategy[Range]:
    """Draw a restriction by date, open at either end, also the wrong way round."""
    return st.builds(
        Range,
        st.sampled_from(DATE_FIELDS),
        st.none() | moments(),
        st.none() | moments(),
    )


def leaves() -> SearchStrategy[Node]:
    """Draw a leaf of any kind on any field."""
    text = st.none() | st.sampled_from(TEXT_FIELDS)
    facet = st.sampled_from(FACET_FIELDS)
    return st.one_of(
        st.builds(Term, words(), text),
        facet.flatmap(lambda field: st.builds(Term, values(field), st.just(field))),
        st.builds(Phrase, phrases(), text, st.sampled_from((0, 0, 1, 2, 3, 10))),
        st.builds(Prefix, beginnings(), text),
        st.builds(Fuzzy, misspellings(), text, st.integers(1, 2)),
        ranges(),
        st.builds(Exists, st.sampled_from(TEXT_FIELDS + FACET_FIELDS)),
        st.just(All()),
    )


def nodes() -> SearchStrategy[Node]:
    """Draw a whole tree."""

    def grow(children: SearchStrategy[Node]) -> SearchStrategy[Node]:
        some = st.lists(children, max_size=3).map(tuple)
        return st.builds(And, some) | st.builds(Or, some) | st.builds(Not, children)

    return st.just(NOTHING) | st.recursive(leaves(), grow, max_leaves=8)


def selections() -> SearchStrategy[tuple[Selection, ...]]:
    """Draw what is chosen in up to three facet fields."""

    def chosen(field: str) -> SearchStrategy[Selection]:
        some = st.lists(values(field), min_size=1, max_size=3).map(tuple)
        return st.builds(Selection, st.just(field), some)

    fields = st.lists(st.sampled_from(FACET_FIELDS), max_size=3, unique=True)
    return fields.flatmap(lambda names: st.tuples(*map(chosen, names)))


def facets() -> SearchStrategy[tuple[FacetRequest, ...]]:
    """Draw the facets that are asked for, with all their options."""
    one = st.builds(
        FacetRequest,
        st.sampled_from(FACET_FIELDS),
        size=st.sampled_from((1, 2, 3, 10, None)),
        sort=st.sampled_from(("count", "name")),
        mode=st.sampled_from(("or", "and")),
        match=st.sampled_from((None, None, None, "e", "an", "Sh", "Łód", "3.1", "zz")),
    )
    return st.lists(one, max_size=4, unique_by=lambda facet: facet.field).map(tuple)


def timelines() -> SearchStrategy[TimelineRequest]:
    """Draw a timeline, mostly of a width that can be answered."""
    return st.builds(
        TimelineRequest,
        st.none() | st.sampled_from(INTERVALS),
        st.sampled_from(ZONES),
        st.none() | moments(),
        st.none() | moments(),
    )


def highlights() -> SearchStrategy[HighlightRequest]:
    """Draw what is to be marked."""
    fields = st.lists(st.sampled_from(TEXT_FIELDS), min_size=1, unique=True).map(tuple)
    return st.builds(
        HighlightRequest, fields, st.sampled_from((20, 150)), st.integers(1, 3)
    )


def requests() -> SearchStrategy[SearchRequest]:
    """Draw a whole question, without a cursor."""
    return st.builds(
        SearchRequest,
        query=nodes(),
        filter=st.just(All()) | nodes(),
        selections=selections(),
        sort=st.sampled_from(("relevance", "newest", "oldest")),
        date=st.sampled_from(DATE_FIELDS),
        limit=st.sampled_from((0, 1, 3, 10, 50)),
        offset=st.sampled_from((0, 0, 0, 1, 7)),
        body=st.booleans(),
        facets=facets(),
        timeline=st.none() | timelines(),
        highlight=st.none() | highlights(),
    )
