"""What somebody says stays theirs: named in the claim, by the article's own words, and never turned into fact."""

from __future__ import annotations

from datetime import date

import pytest
from verifying import verified as verify

from qa.articles.parse import parse
from qa.model import Article, Claim, Draft, DraftClaim, Passage, Rejected
from qa.verification.attribution import is_verbatim, speaker_note
from qa.verification.evidence import Evidence

TEXT = """SALTHOUSE, March 13 (Coast Wire) - Harbour master Owen Tarn closed the old pier on Monday. \
He said the repair would take three weeks. \
“I would sooner lose the season than a child,” Tarn told reporters on Tuesday. \
“My daughter learned to fish there.” According to the council, 14 planks are missing. \
Mayor Ida Brook said Tarn had told her that the beams were rotten. Two officials with knowledge of the inspection said \
the report had lain in a drawer since January. The pier was built in 1911.
"""
ARTICLE = Article(id="a", version="v", title="Pier shut", source="Coast Wire", published=date(2026, 3, 13), text=TEXT)
PARSED = parse(ARTICLE)
SENTENCES = PARSED.sentences
PASSAGES = tuple(Passage(label=f"S{s.index}", article_id="a", sentence=s, score=1.0) for s in SENTENCES)


def verified(text: str, *labels: str, speaker: str | None = None) -> tuple[Claim | Rejected, dict[int, int]]:
    """The claim as it would be shown, or its rejection; and the sentence of each citation."""
    draft = Draft(answerable=True, claims=(DraftClaim(text=text, labels=labels, speaker=speaker),))
    result = verify(draft, PASSAGES, {"a": PARSED})
    return (*result.claims, *result.rejected)[0], {c.number: c.sentence for c in result.citations}


def shown(text: str, *labels: str, speaker: str | None = None) -> Claim:
    claim, _ = verified(text, *labels, speaker=speaker)
    assert isinstance(claim, Claim), claim
    return claim


def test_he_gets_the_name_it_stands_for_and_the_sentence_that_gives_it() -> None:
    claim, sentences = verified(SENTENCES[2].text, "S2")
    assert isinstance(claim, Claim)
    assert claim.text == "He (Owen Tarn) said the repair would take three weeks."
    assert (claim.speaker, claim.attribution) == ("Owen Tarn", "indirect")
    assert [sentences[n] for n in claim.context] == [1]


def test_a_quotation_that_runs_on_gets_its_speaker_in_front() -> None:
    claim, sentences = verified(SENTENCES[4].text, "S4")
    assert isinstance(claim, Claim)
    assert claim.text == "Owen Tarn: “My daughter learned to fish there.”"
    assert (claim.speaker, claim.attribution) == ("Owen Tarn", "direct")
    assert [sentences[n] for n in claim.context] == [3, 1]


def test_a_sentence_that_names_its_speaker_is_left_as_it_is() -> None:
    claim = shown(SENTENCES[5].text, "S5")
    assert claim.text == SENTENCES[5].text
    assert (claim.speaker, claim.attribution) == ("council", "indirect")


def test_a_citation_tells_who_says_which_of_its_words() -> None:
    draft = Draft(answerable=True, claims=(DraftClaim(text=SENTENCES[6].text, labels=("S6",)),))
    (citation,) = verify(draft, PASSAGES, {"a": PARSED}).citations
    assert [(s.speaker, s.attribution, TEXT[s.start : s.end]) for s in citation.said] == [
        ("Ida Brook", "indirect", "Tarn had told her that the beams were rotten"),
        ("Owen Tarn", "indirect", "the beams were rotten"),
    ]


def test_what_the_article_itself_says_is_nobodys() -> None:
    claim = shown(SENTENCES[8].text, "S8")
    assert (claim.speaker, claim.attribution) == (None, "narration")


def test_when_it_was_said_and_when_it_happened_stay_apart() -> None:
    claim = shown(SENTENCES[3].text, "S3")
    assert claim.stated is not None
    assert claim.stated.start == date(2026, 3, 10)
    assert claim.occurred is None
    claim = shown(SENTENCES[1].text, "S1")
    assert claim.stated is None
    assert claim.occurred is not None
    assert claim.occurred.start == date(2026, 3, 9)
    claim = shown(SENTENCES[7].text, "S7")
    assert claim.occurred is not None
    assert (claim.occurred.start, claim.occurred.precision) == (date(2026, 1, 1), "month")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The repair will take three weeks.", "S2"),
        ("14 planks of the pier are missing.", "S5"),
        ("The beams were rotten.", "S6"),
        ("The report had lain in a drawer since January.", "S7"),
    ],
)
def test_a_claim_that_leaves_out_who_says_it_is_rejected(text: str, label: str) -> None:
    claim, _ = verified(text, label)
    assert isinstance(claim, Rejected)
    assert claim.reason in ("speaker", "modality")


@pytest.mark.parametrize(
    ("text", "label", "speaker"),
    [
        ("Owen Tarn said the repair would take three weeks.", "S2", "Owen Tarn"),
        ("The council says 14 planks are missing.", "S5", "council"),
        ("Ida Brook said that Tarn had told her the beams were rotten.", "S6", "Ida Brook"),
        ("Two officials said the report had lain in a drawer since January.", "S7", "Two officials"),
        ("Owen Tarn closed the old pier on Monday.", "S1", None),
    ],
)  # fmt: skip
def test_a_claim_that_says_who_says_it_passes(text: str, label: str, speaker: str | None) -> None:
    found = shown(text, label).speaker
    assert found == speaker or (speaker and found and found.startswith(speaker))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Ida Brook said the repair would take three weeks.", "S2"),
        ("The mayor Ida Brook said 14 planks were missing.", "S5"),
        ("Brook told reporters she would sooner lose the season than a child.", "S3"),
    ],
)
def test_a_claim_with_another_speaker_is_rejected(text: str, label: str) -> None:
    claim, _ = verified(text, label)
    assert isinstance(claim, Rejected)


def test_a_speaker_named_beside_a_claim_is_put_into_it() -> None:
    claim = shown("The repair would take three weeks.", "S2", speaker="Owen Tarn")
    assert claim.text == "According to Owen Tarn: The repair would take three weeks."


def test_a_body_that_a_claim_names_is_not_put_in_front_again() -> None:
    claim = shown("The council said 14 planks of the pier are missing.", "S5", speaker="council")
    assert claim.text == "The council said 14 planks of the pier are missing."


def test_a_model_is_told_whom_a_pronoun_or_a_quotation_belongs_to() -> None:
    assert speaker_note(PARSED, SENTENCES[2]) == "He = Owen Tarn"
    assert speaker_note(PARSED, SENTENCES[4]) == "spoken by Owen Tarn"
    assert speaker_note(PARSED, SENTENCES[5]) == ""


WRAPPED = """Harbour master Owen Tarn closed the old pier at Salthouse on Monday, when a storm
had torn away 14 of its planks. He said that the repair would take three weeks or
more, because the timber had to come from Varn by barge."""


@pytest.mark.parametrize("lines", ["\n", " "])
def test_a_sentence_is_repeated_word_for_word_wherever_its_lines_end(lines: str) -> None:
    article = Article(id="a", version="v", text=WRAPPED)
    parsed = parse(article)
    second = parsed.sentences[1]
    assert "\n" in second.text
    claim = DraftClaim(text=second.text.replace("\n", lines), labels=("S1",))
    passage = Passage(label="S1", article_id="a", sentence=second, score=1.0)
    assert is_verbatim(Evidence(claim, (passage,), (parsed,)))
