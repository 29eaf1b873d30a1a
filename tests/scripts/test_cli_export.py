import io
import json
import os
import re
import signal
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.app import create_app
from api.current import dismiss
from api.settings import Settings
from schemas import exporting
from scripts.export import Writing
from search.article import ArticleId, StoredArticle
from tests.commandline import DATELINE, Commands, article, dateline as spawn, ndjson
from tests.processes import environment

ARTICLES = [
    article(n, companies=["BP"] if n % 2 else ["Shell plc"], body="łódź 🙂 " * n)
    for n in range(1, 41)
]


@pytest.fixture
def filled(dateline: Commands, tmp_path: Path) -> Commands:
    (tmp_path / "a").write_text(ndjson(*ARTICLES))
    assert dateline("load", tmp_path / "a").code == 0
    return dateline


def ids(export: str) -> list[str]:
    return [json.loads(line)["id"] for line in export.splitlines()]


def test_everything_is_exported_whole_and_oldest_first(filled: Commands) -> None:
    done = filled("export")
    assert (done.code, done.err) == (0, "Exported 40 articles.\n")
    articles = [json.loads(line) for line in done.out.splitlines()]
    dates = [each["published_at"] for each in articles]
    assert dates == sorted(dates)
    bodies = {each["id"]: each["body"] for each in articles}
    assert bodies == {each["id"]: each["body"] for each in ARTICLES}


def test_an_export_has_what_a_search_finds(filled: Commands) -> None:
    exported = filled("export", "company=BP", "from=2026-05-10", "--after", "a00009")
    found = filled("search", "company=BP", "from=2026-05-10", "limit=100", "--json")
    items = [item["id"] for item in json.loads(found.out)["items"]]
    assert {"a00009", *ids(exported.out)} == set(items)


def test_an_export_goes_on_behind_an_article(filled: Commands) -> None:
    whole = ids(filled("export").out)
    assert ids(filled("export", "--after", whole[9]).out) == whole[10:]
    assert ids(filled("export", "--after", whole[-1]).out) == []


def test_an_export_appends_to_its_file_when_it_goes_on(
    filled: Commands, tmp_path: Path
) -> None:
    whole = filled("export").out
    path = tmp_path / "out"
    path.write_text("".join(whole.splitlines(keepends=True)[:7]))
    filled("export", "--after", ids(whole)[6], "-o", path)
    assert path.read_text() == whole
    filled("export", "-o", path)
    assert path.read_text() == whole


def test_an_export_restored_into_an_empty_archive_is_the_same_bytes(
    filled: Commands, tmp_path: Path
) -> None:
    first = filled("export").out
    loaded = spawn(tmp_path / "copy", "load", "--restore", "-", given=first)
    assert loaded.returncode == 0, loaded.stderr
    assert spawn(tmp_path / "copy", "export").stdout == first


@pytest.mark.parametrize("word", ["limit=3", "page=2", "facet=tag", "highlight=title"])
def test_what_an_export_would_ignore_is_refused(filled: Commands, word: str) -> None:
    wrong = filled("export", word)
    assert (wrong.code, wrong.out) == (2, "")
    assert f"leave {word.split('=', maxsplit=1)[0]} out" in wrong.err


def test_an_unknown_parameter_of_an_export_names_the_nearest(filled: Commands) -> None:
    wrong = filled("export", "compny=BP")
    assert wrong.code == 2
    assert "Do you mean company?" in wrong.err


def test_an_unknown_name_is_said_on_stderr(filled: Commands) -> None:
    done = filled("export", "company=Shexl")
    assert (done.code, done.out) == (0, "")
    assert "company=Shexl: nothing here is called that. Do you mean Shell" in done.err


def test_going_on_behind_an_unknown_article_is_refused(filled: Commands) -> None:
    wrong = filled("export", "--after", "nobody")
    assert (wrong.code, wrong.out, wrong.err.count("\n")) == (2, "", 1)
    assert "nobody" in wrong.err


def test_a_file_that_cannot_be_written_is_one_sentence(
    filled: Commands, tmp_path: Path
) -> None:
    wrong = filled("export", "-o", tmp_path / "no" / "where")
    assert (wrong.code, wrong.err.count("\n")) == (1, 1)
    assert "where: No such file or directory" in wrong.err


def test_a_full_disk_is_one_sentence(filled: Commands) -> None:
    wrong = filled("export", "-o", "/dev/full")
    assert (wrong.code, wrong.err) == (
        1,
        "No space left on device. Free some space, then say it again.\n",
    )


def test_an_interrupted_export_says_how_to_go_on(filled: Commands) -> None:
    big = [article(n, body=os.urandom(3000).hex()) for n in range(100, 400)]
    assert spawn(filled.folder, "load", "-", given=ndjson(*big)).returncode == 0
    whole = filled("export").out
    ours, theirs = os.pipe()
    env = environment(engine=f"embedded:{filled.folder}")
    with subprocess.Popen(
        [DATELINE, "export"], stdout=theirs, stderr=subprocess.PIPE, env=env, text=True
    ) as export:
        os.close(theirs)
        first = os.read(ours, 10)
        export.send_signal(signal.SIGINT)
        with open(ours, "rb") as rest:  # noqa: PTH123 - a descriptor has no path
            got = (first + rest.read()).decode()
        _, told = export.communicate(timeout=90)
    assert export.returncode == 130
    assert "Traceback" not in told
    found = re.search(r"go on with: dateline (export --after (\S+)) >> FILE", told)
    assert found, told
    rest_of_it = filled(*found[1].split()).out
    assert ids(got)[-1] == found[2]
    assert got + rest_of_it == whole


def test_going_on_keeps_the_question_and_the_file() -> None:
    writing = Writing(io.BytesIO(), ["company=AT&T"], Path("out"))
    assert writing.rest() == "Stopped. Nothing is exported yet: start again."
    export = exporting.load((), "export", now=datetime.now(UTC))
    writing.run(export, [StoredArticle(ArticleId("a1"), 1, b"{}")])
    assert writing.rest() == (
        "Stopped after 1 articles; go on with: "
        "dateline export 'company=AT&T' --after a1 -o out"
    )


def test_rebuilding_keeps_every_article(filled: Commands) -> None:
    before = filled("export").out
    done = filled("rebuild")
    assert done.code == 0
    assert re.fullmatch(r"Rebuilt: 40 articles in [\d.]+ s\.\n", done.err)
    assert filled("export").out == before


def test_a_table_has_the_articles_as_rows(filled: Commands) -> None:
    done = filled("export", "--csv", "fields=id,companies", "sort=newest")
    assert (done.code, done.err) == (0, "Exported 40 articles.\n")
    rows = [line.split(",") for line in done.out.splitlines()]
    assert rows[0] == ["id", "companies"]
    assert [row[0] for row in rows[1:]] == ids(filled("export", "sort=newest").out)
    assert ["a00040", "Shell"] in rows  # the name that the registry has


def test_a_table_that_goes_on_has_no_second_line_of_names(
    filled: Commands, tmp_path: Path
) -> None:
    path = tmp_path / "table"
    whole = filled("export", "--csv", "bom=true", "fields=id,body").out
    rows = whole.splitlines(keepends=True)
    path.write_bytes("".join(rows[:8]).encode())
    last = rows[7].partition(",")[0]
    words = ("export", "--csv", "bom=true", "fields=id,body", "-o", path)
    assert filled(*words, f"after={last}").code == 0
    assert path.read_bytes().decode() == whole


def test_going_on_with_a_table_is_told_with_its_option() -> None:
    writing = Writing(io.BytesIO(), ["q=x", "after=a0"], None, table=True)
    export = exporting.load([("q", "x")], "table", now=datetime.now(UTC))
    writing.run(export, [StoredArticle(ArticleId("a1"), 1, b'{"id":"a1"}')])
    assert writing.rest().endswith("dateline export --csv q=x --after a1 >> FILE")


def test_an_export_is_what_the_server_streams(filled: Commands, tmp_path: Path) -> None:
    settings = Settings(engine=f"embedded:{filled.folder}", log="off")
    app = create_app(settings)
    client = app.test_client()
    try:
        for suffix in ("csv", "ndjson"):
            words = ["company=BP", "sort=newest", "fields=title,body,companies"]
            table = ["--csv"] if suffix == "csv" else []
            path = tmp_path / suffix
            assert filled("export", *table, *words, "-o", path).code == 0
            streamed = client.get(f"/v1/articles.{suffix}?{'&'.join(words)}").data
            assert path.read_bytes() == streamed
            assert streamed.count(b"\n") >= 20
    finally:
        dismiss(app)
