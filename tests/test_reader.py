"""The offline reader: it answers with verbatim sentences, and adds the sentence that explains a pronoun."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.answers.reader import read
from qa.model import Passage, Sentence
from qa.questions.plan import Plan
from qa.search.rank import Scored
from qa.search.relevance import Relevance

SURE = Relevance(score=10.0, answers=0.9, overlap=0.9, named=1.0, kind=True)


def scored(index: int, text: str, relevance: Relevance = SURE) -> Scored:
    sentence = Sentence(article_id="a", index=index, start=0, end=len(text), text=text)
    return Scored(Passage(label=f"S{index}", article_id="a", sentence=sentence, score=relevance.score), relevance)


def plan(question: str) -> Plan:
    return Plan(question=question, standalone=question)


def test_a_claim_is_a_verbatim_sentence() -> None:
    draft = read(plan("What stopped?"), (scored(3, "The ferry stopped."),))
    assert [(c.text, c.labels, c.support) for c in draft.claims] == [("The ferry stopped.", ("S3",), 0.9)]


def test_a_question_without_hits_or_with_an_unknown_name_is_not_covered() -> None:
    assert read(plan("Who?"), ()).reason == "not_covered"
    stranger = scored(1, "The ferry stopped.", replace(SURE, named=0.0))
    assert read(plan("Who is Rex?"), (stranger,)).reason == "not_covered"


def test_little_overlap_is_not_covered_and_an_unlikely_answer_is_not_stated() -> None:
    faint = scored(1, "The ferry stopped.", replace(SURE, overlap=0.1))
    unlikely = scored(1, "The ferry stopped.", replace(SURE, answers=0.1))
    assert read(plan("What stopped?"), (faint,)).reason == "not_covered"
    assert read(plan("What stopped?"), (unlikely,)).reason == "detail_not_stated"


BOTH = frozenset({("a", 1), ("a", 2)})


@pytest.mark.parametrize(
    ("answers", "sides", "labels"),
    [(0.6, BOTH, [("S1",), ("S2",)]), (0.1, BOTH, []), (0.6, BOTH | {("a", 3)}, []), (0.6, frozenset(), [])],
)
def test_both_sides_of_a_disagreement_answer_though_they_do_not_say_of_what(
    answers: float, sides: frozenset[tuple[str, int]], labels: list[tuple[str, ...]]
) -> None:
    nameless = replace(SURE, answers=answers, named=0.0)
    ranked = (scored(1, "Brill says 46.", nameless), scored(2, "Orr says 31.", replace(nameless, answers=0.1)))
    draft = read(plan("How many stopped in Vale?"), ranked, disputed=lambda: sides)
    assert [claim.labels for claim in draft.claims] == labels
    assert draft.reason == (None if labels else "not_covered")


def test_a_sentence_with_all_words_of_the_question_answers_despite_a_low_probability() -> None:
    assert read(
        plan("What stopped?"), (scored(1, "The ferry stopped.", replace(SURE, answers=0.1, overlap=1.0)),)
    ).answerable


def test_further_sentences_must_score_nearly_as_high_and_not_repeat() -> None:
    ranked = (
        scored(1, "The ferry stopped at noon in the harbour."),
        scored(2, "At noon the ferry stopped in the harbour."),
        scored(3, "Doorn counted 40 passengers.", replace(SURE, score=9.5)),
        scored(4, "Rain fell.", replace(SURE, score=2.0)),
    )
    assert [c.labels for c in read(plan("What stopped?"), ranked).claims] == [("S1",), ("S3",)]


def test_a_sentence_with_another_number_is_no_repetition() -> None:
    ranked = (scored(1, "The crash killed 31 people."), scored(2, "The crash killed 12 people."))
    assert len(read(plan("How many died?"), ranked).claims) == 2


def test_an_answer_has_at_most_three_sentences() -> None:
    ranked = tuple(scored(i, f"{word} sank.") for i, word in enumerate(["Ada", "Bea", "Cleo", "Dora"]))
    assert len(read(plan("What sank?"), ranked).claims) == 3


def test_the_sentence_that_names_the_person_is_added_to_one_with_a_pronoun() -> None:
    before = scored(4, "Piet Doorn was not asked.", replace(SURE, score=1.0))
    draft = read(plan("Who called it a slap?"), (scored(5, "He called it a slap."), before))
    assert draft.claims[0].text == "Piet Doorn was not asked. He called it a slap."
    assert draft.claims[0].labels == ("S4", "S5")
    assert read(plan("What was it called?"), (scored(5, "He called it a slap."), before)).claims[0].labels == ("S5",)
