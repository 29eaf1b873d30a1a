from pathlib import Path

import orjson
import pytest

from tests.commandline import Commands, article, ndjson, put

BODY = "It was President Ndidi Okafor who spoke."
FOUND = ["Ndidi Okafor"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    bare = article(1, body=BODY, companies=[], people=[], places=[])
    own = article(2, body=BODY, companies=["Acme"], people=[], places=[])
    return put(tmp_path / "a.ndjson", ndjson(bare, own))


def people(dateline: Commands) -> list[list[str]]:
    lines = map(orjson.loads, dateline("export").out.splitlines())
    rows = {line["id"]: [each["name"] for each in line["people"]] for line in lines}
    return [rows[key] for key in sorted(rows)]


@pytest.mark.parametrize(
    ("option", "found"),
    [
        ((), [FOUND, []]),
        (("--names", "auto"), [FOUND, []]),
        (("--names", "always"), [FOUND, FOUND]),
        (("--names", "off"), [[], []]),
    ],
)
def test_a_load_looks_for_names_as_it_is_told(
    dateline: Commands, file: Path, option: tuple[str, ...], found: list[list[str]]
) -> None:
    assert dateline("load", *option, file).code == 0
    assert people(dateline) == found


def test_a_restored_export_is_the_same_archive(
    dateline: Commands, file: Path, tmp_path: Path
) -> None:
    dateline("load", "--names", "off", file)
    before = dateline("export").out
    exported = put(tmp_path / "b.ndjson", before)
    dateline("load", "--restore", exported)
    assert dateline("export").out == before


def test_another_word_is_refused_with_those_there_are(
    dateline: Commands, file: Path
) -> None:
    refused = dateline("load", "--names", "maybe", file)
    assert refused.code == 2
    assert "'auto', 'always', 'off'" in refused.err
