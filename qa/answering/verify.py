"""Verification: no claim is shown that has not passed here. A claim that fails is dropped whole, with its reason.

The checks run in order on what a claim may rest on: the cited sentences and their articles' headers (title, source,
published). Nothing else of the article counts, or a citation one sentence off would pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..articles.quotes import attribution, quotations, straighten
from ..model import Article, Citation, Claim, Draft, DraftClaim, Passage, Rejected, RejectReason, day_of
from .terms import STOPWORDS, names, numbers, words


@dataclass(frozen=True)
class Evidence:
    """A drafted claim with the sentences its labels stand for, and their articles."""

    claim: DraftClaim
    passages: tuple[Passage, ...]
    articles: tuple[Article, ...]

    @property
    def text(self) -> str:
        """The cited sentences."""
        return " ".join(p.sentence.text for p in self.passages)

    @property
    def headers(self) -> str:
        """Titles and sources of the cited articles."""
        return " ".join(part for a in self.articles for part in (a.title, a.source) if part)


@dataclass(frozen=True)
class Verified:
    """What passed, numbered in order of first use, and what did not."""

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    rejected: tuple[Rejected, ...]


def verify(draft: Draft, passages: tuple[Passage, ...], articles: Mapping[str, Article]) -> Verified:
    """Check every claim of a draft against the passages that were shown, and number what passes."""
    shown = {p.label: p for p in passages}
    numbering = Numbering(articles)
    claims: list[Claim] = []
    rejected: list[Rejected] = []
    for claim in draft.claims:
        fault = _check(claim, shown, articles)
        if fault:
            rejected.append(fault)
            continue
        cited = [shown[label] for label in dict.fromkeys(claim.labels)]
        numbers_ = tuple(numbering.number(p) for p in cited)
        form = attribution(" ".join(p.sentence.text for p in cited))
        # Who speaks is not verified yet, so the draft's speaker is not passed on.
        claims.append(Claim(text=claim.text, citations=numbers_, attribution=form, support=claim.support))
    return Verified(tuple(claims), numbering.citations, tuple(rejected))


class Numbering:
    """Numbers distinct sentences 1..n in order of first use."""

    def __init__(self, articles: Mapping[str, Article]) -> None:
        self._articles = articles
        self._numbers: dict[tuple[str, int], Citation] = {}

    def number(self, passage: Passage) -> int:
        """The number of a passage's sentence, a new one at its first use."""
        sentence, article = passage.sentence, self._articles[passage.article_id]
        return self._numbers.setdefault(
            (article.id, sentence.index),
            Citation(
                number=len(self._numbers) + 1,
                article_id=article.id,
                version=article.version,
                sentence=sentence.index,
                start=sentence.start,
                end=sentence.end,
                quote=article.text[sentence.start : sentence.end],
            ),
        ).number

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations so far, by number."""
        return tuple(self._numbers.values())


def _check(claim: DraftClaim, shown: Mapping[str, Passage], articles: Mapping[str, Article]) -> Rejected | None:
    unknown = [label for label in claim.labels if label not in shown]
    if unknown or not claim.labels:
        detail = f"cites {', '.join(unknown)}, which was not shown" if unknown else "cites no sentence"
        return Rejected(text=claim.text, labels=claim.labels, reason="label", detail=detail)
    cited = tuple(shown[label] for label in claim.labels)
    evidence = Evidence(claim, cited, tuple(articles[p.article_id] for p in cited))
    for reason, check in CHECKS:
        detail = check(evidence) or ""
        if detail:
            return Rejected(text=claim.text, labels=claim.labels, reason=reason, detail=detail)
    return None


def _offsets(evidence: Evidence) -> str | None:
    for passage, article in zip(evidence.passages, evidence.articles, strict=True):
        sentence = passage.sentence
        if article.text[sentence.start : sentence.end] != sentence.text:
            return f"{passage.label} is not what the article says at {sentence.start}:{sentence.end}"
    return None


def _quotations(evidence: Evidence) -> str | None:
    said = [straighten(p.sentence.text) for p in evidence.passages]
    for quotation in quotations(evidence.claim.text):
        # The comma before a closing mark belongs to the sentence around the quotation, not to what was said.
        wanted = re.compile(rf"(?<!\w){re.escape(straighten(quotation).rstrip('.,;:!?'))}(?!\w)")
        if not any(wanted.search(text) for text in said):
            return f"“{quotation}” is not verbatim in a cited sentence"
    return None


def _numbers(evidence: Evidence) -> str | None:
    there = {*numbers(evidence.text), *numbers(evidence.headers)}
    missing = [value for value in numbers(_undated(evidence)) if value not in there]
    return f"{', '.join(f'{v:g}' for v in missing)} stands in no cited sentence" if missing else None


def _names(evidence: Evidence) -> str | None:
    there = {*words(evidence.text), *words(evidence.headers)}
    claim = _undated(evidence)
    opening = claim.split(maxsplit=1)[:1]
    missing = [
        word
        for name in names(claim)
        # A single capital at the start may be any word; everywhere else a capital makes a name.
        if [name] != opening
        for word in words(name)
        if word not in STOPWORDS and not any(_same_name(word, other) for other in there)
    ]
    return f"{', '.join(missing)} stands in no cited sentence" if missing else None


# What turns a place into its people or its adjective: Lorrany and Lorranian, Ukraine and Ukrainian, Texas and Texans.
_DEMONYM = re.compile(r"(?:ians?|ia|ans?|ns?|ish|ese|[iy]|e|a|s)?$")


def _same_name(word: str, other: str) -> bool:
    """Whether two words are forms of one name: equal, or alike but for endings of places and peoples."""
    return word == other or (min(len(word), len(other)) >= 4 and _DEMONYM.sub("", word) == _DEMONYM.sub("", other))


def _links(evidence: Evidence) -> str | None:
    foreign = [link for link in _LINK.findall(evidence.claim.text) if link not in evidence.text]
    return f"{', '.join(foreign)} stands in no cited sentence" if foreign else None


_LINK = re.compile(r"(?:\w+://|www\.)\S+|\]\([^)]*\)")


def _undated(evidence: Evidence) -> str:
    """The claim without its articles' days of publication: they may be named, but license no other number."""
    claim = evidence.claim.text
    for article in evidence.articles:
        claim = _spellings(article).sub("", claim)
    return claim


def _spellings(article: Article) -> re.Pattern[str]:
    """The ways a claim may write the article's day of publication; matches nothing if that is unknown."""
    day = day_of(article.published)
    if day is None:
        return re.compile(r"(?!)")
    month = f"(?:{day:%B}|{day:%b}\\.?)"
    return re.compile(
        rf"\b(?:{day.isoformat()}|{day.day} {month}(?:,? {day.year})?|{month} {day.day}(?:,? {day.year})?)\b",
        re.IGNORECASE,
    )


# In the order of the contract; a new check is a function here and a row in this table.
CHECKS: tuple[tuple[RejectReason, Callable[[Evidence], str | None]], ...] = (
    ("label", _offsets),
    ("quote", _quotations),
    ("number", _numbers),
    ("name", _names),
    ("name", _links),
)
