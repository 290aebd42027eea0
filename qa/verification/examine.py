"""Verification: no claim is shown that has not passed here. A claim that fails is dropped whole, with its reason.

The checks run in order on what a claim may rest on: the cited sentences and their articles' headers (title, source,
published). Nothing else of the article counts, or a citation one sentence off would pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..articles.parse import ParsedArticle
from ..english.characters import normalise
from ..english.document import Document
from ..model import DraftClaim, Passage, Rejected, RejectReason
from .checks import content_policy as form
from .checks import dates, numbers, polarity, roles, speakers
from .checks import proper_names as names
from .checks import quotations as quotes
from .evidence import Evidence


@dataclass(frozen=True)
class Examined:
    """Claims that passed the checks, with their evidence, and those that did not."""

    passed: tuple[Evidence, ...]
    rejected: tuple[Rejected, ...]


def examine(
    claims: Sequence[DraftClaim], passages: tuple[Passage, ...], articles: Mapping[str, ParsedArticle]
) -> Examined:
    """Every claim through every check: labels, quotations, numbers, dates, names, negation, modality, in this order."""
    shown = {p.label: p for p in passages}
    results = [_check(claim, shown, articles) for claim in claims]
    return Examined(
        tuple(r for r in results if isinstance(r, Evidence)), tuple(r for r in results if isinstance(r, Rejected))
    )


def _check(
    drafted: DraftClaim, shown: Mapping[str, Passage], articles: Mapping[str, ParsedArticle]
) -> Evidence | Rejected:
    claim = drafted.model_copy(update={"text": normalise(drafted.text)})
    unknown = [label for label in claim.labels if label not in shown]
    if unknown or not claim.labels:
        detail = f"cites {', '.join(unknown)}, which was not shown" if unknown else "cites no sentence"
        return Rejected(text=claim.text, labels=claim.labels, reason="label", detail=detail)
    cited = tuple(shown[label] for label in dict.fromkeys(claim.labels))
    evidence = Evidence(claim, cited, tuple(articles[p.article_id] for p in cited))
    for reason, check in CHECKS:
        detail = check(evidence) or ""
        if detail:
            return Rejected(text=claim.text, labels=claim.labels, reason=reason, detail=detail)
    return _least(evidence)


def _least(evidence: Evidence) -> Evidence:
    """The claim with no more sentences than it needs.

    A sentence goes if all checks pass without it and no word of the claim is lost: models also cite what stands around
    a fact. Fewer sentences can only be harder to pass with.
    """
    kept = evidence
    pairs = zip(evidence.passages, evidence.cited, strict=True)
    for passage, _ in sorted(pairs, key=lambda pair: (_covered(pair[1:], evidence), -pair[0].score)):
        rest = [p for p in kept.passages if p is not passage]
        fewer = kept.citing(rest)
        if not rest or _covered(fewer.cited, evidence) < _covered(kept.cited, evidence):
            continue
        if not any(check(fewer) for _, check in CHECKS):
            kept = fewer
    return kept


def _covered(documents: Iterable[Document], evidence: Evidence) -> int:
    """How many of the claim's words these sentences have."""
    there: frozenset[str] = frozenset().union(*(document.stems for document in documents))
    return len(evidence.claimed.stems & there)


def _offsets(evidence: Evidence) -> str | None:
    for passage, article in zip(evidence.passages, evidence.articles, strict=True):
        sentence = passage.sentence
        if article.text[sentence.start : sentence.end] != sentence.text:
            return f"{passage.label} is not what the article says at {sentence.start}:{sentence.end}"
    return None


# In the order of the contract; a new check is a module of checks/ and a row in this table.
CHECKS: tuple[tuple[RejectReason, Callable[[Evidence], str | None]], ...] = (
    ("label", _offsets),
    ("support", form.check),
    ("quote", quotes.check),
    ("speaker", speakers.check),
    ("number", numbers.check),
    ("date", dates.check),
    ("name", names.check),
    ("negation", polarity.negation),
    ("modality", polarity.modality),
    ("support", roles.check),
    ("speaker", speakers.as_fact),
)
