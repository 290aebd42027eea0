"""The data sent to the browser: answers, turns and articles as dictionaries of strings for ``textContent``.

Every string from an article or a model goes through ``displayable``, so that it cannot hide or reorder words.
Offsets count code points and are resolved here. JavaScript counts UTF-16 units, so it never receives an offset.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from ..english.characters import displayable
from ..english.temporal.writing import write_day, write_days
from ..model import Answer, ArticleRef, Basis, Citation, Claim, Coverage, Filters
from ..render import (
    WITHHELD,
    Run,
    Tag,
    changes_beside,
    escape,
    heading_of,
    in_line,
    judged_by,
    lead_of,
    made_of,
    nearest_of,
    outlet_and_day,
    parts_of,
    provenance_of,
    quotation_runs,
    rejected_of,
    short_outlet,
    tags_of,
    to_footnotes,
    to_json,
    to_markdown,
    to_text,
    used,
)
from ..verification.notes import without_notes
from .adding import COUNTED, MOST_SHOWN, Adding
from .libraries import Found
from .turn import Turn, without

__all__ = ["adding_view", "article_list_view", "citations_of", "coverage_words", "escape", "turn_view"]

View = dict[str, Any]

BEGINNING = 110  # characters of a text of which a list shows the beginning
STAGES = {
    "planning": "Understanding the question",
    "searching": "Searching the articles",
    "reading": "Reading",
    "checking": "Checking every claim against its sentences",
}
STATUSES = {"current": "", "corrected": "Corrected", "retracted": "Retracted", "superseded": "Superseded"}
BASES: dict[Basis, str] = {"published": "What was published by then", "held": "What this library held"}
AS_OF: dict[Basis, str] = {"published": "as published by", "held": "as the library stood on"}
AGAIN = {
    "again": "Try again",
    "any-outlet": "Search all outlets",
    "anybody": "Search what anybody said",
    "any-day": "Search all days",
    "unfiltered": "Search without any filter",
    "reader": "Ask the offline reader",
    "model": "Ask the model",
}
"""What a turn can be asked again with, as buttons."""
_ADVICE = re.compile(r",? or use --offline|\s*Use --offline\.")  # an option that no reader of the page can set


def beginning(text: str) -> str:
    """Return the first words of a text, on one line."""
    text = displayable(in_line(text)).strip()
    return text if len(text) <= BEGINNING else f"{text[:BEGINNING].rsplit(' ', 1)[0]} …"


def turn_view(turn: Turn, current: int | None, passages: Mapping[tuple[str, int], str]) -> View:
    """Return the view of a turn, finished or not. ``current`` is the number of the citation that is open, if any."""
    answer = turn.answer
    claims = list(answer.claims) if answer else [ready.claim for ready in turn.claims]
    cited = citations_of(turn)
    contradicting = answer.abstention.contradicting if answer and answer.abstention else ()
    speakers = _speakers([*claims, *contradicting])
    resting = {n for claim in (*claims, *contradicting) for n in claim.citations}
    resting |= set(answer.abstention.nearest) if answer and answer.abstention else set()
    changes = changes_beside(answer) if answer else {}
    return {
        "id": turn.id,
        "question": displayable(turn.question),
        "standalone": displayable(turn.standalone) if turn.standalone != turn.question else None,
        "running": turn.running,
        "stopped": turn.stopped,
        "error": turn.error,
        "stages": [*_preparing(turn)]
        + [
            {
                "name": STAGES[stage.name],
                "detail": displayable(without_notes(stage.detail)) if stage.name != "searching" else "",
                "found": [
                    displayable(outlet_and_day(one, " · ") + (f" · {one.heading}" if one.heading else ""))
                    for one in stage.articles
                ],
            }
            for stage, _ in turn.stages
        ],
        "claims": [claim_view(claim, turn, changes.get(index, ())) for index, claim in enumerate(claims)],
        "citations": [
            citation_view(c, turn.articles[c.article_id], speakers.get(c.number), resolves=c.number not in resting)
            for c in cited
            if c.article_id in turn.articles
        ],
        "abstention": _abstention(answer, turn) if answer else None,
        "again": [{"how": how, "label": AGAIN[how]} for how in _again(turn)],
        "notes": _notes(answer) if answer else [],
        "copies": {"text": to_text(answer), "Markdown": to_markdown(answer), "footnotes": to_footnotes(answer)}
        if answer
        else None,
        "json": to_json(answer) if answer else None,
        "made": _made(answer, turn, passages) if answer else None,
        "thumb": turn.thumb,
        "commented": turn.commented,
        "current": current,
    }


def _preparing(turn: Turn) -> Iterator[View]:
    """Yield what is done before the question is asked: "Opening the sample library, 34 of 62 articles"."""
    if adding := turn.preparing:
        detail = f"{adding.done} of {_count(adding.total, 'article')}" if adding.total > 1 else ""
        yield {"name": "Opening the sample library", "detail": detail, "found": []}


def citations_of(turn: Turn) -> Sequence[Citation]:
    """Return the citations of a turn that are known so far."""
    if turn.answer:
        return turn.answer.citations
    known = {c.number: c for ready in turn.claims for c in ready.citations}  # two claims may share a sentence
    return [known[number] for number in sorted(known)]


def claim_view(claim: Claim, turn: Turn, changes: Sequence[str] = ()) -> View:
    """Return the view of a claim: its words in parts, what Dateline adds to them, and where they come from."""
    known = citations_of(turn)
    lead = lead_of(claim)
    articles = [turn.articles[c.article_id] for n in claim.citations for c in known if c.number == n]
    return {
        "parts": [{"quoted": part.quoted, "runs": _marked(part.runs)} for part in parts_of(claim, known)],
        "lead": _tag(lead) if lead else None,
        "tags": [_tag(tag) for tag in tags_of(claim)],
        "past": claim.standing in {"superseded", "corrected"},
        "numbers": list(claim.citations),
        "context": list(claim.context),
        "by": displayable(provenance_of(claim, articles)),
        "changes": [displayable(change) for change in changes],
    }


def _tag(tag: Tag) -> View:
    return {"text": displayable(in_line(tag.text)), "why": displayable(in_line(tag.why))}


def _again(turn: Turn) -> list[str]:
    """Return what a turn without an answer can be asked again with."""
    abstained = turn.answer is not None and turn.answer.abstention is not None
    if not (abstained or turn.error or turn.stopped):
        return []
    hows = [] if abstained else ["again"]
    if abstained:
        single = [how for how in ("any-outlet", "anybody", "any-day") if without(turn.filters, how) != turn.filters]
        hows += [*single, *(["unfiltered"] if len(single) > 1 else [])]
    return [*hows, *([turn.other_way] if turn.other_way and not turn.stopped else [])]


def _speakers(claims: Sequence[Claim]) -> dict[int, str]:
    return {n: claim.speaker for claim in claims if claim.speaker for n in claim.citations}


def citation_view(citation: Citation, article: ArticleRef, speaker: str | None, *, resolves: bool) -> View:
    """Return the view of a citation. One that ``resolves`` only shows which day or person another one means."""
    return {
        "resolves": resolves,
        "number": citation.number,
        "short": displayable(short_outlet(article)),
        "where": displayable(outlet_and_day(article)),
        "title": displayable(article.heading),
        "status": STATUSES[article.status],
        "speaker": displayable(
            speaker or ", ".join(dict.fromkeys(said.speaker for said in citation.said if said.speaker))
        ),
        "quote": _marked(quotation_runs(citation)),
        "copies": len(article.same_as),
    }


def _marked(runs: Iterable[Run]) -> list[View]:
    """Return pieces of a text, those that answer the question marked."""
    return [{"text": displayable(run.text), "answers": run.answers} for run in runs]


def _abstention(answer: Answer, turn: Turn) -> View | None:
    found = answer.abstention
    if found is None:
        return None
    return {
        "heading": heading_of(found),
        "message": displayable(found.message),
        "claims": [claim_view(claim, turn) for claim in found.contradicting],
        "nearest": [claim_view(claim, turn) for claim in nearest_of(answer)],
        # What to ask again without, there are buttons for.
        "suggestion": displayable(found.suggestion or "") if found.reason in {"outside_dates", "unverified"} else "",
        "coverage": f"Searched: {coverage_words(answer.coverage)}.",
    }


def _notes(answer: Answer) -> list[str]:
    notes = [f"Searched only: {searched(answer.filters)}."] if answer.filters.active else []
    outside = answer.abstention is not None and answer.abstention.reason == "outside_dates"
    if answer.preferred != answer.filters and not outside:  # the abstention names the days itself
        notes.append(f"Searched first: {searched(_beyond(answer.filters, answer.preferred))}.")
    notes += [f"Not answered: {part}" for part in answer.missing]
    return [displayable(note) for note in (*notes, *(_ADVICE.sub("", warning) for warning in answer.warnings))]


def _beyond(filters: Filters, preferred: Filters) -> Filters:
    """Return what is preferred without what is filtered by anyway."""
    names = ("sources", "speakers", "since", "until", "as_of")
    same = [name for name in names if getattr(filters, name) == getattr(preferred, name)]
    rest = preferred.model_copy(update={name: Filters.model_fields[name].default for name in same})
    return rest if rest.active else preferred


def searched(filters: Filters) -> str:
    """Describe filters: "articles from Coast Wire, what Una Holm said, published on or after 1 March 2026"."""
    parts = [
        f"articles from {', '.join(filters.sources)}" if filters.sources else "",
        f"what {', '.join(filters.speakers)} said" if filters.speakers else "",
        f"published on or after {write_day(filters.since)}" if filters.since else "",
        f"published on or before {write_day(filters.until)}" if filters.until else "",
        f"{AS_OF[filters.basis]} {write_day(filters.as_of)}" if filters.as_of else "",
    ]
    return ", ".join(filter(None, parts))


def _made(answer: Answer, turn: Turn, passages: Mapping[tuple[str, int], str]) -> View:
    made = answer.provenance
    cited = {(c.article_id, c.sentence): c.number for c in answer.citations}
    return {
        "told": made_of(answer),
        "rows": [[name, displayable(value)] for name, value in _rows(answer, turn)],
        "support": [
            {"text": displayable(claim.text), "support": f"{claim.support:.2f}"}
            for claim in answer.claims
            if claim.support is not None
        ],
        "passages": [
            {
                "label": label,
                "score": score,
                "text": displayable(" ".join(passages.get((article_id, sentence), "(deleted since)").split())),
                "number": cited.get((article_id, sentence)),
            }
            for (label, article_id, sentence), score in zip_longest(made.shown, made.scores)
        ],
        "rejected": [
            {
                "text": displayable(without_notes(r.text)),
                "reason": WITHHELD[r.reason],
                "detail": displayable(without_notes(r.detail)),
            }
            for r in rejected_of(answer)
        ],
    }


def _rows(answer: Answer, turn: Turn) -> list[tuple[str, str]]:
    made = answer.provenance
    timings = ", ".join(f"{name.replace('_', ' ')} {ms:,.0f} ms" for name, ms in made.timings_ms.items())
    return [
        ("Answered by", turn.settings.destination if made.mode == "model" else "the offline reader, on this machine"),
        ("Model", made.model or "none"),
        ("Read by", made.reading or "words and static vectors alone"),
        ("Support judged by", judged_by(answer)),
        ("Prompt (SHA-256)", made.prompt_sha256 or "none"),
        ("Tokens and cost", used(made.usage) if made.usage else "none"),
        ("Time", timings),
        ("Searched by", f"words and {made.embedder} vectors"),
        *([("Then searched for", without_notes(made.second_look))] if made.second_look else []),
        ("Library", f"revision {made.library_revision}"),
        ("Dateline", made.qa_version),
        ("Created", f"{made.created:%Y-%m-%d %H:%M:%S %Z}"),
    ]


def coverage_words(coverage: Coverage) -> str:
    """Describe a library: "62 articles · 14 outlets · 3 March 2025 – 9 May 2026"."""
    if not coverage.articles:
        return "no articles yet"
    parts = [_count(coverage.articles, "article"), _count(len(coverage.sources), "outlet")]
    if coverage.first and coverage.last:
        parts.append(write_days(coverage.first, coverage.last))
    if coverage.unread:
        parts.append(f"{coverage.unread:,} still being read")
    return " · ".join(parts)


def _count(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def article_list_view(found: Found, filters: Filters, edited: Container[str], page: int, size: int) -> View:
    """Return one page of the list of articles, with what was found.

    Args:
        found: the articles of the page.
        filters: those that were searched with.
        edited: ids of articles that a reader has edited.
        page: the number of the page, from 0.
        size: articles on a page.
    """
    quoted = " and ".join(f"“{phrase}”" for phrase in found.phrases)
    containing = f" {'contains' if found.total < 2 else 'contain'} {quoted}" if quoted else ""
    return {
        "rows": [
            {
                "id": ref.id,
                "title": displayable(ref.heading or "Untitled"),
                "named": bool(ref.title),
                "where": displayable(outlet_and_day(ref)),
                "status": STATUSES[ref.status],
                "edited": "edited here" if ref.id in edited else "",
            }
            for ref in found.refs
        ],
        "page": page,
        "pages": max(1, -(-found.total // size)),
        "told": displayable(f"{_count(found.total, 'article') if found.total else 'No article'}{containing}"),
        "advice": "" if found.total else displayable(_advice(found, filters)),
    }


def _advice(found: Found, filters: Filters) -> str:
    """Return what to try if no article was found."""
    missing = ", ".join(f"“{phrase}”" for phrase in found.missing)
    advice = []
    if missing and len(found.phrases) > 1:
        advice.append(f"In no article: {missing}.")
    elif len(found.phrases) > 1:
        advice.append("Each of these is in some article, but no article contains all of them.")
    if found.phrases:
        advice.append("Try fewer words, or another spelling.")
    if filters.active:
        advice.append(f"Searched only: {searched(filters)}. Clear the filters to search everything.")
    return " ".join(advice)


def adding_view(adding: Adding) -> View:
    """Return what became of added, edited or deleted articles: one line that unfolds, failures first."""
    told = sorted(adding.results, key=lambda result: result.good)
    more = len(told) - MOST_SHOWN
    return {
        "summary": displayable(adding.summary),
        "lines": [
            {
                "name": displayable(result.name),
                "words": displayable(result.words),
                "failed": not result.good,
                "article": result.article,
                "note": "" if result.outcome in {"added", "failed"} else COUNTED[result.outcome],
            }
            for result in ([] if adding.alone else told[:MOST_SHOWN])
        ],
        "more": f"and {more:,} more" if more > 0 else "",
        "open": len(told) == 1 and not told[0].good,
        "error": displayable(adding.error or ""),
    }
