"""`dateline entities`: files of profiles in and out, merges and deletions."""

import gzip
from contextlib import closing
from pathlib import Path

import orjson
import pytest

from search.connection import connect
from search.entities import starter
from tests.commandline import Commands
from tests.corpus import article

ROWS = """kind,id,name,aliases,former_names,identifiers
company,,Acme Holdings,"Acme|Acme, Inc.",Roadrunner Supply,isin=US1|cik=22
planet,x,Mars,,,
,,Nobody's,,,
person,jane-doe,Jane Doe,,,
"""


def test_what_is_exported_goes_in_again(dateline: Commands, tmp_path: Path) -> None:
    file = tmp_path / "names.csv"
    file.write_text(ROWS)
    first = dateline("entities", "load", file)
    assert first.code == 3
    assert "2 created, 0 updated, 0 unchanged, 2 failed." in first.err
    assert f"{file}:3: /kind: Kinds are company" in first.err
    assert f"{file}:4: /kind: Say which" in first.err
    for form, flags in (("csv", ["--csv"]), ("ndjson.gz", [])):
        out = dateline("entities", "export", *flags)
        again = tmp_path / f"again.{form}"
        data = out.out.encode()
        again.write_bytes(gzip.compress(data) if form.endswith("gz") else data)
        done = dateline("entities", "load", again)
        count = len(list(starter.profiles())) + 2
        assert done.code == 0
        assert f"0 created, 0 updated, {count:,} unchanged, 0 failed." in done.err


def test_a_kind_is_exported_alone(dateline: Commands, tmp_path: Path) -> None:
    file = tmp_path / "names.ndjson"
    file.write_text('{"name":"Sports"}\n\n{"name":"Art","aliases":["The arts"]}\n')
    assert dateline("entities", "load", "--kind", "tag", file).code == 0
    lines = dateline("entities", "export", "--kind", "tag").out.splitlines()
    assert [orjson.loads(line)["id"] for line in lines] == ["art", "sports"]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.csv", b"name,colour\nx,y\n", "There is no column 'colour'."),
        ("a.csv", b"kind,id\ncompany,x\n", "name must be there"),
        ("a.csv", b'kind,name\ncompany,"a"b\n', "This is not CSV"),
        ("a.csv", b"kind,name\ncompany,a,b\n", "It has 3 cells, and 2 columns."),
        ("a.csv", b"kind,name\ncompany,\n", "/name"),
        ("a.ndjson", b"{\n", "a.ndjson:1"),
        ("a.ndjson", b"x" * 10_000_001, "A line may have at most"),
        ("a.csv.gz", b"\x1f\x8bnothing", "It cannot be read any further"),
    ],
)
def test_a_file_that_is_wrong_is_told_and_stops_no_other(
    dateline: Commands, tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    wrong, right = tmp_path / name, tmp_path / "right.ndjson"
    wrong.write_bytes(data)
    right.write_text('{"kind":"place","name":"Rome"}')
    done = dateline("entities", "load", wrong, right)
    assert done.code == 3
    assert told in done.err
    assert "1 created, 0 updated, 0 unchanged, 1 failed." in done.err


def test_a_new_archive_knows_well_known_ones_until_they_are_deleted(
    dateline: Commands,
) -> None:
    dateline("load", "--demo", "--quiet")
    assert "3 articles" in dateline("search", "company=AAPL").out
    assert dateline("search", "company=facebook", "--json").code == 0
    done = dateline("entities", "delete", "--starter")
    assert f"Deleted {len(list(starter.profiles()))} entities." in done.err
    dateline("load", "--demo", "--quiet")
    assert dateline("entities", "export").out == ""
    assert "created, 0 updated" in dateline("entities", "load", "--starter").err


def test_merging_and_deleting_say_what_they_did(dateline: Commands) -> None:
    dateline("load", "--demo", "--quiet")
    done = dateline("entities", "merge", "company", "at-t", "verizon")
    assert (done.code, done.err) == (0, "at-t is verizon now: 1 article.\n")
    gone = dateline("entities", "delete", "company", "verizon", "nobody")
    assert gone.err == "Deleted 1 entity.\n"
    assert dateline("entities", "merge", "company", "nobody", "x").code == 1
    for words in (["load"], ["delete"], ["delete", "company"]):
        assert dateline("entities", *words).code == 2


def test_a_copy_has_the_entities_too(dateline: Commands, tmp_path: Path) -> None:
    old, new = (f"embedded:{tmp_path / name}" for name in ("old", "new"))
    with closing(connect(old)) as engine:
        engine.index([article(1)])
        engine.entities.put(starter.profiles())
    done = dateline("copy", old, new)
    assert done.code == 0
    with closing(connect(old)) as one, closing(connect(new)) as two:
        assert list(one.entities.scan()) == list(two.entities.scan())
    assert f"Copied {len(list(starter.profiles()))} entities." in done.err


def test_every_name_of_the_starter_set_means_one(tmp_path: Path) -> None:
    known = list(starter.profiles())
    assert len(known) > 400
    with closing(connect(f"embedded:{tmp_path / 'names'}")) as engine:
        engine.entities.put(known)
        for one in known:
            for name in (*one.names, *one.tickers):
                found = engine.entities.find(one.kind, name)
                assert [each.profile for each in found] == [one]
