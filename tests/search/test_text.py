"""The one analysis: fold, words, spans, stems, slug."""

import hashlib
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
import Stemmer
from hypothesis import example, given, strategies as st

from search.text import (
    ANALYSIS,
    SLUG_BYTES,
    WORD_LENGTH,
    fold,
    slug,
    spans,
    stem,
    stems,
    words,
)

SCRIPTS = st.text(
    st.sampled_from(
        "aEzß19 _-'’“ÁłŁøÆıİΣςй゙́̈ﾞﾟがｶハㅎㅏ한하ᄒ"
        + "ก้ำิहन्दीி்கொ東京々ﬁ½²™ʾʼ\u200b\u200d\u00ad\u202e\ufe0f🙂☃٣ᾳ\u0345"
    ),
    max_size=30,
)
ASSIGNED = [
    char
    for char in map(chr, range(sys.maxunicode + 1))
    if unicodedata.category(char) not in ("Cn", "Co", "Cs", "Lo")
    or char.isnumeric()
    or ord(char) % 8 == 0  # of the many ideographs and syllables a few will do
]
TEXTS = st.one_of(st.text(max_size=60), SCRIPTS)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź", "lodz"),
        ("Novák", "novak"),
        ("Nova\u0301k", "novak"),
        ("Straße", "strasse"),
        ("ISTANBUL İstanbul ısı", "istanbul istanbul isi"),
        ("Ærø Þór Đặng cœur", "aero thor dang coeur"),
        ("ΟΔΥΣΣΕΥΣ οδυσσεύς", "οδυσσευσ οδυσσευσ"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد أحمد", "محمد احمد"),
        ("Qurʾān Hawaiʻi", "quran hawaii"),
        ("٢٠٢٤", "2024"),
        ("Ａ１", "a1"),
    ],
)
def test_different_spellings_fold_to_one(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["हिन्दी", "தமிழ்", "ไทย", "한국어", "ខ្មែរ", "ガス"])
def test_folding_keeps_the_signs_that_spell(text: str) -> None:
    assert fold(text) == unicodedata.normalize("NFC", text)


def test_voiced_and_unvoiced_kana_stay_different() -> None:
    assert fold("か\u3099") == fold("が") != fold("か")
    assert fold("ｶﾞ") == fold("ガ")


@given(TEXTS, TEXTS)
def test_folding_goes_character_by_character(a: str, b: str) -> None:
    assert fold(a + b) == unicodedata.normalize("NFC", fold(a) + fold(b))


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert fold(decomposed) == fold(unicodedata.normalize("NFC", text)) == fold(text)
    assert words(decomposed) == words(text)


def test_every_character_folds_to_something_that_stays() -> None:
    for char in ASSIGNED:
        folded = fold(char)
        assert fold(folded) == folded, hex(ord(char))
        assert words(folded) == words(char), hex(ord(char))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Novák’s” don't", ["novak", "s", "don", "t"]),
        ("AT&T snake_case e-mail", ["at", "t", "snake", "case", "e", "mail"]),
        ("हिन्दी भाषा தமிழ்", ["हिन्दी", "भाषा", "தமிழ்"]),
        ("東京abc", ["東", "京", "abc"]),
        ("กิน", ["กิ", "น"]),
        ("3½ ﬁne", ["3", "1", "2", "fine"]),
        ("Tesla™ reform\u00ad\u200bs", ["tesla", "reforms"]),
        ("м’ята м'ята мʼята", ["м", "ята"] * 3),
        ("©♭ 🙂 \ud800", []),
        ("", []),
    ],
)
def test_words_are_runs_of_letters_and_digits(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_chinese_word_is_found_inside_a_sentence() -> None:
    assert "".join(words("東京")) in "".join(words("本日、東京都で会議"))


def test_a_word_counts_up_to_its_length() -> None:
    assert words("x" * 100 + " y") == ["x" * WORD_LENGTH, "y"]
    assert words("é" * 100) == ["e" * WORD_LENGTH]


@given(TEXTS)
@example("e\u0301\u200d\u0327x")
@example("\u3099か\u0301\u3099")
def test_spans_are_the_words_with_their_places(text: str) -> None:
    found = spans(text)
    assert [word for word, _, _ in found] == words(text)
    for word, start, end in found:
        assert 0 <= start < end <= len(text)
        assert word in words(text[start:end])
    assert [s[1] for s in found] == sorted(s[1] for s in found)
    assert [s[2] for s in found] == sorted(s[2] for s in found)


@pytest.mark.parametrize(
    ("text", "word", "piece"),
    [
        ("🙂 Ján ©", "jan", "Ján"),
        ("the Nova\u0301k case", "novak", "Nova\u0301k"),
        ("a ﬁne day", "fine", "ﬁne"),
        ("İzmir’de", "izmir", "İzmir"),
        ("plain ASCII", "ascii", "ASCII"),
        ("co\u00adop x", "coop", "co\u00adop"),
        ("x" * 70 + "é end", "end", "end"),
    ],
)
def test_a_place_is_exact_in_characters(text: str, word: str, piece: str) -> None:
    ((start, end),) = [(s, e) for found, s, e in spans(text) if found == word]
    assert text[start:end] == piece


def test_stems_are_those_of_the_words() -> None:
    assert stems("Banking, banks & the bank’s") == ["bank", "bank", "the", "bank", "s"]
    assert [stem(word) for word in words("Running TAXES")] == ["run", "tax"]


def test_threads_get_the_same_stems() -> None:
    text = " ".join(f"running{n} taxes{n}ing nationalities" for n in range(300))
    own = Stemmer.Stemmer("english")
    expected = [own.stemWord(word) for word in words(text)]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(stems, [text] * 32))
    assert all(result == expected for result in results)


def test_the_memory_of_stems_is_bounded_and_forgetting_changes_nothing() -> None:
    many = [f"w{n}ing" for n in range(100_500)]
    own = Stemmer.Stemmer("english")
    assert [stem(word) for word in many] == own.stemWords(many)
    assert stem(many[0]) == own.stemWord(many[0])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Tesla, Inc.", "tesla-inc"),
        ("AT&T", "at-t"),
        ("Łódź", "lodz"),
        ("東京 Metro", "東京-metro"),
        ("3.10", "3-10"),
        ("Te\u200bsla", "tesla"),
        ("©♭", ""),
    ],
)
def test_a_slug_is_the_words_with_hyphens(name: str, expected: str) -> None:
    assert slug(name) == expected


@given(st.one_of(TEXTS, st.text(min_size=150, max_size=700)))
@example("ไ" * 400)
@example("a" * 511 + " b")
def test_a_slug_of_a_slug_is_itself_and_fits(text: str) -> None:
    name = slug(text)
    assert slug(name) == name
    assert len(name.encode()) <= SLUG_BYTES


def test_the_stamp_names_the_stemmer_and_the_unicode_version() -> None:
    assert Stemmer.version() in ANALYSIS
    assert unicodedata.unidata_version in ANALYSIS


@pytest.mark.skipif(
    not ANALYSIS.endswith("-3.1.0-14.0.0"),
    reason="the pinned outputs are those of PyStemmer 3.1.0 and Unicode 14",
)
def test_the_stamp_is_raised_when_an_output_changes() -> None:
    digest = hashlib.sha256()
    for char in ASSIGNED:
        around = f"a{char}b {char}"
        digest.update(repr((fold(around), words(around), slug(around))).encode())
    prose = "nationalities running Ján's generously O’Neill skies dying internationally"
    digest.update(repr(stems(prose)).encode())
    assert (ANALYSIS.split("-")[0], digest.hexdigest()[:16]) == (
        "1",
        "3400d26f9ba93f48",
    )
