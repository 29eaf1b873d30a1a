"""Names found in texts, kept by every engine as they were found."""

from datetime import UTC, datetime

from search.article import Article, ArticleId, Entity
from search.engine import Engine
from search.entities.labelling import Labeller
from search.entities.profile import Profile
from search.request import FacetRequest, SearchRequest

META = Profile(
    kind="company", id="meta-platforms", name="Meta Platforms", aliases=("Meta",)
)
BODY = "Shares of Meta Platforms fell, said President Ndidi Okafor."


def article(number: int, **more: object) -> Article:
    return Article(
        id=ArticleId(f"a{number}"),
        title="A title",
        published_at=datetime(2024, 1, number, tzinfo=UTC),
        body=BODY,
        **more,  # type: ignore[arg-type]
    )


def test_found_names_are_kept_as_found_through_scan_and_rebuild(engine: Engine) -> None:
    engine.entities.put([META])
    given = article(1, companies=(Entity("acme", "Acme"),))
    labelled = Labeller(engine.entities).label([given, article(2)], "always")
    engine.index(labelled, refresh=True)
    engine.rebuild([each.article() for each in engine.scan()])
    articles = [each.article() for each in engine.scan()]
    kept = {each.id: (each.companies, each.people) for each in articles}
    found = Entity("meta-platforms", "Meta Platforms", about=False)
    people = (Entity("ndidi-okafor", "Ndidi Okafor", about=False),)
    assert kept == {
        "a1": ((Entity("acme", "Acme"), found), people),
        "a2": ((found,), people),
    }


def test_the_same_text_again_is_unchanged(engine: Engine) -> None:
    labeller = Labeller(engine.entities)
    engine.index(labeller.label([article(1)], "auto"))
    again = engine.index(labeller.label([article(1)], "auto"))
    assert [outcome.status for outcome in again.outcomes] == ["unchanged"]


def test_whether_a_name_was_given_or_found_is_content(engine: Engine) -> None:
    engine.index([article(1, companies=(Entity("acme", "Acme"),))])
    found = article(1, companies=(Entity("acme", "Acme", about=True),))
    report = engine.index([found])
    assert [outcome.status for outcome in report.outcomes] == ["updated"]
    assert engine.get(found.id).article().companies == found.companies


def test_a_value_is_called_as_the_newest_article_calls_it(engine: Engine) -> None:
    names = ("Acme", "ACME", "Acme", "acme", "ACME")
    for number, name in enumerate(names, 1):
        engine.index([article(number, companies=(Entity("acme", name),))], refresh=True)
        asked = SearchRequest(facets=(FacetRequest("company", 5),), limit=0)
        [facet] = engine.search(asked).facets
        assert [value.name for value in facet.values] == [name]
        assert engine.resolve("company", "acme").entities == (Entity("acme", name),)
    engine.delete([ArticleId("a5")], refresh=True)
    assert engine.search(asked).facets[0].values[0].name == "acme"


def test_a_change_of_the_registry_reaches_whoever_labels(engine: Engine) -> None:
    labeller = Labeller(engine.entities)
    [before] = labeller.label([article(1)], "auto")
    engine.entities.put([META])
    [after] = labeller.label([article(1)], "auto")
    assert (before.companies, [each.id for each in after.companies]) == (
        (),
        ["meta-platforms"],
    )
