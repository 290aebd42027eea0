"""RAMDocs: which documents does an answer cite if sources are ambiguous, wrong or irrelevant?

Wang, Prasad, Stengel-Eskin, Bansal, Retrieval-Augmented Generation with Conflicting Evidence (2025, arXiv:2504.13079),
MIT. The documents of each question form a library. A document that cannot be loaded, because it contains NUL, is left
out. Each share refers to the questions that have a document of that kind. An answer may cite several kinds; an
abstention cites none.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from qa.errors import InputError

from . import shared
from .shared import Row, Sampling

FILES = ("ramdocs/first250.jsonl",)
KINDS = {"correct": "cites a correct document", "misinfo": "cites a wrong document", "noise": "cites a noise document"}


@dataclass(frozen=True)
class Question:
    """A question and its documents: (kind, text, the answer that it gives)."""

    text: str
    documents: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Outcome:
    """Whether there was an answer, the kinds of documents in the library, and the kinds cited.

    ``told``: whether the answer tells that sources differ; None if they do not.
    """

    answered: bool
    kinds: frozenset[str]
    cited: frozenset[str]
    told: bool | None

    @property
    def both(self) -> bool | None:
        """Whether correct and wrong documents are cited. None if there are not both."""
        sides = {"correct", "misinfo"}
        return sides <= self.cited if sides <= self.kinds else None

    @property
    def misled(self) -> bool | None:
        """Whether a wrong document is cited and no correct one. None if there is no wrong one."""
        return "misinfo" in self.cited and "correct" not in self.cited if "misinfo" in self.kinds else None


def load(folder: Path) -> list[Question]:
    """Load all questions, in order."""
    rows = map(json.loads, (folder / FILES[0]).read_text("utf-8").splitlines())
    return [Question(r["question"], tuple((d["type"], d["text"], d["answer"]) for d in r["documents"])) for r in rows]


def examine(question: Question) -> Outcome:
    """Ask one question about its documents."""
    kind: dict[str, str] = {}
    articles = []
    answers: set[str] = set()
    for number, (label, text, given) in enumerate(question.documents):
        with suppress(InputError):
            articles.append(shared.article(text, key=f"document {number}"))
            kind[articles[-1].id] = label
            answers |= {given} if label != "noise" else set()
    with shared.library_of(articles) as engine:
        answer = shared.answer(engine, question.text)
    cited = frozenset(kind[c.article_id] for claim in answer.claims for c in answer.cited(claim))
    told = any(one.kind == "disagreement" for one in answer.conflicts)
    return Outcome(answer.status != "abstained", frozenset(kind.values()), cited, told if len(answers) > 1 else None)


def measure(folder: Path, sampling: Sampling) -> list[Row]:
    """Measure how often questions are answered, and what the answers cite."""
    outcomes = [examine(question) for question in sampling.take(load(folder), lambda q: q.text)]
    return shared.rows_of(
        "all",
        ("answered", shared.share_of([o.answered for o in outcomes]), ""),
        *(
            (measure, shared.share_of([kind in o.cited for o in outcomes if kind in o.kinds]), "")
            for kind, measure in KINDS.items()
        ),
        ("cites a wrong document alone", shared.share_of([o.misled for o in outcomes if o.misled is not None]), ""),
        ("shows both sides", shared.share_of([o.both for o in outcomes if o.both is not None]), ""),
        ("tells that they differ", shared.share_of([o.told for o in outcomes if o.told is not None]), ""),
    )
