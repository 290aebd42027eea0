"""Characters: held against the Unicode database, code point by code point."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.english.characters import (
    CAPITAL,
    LETTERS,
    WORD,
    compose,
    displayable,
    fold,
    is_storable,
    legible,
    normalise,
    straighten,
    visible,
    well_formed,
)

QA = Path(__file__).parent.parent / "qa"
EVERY = [(character, unicodedata.category(character)) for character in map(chr, range(0x110000))]

# Default_Ignorable_Code_Point of Unicode 16, DerivedCoreProperties.txt: first and last code point.
IGNORABLE = [
    *[(0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F)],
    *[(0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF)],
    *[(0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)],
]
INVISIBLE = {chr(code) for first, last in IGNORABLE for code in range(first, last + 1)}
CONTROLS = {character for character, category in EVERY if category in {"Cc", "Cf", "Cs", "Zl", "Zp"}} - {"\t", "\n"}

TEXT = st.text(
    st.one_of(
        st.characters(), st.sampled_from("eoaçñĐłß’“–\u0301\u0308\u0323\u00ad\u200b\u1100\u1161\u11a8\u0958\u1ffd")
    )
)


@pytest.mark.parametrize("clean", [visible, displayable])
def test_what_nobody_sees_goes(clean: object) -> None:
    assert callable(clean)
    left = {character for character in INVISIBLE | CONTROLS if character in clean(f"a{character}b")}
    assert {f"U+{ord(character):04X}" for character in left} == set()


@pytest.mark.parametrize("clean", [visible, displayable])
def test_what_people_write_with_stays(clean: object) -> None:
    """Letters, marks, digits, punctuation and symbols of every script; private use and what is not assigned yet."""
    assert callable(clean)
    written = [c for c, category in EVERY if category[0] in "LMNPS" or category in {"Co", "Cn"}]
    text = "".join(character for character in written if character not in INVISIBLE)
    assert len(text) > 900_000
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Kyiv \u200bКиїв\n 東京 \u202e👍🏽", "Kyiv Київ 東京 👍🏽"),
        ("a\u061cb\u180ec\u00add\u3164e", "abcde"),
        ("one\u2028two\rthree\x0cfour\u00a0 five", "one two three four five"),
        ("\udcffa\x00\x1b[1mb", "a[1mb"),
        ("می\u200cخواهم 👩\u200d🚒 ❤\ufe0f", "میخواهم 👩🚒 ❤"),
    ],
)
def test_a_prompt_has_one_visible_line(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("\x1b[1m", "\ufffd[1m"),
        ("a\u202eb\ufeff\U000e0041", "ab"),
        ("a\u061cb\u180ec\u00add\u3164e", "abcde"),
        ("one\u2028two\u2029three\x85four", "one\ntwo\nthree\nfour"),
        ("\udcff", "\ufffd"),
        ("é—”", "é—”"),
    ],
)
def test_a_terminal_gets_lines_and_no_commands(text: str, shown: str) -> None:
    assert displayable(text) == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Søren", "Soren"),
        ("Łódź", "Lodz"),
        ("Straße", "STRASSE"),
        ("Þóra Ægisdóttir", "Thora Aegisdottir"),
        ("Đorđević", "Dordevic"),
        ("Əliyev", "Aliyev"),
        ("ISTANBUL", "İstanbul"),
        ("Ménard", "Me\u0301nard"),
        ("Hallo\u00adran", "Halloran"),
        ("Quist’s “plan”", 'quist\'s "plan"'),
        ("don´t", "don’t"),
        ("2018–19", "2018-19"),
        ("Okafor‑Lind", "Okafor-Lind"),
        ("ﬁve km²", "five km2"),
    ],
)
def test_spellings_a_reader_takes_as_equal_fold_into_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Søren", "Sören Kk"), ("Ann", "An"), ("a b", "ab"), ("東京", "京都")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_folding_twice_is_folding_once() -> None:
    again = [character for character, _ in EVERY if fold(fold(character)) != fold(character)]
    assert again == []


@given(TEXT)
def test_no_function_tells_composed_from_decomposed(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert fold(composed) == fold(decomposed) == fold(text) == fold(fold(text))
    assert straighten(composed) == straighten(decomposed)
    assert legible(composed) == legible(decomposed) == visible(legible(text))
    assert normalise(text) == composed


def test_quotation_marks_apostrophes_and_spaces_are_made_one_kind() -> None:
    assert straighten("« Je regrette »,\u202fshe said; „Don’t“\n‹go›") == '" Je regrette ", she said; "Don\'t" \'go\''
    assert straighten("Cafe\u0301") == "Café", "case and accents stay"


def test_half_a_surrogate_pair_has_no_place_in_utf8() -> None:
    assert well_formed("a\ud800b👍") == "a\ufffdb👍"
    assert [is_storable(text) for text in ("a\u2028\x07", "a\0", "\udfff")] == [True, False, False]


# -- words -------------------------------------------------------------------------------------------------------------


def test_a_capital_is_a_capital_of_any_script() -> None:
    matched = {c for c, _ in EVERY if re.fullmatch(CAPITAL, c)}
    assert matched == {c for c, category in EVERY if category in {"Lu", "Lt"}}


def test_a_combining_mark_ends_no_word() -> None:
    marks = [c for c, category in EVERY[:0x10000] if category[0] == "M"]
    assert len(marks) > 1000
    assert re.fullmatch(f"[{WORD}]+", "e" + "".join(marks))
    assert re.fullmatch(LETTERS, "e" + "".join(marks))
    assert re.findall(f"[{WORD}’'-]+", "Me\u0301nard’s Hallo\u00adran हिन्दी!") == [
        "Me\u0301nard’s",
        "Hallo\u00adran",
        "हिन्दी",
    ]
    assert re.findall(LETTERS, "Ẹ̀kọ́ 2nd_x") == ["Ẹ̀kọ́", "nd", "x"]


# -- offsets -----------------------------------------------------------------------------------------------------------


def test_only_marks_and_jamo_compose_with_what_stands_before_them() -> None:
    """So a text may be composed piece by piece, cut before every other character."""
    for character, category in EVERY:
        parts = unicodedata.decomposition(character).split()
        if unicodedata.combining(character):
            assert category[0] == "M"
        if len(parts) == 2 and not parts[0].startswith("<") and normalise(character) == character:
            assert unicodedata.category(chr(int(parts[1], 16)))[0] == "M"


@given(TEXT)
def test_offsets_of_a_composed_text_lead_back_to_the_text_as_written(text: str) -> None:
    read = compose(text)
    assert read.text == normalise(text)
    assert len(read.starts) == len(read.text) + 1
    assert all(0 <= one <= other <= len(text) for one, other in pairwise(read.starts))
    assert (read.written(0), read.written(len(read.text))) == (0, len(text))
    assert (read.composed(0), read.composed(len(text))) == (0, len(read.text)) or not text
    for offset, character in enumerate(read.text):
        if character.isascii():
            assert normalise(text[read.written(offset)]) == character


def test_a_word_is_found_where_it_was_written() -> None:
    text = "The\u0301re\u0300se met Ø. Ñu\u0301n\u0303ez"
    read = compose(text)
    start = read.text.index("Ø")
    assert text[read.written(start) :].startswith("Ø.")
    assert read.composed(text.index("Ø")) == start
    assert text[read.written(0) : read.written(7)] == "The\u0301re\u0300se"
    composed = "Thérèse"
    assert compose(composed) == (composed, range(len(composed) + 1))


# -- one table ---------------------------------------------------------------------------------------------------------


def test_no_other_module_knows_about_single_characters() -> None:
    """But for the evaluation, which shares no code with what it judges."""
    asking = {
        path.relative_to(QA).as_posix()
        for path in QA.rglob("*.py")
        if re.search(r"unicodedata|casefold\(|NFK?[CD]\b|\\u200b|\\ufeff|\\ud800|À-Ö", path.read_text("utf-8"))
    }
    assert {path for path in asking if not path.startswith("evaluate/")} == {"english/characters.py"}
