"""An Answer as text and Markdown: the words that answer the question stand out."""

from __future__ import annotations

from typing import Any

from test_model import made

from qa.model import Answer, Citation, Claim
from qa.render import claim_pieces, to_markdown

QUOTE = "The pier cost *4.2m* crowns in 2024."


def answered(answer: tuple[int, int] | None, **fields: Any) -> Answer:
    citation = Citation(
        number=1, article_id="a", version="v", sentence=0, start=0, end=len(QUOTE), quote=QUOTE, answer=answer
    )
    return made(citations=(citation,), claims=(Claim(text=QUOTE, citations=(1,)),), **fields)


def test_the_answering_words_are_bold_in_markdown() -> None:
    start = QUOTE.index("2024")
    assert r"1. The pier cost \*4.2m\* crowns in **2024**." in to_markdown(answered((start, start + 4)))


def test_words_beside_a_mark_are_not_bold_because_markdown_would_show_the_asterisks() -> None:
    start = QUOTE.index("*4.2m*")
    assert "**" not in to_markdown(answered((start, start + 6)))


def test_answering_words_are_marked_in_a_claim_where_they_occur_once() -> None:
    start = QUOTE.index("4.2m")
    found = answered((start, start + 4))
    claim = found.claims[0]
    assert claim_pieces(claim, found.citations) == (
        ("The pier cost *", False),
        ("4.2m", True),
        ("* crowns in 2024.", False),
    )
    twice = claim.model_copy(update={"text": "It cost 4.2m, not 4.2m."})
    assert claim_pieces(twice, found.citations) == ((twice.text, False),)
    assert claim_pieces(claim, answered(None).citations) == ((QUOTE, False),)
