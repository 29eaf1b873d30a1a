"""What relevance, recency, highlights and bodies promise."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from search.article import Article, ArticleId, milliseconds
from search.catalog import BY_KEY, TEXT_FIELDS
from search.engine import Engine
from search.query.ast import Not, Or, Phrase, Prefix, Range, Term
from search.request import HighlightRequest, Recency, SearchRequest
from tests.corpus import SAME, WORDS
from tests.engine.agreement import ids, pages, score
from tests.engine.archive import Archive
from tests.engine.examples import ASKED, WALKED
from tests.questions import requests

DAY = 86_400


def written(number: int, title: str, **changes: Any) -> Article:
    plain = Article(id=ArticleId(f"w{number}"), title=title, published_at=SAME)
    return replace(plain, **changes)


def test_without_a_clause_that_scores_relevance_is_newest(engine: Engine) -> None:
    engine.index(
        [written(n, "tax", published_at=SAME + timedelta(n)) for n in (1, 3, 2)],
        refresh=True,
    )
    for query in (Prefix("ta"), Not(Term("bank")), Term("x", "tag")):
        result = engine.search(SearchRequest(query=Or((query, Prefix("ta")))))
        assert (result.sort, ids(result)) == ("newest", ["w3", "w2", "w1"])
        assert all(hit.score is None for hit in result.hits)


def test_filters_do_not_change_scores(engine: Engine) -> None:
    engine.index(
        [written(n, "tax " * n, source="BBC") for n in range(1, 6)], refresh=True
    )
    plain = SearchRequest(query=Term("tax"))
    filtered = replace(plain, filter=Or((Term("BBC", "source"), Term("tax"))))
    assert engine.search(plain).hits == engine.search(filtered).hits


@given(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS),
    st.sampled_from((0.5, 3600, 30 * DAY)),
    st.integers(1, 7),
)
@WALKED
def test_a_score_halves_for_every_half_life(
    archive: Archive,
    word: str,
    other: str,
    half_life: float,
    limit: int,
) -> None:
    origin = SAME + timedelta(hours=1)
    plain = SearchRequest(query=Or((Term(word), Term(other))), limit=1000)
    published = {article.id: article.published_at for article in archive.corpus}
    expected = {}
    for hit in archive.engine.search(plain).hits:
        age = max((origin - published[hit.article.id]).total_seconds(), 0)
        expected[hit.article.id] = score(hit) * 0.5 ** (age / half_life)
    recent = replace(plain, recency=Recency(half_life, origin))
    decayed = archive.engine.search(recent)
    assert {hit.article.id: score(hit) for hit in decayed.hits} == pytest.approx(
        expected, rel=1e-5, abs=1e-12
    )
    scores = [score(hit) for hit in decayed.hits]
    assert scores == sorted(scores, reverse=True)
    walked = pages(archive.engine, replace(recent, limit=limit))
    assert [key for page in walked for key in ids(page)] == ids(decayed)


def test_an_article_of_the_future_scores_as_one_of_now(engine: Engine) -> None:
    engine.index(
        [
            written(1, "tax", published_at=SAME),
            written(2, "tax", published_at=SAME + timedelta(days=300)),
        ],
        refresh=True,
    )
    result = engine.search(
        SearchRequest(query=Term("tax"), recency=Recency(DAY, SAME), sort="relevance")
    )
    one, two = result.hits
    assert score(one) == pytest.approx(score(two))


@given(requests())
@ASKED
def test_a_highlight_cuts_what_was_found_out_of_its_field(
    archive: Archive, request: SearchRequest
) -> None:
    texts = {article.id: article for article in archive.corpus}
    wanted = HighlightRequest(TEXT_FIELDS, 40, 2)
    asked = replace(request, timeline=None, highlight=wanted)
    for hit in archive.engine.search(asked).hits:
        for field, fragments in hit.highlights:
            text = getattr(texts[hit.article.id], BY_KEY[field].key)
            assert 0 < len(fragments) <= 2
            assert all(text[one.start : one.end] == one.text for one in fragments)
            for one in fragments:
                edges = [edge for match in one.matches for edge in match]
                assert edges == sorted(edges)
                assert one.start <= edges[0] < edges[-1] <= one.end


def test_a_highlight_marks_the_phrase_and_counts_in_characters(engine: Engine) -> None:
    title = "🙂 Ján <b> “Carbon taxes” and a tax"
    engine.index([written(1, title, body="no such thing")], refresh=True)
    request = SearchRequest(
        query=Phrase("carbon tax"), highlight=HighlightRequest(("title", "body"))
    )
    (hit,) = engine.search(request).hits
    marked = {field: pieces for field, pieces in hit.highlights if pieces}
    assert list(marked) == ["title"]
    ((start, end),) = marked["title"][0].matches
    assert title[start:end] == "Carbon taxes"


def test_a_long_body_is_found_by_its_last_word(engine: Engine) -> None:
    body = "carbon tax, " * 170_000 + "zwetschge"
    engine.index([written(1, "tax", body=body)], refresh=True)
    request = SearchRequest(
        query=Term("Zwetschge"), highlight=HighlightRequest(("body",)), body=True
    )
    (hit,) = engine.search(request).hits
    assert hit.article.article().body == body


def test_a_body_comes_only_when_it_is_asked_for(engine: Engine) -> None:
    engine.index([written(1, "tax", body="Ján"), written(2, "tax")], refresh=True)
    without = engine.search(SearchRequest(highlight=HighlightRequest(("body",))))
    assert [hit.article.body for hit in without.hits] == [None, None]
    with_body = engine.search(SearchRequest(body=True))
    assert [hit.article.body for hit in with_body.hits] == [b"null", '"Ján"'.encode()]


@pytest.mark.parametrize(
    ("asked", "written_as"),
    [
        ("lodz", "Łódź"),
        ("Nova\u0301k", "Novák"),
        ("novak", "Nova\u0301k"),
        ("STRASSE", "straße"),
        ("mergers", "merger"),
        ("京都", "私は京都市にいる"),
        ("AT&T", "AT&T’s"),
    ],
)
def test_a_word_is_found_however_it_is_spelled(
    engine: Engine, asked: str, written_as: str
) -> None:
    engine.index([written(1, f"In {written_as}, say"), written(2, "tax")], refresh=True)
    assert ids(engine.search(SearchRequest(query=Term(asked)))) == ["w1"]


@pytest.mark.parametrize("nothing", ["©♭", "&", "", "🙂"])
def test_a_text_without_any_word_finds_nothing(engine: Engine, nothing: str) -> None:
    engine.index([written(1, "tax 🙂 &")], refresh=True)
    for leaf in (Term(nothing), Phrase(nothing), Term(nothing, "source")):
        assert engine.search(SearchRequest(query=leaf)).total == 0


def test_a_moment_is_compared_to_the_millisecond(engine: Engine) -> None:
    engine.index(
        [
            written(n, "tax", updated_at=SAME + timedelta(milliseconds=n))
            for n in range(3)
        ],
        refresh=True,
    )
    found = engine.search(
        SearchRequest(
            sort="oldest",
            date="updated",
            filter=Range("updated", milliseconds(SAME) + 1, milliseconds(SAME) + 2),
        )
    )
    assert ids(found) == ["w1"]
