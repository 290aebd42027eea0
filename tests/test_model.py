"""The contract: an inconsistent Answer cannot be created, and an Answer survives a round trip through JSON."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from qa.model import Abstention, Added, Answer, Article, ArticleRef, Citation, Claim, Coverage, Filters, Provenance


def made(**changes: Any) -> Answer:
    citation = Citation(number=1, article_id="a", version="v", sentence=0, start=0, end=5, quote="Hello")
    fields: dict[str, Any] = {
        "question": "Who?",
        "standalone": "Who?",
        "status": "answered",
        "claims": (Claim(text="Hello.", citations=(1,)),),
        "citations": (citation,),
        "articles": (ArticleRef(id="a", version="v", published=date(2026, 3, 5)),),
        "coverage": Coverage(articles=1, first=date(2026, 3, 5), last=date(2026, 3, 5)),
        "provenance": Provenance(
            mode="reader", embedder="wordllama", qa_version="0", library_revision=1, created=datetime.now(UTC)
        ),
    }
    return Answer(**(fields | changes))


def test_the_text_joins_the_claims_with_their_markers() -> None:
    assert made().text == "Hello. [1]"


def test_the_answering_words_are_a_piece_of_their_quote() -> None:
    citation = made().citations[0].model_copy(update={"start": 7, "end": 12, "answer": (8, 10)})
    assert citation.pieces == (("H", False), ("el", True), ("lo", False))
    assert made(citations=(citation,)).citations == (citation,)
    with pytest.raises(ValidationError, match="inside their citation"):
        made(citations=(citation.model_copy(update={"answer": (8, 13)}),))


def test_what_was_added_to_a_claim_stands_in_its_text() -> None:
    text = "It sailed on Monday (2 March 2026) from Vale."
    added = Added(kind="day", start=19, end=34, words="Monday", means="2 March 2026")
    assert Claim(text=text, citations=(1,), added=(added,)).bare == "It sailed on Monday from Vale."
    with pytest.raises(ValidationError, match="in its text, in order"):
        Claim(text=text, citations=(1,), added=(added.model_copy(update={"end": 99}),))


def test_the_text_of_an_abstention_is_its_message() -> None:
    abstained = made(
        status="abstained",
        claims=(),
        citations=(),
        abstention=Abstention(reason="not_covered", message="The articles do not cover this."),
    )
    assert abstained.text == "The articles do not cover this."


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"status": "abstained"}, id="abstained without an abstention"),
        pytest.param({"claims": ()}, id="answered without a claim"),
        pytest.param({"citations": ()}, id="a claim cites a number that is not listed"),
        pytest.param({"articles": ()}, id="a cited article is not listed"),
        pytest.param({"claims": (Claim(text="x", citations=(1, 2)),)}, id="a number beyond the list"),
    ],
)
def test_an_inconsistent_answer_cannot_be_created(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        made(**changes)


def test_a_claim_without_a_citation_cannot_be_created() -> None:
    with pytest.raises(ValidationError):
        Claim(text="Hello.", citations=())


def test_values_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        made().status = "abstained"  # type: ignore[misc]


@pytest.mark.parametrize(
    "published",
    [date(2026, 3, 5), datetime(2026, 3, 5, 7, 30, tzinfo=UTC), datetime(2026, 3, 5), None],
)
def test_json_keeps_days_and_instants_apart(published: date | datetime | None) -> None:
    before = made(articles=(ArticleRef(id="a", version="v", published=published),))
    after = Answer.model_validate_json(before.model_dump_json())
    assert after == before
    assert type(after.articles[0].published) is type(published)


def test_the_last_day_of_filters_is_the_earlier_of_until_and_as_of() -> None:
    assert Filters(until=date(2026, 3, 9), as_of=date(2026, 3, 5)).last_day == date(2026, 3, 5)
    assert Filters().last_day is None
    assert not Filters().active


def test_ref_gives_the_article_without_its_text() -> None:
    article = Article(id="a", version="v", title="T", text="Hello", language="en")
    assert article.ref(("b",)) == ArticleRef(id="a", version="v", title="T", same_as=("b",))
