"""Who does what to whom, without a parser."""

from __future__ import annotations

from qa.english.triples import Triple, triples


def test_a_name_a_verb_and_a_name() -> None:
    assert triples("Mara Quist sued Piet Doorn.") == {Triple("quist", "su", "doorn")}


def test_a_passive_is_turned_into_the_active() -> None:
    assert triples("Piet Doorn was sued by Mara Quist.") == {Triple("quist", "su", "doorn")}


def test_any_word_between_may_be_the_verb() -> None:
    found = {Triple("quist", "openli", "doorn"), Triple("quist", "blame", "doorn")}
    assert triples("Quist openly blamed Doorn.") == found


def test_names_of_two_clauses_are_no_pair() -> None:
    assert triples("Quist left; Doorn stayed.") == frozenset()
    assert triples("Quist left, but Doorn stayed.") == frozenset()


def test_reversed() -> None:
    assert Triple("a", "sue", "b").reversed == Triple("b", "sue", "a")
