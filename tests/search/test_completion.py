"""Where in a name the part stands that was typed."""

import pytest

from search.completion import part
from search.prominent import tails_of
from search.text import slug


@pytest.mark.parametrize(
    ("name", "typed", "found"),
    [
        ("Angela Merkel", "merk", "Merk"),
        ("Angela Merkel", "angela m", "Angela M"),
        ("Łódź", "lodz", "Łódź"),
        ("Ján Nova\u0301k", "novak", "Nova\u0301k"),
        ("AT&T", "at t", "AT&T"),
        ("Straße 7", "strass", "Straß"),
        ("東京", "東", "東"),
        ("東京", "京", "京"),
        ("Tesla, Inc.", "tesla inc", "Tesla, Inc"),
        ("🙂 Smile", "smi", "Smi"),
    ],
)
def test_the_part_that_was_typed_is_cut_out(name: str, typed: str, found: str) -> None:
    start, end = part(name, slug(typed))
    assert name[start:end] == found


def test_nothing_is_marked_where_nothing_of_the_name_was_typed() -> None:
    assert part("Apple", "aapl") == (0, 0)


def test_a_name_begins_at_each_of_its_words() -> None:
    assert list(tails_of("Ursula von der Leyen")) == [
        "ursula-von-der-leyen",
        "von-der-leyen",
        "der-leyen",
        "leyen",
    ]
    assert list(tails_of("-")) == []
