"""Names in texts against what people marked: the bars of the issue."""

import gzip
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from scripts.bench.corpus import read
from scripts.bench.entities import PRECISION, invented
from scripts.bench.naming import Gold, Score, judge, marks, profiles, score
from search.entities.profile import Kind, Profile
from search.entities.tagger import Tagger
from tests.processes import environment
from tests.sources import ROOT

KINDS: tuple[Kind, ...] = ("company", "person")
TITLE = "A title"
BODY = "President Ndidi Okafor met John Zbylut of Acme. Bob Wrona left."


def marked(*mentions: dict[str, object]) -> Gold:
    extra = {"mentions": list(mentions), "evaluation_span": [0, 47]}
    return {"id": "x", "title": TITLE, "body": BODY, "extra": extra}


OKAFOR = {"start": 10, "end": 22, "type": "person", "qid": "Q1"}
ZBYLUT = {"start": 27, "end": 38, "type": "other", "qid": None}


@pytest.fixture(scope="module")
def gold(data_folder: Path) -> tuple[Gold, ...]:
    return tuple(read(data_folder / "articles" / "entity-gold-dev.ndjson.gz"))


@pytest.mark.data
@pytest.mark.parametrize("kind", KINDS)
def test_what_the_rules_find_alone_is_right(gold: tuple[Gold, ...], kind: Kind) -> None:
    found = score(Tagger(), kind, gold)
    assert found.precision >= PRECISION
    assert found.right > 70


@pytest.mark.data
@pytest.mark.parametrize(("kind", "recall"), [("company", 0.7), ("person", 0.95)])
def test_what_is_found_with_the_names_known_is_right(
    gold: tuple[Gold, ...], data_folder: Path, kind: Kind, recall: float
) -> None:
    known = data_folder / "gazetteers" / "entities_wikidata_from_gold.ndjson.gz"
    found = score(Tagger(profiles(read(known))), kind, gold)
    assert found.precision >= PRECISION
    assert found.recall >= recall


def test_a_name_that_nobody_marked_is_wrong() -> None:
    found = score(Tagger(), "person", [marked(OKAFOR)])
    assert (found.right, found.wrong, found.unknown, found.marked) == (1, 1, 0, 1)
    assert (found.precision, found.recall) == (0.5, 1.0)


def test_a_name_that_is_marked_without_saying_whose_is_neither() -> None:
    found = score(Tagger(), "person", [marked(OKAFOR, ZBYLUT)])
    assert (found.right, found.wrong, found.unknown) == (1, 0, 1)


def test_words_that_stand_for_a_name_are_not_marked_names() -> None:
    pronoun = {"start": 0, "end": 9, "type": "person", "qid": "Q2", "coref": True}
    assert len(tuple(marks(marked(OKAFOR, pronoun)))) == 1


def test_an_entity_that_is_another_is_wrong() -> None:
    other = Profile(kind="person", id="wikidata:Q9", name="Ndidi Okafor")
    verdicts = [
        verdict for _, verdict in judge(Tagger([other]), "person", marked(OKAFOR))
    ]
    assert verdicts == [None, None]


def test_nothing_found_is_precise_and_nothing_marked_is_complete() -> None:
    nothing = Score()
    assert (nothing.precision, nothing.recall, nothing.f1) == (1.0, 1.0, 1.0)
    assert Score(wrong=1, marked=1).f1 == 0.0


def test_invented_names_are_always_the_same_and_all_different() -> None:
    once = list(invented(200))
    assert once == list(invented(200))
    assert len({profile.name for profile in once}) == 200


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A data folder with one marked article and two that are timed."""
    usual = {"title": TITLE, "body": BODY * (3000 // len(BODY))}
    known = {
        "type": "person",
        "id": "wikidata:Q1",
        "name": "Ndidi Okafor",
        "aliases": [],
    }
    company = {"ric": "ACME.O", "name": "Acme", "aliases": [{"name": "Acme Inc"}]}
    files = {
        "articles/entity-gold-dev": [marked(OKAFOR, ZBYLUT)],
        "articles/reuters-financial-sample": [usual, usual, {"title": TITLE}],
        "gazetteers/entities_wikidata_from_gold": [known],
        "gazetteers/companies_reuters_spellings": [company],
    }
    for name, rows in files.items():
        path = tmp_path / f"{name}.ndjson.gz"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(gzip.compress(b"\n".join(map(orjson.dumps, rows))))
    return tmp_path


def test_the_benchmark_prints_how_right_and_how_dear_names_are(tiny: Path) -> None:
    command = [sys.executable, "-m", "scripts.bench.entities", "--names", "1000"]
    done = subprocess.run(
        [*command, "--data", tiny],
        cwd=ROOT,
        check=False,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["none", "person", "all", "1", "1.000", "1.000", "1.000", "1", "met"] in rows
    assert ["those", "marked"] in [row[:2] for row in rows]
    assert any(row[:3] == ["3,000", "characters,", "ms"] for row in rows)
