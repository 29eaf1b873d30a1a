"""docs/api.md against what it describes."""

import re

import pytest

from api.app import create_app
from api.problems import KINDS
from api.settings import Settings
from schemas import writes
from schemas.parameters import AnyField, Choice, Whole
from schemas.views import VIEWS, View
from tests.conftest import ROOT
from tests.reference import ReferenceEngine

PAGE = (ROOT / "docs/api.md").read_text()
NAME = re.compile(r"`([^`]+)`")


def section(title: str, within: str = PAGE) -> str:
    """Return what stands below a heading, up to the next one as high."""
    level = title.split(" ", maxsplit=1)[0]
    found = re.search(
        rf"^{title}\n(.*?)(?=^#{{2,{len(level)}}} |\Z)",
        within,
        re.MULTILINE | re.DOTALL,
    )
    assert found, title
    return found[1]


def rows(text: str) -> list[list[str]]:
    """Return the cells of a text's tables, without their heads."""
    found = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [re.split(r" (?<!\\)\| ", line[2:-2]) for line in found]
    return [each for each in cells if each[0] not in ("parameter", "type", "path")]


def parameters(text: str) -> dict[str, list[str]]:
    """Return the cells behind each parameter that a text's tables name."""
    return {name: cells[1:] for cells in rows(text) for name in NAME.findall(cells[0])}


SHARED, _, _REST = section("## Parameters").partition("### Of one path only")
_PARTS = re.split(r"^(`/v1/\S+`|Writes):$", _REST, flags=re.MULTILINE)
OWN = dict(zip(_PARTS[1::2], _PARTS[2::2], strict=True))
"""What is told of the parameters of one path only, by its path."""

TOLD_OF: dict[str, View] = {
    "`/v1/articles.rss`": "feeds",
    "`/v1/articles.csv`": "table",
    "`/v1/facets/{field}`": "facets",
    "`/v1/quotes`": "quotes",
    "`/v1/timeline`": "timeline",
    "`/v1/significant`": "significant",
    "`/v1/graph`": "graph",
}


def test_every_parameter_is_in_the_table_and_no_other() -> None:
    assert parameters(SHARED).keys() == VIEWS["articles"].fields.keys()
    assert parameters(SHARED).keys() == VIEWS["count"].fields.keys()
    assert parameters(OWN["Writes"]).keys() == writes.POST.fields.keys()


@pytest.mark.parametrize("path", TOLD_OF)
def test_the_parameters_of_one_path_are_in_its_table(path: str) -> None:
    fields = VIEWS[TOLD_OF[path]].fields
    common = VIEWS["articles"].fields
    differing = {
        name
        for name in fields
        if name not in common
        or fields[name].metadata["description"] != common[name].metadata["description"]
    }
    assert parameters(OWN[path]).keys() == differing


def told(name: str, cells: list[str], field: AnyField) -> None:
    means = cells[0]
    default = NAME.findall(cells[1])
    if isinstance(field, Choice):
        assert NAME.findall(means)[: len(field.options)] == [*field.options], name
    if isinstance(field, Whole) and field.load_default is not None:
        assert default == [str(field.load_default)], name
    if isinstance(field, Whole) and field.high <= 1_000:
        assert means.startswith(f"{field.low:,} to {field.high:,}: "), name


@pytest.mark.parametrize("name", VIEWS["articles"].fields)
def test_a_parameter_is_told_with_its_values_and_default(name: str) -> None:
    told(name, parameters(SHARED)[name], VIEWS["articles"].fields[name])


def test_the_parameters_of_views_are_told_with_their_values() -> None:
    for path, view in TOLD_OF.items():
        for name, cells in parameters(OWN[path]).items():
            told(name, cells, VIEWS[view].fields[name])
    for name, cells in parameters(OWN["Writes"]).items():
        told(name, cells, writes.POST.fields[name])


def test_every_path_is_in_the_table_and_no_other() -> None:
    app = create_app(Settings(), engine=ReferenceEngine())
    served = {re.sub(r"<(\w+)>", r"{\1}", r.rule) for r in app.url_map.iter_rules()}
    written = {
        path.split(" ")[-1]
        for cells in rows(section("## Paths"))
        for path in NAME.findall(cells[0])
        if "/" in path
    }
    assert written == served - {"/docs/{name}"}


def test_the_problems_are_those_of_the_table_of_kinds() -> None:
    wanted = [
        [f"`/problems/{slug}`", str(kind.status), kind.title, kind.advice]
        for slug, kind in KINDS.items()
    ]
    assert rows(section("## Problems")) == wanted


def test_pages_that_the_manual_names_are_there() -> None:
    for page in re.findall(r"\]\(([\w./-]+)\)", PAGE):
        assert (ROOT / "docs" / page).is_file(), page
