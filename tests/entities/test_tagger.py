from __future__ import annotations

import pytest

from search.entities.profile import Kind, Profile
from search.entities.tagger import READ, Tag, Tagger


def profile(
    name: str, *aliases: str, kind: Kind = "company", **more: tuple[str, ...]
) -> Profile:
    identity = more.pop("id", (name.lower().replace(" ", "-"),))[0]
    return Profile(kind=kind, id=identity, name=name, aliases=aliases, **more)  # type: ignore[arg-type]


TAGGER = Tagger(
    [
        profile("Apple", "Apple Inc.", tickers=("AAPL",)),
        profile("Meta Platforms", "Meta", former_names=("Facebook",)),
        profile("Ford", "Ford Motor Co"),
        profile("Target Corp"),
        profile("Best Buy"),
        profile("NVIDIA CORP"),
        profile("Bank of America"),
        profile("BP", "BP plc", tickers=("LSE:BP",)),
        profile("Johnson & Johnson"),
        profile("eBay"),
        profile("3M"),
        profile("Moody's"),
        profile("Nestlé"),
        profile("Gap", id=("gap-inc",)),
        profile("Fed", id=("federal-reserve",)),
        profile("May Department Stores", "May"),
        profile("New York Times"),
        profile("Coca-Cola"),
        profile("Delta", id=("delta-air-lines",)),
        profile("Delta", id=("delta-electronics",)),
        profile("Delta Electronics", id=("delta-electronics",)),
        profile("Orion", id=("orion-oyj",)),
        profile("Orion", id=("orion-corp",)),
        profile("New York", kind="place"),
        profile("Washington", kind="place"),
        profile("China", kind="place"),
        profile("Angela Merkel", "Merkel", kind="person"),
        profile("Theresa May", "May", kind="person"),
        profile("George Washington", kind="person"),
        profile("energy", "Energy", kind="tag"),
    ]
)


def tags(
    body: str, title: str = "It was quiet", summary: str | None = None
) -> list[Tag]:
    return list(TAGGER.find(title, summary, body))


def ids(body: str, title: str = "It was quiet") -> list[str]:
    return [tag.known.id for tag in tags(body, title)]


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("The biggest market for Apple, and others.", "apple"),
        ("It bought Apple Inc. of Cupertino.", "apple"),
        ("Shares of facebook owner Meta, fell.", "meta-platforms"),
        ("Shares of Facebook fell.", "meta-platforms"),
        ("Nvidia’s chips sold.", "nvidia-corp"),
        ("Shares of NVIDIA Corp fell.", "nvidia-corp"),
        ("He joined Bank of America again.", "bank-of-america"),
        ("He joined Bank\nof America again.", "bank-of-america"),
        ("BP fell.", "bp"),
        ("Johnson and Johnson fell.", "johnson-&-johnson"),
        ("Johnson & Johnson fell.", "johnson-&-johnson"),
        ("He sold it on eBay.", "ebay"),
        ("Makers like 3M fell.", "3m"),
        ("Analysts at Moody’s said so.", "moody's"),
        ("Nestle fell.", "nestlé"),
        ("Nestle\u0301 fell.", "nestlé"),
        ("He likes Coca‑Cola a lot.", "coca-cola"),
        ("He shops at Best Buy a lot.", "best-buy"),
        ("The market is good for Target, he said.", "target-corp"),
        ("Target Corp said so.", "target-corp"),
        ("US-China trade fell.", "china"),
        ("Chancellor Merkel left.", "angela-merkel"),
        ("It was Merkel's idea.", "angela-merkel"),
    ],
)
def test_a_name_of_the_registry_is_found(text: str, identity: str) -> None:
    assert ids(text) == [identity]


@pytest.mark.parametrize(
    "text",
    [
        "Apple pie is sweet.",
        "An apple a day.",
        "Target practice was cancelled. The target was missed.",
        "The best buy was a bargain.",
        "The Pineapple Company met.",
        "bp is no name and Bp neither.",
        "The gap was closed. Gap years are long.",
        "On May 5 it rained.",
        "He gave to the Ford Foundation a lot.",
        "Actor Harrison Ford left early.",
        "He is a teacher in Washington High, they said.",
        "Then Otto Merkel Street was closed.",
        "See www.Apple.example or @Apple for more.",
        "All about energy and Energy policy.",
        "He visited Coca one day.",
        "FED CUP TENNIS WAS ON.",
    ],
)
def test_what_only_looks_like_a_name_is_left(text: str) -> None:
    found = {"washington", "harrison-ford"}
    assert [identity for identity in ids(text) if identity not in found] == []


def test_the_longest_name_counts() -> None:
    assert ids("The New York Times is read in New York.") == [
        "new-york-times",
        "new-york",
    ]


def test_an_ordinary_word_counts_everywhere_once_it_is_clear() -> None:
    [tag] = tags("Apple said so. The shares of Apple fell.", title="Apple Falls")
    assert (len(tag.places), tag.about) == (3, True)


def test_an_ordinary_word_in_a_headline_alone_is_no_name() -> None:
    assert ids("It was quiet.", title="The Apple and the Target") == []


def test_of_two_with_one_name_the_one_named_clearly_elsewhere_is_meant() -> None:
    assert ids("Delta Electronics fell. Later Delta rose.") == ["delta-electronics"]


def test_a_name_of_two_companies_means_none() -> None:
    assert ids("Shares of Orion fell.") == []


def test_a_surname_of_somebody_in_the_text_is_no_company_or_place() -> None:
    found = tags("General George Washington came. Then Washington left.")
    assert [(t.known.id, len(t.places)) for t in found] == [("george-washington", 2)]


@pytest.mark.parametrize(
    "printed",
    [
        "(NASDAQ: AAPL)",
        "(Nasdaq:AAPL)",
        "<AAPL.O>",
        "(AAPL.O)",
        "$AAPL",
        "[NYSE: AAPL]",
    ],
)
def test_a_ticker_is_a_name_in_its_printed_forms(printed: str) -> None:
    assert ids(f"The maker of phones {printed} fell.") == ["apple"]


@pytest.mark.parametrize(
    "text", ["AAPL fell.", "It cost $5.", "(XYZ.O) fell.", "$AAPL5"]
)
def test_a_ticker_in_no_printed_form_is_no_name(text: str) -> None:
    assert ids(text) == []


def test_an_exchange_in_the_registry_s_ticker_does_not_hide_it() -> None:
    assert ids("The oil company (LSE: BP) fell.") == ["bp"]


def test_what_stands_in_the_title_is_what_an_article_is_about() -> None:
    [tag] = tags("Shares fell.", title="Facebook falls")
    assert tag.about


def test_what_stands_once_far_down_is_mentioned() -> None:
    [tag] = tags("word " * 200 + "and Facebook fell.")
    assert not tag.about


def test_what_stands_in_the_lead_and_again_is_what_an_article_is_about() -> None:
    [tag] = tags("Facebook fell. " + "word " * 200 + "and Facebook fell.")
    assert tag.about


def test_what_stands_often_is_what_an_article_is_about() -> None:
    [tag] = tags("word " * 200 + "and Facebook fell. " * 4)
    assert tag.about


def test_names_are_looked_for_in_the_summary() -> None:
    assert [t.known.id for t in tags("Quiet.", summary="So says Facebook.")] == [
        "meta-platforms"
    ]


def test_places_are_characters_of_title_summary_and_body() -> None:
    text = "It was quiet\n\nSo it was.\n\nThe shares of Nestlé fell."
    [tag] = tags("The shares of Nestlé fell.", summary="So it was.")
    assert [text[a:b] for a, b in tag.places] == ["Nestlé"]


def test_the_end_of_a_very_long_body_is_not_read() -> None:
    assert ids("word " * (READ // 5) + " Facebook fell.") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Zbylut Holdings Inc. said so.", "Zbylut Holdings"),
        ("The Zbylut Holdings Inc said so.", "Zbylut Holdings"),
        ("It bought Thermo-Print GmbH of Lohn.", "Thermo-Print"),
        ("It bought Zbylut & Wrona Ltd today.", "Zbylut & Wrona"),
        ("It bought Zbylut, Inc. today.", "Zbylut"),
        ("It bought Bank of Zbylut Corp today.", "Bank of Zbylut"),
        ("It bought General Corp today.", "General Corp"),
        ("Chairman of Zbylut Corp left.", "Zbylut"),
    ],
)
def test_a_company_in_no_registry_is_found_by_its_legal_form(
    text: str, name: str
) -> None:
    assert [t.known.name for t in tags(text)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Leduc Oil and Gas Ltd fell.",
        "The Co said so.",
        "Inc is a word.",
        "It is Zbylut, he said.",
    ],
)
def test_half_a_name_with_a_legal_form_is_no_company(text: str) -> None:
    assert tags(text) == []


def test_a_tagger_that_knows_nothing_finds_nothing_in_nothing() -> None:
    assert Tagger().find("A title", None, None) == ()


def test_hostile_texts_take_their_time_by_their_length() -> None:
    for text in ("A" * 99_000, "A. " * 33_000, "Aa " * 33_000, "President " * 9_900):
        assert isinstance(TAGGER.find(text[:2000], None, text), tuple)


@pytest.mark.parametrize(
    "body",
    [
        "Tribes who live in the Ford fear for their homes.",
        "Ford Madox Ford wrote it.",
        "Harrold Ford wrote it.",
        "They cook with a Nestlé and never drank it.",
        "Their target is the Target of the raid. It was the Target, they said.",
    ],
)
def test_behind_an_article_or_a_stranger_a_word_is_no_company_for_sure(
    body: str,
) -> None:
    assert ids(body) == []


def test_named_clearly_elsewhere_it_is_the_company_behind_an_article_too() -> None:
    [tag] = tags("The Ford plant closed, said Ford. The Ford unit and a Ford remain.")
    assert (tag.known.id, len(tag.places)) == ("ford", 4)


@pytest.mark.parametrize("what", ["airport", "Airport", "Foundation", "Stadium"])
def test_what_is_called_after_somebody_is_not_that_person(what: str) -> None:
    assert ids(f"Flights at Angela Merkel {what} and John Parker {what} stopped.") == []


@pytest.mark.parametrize("name", ["Mohammed bin Osten", "Robin van Osten"])
def test_a_particle_that_is_also_a_word_is_part_of_a_name(name: str) -> None:
    assert [tag.known.name for tag in tags(f"It was said that {name} came.")] == [name]
