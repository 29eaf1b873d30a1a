"""Values that begin as somebody types: the same on every engine."""

import pytest

from search.engine import Engine
from search.errors import UnknownFieldError
from tests.engine.archive import Archive

TYPED = (
    "s",
    "Sh",
    "shell",
    "PLATF",
    "meta pl",
    "tes",
    "no",
    "ł",
    "東",
    "3.1",
    "zz",
    "",
)


@pytest.mark.parametrize("field", ["company", "person", "place", "tag"])
def test_values_of_which_a_word_begins_so_are_found(
    field: str, archive: Archive
) -> None:
    for text in TYPED:
        found = archive.engine.beginning(field, text, 500)
        expected = archive.oracle.beginning(field, text, 500)
        assert {one.id for one in found} == {one.id for one in expected}
        assert len({one.id for one in found}) == len(found)


def test_no_more_values_are_found_than_were_asked_for(archive: Archive) -> None:
    assert len(archive.engine.beginning("company", "s", 2)) <= 2


def test_only_facet_fields_have_names_that_begin(engine: Engine) -> None:
    with pytest.raises(UnknownFieldError):
        engine.beginning("title", "x")
