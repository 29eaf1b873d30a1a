import gzip
import math
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from schemas.articles import load
from scripts.bench import corpus
from scripts.bench.judging import average_precision, binary, ndcg
from scripts.bench.tables import table
from tests import cluster
from tests.processes import environment
from tests.sources import ROOT

WORDS = "markets government business investors week toronto prosecutors"


def articles(count: int) -> list[corpus.Wire]:
    return [
        {
            "id": f"a{number}",
            "title": f"Markets in week {number}",
            "body": f"{WORDS} of interest rates, number {number}.",
            "url": f"https://example.org/{number}",
            "published_at": f"2024-01-{1 + number % 28:02}T10:00:00+02:00",
            "tags": ["usa", "markets"],
            "companies": ["Citigroup Inc", "UBS"][: number % 3],
        }
        for number in range(count)
    ]


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A data folder with forty articles."""
    folder = tmp_path / "data"
    (folder / "articles").mkdir(parents=True)
    lines = b"".join(orjson.dumps(each) + b"\n" for each in articles(40))
    file = folder / "articles" / "reuters-financial-sample.ndjson.gz"
    file.write_bytes(gzip.compress(lines))
    return folder


def run(name: str, *options: object) -> str:
    command = [sys.executable, "-m", f"scripts.bench.{name}", *map(str, options)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        check=False,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.server
@pytest.mark.slow
def test_searches_are_measured_beside_the_view_by_hand(
    tiny: Path, tmp_path: Path
) -> None:
    cache, sizes = tmp_path / "cache", ("--times", 1, "--times", 2)
    effort = ("--rounds", 1, "--questions", 2, "--seconds", 0.02, "--clients", 2)
    text = run("search", "--data", tiny, "--cache", cache, *sizes, *effort)
    assert "80 articles" in text
    for title in ("Answers over HTTP", "Server CPU", "Throughput", "Growth of p50"):
        assert title in text
    for case in ("ten hits, frequent words", "disjunctive facets", "deep cursor"):
        assert text.count(f"\n{case} ") == 9


@pytest.mark.server
@pytest.mark.slow
def test_loads_are_measured_beside_the_bare_libraries(
    tiny: Path, tmp_path: Path
) -> None:
    options = ("--cache", tmp_path, "--rounds", 2, "--questions", 20)
    text = run("load", "--data", tiny, *options)
    assert "40 articles" in text
    for row in ("Dateline, through HTTP", "tantivy, add and commit", "after the load"):
        assert row in text


@pytest.mark.server
@pytest.mark.slow
def test_exports_are_measured_beside_the_scan_of_the_engine(
    tiny: Path, tmp_path: Path
) -> None:
    options = ("--cache", tmp_path, "--rounds", 1, "--times", 1)
    text = run("export", "--data", tiny, *options)
    assert "40 articles" in text
    for row in ("the engine's scan", "NDJSON, gzip", "CSV"):
        assert f"\n{row} " in text


@pytest.mark.server
@pytest.mark.slow
def test_names_are_completed_and_looked_for_among_many(
    tiny: Path, tmp_path: Path
) -> None:
    gazetteer = tiny / "gazetteers" / "companies_reuters_spellings.ndjson.gz"
    gazetteer.parent.mkdir()
    known = {"ric": "MSFT.O", "name": "Microsoft Corp", "aliases": [{"name": "MS"}]}
    gazetteer.write_bytes(gzip.compress(orjson.dumps(known)))
    text = run("million", "--data", tiny, "--cache", tmp_path, "--names", 1_000)
    for row in ("2 ", "3 and more ", "slowest article, s", "memory of both workers"):
        assert f"\n{row}" in text


@pytest.mark.server
@pytest.mark.slow
@pytest.mark.elasticsearch
@pytest.mark.xdist_group("elasticsearch")
def test_the_api_on_a_cluster_is_measured_beside_the_server_and_a_service_by_hand(
    tiny: Path, tmp_path: Path
) -> None:
    effort = ("--rounds", 1, "--questions", 2, "--cache", tmp_path)
    text = run("elastic", "--data", tiny, "--server", cluster.url(), *effort)
    for title in ("Loads until searchable", "Searches", "Exports"):
        assert title in text
    for case in ("ten hits, phrases", "disjunctive facets", "timeline"):
        assert text.count(f"\n{case} ") == 1
    assert not [name for name in cluster.ask("GET", "/_alias") if "bench-" in name]


def test_a_bench_without_its_data_says_what_to_name(tmp_path: Path) -> None:
    with pytest.raises(corpus.NoDataError, match="--data"):
        corpus.real(tmp_path)


def test_a_grown_corpus_is_the_same_every_time() -> None:
    first, again = (list(corpus.grown(articles(9), 3)) for _ in range(2))
    assert first == again
    assert len(first) == 27


def test_copies_have_ids_dates_and_words_of_their_own() -> None:
    grown = list(corpus.grown(articles(9), 3))
    for key in ("id", "url", "published_at"):
        assert len({each[key] for each in grown}) == 27
    assert sum(each["body"] == grown[0]["body"] for each in grown[::9]) == 1
    assert grown[:9] == articles(9)


def test_every_copy_is_an_article_that_the_api_takes() -> None:
    now = datetime.now(UTC)
    loaded = [load(each, now=now) for each in corpus.grown(articles(3), 4)]
    assert len({each.id for each in loaded}) == 12


def test_the_wire_form_has_known_keys_with_values_only() -> None:
    values = {"id": "a", "title": "T", "summary": None, "tags": [], "extra": {"x": 1}}
    assert corpus.wire(values) == {"id": "a", "title": "T"}


def test_average_precision_counts_what_was_missed_as_nothing() -> None:
    gains = {"a": 1, "b": 1, "c": 1, "d": 0}
    assert average_precision(["a", "x", "b"], gains) == pytest.approx((1 + 2 / 3) / 3)
    assert average_precision([], gains) == 0


def test_the_best_order_has_an_ndcg_of_one_and_another_less() -> None:
    gains = {"a": 4, "b": 1, "c": 0}
    assert ndcg(["a", "b", "c"], gains) == pytest.approx(1)
    swapped = (1 + 4 / math.log2(3)) / (4 + 1 / math.log2(3))
    assert ndcg(["b", "a"], gains) == pytest.approx(swapped)
    assert ndcg(["c", "x"], gains) == 0


def test_binary_gains_are_those_above_zero() -> None:
    assert binary({"a": 4, "b": 1, "c": 0, "d": -1}) == {"a": 1, "b": 1}


def test_columns_of_a_table_stand_below_each_other() -> None:
    text = table("T", ("name", "ms"), [("short", 1.234), ("longer name", 12345)])
    assert text.splitlines() == [
        "T",
        "name             ms",
        "-------------------",
        "short          1.23",
        "longer name  12,345",
    ]
