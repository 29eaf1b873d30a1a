"""Selected values: asked for once, called as their newest article does."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from scripts.bench.elastic_raw import Recorder
from search.article import Entity
from search.elastic.engine import ElasticEngine
from search.elastic.labels import Names
from search.elastic.searching import Search
from search.request import FacetRequest, SearchRequest, Selection
from search.result import FacetValue
from tests import cluster
from tests.corpus import article

pytestmark = [pytest.mark.elasticsearch, pytest.mark.xdist_group("elasticsearch")]

SHELL = Entity("shell", "Shell plc")
ASKED = SearchRequest(
    selections=(Selection("company", (), ("shell", "nobody")),),
    facets=(FacetRequest("company", 1),),
)


@pytest.fixture
def recorder(engine: ElasticEngine) -> Iterator[Recorder]:
    """What notes the requests to an archive with an article about Shell."""
    engine.index([replace(article(1), companies=(SHELL,))], refresh=True)
    with closing(Recorder(cluster.access())) as made:
        yield made


def selected(search: Search, asked: SearchRequest = ASKED) -> list[tuple[str, str]]:
    [facet] = search.answer(asked).facets
    chosen: list[FacetValue] = [each for each in facet.values if each.selected]
    return [(each.id, each.name) for each in chosen]


def paths(recorder: Recorder) -> list[str]:
    found = [each.path.partition("?")[0].rpartition("/")[2] for each in recorder.sent]
    recorder.sent.clear()
    return found


def test_a_question_with_selections_whose_names_are_known_is_one_search(
    recorder: Recorder, name: str
) -> None:
    search = Search(recorder, name, Names())
    only = replace(ASKED, selections=(Selection("company", (), ("shell",)),))
    assert selected(search, only) == [("shell", "Shell plc")]
    assert paths(recorder) == ["_msearch"]
    assert selected(search, only) == [("shell", "Shell plc")]
    assert paths(recorder) == ["_search"]


def test_an_id_that_no_article_has_is_asked_for_each_time(
    recorder: Recorder, name: str
) -> None:
    search = Search(recorder, name, Names())
    for _ in range(2):
        assert selected(search) == [("shell", "Shell plc"), ("nobody", "nobody")]
        assert paths(recorder) == ["_msearch"]


@pytest.mark.parametrize("same", [True, False])
def test_a_name_is_believed_while_the_archive_stays_as_it_is(same: bool) -> None:
    names = Names(seconds=-1)
    names.stamp = "1"
    names.keep("company", {"shell": "Shell plc"}, "1")
    if not same:
        names.stamp = "2"
    found = names.known("company", ["shell"])
    assert found == ({"shell": "Shell plc"} if same else {})


def test_a_name_of_an_unknown_state_is_not_believed_for_ever() -> None:
    names = Names(seconds=-1)
    names.keep("company", {"shell": "Shell plc"}, names.stamp)
    assert names.known("company", ["shell"]) == {}


def test_a_selected_value_takes_the_name_of_what_was_written_since(
    engine: ElasticEngine,
) -> None:
    engine.index([replace(article(1), companies=(SHELL,))], refresh=True)
    for spelled in ("Shell plc", "Royal Dutch Shell"):
        one = replace(article(1), companies=(replace(SHELL, name=spelled),))
        engine.index([one], refresh=True)
        [facet] = engine.search(ASKED).facets
        assert facet.values[0].name == spelled
