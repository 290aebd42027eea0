"""Examines drafted claims: what is certainly wrong is rejected, and what is doubtful goes to a judge.

The checks look at what a claim may rest on: the cited sentences and their articles' headers (title, source, published).
A name, number or day that only the sentence beside them gives is mended: that sentence is cited, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..articles.parse import ParsedArticle
from ..english.characters import normalise
from ..english.document import Document
from ..model import DraftClaim, Passage, Rejected
from .attribution import is_verbatim
from .checks import content_policy, dates, edits, numbers, polarity, proper_names, quotations, roles, speakers
from .evidence import Evidence
from .findings import Doubt, Fault, Finding
from .notes import without_notes

BESIDE = 2  # how many sentences away a sentence may be that is cited too because it names what a claim names
ADDED = 2  # the most sentences that are added to a claim
MENDABLE = frozenset({"name", "number", "date"})


@dataclass(frozen=True)
class Examined:
    """Claims without a fault, each as its evidence with the doubts about it, and those with one."""

    passed: tuple[Evidence, ...]
    rejected: tuple[Rejected, ...]


def examine(
    claims: Sequence[DraftClaim], passages: tuple[Passage, ...], articles: Mapping[str, ParsedArticle]
) -> Examined:
    """Put every claim through every check.

    Args:
        claims: the claims of a draft.
        passages: the sentences that were shown for it, which its labels name.
        articles: the articles of these sentences, by id.
    """
    shown = {p.label: p for p in passages}
    results = [_examined(claim, shown, articles) for claim in claims]
    return Examined(
        tuple(r for r in results if isinstance(r, Evidence)), tuple(r for r in results if isinstance(r, Rejected))
    )


def _examined(
    drafted: DraftClaim, shown: Mapping[str, Passage], articles: Mapping[str, ParsedArticle]
) -> Evidence | Rejected:
    claim = drafted.model_copy(update={"text": normalise(without_notes(drafted.text)).strip()})
    unknown = [label for label in claim.labels if label not in shown]
    if unknown or not claim.labels:
        detail = f"cites {', '.join(unknown)}, which was not shown" if unknown else "cites no sentence"
        return Rejected(text=claim.text, labels=claim.labels, reason="label", detail=detail)
    cited = tuple(shown[label] for label in dict.fromkeys(claim.labels))
    evidence = Evidence(claim, cited, tuple(articles[p.article_id] for p in cited))
    faults = [finding for check in CERTAIN for finding in check(evidence) if isinstance(finding, Fault)]
    if not faults:
        if is_verbatim(evidence):  # the articles' own words, whatever they say; but not by whomever the draft says
            known = not any(True for _ in speakers.check(evidence))
            return _least(evidence if known else evidence.by_nobody(), ())
        evidence, findings = _mended(evidence, shown, articles)
        faults = [finding for finding in findings if isinstance(finding, Fault)]
    if faults:
        return Rejected(text=claim.text, labels=claim.labels, reason=faults[0].reason, detail=faults[0].detail)
    return _least(evidence, [finding for finding in findings if isinstance(finding, Doubt)])


def may_be_quoted(evidence: Evidence) -> bool:
    """Whether a claim of whole sentences may be shown: it holds no link and no order, and stands where it should."""
    return not any(True for check in CERTAIN for _ in check(evidence))


def _findings(evidence: Evidence) -> list[Finding]:
    return list(dict.fromkeys(finding for check in CHECKS for finding in check(evidence)))


def _mended(
    evidence: Evidence, shown: Mapping[str, Passage], articles: Mapping[str, ParsedArticle]
) -> tuple[Evidence, list[Finding]]:
    """The claim with the sentences beside its own that give what it names, and what the checks find of that.

    Whether such a sentence speaks of the same thing, only its meaning tells. So every one that is added is a doubt.
    """
    findings, doubts = _findings(evidence), list[Doubt]()
    for _ in range(ADDED):
        wanting = [f for f in findings if f.reason in MENDABLE and (isinstance(f, Fault) or f.reason == "name")]
        if not wanting:
            break
        for passage in _beside(evidence, shown):
            more = evidence.with_passage(passage, articles[passage.article_id])
            found = _findings(more)
            if _gravity(found) < _gravity(findings):
                doubts.append(Doubt(wanting[0].reason, f"Do the sentences state the claim? {_why(wanting[0])}"))
                evidence, findings = more, found
                break
        else:
            break
    return evidence, [*findings, *doubts]


def _why(finding: Finding) -> str:
    """Why a sentence was added: "31,000 stands in one that the claim did not cite"."""
    if isinstance(finding, Doubt):
        return finding.question
    return finding.detail.replace("stands in no cited sentence", "stands in one that the claim did not cite") + "."


def _gravity(findings: Sequence[Finding]) -> tuple[int, int]:
    """How many faults there are, and how many doubts about names."""
    faults = sum(isinstance(finding, Fault) for finding in findings)
    return faults, sum(isinstance(f, Doubt) and f.reason == "name" for f in findings)


def _beside(evidence: Evidence, shown: Mapping[str, Passage]) -> Iterator[Passage]:
    """The shown sentences next to the cited ones, nearest first, and of two as near the earlier one."""
    cited = {(p.article_id, p.sentence.index) for p in evidence.passages}
    distances = {
        place: min(abs(place[1] - index) for article_id, index in cited if article_id == place[0])
        for place in ((p.article_id, p.sentence.index) for p in shown.values())
        if place not in cited and any(place[0] == article_id for article_id, _ in cited)
    }
    near = [p for p in shown.values() if distances.get((p.article_id, p.sentence.index), BESIDE + 1) <= BESIDE]
    yield from sorted(near, key=lambda p: (distances[p.article_id, p.sentence.index], p.sentence.index))


def _least(evidence: Evidence, doubts: Sequence[Doubt]) -> Evidence:
    """The claim with no more sentences than it needs.

    A sentence goes if the checks find no more without it and no word of the claim is lost: models also cite what stands
    around a fact. Fewer sentences can only be harder to pass with.
    """
    kept, before = evidence, set(doubts)
    pairs = zip(evidence.passages, evidence.cited, strict=True)
    for passage, _ in sorted(pairs, key=lambda pair: (_covered(pair[1:], evidence), -pair[0].score)):
        rest = [p for p in kept.passages if p is not passage]
        fewer = kept.citing(rest)
        if not rest or _covered(fewer.cited, evidence) < _covered(kept.cited, evidence):
            continue
        if set(_findings(fewer)) <= before:
            kept = fewer
    return kept.doubting(doubts)


def _covered(documents: Iterable[Document], evidence: Evidence) -> int:
    """How many of the claim's words these sentences have."""
    there: frozenset[str] = frozenset().union(*(document.stems for document in documents))
    return len(evidence.claimed.stems & there)


def _offsets(evidence: Evidence) -> Iterator[Finding]:
    for passage, article in zip(evidence.passages, evidence.articles, strict=True):
        sentence = passage.sentence
        if article.text[sentence.start : sentence.end] != sentence.text:
            yield Fault("label", f"{passage.label} is not what the article says at {sentence.start}:{sentence.end}")


Check = Callable[[Evidence], Iterator[Finding]]

CERTAIN: tuple[Check, ...] = (_offsets, content_policy.check)
"""Checks that even a verbatim claim must pass."""

CHECKS: tuple[Check, ...] = (
    quotations.check,
    speakers.check,
    numbers.check,
    dates.check,
    proper_names.check,
    polarity.negation,
    polarity.modality,
    roles.check,
    edits.check,
    speakers.as_fact,
)
"""All other checks, in the order in which their faults are told. A new one is a module of ``checks`` and a row here."""
