import gzip
import os
import re
from pathlib import Path

import pytest

from scripts.lines import Line
from scripts.load import BATCH_BYTES, batches
from scripts.tally import Tally
from search.article import ArticleId
from search.result import Outcome
from tests.commandline import Commands, article, ndjson, put, stored


def test_articles_can_be_found_when_the_command_ends(
    dateline: Commands, tmp_path: Path
) -> None:
    path = put(tmp_path / "a.ndjson", ndjson(*map(article, range(30))))
    loaded = dateline("load", path)
    assert loaded.code == 0
    assert loaded.err.startswith("Loaded: 30 created, 0 updated, 0 unchanged, 0 failed")
    assert re.search(r"; [\d,]+ articles/s\.\n$", loaded.err)
    assert dateline("search", "levy", "limit=0").out == "30 articles, 0 shown.\n"


def test_loading_again_changes_nothing(dateline: Commands, tmp_path: Path) -> None:
    path = put(tmp_path / "a.ndjson", ndjson(article(1), article(2)))
    dateline("load", path)
    before = dateline("export").out
    again = dateline("load", path)
    assert again.code == 0
    assert "0 created, 0 updated, 2 unchanged" in again.err
    assert dateline("export").out == before


def test_a_changed_article_is_an_update(dateline: Commands, tmp_path: Path) -> None:
    dateline("load", put(tmp_path / "a", ndjson(article(1))))
    changed = dateline("load", put(tmp_path / "b", ndjson(article(1, title="New"))))
    assert "0 created, 1 updated" in changed.err


def test_refused_lines_are_told_by_file_line_and_pointer(
    dateline: Commands, tmp_path: Path
) -> None:
    path = put(
        tmp_path / "a.ndjson",
        ndjson(article(1), {"titl": "x"})
        + "\n{broken\n"
        + ndjson(article(2, companies=[{"id": "bp"}])),
    )
    loaded = dateline("load", path)
    assert loaded.code == 3
    told = loaded.err.splitlines()
    assert f"{path}:2: /title: This is needed." in told
    assert f"{path}:2: /titl: There is no such key. Did you mean 'title'?" in told
    assert any(line.startswith(f"{path}:4: /: This is not valid JSON") for line in told)
    assert any(line.startswith(f"{path}:5: /companies/0/name: ") for line in told)
    assert "1 created, 0 updated, 0 unchanged, 3 failed" in told[-1]
    assert told[-1].endswith("1 blank lines skipped.")


def test_a_report_has_all_refused_lines_and_the_terminal_the_first(
    dateline: Commands, tmp_path: Path
) -> None:
    path = put(tmp_path / "a", "[]\n" * 30)
    report = tmp_path / "refused"
    loaded = dateline("load", "--report", report, path)
    assert loaded.code == 3
    assert len(report.read_text().splitlines()) == 30
    assert report.read_text().splitlines()[29].startswith(f"{path}:30: /: ")
    assert len(re.findall(r"^.*:\d+: /: ", loaded.err, re.MULTILINE)) == 20
    assert "Further refused lines are only counted.\n" in loaded.err


def test_many_refused_lines_without_a_report_point_at_the_option(
    dateline: Commands, tmp_path: Path
) -> None:
    loaded = dateline("load", put(tmp_path / "a", "[]\n" * 21))
    assert loaded.err.count("Use --report FILE to see all of them.") == 1


def test_what_a_stranger_wrote_commands_no_terminal(
    dateline: Commands, tmp_path: Path
) -> None:
    path = put(tmp_path / "a", ndjson({"\x1b[2J\n": 1}))
    loaded = dateline("load", path)
    assert "\x1b" not in loaded.err
    assert f"{path}:1: /\ufffd[2J\ufffd: There is no such key" in loaded.err


def test_a_dry_run_stores_nothing(dateline: Commands, tmp_path: Path) -> None:
    path = put(tmp_path / "a", ndjson(article(1), {}))
    loaded = dateline("load", "--dry-run", path)
    assert loaded.code == 3
    assert "Nothing stored (--dry-run). Would be: 1 created" in loaded.err
    assert stored(dateline.folder) == []


def test_an_export_is_refused_without_restore(
    dateline: Commands, tmp_path: Path
) -> None:
    dateline("load", put(tmp_path / "a", ndjson(article(1))))
    export = put(tmp_path / "b", dateline("export").out)
    refused = dateline("load", export)
    assert refused.code == 3
    assert "/version: " in refused.err
    assert "restore" in refused.err


def test_the_demo_fills_an_archive(dateline: Commands) -> None:
    loaded = dateline("load", "--demo")
    assert loaded.code == 0
    assert len(stored(dateline.folder)) >= 300
    assert "0 created" in dateline("load", "--demo").err


def test_files_or_the_demo_one_of_the_two(dateline: Commands, tmp_path: Path) -> None:
    path = put(tmp_path / "a", ndjson(article(1)))
    for words in (["load"], ["load", "--demo", path]):
        wrong = dateline(*words)
        assert wrong.code == 2
        assert "Name files to load, or --demo, one of the two." in wrong.err


def test_a_missing_file_is_one_sentence_and_nothing_is_loaded(
    dateline: Commands, tmp_path: Path
) -> None:
    path = put(tmp_path / "a", ndjson(article(1)))
    missing = dateline("load", path, tmp_path / "b")
    assert (missing.code, missing.err.count("\n")) == (1, 1)
    assert f"Cannot read {tmp_path / 'b'}" in missing.err
    assert not dateline.folder.exists()


def test_a_report_that_cannot_be_written_is_one_sentence(
    dateline: Commands, tmp_path: Path
) -> None:
    path = put(tmp_path / "a", ndjson(article(1)))
    wrong = dateline("load", "--report", tmp_path / "no" / "where", path)
    assert (wrong.code, wrong.err.count("\n")) == (1, 1)
    assert "where" in wrong.err
    assert not dateline.folder.exists()


def test_from_line_must_be_a_line(dateline: Commands, tmp_path: Path) -> None:
    path = put(tmp_path / "a", ndjson(article(1)))
    assert dateline("load", "--from-line", "0", path).code == 2
    beyond = dateline("load", "--from-line", "3", path)
    assert (beyond.code, beyond.err.count("\n")) == (1, 1)


def test_a_load_goes_on_at_a_line(dateline: Commands, tmp_path: Path) -> None:
    path = put(tmp_path / "a", ndjson(*map(article, range(5))))
    dateline("load", "--from-line", "4", path)
    assert stored(dateline.folder) == ["a00003", "a00004"]


def test_an_archive_that_takes_nothing_is_one_sentence(
    dateline: Commands, tmp_path: Path
) -> None:
    path = put(tmp_path / "a", ndjson(article(1)))
    dateline("load", path)
    (dateline.folder / "CURRENT").write_text('{"format": 99}')
    refused = dateline("load", path)
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "has format 99" in refused.err


def test_a_cut_file_is_loaded_as_far_as_it_goes(
    dateline: Commands, tmp_path: Path
) -> None:
    noise = [article(n, body=os.urandom(100).hex()) for n in range(200)]
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(ndjson(*noise).encode())[:-5000])
    loaded = dateline("load", path)
    assert loaded.code == 3
    count = len(stored(dateline.folder))
    assert 0 < count < 200
    assert f"{path}:{count + 1}: /: The compressed data end in the middle" in loaded.err


def test_a_batch_ends_when_it_is_large() -> None:
    lines = [Line("a", n, b"x" * (BATCH_BYTES // 2)) for n in range(1, 6)]
    assert [len(batch) for batch in batches(iter(lines))] == [2, 2, 1]


def test_what_the_engine_refuses_is_told_like_the_rest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tally = Tally()
    line = Line("a", 7, b"{}")
    tally.add(line, Outcome(ArticleId("x"), "failed", error="Too many words."))
    assert capsys.readouterr().err == "a:7: /: Too many words.\n"
    assert tally.failed == 1
