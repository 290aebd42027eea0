"""Render an Answer as text, Markdown, footnotes or JSON. Everything rendered comes from the Answer itself.

The words of an article stand in quotation marks. What code adds to them (days, names, whether something is still so)
stands in square brackets outside of the marks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from .english.characters import displayable, legible
from .english.quotations import nested
from .english.temporal.writing import write_day, write_when
from .model import (
    Abstention,
    Added,
    Answer,
    ArticleRef,
    Attribution,
    Citation,
    Claim,
    Rejected,
    RejectReason,
    Said,
    Usage,
    day_of,
)

RESOLVES = " (gives the day or the name)"
"""Note for a sentence that supports no claim, but shows which day or person another cited sentence means."""

NOTHING_FOUND = "No sentence found that answers this"
OTHERWISE = "The articles say otherwise"
CLOSEST = "The closest sentences:"

WITHHELD: dict[RejectReason, str] = {
    "label": "cites a sentence that was not shown",
    "quote": "words in quotation marks that are not in the source",
    "speaker": "a speaker whom the source does not name",
    "number": "a number that is not in the source",
    "date": "a day that is not in the source",
    "name": "a name that is not in the source",
    "negation": "affirms what the source denies, or the reverse",
    "modality": "more certain than the source",
    "support": "not clearly stated in the source",
}
"""Why a drafted statement is withheld, in words for readers."""

_JUDGES = {
    "decisions": "OpenAI Decisions",
    "systemone": "a System One server",
    "chat": "the model, asked again about each claim",
    "local": "a comparison of words and vectors on this machine",
}
_HOW: dict[Attribution, str] = {"direct": "quoted", "indirect": "reported", "narration": "told by the article itself"}
NAMED_IN = "day or name from"
"""In front of the numbers of sentences that tell which day or person a claim means, where nothing was added to it."""

_SPACE = re.compile(r"\s+")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SHORT = 16  # characters of an outlet's name that a citation has room for
_OUTLETS = 2  # the most outlets that the line under a claim names
_FRAGMENT_WORDS = 8  # at both ends of a long sentence, by which a link finds it


class Run(NamedTuple):
    """A piece of text, and whether it answers the question."""

    text: str
    answers: bool = False


class Part(NamedTuple):
    """A part of a claim. The runs of a ``quoted`` one are words of an article, in quotation marks."""

    quoted: bool
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The text of all runs."""
        return "".join(run.text for run in self.runs)


class Tag(NamedTuple):
    """What Dateline adds to a claim, such as "Tuesday: 3 March 2026", and why, in a sentence for readers."""

    text: str
    why: str


# -- outlets and days --------------------------------------------------------------------------------------------------


def outlet_and_day(article: ArticleRef, between: str = ", ") -> str:
    """Return outlet and day of an article, as in "Karrow Courier, 4 March 2026". An unknown day is "undated"."""
    day = day_of(article.published)
    dated = write_day(day) if day else "undated"
    return f"{article.source or 'unnamed source'}{between}{dated}"


def short_outlet(article: ArticleRef) -> str:
    """Return the name of an outlet as a citation has room for it: as it is, or the initials of a long one."""
    name = " ".join((article.source or "").split()).removeprefix("The ")
    if len(name) <= _SHORT:
        return name
    initials = "".join(word[0] for word in name.split() if word[0].isupper())
    return initials if len(initials) > 1 else f"{name[: _SHORT - 1].rstrip()}…"


def original(url: str | None, sentence: str | None) -> str | None:
    """Return a link to the original that scrolls to ``sentence`` (WICG text fragment), or None if not http(s)."""
    try:
        if not url or urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            return None
    except ValueError:
        return None
    words = (sentence or "").split()
    if not words:
        return url
    if len(words) <= 2 * _FRAGMENT_WORDS:
        fragment = _encoded(words)
    else:
        fragment = f"{_encoded(words[:_FRAGMENT_WORDS])},{_encoded(words[-_FRAGMENT_WORDS:])}"
    return f"{url.partition('#')[0]}#:~:text={fragment}"


def _encoded(words: Sequence[str]) -> str:
    # Hyphens and commas are part of the fragment syntax, so those in the text are encoded.
    return quote(" ".join(words), safe="").replace("-", "%2D")


def provenance_of(claim: Claim, articles: Iterable[ArticleRef]) -> str:
    """Return one line on where a claim comes from: "Karrow Courier · 4 March 2026 · Rolf Haddik, quoted".

    Args:
        claim: the claim.
        articles: the articles of its citations.
    """
    outlets = list(dict.fromkeys(outlet_and_day(article, " · ") for article in articles))
    more = [f"{len(outlets) - _OUTLETS} more"] if len(outlets) > _OUTLETS else []
    where = " and ".join([*outlets[:_OUTLETS], *more])
    if claim.speaker:
        by = f"{claim.speaker}, {'quoted' if claim.attribution == 'direct' else 'reported'}"
    else:
        by = _HOW[claim.attribution] if claim.attribution == "narration" else f"unnamed, {_HOW[claim.attribution]}"
    told = {added.means for added in claim.added}
    said = f"said {write_when(claim.stated)}" if claim.stated and write_when(claim.stated) not in told else ""
    then = f"concerns {write_when(claim.occurred)}" if claim.occurred and write_when(claim.occurred) not in told else ""
    return " · ".join(filter(None, (where, _one_line(by), said, then)))


# -- a claim in its parts ----------------------------------------------------------------------------------------------


def parts_of(claim: Claim, citations: Iterable[Citation]) -> tuple[Part, ...]:
    """Return a claim in parts: what articles say word for word, and what a model has worded. Without what code added.

    The words that answer the question are marked, unless they are no longer so.
    """
    cited = [citation for citation in citations if citation.number in claim.citations]
    bare = _one_line(claim.bare)
    marked = claim.standing not in {"corrected", "superseded"}
    sentences = _sentences_in(bare, cited)
    if not sentences:
        verbatim = any(bare in legible(citation.quote) for citation in cited)
        return (_part(_found_in(bare, cited if marked else ()), quoted=verbatim),)
    groups = [[sentences[0]]]
    for one, following in pairwise(sentences):
        if following.article_id == one.article_id and following.sentence == one.sentence + 1:
            groups[-1].append(following)
        else:
            groups.append([following])
    return tuple(_part(_whole(group, marked=marked), quoted=True) for group in groups)


def tags_of(claim: Claim) -> tuple[Tag, ...]:
    """Return the days and names that code has added to a claim. Its speaker stands in the line under it."""
    return tuple(_tag(added) for added in claim.added if added.kind != "speaker")


def lead_of(claim: Claim) -> Tag | None:
    """Return what has to be known before a claim is read: that it may no longer be so."""
    if not claim.held:
        return None
    why = {
        "corrected": "A correction says that this was wrong.",
        "superseded": "A later article gives something newer.",
    }.get(claim.standing, "The article is of that day; whether it is still so is unknown.")
    return Tag(claim.held, f"Added by Dateline: {why}")


def nearest_of(answer: Answer) -> tuple[Claim, ...]:
    """Return the sentences closest to a question without an answer, as claims. Neighbours in an article are one."""
    numbers = answer.abstention.nearest if answer.abstention else ()
    groups: list[list[Citation]] = []
    for citation in (answer.citations[n - 1] for n in numbers):
        last = groups[-1][-1] if groups else None
        if last and (last.article_id, last.sentence + 1) == (citation.article_id, citation.sentence):
            groups[-1].append(citation)
        else:
            groups.append([citation])
    return tuple(claim_of(group) for group in groups)


def changes_beside(answer: Answer) -> Mapping[int, tuple[str, ...]]:
    """Return what has changed or is disputed, by the index of the claim that it concerns, each as one sentence."""
    found: dict[int, dict[str, None]] = {}
    for conflict in answer.conflicts:
        if conflict.detail:
            old = [n for n in conflict.claims if answer.claims[n].standing in {"corrected", "superseded", "disputed"}]
            found.setdefault(max(old or conflict.claims), {})[conflict.detail] = None
    return {index: tuple(details) for index, details in found.items()}


def _sentences_in(text: str, cited: Sequence[Citation]) -> list[Citation]:
    """The citations whose sentences make up a text, in its order. None of them if it has other words, too."""
    found, rest = [], text
    while rest:
        one = next((c for c in cited if (quote := legible(c.quote)) and rest.startswith(quote)), None)
        if one is None:
            return []
        found.append(one)
        rest = rest[len(legible(one.quote)) :].lstrip()
    return found


def _whole(sentences: Sequence[Citation], *, marked: bool) -> list[Run]:
    """Neighbouring sentences as runs, with a space between two."""
    runs: list[Run] = []
    for citation in sentences:
        runs += [Run(" ")] if runs else []
        pieces = citation.pieces if marked else ((citation.quote, False),)
        runs += [Run(in_line(text), answers) for text, answers in pieces]
    return runs


def _found_in(text: str, citations: Iterable[Citation]) -> list[Run]:
    """A text as runs. The answering words of its citations are looked up in it, and marked if they occur once."""
    for citation in citations:
        words = next((piece for piece, answers in citation.pieces if answers), "")
        if words and text.count(words) == 1:
            before, _, after = text.partition(words)
            return [run for run in (Run(before), Run(words, True), Run(after)) if run.text]
    return [Run(text)]


def _part(runs: Sequence[Run], *, quoted: bool) -> Part:
    if not quoted:
        return Part(False, tuple(runs))
    return Part(True, (Run("“"), *(Run(nested(run.text), run.answers) for run in runs), Run("”")))


def _tag(added: Added) -> Tag:
    words, means = _one_line(added.words), _one_line(added.means)
    why = {
        "day": f"by the calendar, “{words}” is {means} here.",
        "name": f"“{words}” stands for {means} in this article.",
    }[added.kind]
    return Tag(f"{words}: {means}", f"Added by Dateline: {why}")


def main_speech(citations: Iterable[Citation]) -> Said | None:
    """Return the longest speech in cited sentences, or None if nobody speaks in them."""
    return max((said for c in citations for said in c.said), key=lambda said: said.end - said.start, default=None)


def claim_of(citations: Sequence[Citation]) -> Claim:
    """Neighbouring sentences as a claim, said by whoever says most of the first one."""
    said = main_speech(citations)
    return Claim(
        text=" ".join(legible(c.quote) for c in citations),
        citations=tuple(c.number for c in citations),
        speaker=said.speaker if said else None,
        attribution=said.attribution if said else "narration",
        standing="current",
    )


# -- whole answers -----------------------------------------------------------------------------------------------------


def to_text(answer: Answer) -> str:
    """Render as plain text: each claim with its outlet, day and speaker, then the sources with their addresses."""
    lines = _head(answer)
    for claim, changes, over in _told(answer):
        lines += ["", over] if over else []
        lines += ["", written(claim, answer, _TEXT)]
        lines += [f"    {line}" for line in (provenance_of(claim, _articles(answer, claim)), *changes)]
    lines += ["", "Sources:"] if answer.citations else []
    repeated = quoted_whole(answer)
    for citation in answer.citations:
        lines.append(f"[{citation.number}] {attribution_of(answer, citation)}")
        lines += [] if citation.number in repeated else [f"    {_quotation(citation)}"]
        lines += [f"    {url}"] if (url := answer.article(citation).url) else []
    return displayable("\n".join([*lines, *_notes(answer)])).strip() + "\n"


def to_markdown(answer: Answer) -> str:
    """Render as Markdown, with the sources as a numbered list. Text of articles and models is escaped."""
    lines = [f"**{escape(line)}**" if n == 0 else escape(line) for n, line in enumerate(_head(answer))]
    for claim, changes, over in _told(answer):
        lines += ["", f"**{escape(over)}**"] if over else []
        under = (provenance_of(claim, _articles(answer, claim)), *changes)
        told = [written(claim, answer, _MARKDOWN), *(f"*{escape(in_line(line))}*" for line in under)]
        lines += ["", "\\\n".join(told)]
    lines += [""] if answer.citations else []
    repeated = quoted_whole(answer)
    for citation in answer.citations:
        words = "".join(bold(text) if answers else escape(text) for text, answers in quotation_runs(citation))
        quoted = "" if citation.number in repeated else f" {words}"
        url = answer.article(citation).url
        link = f" {escape(url)}" if url else ""
        lines.append(f"{citation.number}. {escape(attribution_of(answer, citation))}{quoted}{link}")
    lines += ["", *(f"*{escape(note)}*" for note in _notes(answer) if note)]
    return displayable("\n".join(lines)).strip() + "\n"


def to_footnotes(answer: Answer) -> str:
    """Render with footnotes: superscript numbers in the text; below it outlet, day, headline, speaker, quote, URL."""
    told = _told(answer)
    speakers = {n: one.claim.speaker for one in told if one.claim.speaker for n in one.claim.citations}
    text: list[str] = []
    for claim, changes, over in told:
        text += [over] if over else []
        text += [written(claim, answer, _FOOTNOTES), *(f"[{change}]" for change in changes)]
    lines = [" ".join(_head(answer)), " ".join(text), ""]
    repeated = quoted_whole(answer)
    for citation in answer.citations:
        said = f", {speakers[citation.number]}" if citation.number in speakers else ""
        words = "" if citation.number in repeated else f": {_quotation(citation)}"
        link = f" {url}" if (url := answer.article(citation).url) else ""
        lines.append(f"{_raised(citation.number)} {attribution_of(answer, citation)}{said}{words}{link}")
    return displayable("\n".join([*lines, *_notes(answer)])).strip() + "\n"


def to_json(answer: Answer) -> str:
    """Render as indented JSON, with all fields of the Answer."""
    return answer.model_dump_json(indent=2)


def heading_of(abstention: Abstention) -> str:
    """Return the heading over an abstention."""
    return OTHERWISE if abstention.reason == "premise_contradicted" else NOTHING_FOUND


def quoted_whole(answer: Answer) -> frozenset[int]:
    """Return the numbers of the citations whose sentence the claims show word for word, so that none is shown twice."""
    claims = [one.claim for one in _told(answer)]
    return frozenset(c.number for claim in claims for c in _sentences_in(_one_line(claim.bare), _cited(answer, claim)))


def quotation_runs(citation: Citation) -> tuple[Run, ...]:
    """Return a cited sentence in quotation marks, with the words that answer the question marked."""
    return _part(_whole([citation], marked=True), quoted=True).runs


def used(usage: Usage) -> str:
    """Describe usage: "1,234 tokens read (900 cached), 56 written, $0.0002". The cost may be unknown."""
    cost = "cost unknown" if usage.cost_usd is None else f"${usage.cost_usd:.4f}"
    return f"{usage.input:,} tokens read ({usage.cached:,} cached), {usage.output:,} written, {cost}"


def made_of(answer: Answer) -> str:
    """Say how an answer was made: "Read 40 sentences of 7 articles; 2 statements withheld: a number that …"."""
    shown = answer.provenance.shown
    read = f"{_count(len(shown), 'sentence')} of {_count(len({place[1] for place in shown}), 'article')}"
    parts = [f"Read {read}" if shown else "Found nothing to read"]
    if withheld := withheld_of(answer):
        parts.append(withheld)
    return f"{'; '.join(parts)}."


def rejected_of(answer: Answer) -> tuple[Rejected, ...]:
    """Return what was withheld, each statement once: a model may repeat one when it is asked to repair it."""
    return tuple({(one.text, one.reason): one for one in answer.rejected}.values())


def withheld_of(answer: Answer) -> str:
    """Say how many drafted statements are withheld, and why. Empty if none is."""
    reasons = Counter(rejected.reason for rejected in rejected_of(answer))
    if not reasons:
        return ""
    one = len(reasons) == 1
    why = ", ".join(WITHHELD[reason] if one else f"{WITHHELD[reason]} ({n})" for reason, n in reasons.items())
    return f"{_count(reasons.total(), 'drafted statement')} withheld: {why}"


def judged_by(answer: Answer) -> str:
    """Say who judged whether the cited sentences state the claims."""
    made = answer.provenance
    if made.judge:
        return _JUDGES.get(made.judge, made.judge)
    if answer.rejected and not answer.claims:
        return "Dateline’s own checks; they withheld every statement, so no judge was asked"
    if made.mode == "reader":
        return "nobody: the claims are the sentences themselves"
    return "Dateline’s own checks; no judge was asked"


def notes_of(answer: Answer) -> list[str]:
    """Return the notes that follow an answer: what it leaves open, what helps, and what was not shown."""
    notes = [f"Not answered: {part}." for part in answer.missing]
    if answer.abstention and answer.abstention.suggestion:
        notes.append(answer.abstention.suggestion)
    if withheld := withheld_of(answer):
        notes.append(f"{withheld}.")
    return notes


def changes_of(answer: Answer) -> list[str]:
    """Return what has changed or is disputed, each as one sentence that begins with the numbers that it is about."""
    return [
        f"{''.join(f'[{n}]' for n in answer.claims[index].citations)} {change}"
        for index, changes in sorted(changes_beside(answer).items())
        for change in changes
    ]


def escape(text: str) -> str:
    """Escape every character that has a meaning in Markdown or HTML."""
    special = set("\\`*_{}[]()#+!|<>$~:&")
    return "".join(f"\\{ch}" if ch in special else ch for ch in text)


def in_line(text: str) -> str:
    """Return a piece of a text on one line. Space at its ends stays, because the next piece may follow directly."""
    return _SPACE.sub(" ", text)


class _Told(NamedTuple):
    """Something shown as a claim: what stands over it, if anything, and what has changed or is disputed about it."""

    claim: Claim
    changes: tuple[str, ...] = ()
    over: str = ""


def _told(answer: Answer) -> list[_Told]:
    """What is shown as claims: the claims, those that contradict the question, and the closest sentences."""
    changes, found = changes_beside(answer), answer.abstention
    told = [_Told(claim, changes.get(index, ())) for index, claim in enumerate(answer.claims)]
    told += [_Told(claim) for claim in found.contradicting] if found else []
    return told + [_Told(claim, over=CLOSEST if n == 0 else "") for n, claim in enumerate(nearest_of(answer))]


def _head(answer: Answer) -> list[str]:
    """The heading of an abstention, and why there is no answer."""
    return [f"{heading_of(answer.abstention)}.", answer.abstention.message] if answer.abstention else []


def _cited(answer: Answer, claim: Claim) -> tuple[Citation, ...]:
    return tuple(answer.citations[n - 1] for n in claim.citations)


def _articles(answer: Answer, claim: Claim) -> list[ArticleRef]:
    return [answer.article(citation) for citation in _cited(answer, claim)]


class Style(NamedTuple):
    """How a claim is written: the marks of its citations, the space before and between them, and its words."""

    mark: Callable[[int], str]
    gap: str = " "
    between: str = ""
    plain: Callable[[str], str] = str
    bold: Callable[[str], str] = str


def pieces_of(claim: Claim, answer: Answer) -> Iterator[Run | int]:
    """Yield a claim on one line: its words, the numbers of its citations, and in brackets what code has added."""
    if lead := lead_of(claim):
        yield Run(f"[{lead.text}] ")
    for n, part in enumerate(parts_of(claim, answer.citations)):
        yield from (Run(" "), *part.runs) if n else part.runs
    yield from claim.citations
    tags = [_one_line(tag.text) for tag in tags_of(claim)]
    if tags or claim.context:
        yield Run(f" [{'; '.join(tags) or NAMED_IN}")
        yield from claim.context
        yield Run("]")


def written(claim: Claim, answer: Answer, style: Style) -> str:
    """Return a claim on one line, written in a style."""
    text, after_mark = "", False
    for piece in pieces_of(claim, answer):
        if isinstance(piece, int):
            text += f"{style.between if after_mark else style.gap}{style.mark(piece)}"
        else:
            text += style.bold(piece.text) if piece.answers else style.plain(piece.text)
        after_mark = isinstance(piece, int)
    return text


def bold(text: str) -> str:
    """Return words in bold. Beside a mark of punctuation, Markdown would show the asterisks."""
    return f"**{escape(text)}**" if text[0].isalnum() and text[-1].isalnum() else escape(text)


def _quotation(citation: Citation) -> str:
    return "".join(run.text for run in quotation_runs(citation))


def _raised(number: int) -> str:
    return str(number).translate(_SUPERSCRIPT)


def attribution_of(answer: Answer, citation: Citation, *, authors: bool = False) -> str:
    """Return where a citation comes from: outlet, day, headline, and whether its article was changed or copied.

    With ``authors``, they follow the headline.
    """
    article = answer.article(citation)
    resolves = RESOLVES if citation.number in answer.resolving else ""
    copies = f"; also in {_count(len(article.same_as), 'near-copy', 'near-copies')}" if article.same_as else ""
    named = f"“{nested(_one_line(article.title))}”" if article.title else article.heading
    title = f", {named}" if named else ""
    if authors and article.authors:
        title += f", by {' and '.join(filter(None, (', '.join(article.authors[:-1]), article.authors[-1])))}"
    status = "" if article.status == "current" else f" [{article.status}]"
    return f"{outlet_and_day(article)}{title}{status}{copies}{resolves}"


def _notes(answer: Answer) -> list[str]:
    notes = notes_of(answer)
    notes += [f"Warning: {warning}" for warning in answer.warnings]
    return ["", *notes] if notes else []


def _count(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or f'{one}s'}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


_TEXT = Style("[{}]".format)
_MARKDOWN = Style("\\[{}\\]".format, plain=escape, bold=bold)
_FOOTNOTES = Style(_raised, gap="", between="\u2009")  # ¹ ² and not ¹²
