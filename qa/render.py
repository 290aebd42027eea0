"""Render an Answer as text, Markdown, footnotes or JSON. Everything rendered comes from the Answer itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .english.characters import displayable
from .english.temporal.writing import write_day
from .model import Answer, ArticleRef, Citation, Claim, Usage, day_of

RESOLVES = " (gives the day or the name)"
"""Note for a sentence that supports no claim, but shows which day or person another cited sentence means."""

_SPACE = re.compile(r"\s+")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def outlet_and_day(article: ArticleRef) -> str:
    """Return outlet and day of an article, as in "Karrow Courier, 4 March 2026". An unknown day is "undated"."""
    day = day_of(article.published)
    dated = write_day(day) if day else "undated"
    return f"{article.source or 'unnamed source'}, {dated}"


def to_text(answer: Answer) -> str:
    """Render as plain text: the claims, then each cited sentence with outlet, day and headline."""
    lines = [answer.text, *_contradicting(answer), *changes_of(answer), ""]
    lines += [f"[{c.number}] {_attribution(answer, c)}\n    {_one_line(c.quote)}" for c in answer.citations]
    lines += _notes(answer)
    return displayable("\n".join(lines)).rstrip() + "\n"


def to_markdown(answer: Answer) -> str:
    """Render as Markdown, with the cited sentences as a numbered list. Text of articles and models is escaped."""
    lines = [escape(answer.text), *map(escape, _contradicting(answer)), ""]
    if changes := changes_of(answer):
        lines += [*(f"*{escape(change)}*" for change in changes), ""]
    for citation in answer.citations:
        quote = "".join(_bold(in_line(text)) if answers else escape(in_line(text)) for text, answers in citation.pieces)
        lines.append(f"{citation.number}. {quote} ({escape(_attribution(answer, citation))})")
    lines += ["", *(f"*{escape(note)}*" for note in _notes(answer) if note)]
    return displayable("\n".join(lines)).rstrip() + "\n"


def to_footnotes(answer: Answer) -> str:
    """Render with footnotes: superscript numbers in the text; below it outlet, day, headline, speaker, quote, URL."""
    claims = answer.claims or (answer.abstention.contradicting if answer.abstention else ())
    speakers = {n: claim.speaker for claim in claims if claim.speaker for n in claim.citations}
    lines = [answer.abstention.message] if answer.abstention else []
    lines.append(" ".join(claim.wording + "\u2009".join(map(_raised, claim.citations)) for claim in claims))
    lines += [*changes_of(answer), ""]
    for citation in answer.citations:
        article = answer.article(citation)
        said = f", {speakers[citation.number]}" if citation.number in speakers else ""
        link = f" {article.url}" if article.url else ""
        words = _one_line(citation.quote)
        lines.append(f"{_raised(citation.number)} {_attribution(answer, citation)}{said}: “{words}”{link}")
    return displayable("\n".join([*lines, *_notes(answer)])).strip() + "\n"


def to_json(answer: Answer) -> str:
    """Render as indented JSON, with all fields of the Answer."""
    return answer.model_dump_json(indent=2)


def used(usage: Usage) -> str:
    """Describe usage: "1,234 tokens read (900 cached), 56 written, $0.0002". The cost may be unknown."""
    cost = "cost unknown" if usage.cost_usd is None else f"${usage.cost_usd:.4f}"
    return f"{usage.input:,} tokens read ({usage.cached:,} cached), {usage.output:,} written, {cost}"


def changes_of(answer: Answer) -> list[str]:
    """Return what has changed or is disputed, each as one sentence. It follows the claims."""
    return list(dict.fromkeys(conflict.detail for conflict in answer.conflicts if conflict.detail))


def notes_of(answer: Answer) -> list[str]:
    """Return the notes that follow an answer: what it leaves open, what helps, and what was not shown."""
    notes = [f"Not answered: {part}." for part in answer.missing]
    if answer.abstention and answer.abstention.nearest:
        notes.append("The nearest sentences are quoted above.")
    if answer.abstention and answer.abstention.suggestion:
        notes.append(answer.abstention.suggestion)
    if answer.rejected:
        notes.append(f"Drafted claims that are not shown as they were worded: {len(answer.rejected)}.")
    return notes


def escape(text: str) -> str:
    """Escape every character that has a meaning in Markdown or HTML."""
    special = set("\\`*_{}[]()#+!|<>$~:&")
    return "".join(f"\\{ch}" if ch in special else ch for ch in text)


def _bold(text: str) -> str:
    """Return words in bold. Beside a mark of punctuation, Markdown would show the asterisks."""
    return f"**{escape(text)}**" if text[0].isalnum() and text[-1].isalnum() else escape(text)


def claim_pieces(claim: Claim, citations: Sequence[Citation]) -> tuple[tuple[str, bool], ...]:
    """Return the text of a claim in pieces, each with whether it answers the question.

    The answering words of its citations are looked up in it. They are marked where they occur once.
    """
    text = claim.text
    for citation in citations:
        words = next((piece for piece, answers in citation.pieces if answers), "")
        if words and citation.number in claim.citations and text.count(words) == 1:
            before, _, after = text.partition(words)
            return tuple(piece for piece in ((before, False), (words, True), (after, False)) if piece[0])
    return ((text, False),)


def in_line(text: str) -> str:
    """Return a piece of a text on one line. Space at its ends stays, because the next piece may follow directly."""
    return _SPACE.sub(" ", text)


def _raised(number: int) -> str:
    return str(number).translate(_SUPERSCRIPT)


def _contradicting(answer: Answer) -> list[str]:
    """Return the claims that contradict the question's premise, with citation markers."""
    claims = answer.abstention.contradicting if answer.abstention else ()
    return [f"{claim.wording} {''.join(f'[{n}]' for n in claim.citations)}" for claim in claims]


def _attribution(answer: Answer, citation: Citation) -> str:
    article = answer.article(citation)
    resolves = RESOLVES if citation.number in answer.resolving else ""
    copies = f"; also in {len(article.same_as)} near-copy" if article.same_as else ""
    title = f", “{_one_line(article.title)}”" if article.title else ""
    status = "" if article.status == "current" else f" [{article.status}]"
    return f"{outlet_and_day(article)}{title}{status}{copies}{resolves}"


def _notes(answer: Answer) -> list[str]:
    notes = notes_of(answer)
    notes += [f"Warning: {warning}" for warning in answer.warnings]
    return ["", *notes] if notes else []


def _one_line(text: str) -> str:
    return " ".join(text.split())
