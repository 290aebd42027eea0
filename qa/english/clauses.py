"""How the words of a clause stand: denied or not, as a fact, as planned or as possible; of all or of some; and why.

Words are put under the cues that govern them: from a cue to the end of its clause. The method is that of NegEx (Chapman
et al. 2001: cues and their scopes, no parser), with the cues of news prose and levels for what is planned and what is
merely possible.
"""

from __future__ import annotations

import re
from collections import defaultdict
from enum import IntEnum
from typing import Literal, NamedTuple

from .characters import fold
from .inflection import every_form
from .lexicon import (
    AUXILIARIES,
    BE,
    CONTENT_OPENERS,
    CONTRASTS,
    DO,
    HAVE,
    HOURS_OF_DAY,
    INTENDING,
    MODALS,
    NEGATIONS,
    PARTIAL,
    PARTS_OF_DAY,
    PROSPECTIVE,
    RELATIVE_DAYS,
    RELATIVES,
    SCHEDULED,
    STOPWORDS,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    SUPPOSING,
    TIME_UNITS,
    UNCERTAIN,
    UNIVERSAL,
    any_of,
)
from .names import names
from .regex import lazy_compile
from .tokens import stem, words

Quantifier = Literal["all", "some"]


BREAK = r"(?:[;:—–]+(?=\s|$)|(?<=\s)-+(?=\s|$))"
"""A pattern of the marks that end a clause within a sentence. There is no space behind the colon of "7:30".

In a folded text dashes are hyphens with a space on each side.
"""

_OPENS = any_of(SUBJECT_PRONOUNS, MODALS, BE, HAVE, DO, {"that"})
_JOINED = rf",?\s+(?:{any_of(CONTRASTS, {'because'})}|and\s+then|and(?=\s+{_OPENS}\b))\s+"
_SUBORDINATE = rf"\b{any_of(CONTRASTS, SUBORDINATORS - {'where'}, RELATIVES, {'and'})}\b"
_MAIN = rf"{BREAK}|[.!?]+(?=\s|$)|{_JOINED}"
_BOUNDARIES = {
    (False, False): lazy_compile(_MAIN),
    (True, False): lazy_compile(rf"{_MAIN}|,\s|[()]"),
    (True, True): lazy_compile(rf"{_MAIN}|,|[()]|{_SUBORDINATE}", re.IGNORECASE),
}


def boundaries(text: str, *, commas: bool = False, subordinate: bool = False) -> list[tuple[int, int]]:
    """Where the clauses of a text part, as the offsets of what stands between them.

    They part at stops, colons, semicolons and dashes, and at conjunctions that set a new statement beside the one
    before: "but", "because", "and he".

    Args:
        text: one sentence or several.
        commas: part them at commas and brackets too.
        subordinate: part them at every conjunction and relative pronoun too ("that", "when", "and"), and at commas.
    """
    return [match.span() for match in _BOUNDARIES[commas or subordinate, subordinate].finditer(text)]


def clauses(text: str, *, commas: bool = False) -> list[str]:
    """The clauses of a text in order, as ``boundaries`` parts them."""
    cuts = [0, *(offset for span in boundaries(text, commas=commas) for offset in span), len(text)]
    return [text[start:end] for start, end in zip(cuts[::2], cuts[1::2], strict=True)]


# "May" and "Will" within a sentence are names, and no modal verbs.
_NAMED_LIKE_A_MODAL = lazy_compile(r"(?<=[\w,;:] )(?:May|Will)\b")


def _folded(text: str) -> str:
    """A text folded, without the names that fold to a modal verb."""
    return fold(_NAMED_LIKE_A_MODAL.sub("_", text))


class Modality(IntEnum):
    """Whether something is told as a fact, as planned or as possible; the higher, the less certain."""

    FACT = 0
    PLANNED = 1
    POSSIBLE = 2


def _any(listed: str) -> str:
    """An alternation of the expressions in a list separated by commas."""
    return "|".join(part for part in re.split(r",\s+|\n\s*", listed.strip()) if part)


def _forms(*verbs: str) -> str:
    return any_of(every_form(verbs))


_CONTRACTED = rf"(?:{any_of(AUXILIARIES)}|wo|ca|need)n't"
_NEGATION = _any(rf"""
    {any_of(NEGATIONS)}, {_CONTRACTED}, yet to, instead of, rather than, stopped short of, unable to, unwilling to
    refusal to, {_forms("decline", "fail", "refuse")} to, {_forms("deny", "rule out")}
""")
# No negations of what follows: "no longer than", "not only", "no. 4", "whether or not".
_NO_NEGATION = _any(r"""
    not only, no\. ?\d, whether or not, no (?:more|fewer|less|later|earlier) than, not (?:more|fewer|less) than
""")
_PLANNED = _any(rf"""
    will, shall, 'll, would, {_forms("expect", *INTENDING - {"decide"})} to, {_forms("plan")} for
    {_forms("pledge", "promise", "study")}, {any_of(PROSPECTIVE - {"likely"})} to, undecided
    {any_of(BE)} (?:(?:all|also|both|each|now|still|then) )?(?:{any_of(SCHEDULED)} )?to
""")
_POSSIBLE = _any(rf"""
    may, might, could, should, ought to, if, unless, whether, provided that, in case, in talks, charged with
    {any_of(UNCERTAIN)}, {_forms(*SUPPOSING)}, {_forms("examine")} whether, {_forms("complain")} that, complaint that
    {_forms("call")} (?:for|on), {_forms("ask")} (?:for|to|the), {_forms("apply")} (?:to|for)
    {_forms("attempt", "offer", "try")} to
""")
# Words that show that a claim keeps a hedge, though they govern nothing by themselves.
_HEDGES = _any(rf"""
    {any_of(SCHEDULED)}, {_forms("plan", "review", "seek", "target", "depend", "want")}, hopes?, intent(?:ions?)?
    expectations?, bid, goal, chances?, possibilit(?:y|ies), prospects?, forecasts?, conditional, dependent, pending
    subject to, to be, upcoming, future, next, yet
""")
# Words that deny without a "not".
_DENIALS = _any(rf"""
    {_forms("cancel", "decline", "deny", "dismiss", "fail", "lack", "oppose", "refrain", "refuse", "reject")}
    {_forms("withdraw")}, {_forms("vote")} against, {_forms("stay")} away, absent, absence, cancellation, denial
    dismissal, empty, failure, impossible, opponents?, opposition, refusal, rejection, withdrawal, zero
    un(?:aware|able|paid|hurt|harmed|injured|changed|answered|known|clear|willing)
""")
# Words by which a claim may tell, the other way round, what its sentences deny.
_REVERSALS = _any(rf"""
    {_forms("avoid", "ban", "block", "exclude", "exempt", "forbid", "halt", "keep", "miss", "prevent", "retain")}
""")
_END = r"(?![\w-])"
_CUES = lazy_compile(
    rf"\b(?:(?P<skip>{_NO_NEGATION})|(?P<negation>{_NEGATION})|(?P<planned>{_PLANNED})|(?P<possible>{_POSSIBLE})){_END}"
    rf"|(?P<short>n't)\b"
)
_PLANS = lazy_compile(rf"\b(?:{_PLANNED}){_END}")
_HEDGED = lazy_compile(rf"\b(?:{_POSSIBLE}|{_HEDGES}){_END}")
_NEGATIVE = lazy_compile(rf"\b(?:{_NEGATION}|{_DENIALS}){_END}|n't\b")
_REVERSED = lazy_compile(rf"\b(?:{_NEGATION}|{_DENIALS}|{_REVERSALS}){_END}|n't\b")
SCOPE = {"negation": 6, "planned": 6, "possible": 9}  # words
# "A ban is possible", "the sale is planned": these govern the words before them too.
_STANDING = UNCERTAIN | set("alleged conditional expected planned suspected uncertain undecided".split())
_PREDICATE = lazy_compile(
    rf"\b(?:{any_of(BE)}|remains?|seems?|looks?) (?:also |now |still )?"
    rf"(?:{any_of(_STANDING)}|under (?:review|investigation|discussion))\b"
)
# What hangs on a condition is possible, on either side of the comma.
_CONDITION = lazy_compile(r"\b(?:if|unless)\b")
_CONTENT = lazy_compile(rf"\b{any_of(CONTENT_OPENERS, {'if', 'when'})}\b")
# When something happened is no deed that could be denied.
_TIMES = frozenset((*PARTS_OF_DAY, *HOURS_OF_DAY, *RELATIVE_DAYS, *TIME_UNITS, "hour"))


# Quantifiers and causes.
_ALL = lazy_compile(rf"\b{any_of(UNIVERSAL)}\b")
_SOME = lazy_compile(rf"\b{any_of(PARTIAL)}\b")
_CAUSE = lazy_compile(r"\b(?:because(?: of)?|due to|owing to|as a result of|caused by|thanks to)\s+([^,.;:]+)")


EXPLAINS = lazy_compile(
    r"\b(?:after|amid|as|over|since|so|for fear|citing|reasons?|why"
    rf"|{_forms('blame', 'cause', 'explain', 'force', 'prompt', 'trigger', 'mean')}"
    rf"|{_forms('lead', 'attribute')} to|{_forms('stem', 'result')} (?:from|in))\b",
    re.IGNORECASE,
)
"""A pattern of words that may tie an effect to its cause without a "because"."""


class Mark(NamedTuple):
    """How a word stands at one place: denied or not, its modality, and the clause it stands in, folded."""

    negated: bool
    modality: Modality
    clause: str


def marks(text: str) -> dict[str, list[Mark]]:
    """Stem of each content word → how it stands at each of its places; names, numbers and times are left out."""
    named = {word for name in names(text) for word in words(name)}
    found: dict[str, list[Mark]] = defaultdict(list)
    sentences = re.split(r"(?<=[.!?])\s+", _folded(text))
    for clause, condition in ((c, bool(_CONDITION.search(s))) for s in sentences for c in clauses(s, commas=True)):
        cues = [m for m in _CUES.finditer(clause) if not m["skip"]]
        whole = Modality.POSSIBLE if condition or _PREDICATE.search(clause) else Modality.FACT
        for match in re.finditer(r"[^\W\d_]+(?:'[a-z]+)?", clause):
            word = match.group().removesuffix("'s")
            if word in STOPWORDS or word in named or word in _TIMES or len(word) < 3:
                continue
            found[stem(word)].append(_mark(clause, match.start(), cues, whole))
    return found


def _mark(clause: str, start: int, cues: list[re.Match[str]], whole: Modality) -> Mark:
    """How the word at ``start`` stands under the cues before it."""
    kinds = [cue.lastgroup for cue in cues if cue.end() <= start and _reaches(cue, start, clause)]
    modality = Modality.POSSIBLE if "possible" in kinds else Modality.PLANNED if "planned" in kinds else Modality.FACT
    negated = sum(kind in {"negation", "short"} for kind in kinds) % 2 == 1
    return Mark(negated, max(modality, whole), clause)


def _reaches(cue: re.Match[str], start: int, clause: str) -> bool:
    plain = cue.lastgroup in {"negation", "short"} and not cue.group().startswith(("den", "rul"))
    if plain and _CONTENT.search(clause, cue.end(), start):  # "has not said whether he will": not said is not denied
        return False
    return clause.count(" ", cue.end(), start) <= SCOPE.get(cue.lastgroup or "", SCOPE["negation"])


def denies(text: str) -> bool:
    """Whether anything in a text is denied, with a "not" or by a word such as "refused"."""
    return bool(_NEGATIVE.search(fold(text)))


def denials(text: str) -> tuple[str, ...]:
    """The words that deny in a text, and those that tell the other way round what can be denied ("kept", "avoided")."""
    return tuple(match.group() for match in _REVERSED.finditer(fold(text)))


def plans(text: str) -> bool:
    """Whether a text tells of anything as planned."""
    return bool(_PLANS.search(_folded(text)))


def hedges(text: str) -> tuple[str, ...]:
    """The words of a text that keep something from being certain, other than that it is planned."""
    return tuple(match.group() for match in _HEDGED.finditer(_folded(text)))


def quantifiers(text: str) -> frozenset[Quantifier]:
    """Whether a text speaks of all, of some, of both or of neither."""
    folded = fold(text)
    found: tuple[tuple[Quantifier, re.Pattern[str]], ...] = (("all", _ALL), ("some", _SOME))
    return frozenset(quantifier for quantifier, pattern in found if pattern.search(folded))


def causes(text: str) -> tuple[str, ...]:
    """What a text gives as causes: the words behind "because", "due to" and the like, folded."""
    return tuple(cause.strip() for cause in _CAUSE.findall(fold(text)))
