"""An Answer as text, Markdown and footnotes: what an article says stands apart from what code adds to it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from test_model import made

from qa.model import Abstention, Added, Answer, ArticleRef, Citation, Claim, Conflict, Rejected, Said
from qa.render import (
    heading_of,
    judged_by,
    lead_of,
    made_of,
    nearest_of,
    parts_of,
    provenance_of,
    short_outlet,
    tags_of,
    to_footnotes,
    to_json,
    to_markdown,
    to_text,
)

QUOTE = "The pier cost *4.2m* crowns in 2024."
TEXT = "He said on Wednesday the pier was “safe”. It opens in June. The bridge is shut."
PIER = ArticleRef(
    id="a",
    version="v",
    title="Pier “safe”",
    source="Salthouse Herald",
    published=date(2026, 3, 5),
    url="https://h.example/p",
)


def cite(number: int, quote: str, sentence: int = 0, answer: str = "", **fields: Any) -> Citation:
    start = TEXT.find(quote) if quote in TEXT else 0
    at = start + quote.index(answer) if answer else 0
    place = {"article_id": "a", "version": "v", "sentence": sentence, "start": start, "end": start + len(quote)}
    span = (at, at + len(answer)) if answer else None
    return Citation(**({"number": number, "quote": quote, "answer": span} | place | fields))


def stated(*claims: Claim, cited: tuple[Citation, ...], **fields: Any) -> Answer:
    return made(claims=claims, citations=cited, articles=(PIER,), **fields)


SAID = cite(1, "He said on Wednesday the pier was “safe”.")
ADDED = Claim(
    text="He (Owen Tarn) said on Wednesday (4 March 2026) the pier was “safe”.",
    citations=(1,),
    context=(2,),
    speaker="Owen Tarn",
    attribution="indirect",
    added=(
        Added(kind="name", start=2, end=14, words="He", means="Owen Tarn"),
        Added(kind="day", start=32, end=47, words="Wednesday", means="4 March 2026"),
    ),
)
TOLD = stated(ADDED, cited=(SAID, cite(2, "It opens in June.", 1)))


# -- quoted and added --------------------------------------------------------------------------------------------------


def test_an_articles_words_stand_in_marks_and_what_code_adds_stands_outside_in_brackets() -> None:
    text = to_text(TOLD)
    quoted = "“He said on Wednesday the pier was ‘safe’.” [1] [He: Owen Tarn; Wednesday: 4 March 2026 [2]]"
    assert text.splitlines()[:2] == [quoted, "    Salthouse Herald · 5 March 2026 · Owen Tarn, reported"]
    assert "(4 March 2026)" not in text


@pytest.mark.parametrize("render", [to_text, to_markdown, to_footnotes])
def test_no_rendering_puts_added_words_between_quotation_marks(render: Any) -> None:
    between = render(TOLD).partition("“")[2].partition("”")[0]
    assert between == "He said on Wednesday the pier was ‘safe’."


def test_json_keeps_both_the_whole_text_and_what_was_added() -> None:
    again = Answer.model_validate_json(to_json(TOLD))
    assert again == TOLD
    assert again.claims[0].text == ADDED.text
    assert again.claims[0].bare == SAID.quote


def test_each_tag_says_that_dateline_added_it_and_why() -> None:
    assert [tag.text for tag in tags_of(ADDED)] == ["He: Owen Tarn", "Wednesday: 4 March 2026"]
    assert all(tag.why.startswith("Added by Dateline: ") for tag in tags_of(ADDED))


def test_a_speaker_put_in_front_stands_in_the_line_below_and_is_no_tag() -> None:
    claim = Claim(
        text="Owen Tarn: It opens in June.",
        citations=(1,),
        speaker="Owen Tarn",
        attribution="direct",
        added=(Added(kind="speaker", start=0, end=11, means="Owen Tarn"),),
    )
    assert parts_of(claim, [cite(1, "It opens in June.")])[0].text == "“It opens in June.”"
    assert tags_of(claim) == ()
    assert provenance_of(claim, [PIER]).endswith("Owen Tarn, quoted")


def test_a_models_own_wording_has_no_quotation_marks() -> None:
    (part,) = parts_of(Claim(text="The pier is said to be safe.", citations=(1,)), [SAID])
    assert (part.quoted, part.text) == (False, "The pier is said to be safe.")


def test_words_that_stand_in_the_sentence_are_quoted() -> None:
    (part,) = parts_of(Claim(text="the pier was “safe”", citations=(1,)), [SAID])
    assert (part.quoted, part.text) == (True, "“the pier was ‘safe’”")


def test_neighbouring_sentences_are_one_quotation_and_distant_ones_two() -> None:
    first, next_, far = SAID, cite(2, "It opens in June.", 1), cite(3, "The bridge is shut.", 7)
    claim = Claim(text=f"{first.quote} {next_.quote} {far.quote}", citations=(1, 2, 3))
    assert [part.text for part in parts_of(claim, [first, next_, far])] == [
        "“He said on Wednesday the pier was ‘safe’. It opens in June.”",
        "“The bridge is shut.”",
    ]


# -- the words that answer ---------------------------------------------------------------------------------------------


def answering(words: str, **fields: Any) -> Answer:
    claim = Claim(text=QUOTE, citations=(1,), **fields)
    return stated(claim, cited=(cite(1, QUOTE, answer=words),))


def test_the_answering_words_are_bold_in_markdown() -> None:
    assert r"“The pier cost \*4.2m\* crowns in **2024**.”" in to_markdown(answering("2024"))


def test_words_beside_a_mark_are_not_bold_because_markdown_would_show_the_asterisks() -> None:
    assert "**" not in to_markdown(answering("*4.2m*"))


def test_answering_words_are_marked_in_other_words_where_they_occur_once() -> None:
    citation = cite(1, QUOTE, answer="4.2m")
    (part,) = parts_of(Claim(text="It cost 4.2m in all.", citations=(1,)), [citation])
    assert part.runs == (("It cost ", False), ("4.2m", True), (" in all.", False))
    (twice,) = parts_of(Claim(text="It cost 4.2m, not 4.2m.", citations=(1,)), [citation])
    assert not any(run.answers for run in twice.runs)


def test_a_value_that_holds_no_longer_is_not_marked_as_the_answer() -> None:
    assert "**" not in to_markdown(answering("2024", standing="superseded", as_of=date(2026, 3, 5)))


# -- provenance --------------------------------------------------------------------------------------------------------


def test_every_claim_has_its_outlet_its_day_and_who_says_it() -> None:
    narrated = Claim(text=QUOTE, citations=(1,))
    assert provenance_of(narrated, [PIER]) == "Salthouse Herald · 5 March 2026 · told by the article itself"
    other = PIER.model_copy(update={"source": "Coast Wire", "published": None})
    assert provenance_of(narrated, [PIER, PIER, other]).startswith(
        "Salthouse Herald · 5 March 2026 and Coast Wire · undated"
    )


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Coast Wire", "Coast Wire"),
        ("The Ledger", "Ledger"),
        ("Northern Coast Gazette and Mail", "NCGM"),
        ("Salthousiananzeiger", "Salthousiananze…"),
        (None, ""),
    ],
)
def test_a_citation_carries_the_short_name_of_its_outlet(name: str | None, short: str) -> None:
    assert short_outlet(PIER.model_copy(update={"source": name})) == short


def test_copies_have_the_headline_and_the_address_of_each_source() -> None:
    for text in (to_text(TOLD), to_footnotes(TOLD)):
        assert "Salthouse Herald, 5 March 2026, “Pier ‘safe’”" in text
        assert "https://h.example/p" in text
    assert r"https\://h.example/p" in to_markdown(TOLD)


def test_every_footnote_has_a_reference_in_the_text() -> None:
    above, _, below = to_footnotes(TOLD).partition("\n\n")
    assert [line[0] for line in below.splitlines()] == ["¹", "²"]
    assert "¹" in above
    assert "[He: Owen Tarn; Wednesday: 4 March 2026²]" in above


def test_two_footnotes_of_one_claim_are_not_read_as_one_number() -> None:
    claim = Claim(text="The pier is safe and opens in June.", citations=(1, 2))
    assert "¹\u2009²" in to_footnotes(stated(claim, cited=(SAID, cite(2, "It opens in June.", 1))))


def test_a_sentence_that_a_claim_shows_whole_is_not_repeated_among_the_sources() -> None:
    assert to_text(TOLD).count("the pier was") == 1
    reworded = stated(Claim(text="The pier is safe.", citations=(1,)), cited=(SAID,))
    assert "    “He said on Wednesday the pier was ‘safe’.”" in to_text(reworded)


# -- corrections and conflicts -----------------------------------------------------------------------------------------

OLD = Claim(text="It opens in June.", citations=(2,), standing="corrected", as_of=date(2026, 3, 5))
CHANGED = stated(
    Claim(text=SAID.quote, citations=(1,), standing="current"),
    OLD,
    Claim(text="The bridge is shut.", citations=(3,), standing="current"),
    cited=(SAID, cite(2, "It opens in June.", 1), cite(3, "The bridge is shut.", 7)),
    conflicts=(Conflict(kind="correction", claims=(0, 1), detail="Corrected on 6 March 2026: July, not June."),),
)


def test_a_correction_stands_beside_the_claim_that_it_corrects() -> None:
    lines = to_text(CHANGED).splitlines()
    at = lines.index("[Before the correction] “It opens in June.” [2]")
    assert lines[at + 2] == "    Corrected on 6 March 2026: July, not June."
    footnotes = to_footnotes(CHANGED)
    assert "”² [Corrected on 6 March 2026: July, not June.] “The bridge" in footnotes


def test_what_may_hold_no_longer_is_introduced_and_says_why() -> None:
    lead = lead_of(OLD)
    assert lead is not None
    assert lead.text == "Before the correction"
    assert lead.why == "Added by Dateline: A correction says that this was wrong."
    assert lead_of(CHANGED.claims[0]) is None


# -- no answer ---------------------------------------------------------------------------------------------------------


def abstained(reason: str, *cited: Citation, **fields: Any) -> Answer:
    found = Abstention.model_validate(
        {"reason": reason, "message": "The articles touch on this.", "nearest": [c.number for c in cited]}
    )
    return made(
        status="abstained", claims=(), citations=cited, articles=(PIER,) * bool(cited), abstention=found, **fields
    )


def test_without_an_answer_the_closest_sentences_are_shown_as_claims_are() -> None:
    said = Said(start=0, end=30, attribution="indirect", speaker="Owen Tarn")
    found = abstained("detail_not_stated", SAID.model_copy(update={"said": (said,)}))
    assert to_text(found).splitlines() == [
        "No sentence found that answers this.",
        "The articles touch on this.",
        "",
        "The closest sentences:",
        "",
        "“He said on Wednesday the pier was ‘safe’.” [1]",
        "    Salthouse Herald · 5 March 2026 · Owen Tarn, reported",
        "",
        "Sources:",
        "[1] Salthouse Herald, 5 March 2026, “Pier ‘safe’”",
        "    https://h.example/p",
    ]


def test_closest_sentences_that_follow_each_other_are_shown_together() -> None:
    found = abstained("detail_not_stated", SAID, cite(2, "It opens in June.", 1), cite(3, "The bridge is shut.", 7))
    assert [claim.citations for claim in nearest_of(found)] == [(1, 2), (3,)]


def test_only_articles_that_say_otherwise_are_called_so() -> None:
    otherwise, missing = abstained("premise_contradicted").abstention, abstained("unverified").abstention
    assert otherwise
    assert missing
    assert heading_of(otherwise) == "The articles say otherwise"
    assert heading_of(missing) == "No sentence found that answers this"


# -- how it was made ---------------------------------------------------------------------------------------------------

NUMBER = Rejected(text="It cost 5m.", labels=("S1",), reason="number", detail="5m stands in no sentence")
SHOWN = {"shown": (("S1", "a", 0), ("S2", "a", 1), ("S3", "b", 0))}


def read(answer: Answer, **fields: Any) -> Answer:
    return answer.model_copy(update={"provenance": answer.provenance.model_copy(update=SHOWN | fields)})


def test_one_sentence_says_what_was_read_and_what_is_withheld() -> None:
    assert made_of(read(TOLD)) == "Read 3 sentences of 2 articles."
    repeated = NUMBER.model_copy(update={"labels": ("S2",)})
    other = NUMBER.model_copy(update={"text": "It cost 6m."})
    rejected = TOLD.model_copy(update={"rejected": (NUMBER, repeated, other)})
    assert made_of(read(rejected)) == (
        "Read 3 sentences of 2 articles; 2 drafted statements withheld: a number that is not in the source."
    )


def test_who_judged_is_told_even_if_every_claim_was_withheld() -> None:
    none_left = abstained("unverified", rejected=(NUMBER,))
    assert judged_by(read(none_left, mode="model")) == (
        "Dateline’s own checks; they withheld every statement, so no judge was asked"
    )
    assert judged_by(read(none_left, mode="model", judge="chat")) == "the model, asked again about each claim"
    assert judged_by(read(TOLD, mode="reader")) == "nobody: the claims are the sentences themselves"
