"""Negation and modality: what did not happen stays so, and what may or will happen is not told as done.

Words are put under the cues that govern them: from a cue to the end of its clause. A word the claim shares with its
sentences must stand there in the same way at least once. The method is that of NegEx (Chapman et al. 2001: cues and
their scopes, no parser), with the cues of news prose and levels for what is planned and what is merely possible.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from ...english.characters import fold
from ...english.lexicon import HOURS_OF_DAY, PARTS_OF_DAY, RELATIVE_DAYS, TIME_UNITS
from ...english.names import names
from ...english.temporal.dates import without_days
from ...english.tokens import STOPWORDS, stem, words
from ..evidence import Evidence

FACT, PLANNED, POSSIBLE = 0, 1, 2


def _any(listed: str) -> str:
    """An alternation of the expressions in a list separated by commas."""
    return "|".join(part for part in re.split(r",\s+|\n\s*", listed.strip()) if part)


_NEGATION = _any(r"""
    not, never, no, none, nobody, nothing, neither, nor, without, cannot, hardly, yet to, instead of, rather than
    (?:do|does|did|is|are|was|were|has|have|had|wo|would|ca|could|should|need)n't, stopped short of
    fail(?:s|ed|ing)? to, refus(?:e|es|ed|ing|al) to, declin(?:e|es|ed|ing) to, unable to, unwilling to
    den(?:y|ies|ied|ying), rul(?:e|es|ed|ing) out
""")
# No negations of what follows: "no longer than", "not only", "no. 4", "whether or not".
_NO_NEGATION = _any(r"""
    not only, no\. ?\d, whether or not, no (?:more|fewer|less|later|earlier) than, not (?:more|fewer|less) than
""")
_PLANNED = _any(r"""
    will, shall, 'll, would, plan(?:s|ned|ning)? (?:to|for), intend(?:s|ed|ing)? to, going to, about to, ahead of
    (?:is|are) (?:due|set|scheduled|to), (?:was|were) (?:due|set|scheduled) to, expect(?:s|ed|ing)? to
    vow(?:s|ed|ing)? to, promis(?:e|es|ed|ing)(?: to)?, pledg(?:e|es|ed|ing)(?: to)?, agree(?:s|d)? to
    aim(?:s|ed|ing)? to, hop(?:e|es|ed|ing) to, want(?:s|ed|ing)? to, seek(?:s|ing)? to, sought to
    prepar(?:e|es|ed|ing) to, undecided, study, studies, studying
""")
_POSSIBLE = _any(r"""
    may, might, could, if, unless, whether, possibl[ey], perhaps, likely, unlikely, potential(?:ly)?, probabl[ey]
    consider(?:s|ed|ing)?, propos(?:e|es|ed|ing|al|als), suggest(?:s|ed|ing)?, recommend(?:s|ed|ing|ation)?
    alleg(?:e|es|ed|edly|ing|ations?), suspect(?:s|ed|ing)?, accus(?:e|es|ed|ing|ations?), charged with
    reportedly, apparently, call(?:s|ed|ing) (?:for|on), demand(?:s|ed|ing)?, urg(?:e|es|ed|ing)
    ask(?:s|ed|ing)? (?:for|to|the), threaten(?:s|ed|ing)?, should, ought to, examin(?:e|es|ed|ing) whether
    weigh(?:s|ed|ing)?, explor(?:e|es|ed|ing), fear(?:s|ed|ing)?, risk(?:s|ed|ing)?, offer(?:s|ed|ing)? to
    appl(?:y|ies|ied|ying) (?:to|for), provided that, in case, believ(?:e|es|ed), tr(?:y|ies|ied|ying) to
    attempt(?:s|ed|ing)? to, complain(?:t|ts|s|ed) that, investigat(?:e|es|ed|ing), need(?:s|ed|ing)?
    requir(?:e|es|ed|ing), await(?:s|ed|ing)?, in talks, tentative(?:ly)?, draft
""")
# Words that show that a claim keeps a hedge, though they govern nothing by themselves.
_HEDGES = _any(r"""
    plan(?:s|ned|ning)?, intent(?:ion|ions)?, expectations?, hopes?, target(?:s|ed)?, bid, goal, chances?
    possibilit(?:y|ies), prospects?, wants?, wanted, allegations?, forecasts?, proposals?, due, scheduled, expected
    conditional, subject to, pending, depend(?:s|ed|ing|ent)? on, upcoming, future, next, seek(?:s|ing)?, sought, yet
    review(?:s|ed|ing)?, set to, to be
""")
# Words that deny without a "not".
_DENIALS = _any(r"""
    absent, absence, lack(?:s|ed|ing)?, reject(?:s|ed|ing|ion)?, refus\w+, oppos\w+, vot(?:e|es|ed|ing) against
    cancel\w*, withdr[ae]w\w*, empty, zero, declin\w+, refrain\w*, dismiss\w*, stay(?:s|ed) away, fail\w*, impossible
    un(?:aware|able|paid|hurt|harmed|injured|changed|answered|known|clear|willing), den(?:y|ies|ied|ial)
""")
# Words by which a claim may tell, the other way round, what its sentences deny.
_REVERSALS = _any(r"""
    avoid(?:s|ed|ing)?, block(?:s|ed|ing)?, ban(?:s|ned|ning)?, forbid\w*, forbade, prevent(?:s|ed|ing)?
    halt(?:s|ed|ing)?, keep(?:s|ing)?, kept, retain\w*, exclud\w*, exempt\w*, miss(?:es|ed|ing)?
""")
_END = r"(?![\w-])"
_CUES = re.compile(
    rf"\b(?:(?P<skip>{_NO_NEGATION})|(?P<negation>{_NEGATION})|(?P<planned>{_PLANNED})|(?P<possible>{_POSSIBLE})){_END}"
    rf"|(?P<short>n't)\b"
)
_HEDGED = re.compile(rf"\b(?:{_PLANNED}|{_POSSIBLE}|{_HEDGES}){_END}")
_NEGATIVE = re.compile(rf"\b(?:{_NEGATION}|{_DENIALS}){_END}|n't\b")
_REVERSED = re.compile(rf"\b(?:{_NEGATION}|{_DENIALS}|{_REVERSALS}){_END}|n't\b")
# Where the scope of a cue ends, in a folded text: dashes are hyphens with a space on each side.
_CLAUSE = re.compile(
    r"[.;:!?]+(?:\s|$)|,\s|\s-+(?:\s|$)"
    r"|\s(?:but|because|although|though|while|whereas|however|and (?=(?:that|he|she|they|it|will|said)\b))\s"
)
SCOPE = {"negation": 6, "planned": 6, "possible": 9}  # words
# "A ban is possible", "the sale is planned": these govern the words before them too.
_PREDICATE = re.compile(
    r"\b(?:is|are|was|were|be|remains?|seems?|looks?) (?:also |now |still )?"
    r"(?:possible|likely|unlikely|planned|expected"
    r"|conditional|uncertain|undecided|alleged|suspected|under (?:review|investigation|discussion))\b"
)
# What hangs on a condition is possible, on either side of the comma.
_CONDITION = re.compile(r"\b(?:if|unless)\b")
_CONTENT = re.compile(r"\b(?:whether|if|that|when|how|why)\b")
# When something happened is no deed that could be denied.
_TIMES = frozenset((*PARTS_OF_DAY, *HOURS_OF_DAY, *RELATIVE_DAYS, *TIME_UNITS, "hour"))


class Mark(NamedTuple):
    """How a word stands at one place, and the clause it stands in."""

    negated: bool
    level: int
    clause: str


def negation(evidence: Evidence) -> str | None:
    """A word that the claim denies and its sentences affirm, or the other way round."""
    claim, there = marks(evidence.claim.text), marks(evidence.text)
    denies = _NEGATIVE.search(fold(evidence.text))
    for word in claim.keys() & there.keys():
        mine, theirs = {m.negated for m in claim[word]}, {m.negated for m in there[word]}
        if mine == {True} and theirs == {False} and not denies:
            return f"the claim denies “{word}…”, the cited sentences do not"
        if mine == {False} and theirs == {True} and not _denied(claim[word], evidence.text):
            return f"the cited sentences deny “{word}…”, the claim does not"
    return None


def modality(evidence: Evidence) -> str | None:
    """A word told as fact that is only planned or possible in the sentences, or as possible where it is a fact."""
    claim, there = marks(evidence.claim.text), marks(evidence.text)
    for word in claim.keys() & there.keys():
        mine, theirs = {m.level for m in claim[word]}, {m.level for m in there[word]}
        hedged = any(_HEDGED.search(m.clause) for m in claim[word])
        denied = all(m.negated for m in claim[word])
        if max(mine) == FACT and min(theirs) > FACT and not hedged and not denied:
            return f"“{word}…” is {_LEVELS[min(theirs)]} in the cited sentences, a fact in the claim"
        told = mine == {PLANNED} or any(_WILL.search(m.clause) for m in claim[word])
        if told and mine != theirs == {POSSIBLE} and not _maybe(claim[word]):
            return f"“{word}…” is possible in the cited sentences, planned in the claim"
        if min(mine) > FACT and max(theirs) == FACT and not _HEDGED.search(fold(without_days(evidence.text))):
            return f"“{word}…” is {_LEVELS[min(mine)]} in the claim, a fact in the cited sentences"
    return None


_LEVELS = {PLANNED: "planned", POSSIBLE: "possible"}
_WILL = re.compile(rf"\b(?:{_PLANNED}){_END}")
_POSSIBLY = re.compile(rf"\b(?:{_POSSIBLE}|{_HEDGES}){_END}")


def _denied(found: list[Mark], other: str) -> bool:
    """Whether a clause of these marks denies in a word of its own, one that the other text does not have."""
    theirs = set(re.findall(r"[\w']+", fold(other)))
    return any(match.group() not in theirs for mark in found for match in _REVERSED.finditer(mark.clause))


def _maybe(found: list[Mark]) -> bool:
    return any(_POSSIBLY.search(mark.clause) for mark in found)


def marks(text: str) -> dict[str, list[Mark]]:
    """Stem of each content word → how it stands at each of its places; names, numbers and times are left out."""
    named = {word for name in names(text) for word in words(name)}
    found: dict[str, list[Mark]] = defaultdict(list)
    sentences = re.split(r"(?<=[.!?])\s+", fold(without_days(text)))
    for clause, condition in ((c, bool(_CONDITION.search(s))) for s in sentences for c in _CLAUSE.split(s)):
        cues = [m for m in _CUES.finditer(clause) if not m["skip"]]
        whole = POSSIBLE if condition or _PREDICATE.search(clause) else FACT
        for match in re.finditer(r"[^\W\d_]+(?:'[a-z]+)?", clause):
            word = match.group().removesuffix("'s")
            if word in STOPWORDS or word in named or word in _TIMES or len(word) < 3:
                continue
            over = [c for c in cues if c.end() <= match.start() and _reaches(c, match.start(), clause)]
            kinds = [c.lastgroup for c in over]
            level = POSSIBLE if "possible" in kinds else PLANNED if "planned" in kinds else FACT
            negated = sum(k in {"negation", "short"} for k in kinds) % 2 == 1
            found[stem(word)].append(Mark(negated, max(level, whole), clause))
    return found


def _reaches(cue: re.Match[str], start: int, clause: str) -> bool:
    plain = cue.lastgroup in {"negation", "short"} and not cue.group().startswith(("den", "rul"))
    if plain and _CONTENT.search(clause, cue.end(), start):  # "has not said whether he will": not said is not denied
        return False
    return clause.count(" ", cue.end(), start) <= SCOPE.get(cue.lastgroup or "", SCOPE["negation"])
