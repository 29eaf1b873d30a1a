"""The lines that people type, with the curl and jq that they have."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

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

LINES = [
    'curl "$D/articles?q=merger&company=AAPL"',
    'curl -G "$D/articles" --data-urlencode \'q="carbon tax" OR levy\' -d company=Shell'
    " -d company=BP -d tag.not=opinion -d from=2024-05",
    'curl -sG "$D/articles" -d person=merkel -d tag.all=eu -d tag.all=energy '
    "-d facet=company,person,tag -d facet.size=20 -d limit=0 | jq .facets",
    'curl -G "$D/articles" --data-urlencode \'q=title:bank* "rate cut"~4 -crypto\' '
    "-d sort=newest",
    'curl -sG "$D/facets/person" -d tag=energy -d match=mer -d size=50 '
    "| jq -r '.values[] | \"\\(.count)\\t\\(.name)\"'",
    "curl -G \"$D/articles\" --data-urlencode 'company=Tesla, Inc.' "
    "--data-urlencode 'company=AT&T' -d highlight=title,body",
    'curl -G "$D/articles.csv" -d company=BP -d from=30d '
    "-d fields=published_at,title,source,url -o bp.csv && head -1 bp.csv",
    'curl -sN --compressed "$D/articles.ndjson?tag=climate&from=2020" '
    "| jq -r '.published_at[:10] + \" \" + .title'",
    'curl "$D/articles.rss?person=merkel&q=budget"',
    'curl -s --etag-save e --etag-compare e "$D/articles.rss?q=spill&company=Shell" '
    "-o feed.xml && head -c 5 feed.xml",
    'curl -G "$D/timeline.csv" -d q=inflation -d interval=week -d by=company '
    "-d tz=Europe/Berlin",
    'curl -G "$D/significant" -d field=company '
    "--data-urlencode 'q=\"insider trading\"' -d from=90d",
]
"""The twelve lines of the contract, as they are printed there; some show their file."""


def shell(live: Live, line: str, folder: Path | None = None) -> str:
    """Run a line as a person would, and return what it prints."""
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


def curl(live: Live, line: str) -> Any:
    """Return the JSON that a line prints; it must be no problem."""
    answer = json.loads(shell(live, line))
    assert "type" not in answer, answer
    return answer


@pytest.mark.parametrize("line", LINES)
def test_a_printed_line_works(line: str, live: Live, tmp_path: Path) -> None:
    printed = shell(live, line, tmp_path)
    assert "/problems/" not in printed
    tables = ("from,to,id,name,count", "published_at,title,source,url")
    lines = re.compile(r"(\d+\t|\d{4}-\d\d-\d\d )")
    assert (
        printed.startswith(("{", "<?xml", *tables))
        or lines.match(printed)
        or not printed
    )


def test_the_first_line_of_the_contract_finds_what_it_asks_for(live: Live) -> None:
    answer = curl(live, LINES[0])
    assert answer["total"]["value"] >= 2
    for item in answer["items"]:
        assert "apple" in {company["id"] for company in item["companies"]}


def blocks(page: str) -> list[str]:
    """Return the shell lines of a page, comments and pipes kept."""
    text = (ROOT / page).read_text()
    lines = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    joined = "".join(lines).replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.startswith("curl ")]


@pytest.mark.parametrize("line", blocks("docs/api.md"))
def test_a_line_of_the_manual_works(line: str, live: Live, tmp_path: Path) -> None:
    (tmp_path / "articles.ndjson").write_text(
        '{"title": "One", "published_at": "2024"}\n{"title": "Two"}\n'
    )
    (tmp_path / "article.txt").write_text("One\n\nA text.\n")
    (tmp_path / "article.json").write_text('{"title": "One", "published_at": "2024"}')
    printed = shell(live, line.replace("$KEY", "none"), tmp_path)
    assert "/problems/" not in printed
    assert '"status":4' not in printed
    live.ask("/v1/articles/example-1", "DELETE")


def readme() -> list[str]:
    """Return the lines of the README that end where they begin."""
    lines = (ROOT / "README.md").read_text().splitlines()
    return [
        line for line in lines if line.startswith(('curl "$D', "curl -G", "curl -sG"))
    ]


@pytest.mark.parametrize("line", readme())
def test_a_line_of_the_readme_works(line: str, live: Live, tmp_path: Path) -> None:
    assert "/problems/" not in shell(live, line, tmp_path)


def test_the_lines_that_the_start_prints_work(live: Live) -> None:
    start = (ROOT / "scripts/run").read_text()
    lines = re.findall(r"^  (curl .*)$", start, re.MULTILINE)
    assert len(lines) == 3
    for line in lines:
        answer = curl(live, line.replace("$address/v1", "$D"))
        assert answer.get("buckets") or answer["items"], line


def test_a_phrase_or_a_word_of_two_companies_since_a_month(live: Live) -> None:
    answer = curl(live, LINES[1])
    assert answer["query"]["text"] == '"carbon tax" OR levy'
    assert [each["input"] for each in answer["query"]["filters"]["company"]["any"]] == [
        *("Shell", "BP")
    ]
    for item in answer["items"]:
        assert item["published_at"] >= "2024-05"
        assert {"shell", "bp"} & {company["id"] for company in item["companies"]}


def test_facets_come_without_articles_where_none_are_wanted(live: Live) -> None:
    facets = json.loads(shell(live, LINES[2]))
    assert facets.keys() == {"company", "person", "tag"}


def test_values_and_counts_come_as_lines(live: Live) -> None:
    line = 'curl -sG "$D/facets/tag" -d size=5 | jq -r \'.values[] | "\\(.count)\\t\\(.name)"\''
    rows = [row.split("\t") for row in shell(live, line).splitlines()]
    counts = [int(count) for count, _ in rows]
    assert len(rows) == 5
    assert counts == sorted(counts, reverse=True)


def test_a_timeline_is_a_table_of_weeks(live: Live) -> None:
    line = (
        'curl -G "$D/timeline.csv" -d q=inflation -d interval=week -d tz=Europe/Berlin'
    )
    rows = shell(live, line).splitlines()
    assert rows[0] == "from,to,count"
    assert len(rows) > 3
    ends = [row.split(",")[1] for row in rows[1:-1]]
    assert ends == [row.split(",")[0] for row in rows[2:]]


def test_an_answer_that_is_known_already_is_not_sent_again(
    live: Live, tmp_path: Path
) -> None:
    line = (
        'curl -s --etag-save e --etag-compare e -w "%{http_code}" -o answer.json '
        '"$D/articles?q=spill&company=Shell"'
    )
    assert shell(live, line, tmp_path) == "200"
    assert shell(live, line, tmp_path) == "304"


WRONG = {
    "an unknown parameter": ('-G "$D/articles" -d limits=5', "limit"),
    "an unknown value": ('-G "$D/articles" -d sort=newst', "newest"),
    "an unknown facet": ('-G "$D/articles" -d facet=compny', "company"),
    "an unknown field": ("-G \"$D/articles\" --data-urlencode 'q=titel:x'", "title"),
    "a path of a facet": ('"$D/facets/compny"', "company"),
    "a number over its limit": ('-G "$D/articles" -d limit=101', "100"),
    "a word for a number": ('-G "$D/articles" -d limit=ten', "whole number"),
    "a page too deep": ('-G "$D/articles" -d page=2000', "cursor"),
    "an open quote": ('-G "$D/articles" --data-urlencode \'q=x "open\'', "quote"),
    "a lone operator": ('-G "$D/articles" -d q=AND', "AND"),
    "a wrong date": ('-G "$D/articles" -d from=2024-13', "from"),
    "dates the wrong way round": ('-G "$D/articles" -d from=2025 -d to=2024', "to"),
    "a repeated value": ('-G "$D/articles" -d sort=newest -d sort=oldest', "once"),
    "an unknown zone": ('-G "$D/timeline" -d tz=Europe/Berln', "Europe/Berlin"),
    "a name with strict": (
        '-G "$D/articles" -d strict=true --data-urlencode "company=Nordhaven Energi"',
        "Nordhaven Energy",
    ),
    "a wrong question to compare": ('-G "$D/timeline" -d compare=merger', "q=merger"),
    "an unknown kind": ('-G "$D/significant" -d field=compny', "company"),
    "too large a graph": (
        '-G "$D/graph" -d field=tag,company,person -d size=100',
        "66",
    ),
    "a damaged cursor": ('-G "$D/articles" -d cursor=abc', "cursor"),
    "an unknown article": ('"$D/articles/nobody"', "nobody"),
    "an unknown path": ('"$D/article"', "/v1/"),
    "a method that does not fit": ('-X DELETE "$D/count"', "takes GET"),
    "a format that is not there": ('-H "Accept: image/png" "$D/count"', "text/plain"),
    "no type of body": ('-d "{}" "$D/articles"', "application/json"),
    "no JSON": ('-H "Content-Type: application/json" -d "{" "$D/articles"', "JSON"),
    "no title": (
        '-H "Content-Type: application/json" -d \'{"published_at": "2024"}\' "$D/articles"',
        "/title",
    ),
    "a misspelt key": (
        '-H "Content-Type: application/json" '
        '-d \'{"titel": "x", "published_at": "2024"}\' "$D/articles"',
        "title",
    ),
    "a compressed body": (
        '-H "Content-Type: application/json" -H "Content-Encoding: gzip" -d x "$D/articles"',
        "encoding",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_request_is_told_what_to_do(name: str, live: Live) -> None:
    arguments, hint = WRONG[name]
    answer = json.loads(shell(live, f"curl -s {arguments}"))
    assert 400 <= answer["status"] < 500
    assert answer["type"].startswith("/problems/")
    told = {key: answer[key] for key in answer if key not in ("type", "request_id")}
    assert hint in json.dumps(told), answer
