"""CAsT 2019: how much of a follow-up's content is in the question that is searched?

Dalton, Xiong, Callan, TREC CAsT 2019: The Conversational Assistance Track Overview (arXiv:2003.13624), MIT. The
collection is not used, so questions are compared and not answers. The question as asked, and as rewritten by the
project's rules, is compared with the question resolved by hand, which is the upper bound. Retrieval is measured on the
other resolved questions: does the nearest one by local vectors belong to the same conversation? The history contains no
answers. Topics are split into two halves, and the rules were written while looking at "tune" only.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.english.followups import MAX_TURNS, resolve
from qa.english.followups import DialogueTurn as Earlier
from qa.english.questions import content_words
from qa.english.tokens import stem, words

from . import shared
from .shared import Part, Row, Sampling

FILES = ("cast2019/evaluation_topics_v1.0.json", "cast2019/evaluation_topics_annotated_resolved_v1.0.tsv")

SQUAD = "squad2/dev.json"  # optional: questions that are not follow-ups


@dataclass(frozen=True)
class DialogueTurn:
    """One turn: topic and number ("31_2"), the question as asked, and the question resolved by hand."""

    id: str
    raw: str
    resolved: str

    @property
    def topic(self) -> str:
        """The conversation that the turn belongs to."""
        return self.id.rpartition("_")[0]

    @property
    def follows(self) -> bool:
        """Whether it is not the first turn."""
        return not self.id.endswith("_1")


def load(folder: Path) -> list[DialogueTurn]:
    """Load all turns that have a resolved question, in order."""
    lines = (folder / FILES[1]).read_text("utf-8").splitlines()
    resolved = dict(line.split("\t", 1) for line in lines if "\t" in line)
    topics = json.loads((folder / FILES[0]).read_text("utf-8"))
    asked = {f"{t['number']}_{turn['number']}": turn["raw_utterance"] for t in topics for turn in t["turn"]}
    return [DialogueTurn(id_, raw.strip(), resolved[id_].strip()) for id_, raw in asked.items() if id_ in resolved]


def lacking(question: str, resolved: str) -> int:
    """Count the distinct content words (stems) of the resolved question that are missing in ``question``."""
    there = {stem(word) for word in words(question)}
    return len({stem(word) for word in content_words(resolved)} - there)


def token_f1(question: str, resolved: str) -> float:
    """Return the F1 of words, counted with repetition, as in SQuAD's evaluation."""
    ours, theirs = Counter(words(question)), Counter(words(resolved))
    return 2 * (ours & theirs).total() / (ours.total() + theirs.total())


def rewritten(turns: Sequence[DialogueTurn]) -> dict[str, str]:
    """Rewrite each turn by the rules, given the earlier turns of its topic."""
    found: dict[str, str] = {}
    earlier: dict[str, list[Earlier]] = {}
    for turn in turns:
        before = earlier.setdefault(turn.topic, [])
        found[turn.id] = resolve(turn.raw, before[-MAX_TURNS:])
        before.append(Earlier(turn.raw, found[turn.id]))
    return found


def on_topic(questions: Sequence[str], turns: Sequence[DialogueTurn], every: Sequence[DialogueTurn]) -> list[bool]:
    """Whether the nearest resolved question by local vectors, except the turn's own, has the same topic."""
    embed = shared.embedder().embed
    near = embed(questions) @ embed([turn.resolved for turn in every]).T
    for row, turn in enumerate(turns):
        near[row, every.index(turn)] = -np.inf
    return [every[i].topic == turn.topic for i, turn in zip(np.argmax(near, axis=1), turns, strict=True)]


def same(one: str, other: str) -> bool:
    """Whether two questions have the same words."""
    return words(one) == words(other)


def measure(folder: Path, sampling: Sampling) -> list[Row]:
    """Measure completeness, agreement and retrieval of follow-ups as asked and as rewritten, and needless rewriting."""
    every = load(folder)
    by_rules = rewritten(every)
    parted = shared.parts(sampling.take([t for t in every if t.follows], lambda t: t.id), lambda t: t.topic)
    rows = [row for part, turns in parted.items() if turns for row in _rows(part, turns, by_rules, every)]
    return rows + (_left_alone(folder / SQUAD) if (folder / SQUAD).is_file() else [])


def _left_alone(path: Path) -> list[Row]:
    """Measure how many SQuAD questions the rules leave unchanged after a question about another article.

    Nearly all of them stand alone.
    """
    rows = []
    articles = json.loads(path.read_text("utf-8"))["data"]
    for part, chosen in shared.parts(articles, lambda a: str(a["title"])).items():
        asked = [[q["question"].strip() for p in a["paragraphs"] for q in p["qas"]] for a in chosen]
        kept = []
        for questions, others in zip(asked, asked[1:] + asked[:1], strict=True):
            for i, question in enumerate(questions):
                before = others[i % len(others)]
                kept.append(resolve(question, [Earlier(before, before)]) == question)
        rows += shared.rows_of(part, ("SQuAD questions left alone", shared.share_of(kept), ""))
    return rows


def _rows(
    part: Part, turns: Sequence[DialogueTurn], by_rules: dict[str, str], every: Sequence[DialogueTurn]
) -> list[Row]:
    by_hand = [turn.resolved for turn in turns]
    ceiling = shared.share_of(on_topic(by_hand, turns, every))
    lines = []
    for way, asked in (("as asked", [t.raw for t in turns]), ("by rules", [by_rules[t.id] for t in turns])):
        gaps = [lacking(question, hand) for question, hand in zip(asked, by_hand, strict=True)]
        f1 = [token_f1(question, hand) for question, hand in zip(asked, by_hand, strict=True)]
        near = shared.share_of(on_topic(asked, turns, every))
        lines += [
            (f"follow-ups with all content words, {way}", shared.share_of([not gap for gap in gaps]), "by hand 1"),
            (f"content words lacking, {way}", shared.mean_of(float(gap) for gap in gaps), "by hand 0"),
            (f"token F1, {way}", shared.mean_of(f1), "by hand 1"),
            (f"nearest is on topic, {way}", near, f"by hand {ceiling.mean:.3f}" if ceiling else ""),
        ]
    alone = [turn for turn in turns if same(turn.raw, turn.resolved)]
    kept = shared.share_of([same(by_rules[turn.id], turn.raw) for turn in alone])
    return shared.rows_of(part, *lines, ("stand alone and were left alone", kept, ""))
