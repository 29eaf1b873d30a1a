"""What `search.similar` finds: the same on every engine."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from search.article import Article, ArticleId
from search.engine import Engine
from search.query.ast import All, Not, Term
from search.request import SearchRequest, Selection
from search.similar import Neighbours, similar
from tests.corpus import SAME, article
from tests.engine.archive import Archive
from tests.engine.examples import FILLED

REPORT = (
    "Refinery workers in Rotterdam voted on Friday to end a strike that had cut output "
    "of diesel and petrol by a third since the middle of the month, the union said."
)
COPY = REPORT.replace("Friday", "Monday")
OTHERS = (
    "A choir from Leeds sang in the cathedral before a crowd of four hundred people.",
    "Diesel output rose while the union of refinery workers talked to the employers.",
    "The harvest of barley began late because of rain in the north of the country.",
    "Petrol in Rotterdam is cheaper since the strike ended.",
)


def report(name: str, body: str, *, days: int = 0, tag: str = "energy") -> Article:
    one = replace(article(1), id=ArticleId(name), title=f"Report {name}", body=body)
    moment = SAME + timedelta(days)
    [tags] = [(replace(article(1).tags[0], id=tag, name=tag),)]
    return replace(one, summary=None, tags=tags, published_at=moment, version=None)


SUBJECT = report("subject", REPORT)
CORPUS = [
    SUBJECT,
    report("copy", COPY, days=1),
    *(report(f"other{n}", body, days=n) for n, body in enumerate(OTHERS)),
    report("twin", OTHERS[3], days=40, tag="opinion"),
]


@pytest.fixture
def reports(engine: Engine) -> Engine:
    engine.index(CORPUS, refresh=True)
    return engine


def names(found: Neighbours) -> list[str]:
    return [each.article.id for each in found.articles]


def test_the_most_alike_stand_first_and_never_the_article_itself(
    reports: Engine,
) -> None:
    found = similar(reports, SUBJECT, SearchRequest())
    assert names(found)[:4] == ["copy", "other1", "twin", "other3"]
    assert "subject" not in names(found)
    assert found.total == len(found.articles)
    likes = [each.likeness for each in found.articles]
    assert likes == sorted(likes, reverse=True)
    assert all(0 < each <= 1 for each in likes)


def test_a_near_copy_is_marked_and_a_report_of_the_same_is_not(reports: Engine) -> None:
    found = similar(reports, SUBJECT, SearchRequest())
    assert [each.article.id for each in found.articles if each.near_copy] == ["copy"]


def test_one_text_under_another_name_is_as_alike_as_can_be(engine: Engine) -> None:
    engine.index([*CORPUS, report("subject", REPORT), SUBJECT], refresh=True)
    again = replace(SUBJECT, id=ArticleId("again"))
    [first, *_] = similar(engine, again, SearchRequest()).articles
    assert (first.article.id, first.likeness) == ("subject", 1.0)
    assert first.near_copy


def test_equal_articles_stand_newest_first(reports: Engine) -> None:
    [first, second] = similar(
        reports, CORPUS[5], SearchRequest(filter=Term("report"))
    ).articles[:2]
    assert first.article.id == "twin"
    assert second.likeness < first.likeness


def test_every_restriction_of_the_question_holds(reports: Engine) -> None:
    requests = {
        "query": SearchRequest(query=Term("cheaper")),
        "filter": SearchRequest(filter=Not(Term("energy", "tag"))),
        "selection": SearchRequest(selections=(Selection("tag", ("opinion",)),)),
    }
    expected = {"query": ["twin", "other3"], "filter": ["twin"], "selection": ["twin"]}
    for name, request in requests.items():
        found = similar(reports, SUBJECT, request)
        assert names(found) == expected[name]
        assert found.total == len(expected[name])


def test_an_article_without_words_is_like_nothing(engine: Engine) -> None:
    silent = report("silent", "?!")
    silent = replace(silent, title="— —")
    engine.index([silent, *CORPUS], refresh=True)
    assert similar(engine, silent, SearchRequest()) == Neighbours(0)


def test_the_total_counts_all_that_share_a_key_word_however_many_are_compared(
    engine: Engine,
) -> None:
    many = [report(f"m{n}", f"Strike {n}", days=n % 7) for n in range(150)]
    one = report("subject", "A strike in Rotterdam")
    engine.index([*many, one], refresh=True)
    found = similar(engine, one, SearchRequest(filter=Term("strike")))
    assert found.total == 150
    assert len(found.articles) == 100
    assert "subject" not in names(found)


def test_what_an_article_says_now_counts_before_it_can_be_searched(
    reports: Engine,
) -> None:
    changed = replace(SUBJECT, body=OTHERS[0])
    found = similar(reports, changed, SearchRequest())
    assert names(found)[0] == "other0"
    assert found.articles[0].near_copy
    assert "subject" not in names(found)


@given(st.integers(0, 79), st.sampled_from((All(), Term("energy", "tag"))))
@FILLED
def test_every_engine_finds_the_same_in_the_same_order(
    archive: Archive, number: int, node: All | Term
) -> None:
    for one in archive.corpus[number:][:1]:
        request = SearchRequest(filter=node)
        mine = similar(archive.engine, one, request)
        assert mine == similar(archive.oracle, one, request)
        assert one.id not in names(mine)
