from __future__ import annotations

from search.entities.lexicon import LONGEST, Known, Lexicon
from search.entities.profile import Profile
from search.entities.spelling import key, name_key, plain


def company(identity: str, *names: str, tickers: tuple[str, ...] = ()) -> Profile:
    return Profile(
        kind="company", id=identity, name=names[0], aliases=names[1:], tickers=tickers
    )


def whom(lexicon: Lexicon, spelling: str) -> list[str]:
    return [each.known.id for each in lexicon.candidates(spelling)]


def test_a_spelling_leads_to_all_that_bear_it() -> None:
    lexicon = Lexicon([company("a", "Orion"), company("b", "Zbylut", "Orion")])
    assert sorted(whom(lexicon, "orion")) == ["a", "b"]
    assert whom(lexicon, "zbylut") == ["b"]
    assert whom(lexicon, "nobody") == []


def test_an_id_and_a_name_come_back_as_they_are() -> None:
    lexicon = Lexicon([company("a", "Ä & ß"), company("nestlé", "Nestlé S.A.")])
    assert lexicon.candidates("nestle")[0].known == Known(
        "company", "nestlé", "Nestlé S.A."
    )


def test_the_spellings_at_a_place_are_all_that_begin_there() -> None:
    lexicon = Lexicon([company("a", "New York"), company("b", "New York Times")])
    assert lexicon.starting("the new york times", 4) == ["new york", "new york times"]
    assert lexicon.starting("the new york times", 0) == []


def test_without_its_legal_form_a_name_counts_less() -> None:
    lexicon = Lexicon([company("a", "Zbylut, Inc.")])
    [whole] = lexicon.candidates("zbylut, inc.")
    [bare] = lexicon.candidates("zbylut")
    assert (whole.formal, bare.formal) == (False, True)


def test_a_name_without_its_form_that_is_an_alias_counts_as_one() -> None:
    [bare] = Lexicon([company("a", "Zbylut Inc", "Zbylut")]).candidates("zbylut")
    assert not bare.formal


def test_a_short_name_in_capitals_is_exact() -> None:
    lexicon = Lexicon([company("a", "BP", "British Petroleum")])
    assert [each.exact for each in lexicon.candidates("bp")] == [True]
    assert [each.exact for each in lexicon.candidates("british petroleum")] == [False]


def test_what_can_be_no_name_in_a_text_is_not_kept() -> None:
    names = ("X", "the nation", "2024", "Y" * (LONGEST + 1))
    assert len(Lexicon([company("a", "Zbylut", *names)])) == 1


def test_tags_and_sources_are_not_looked_for() -> None:
    assert len(Lexicon([Profile(kind="tag", id="energy", name="Energy")])) == 0


def test_a_ticker_is_found_with_and_without_its_exchange() -> None:
    lexicon = Lexicon([company("a", "Zbylut", tickers=("NASDAQ:ZBY", "zbw"))])
    assert [each.known.id for each in lexicon.ticker("ZBY")] == ["a"]
    assert [each.known.id for each in lexicon.ticker("ZBW")] == ["a"]
    assert lexicon.ticker("ZB") == ()


def test_the_key_of_a_text_has_each_character_at_its_place() -> None:
    text = plain("İstanbul’s Ørsted\u00a0–\nNestle\u0301, ŁÓDŹ ß\n\nend")
    assert len(key(text)) == len(text)
    assert key(text) == "istanbul's orsted - nestle, lodz ß\n\nend"


def test_the_key_of_a_name_has_single_spaces() -> None:
    assert name_key(" Société\n  Générale ") == "societe generale"
