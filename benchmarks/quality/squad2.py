"""SQuAD 2: is the sentence with the answer ranked first, and is a question without an answer recognised?

Rajpurkar, Jia, Liang, Know What You Don't Know: Unanswerable Questions for SQuAD (ACL 2018, arXiv:1806.03822),
CC BY-SA 4.0. Each paragraph is an article with the title of its document. A sentence is right if it belongs to the gold
paragraph and an annotator's answer begins in it. Parts are split by title.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.model import Article
from qa.search.rank import Scored

from . import shared
from .shared import Part, Row, Sampling

FILES = ("squad2/dev.json",)
RECALL_AT = 10

# Computed on this set when it was prepared, without training: on the sentences of the gold paragraph, and on the 3,583
# sentences of all documents.
INSIDE = "MiniLM cosine .783, BM25 .824, both .837"
TOP_OF_ALL, RECALL_OF_ALL = "training-free .72", "training-free .945"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as an article, and the title of its document."""

    document: str
    article: Article


@dataclass(frozen=True)
class Question:
    """A question about a paragraph, and the offsets of its answers. An unanswerable question has none."""

    id: str
    text: str
    paragraph: Paragraph
    starts: frozenset[int]

    @property
    def answerable(self) -> bool:
        """Whether the paragraph contains an answer."""
        return bool(self.starts)


@dataclass
class Outcome:
    """The ranks of the gold sentence, from 1. 0 means not ranked, None means not searched."""

    question: Question
    answered: bool = False
    inside: int | None = None
    document: int | None = None
    whole: int | None = None


def load(folder: Path) -> list[Question]:
    """Load all questions, in order."""
    questions = []
    for document in json.loads((folder / FILES[0]).read_text("utf-8"))["data"]:
        title = document["title"]
        for number, entry in enumerate(document["paragraphs"]):
            built = shared.article(entry["context"], title=title.replace("_", " "), key=f"{title}#{number}")
            paragraph = Paragraph(title, built)
            for row in entry["qas"]:
                answers = () if row["is_impossible"] else row["answers"]
                starts = frozenset(answer["answer_start"] for answer in answers)
                questions.append(Question(row["id"], row["question"], paragraph, starts))
    return questions


def place(ranked: Sequence[Scored], question: Question) -> int:
    """Return the rank, from 1, of the first sentence with an answer, or 0 if there is none."""
    for number, scored in enumerate(ranked, 1):
        sentence = scored.passage.sentence
        if scored.passage.article_id == question.paragraph.article.id and any(
            sentence.start <= start < sentence.end for start in question.starts
        ):
            return number
    return 0


def measure(folder: Path, sampling: Sampling) -> list[Row]:
    """Measure sentence selection and answerability, in two parts."""
    every = load(folder)
    outcomes = {q.id: Outcome(q) for q in sampling.take(every, lambda q: q.id)}
    _inside(list(outcomes.values()))
    _around(list(outcomes.values()), [q.paragraph for q in every])
    halves = shared.parts(outcomes.values(), lambda o: o.question.paragraph.document)
    return [row for part, half in halves.items() for row in _rows(part, half)]


def _inside(outcomes: Sequence[Outcome]) -> None:
    """Ask every question about its own paragraph."""
    by_paragraph: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_paragraph[outcome.question.paragraph.article.id].append(outcome)
    for group in by_paragraph.values():
        with shared.library_of([group[0].question.paragraph.article]) as engine:
            for outcome in group:
                question = outcome.question
                outcome.answered = shared.answer(engine, question.text).status != "abstained"
                if question.answerable:
                    outcome.inside = place(shared.ranked(engine, question.text), question)


def _around(outcomes: Sequence[Outcome], paragraphs: Iterable[Paragraph]) -> None:
    """Search for every answerable question in its whole document, and in all documents."""
    articles = {p.article.id: p for p in paragraphs}.values()
    answerable = [o for o in outcomes if o.question.answerable]
    for title in dict.fromkeys(o.question.paragraph.document for o in answerable):
        with shared.library_of([p.article for p in articles if p.document == title]) as engine:
            for outcome in answerable:
                if outcome.question.paragraph.document == title:
                    outcome.document = place(shared.ranked(engine, outcome.question.text), outcome.question)
    with shared.library_of([p.article for p in articles]) as engine:
        for outcome in answerable:
            outcome.whole = place(shared.ranked(engine, outcome.question.text), outcome.question)


def _rows(part: Part, outcomes: Sequence[Outcome]) -> list[Row]:
    looked = [o for o in outcomes if o.question.answerable]
    truth, said = [o.question.answerable for o in outcomes], [o.answered for o in outcomes]
    return shared.rows_of(
        part,
        ("top-1 sentence, gold paragraph", shared.share_of([o.inside == 1 for o in looked]), INSIDE),
        ("top-1 sentence, its document", shared.share_of([o.document == 1 for o in looked]), ""),
        ("top-1 sentence, all documents", shared.share_of([o.whole == 1 for o in looked]), TOP_OF_ALL),
        (
            f"recall@{RECALL_AT} sentences, all documents",
            shared.share_of([0 < (o.whole or 0) <= RECALL_AT for o in looked]),
            RECALL_OF_ALL,
        ),
        ("answerability, balanced accuracy", shared.balanced_accuracy(truth, said), "chance .50"),
        ("answerable answered", shared.share_of([o.answered for o in looked]), ""),
        (
            "unanswerable recognised",
            shared.share_of([not o.answered for o in outcomes if not o.question.answerable]),
            "",
        ),
    )
