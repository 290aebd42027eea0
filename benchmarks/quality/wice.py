"""WiCE: are the sentences that support a claim ranked first, and do the checks recognise supported claims?

Kamoi, Goyal, Rodriguez, Durrett, WiCE: Real-World Entailment for Claims in Wikipedia (EMNLP 2023, arXiv:2303.01432),
annotations ODC-BY. The claim is used as the question. If there are alternative gold sets, the best one counts: the best
match for ranking, and any set with which the claim passes for checking. A claim without gold sentences (most of the
unsupported ones) cites the three best-ranked sentences instead. Accuracy and F1 are therefore those of a verifier that
gets the right sentences whenever there are any. Parts are split by evidence document.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.articles.parse import parse_with
from qa.model import Article, DraftClaim, Passage, Sentence
from qa.search.rank import CONTEXT_SENTENCES
from qa.search.relevance import Candidate
from qa.verification.examine import examine as examine_claims
from qa.verification.local_judge import LIKELY, likelihoods

from . import shared
from .shared import Part, Row, Sampling

FILES = ("wice/dev.jsonl",)
TOP = 3
TITLE = "(meta data) TITLE: "

# Computed on this set when it was prepared.
BM25 = "BM25 .565"
# From WiCE's repository, claim level with oracle chunks. Partially supported counts as not supported, as there.
ACCURACY, F1 = "GPT-4 .770, tuned T5-3B .880", "GPT-4 .610, tuned T5-3B .778"


@dataclass(frozen=True)
class Statement:
    """A claim, its evidence sentences, and the alternative gold sets of them."""

    text: str
    label: str
    evidence: tuple[str, ...]
    gold: tuple[frozenset[int], ...]


@dataclass(frozen=True)
class Outcome:
    """The F1 of the three best-ranked sentences (None without gold), and whether the claim passed the checks."""

    label: str
    f1: float | None
    passed: bool


def load(folder: Path) -> list[Statement]:
    """Load all claims, in order."""
    rows = map(json.loads, (folder / FILES[0]).read_text("utf-8").splitlines())
    return [
        Statement(
            r["claim"], r["label"], tuple(r["evidence"]), tuple(map(frozenset, filter(None, r["supporting_sentences"])))
        )
        for r in rows
    ]


def title_of(evidence: Sequence[str]) -> str | None:
    """Return the title of the evidence page, if its first line states one."""
    return evidence[0].removeprefix(TITLE) if evidence[0].startswith(TITLE) else None


def best(statement: Statement, built: Article) -> frozenset[int]:
    """Return the ``TOP`` evidence sentences by LocalScorer. Each is scored with the context that ``rank`` gives it."""
    sentences = statement.evidence
    context = [(built.title or "", *sentences[max(0, i - CONTEXT_SENTENCES) : i]) for i in range(len(sentences))]
    candidates = [Candidate(text, " ".join(before)) for text, before in zip(sentences, context, strict=True)]
    with shared.library_of([built]) as engine:
        plan, retrieved = shared.found(engine, statement.text)
        scores = engine.scorer.score(plan.standalone, candidates, retrieved.idf)
    return frozenset(sorted(range(len(scores)), key=lambda i: -scores[i].score)[:TOP])


def passes(statement: Statement, cited: frozenset[int], built: Article, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether the claim is shown as it is worded, by checks and local judge alone, when it cites these sentences."""
    passages = tuple(
        Passage(label=f"S{i}", article_id=built.id, sentence=_sentence(built, i, spans[i]), score=0.0)
        for i in sorted(cited)
    )
    claim = DraftClaim(text=statement.text, labels=tuple(p.label for p in passages))
    parsed = parse_with(built, [_sentence(built, i, span) for i, span in enumerate(spans)])
    found = examine_claims((claim,), passages, {built.id: parsed}).passed
    return any(not evidence.doubts and _likely(evidence.claim.text, evidence.text) for evidence in found)


def _likely(claim: str, evidence: str) -> bool:
    """Whether the local judge finds that the evidence states the claim."""
    return likelihoods([(claim, evidence)], shared.embedder())[0] >= LIKELY


def _sentence(built: Article, index: int, span: tuple[int, int]) -> Sentence:
    start, end = span
    return Sentence(article_id=built.id, index=index, start=start, end=end, text=built.text[start:end])


def examine(statement: Statement) -> Outcome:
    """Rank and check one claim."""
    text, spans = shared.joined(statement.evidence, "\n")
    built = shared.article(text, title=title_of(statement.evidence))
    top = best(statement, built)
    f1 = shared.match(top, statement.gold).f1 if statement.gold else None
    passed = any(passes(statement, cited, built, spans) for cited in statement.gold or (top,))
    return Outcome(statement.label, f1, passed)


def measure(folder: Path, sampling: Sampling) -> list[Row]:
    """Measure ranking and checking, in two parts."""
    statements = sampling.take(load(folder), lambda s: s.text)
    halves = shared.parts(statements, lambda s: "\n".join(s.evidence))
    return [row for part, half in halves.items() for row in _rows(part, list(map(examine, half)))]


def _rows(part: Part, outcomes: Sequence[Outcome]) -> list[Row]:
    def rejected(label: str) -> list[bool]:
        return [not o.passed for o in outcomes if o.label == label]

    truth, said = [o.label == "supported" for o in outcomes], [o.passed for o in outcomes]
    both = [t and s for t, s in zip(truth, said, strict=True)]
    return shared.rows_of(
        part,
        ("top-3 sentence F1", shared.mean_of(o.f1 for o in outcomes), BM25),
        ("verify: supported falsely rejected", shared.share_of(rejected("supported")), "best 0"),
        ("verify: not supported caught", shared.share_of(rejected("not_supported")), "best 1"),
        ("verify: partially supported caught", shared.share_of(rejected("partially_supported")), "best 1"),
        ("verify: accuracy", shared.share_of([t == s for t, s in zip(truth, said, strict=True)]), ACCURACY),
        ("verify: F1 of supported", shared.f1_of(both, said, truth), F1),
    )
