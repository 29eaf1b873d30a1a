"""What is sent to hurt: refused or read in time, and nothing is opened for it."""

import gzip
import os
import site
import socket
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from schemas.formats.drafts import UnreadableError
from schemas.formats.packets import MEMORY, Job
from schemas.formats.workshop import LARGEST, BusyError, Workshop
from tests.conftest import ROOT
from tests.killing import killed

LIMIT = 5.0
NEXT = b"Still here\n\nThis is read after it, by whoever is there to read it."


def bomb(root: bytes) -> bytes:
    names = b"abcdefghij"
    entities = [b'<!ENTITY a "lol">']
    for before, name in pairwise(names):
        entities.append(b'<!ENTITY %c "%b">' % (name, b"&%c;" % before * 10))
    return b"<!DOCTYPE x [%b]><%b>&j;</%b>" % (b"".join(entities), root, root)


def external(root: bytes, address: bytes) -> bytes:
    inner = b"<channel><title>t</title><item><title>a &x; b</title></item></channel>"
    declared = b'<!DOCTYPE x [<!ENTITY x SYSTEM "%b">]>' % address
    return b"%b<%b>%b</%b>" % (declared, root, inner, root)


ATTACKS = {
    "entities in NITF": bomb(b"nitf"),
    "entities in RSS": bomb(b"rss"),
    "200,000 levels of XML": b"<nitf>"
    + b"<a>" * 200_000
    + b"</a>" * 200_000
    + b"</nitf>",
    "200,000 levels of RSS": b"<rss><channel><item>" + b"<a>" * 200_000,
    "100,000 levels of HTML": b"<html><body>" + b"<div>" * 100_000 + b"x",
    "100,000 levels of JSON-LD": b'<html><body><script type="application/ld+json">'
    + b"[" * 100_000
    + b"</script>",
    "a million levels of JSON": b'{\n"uri":' + b"[" * 1_000_000,
    "100,000 attributes": b"<html><body "
    + b" ".join(b"a%d=b" % i for i in range(100_000))
    + b">x",
    "19 MB in one line": b"word " * 3_900_000,
    "19 MB of quotes": b"title,body\n" + b'"' * 19_000_000,
    "NUL": b"\x00" * 100_000,
    "NUL in a page": b"<html><body><p>" + b"\x00" * 100_000 + b"</p>",
    "a charset that is none": b'<?xml version="1.0" encoding="utf-99"?><nitf>\xff</nitf>',
    "a charset that lies": b'<?xml version="1.0" encoding="utf-16"?><rss><channel>',
    "half of a surrogate": b'<html><script type="application/ld+json">{"@type":"Article",'
    b'"headline":"a\\ud800b","datePublished":"2024-01-01"}</script><body>x',
    "a message that never ends": b"\x01a\x02" + b"^" * 19_000_000,
}


@pytest.mark.parametrize("name", ATTACKS)
def test_what_hurts_is_read_or_refused_in_time(name: str, workshop: Workshop) -> None:
    began = time.monotonic()
    try:
        told = str([draft.values for draft in workshop.read(Job(ATTACKS[name]))])
    except UnreadableError as error:
        told = str(error)
    assert time.monotonic() - began < LIMIT + 1.5  # a process may have to start first
    assert "lollol" not in told
    assert workshop.read(Job(NEXT))[0].values["title"] == "Still here"


def test_entities_of_files_and_addresses_are_not_followed(
    workshop: Workshop, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the-secret")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for target in (secret.as_uri(), str(secret), address):
            for root in (b"rss", b"nitf", b"newsItem", b"html"):
                try:
                    told = str(workshop.read(Job(external(root, target.encode()))))
                except UnreadableError as error:
                    told = str(error)
                assert "the-secret" not in told
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize("text", [b"/etc/hostname", b"file:///etc/hostname"])
def test_a_text_that_is_a_path_is_a_text(text: bytes, workshop: Workshop) -> None:
    with pytest.raises(UnreadableError, match="no feed"):
        workshop.read(Job(text, "feed"))


def test_a_process_apart_can_open_nothing_and_has_little_memory(
    workshop: Workshop,
) -> None:
    workshop.read(Job(NEXT))
    [process, *_] = workshop.processes()
    limits = Path(f"/proc/{process}/limits").read_text()
    rows = {row[:25].strip(): row[26:].split()[:2] for row in limits.splitlines()}
    assert rows["Max open files"] == ["0", "0"]
    assert rows["Max file size"] == ["0", "0"]
    assert rows["Max address space"] == [str(MEMORY)] * 2
    environment = Path(f"/proc/{process}/environ").read_bytes()
    assert environment == b"OPENBLAS_NUM_THREADS=1\x00"


def test_changes_beside_our_own_code_stop_no_process(workshop: Workshop) -> None:
    """An installation, or a file of notes: Python would look again at such a folder."""
    feed = Job(b"<rss><channel><item><title>Still read</title></item></channel></rss>")
    workshop.read(feed)
    (number,) = workshop.processes()
    for folder in filter(Path.is_dir, map(Path, (ROOT, *site.getsitepackages()))):
        os.utime(folder)
    assert workshop.read(feed)[0].values["title"] == "Still read"
    assert workshop.processes() == [number]


def test_a_process_that_dies_is_replaced(workshop: Workshop) -> None:
    workshop.read(Job(NEXT))
    for process in workshop.processes():
        os.kill(process, 9)
    assert workshop.read(Job(NEXT))[0].values["title"] == "Still here"


def test_a_process_that_ends_while_it_starts_costs_no_text() -> None:
    workshop = Workshop(most=1)
    try:
        with killed(1) as ended:
            assert workshop.read(Job(NEXT))[0].values["title"] == "Still here"
        assert len(ended) == 1
    finally:
        workshop.close()


def test_where_nobody_can_be_started_the_text_may_come_again() -> None:
    workshop = Workshop(most=1)
    try:
        with killed(2), pytest.raises(BusyError):
            workshop.read(Job(NEXT))
        assert workshop.read(Job(NEXT))[0].values["title"] == "Still here"
    finally:
        workshop.close()


def test_what_takes_too_long_is_refused_and_the_next_is_read() -> None:
    workshop = Workshop(most=1, seconds=0.05)
    try:
        with pytest.raises(UnreadableError, match=r"longer than 0\.05 seconds"):
            workshop.read(Job(b"<html><body>" + b"<p>word word</p>" * 200_000))
        assert workshop.read(Job(NEXT, "text"))[0].values["title"] == "Still here"
    finally:
        workshop.close()


def test_a_text_has_a_largest_size(workshop: Workshop) -> None:
    with pytest.raises(UnreadableError, match="20,000,000 bytes"):
        workshop.read(Job(b"a" * (LARGEST + 1)))


def test_packed_bytes_are_no_text(workshop: Workshop) -> None:
    for data in (gzip.compress(b"a" * 100), b"%PDF-1.7\n", b"\x89PNG\r\n"):
        with pytest.raises(UnreadableError, match="This is no text"):
            workshop.read(Job(data))


def test_no_more_texts_wait_than_may() -> None:
    workshop = Workshop(most=1, seconds=2.0, waiting=1)
    slow = Job(b"<html><body>" + b"<p>word word</p>" * 200_000)
    told: list[type[Exception]] = []

    def read() -> None:
        try:
            workshop.read(slow)
        except (BusyError, UnreadableError) as error:
            told.append(type(error))

    threads = [threading.Thread(target=read) for _ in range(4)]
    try:
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert sorted(map(str, told)) == sorted(
            map(str, [BusyError, BusyError, UnreadableError, UnreadableError])
        )
        assert workshop.read(Job(NEXT, "text"))[0].values["title"] == "Still here"
    finally:
        workshop.close()
