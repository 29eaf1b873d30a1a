"""The demo articles: what a visitor and a reload may rely on."""

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from schemas.articles import load_json
from scripts.demo import articles
from scripts.demo.__main__ import main
from scripts.demo.material import names
from search.text import slug

NOW = datetime(2026, 5, 4, 15, 30, tzinfo=UTC)
KINDS = ("tags", "companies", "people", "places")
Wire = dict[str, Any]


@pytest.fixture(scope="module")
def wires() -> list[Wire]:
    return list(articles(NOW))


def instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def named(wires: list[Wire], kind: str) -> Iterator[tuple[str, str]]:
    for wire in wires:
        for name in wire.get(kind, []):
            if isinstance(name, str):
                yield slug(name), name
            else:
                yield name["id"], name["name"]


def test_there_are_at_least_360_articles(wires: list[Wire]) -> None:
    assert len(wires) >= 360


def test_the_same_day_gives_the_same_bytes(wires: list[Wire]) -> None:
    again = articles(NOW + timedelta(hours=2))
    assert json.dumps(list(again)) == json.dumps(wires)


def test_a_moment_counts_by_its_day_in_utc(wires: list[Wire]) -> None:
    east = NOW.astimezone(timezone(timedelta(hours=10)))
    assert east.date() > NOW.date()
    assert list(articles(east)) == wires
    assert list(articles(NOW.replace(tzinfo=None))) == wires


def test_ids_do_not_depend_on_the_day(wires: list[Wire]) -> None:
    later = articles(NOW + timedelta(days=100))
    assert {wire["id"] for wire in later} == {wire["id"] for wire in wires}


def test_ids_are_distinct_and_allowed(wires: list[Wire]) -> None:
    ids = [wire["id"] for wire in wires]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:,=@+~-]{0,254}", i) for i in ids)


def test_every_article_passes_the_strict_door(wires: list[Wire]) -> None:
    for wire in wires:
        article = load_json(json.dumps(wire).encode(), now=NOW)
        assert article.id == wire["id"]
        assert article.title == wire["title"]


def test_articles_come_oldest_first_and_none_from_the_future(wires: list[Wire]) -> None:
    moments = [instant(wire["published_at"]) for wire in wires]
    assert moments == sorted(moments)
    assert moments[-1] <= NOW
    updates = [instant(w["updated_at"]) for w in wires if "updated_at" in w]
    assert max(updates) <= NOW


def test_a_fact_is_left_out_before_the_day_on_which_it_happened() -> None:
    ids = {wire["id"] for wire in articles(datetime(2024, 11, 25, tzinfo=UTC))}
    assert "archive-2024-levy-38" in ids
    assert "archive-2024-merkel-freedom" not in ids


def test_today_and_the_past_month_are_well_filled(wires: list[Wire]) -> None:
    moments = [instant(wire["published_at"]) for wire in wires]
    assert sum(moment.date() == NOW.date() for moment in moments) >= 5
    assert sum(moment > NOW - timedelta(days=31) for moment in moments) >= 80


def test_articles_of_today_need_no_argument() -> None:
    before = datetime.now(UTC).date()
    newest = list(articles())[-1]
    after = datetime.now(UTC).date()
    assert before <= instant(str(newest["published_at"])).date() <= after


def test_at_least_25_articles_share_a_second(wires: list[Wire]) -> None:
    seconds = Counter(wire["published_at"] for wire in wires)
    assert seconds.most_common(1)[0][1] >= 25


def test_eight_languages_with_at_least_ten_articles_each(wires: list[Wire]) -> None:
    languages = Counter(wire["language"] for wire in wires)
    assert set(languages) == {"en", "de", "fr", "es", "pl", "uk", "ja", "ar"}
    assert min(languages.values()) >= 10


@pytest.mark.parametrize("kind", KINDS)
def test_an_id_has_one_name_and_a_name_one_id(wires: list[Wire], kind: str) -> None:
    spelt, ids = defaultdict(set), defaultdict(set)
    for one, name in named(wires, kind):
        spelt[one].add(name)
        ids[name].add(one)
    assert len(spelt) >= 30
    assert [one for one in spelt if len(spelt[one]) > 1] == []
    assert [name for name in ids if len(ids[name]) > 1] == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_id_is_a_slug(wires: list[Wire], kind: str) -> None:
    assert [one for one, _ in named(wires, kind) if slug(one) != one] == []


@pytest.mark.parametrize("kind", ["companies", "people", "places"])
def test_every_name_of_the_table_is_in_an_article(wires: list[Wire], kind: str) -> None:
    assert {one for one, _ in named(wires, kind)} == set(names()[kind])


def test_names_come_plain_and_with_an_id(wires: list[Wire]) -> None:
    forms = {type(name) for wire in wires for name in wire.get("companies", [])}
    assert forms == {str, dict}


def test_corrections_say_so_in_text_tag_and_date(wires: list[Wire]) -> None:
    corrected = [wire for wire in wires if "Correction" in wire.get("tags", [])]
    assert len(corrected) >= 8
    for wire in corrected:
        assert "\n\nCorrection: " in wire["body"]
        assert instant(wire["updated_at"]) > instant(wire["published_at"])


def test_no_text_appears_twice(wires: list[Wire]) -> None:
    bodies = Counter(wire["body"] for wire in wires if "body" in wire)
    assert [body for body, count in bodies.items() if count > 1] == []
    hits = Counter((wire["title"], wire.get("body")) for wire in wires)
    assert max(hits.values()) == 1


def test_no_placeholder_is_left(wires: list[Wire]) -> None:
    text = json.dumps(wires, ensure_ascii=False)
    assert not re.search(r"[Ll]orem ipsum|\{[a-z_]+\}|TODO|XXX|\?\?\?", text)


def test_one_article_is_longer_than_20_kilobytes(wires: list[Wire]) -> None:
    assert max(len(wire.get("body", "").encode()) for wire in wires) > 20_000


def test_optional_fields_are_missing_here_and_there(wires: list[Wire]) -> None:
    for key in ("summary", "body", "section", "authors", "tags", "companies", "image"):
        having = sum(key in wire for wire in wires)
        assert 0 < having < len(wires), key


def test_addresses_lie_in_reserved_domains(wires: list[Wire]) -> None:
    images = [wire["image"]["url"] for wire in wires if "image" in wire]
    for url in [*images, *(wire["url"] for wire in wires)]:
        assert re.match(r"https://[a-z]+\.example\.(org|com|net)/", url)


def test_no_text_comes_from_the_real_data(wires: list[Wire], data_folder: Path) -> None:
    ours = {wire[key] for wire in wires for key in ("title", "body") if key in wire}
    files = sorted((data_folder / "articles").glob("*.ndjson.gz"))
    assert files
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                real = json.loads(line)
                assert ours.isdisjoint(
                    {value for value in real.values() if isinstance(value, str)}
                )


def test_the_module_prints_one_line_an_article(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    main()
    lines = capfdbinary.readouterr().out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [w["id"] for w in articles()]
