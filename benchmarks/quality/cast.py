"""CAsT 2019: how much of a follow-up question's content is lacking in the question as it is searched?

Dalton, Xiong, Callan, TREC CAsT 2019: The Conversational Assistance Track Overview (arXiv:2003.13624), MIT. There is no
collection, so questions are compared, not answers: the project's standalone question with the one resolved by hand. As
long as the plan takes no history into account, this is the baseline without rewriting.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from qa.answering.question import plan
from qa.answering.terms import content_words, stem, words

from . import shared
from .shared import Row, Sampling

FILES = ("cast2019/evaluation_topics_v1.0.json", "cast2019/evaluation_topics_annotated_resolved_v1.0.tsv")


@dataclass(frozen=True)
class Turn:
    """One turn: topic and number ("31_2"), the question as asked, and resolved by hand."""

    id: str
    raw: str
    resolved: str

    @property
    def follows(self) -> bool:
        """Whether something was asked before."""
        return not self.id.endswith("_1")


def load(folder: Path) -> list[Turn]:
    """All turns that were resolved, in order."""
    lines = (folder / FILES[1]).read_text("utf-8").splitlines()
    resolved = dict(line.split("\t", 1) for line in lines if "\t" in line)
    topics = json.loads((folder / FILES[0]).read_text("utf-8"))
    asked = {f"{t['number']}_{turn['number']}": turn["raw_utterance"] for t in topics for turn in t["turn"]}
    return [Turn(id_, raw.strip(), resolved[id_].strip()) for id_, raw in asked.items() if id_ in resolved]


def lacking(question: str, resolved: str) -> int:
    """How many distinct content words (stems) of the resolved question the other one has not."""
    there = {stem(word) for word in words(question)}
    return len({stem(word) for word in content_words(resolved)} - there)


def token_f1(question: str, resolved: str) -> float:
    """F1 of the words, counted with repetition, as in SQuAD's evaluation."""
    ours, theirs = Counter(words(question)), Counter(words(resolved))
    return 2 * (ours & theirs).total() / (ours.total() + theirs.total())


def measure(folder: Path, sampling: Sampling) -> list[Row]:
    """Completeness of all turns; of follow-ups also what is lacking."""
    turns = sampling.take(load(folder), lambda t: t.id)
    standalone = {turn.id: plan(turn.raw).standalone for turn in turns}
    gaps = {turn.id: lacking(standalone[turn.id], turn.resolved) for turn in turns}
    later = [turn for turn in turns if turn.follows]
    return shared.rows_of(
        "all",
        ("all content words there, every turn", shared.share_of([not gaps[t.id] for t in turns]), ""),
        ("all content words there, follow-ups", shared.share_of([not gaps[t.id] for t in later]), ""),
        ("content words lacking, follow-ups", shared.mean_of(float(gaps[t.id]) for t in later), "best 0"),
        ("token F1, follow-ups", shared.mean_of(token_f1(standalone[t.id], t.resolved) for t in later), ""),
    )
