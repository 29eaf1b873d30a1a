"""What may stand in no file of the project, and how its shell scripts are."""

import re
import subprocess

import pytest

from tests.sources import ROOT, files, modules, shell_scripts, text


def test_every_exception_from_coverage_has_a_reason_in_words() -> None:
    bare = [
        f"{name}:{number}"
        for name in modules("")
        for number, line in enumerate(text(name).splitlines(), 1)
        if re.search(r"pragma: no (cover|branch)\W*$", line)
    ]
    assert bare == []


# Written in pieces, or this file would be its own first finding.
FORBIDDEN_TEXT = {
    "a machine's path": r"(?<![\w.)}\]>-])/(" + r"work|root|tmp" + r")/\w",
    "a package index": r"py" + r"pi\.org|python" + r"hosted|--(extra-)?index" + r"-url",
    "work left open": r"(#|//|<!--).*\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b",
    "a conflict": r"^(<{7}|>{7}) ",
}


@pytest.mark.parametrize("what", FORBIDDEN_TEXT)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN_TEXT[what], re.MULTILINE)
    found = []
    for name in files():
        if name.startswith(("api/static/", "LICENSE")):
            continue
        content = (ROOT / name).read_bytes().decode("utf-8", "replace")
        found += [f"{name}: {hit.group()}" for hit in pattern.finditer(content)]
    assert found == []


def test_shell_scripts_are_executable_and_parse() -> None:
    assert {"scripts/run", "scripts/test", ".ci/run"} <= set(shell_scripts())
    for name in shell_scripts():
        assert text(name).startswith("#!/bin/sh\n"), name
        assert (ROOT / name).stat().st_mode & 0o111, name
        subprocess.run(["/bin/sh", "-n", ROOT / name], check=True)
