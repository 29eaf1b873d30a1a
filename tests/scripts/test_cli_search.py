import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.commandline import DATELINE, Commands, article, ndjson
from tests.processes import ask, environment, free_port, running, wait_until_ready

ARTICLES = [
    article(1, source="The Wire", companies=["BP"], tags=["Energy"], language="en"),
    article(2, source="The Wire", companies=["BP", "Shell plc"], summary="[b] & <i>"),
    article(3, title="Ferry strike", companies=["Shell plc"], tags=["Labour"]),
]


@pytest.fixture
def filled(dateline: Commands, tmp_path: Path) -> Commands:
    (tmp_path / "a").write_text(ndjson(*ARTICLES))
    assert dateline("load", tmp_path / "a").code == 0
    return dateline


def test_articles_are_shown_with_date_title_and_source(filled: Commands) -> None:
    shown = filled("search", "levy", "sort=oldest")
    assert shown.code == 0
    assert re.search(
        r"2026-05-02  Harbour levy, part 1  The Wire\s+"
        r"2026-05-03  Harbour levy, part 2  The Wire\s+2 articles, 2 shown\.\n$",
        shown.out,
    )


def test_words_together_are_the_question(filled: Commands) -> None:
    assert filled("search", "ferry", "strike", "limit=0").out == "1 article, 0 shown.\n"
    assert filled("search", '"strike ferry"').out.endswith("\n0 articles, 0 shown.\n")
    assert filled("search", "q=ferry", "limit=0").out == "1 article, 0 shown.\n"
    assert filled("search", "limit=0", "--", "-ferry").out == "2 articles, 0 shown.\n"


def test_where_nothing_is_found_it_is_told_what_would_find_something(
    filled: Commands,
) -> None:
    assert filled("search", "harbuor").out.startswith("? 2 found with q=harbour\n")
    both = filled("search", "ferry", "company=BP").out.splitlines()
    assert both == [
        "? 2 found without q=ferry",
        "? 1 found without company=BP",
        "0 articles, 0 shown.",
    ]
    alone = filled("search", "zeppelin", "company=BP", "tag=Labour").out.splitlines()
    assert alone == [
        "? 2 found with nothing but company=BP",
        "? 1 found with nothing but tag=Labour",
        "0 articles, 0 shown.",
    ]


def test_facets_mark_what_is_selected(filled: Commands) -> None:
    shown = filled("search", "company=bp", "facet=company,tag", "limit=0").out
    assert re.search(r"count +company *\n2 +BP \* *\n2 +Shell *\n", shown)
    assert re.search(r"count +tag *\n1 +Energy *\n", shown)


def test_an_id_means_one_value_and_a_name_all_who_bear_it(
    filled: Commands, tmp_path: Path
) -> None:
    smiths = ({"id": key, "name": "Adam Smith"} for key in ("adam-smith", "smith-2"))
    lines = ndjson(*(article(9 + n, people=[each]) for n, each in enumerate(smiths)))
    (tmp_path / "b").write_text(lines)
    assert filled("load", tmp_path / "b").code == 0
    by_id = filled("search", "person=adam-smith", "limit=0", "strict=true")
    assert (by_id.out, by_id.err) == ("1 article, 0 shown.\n", "")
    assert "2 articles" in filled("search", "person=Adam Smith", "limit=0").out
    assert filled("export", "person=adam-smith").out.count("\n") == 1
    assert filled("export", "person=Adam Smith").out.count("\n") == 2


def test_counts_of_values_not_listed_are_summed(filled: Commands) -> None:
    shown = filled("search", "facet=company", "facet.size=1", "limit=0").out
    assert re.search(r"2 +BP *\n2 +in other values *\n", shown)


def test_a_timeline_has_a_bar_for_each_count(filled: Commands) -> None:
    shown = filled("search", "interval=day", "limit=0").out
    assert re.search(r"2026-05-02T00:00 +1 +█{40} *\n", shown)
    empty = filled("search", "interval=day", "limit=0", "nothing").out
    assert empty.endswith("0 articles, 0 shown.\n")


def test_highlights_are_shown_as_they_were_written(filled: Commands) -> None:
    html = filled("search", "summary:b", "highlight=summary").out
    assert "[b] & <i>" in html
    offsets = ("highlight=summary", "highlight.format=offsets")
    assert "[b] & <i>" in filled("search", "summary:b", *offsets).out


def test_more_pages_are_pointed_at(filled: Commands) -> None:
    first = filled("search", "limit=2").out
    assert first.endswith("3 articles, 2 shown. See more with page=2, page=3, …\n")
    assert filled("search", "limit=2", "page=2").out.endswith("3 articles, 1 shown.\n")


def test_an_article_without_its_title_is_shown_by_its_id(filled: Commands) -> None:
    assert re.search(r"^ +a00003", filled("search", "ferry", "fields=id").out)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["company=Shelll"],
            "company=Shelll: nothing here is called that. Do you mean",
        ),
        (["company=Qqqq"], "! company=Qqqq: nothing here is called that.\n"),
        (["q=©"], "! q=© has no words to search for.\n"),
    ],
)
def test_warnings_stand_before_the_answer(
    filled: Commands, words: list[str], told: str
) -> None:
    shown = filled("search", *words)
    assert shown.code == 0
    assert told in shown.out


def test_a_name_of_several_is_a_warning_that_lists_them(
    dateline: Commands, tmp_path: Path
) -> None:
    both = [{"id": "jan-1", "name": "Jan Novak"}, {"id": "jan-2", "name": "Ján Novák"}]
    (tmp_path / "a").write_text(ndjson(article(1, people=both)))
    dateline("load", tmp_path / "a")
    shown = dateline("search", "person=Jan Novak").out
    assert "! person=Jan Novak may be any of jan-1, jan-2; all of them count." in shown


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["compny=BP"],
            'There is no parameter "compny" here. Do you mean company?\n',
        ),
        (
            ["E=mc2"],
            'There is no parameter "E" here. '
            "To search for text with = in it, write q=TEXT.\n",
        ),
        (
            ['merger "carbon'],
            'q, position 7: Unclosed quote. Write the closing " where the phrase '
            'ends.\nmerger "carbon\n       ^\nTry: merger "carbon"\n',
        ),
        (["sort=new"], "Try: newest\n"),
        (["limit=1000"], "limit: "),
        (["cursor=x"], "The cursor is damaged."),
        (["interval=hour", "from=1700"], "interval: "),
        (["company=Qqqq", "strict=true"], "company: "),
    ],
)
def test_a_wrong_parameter_is_told_with_what_would_work(
    filled: Commands, words: list[str], told: str
) -> None:
    wrong = filled("search", *words)
    assert (wrong.code, wrong.out) == (2, "")
    assert told in wrong.err


def test_a_question_is_given_once(filled: Commands) -> None:
    wrong = filled("search", "ferry", "q=strike")
    assert wrong.code == 2
    assert "Give q= or words to search for, not both." in wrong.err


def test_without_an_archive_it_says_how_to_come_by_one(dateline: Commands) -> None:
    for words in (["search", "x"], ["export"], ["rebuild"]):
        none = dateline(*words)
        assert (none.code, none.err.count("\n")) == (1, 1)
        assert str(dateline.folder) in none.err
        assert "DATELINE_ENGINE" in none.err
        assert not dateline.folder.exists()


def test_an_unknown_engine_is_one_sentence(
    dateline: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_ENGINE", "solr:somewhere")
    wrong = dateline("search")
    assert (wrong.code, wrong.err.count("\n")) == (1, 1)
    assert "solr:somewhere" in wrong.err


def test_a_reader_who_has_enough_is_no_error(filled: Commands) -> None:
    for words in ("search limit=100 facet=company", "search --json", "export"):
        piped = subprocess.run(
            ["/bin/sh", "-c", f'("$0" {words}; echo "code $?" >&2) | true', DATELINE],
            env=environment(engine=f"embedded:{filled.folder}"),
            capture_output=True,
            text=True,
            check=True,
        )
        assert piped.stderr in ("code 0\n", "Exported 3 articles.\ncode 0\n")


@pytest.mark.server
def test_json_is_the_answer_of_the_server_beside_it(
    filled: Commands, tmp_path: Path
) -> None:
    port = free_port()
    env = environment(
        engine=f"embedded:{filled.folder}", port=str(port), workers="1", threads="2"
    )
    words = ["q=levy", "company=bp", "facet=company", "interval=day", "highlight=title"]
    with running([DATELINE, "serve"], tmp_path / "log", tmp_path, env) as server:
        wait_until_ready(server, port, 30)
        address = f"http://127.0.0.1:{port}/v1/articles?{'&'.join(words)}"
        status, served = ask(address)
        answer = json.loads(filled("search", "--json", *words).out)
    assert status == 200
    served["took_ms"] = answer["took_ms"] = 0
    assert answer == served
