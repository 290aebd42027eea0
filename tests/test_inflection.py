"""The forms of verbs, by the rules of spelling and the table of irregular ones."""

from __future__ import annotations

import pytest

from qa.english.inflection import IRREGULAR, PARTICIPLES, PASTS, every_form, finite, inflect, related_forms


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("warn", "warn warns warned warning"),
        ("agree", "agree agrees agreed agreeing"),  # ends in e
        ("announce", "announce announces announced announcing"),
        ("deny", "deny denies denied denying"),  # y behind a consonant
        ("stay", "stay stays stayed staying"),  # y behind a vowel
        ("push", "push pushes pushed pushing"),
        ("plan", "plan plans planned planning"),  # doubles its last letter
        ("admit", "admit admits admitted admitting"),
        ("visit", "visit visits visited visiting"),
        ("fix", "fix fixes fixed fixing"),
        ("cancel", "cancel cancels cancelled canceled cancelling"),  # on either side of the ocean
        ("say", "say says said saying"),
        ("write", "write writes wrote written writing"),
        ("lie", "lie lies lay lain lying"),
        ("cut", "cut cuts cutting"),
        ("be", "be is was were been being"),
        ("rule out", "rule out|rules out|ruled out|ruling out"),
    ],
)
def test_forms(verb: str, forms: str) -> None:
    assert list(inflect(verb).every) == (forms.split("|") if "|" in forms else forms.split())


def test_forms_of_several_verbs() -> None:
    assert finite(["say", "warn"]) == {"says", "said", "warns", "warned"}
    assert every_form(["say"]) == {"say", "says", "said", "saying"}


def test_irregular_forms_are_the_ones_that_no_ending_tells() -> None:
    assert {"cut", "sold", "was"} <= PASTS
    assert {"cut", "sold", "been", "taken"} <= PARTICIPLES
    assert all(past and participle for past, participle in IRREGULAR.values())


@pytest.mark.parametrize(
    ("word", "other"), [("sold", "sell"), ("sale", "sold"), ("death", "die"), ("went", "go"), ("decision", "decide")]
)
def test_related_forms_meet(word: str, other: str) -> None:
    assert other in related_forms(word)


def test_a_word_of_no_family_stands_alone() -> None:
    assert related_forms("pump") == {"pump"}
