"""Sentences to chunks: runs of whole sentences, as long as a token budget allows, that are retrieved as a unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..english.characters import normalise
from ..model import Article, Chunk, Sentence, day_of

Count = Callable[[Sequence[str]], list[int]]
"""Tokens of each text. It is handed in, because articles know nothing of models and their tokenizers."""


def pack(
    article: Article, sentences: Sequence[Sentence], count: Count, budget: int = 200, overlap: int = 1
) -> tuple[Chunk, ...]:
    """Pack an article's sentences into chunks.

    Args:
        article: where the header line (title · source · day, as far as known) comes from. The header is part of every
            chunk, so that a sentence is found by its headline and its date too.
        sentences: all sentences of the article, in order, numbered from 0.
        count: tokens of each of some texts; called once.
        budget: tokens of sentences in a chunk at most; the header is not counted.
        overlap: sentences a chunk repeats from the one before, so that "he" is found beside the name it stands for;
            fewer where the budget leaves no room for a new sentence.

    Returns:
        Chunks in order; each has at least one sentence that the one before has not, and every sentence is in at least
        one. A sentence over the budget is a chunk of its own. ``Chunk.tokens`` adds up its header and its sentences.
        Accents are composed, so that a decomposed text is found by the same words and vectors.

    Raises:
        ValueError: the budget is not positive, or the overlap is negative.
    """
    if budget < 1 or overlap < 0:
        raise ValueError(f"budget must be at least 1 and overlap at least 0, not {budget} and {overlap}")
    if not sentences:
        return ()
    top = header(article)
    said = [normalise(sentence.text) for sentence in sentences]
    above, *sizes = count([top, *said])
    runs = list(_runs(sizes, budget, overlap))
    bodies = [" ".join(said[first : last + 1]) for first, last in runs]
    texts = [f"{top}\n{body}" if top else body for body in bodies]
    return tuple(
        Chunk(
            article_id=article.id,
            index=index,
            first=first,
            last=last,
            text=text,
            tokens=above + sum(sizes[first : last + 1]),
        )
        for index, ((first, last), text) in enumerate(zip(runs, texts, strict=True))
    )


def header(article: Article) -> str:
    """The line above a chunk's sentences: title · source · ISO date, only what is known; "" if nothing is."""
    day = day_of(article.published)
    facts = (article.title, article.source, day.isoformat() if day else None)
    return " · ".join(" ".join(normalise(fact).split()) for fact in facts if fact and not fact.isspace())


def _runs(tokens: Sequence[int], budget: int, overlap: int) -> Iterator[tuple[int, int]]:
    """First and last sentence of each chunk, greedily."""
    new = 0  # the first sentence that is in no chunk yet
    while new < len(tokens):
        first, last, used = new, new, tokens[new]
        while first > max(0, new - overlap) and used + tokens[first - 1] <= budget:
            first -= 1
            used += tokens[first]
        while last + 1 < len(tokens) and used + tokens[last + 1] <= budget:
            last += 1
            used += tokens[last]
        yield first, last
        new = last + 1
