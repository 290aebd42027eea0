"""SummEdits: do the checks distinguish a summary with one subtle error from a faithful summary?

Laban, Kryściński, Agarwal, Fabbri, Xiong, Joty, Wu, LLMs as Factual Reasoners (EMNLP 2023, arXiv:2305.14540),
Apache-2.0. The set has no citations, so each sentence of a summary is a claim that cites the whole document. A summary
passes if all its sentences pass. Names, numbers and words may therefore be anywhere in the document. This makes it
easier to pass, and also easier to be misled, than with a single cited sentence. Parts are split by document.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.articles.parse import parse_with
from qa.english.sentences import split
from qa.model import DraftClaim, Passage
from qa.verification.examine import examine

from . import shared
from .shared import Part, Row, Sampling

DOMAINS = ("ectsum", "podcast", "qmsumm", "sales_call", "sales_email", "samsum", "scitldr")
FILES = tuple(f"summedits/summedits_{domain}.json" for domain in DOMAINS)

# Balanced accuracy, from the README of the set. Word overlap was computed when the set was prepared.
REFERENCE = "human .90, GPT-4 .83, SummaC .62, word overlap .51"


@dataclass(frozen=True)
class Summary:
    """A document, a summary of it, and whether the summary is faithful."""

    document: str
    text: str
    faithful: bool


def load(folder: Path) -> list[Summary]:
    """Load all summaries of all domains, in order."""
    rows = [row for file in FILES for row in json.loads((folder / file).read_text("utf-8"))]
    return [Summary(row["doc"], row["summary"], row["label"] == 1) for row in rows]


def passes(summary: Summary) -> bool:
    """Whether every sentence of the summary passes the checks against the whole document."""
    built = shared.article(summary.document)
    passages = tuple(
        Passage(label=f"S{s.index}", article_id=built.id, sentence=s, score=0.0) for s in split(built.text, built.id)
    )
    labels = tuple(p.label for p in passages)
    claims = tuple(DraftClaim(text=s.text, labels=labels) for s in split(summary.text, "summary"))
    parsed = parse_with(built, [p.sentence for p in passages])
    return not examine(claims, passages, {built.id: parsed}).rejected


def measure(folder: Path, sampling: Sampling) -> list[Row]:
    """Measure the checks, in two parts."""
    halves = shared.parts(sampling.take(load(folder), lambda s: s.text), lambda s: s.document)
    return [row for part, half in halves.items() for row in _rows(part, half)]


def _rows(part: Part, summaries: Sequence[Summary]) -> list[Row]:
    truth, said = [s.faithful for s in summaries], [passes(s) for s in summaries]
    return shared.rows_of(
        part,
        (
            "verify: faithful falsely rejected",
            shared.share_of([not s for t, s in zip(truth, said, strict=True) if t]),
            "best 0",
        ),
        (
            "verify: edited caught",
            shared.share_of([not s for t, s in zip(truth, said, strict=True) if not t]),
            "best 1",
        ),
        ("verify: balanced accuracy", shared.balanced_accuracy(truth, said), REFERENCE),
    )
