import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click import Group, Option

from scripts.cli import COMMANDS, cli, sentence
from search.catalog import FIELDS
from search.errors import ConflictError, QueryMisuseError
from tests.commandline import DATELINE, Commands, dateline as spawn
from tests.processes import environment
from tests.sources import ROOT, text


def test_help_lists_the_commands_in_the_order_of_use(dateline: Commands) -> None:
    shown = dateline("--help")
    assert shown.code == 0
    assert re.findall(r"^  (\w+)  ", shown.out, re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_examples_that_it_understands(
    dateline: Commands, name: str
) -> None:
    shown = dateline(name, "--help")
    assert shown.code == 0
    examples = re.findall(rf"dateline {name}( .*)?$", shown.out, re.MULTILINE)
    assert examples
    command = cli.get_command(cli.make_context("dateline", ["x"]), name)
    assert command is not None
    for example in examples:
        words = shlex.split(re.split(r" [|>]", example)[0])
        called = command
        if isinstance(command, Group):
            called = command.commands.get(words[0], command)
        options = {"--help"} | {
            flag
            for option in called.params
            if isinstance(option, Option)
            for flag in option.opts
        }
        mine = words[: words.index("--")] if "--" in words else words
        used = {word for word in mine if word.startswith("-") and word != "-"}
        assert used <= options, example


def test_a_wrong_command_is_told_the_nearest(dateline: Commands) -> None:
    wrong = dateline("searchh")
    assert wrong.code == 2
    assert "No such command 'searchh'. Did you mean 'search'?" in wrong.err


def test_a_wrong_option_is_told_the_nearest(dateline: Commands) -> None:
    for words in (["--hepl"], ["search", "--jsn"]):
        wrong = dateline(*words)
        assert wrong.code == 2
        assert "No such option" in wrong.err


def test_no_command_shows_the_help(dateline: Commands) -> None:
    shown = dateline()
    assert shown.code == 2
    assert "Commands:" in shown.err


def test_the_version_is_that_of_the_project(dateline: Commands) -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    assert dateline("--version").out.strip().endswith(project["version"])


def test_wrong_settings_end_every_command(
    dateline: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATELINE_WORKERS", "many")
    (tmp_path / "a").write_text("")
    for words in (["load", tmp_path / "a"], ["search"], ["export"], ["rebuild"]):
        wrong = dateline(*words)
        assert (wrong.code, wrong.out) == (1, "")
        assert wrong.err.startswith("DATELINE_WORKERS: ")


def test_words_that_are_no_text_are_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "x").write_text("")
    wrong = subprocess.run(
        [DATELINE, "search", b"ferry \xff", b"t\xfft=x"],
        env=environment(engine=f"embedded:{tmp_path / 'archive'}"),
        capture_output=True,
        check=False,
    )
    assert wrong.returncode == 2
    assert b"Traceback" not in wrong.stderr
    assert b"U+DCFF" in wrong.stderr


def test_a_terminal_that_lacks_letters_gets_them_spelled_out(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    given = '{"title": "Łódź", "published_at": "2026"}'
    assert spawn(folder, "load", "-", given=given).returncode == 0
    shown = subprocess.run(
        [DATELINE, "search", "lodz"],
        env=environment(engine=f"embedded:{folder}") | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    assert "\\u0141\\xf3d\\u017a" in shown.stdout


def test_an_error_says_what_would_work() -> None:
    error = QueryMisuseError("Not with this field.", suggestion="title:x")
    assert sentence(error) == "Not with this field. Try: title:x"
    assert sentence(QueryMisuseError("No.")) == "No."
    assert sentence(OSError("odd")) == "odd."
    assert "version 2, not 1" in sentence(ConflictError("a", 1, 2))


def test_the_manual_has_every_exit_code() -> None:
    manual = (ROOT / "docs" / "operations.md").read_text()
    assert re.findall(r"^\| (\d+) \|", manual, re.MULTILINE) == [
        *("0", "1", "2", "3", "130")
    ]


def test_the_archive_moves_as_the_manual_says(tmp_path: Path) -> None:
    [block] = re.findall(
        r"## Backup, restore, move\n\n```sh\n(.*?)```",
        text("docs/operations.md"),
        re.DOTALL,
    )
    env = environment(engine="embedded:data")
    bin_first = f"{DATELINE.parent}:{env['PATH']}"
    script = f"dateline load --demo && {block}"
    script += (
        "DATELINE_ENGINE=embedded:elsewhere dateline export | cmp - archive.ndjson"
    )
    moved = subprocess.run(
        ["/bin/sh", "-ec", script],
        cwd=tmp_path,
        env=env | {"PATH": bin_first},
        capture_output=True,
        text=True,
        check=False,
    )
    assert moved.returncode == 0, moved.stderr
    assert (tmp_path / "archive.ndjson").stat().st_size > 100_000


def test_the_page_on_articles_has_every_key() -> None:
    page = text("docs/articles.md")
    for field in FIELDS.values():
        name = f"{field.key}[]" if field.many or field.entity else field.key
        assert f"`{name}`" in page, name


def test_a_name_that_is_no_command_has_none() -> None:
    assert cli.get_command(cli.make_context("dateline", ["x"]), "x") is None


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("search >&-", 1, "There is no standard output to show an answer on.\n"),
        ("export >&-", 1, "There is no standard output: name a file with -o.\n"),
        ("load - <&-", 1, "There is no standard input to read.\n"),
    ],
)
def test_closed_streams_are_no_traceback(
    tmp_path: Path, line: str, code: int, told: str
) -> None:
    folder = tmp_path / "archive"
    given = '{"title": "Ferry", "published_at": "2026"}'
    assert spawn(folder, "load", "-", given=given).returncode == 0
    closed = subprocess.run(
        ["/bin/sh", "-c", f'"$0" {line}', DATELINE],
        env=environment(engine=f"embedded:{folder}"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (closed.returncode, closed.stderr) == (code, told)


INTERRUPTED = """
import os, signal, sys

class Impatient:
    def find_spec(self, name, path=None, target=None):
        if name == "search.errors":  # about the last that the door needs
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Impatient())
sys.argv = ["dateline", "search", "bank"]
from scripts.entry import main
main()
"""


def test_an_interrupt_while_the_command_is_loaded_leaves_no_trace() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_folder_that_is_a_file_is_told_by_a_load_too(dateline: Commands) -> None:
    dateline.folder.touch()
    wrong = dateline("load", "--demo")
    assert wrong.code == 1
    assert "is a file: name a folder in DATELINE_ENGINE" in wrong.err
