from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from search.entities.english import FIRST_NAMES, ORDINARY

DATA = files("search.entities").joinpath("data")
NOTICE = Path(__file__).parents[2] / "NOTICE"


@pytest.mark.parametrize("words", [ORDINARY, FIRST_NAMES])
def test_what_a_list_says_of_itself_is_none_of_its_words(words: frozenset[str]) -> None:
    assert [word for word in words if not word.isalpha()] == []


@pytest.mark.parametrize("name", ["ordinary.txt", "first_names.txt"])
def test_a_list_says_where_it_is_from(name: str) -> None:
    assert DATA.joinpath(name).read_text(encoding="utf-8").startswith("# ")


def test_the_list_of_ordinary_words_brings_the_terms_of_its_authors() -> None:
    head = DATA.joinpath("ordinary.txt").read_text(encoding="utf-8")
    for text in (head, NOTICE.read_text(encoding="utf-8")):
        plain = " ".join(re.sub(r"^#", "", text, flags=re.MULTILINE).split())
        assert "Copyright 2000-2018 by Kevin Atkinson" in plain
        assert "this permission notice appear in supporting documentation" in plain
