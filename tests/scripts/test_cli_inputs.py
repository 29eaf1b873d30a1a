import bz2
import gzip
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import click
import pytest

from schemas.formats.ndjson import LINE_BYTES
from scripts.files import check, expanded
from scripts.foreign import Asked
from scripts.inputs import demo_lines, lines_of
from scripts.lines import Line
from tests.commandline import without_privileges
from tests.sources import ROOT

LINES = Asked("ndjson")


@dataclass
class Noted:
    positions: list[int] = field(default_factory=list)

    def read(self, position: int, /) -> None:
        self.positions.append(position)


def read(*files: Path, from_line: int = 1) -> list[Line]:
    return list(lines_of(files, from_line, Noted(), LINES))


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_lines_are_numbered_and_blank_ones_counted(tmp_path: Path) -> None:
    path = put(tmp_path / "a", b"one\n\n  \nfour")
    assert read(path) == [
        Line(str(path), 1, b"one"),
        Line(str(path), 2, b""),
        Line(str(path), 3, b""),
        Line(str(path), 4, b"four"),
    ]


def test_gzip_is_known_by_its_first_bytes_not_by_its_name(tmp_path: Path) -> None:
    packed = put(tmp_path / "a.ndjson", gzip.compress(b"one\ntwo\n"))
    plain = put(tmp_path / "b.gz", b"three\n")
    assert [line.data for line in read(packed, plain)] == [b"one", b"two", b"three"]


def test_joined_gzip_files_are_read_to_the_end(tmp_path: Path) -> None:
    both = gzip.compress(b"one\n" * 9000) + gzip.compress(b"two\n")
    lines = read(put(tmp_path / "a.gz", both))
    assert len(lines) == 9001
    assert lines[-1].data == b"two"


@pytest.mark.parametrize("content", [b"", b"x", b"\n"])
def test_files_shorter_than_a_mark_are_read(tmp_path: Path, content: bytes) -> None:
    lines = read(put(tmp_path / "a", content))
    assert [line.data for line in lines] == [b.strip() for b in [content] if b]


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-be", "utf-32"])
def test_lines_in_wide_letters_are_read(charset: str, tmp_path: Path) -> None:
    lines = '{"title": "Łódź 🛳"}\r\n' * 20_000
    path = put(tmp_path / "a.ndjson", lines.encode(charset))
    found = read(path)
    assert len(found) == 20_000
    expected = lines.encode().split(b"\r\n")[0]
    assert {line.data.strip() for line in found} == {expected}


def test_a_cut_gzip_file_says_where_it_ends(tmp_path: Path) -> None:
    whole = b"".join(b"%d %s\n" % (n, os.urandom(20).hex().encode()) for n in range(99))
    path = put(tmp_path / "a.gz", gzip.compress(whole)[:-200])
    *lines, last = read(path)
    assert [line.data for line in lines] == whole.split(b"\n")[: len(lines)]
    assert last.number == len(lines) + 1
    assert last.fault == (
        "The compressed data end in the middle; mend the file, then go on with "
        f"--from-line {last.number}."
    )


def test_a_damaged_gzip_file_does_not_stop_the_next_one(tmp_path: Path) -> None:
    content = bytearray(gzip.compress(os.urandom(50_000)))
    content[30_000:30_100] = bytes(100)
    damaged = put(tmp_path / "a.gz", bytes(content))
    good = put(tmp_path / "b", b"good\n")
    *_, fault, last = read(damaged, good)
    assert "damaged" in str(fault.fault)
    assert last == Line(str(good), 1, b"good")


def test_another_compression_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = put(tmp_path / "a.bz2", bz2.compress(b"one\n"))
    [line] = read(path)
    assert line.fault == (
        "This is bzip2, and only gzip is read here: bzcat FILE | dateline load -"
    )


def test_a_line_that_is_too_long_is_a_fault_and_the_next_is_read(
    tmp_path: Path,
) -> None:
    path = put(tmp_path / "a", b"x" * (LINE_BYTES + 100) + b"\nnext\n")
    long, following = read(path)
    assert "10,000,000 bytes" in str(long.fault)
    assert following.data == b"next"


def test_reading_goes_on_at_a_line_of_the_first_file_only(tmp_path: Path) -> None:
    first = put(tmp_path / "a", b"one\ntwo\nthree\n")
    second = put(tmp_path / "b", b"four\n")
    lines = read(first, second, from_line=3)
    assert [(line.number, line.data) for line in lines] == [(3, b"three"), (1, b"four")]


def test_going_on_behind_the_last_line_finds_nothing_more(tmp_path: Path) -> None:
    assert read(put(tmp_path / "a", b"one\n"), from_line=2) == []


def test_going_on_far_behind_the_last_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match=r"only 1 lines.*none at 3"):
        read(put(tmp_path / "a", b"one\n"), from_line=3)


def test_progress_counts_compressed_bytes_of_all_files(tmp_path: Path) -> None:
    first = put(tmp_path / "a.gz", gzip.compress(os.urandom(100_000).hex().encode()))
    second = put(tmp_path / "b", b"one\n" * 50_000)
    noted = Noted()
    assert len(list(lines_of((first, second), 1, noted, LINES))) == 50_001
    assert noted.positions == sorted(noted.positions)
    assert len(set(noted.positions)) > 4
    assert noted.positions[-1] == first.stat().st_size + second.stat().st_size


def test_a_line_is_yielded_before_a_slow_source_sends_the_next(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    seen = threading.Event()
    in_time: list[bool] = []

    def send() -> None:
        with pipe.open("wb", buffering=0) as end:
            end.write(b"one\ntw")
            in_time.append(seen.wait(10))
            end.write(b"o\n")

    sender = threading.Thread(target=send)
    sender.start()
    lines = lines_of([pipe], 1, Noted(), LINES)
    assert next(lines).data == b"one"
    seen.set()
    assert [line.data for line in lines] == [b"two"]
    sender.join()
    assert in_time == [True]


def test_files_are_checked_before_anything_is_read(tmp_path: Path) -> None:
    good = put(tmp_path / "a", b"one\n")
    check([good])
    with pytest.raises(click.ClickException, match=r"Cannot read .*nowhere \(No such"):
        check([good, tmp_path / "nowhere"])


def test_folders_and_patterns_become_their_files_by_name(tmp_path: Path) -> None:
    inner = tmp_path / "b"
    inner.mkdir()
    for path in (tmp_path / "c.xml", inner / "d.xml", tmp_path / ".hidden"):
        put(path, b"x")
    found = (inner / "d.xml", tmp_path / "c.xml")
    assert expanded([tmp_path]) == found
    assert expanded([tmp_path / "**" / "*.xml"]) == found
    assert expanded([tmp_path / "c.xml"]) == found[1:]
    with pytest.raises(click.ClickException, match="There are no files in"):
        expanded([tmp_path / "*.rss"])


def test_links_in_a_folder_are_told_and_not_followed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    private = put(tmp_path / "private.txt", b"x")
    folder = tmp_path / "saved"
    (folder / "b").mkdir(parents=True)
    own = put(folder / "b" / "c.xml", b"x")
    hidden = put(folder / "b" / ".hidden.xml", b"x")
    for place in (folder / ".git", folder / "b" / ".cache"):
        place.mkdir()
        put(place / "d.xml", b"x")
    for number in range(3):  # every one of them leads back: 3 ** 40 ways
        (folder / f"loop{number}").symlink_to(folder)
    (folder / "link.txt").symlink_to(private)
    (folder / "nowhere.txt").symlink_to(tmp_path / "nothing")
    assert expanded([folder]) == (own,)
    assert "not followed (5)" in capsys.readouterr().err
    assert expanded([folder / "link.txt"]) == (folder / "link.txt",)
    assert expanded([folder / "*.txt"]) == (folder / "link.txt",)
    assert expanded([folder / "**" / "*.xml"]) == (own,)
    assert expanded([folder / "b" / "**"]) == (own,)
    assert expanded([folder / "b" / "**.xml"]) == (own,)
    assert expanded([folder / "b" / ".h*"]) == (hidden,)
    assert capsys.readouterr().err == ""


UNREADABLE = """
import sys
from pathlib import Path
from click import ClickException
from scripts.files import expanded

try:
    expanded([Path(sys.argv[1])])
except ClickException as refused:
    print(refused.message)
"""


def test_a_folder_below_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    put(tmp_path / "a.xml", b"x")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)
    said = subprocess.run(
        [sys.executable, "-c", UNREADABLE, tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=without_privileges,
        timeout=60,
    )
    closed.chmod(0o700)
    assert f"Cannot read {closed} (Permission denied)" in said.stdout


def test_a_pattern_may_begin_where_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "a.xml", b"x")
    monkeypatch.chdir(tmp_path)
    assert expanded([Path("*.xml")]) == (Path("a.xml"),)


def test_a_file_that_fails_while_it_is_read_is_a_fault(tmp_path: Path) -> None:
    # Reading a process's memory at address 0 is an input/output error.
    [line] = read(Path("/proc/self/mem"))
    assert "cannot be read any further (Input/output error)" in str(line.fault)


def test_the_demo_is_lines_too() -> None:
    lines = list(demo_lines(1))
    assert len(lines) >= 300
    assert list(demo_lines(300)) == lines[299:]
