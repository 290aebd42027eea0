"""The patterns of reported speech: the verbs that report, and the words before and behind them.

Finite forms alone report: "did not say whether" and "declined to comment" report nothing.
"""

from __future__ import annotations

import re

from ..characters import CAPITAL, WORD
from ..inflection import PASTS, finite, inflect
from ..lexicon import (
    ADVERBS,
    ARTICLES,
    ASKED_VERBS,
    AUDIENCES,
    AUXILIARIES,
    BE,
    COMMON_PRESENT,
    CONTENT_OPENERS,
    DECLARING,
    DO,
    DOCUMENTS,
    HAVE,
    LABELLING,
    MODALS,
    NEGATIONS,
    NOUN_PREPOSITIONS,
    NOUNS_TOO,
    POSSESSIVES,
    PREPOSITIONS,
    SAYING,
    any_of,
    capitalised,
)
from ..regex import lazy_compile
from ..temporal.patterns import PART_OF_DAY, PAST_DAY, WEEKDAY


def _reporting(verbs: frozenset[str]) -> frozenset[str]:
    """The finite forms of verbs, but for those that mostly are nouns."""
    return finite(verbs) - {inflect(verb).third for verb in NOUNS_TOO}


SAY = _reporting(SAYING)
"""Forms that report a clause, with "that" or without."""

THAT = _reporting(DECLARING)
"""Forms that report only with "that" or a quotation, or behind what they report ("…, the ministry announced")."""

ADDRESSED = finite({"assure", "inform", "remind", "tell", "warn"})
"""Forms that may have whoever is spoken to behind them: "told reporters that"."""

LABEL = _reporting(LABELLING)
"""Forms that report only words in marks."""

PLURAL = (SAYING | {"estimate", "warn"}) - NOUNS_TOO - {"answer", "explain", "note", "reply", "state", "stress"}
"""Forms that report for a plural subject: "officials say"."""

PARTICIPLE = frozenset(inflect(verb).gerund for verb in SAYING | {"call", "warn"})
"""Forms that hang on another verb: "…, adding that"."""

SHOWING = finite({"show"})
"""Forms that report where a document is their subject."""

PAPERS = lazy_compile(rf"\b{any_of(DOCUMENTS)}s?\b", re.IGNORECASE)

# "was quick to add that", "went on to say that": the infinitive reports, for the words before it say that it was done.
_WENT_ON = (
    r"(?:(?:was|were|is)\s+(?:quick|keen|careful|at\s+pains|the\s+first)|went\s+on|goes\s+on)\s+to\s+"
    rf"{any_of(SAYING, {'warn', 'point out'})}(?=\s+that\b)"
)
VERB = lazy_compile(rf"(?<![\w-])(?:{_WENT_ON}|{any_of(SAY, THAT, PLURAL, PARTICIPLE)}\b)")
ACCORDING = lazy_compile(r"\b[Aa]ccording to\s+")

_REPORTED = lazy_compile(rf"\b(?:{any_of(SAY, THAT, PARTICIPLE, {'say', 'tell'})}|[Aa]ccording to)\b")

# Right before a verb: it does not report, or somebody else is spoken to.
_SILENCING = NEGATIONS | MODALS | DO | BE | {"to", "have yet"}
NEGATED = lazy_compile(rf"(?:\b{any_of(_SILENCING, capitalised(MODALS - {'may'}, DO))}|n[’']t)\s+(?:\w+ly\s+)?$")
# Between a subject and its verb, or a verb and its clause: when, where, how and to whom.
_TIME = (
    rf"(?:(?:late|early|earlier|later)\s+)?(?:on\s+)?(?:{WEEKDAY}|{PAST_DAY}|last\s+\w+|this\s+\w+)"
    rf"(?:\s+{PART_OF_DAY})?"
)
# A list of adverbs would take exponential time if one of them could be read in two ways ("quickly" is in the lexicon
# and ends in "ly"), or if a comma could belong to the one before it and to the one behind it.
_ADVERB = rf"\b(?>{any_of(ADVERBS, HAVE, {'further', 'since'})}\b|\w+ly\b)"
ADVERB = lazy_compile(rf",?\s*{_ADVERB}(?:,{{0,2}}\s*{_ADVERB})*,?\s*$")
ADVERBIALS = lazy_compile(rf"\s*(?:(?:{_TIME}|again|only|in\s+writing|bluntly)\b\s*)+(?=\S|$)")
TO_THAT = lazy_compile(rf"\s*(?P<between>(?:[^\s,;:.\ue000]+\s+){{0,14}}?)(?P<that>{any_of(CONTENT_OPENERS)})\s+")
WHERE = lazy_compile(
    rf"(?:{any_of(PREPOSITIONS - {'for'}, ADVERBS, {'early', 'last', 'late', 'out', 'this'})}"
    rf"|{WEEKDAY}|{PAST_DAY}|\w+ly)\b"
)
SILENT = lazy_compile(
    r",?\s+(?:and|but)\s+(?:later\s+|also\s+|then\s+)?(?:declined|refused|(?:did|would|could|does)\s+not\s+(?:say|comment"
    rf"|name|give|disclose|elaborate|discuss)|gave\s+no|not\s+what|{any_of(LABEL)})\b"
)
# What follows is no clause: "argued with the crew", but not "said about 40 people were hurt".
PREPOSITION = lazy_compile(
    rf"\s*(?:{any_of(NOUN_PREPOSITIONS - set('about around inside near'.split()), {'against', 'into', 'until'})}"
    r"|(?:over|about)(?!\s+\d))\b"
)
HEARER = lazy_compile(
    rf"\s*(?:{any_of(ARTICLES, POSSESSIVES)}\s+)?(?!that\b|whether\b)[{WORD}’'&.-]+"
    rf"(?:\s+(?:of\s+)?{CAPITAL}[{WORD}’'&.-]*)*(?:\s+{any_of(AUDIENCES)})?"
)
_PRESENT = COMMON_PRESENT | {inflect(verb).third for verb in COMMON_PRESENT}
# "Said fares rise": behind a verb that takes hardly anything but a clause, a verb without an ending will do.
PLAINLY = finite({"say", "argue", "insist"})
PRESENT = lazy_compile(rf"\b\w+\s+{any_of(ASKED_VERBS, (inflect(verb).third for verb in ASKED_VERBS))}\b")
FINITE = lazy_compile(
    rf"\b(?:{any_of(AUXILIARIES, BE, PASTS - SAY, _PRESENT)}"
    r"|\w{2,}ed|\w+n[’']t)\b"
)


def reports(text: str) -> bool:
    """Whether a text has a word that reports speech, whoever speaks."""
    return bool(_REPORTED.search(text))
