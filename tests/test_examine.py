"""No claim is shown that has not passed; a claim that fails is kept whole in ``rejected``, with its reason."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from verifying import verified as verify

from qa.articles.load import load
from qa.articles.parse import parse, sentences_of
from qa.english.sentences import split
from qa.model import Article, Draft, DraftClaim, Passage, Rejected, Sentence
from qa.verification.attribution import is_verbatim
from qa.verification.evidence import Evidence
from qa.verification.examine import examine

TEXT = (
    "Director Mara Quist said on Wednesday that 31,000 passengers crossed last year. "
    "“We lose 4,200 crowns on every crossing after dark,” Quist told reporters. "
    "Workers were not consulted, union secretary Piet Doorn said. "
    "The repair will cost 2.5 million crowns, or 12% of the budget. "
    "Three boats, one of them new, lie in dock No. 4."
)
ARTICLE = Article(
    id="a", version="v", title="Line cuts 6 sailings", source="Coast Wire", published=date(2026, 3, 5), text=TEXT
)
PASSAGES = tuple(Passage(label=f"S{s.index + 1}", article_id="a", sentence=s, score=1.0) for s in split(TEXT, "a"))


def examined(text: str, *labels: str) -> Evidence | Rejected:
    found = examine([DraftClaim(text=text, labels=labels)], PASSAGES, {"a": parse(ARTICLE)})
    (result,) = (*found.passed, *found.rejected)
    return result


def check(text: str, *labels: str) -> str | None:
    """The reason of the first fault or doubt; None if there is none."""
    found = examined(text, *labels)
    return found.reason if isinstance(found, Rejected) else found.doubts[0].reason if found.doubts else None


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Mara Quist said 31,000 passengers crossed last year.", "S1"),
        ("Quist said 31 thousand passengers crossed.", "S1"),
        ("Quist told reporters: “We lose 4,200 crowns on every crossing after dark.”", "S2"),
        ('Quist told reporters: "We lose 4,200 crowns".', "S2"),
        ("The repair will cost 2,500,000 crowns.", "S4"),
        ("The repair takes twelve % of the budget.", "S4"),
        ("3 boats lie in dock No. 4.", "S5"),
        ("In a report of 5 March 2026, Coast Wire said 31,000 passengers crossed.", "S1"),
        ("Workers weren't 'consulted', Doorn's union said.", "S3"),
        ("Passengers numbered 31,000 last year, Director Quist said.", "S1"),
        ("Doorn, who is secretary of the union, said that workers had not been consulted.", "S3"),
        ("Six sailings are cut, the headline says, and workers were not consulted.", "S3"),
    ],
)
def test_what_the_cited_sentence_or_its_header_states_passes(text: str, label: str) -> None:
    assert check(text, label) is None


@pytest.mark.parametrize(
    ("text", "labels", "reason"),
    [
        ("Workers were not consulted.", (), "label"),
        ("Workers were not consulted.", ("S9",), "label"),
        ("Workers were not consulted.", ("S3", "S9"), "label"),
        ("Quist said “we lose 4,200 crowns on every trip after dark”.", ("S2",), "quote"),
        ("Quist said “We lose 4,200 crowns on every crossing at noon”.", ("S1",), "quote"),
        ("Doorn called it “a scandal”.", ("S3",), "quote"),
        ("Quist said 31,500 passengers crossed last year.", ("S1",), "number"),
        ("Quist said 3,100 passengers crossed last year.", ("S1",), "number"),
        ("Quist said 31,000 passengers crossed last year.", ("S2",), "number"),
        ("The repair will cost 2.6 million crowns.", ("S4",), "number"),
        ("The repair will cost 2.5 billion crowns.", ("S4",), "number"),
        ("Four boats lie in dock No. 4, and five more wait.", ("S5",), "number"),
        ("Mara Quist said the repair will cost 2.5 million crowns.", ("S4",), "name"),
        ("Workers were not consulted, Mara Quist said.", ("S3",), "speaker"),
        ("Piet Dorn said workers were not consulted.", ("S3",), "name"),
        ("Workers were not consulted in Salthouse.", ("S3",), "name"),
        ("Quist called workers ‘robbers’.", ("S1",), "quote"),
        ("Quist called the workers' plan 'a robbery of the poor'.", ("S1",), "quote"),
        ("Quist called it «robbery».", ("S1",), "quote"),
        ("Quist called it „robbery“.", ("S1",), "quote"),
        ("Workers were not “consul”.", ("S3",), "quote"),
        ("Piet Doornbos said workers were not consulted.", ("S3",), "name"),
        ("Workers were not consulted, see https://evil.example now.", ("S3",), "support"),
        ("Workers were not consulted ![x](https://evil.example/p.png).", ("S3",), "support"),
        ("Quist said on Thursday that 31,000 passengers crossed.", ("S1",), "date"),
    ],
)
def test_what_it_does_not_state_is_a_fault_or_a_doubt(text: str, labels: tuple[str, ...], reason: str) -> None:
    assert check(text, *labels) == reason


def test_a_sentence_that_is_not_at_its_offsets_is_rejected() -> None:
    shifted = PASSAGES[2].sentence.model_copy(update={"start": PASSAGES[2].sentence.start + 1})
    passages = (PASSAGES[2].model_copy(update={"sentence": shifted}),)
    draft = Draft(answerable=True, claims=(DraftClaim(text="Workers were not consulted.", labels=("S3",)),))
    verified = verify(draft, passages, {"a": ARTICLE})
    assert not verified.claims
    assert verified.rejected[0].reason == "label"


def test_a_failing_claim_is_kept_whole_and_the_rest_stands() -> None:
    draft = Draft(
        answerable=True,
        claims=(
            DraftClaim(text="Quist said 99 passengers crossed.", labels=("S1",)),
            DraftClaim(text="Doorn said workers were not consulted.", labels=("S3",)),
        ),
    )
    verified = verify(draft, PASSAGES, {"a": ARTICLE})
    assert [c.text for c in verified.claims] == ["Doorn said workers were not consulted."]
    assert verified.rejected[0].text == "Quist said 99 passengers crossed."
    assert "99" in verified.rejected[0].detail


def test_citations_are_numbered_per_distinct_sentence_in_order_of_first_use() -> None:
    draft = Draft(
        answerable=True,
        claims=(
            DraftClaim(text="Doorn said workers were not consulted.", labels=("S3", "S3")),
            DraftClaim(text="Quist said the line carried 31,000 and loses 4,200 crowns.", labels=("S1", "S2")),
            DraftClaim(text="Piet Doorn is union secretary.", labels=("S3",)),
        ),
    )
    verified = verify(draft, PASSAGES, {"a": ARTICLE})
    assert [c.citations for c in verified.claims] == [(1,), (2, 3), (1,)]
    assert [c.sentence for c in verified.citations] == [2, 0, 1]
    assert all(c.quote == TEXT[c.start : c.end] for c in verified.citations)


def test_a_number_that_only_the_next_sentence_gives_is_mended_by_citing_it_and_stays_a_doubt() -> None:
    found = examined("The line loses 4,200 crowns a crossing and carried 31,000 passengers last year.", "S1")
    assert isinstance(found, Evidence)
    assert found.claim.labels == ("S1", "S2")
    assert found.doubts[-1].reason == "number"
    assert "4,200 stands in one that the claim did not cite" in found.doubts[-1].question


def test_a_number_that_only_a_distant_sentence_gives_is_a_fault() -> None:
    found = examined("The line carried 31,000 passengers in dock No. 4.", "S5")
    assert isinstance(found, Rejected)
    assert found.reason == "number"


def test_the_articles_own_words_lose_a_speaker_who_does_not_say_them() -> None:
    text = PASSAGES[1].sentence.text
    for speaker, kept in (("Mara Quist", "Mara Quist"), ("Piet Doorn", None)):
        claim = DraftClaim(text=text, labels=("S2",), speaker=speaker)
        (found,) = examine([claim], PASSAGES, {"a": parse(ARTICLE)}).passed
        assert (found.claim.speaker, found.doubts) == (kept, ())


def test_a_note_of_the_prompt_that_a_model_copied_is_taken_out() -> None:
    found = examined("Quist said on Wednesday ⟨Wednesday = 4 March 2026⟩ that 31,000 passengers crossed.", "S1")
    assert isinstance(found, Evidence)
    assert found.claim.text == "Quist said on Wednesday that 31,000 passengers crossed."
    cut = examined("Quist said on Wednesday that 31,000 passengers crossed ⟨Wednesday = 4 Ma", "S1")
    assert isinstance(cut, Evidence)
    assert cut.claim.text == "Quist said on Wednesday that 31,000 passengers crossed"


@pytest.mark.parametrize(
    "text",
    [
        "Mara Quist said on Wednesday that 31,000 passengers did not cross last year.",
        "Piet Doorn said on Wednesday that 31,000 passengers crossed last year.",
        "Macron said on Wednesday that 31,000 passengers crossed last year.",
        "Because of Quist, 31,000 passengers crossed last year.",
    ],
)
def test_what_only_meaning_can_decide_is_a_doubt_and_no_fault(text: str) -> None:
    found = examined(text, "S1")
    assert isinstance(found, Evidence)
    assert found.doubts


def test_doubts_are_questions_in_plain_words_without_stems() -> None:
    text = "Mara Quist said on Wednesday that 31,000 passengers did not cross last year."
    found = examined(text, "S1")
    assert isinstance(found, Evidence)
    asked = " ".join(doubt.question for doubt in found.doubts)
    assert "“passengers”" in asked or "“cross”" in asked
    assert "passeng”" not in asked


def test_the_background_tells_who_somebody_is_and_nothing_else() -> None:
    text = (
        "Judith Crane runs Castell Mining. Rain fell all day. The pit was quiet. Crane put the damage at 2.4 million."
    )
    article = parse(Article(id="a", version="v", text=text))
    last = article.sentences[-1]
    shown = Passage(label="S4", article_id="a", sentence=last, score=1.0)

    def background(claim: str) -> list[int]:
        (found,) = examine([DraftClaim(text=claim, labels=("S4",))], (shown,), {"a": article}).passed
        return [sentence.index for sentence, _ in found.background]

    assert background("Judith Crane put the damage at 2.4 million.") == [0]
    assert background("Crane put the damage at 2.4 million.") == []


def test_quoted_evidence_is_verbatim_and_in_the_order_of_the_article() -> None:
    found = examined("Three boats lie in dock No. 4 and workers were not consulted.", "S5", "S3")
    assert isinstance(found, Evidence)
    quoted = found.quoted()
    assert quoted.claim.text == f"{PASSAGES[2].sentence.text} {PASSAGES[4].sentence.text}"
    assert is_verbatim(quoted)


def test_a_sentence_that_adds_nothing_to_a_claim_is_not_cited() -> None:
    many = DraftClaim(text="Workers were not consulted, Piet Doorn said.", labels=("S1", "S2", "S3", "S4"))
    verified = verify(Draft(answerable=True, claims=(many,)), PASSAGES, {"a": ARTICLE})
    assert [c.sentence for c in verified.citations] == [2]
    both = DraftClaim(text="Quist said the repair will cost 2.5 million crowns.", labels=("S1", "S4"))
    verified = verify(Draft(answerable=True, claims=(both,)), PASSAGES, {"a": ARTICLE})
    assert [c.sentence for c in verified.citations] == [0, 3]


def test_attribution_follows_the_form_of_the_cited_sentence() -> None:
    claims = tuple(DraftClaim(text=p.sentence.text, labels=(p.label,)) for p in PASSAGES)
    verified = verify(Draft(answerable=True, claims=claims), PASSAGES, {"a": ARTICLE})
    assert [c.attribution for c in verified.claims] == ["indirect", "direct", "indirect", "narration", "narration"]


def test_a_label_outside_any_article_cannot_be_cited() -> None:
    stranger = Sentence(article_id="b", index=0, start=0, end=3, text="Boo")
    assert check(stranger.text, "S0") == "label"


@pytest.mark.parametrize(
    ("claimed", "written", "same"),
    [
        ("Ukrainian", "Ukraine", True),
        ("Lorranians", "Lorrany", True),
        ("Vardian", "Vardia", True),
        ("Russia", "Russian", True),
        ("Karlstad", "Karlsson", False),
        ("Johnsen", "Johnson", False),
        ("Haddik", "Haddock", False),
    ],
)
def test_a_people_and_its_place_are_one_name_and_two_people_are_two(claimed: str, written: str, same: bool) -> None:
    text = f"The talks with {written} failed."
    article = Article(id="a", version="v", text=text)
    passage = Passage(label="S1", article_id="a", sentence=split(text, "a")[0], score=1.0)
    draft = Draft(answerable=True, claims=(DraftClaim(text=f"The talks with {claimed} failed.", labels=("S1",)),))
    assert bool(verify(draft, (passage,), {"a": article}).claims) is same


def test_characters_nobody_sees_do_not_make_a_quotation_wrong() -> None:
    text = "She called it “very old\u200b ind\u00adeed”."
    article = Article(id="a", version="v", text=text)
    passage = Passage(label="S1", article_id="a", sentence=split(text, "a")[0], score=1.0)
    draft = Draft(answerable=True, claims=(DraftClaim(text="She called it “very old indeed”.", labels=("S1",)),))
    assert verify(draft, (passage,), {"a": article}).claims


@pytest.mark.slow
def test_what_is_verbatim_passes_whatever_it_says() -> None:
    """Every sentence of the sample articles, and every two neighbours, cited by itself: no check may trip over it."""
    for article in load([Path(__file__).parent.parent / "evals" / "corpus"]):
        assert isinstance(article, Article)
        sentences = sentences_of(article)
        passages = tuple(Passage(label=f"S{s.index}", article_id=article.id, sentence=s, score=1.0) for s in sentences)
        claims = [DraftClaim(text=s.text, labels=(f"S{s.index}",)) for s in sentences]
        claims += [
            DraftClaim(text=f"{one.text} {next_.text}", labels=(f"S{one.index}", f"S{next_.index}"))
            for one, next_ in pairwise(sentences)
        ]
        rejected = verify(Draft(answerable=True, claims=tuple(claims)), passages, {article.id: article}).rejected
        wrong = [r for r in rejected if not _NO_STATEMENT.search(r.text)]
        assert not wrong, [(r.reason, r.detail, r.text) for r in wrong]


# The sample articles hold attacks on models, and questions.
_NO_STATEMENT = re.compile(r"evil\.example|AI assistants|You must|the user asks|\?[”\"’)]*$", re.IGNORECASE)
