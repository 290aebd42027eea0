"""Holds the claims of a saved answer against today's library: which still stand, and what became of the others.

A claim's sentences are looked up first (``tracing``). What is no longer there was corrected, if a note or the sentence
that took its place says so; else it is gone. What is still there is weighed like the claim of a new answer
(``weigh``). An answer that already told of a change has not changed by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ..articles.parse import ParsedArticle
from ..english.temporal.writing import write_day
from ..model import (
    Answer,
    ArticleRef,
    ChangeKind,
    CheckedClaim,
    Citation,
    Claim,
    DraftClaim,
    Passage,
    Recheck,
    Sentence,
    Standing,
    Verdict,
)
from ..render import outlet_and_day
from ..verification.attribution import said_in, unresolved_in
from ..verification.evidence import Evidence
from .tracing import Trace
from .weigh import Corrections, Weighed

Place = tuple[Sentence, ParsedArticle]
Weigh = Callable[[Evidence], Weighed]

_CHANGES: Mapping[Standing, tuple[Verdict, ChangeKind]] = {
    "corrected": ("corrected", "correction"),
    "superseded": ("superseded", "update"),
    "disputed": ("disputed", "disagreement"),
}
# What an answer that showed a claim as the first has told already, so that the second is no news.
_KNOWN: frozenset[tuple[Standing, Verdict]] = frozenset(
    {("superseded", "superseded"), ("superseded", "disputed"), ("corrected", "superseded"), ("corrected", "disputed")}
)
TOLD = "The answer already says what has changed."
_HOW = {
    "moved": "The sentence stands at another place of the article now.",
    "respelled": "The sentence has the same words, but other marks or spaces.",
}


@dataclass(frozen=True)
class Finding:
    """What became of a claim: see ``CheckedClaim``. ``by`` are today's sentences, each with its article."""

    verdict: Verdict
    since: date | None = None
    by: tuple[Place, ...] = ()
    detail: str = ""


def claims_of(answer: Answer) -> tuple[Claim, ...]:
    """Return the claims of an answer, or those that an abstention shows because they contradict the question."""
    return answer.claims or (answer.abstention.contradicting if answer.abstention else ())


def check(
    claim: Claim, traces: Sequence[Trace], is_news: Callable[[Place], bool], weigh: Weigh, corrections: Corrections
) -> Finding:
    """Return what became of one claim.

    Args:
        claim: the claim as it was saved.
        traces: what became of the sentences that it rests on.
        is_news: whether a sentence may add to what the saved answer told: it does not show it, and it is newer.
        weigh: weighs a claim against today's library.
        corrections: finds the corrections of a sentence.
    """
    missing = [trace for trace in traces if not trace.holds]
    for trace in missing:
        if found := _corrected(trace, corrections):
            return Finding("stands", detail=TOLD) if claim.standing == "corrected" else found
    evidence = evidence_of(claim, traces)
    weighed = _weighed(claim, weigh(evidence), is_news) if evidence else None
    if weighed and (weighed.verdict == "corrected" or not missing):
        return weighed if weighed.verdict != "stands" else Finding("stands", detail=weighed.detail or _where(traces))
    return _gone(missing)


def evidence_of(claim: Claim, traces: Sequence[Trace]) -> Evidence | None:
    """Return a claim with those of its sentences that are still there. None if there are none."""
    places = [(s, trace.now) for trace in traces if trace.holds and trace.now for s in trace.sentences]
    if not places:
        return None
    passages = tuple(
        Passage(label=f"S{n}", article_id=s.article_id, sentence=s, score=0.0) for n, (s, _) in enumerate(places, 1)
    )
    draft = DraftClaim(text=claim.text, labels=tuple(p.label for p in passages), speaker=claim.speaker)
    return Evidence(draft, passages, tuple(article for _, article in places))


def _corrected(trace: Trace, corrections: Corrections) -> Finding | None:
    """The correction of a sentence that is no longer there: by a note, or by what took its place."""
    for one in corrections(trace.old, trace.article):
        if not one.confirms:
            return Finding("corrected", one.day, tuple((s, one.article) for s in one.sentences), one.detail)
    now = trace.now
    if now is not None and now.article.status == "retracted" and trace.article.article.status != "retracted":
        return Finding("corrected", trace.since, (), f"The article was withdrawn.{_when(trace)}")
    if now is not None and trace.kind == "revalued":
        told = "; ".join(f"“{new}”, not “{old}”" for old, new in trace.values)
        where = outlet_and_day(now.article)
        by = tuple((s, now) for s in trace.sentences)
        return Finding("corrected", trace.since, by, f"The article now says {told} ({where}).{_when(trace)}")
    return None


def _gone(missing: Sequence[Trace]) -> Finding:
    removed = next((trace for trace in missing if trace.now is None), None)
    if removed:
        where = outlet_and_day(removed.article.article)
        return Finding("gone", None, (), f"The article is no longer in the library ({where}).")
    trace = missing[0]
    by = tuple((t.nearest, t.now) for t in missing if t.nearest and t.now)
    where = outlet_and_day(trace.now.article) if trace.now else ""
    return Finding("gone", trace.since, by, f"The article no longer has the sentence ({where}).{_when(trace)}")


def _when(trace: Trace) -> str:
    """What to say of the day of a change that an article does not tell."""
    if trace.got is None:
        return ""
    return f" It does not say when it was changed; the library got the new text on {write_day(trace.got)}."


def _weighed(claim: Claim, weighed: Weighed, is_news: Callable[[Place], bool]) -> Finding:
    """What weighing says of a claim whose sentences are still there, without what its answer told already."""
    if weighed.standing not in _CHANGES:
        return Finding("stands")
    verdict, kind = _CHANGES[weighed.standing]
    besides = [b for b in weighed.beside if b.kind == kind]
    by = tuple((p.sentence, article) for b in besides for p, article in b.evidence.pairs)
    news = any(map(is_news, by))
    withdrawn = verdict == "corrected" and not besides and weighed.within is not None
    told = (claim.standing, verdict) in _KNOWN or (claim.standing == verdict and not news and not withdrawn)
    if told or (claim.standing == verdict and verdict == "corrected"):
        return Finding("stands", detail=TOLD)
    if withdrawn and weighed.within:
        return Finding(verdict, weighed.since, (), weighed.within[1])
    if not by:
        return Finding("stands")  # the claim's own sentence tells both, or nothing can be shown for it
    days = [b.since for b in besides if b.since]
    since = max(days, default=None) if verdict == "disputed" else weighed.since
    return Finding(verdict, since, by, " ".join(dict.fromkeys(b.detail for b in besides)))


def _where(traces: Iterable[Trace]) -> str:
    """What to say of sentences that stand, but not as they stood."""
    return next((_HOW[trace.kind] for trace in traces if trace.kind in _HOW), "")


@dataclass
class _Numbers:
    """Numbers today's sentences behind those of the answer."""

    last: int
    known: dict[tuple[str, int], Citation]
    articles: dict[tuple[str, str], ArticleRef]

    def cite(self, place: Place) -> Citation:
        sentence, article = place
        key = (article.id, sentence.index)
        if key not in self.known:
            self.last += 1
            self.known[key] = Citation(
                number=self.last,
                article_id=article.id,
                version=article.article.version,
                sentence=sentence.index,
                start=sentence.start,
                end=sentence.end,
                quote=article.article.text[sentence.start : sentence.end],
                said=said_in(sentence, article),
                unresolved=unresolved_in(sentence, article),
            )
            self.articles[article.id, article.article.version] = article.article.ref()
        return self.known[key]


def report(
    answer: Answer,
    findings: Sequence[Finding],
    now: Sequence[Place],
    *,
    origin: str | None,
    checked: datetime,
    revision: int,
    warnings: tuple[str, ...] = (),
) -> Recheck:
    """Return what was found of an answer as a Recheck.

    Args:
        answer: the saved answer.
        findings: what became of each of its claims.
        now: sentences that answer its question, if it was an abstention.
        origin: the file of the answer.
        checked: when it was checked.
        revision: that of the library now.
        warnings: what a reader should know.
    """
    claims = claims_of(answer)
    cited = [answer.cited(claim) for claim in claims]
    refs = {(c.article_id, c.version): answer.article(c) for its in cited for c in its}
    numbers = _Numbers(len(answer.citations), {}, refs)
    checks = tuple(
        CheckedClaim(
            text=claim.text,
            citations=its,
            verdict=found.verdict,
            since=found.since,
            by=tuple(dict.fromkeys(map(numbers.cite, found.by))),
            detail=found.detail,
        )
        for claim, its, found in zip(claims, cited, findings, strict=True)
    )
    return Recheck(
        question=answer.question,
        standalone=answer.standalone,
        origin=origin,
        saved=answer.provenance.created,
        checked=checked,
        claims=checks,
        now=tuple(dict.fromkeys(map(numbers.cite, now))),
        articles=tuple(numbers.articles.values()),
        library_revision_saved=answer.provenance.library_revision,
        library_revision=revision,
        warnings=warnings,
    )
