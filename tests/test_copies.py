"""Sentences of two articles in the same words but for one place: two values for one thing, or a template."""

from __future__ import annotations

import pytest

from qa.articles.build import build
from qa.articles.extract import Extract
from qa.articles.fields import Facts
from qa.articles.parse import ParsedArticle, parse
from qa.changes.copies import altered, are_copies, has_words_of


def article(text: str, outlet: str | None = None) -> ParsedArticle:
    return parse(build(Extract(text, Facts(title="News from Vale", source=outlet))))


def differing(one: str, other: str) -> tuple[str, str] | None:
    """What differs in two sentences, in words."""
    spans = altered(one, other)
    return (one[slice(*spans[0])], other[slice(*spans[1])]) if spans else None


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        pytest.param(
            "The Orr mill in Vale was built about 1835 by two brothers.",
            "The Orr mill in Vale was built about 1935 by two brothers.",
            ("1835", "1935"),
            id="a figure",
        ),
        pytest.param(
            "The Orr mill in Vale employed 1,480 weavers in its best years.",
            "The Orr mill in Vale employed 1,620 weavers in its best years.",
            ("1,480", "1,620"),
            id="a figure with a comma is one word",
        ),
        pytest.param(
            "The mill stood on Quay Street in Orsund, in Lower Hexley, and burned down twice.",
            "The mill stood on Quay Street in Varn, in Upper Hexley, and burned down twice.",
            ("Orsund, in Lower", "Varn, in Upper"),
            id="all from the first word that differs to the last",
        ),
        pytest.param(
            "VALE, 2 May - The old stadium was the home ground of Hexley Rovers.",
            "The old stadium was the home ground of Orsund.",
            ("Hexley Rovers", "Orsund"),
            id="a dateline in front of one of them is no difference",
        ),
        pytest.param(
            "The Orr mill in Vale was built by Ida Cole and her two brothers.",
            "The Orr mill in Vale was built by Jon Tarr and his two brothers.",
            ("Ida Cole", "Jon Tarr"),
            id="nor is a pronoun",
        ),
    ],
)
def test_what_differs_in_near_copies(one: str, other: str, words: tuple[str, str]) -> None:
    assert differing(one, other) == words
    assert differing(other, one) == (words[1], words[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("The mill in Vale burned down twice.", "The mill in Vale burned down twice.", id="the same"),
        pytest.param("The mill opened in 1835.", "The mill opened in 1935.", id="too few words in common"),
        pytest.param(
            "The Orr mill in Vale was built by two brothers.",
            "The Orr mill in Vale was built by two Orsund brothers.",
            id="one of them only says more",
        ),
        pytest.param(
            "The Orr mill in Vale was built by Ida Cole in a single winter.",
            "The Orr mill in Vale was never built by Jon Tarr in a single winter.",
            id="one of them denies it",
        ),
        pytest.param(
            "Ida Cole, who had led the council for nine long years, opened the new tram depot in Vale on Friday.",
            "Rain fell when a crowd of some forty people saw how the new tram depot in Vale opened on Friday.",
            id="too much differs",
        ),
    ],
)
def test_other_sentences_are_no_near_copies(one: str, other: str) -> None:
    assert differing(one, other) is None


MILL = "The Orr mill in Vale was built by Ida Cole. It burned down twice and was left to the pigeons."
ALTERED = "The Orr mill in Vale was built by Jon Tarr. It burned down twice and was left to the pigeons."


def test_articles_that_have_a_sentence_in_common_are_copies() -> None:
    assert are_copies(article(MILL), article(ALTERED))
    assert are_copies(article(MILL, "Vale Post"), article(ALTERED, "Coast Wire"))


def test_one_outlet_writes_by_templates_so_its_articles_are_no_copies() -> None:
    assert not are_copies(article(MILL, "Vale Post"), article(ALTERED, "Vale Post"))


def test_articles_without_a_sentence_in_common_are_no_copies() -> None:
    assert not are_copies(
        article("The Vale ferry stopped on Monday."), article("The Orsund ferry stopped on Monday. Nobody was hurt.")
    )


def test_an_article_may_have_the_sentence_of_another_one() -> None:
    one, other = article(MILL), article(ALTERED)
    assert has_words_of(one, other.sentences[1])
    assert not has_words_of(one, other.sentences[0])
