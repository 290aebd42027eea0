"""Packs sentences into chunks. A chunk is a run of whole sentences within a token budget, retrieved as a unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..english.characters import normalise
from ..model import Article, Chunk, Sentence, day_of

Count = Callable[[Sequence[str]], list[int]]
"""Returns the number of tokens of each text. It is passed in, because this package may not import tokenizers."""


def pack(
    article: Article, sentences: Sequence[Sentence], count: Count, budget: int = 200, overlap: int = 1
) -> tuple[Chunk, ...]:
    """Pack an article's sentences into chunks.

    Args:
        article: gives the header line (title · source · day, as far as known). Every chunk starts with this line, so
            that a sentence can also be found by its headline and its date.
        sentences: all sentences of the article, in order, numbered from 0.
        count: returns the number of tokens of each text. It is called once.
        budget: the most tokens of sentences in a chunk. The header line does not count.
        overlap: how many sentences a chunk repeats from the previous one, so that "he" appears near the name it stands
            for. Fewer are repeated if a new sentence would not fit otherwise.

    Returns:
        Chunks in order. Each has at least one sentence that the previous one does not have, and every sentence is in at
        least one chunk. A sentence above the budget is a chunk of its own. ``Chunk.tokens`` is the sum of the tokens of
        the header line and the sentences. Accents are composed in a chunk's text, so that words and vectors find a
        decomposed text too.

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
    """Return the header line of an article's chunks: title · source · ISO date, as far as known. It may be empty."""
    day = day_of(article.published)
    facts = (article.title, article.source, day.isoformat() if day else None)
    return " · ".join(" ".join(normalise(fact).split()) for fact in facts if fact and not fact.isspace())


def _runs(tokens: Sequence[int], budget: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last sentence of each chunk. Each chunk is filled as far as the budget allows."""
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
