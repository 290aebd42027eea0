"""A draft through examination and numbering in one call, for tests that look at what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.articles.parse import ParsedArticle, parse
from qa.model import Article, Citation, Claim, Draft, Passage, Rejected
from qa.verification.citations import Numbering
from qa.verification.examine import examine


@dataclass(frozen=True)
class Verified:
    """What passed, numbered in order of first use, and what did not: with a fault, or an open doubt."""

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    rejected: tuple[Rejected, ...]


def verified(draft: Draft, passages: tuple[Passage, ...], articles: Mapping[str, Article | ParsedArticle]) -> Verified:
    """Every claim of a draft through the checks, and what passed with its citations."""
    parsed = {i: parse(a) if isinstance(a, Article) else a for i, a in articles.items()}
    examined = examine(draft.claims, passages, parsed)
    numbering = Numbering(parsed)
    claims = tuple(numbering.claim(evidence) for evidence in examined.passed if not evidence.doubts)
    doubtful = tuple(
        Rejected(
            text=evidence.claim.text,
            labels=evidence.claim.labels,
            reason=evidence.doubts[0].reason,
            detail=evidence.doubts[0].question,
        )
        for evidence in examined.passed
        if evidence.doubts
    )
    return Verified(claims, numbering.citations, (*examined.rejected, *doubtful))
