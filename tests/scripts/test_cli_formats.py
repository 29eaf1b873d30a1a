"""`dateline load` with files of other people's formats."""

import gzip
import json
import re
from pathlib import Path

import pytest

from tests.commandline import Commands, article, dateline as process, ndjson, put
from tests.killing import killed

RSS = (
    "<rss version='2.0'><channel><title>Elsmere Wire</title><item><title>Levy up</title>"
    "<link>https://example.org/levy</link><pubDate>Fri, 17 May 2024 10:00:00 GMT"
    "</pubDate></item></channel></rss>"
)
NITF = (
    "<nitf><head><docdata><date.issue norm='20240518T100000Z'/></docdata></head><body>"
    "<body.head><hedline><hl1>Breakwater begun</hl1></hedline></body.head>"
    "<body.content><p>Work began.</p></body.content></body></nitf>"
)
PAGE = (
    "<html lang='en'><head><meta property='og:title' content='Ferry late'><meta "
    "property='article:published_time' content='2024-05-19T10:00:00Z'></head><body>"
    f"<article><h1>Ferry late</h1><p>{'The ferry was late again. ' * 20}</p></article>"
)


def export(dateline: Commands) -> dict[str, dict[str, object]]:
    lines = map(json.loads, dateline("export").out.splitlines())
    return {line["title"]: line for line in lines}


def test_a_folder_of_all_kinds_is_loaded_and_a_bad_file_stops_nothing(
    dateline: Commands, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    put(folder / "a.ndjson", ndjson(article(1)))
    (folder / "b.gz").write_bytes(gzip.compress(RSS.encode()))
    put(folder / "c.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><nitf>&a;</nitf>")
    put(folder / "deep" / "d.xml", NITF)
    put(folder / "e.html", PAGE)
    put(folder / "f.txt", "Pier closed\n\nIt is closed.")
    put(folder / "g.json", json.dumps([article(2), article(3)], indent=1))
    put(folder / "h.csv", "Headline,Date,Body\nGull seen,2024-05-20,A gull.\n")
    (folder / "i.bin").write_bytes(b"\x89PNG\r\n\x00")
    loaded = dateline("load", folder)
    assert loaded.code == 3
    assert "8 created, 0 updated, 0 unchanged, 2 failed" in loaded.err
    assert f"{folder}/c.xml:1: /: The XML declares entities" in loaded.err
    assert f"{folder}/i.bin:1: /: This is no text (a picture)" in loaded.err
    assert "f.txt:1: /published_at: warning: No date is given: that of" in loaded.err
    found = export(dateline)
    assert {"Levy up", "Breakwater begun", "Ferry late", "Pier closed", "Gull seen"} < (
        found.keys()
    )
    assert found["Levy up"]["source"] == "Elsmere Wire"
    again = dateline("load", folder)
    assert "0 created, 0 updated, 8 unchanged, 2 failed" in again.err


def test_a_format_can_be_named_and_columns_mapped(
    dateline: Commands, tmp_path: Path
) -> None:
    path = put(tmp_path / "a.txt", "Was;Wann;Wer\nGull seen;17.05.2024;Ann Lee|Bo Ek\n")
    words = ("--column", "title=Was", "--column", "published_at=Wann")
    loaded = dateline("load", "--format", "csv", *words, path)
    assert loaded.code == 0, loaded.err
    found = export(dateline)["Gull seen"]
    assert found["published_at"] == "2024-05-17T00:00:00Z"
    assert found["metadata"] == {"Wer": "Ann Lee|Bo Ek"}


@pytest.mark.parametrize("column", ["titel=Was", "title", "title="])
def test_a_column_that_is_no_map_is_refused(column: str, dateline: Commands) -> None:
    loaded = dateline("load", "--column", column, "x.csv")
    assert loaded.code == 2
    assert "Write KEY=COLUMN, and one of these keys: id, title" in loaded.err


def test_standard_input_is_recognised_too(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    loaded = process(folder, "load", "-", given=RSS)
    assert loaded.returncode == 0, loaded.stderr
    assert "1 created" in loaded.stderr


def test_warnings_are_counted_and_all_of_them_in_the_report(
    dateline: Commands, tmp_path: Path
) -> None:
    path = put(tmp_path / "a.csv", "title,url\n" + "Gull {},nowhere\n" * 30)
    report = tmp_path / "report"
    loaded = dateline("load", "--report", report, path)
    assert loaded.err.rstrip().endswith("60 warnings.")
    assert len(re.findall(r"/url: warning: Left out", report.read_text())) == 30
    assert loaded.err.count("warning:") == 20


@pytest.mark.data
def test_the_collected_files_are_loaded_or_refused_and_never_for_a_fault_of_ours(
    dateline: Commands, data_folder: Path
) -> None:
    folders = [data_folder / "import" / room for room in ("wire", "ninjs", "feeds")]
    loaded = dateline("load", "--quiet", *folders)
    refused = re.findall(r"^(?!.*warning:).*:1: /.*$", loaded.err, re.MULTILINE)
    assert len(refused) == 9, "\n".join(refused)
    assert ", 1 updated, " in loaded.err
    assert "It cannot be read" not in loaded.err


def test_a_file_that_nobody_could_be_started_to_read_is_named(
    dateline: Commands, tmp_path: Path
) -> None:
    path = put(tmp_path / "a.txt", "Gull seen\n\nBy the pier, again.\n")
    with killed(2):
        refused = dateline("load", "--format", "text", path)
    assert refused.code == 3
    assert "Nobody could be started to read it" in refused.err
    assert dateline("load", "--format", "text", path).code == 0
