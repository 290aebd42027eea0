"""Chunks: whole sentences, within the budget, none lost, always onward."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.articles.chunks import header, pack
from qa.english.sentences import split
from qa.model import Article, Chunk, Sentence


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def article(sizes: Sequence[int], **facts: object) -> tuple[Article, tuple[Sentence, ...]]:
    """An article whose sentences have so many words."""
    text = "\n".join(f"S{n}" + " word" * (size - 1) for n, size in enumerate(sizes))
    found = Article.model_validate({"id": "a1", "version": "v1", "text": text} | facts)
    return found, split(text, "a1")


def runs(chunks: Sequence[Chunk]) -> list[tuple[int, int]]:
    return [(chunk.first, chunk.last) for chunk in chunks]


@given(
    st.lists(st.integers(min_value=1, max_value=30), max_size=40),
    st.integers(min_value=1, max_value=60),
    st.integers(min_value=0, max_value=4),
)
def test_every_packing(sizes: list[int], budget: int, overlap: int) -> None:
    story, sentences = article(sizes, title="Dam breaks")
    chunks = pack(story, sentences, words, budget, overlap)
    assert {n for c in chunks for n in range(c.first, c.last + 1)} == set(range(len(sizes)))
    assert [chunk.index for chunk in chunks] == list(range(len(chunks)))
    for chunk in chunks:
        inside = sizes[chunk.first : chunk.last + 1]
        assert sum(inside) <= budget or len(inside) == 1
        assert chunk.text == "Dam breaks\n" + " ".join(s.text for s in sentences[chunk.first : chunk.last + 1])
        assert chunk.tokens == sum(inside) + 2
    for before, after in pairwise(chunks):
        assert before.last < after.last
        assert before.last + 1 - overlap <= after.first <= before.last + 1
        # Greedy: the next sentence did not fit.
        assert sum(sizes[before.first : before.last + 2]) > budget


def test_one_sentence_of_overlap() -> None:
    assert runs(pack(*article([4, 4, 4, 4, 4]), words, budget=10)) == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_a_sentence_over_the_budget_is_a_chunk_of_its_own() -> None:
    assert runs(pack(*article([3, 50, 3, 3]), words, budget=10)) == [(0, 0), (1, 1), (2, 3)]


def test_the_overlap_gives_way_to_a_new_sentence() -> None:
    assert runs(pack(*article([6, 6, 6]), words, budget=10)) == [(0, 0), (1, 1), (2, 2)]


def test_the_header_holds_only_what_is_known() -> None:
    def top(**facts: object) -> str:
        return header(article([1], **facts)[0])

    assert top() == ""
    assert top(title="Dam\nbreaks ", source=" ") == "Dam breaks"
    assert top(source="Courier", published=date(2026, 3, 5)) == "Courier · 2026-03-05"
    late = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    assert top(title="Dam breaks", source="Courier", published=late) == "Dam breaks · Courier · 2026-03-05"


def test_a_chunk_without_a_header_is_its_sentences() -> None:
    (chunk,) = pack(*article([2, 2]), words)
    assert chunk.text == "S0 word S1 word"


def test_no_sentences_no_chunks() -> None:
    story, _ = article([1])
    assert pack(story, (), words) == ()


@pytest.mark.parametrize(("budget", "overlap"), [(0, 1), (10, -1)])
def test_impossible_budgets_are_refused(budget: int, overlap: int) -> None:
    with pytest.raises(ValueError, match="budget must be at least 1"):
        pack(*article([1]), words, budget, overlap)
