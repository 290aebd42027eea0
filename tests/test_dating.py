"""Claims carry the calendar beside the article's words, and say which sentence it was resolved from."""

from __future__ import annotations

from datetime import date

import pytest
from verifying import verified as verify

from qa.articles.parse import parse
from qa.english.quotations import quotations
from qa.model import Article, Claim, Draft, DraftClaim, Passage, Rejected, When
from qa.verification.dating import notes
from qa.verification.notes import note

TEXT = """SALTHOUSE, March 13 (Coast Wire) - The ferry Brita of Una Holm sank in a storm on Wednesday. \
Two days later divers will search the wreck. “We heard of it on Wednesday,” Holm told reporters on Thursday. \
The old ferry was sold last year. The yard at Varn opened in 1974 and closed on March 3.
"""
ARTICLE = Article(id="a", version="v", title="Ferry sinks", source="Coast Wire", published=date(2025, 3, 13), text=TEXT)
PARSED = parse(ARTICLE)
SENTENCES = PARSED.sentences
PASSAGES = tuple(Passage(label=f"S{s.index}", article_id="a", sentence=s, score=1.0) for s in SENTENCES)


def verified(text: str, *labels: str) -> tuple[Claim | Rejected, dict[int, str]]:
    """The claim as it would be shown, or its rejection; and the citations by number."""
    result = verify(Draft(answerable=True, claims=(DraftClaim(text=text, labels=labels),)), PASSAGES, {"a": PARSED})
    return (*result.claims, *result.rejected)[0], {c.number: c.quote for c in result.citations}


def shown(text: str, *labels: str) -> Claim:
    claim, _ = verified(text, *labels)
    assert isinstance(claim, Claim), claim
    return claim


def test_a_weekday_gets_its_date_and_the_dateline_it_comes_from_as_context() -> None:
    claim, quotes = verified(SENTENCES[1].text, "S1")
    assert isinstance(claim, Claim)
    assert claim.text == "The ferry Brita of Una Holm sank in a storm on Wednesday (12 March 2025)."
    assert claim.resolved == (When(words="Wednesday", start=date(2025, 3, 12), end=date(2025, 3, 12), precision="day"),)
    assert [quotes[n] for n in claim.citations] == [SENTENCES[1].text]
    assert [quotes[n] for n in claim.context] == ["SALTHOUSE, March 13 (Coast Wire) -"]


def test_a_time_that_counts_from_another_names_that_sentence() -> None:
    claim, quotes = verified(SENTENCES[2].text, "S2")
    assert isinstance(claim, Claim)
    assert claim.text == "Two days later (14 March 2025) divers will search the wreck."
    assert [quotes[n] for n in claim.context] == [SENTENCES[1].text]


def test_of_a_bare_month_the_year_alone_is_missing() -> None:
    story = ARTICLE.model_copy(update={"text": "The ferry Brita was sold in November. It was built last March."})
    sentences = parse(story).sentences
    passages = tuple(Passage(label=f"S{s.index}", article_id="a", sentence=s, score=1.0) for s in sentences)
    claims = tuple(DraftClaim(text=s.text, labels=(f"S{s.index}",)) for s in sentences)
    found = verify(Draft(answerable=True, claims=claims), passages, {"a": story}).claims
    assert [c.text for c in found] == [
        "The ferry Brita was sold in November (2024).",
        "It was built last March (March 2024).",
    ]


def test_nothing_is_put_between_quotation_marks() -> None:
    claim = shown(SENTENCES[3].text, "S3")
    assert claim.text == "“We heard of it on Wednesday,” Holm told reporters on Thursday (13 March 2025)."
    assert [when.words for when in claim.resolved] == ["Wednesday", "Thursday"]
    assert quotations(claim.text) == quotations(SENTENCES[3].text)


def test_years_and_dates_that_stand_there_are_left_alone() -> None:
    assert shown(SENTENCES[4].text, "S4").text == "The old ferry was sold last year (2024)."
    assert shown(SENTENCES[5].text, "S5").text == SENTENCES[5].text


@pytest.mark.parametrize(
    "text",
    [
        "The ferry Brita sank on 12 March 2025.",
        "The ferry Brita sank on March 12.",
        "The ferry Brita sank on Wednesday, 12 March 2025.",
        "The ferry Brita sank on Wednesday (12 March 2025).",
        "The ferry Brita sank in March 2025.",
    ],
)
def test_a_model_may_state_the_day_code_has_resolved(text: str) -> None:
    assert shown(text, "S1").text == text


@pytest.mark.parametrize(
    "text",
    [
        "The ferry Brita sank on 11 March 2025.",
        "The ferry Brita sank on Wednesday (13 March 2025).",
        "The ferry Brita sank on Thursday.",
        "The ferry Brita sank on 12 March 2024.",
        "The ferry Brita sank in April 2025.",
    ],
)
def test_another_day_is_rejected(text: str) -> None:
    claim, _ = verified(text, "S1")
    assert isinstance(claim, Rejected)
    assert claim.reason == "date"


def test_a_model_that_says_the_weekday_in_its_own_words_gets_the_date_too() -> None:
    assert (
        shown("On Wednesday the ferry Brita sank.", "S1").text == "On Wednesday (12 March 2025) the ferry Brita sank."
    )


def test_a_model_is_told_what_the_words_mean() -> None:
    assert note(PARSED, SENTENCES[1]) == "Wednesday = 12 March 2025"
    assert note(PARSED, SENTENCES[2]) == "Two days later = 14 March 2025"
    assert note(PARSED, SENTENCES[5]) == ""


def test_without_a_publication_date_weekdays_stay_as_they_are() -> None:
    undated = ARTICLE.model_copy(update={"published": None, "text": "The ferry Brita sank on Wednesday."})
    assert parse(undated).document.times == ()


def test_the_head_of_an_article_says_when_it_appeared_and_nothing_happened_then() -> None:
    headed = ARTICLE.model_copy(
        update={"text": "Published: 2025-03-13\n\nFerry sinks\n\nIt sank on Wednesday, he said.\n"}
    )
    parsed = parse(headed)
    assert [bool(parsed.times_in(sentence)) for sentence in parsed.sentences] == [False, False, True]
    assert parsed.document.times[0].origin == 0


def test_without_times_there_is_nothing_to_note() -> None:
    assert notes(()) == ""
