"""docs/journalists.md, walked from its first line to its last with the curl of people."""

import csv
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.api.live import Live
from tests.conftest import ROOT

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(
        not (shutil.which("curl") and shutil.which("jq")),
        reason="These tests need curl and jq: install them.",
    ),
]
PAGE = (ROOT / "docs/journalists.md").read_text()
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the page, and what the page says that it prints."""

    line: str
    printed: str | None


def steps() -> list[Step]:
    found: list[Step] = []
    for kind, text in BLOCK.findall(PAGE):
        if kind == "sh":
            found += [Step(line, None) for line in text.splitlines()]
        else:
            found[-1] = Step(found[-1].line, text)
    return [step for step in found if step.line.startswith("curl")]


def run(live: Live, line: str, folder: Path) -> str:
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"D={live.address}/v1\n{line}"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, (line, done.stdout, done.stderr)
    return done.stdout


@pytest.mark.parametrize("step", steps(), ids=lambda step: step.line[:60])
def test_a_line_prints_what_the_page_says(
    step: Step, live: Live, tmp_path: Path
) -> None:
    printed = run(live, step.line, tmp_path)
    kept = re.search(r" -o (\S+)$", step.line)
    if kept:
        assert (tmp_path / kept[1]).stat().st_size > 200
    else:
        assert printed.strip()
    assert '"/problems/' not in printed
    if step.printed is not None:
        assert printed == step.printed


def test_the_walk_has_what_a_walk_needs() -> None:
    assert len(steps()) > 15
    assert sum(step.printed is not None for step in steps()) >= 5


def test_the_spreadsheet_has_a_row_for_each_article_counted(
    live: Live, tmp_path: Path
) -> None:
    [table] = [step.line for step in steps() if step.line.endswith("merger.csv")]
    run(live, table, tmp_path)
    with (tmp_path / "merger.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    asked = table.partition(" -d fields")[0].replace("articles.csv", "count")
    assert run(live, f"{asked} | jq .total", tmp_path) == f"{len(rows)}\n"
    assert [*rows[0]][:3] == ["published_at", "title", "source"]
    assert all("Aurelia Power" in row["companies"].split("; ") for row in rows)
