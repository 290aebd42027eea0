"""Edits: what a claim changes in a sentence that it otherwise copies.

Most words of such a claim stand in one cited sentence, in the same order. So what it drops, adds or replaces between
them is meant as the same, or is an error: a "not" dropped, a "may" gone, "rejected" for "confirmed", an adjective
added. In free paraphrase words differ for good reasons, and this check says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal, NamedTuple

from ...english.document import Document
from ...english.inflection import every_form, related_forms
from ...english.lexicon import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    INTENDING,
    MODALS,
    NEGATIONS,
    SCHEDULED,
    STOPWORDS,
    WEEKDAYS,
)
from ...english.numbers import numbers
from ...english.tokens import stem, words
from ..evidence import Evidence
from ..findings import Doubt, Finding

COPIED = 0.75  # the least share of a claim's words that stand in one sentence in the same order
FEW = 3  # words: a claim that drops more of a sentence only tells less of it

_DENYING = NEGATIONS | {f"{auxiliary}nt" for auxiliary in AUXILIARIES | MODALS} | {"wont", "cant"}
_PLANNING = MODALS - {"can"} | every_form((INTENDING | {"expect"}) - {"agree", "decide"}) | SCHEDULED - {"set"}
_NEUTRAL = every_form("add call describe note put report say state suggest tell".split())
_DAYS = frozenset(day.lower() for day in WEEKDAYS)
_UNITS = frozenset("percent per cent percentage thousand million billion hundred".split())


class Edit(NamedTuple):
    """Folded words of a sentence, and those that a claim has in their place; either may be empty.

    ``before`` and ``after`` are the same words as they are written.
    """

    removed: tuple[str, ...]
    added: tuple[str, ...]
    before: str
    after: str

    @property
    def told(self) -> str:
        """The edit as a sentence."""
        if self.before and self.after:
            return f"The claim says “{self.after}” where the sentence says “{self.before}”."
        return f"The claim adds “{self.after}”." if self.after else f"The claim leaves out “{self.before}”."


def check(evidence: Evidence) -> Iterator[Finding]:
    """What a claim that copies a sentence changes in it."""
    named = {stem(word) for name in evidence.claimed.names for word in words(name)}  # names have their own check
    known = frozenset(named).union(*(document.stems for document in evidence.given), evidence.resolved)
    edits = _edits(evidence)
    short = [edit for edit in edits if len(edit.removed) <= FEW or edit.added]
    negated = [edit for edit in short if bool(_DENYING & set(edit.removed)) != bool(_DENYING & set(edit.added))]
    if negated:
        yield Doubt("negation", f"{negated[0].told} Do both deny the same?")
    certain = [edit for edit in short if _is_planning(edit.removed) and not _is_planning(edit.added)]
    if certain:
        yield Doubt("modality", f"{certain[0].told} Are both as certain of it?")
    for edit in edits:
        if reason := _exchanged(edit):
            yield Doubt(reason, f"{edit.told} Is it the same number or day?")
        if new := [word for word in edit.added if _is_new(word, edit.removed, known)]:
            yield Doubt("support", f"{edit.told} Do the sentences say “{' '.join(new)}” in other words?")


def _edits(evidence: Evidence) -> list[Edit]:
    """The edits between words that a claim shares with one sentence; none if it does not copy any."""
    copied = [(shared, edits) for document in evidence.cited for shared, edits in _copied(evidence.claimed, document)]
    return max(copied, key=lambda one: one[0], default=(0, []))[1]


def _copied(claim: Document, sentence: Document) -> Iterator[tuple[int, list[Edit]]]:
    """How many words a claim copies from a sentence, and the edits between and behind them."""
    claimed, given = _tokens(claim), _tokens(sentence)
    matcher = SequenceMatcher(None, [key for key, _ in given], [key for key, _ in claimed], autojunk=False)
    *blocks, _ = matcher.get_matching_blocks()
    shared = sum(block.size for block in blocks)
    if shared < max(FEW, COPIED * len(claimed)):
        return
    edits = [_edit(given[a.a + a.size : b.a], claimed[a.b + a.size : b.b]) for a, b in pairwise(blocks)]
    last = blocks[-1]
    behind, start = claimed[last.b + last.size :], last.a + last.size
    edits.append(_edit(given[start : start + len(behind)], behind))
    yield shared, [edit for edit in edits if edit.removed or edit.added]


def _tokens(document: Document) -> list[tuple[str, str]]:
    """The words of a text, folded and as they are written."""
    written = (token.strip("“”\"'‘’.,;:!?()[]") for token in document.legible.split())
    return [("".join(words(token)), token) for token in written if words(token)]


def _edit(removed: Sequence[tuple[str, str]], added: Sequence[tuple[str, str]]) -> Edit:
    before, after = (" ".join(written for _, written in side) for side in (removed, added))
    return Edit(tuple(key for key, _ in removed), tuple(key for key, _ in added), before, after)


def _exchanged(edit: Edit) -> Literal["number", "date"] | None:
    """What an edit replaces by another one, though both may stand in the sentence: a number, or a weekday."""
    one, other = set(numbers(edit.after)), set(numbers(edit.before))
    days, others = _DAYS & set(edit.added), _DAYS & set(edit.removed)
    if days and others and days != others:
        return "date"
    return "number" if one and other and one != other else None


def _is_planning(told: Sequence[str]) -> bool:
    """Whether words put something into the future or in doubt. "The plan" is a thing."""
    verbs = (word for before, word in pairwise(("", *told)) if before not in DETERMINERS)
    return any(word in _PLANNING for word in verbs) or ("to" in told and bool(BE & set(told)))


def _is_new(word: str, removed: Sequence[str], known: frozenset[str]) -> bool:
    """Whether a word adds something: nothing that is cited has it, or another form of it."""
    if word in STOPWORDS | _PLANNING | _DENYING | _NEUTRAL | _UNITS or word[0].isdigit():
        return False
    family = {stem(form) for form in related_forms(word)} | {stem(word)}
    forms = {stem(form) for other in removed for form in related_forms(other)}
    return not family & (known | forms)
