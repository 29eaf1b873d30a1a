from __future__ import annotations

import pytest

from search.entities.tagger import Tagger

TAGGER = Tagger()


def people(body: str, title: str = "A title") -> list[str]:
    return [
        t.known.name for t in TAGGER.find(title, None, body) if t.known.kind == "person"
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It was Chancellor Angela Merkel who spoke.", "Angela Merkel"),
        ("He met China's Minister of Commerce Wang Wentao.", "Wang Wentao"),
        ("Talks with Minister of Foreign Affairs Wang Yi began.", "Wang Yi"),
        ("Talks with US President Joe Biden began.", "Joe Biden"),
        ("President of Acme Brad Smith spoke.", "Brad Smith"),
        ("Acme Chief Executive Zbyszko Wrona resigned.", "Zbyszko Wrona"),
        ("Acme chief executive Zbyszko Wrona resigned.", "Zbyszko Wrona"),
        ("It is better, said spokeswoman Ndidi Okafor.", "Ndidi Okafor"),
        ("Zbyszko Wrona, chief executive of Acme, resigned.", "Zbyszko Wrona"),
        ("Then Ndidi Okafor, a spokeswoman, left.", "Ndidi Okafor"),
        ("Then Ndidi Okafor, who had won, left.", "Ndidi Okafor"),
        ("Then Ndidi Okafor, 42, left.", "Ndidi Okafor"),
        ("Then John Zbylut left.", "John Zbylut"),
        ("The plan of Ursula von der Leyen failed.", "Ursula von der Leyen"),
        ("It was J. Terence Murray, chairman of Acme.", "J. Terence Murray"),
        ("It was Sen. Elizabeth O'Hara-Smith again.", "Elizabeth O'Hara-Smith"),
        ("Elon Musk’s plan failed.", "Elon Musk"),
        ("It was Martin Sørensen again.", "Martin Sørensen"),
        ("He asked Robert Zbylut Jr. about it.", "Robert Zbylut"),
        ("It was Tim Cook again.", "Tim Cook"),
    ],
)
def test_a_person_in_no_registry_is_found(text: str, name: str) -> None:
    assert people(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "The Prime Minister Wins Vote of Confidence.",
        "He works for the Ford Foundation, a charity.",
        "They moved to San Diego and San Francisco.",
        "The President left. Later Wins Followed.",
        "He lives in Martin Street, a road to Victoria Station.",
        "Roman Catholic leaders met.",
        "The North Atlantic Treaty Organization met.",
        "Shares of Zbylut Holdings rose.",
        "Mr Smith and President Wrona left.",
        "On stage\nBrad Smith / Getty Images",
        "By Brad Smith\nLONDON (Reuters) - Shares rose.",
        "(Reporting by Brad Smith; Editing by Jane Doe)",
        "Photo by Brad Smith",
        "It rose, CEO JOHN SAID.",
        "Last April John and Paul came.",
    ],
)
def test_what_is_no_person_or_not_what_it_is_about_is_left(text: str) -> None:
    assert people(text) == []


def test_the_rules_for_people_are_those_of_english() -> None:
    body = "Bundeskanzlerin und Minister Johann Zbylut kamen."
    assert TAGGER.find("Titel", None, body, english=False) == ()


def test_a_surname_alone_counts_for_the_one_person_of_that_name() -> None:
    body = "President Ndidi Okafor spoke.\n\nThen Okafor left. Mrs. Okafor smiled."
    [tag] = TAGGER.find("Okafor speaks", None, body)
    assert len(tag.places) == 4
    assert tag.about


def test_a_surname_of_two_people_counts_for_none() -> None:
    body = "John Okafor met Jane Okafor. Okafor left."
    found = TAGGER.find("A title", None, body)
    assert [len(tag.places) for tag in found] == [1, 1]


def test_where_surnames_stand_first_they_are_what_comes_again() -> None:
    body = "Chinese President Xi Jinping spoke. Xi left."
    [tag] = TAGGER.find("A title", None, body)
    assert (tag.known.id, len(tag.places)) == ("xi-jinping", 2)


def test_a_name_with_a_middle_initial_is_the_same_person() -> None:
    body = "Robert Zbylut spoke. Then Robert W. Zbylut left."
    assert people(body) == ["Robert Zbylut"]


def test_a_headline_s_capitals_make_no_person_that_the_text_does_not_name() -> None:
    assert people("It was a quiet day.", "Minister Zbylut Wrona Wins Again") == []
