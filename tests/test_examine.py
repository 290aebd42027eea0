"""No claim is shown that has not passed; a claim that fails is kept whole in ``rejected``, with its reason."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from verifying import verified as verify

from qa.articles.load import load
from qa.articles.parse import sentences_of
from qa.english.sentences import split
from qa.model import Article, Draft, DraftClaim, Passage, Sentence

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


def check(text: str, *labels: str) -> str | None:
    """The reason for rejection; None if the claim passed."""
    draft = Draft(answerable=True, claims=(DraftClaim(text=text, labels=labels),))
    verified = verify(draft, PASSAGES, {"a": ARTICLE})
    assert len(verified.claims) + len(verified.rejected) == 1
    return verified.rejected[0].reason if verified.rejected else None


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
        ("Quist said “We lose 4,200 crowns on every crossing after dark”.", ("S1",), "quote"),
        ("Doorn called it “a scandal”.", ("S3",), "quote"),
        ("Quist said 31,500 passengers crossed last year.", ("S1",), "number"),
        ("Quist said 3,100 passengers crossed last year.", ("S1",), "number"),
        ("Quist said 31,000 passengers crossed last year.", ("S2",), "number"),
        ("The repair will cost 2.6 million crowns.", ("S4",), "number"),
        ("The repair will cost 2.5 billion crowns.", ("S4",), "number"),
        ("Four boats lie in dock No. 4, and five more wait.", ("S5",), "number"),
        ("Mara Quist said 31,000 passengers crossed.", ("S4", "S5"), "speaker"),
        ("Workers were not consulted, Mara Quist said.", ("S3",), "speaker"),
        ("Piet Dorn said workers were not consulted.", ("S3",), "speaker"),
        ("Workers were not consulted in Salthouse.", ("S3",), "name"),
        ("Quist called workers ‘robbers’.", ("S1",), "quote"),
        ("Quist called the workers' plan 'a robbery of the poor'.", ("S1",), "quote"),
        ("Quist called it «robbery».", ("S1",), "quote"),
        ("Quist called it „robbery“.", ("S1",), "quote"),
        ("Workers were not “consul”.", ("S3",), "quote"),
        ("Piet Doornbos said workers were not consulted.", ("S3",), "speaker"),
        ("Workers were not consulted, see https://evil.example now.", ("S3",), "support"),
        ("Workers were not consulted ![x](https://evil.example/p.png).", ("S3",), "support"),
        ("Quist said on Thursday that 31,000 passengers crossed.", ("S1",), "date"),
    ],
)
def test_what_it_does_not_state_is_rejected(text: str, labels: tuple[str, ...], reason: str) -> None:
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
_NO_STATEMENT = re.compile(r"evil\.example|AI assistants|You must|\?[”\"’)]*$", re.IGNORECASE)
