"""ClapNQ: does the reader cite the sentences that people chose, and does it notice that a passage has no answer?

Rosenthal et al., CLAP NQ: Cohesive Long-form Answers from Passages in Natural Questions (TACL 2025, arXiv:2404.02103),
Apache-2.0. Each question has one Wikipedia passage, which forms a library of its own. The set is only reported: nothing
may be tuned or trained on it. If several annotators chose sentences, the best-matching choice counts. An answerable
question that the reader abstains from has recall and F1 of 0, and no precision.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import shared
from .shared import Match, Row, Sampling

FILES = ("clapnq/answerable.jsonl", "clapnq/unanswerable.jsonl")
TOP = 3

# From table 5 of the paper: unanswerable questions recognised, given the gold passage.
UNANSWERABLE = "GPT-4 .18, tuned T5-large .89"
# Computed on these questions when the set was prepared.
BM25_PRECISION, BM25_RECALL = "BM25 top 3 .58", "BM25 top 3 .61"


@dataclass(frozen=True)
class Question:
    """A question, the sentences of its passage, and the alternative sets of gold sentences."""

    id: str
    text: str
    title: str
    sentences: tuple[str, ...]
    gold: tuple[frozenset[int], ...]
    answerable: bool


@dataclass(frozen=True)
class Outcome:
    """What the reader did. ``cited`` and ``top`` are None if the question has no gold sentences."""

    answered: bool
    cited: Match | None
    top: Match | None


def load(folder: Path) -> list[Question]:
    """Load both files, answerable questions first."""
    return [
        _question(json.loads(line), answerable=name == FILES[0])
        for name in FILES
        for line in (folder / name).read_text("utf-8").splitlines()
    ]


def _question(row: dict[str, Any], *, answerable: bool) -> Question:
    passage = row["passages"][0]
    sentences = tuple(passage["sentences"])
    gold = (frozenset(map(sentences.index, output["selected_sentences"])) for output in row["output"])
    return Question(row["id"], row["input"], passage["title"], sentences, tuple(filter(None, gold)), answerable)


def examine(question: Question) -> Outcome:
    """Ask one question about its passage."""
    text, spans = shared.joined(question.sentences)
    with shared.library_of([shared.article(text, title=question.title)]) as engine:
        answer = shared.answer(engine, question.text)
        best = shared.ranked(engine, question.text)[:TOP] if question.gold else ()
    answered = answer.status != "abstained"
    if not question.gold:
        return Outcome(answered, None, None)
    cited = {i for claim in answer.claims for c in answer.cited(claim) for i in shared.aligned(c.start, c.end, spans)}
    top = {i for s in best for i in shared.aligned(s.passage.sentence.start, s.passage.sentence.end, spans)}
    return Outcome(answered, *(shared.match(frozenset(chosen), question.gold) for chosen in (cited, top)))


def measure(folder: Path, sampling: Sampling) -> list[Row]:
    """Measure citations and abstention on both files."""
    questions = sampling.take(load(folder), lambda q: q.id)
    outcomes = [(question.answerable, examine(question)) for question in questions]
    cited = [o.cited for _, o in outcomes if o.cited]
    top = [o.top for _, o in outcomes if o.top]
    return shared.rows_of(
        "report",
        ("citation precision, answered", shared.mean_of(m.precision for m in cited), ""),
        ("citation recall, answerable", shared.mean_of(m.recall for m in cited), ""),
        ("citation F1, answerable", shared.mean_of(m.f1 for m in cited), ""),
        ("ranked top-3 precision", shared.mean_of(m.precision for m in top), BM25_PRECISION),
        ("ranked top-3 recall", shared.mean_of(m.recall for m in top), BM25_RECALL),
        ("unanswerable recognised", shared.share_of([not o.answered for a, o in outcomes if not a]), UNANSWERABLE),
        ("answerable answered", shared.share_of([o.answered for a, o in outcomes if a]), ""),
    )
