"""Scorers against examples worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest
from small_world import abstained, answered, cite, corpus, provenance, resolved

from qa.evaluate.invariants import faults
from qa.evaluate.scorers import SCORERS, score
from qa.evaluate.wording import is_date, states, tokens
from qa.model import Answer, Usage, When

WHERE = corpus()
TWO = corpus(a="One here. Two here.", b="Three here. Four here.", c="Five here. Six here.")


def value(name: str, *args: object) -> object:
    return SCORERS[name](*args)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("It closed on 4 March 2026.", "March 4, 2026"),
        ("It closed on March 4, 2026.", "2026-03-04"),
        ("It closed on 2026-03-04.", "4 March 2026"),
        ("It closed on 2026-03-04.", "4 March"),
        ("It closed on Wednesday, Sept. 16, they said.", "16 September"),
        ("The 4th of March was cold.", "March 4"),
        ("a bill of 1.12 million crowns", "1,120,000"),
        ("a bill of 48m crowns", "48 million"),
        ("31 000 vehicles", "31,000"),
        ("Three were hurt.", "3"),
        ("thirty-one days", "31"),
        ("Three hundred and twelve people died.", "312 people"),
        ("312 people died.", "three hundred and twelve people"),
        ("one million two hundred thousand crowns", "1.2 million crowns"),
        ("villages of two hundred and three hundred people", "300 people"),
        ("a hundred men and a thousand women", "100 men"),
        ("a hundred men and a thousand women", "1,000 women"),
        ("half a million people", "500,000"),
        ("two and a half million people", "2.5 million people"),
        ("a million and a half", "1,500,000"),
        ("two trillion dollars", "2,000,000,000,000"),
        ("Of the twenty, two were new.", "two were new"),
        ("5.6 per cent of it", "5.6%"),
        ("rose to 4.50%", "4.5 percent"),
        ("at 11 p.m. on Friday", "11 pm"),
        ("a 46-km detour", "46 km"),
        ("DANA HALLORAN said", "Dana Halloran"),
        ("the miners’ infirmary", "miners' infirmary"),
        ("Zoë Brontë left", "Zoe Bronte"),
        ("Søren Æbelø left Łódź for Beech Straße", "Soren Aebelo left Lodz for Beech Strasse"),
        ("Soren left Lodz", "Søren left Łódź"),
        ("ØRSTED STREET", "Orsted Street"),
        ("Zoe\u0308 Bronte\u0308 left", "Zoë Brontë"),
        ("They set rosters aside.", "roster"),
        ("Halloran’s letter", "Halloran"),
    ],
)
def test_a_phrase_is_stated_in_any_spelling(text: str, phrase: str) -> None:
    assert states(text, phrase)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("on 25 March", "5 March"),
        ("on 5 March", "25 March"),
        ("on March 4", "4 March 2026"),
        ("5.6 metres", "5"),
        ("1,480 men", "480"),
        ("21.4 million", "1.4 million"),
        ("21.4 million", "21.4"),
        ("three hundred and twelve people", "12 people"),
        ("three hundred and twelve people", "300"),
        ("one million two hundred thousand crowns", "200 thousand crowns"),
        ("half a million", "a million"),
        ("several hundred people", "100 people"),
        ("Judge Ruth Halloran-Vey ruled", "Halloran"),
        ("Dana saw Halloran", "Dana Halloran not"),
        ("a burden", "den"),
        ("the rosterman", "roster"),
        ("", "x"),
        ("anything", "…"),
    ],
)
def test_similar_phrases_are_not_stated(text: str, phrase: str) -> None:
    assert not states(text, phrase)


def test_tokens_are_canonical() -> None:
    assert tokens("On Jan. 3, 2026, twenty-two of 1,300 left") == (
        "on",
        "january",
        "3",
        "2026",
        "22",
        "of",
        "1300",
        "left",
    )
    assert tokens("may 40 men, and 5 May") == ("may", "40", "men", "and", "may", "5")
    assert is_date("Sept. 3")
    assert is_date("2026-01-02")
    assert not is_date("May")
    assert not is_date("three weeks")


def test_recall_at_k_and_reciprocal_rank() -> None:
    case = resolved({("b", 0)}, {("c", 1), ("a", 1)})
    found = answered(TWO, ("a", 0), shown=[("a", 0), ("a", 1), ("b", 1)])
    assert value("recall@1", case, found, TWO) == 0.5  # article a is an alternative for the second item
    assert value("recall@5", case, found, TWO) == 1.0
    assert value("mrr", case, found, TWO) == 1.0
    assert value("evidence_recall", case, found, TWO) == 0.5  # sentence 1 of b was shown, but not sentence 0
    behind = answered(TWO, ("a", 0), shown=[("c", 0), ("a", 0), ("b", 0)])
    assert value("mrr", resolved({("b", 0)}), behind, TWO) == pytest.approx(1 / 3)
    assert value("mrr", resolved({("b", 0)}), answered(TWO, ("a", 0)), TWO) == 0.0
    assert value("recall@5", resolved(), found, TWO) is None


def test_fact_recall_and_correct() -> None:
    case = resolved({("a", 1)}, facts=(("5 March", "2026-03-05"), ("Bravo",), ("Zulu",)))
    assert value("fact_recall", case, answered(WHERE, ("a", 1)), WHERE) == pytest.approx(2 / 3)
    assert value("correct", case, answered(WHERE, ("a", 1)), WHERE) is False
    assert value("fact_recall", case, abstained(), WHERE) is None
    assert value("correct", case, abstained(), WHERE) is False
    whole = resolved({("a", 1)}, facts=(("5 March",),))
    assert value("correct", whole, answered(WHERE, ("a", 1)), WHERE) is True
    assert value("correct", resolved(), answered(WHERE, ("a", 1)), WHERE) is None


def test_a_fact_split_over_two_claims_is_not_stated() -> None:
    case = resolved({("a", 0)}, facts=(("here Bravo",),))
    assert value("fact_recall", case, answered(WHERE, ("a", 0), ("a", 1)), WHERE) == 0.0


def test_one_forbidden_fact_makes_an_answer_wrong() -> None:
    case = resolved({("a", 1)}, facts=(("5 March",),), forbidden=("1,200",))
    assert value("forbidden", case, answered(WHERE, ("a", 1)), WHERE) is True
    both = answered(WHERE, ("a", 1), ("a", 3))
    assert value("forbidden", case, both, WHERE) is False
    assert value("correct", case, both, WHERE) is False


def test_a_resolved_date_counts_if_the_claim_has_its_words() -> None:
    case = resolved({("a", 0)}, facts=(("4 March 2026", "March 4"),), tags=("calendar-date",))
    when = When(words="on Wednesday", start=date(2026, 3, 4), end=date(2026, 3, 4), precision="day")
    said = answered(WHERE, ("a", 0), text="It closed on Wednesday.", occurred=when)
    assert value("calendar_date", case, said, WHERE) is True
    assert value("correct", case, said, WHERE) is True
    assert value("calendar_date", case, answered(WHERE, ("a", 0), text="It closed on Wednesday."), WHERE) is False
    # A date without words in the claim, such as the day of publication, does not count.
    assert value("calendar_date", case, answered(WHERE, ("a", 0), text="It closed.", occurred=when), WHERE) is False
    other = resolved({("a", 0)}, facts=(("4 March",),))
    assert value("calendar_date", other, said, WHERE) is None


@pytest.mark.parametrize(
    ("text", "field", "right"),
    [
        ("It fell.", "Dana Halloran", True),
        ("It fell.", "Halloran", True),
        ("It fell.", "Transport Minister Dana Halloran", True),
        ("It fell.", "Patrick Halloran", False),
        ("Dana Halloran said it fell.", "Patrick Halloran", False),  # the speaker field wins over the text
        ("It fell.", None, False),
        ("Dana Halloran said it fell.", None, True),
        ("It fell, Halloran said.", None, True),
        ("It fell, Minister Halloran said.", None, True),
        ("It fell, Patrick Halloran said.", None, False),
        ("The Halloran Bridge fell.", None, False),
        ("It fell, Halloran-Vey said.", None, False),
    ],
)
def test_speaker(text: str, field: str | None, right: bool) -> None:
    case = resolved({("a", 0)}, speaker="Dana Halloran")
    assert value("speaker", case, answered(WHERE, ("a", 0), text=text, speaker=field), WHERE) is right
    assert value("speaker", case, abstained(), WHERE) is None
    assert value("speaker", resolved({("a", 0)}), answered(WHERE, ("a", 0)), WHERE) is None


def test_citation_precision_recall_and_f1() -> None:
    # Required: a0, and b0 or c0. Cited: a0, a1 (also fine), b1 (wrong). P = 2/3, R = 1/2, F1 = 4/7.
    case = resolved({("a", 0)}, {("b", 0), ("c", 0)}, fine=[("a", 1)])
    found = answered(TWO, ("a", 0), ("a", 1), ("b", 1))
    assert value("citation_precision", case, found, TWO) == pytest.approx(2 / 3)
    assert value("citation_recall", case, found, TWO) == 0.5
    assert value("citation_f1", case, found, TWO) == pytest.approx(4 / 7)
    assert value("citation_f1", case, answered(TWO, ("b", 1)), TWO) == 0.0
    assert (
        value("citation_f1", case, answered(TWO, ("a", 0), ("c", 0)), TWO) == 1.0
    )  # the sentence of the near-copy is equally good
    for name in ("citation_precision", "citation_recall", "citation_f1"):
        assert value(name, case, abstained(), TWO) is None
        assert value(name, resolved(), found, TWO) is None


def test_citing_the_sentence_next_to_a_gold_sentence_is_wrong() -> None:
    case = resolved({("a", 1)})
    assert value("citation_precision", case, answered(WHERE, ("a", 2)), WHERE) == 0.0
    assert value("citation_recall", case, answered(WHERE, ("a", 0)), WHERE) == 0.0


def altered(found: Answer, **fields: object) -> Answer:
    """Change the first citation of an answer, bypassing the model's validation."""
    first, *rest = found.citations
    return found.model_copy(update={"citations": (first.model_copy(update=fields), *rest)})


def test_every_inexact_citation_is_a_fault() -> None:
    good = answered(WHERE, ("a", 1))
    assert value("citation_validity", resolved(), good, WHERE) is True
    assert faults(good, WHERE) == ()
    for fields in (
        {"quote": "Bravo said 6 March."},
        {"start": 0},
        {"sentence": 2},
        {"sentence": 99},
        {"article_id": "elsewhere"},
        {"version": "2"},
        cite(WHERE, 1, "a", 2).model_dump(include={"start", "end", "quote"}),
    ):
        bad = altered(good, **fields)
        assert value("citation_validity", resolved(), bad, WHERE) is False, fields
        assert faults(bad, WHERE), fields
    assert value("citation_validity", resolved(), abstained(), WHERE) is None


def test_quotations_must_be_verbatim_in_a_cited_sentence() -> None:
    right = answered(WHERE, ("a", 2), text="He “was never” in it, Charlie said.")
    wrong = answered(WHERE, ("a", 2), text="He “was ever” in it, Charlie said.")
    elsewhere = answered(WHERE, ("a", 1), text="He “was never” in it, Charlie said.")
    straight = answered(WHERE, ("a", 2), text='He "was never," Charlie said.')
    assert value("quote_exactness", resolved(), right, WHERE) is True
    assert value("quote_exactness", resolved(), straight, WHERE) is True
    assert value("quote_exactness", resolved(), wrong, WHERE) is False
    assert value("quote_exactness", resolved(), elsewhere, WHERE) is False
    assert value("quote_exactness", resolved(), answered(WHERE, ("a", 0)), WHERE) is None
    assert faults(wrong, WHERE)


def test_a_cited_sentence_must_have_been_shown() -> None:
    assert "not shown" in faults(answered(WHERE, ("a", 1), shown=[("a", 0)]), WHERE)[0]


def test_citation_numbers_follow_their_first_use() -> None:
    found = answered(WHERE, ("a", 0), ("a", 1))
    swapped = found.model_copy(update={"claims": tuple(reversed(found.claims))})
    assert "first used" in faults(swapped, WHERE)[0]
    twice = found.model_copy(update={"citations": (cite(WHERE, 1, "a", 0), cite(WHERE, 2, "a", 0))})
    assert any("two numbers" in fault for fault in faults(twice, WHERE))
    misnumbered = found.model_copy(update={"citations": (cite(WHERE, 1, "a", 0), cite(WHERE, 3, "a", 1))})
    assert any("1..n" in fault for fault in faults(misnumbered, WHERE))


def test_an_answer_has_either_claims_or_an_abstention() -> None:
    assert faults(abstained(), WHERE) == ()
    assert faults(abstained().model_copy(update={"abstention": None}), WHERE)
    assert faults(answered(WHERE, ("a", 0)).model_copy(update={"claims": ()}), WHERE)


def test_abstention_is_scored_separately() -> None:
    answerable, hopeless = resolved({("a", 0)}), resolved(abstention="not_covered")
    assert value("answer_rate", answerable, answered(WHERE, ("a", 0)), WHERE) is True
    assert value("answer_rate", answerable, abstained(), WHERE) is False
    assert value("answer_rate", hopeless, abstained(), WHERE) is None
    assert value("abstention_recall", hopeless, abstained(), WHERE) is True
    assert value("abstention_recall", hopeless, answered(WHERE, ("a", 0)), WHERE) is False
    assert value("abstention_recall", answerable, abstained(), WHERE) is None
    assert value("abstention_reason", hopeless, abstained(), WHERE) is True
    assert value("abstention_reason", hopeless, abstained("unverified"), WHERE) is False
    assert value("abstention_reason", hopeless, answered(WHERE, ("a", 0)), WHERE) is None


def test_unknown_amounts_are_not_scored_as_zero() -> None:
    plain = answered(WHERE, ("a", 0))
    assert [value(name, resolved(), plain, WHERE) for name in ("latency_ms", "tokens", "cost_usd")] == [None] * 3
    usage = Usage(input=100, output=20, cost_usd=0.5)
    made = provenance([("a", 0)], usage=usage, timings_ms={"search": 2.0, "draft": 3.5})
    found = answered(WHERE, ("a", 0), provenance=made)
    assert [value(name, resolved(), found, WHERE) for name in ("latency_ms", "tokens", "cost_usd")] == [5.5, 120.0, 0.5]


def test_every_score_has_an_explanation() -> None:
    for case in (resolved(), resolved({("a", 1)}, facts=(("x",),), forbidden=("y",), speaker="Z")):
        for found in (abstained(), answered(WHERE, ("a", 1))):
            scores = score(case, found, WHERE)
            assert [s.name for s in scores] == list(SCORERS)
            assert all(s.explanation for s in scores)
