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
    CONJUNCTIONS,
    CONTENT_OPENERS,
    COUNTS,
    DECLARING,
    DO,
    DOCUMENTS,
    HAVE,
    LABELLING,
    MODALS,
    NEGATIONS,
    NOUN_PREPOSITIONS,
    NOUNS_IN_LY,
    NOUNS_TOO,
    PARTITIVES,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIVES,
    REPORTED_NOUNS,
    SAYING,
    SUBJECT_PRONOUNS,
    TIME_UNITS,
    any_of,
    capitalised,
)
from ..names import CAPITALISED
from ..regex import lazy_compile
from ..temporal.patterns import PART_OF_DAY, PAST_DAY, WEEKDAY


def _reporting(verbs: frozenset[str]) -> frozenset[str]:
    """The finite forms of verbs, but for those that mostly are nouns."""
    return finite(verbs) - {inflect(verb).third for verb in NOUNS_TOO}


CLOSING = finite({"report"}) & {inflect(verb).third for verb in NOUNS_TOO}
"""Forms that report only where they close a clause: "…, The Advertiser reports."; elsewhere they are nouns."""

TAKING = finite({"report"})
"""Forms that have an object as often as a clause: "reported the theft"."""

SAY = _reporting(SAYING) | CLOSING
"""Forms that report a clause, with "that" or without."""

THAT = _reporting(DECLARING) | {f"{verb} of" for verb in finite({"speak", "talk"})}
"""Forms that report only with "that" or a quotation, or behind what they report ("…, the ministry announced")."""

ADDRESSED = finite({"assure", "inform", "remind", "tell", "warn"})
"""Forms that may have whoever is spoken to behind them: "told reporters that"."""

TOLD_ONLY = finite({"assure", "inform", "tell"})
"""Forms that always have whoever is spoken to behind them, so that nobody who speaks stands there."""

LABEL = _reporting(LABELLING) | {f"{verb} of" for verb in finite({"speak", "talk"})}
"""Forms that report only words in marks."""

PLURAL = (SAYING | {"estimate", "warn"}) - NOUNS_TOO - {"answer", "explain", "note", "reply", "state", "stress"}
"""Forms that report for a plural subject: "officials say"."""

LABELLING_PARTICIPLE = frozenset(inflect(verb).gerund for verb in LABELLING)
"""Forms that hang on another verb and report only words in marks: "…, rejecting “any” deal"."""

PARTICIPLE = frozenset(inflect(verb).gerund for verb in SAYING | {"warn"}) | LABELLING_PARTICIPLE
"""Forms that hang on another verb: "…, adding that"."""

SHOWING = finite({"show"})
NAMING = finite({"call"})
"""Forms that report where a document is their subject."""

PAPERS = lazy_compile(rf"\b{any_of(DOCUMENTS)}s?\b", re.IGNORECASE)

# "was quick to add that", "went on to say that": the infinitive reports, for the words before it say that it was done.
_WENT_ON = (
    r"(?:(?:went|goes)\s+(?:as|so)\s+far\s+(?:as\s+)?to\s+say|(?:(?:was|were|is)\s+(?:quick|keen|careful|at\s+pains|the\s+first)|went\s+on|goes\s+on)\s+to\s+"
    rf"{any_of(SAYING, {'say', 'warn', 'point out'})}(?=\s+(?:that|he|she|they)\b))"
)
_END = r"(?=\W*$|,)"
_NOUNS_PRESENT = {inflect(verb).third for verb in NOUNS_TOO & SAYING} - CLOSING  # "remarks she is glad"
VERB = lazy_compile(
    rf"(?<![\w-])(?:{_WENT_ON}|used\s+to\s+say\b|{any_of((SAY | THAT | PLURAL | PARTICIPLE) - CLOSING)}\b"
    rf"|{any_of(CLOSING)}{_END}|{any_of(CLOSING)}(?=\s(?:the|an?|that|there)\s)|{any_of(_NOUNS_PRESENT)}(?=\s(?:that\s)?(?:he|it|she|there|they)\s))"
)
REPORTED_AT_END = lazy_compile(rf"\b{any_of(SAY, THAT, PLURAL, PARTICIPLE)}$")
ACCORDING = lazy_compile(r"\b[Aa]ccording to\s+")

# "As Heald told the Post, ozone has dropped", "As described by researchers, …": the sentence behind the comma.
_TOLD_BY = {form for verb in "describe explain note report state tell".split() for form in inflect(verb).participle}
_TELLING = {"describe", "put", "tell", "warn"}
AS_TOLD = lazy_compile(
    rf"^(?:[Aa]s|(?:And|But)\sas)\s(?:{any_of(_TOLD_BY)}\sby\s"
    rf"(?P<by>[^,;:\ue000]{{2,80}})|(?P<who>[^,;:\ue000]{{2,80}}?)\s{any_of(SAY, finite(_TELLING))}\b"
    r"[^,;:\ue000]{0,60}),\s"
)
# "The Wire quoted a source as saying most were old"
QUOTED_AS = lazy_compile(r"\b(?:quotes|quoted|quoting|cited|citing)\s")
AS_SAYING = lazy_compile(r"\s*,?\s*as\s(?:saying|telling\s\w+|claiming|writing)\s(?:that\s)?")
STATING = lazy_compile(
    r"\s(?:with|in|issued|released|sent|published)\s(?:an?\s|the\s)?(?:[a-z]+\s)?"
    r"(?:message|note|post|release|statement|tweet)\ssaying\s(?:that\s)?"
)
HEARSAY = lazy_compile(r"\b(?:(?:was|were|been|is|are)\s+(?:told|assured|informed|warned)\s+by|(?P<heard>heard))\s+")
TOLD = lazy_compile(r"\s*,?\s*that\s+")
HEARD = lazy_compile(r"\s*,?\s*(?:say|saying|claim|claiming)\s+(?:that\s+)?")
_ANSWERS = any_of({"advice", "answer", "comment", "message", "reaction", "reply", "response", "verdict"})
_STAMP = r"(?:\d{1,2}[.:]\d\d(?:\s?[ap]\.?m\b\.?)?(?:\s[A-Z]{2,4}\b)?(?:\s\([A-Z]{2}\))?\s*[-–—|:]?\s*)"
LABELLED = lazy_compile(
    rf"\s*{_STAMP}?(?P<who>(?:{CAPITAL}|the\s|The\s)[^\ue000:.,;!?]{{1,60}}?)(?:[’']s\s{_ANSWERS})?:\s*(?=\ue000)"
)
# "Peter Bell looked back on the vote: “…”", but not of what is read or heard.
INTRODUCED = lazy_compile(r":\s*(?=\ue000)")
_MEETING = "cite face find get hear meet quote read receive recite recognise see show sing wear".split()
RECEIVING = lazy_compile(rf"\b{any_of(finite(_MEETING))}\b")
# "The minister’s letter reads in full:", with what it reads behind it or in the next paragraph.
OWN_WORDS = lazy_compile(
    r"(?:^|[.;,]\s)(?P<owner>[^\ue000.,;:]{2,50})[’']s\s(?:\w+\s)?(?:e-?mail|letter|message|note|post|statement)\s"
    r"(?:begins|began|continue[sd]|ran|read|reads|runs|said|says)\b[^\ue000.;:]{0,20}:\s*(?=\ue000|$)"
)
ANSWER = lazy_compile(
    rf"\ue000\s+(?:was|is|came|went)\s+(?:(?P<name>{CAPITALISED}(?:\s{CAPITALISED}){{0,3}}?)[’']s\s{_ANSWERS}\b"
    rf"|the\s{_ANSWERS}\s(?:from|of)\s(?:[^\ue000.,;]{{1,40}},\s)?(?P<giver>{CAPITALISED}(?:\s{CAPITALISED}){{1,3}})(?=[.,;]|$))"
)

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
_ADVERB = rf"\b(?>{any_of(ADVERBS, HAVE, {'further', 'since'})}\b|(?!{any_of(NOUNS_IN_LY)}\b)[a-z]\w*ly\b)"
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
_MANY = any_of(COUNTS, set("dozen hundred thousand million half".split()))
# What follows is no clause: "argued with the crew", but not "said about 40 people were hurt".
PREPOSITION = lazy_compile(
    rf"\s*(?!at\s+(?:least|most)\b)"
    rf"(?:{any_of(NOUN_PREPOSITIONS - set('about around inside near'.split()), {'against', 'into', 'until'})}"
    rf"|(?:over|about)(?!\s+(?:\d|(?:an?\s+)?{_MANY}\b)))\b"
)
HEARER = lazy_compile(
    rf"\s*(?:{any_of(ARTICLES, POSSESSIVES)}\s+)?(?!that\b|whether\b)[{WORD}’'&.-]+"
    rf"(?:\s+(?:of\s+)?{CAPITAL}[{WORD}’'&.-]*)*(?:\s+{any_of(AUDIENCES)})?"
)
# What tells without "that" that a clause follows: "announced she was", "suggested the animal may", "claimed to have".
CLAUSE = lazy_compile(
    rf"(?:{any_of({'he', 'it', 'she', 'they', 'there'})}|{any_of(ARTICLES, POSSESSIVES)}"
    rf"(?:\s(?!{any_of(ARTICLES, POSSESSIVES, RELATIVES)}\b)[a-z-]+){{1,3}}(?=\s{any_of(MODALS)}(?![\w-])))"
    rf"\s(?:\w+ly\s)?(?:{any_of(AUXILIARIES, BE, HAVE, MODALS, PASTS)}|\w{{2,}}ed|\w+n[’']t)\b"
)
# "Confirmed two pilgrims had died", "announced Benin was to join": a noun phrase and its verb, with nothing between
# them that could make the verb one of a relative clause.
_NO_NOUN = any_of(ARTICLES, CONJUNCTIONS, POSSESSIVES, RELATIVES, SUBJECT_PRONOUNS, set(TIME_UNITS), {"to"})
_NOUN = rf"(?!{_NO_NOUN}\b)[a-z][a-z’'-]*\s"
_NAME = rf"(?:{CAPITAL}[{WORD}’'&.-]*\s)+"
_HUNG = rf"{any_of(NOUN_PREPOSITIONS - {'to'}, {'into'})}\s(?:(?:the|an?)\s)?(?:{_NAME}|{_NOUN})"
_ALL = {"all", "every", "no", "such"}
NOUN_CLAUSE = lazy_compile(
    rf"(?:(?:{any_of(ARTICLES, POSSESSIVES, COUNTS, PARTITIVES, _ALL)}|\d[\d,.]*)\s(?:{_NAME})?"
    rf"(?:{_HUNG}|{_NOUN}){{0,6}}?|{_NAME}(?:(?:of|in)\s(?:the\s)?{_NAME})?)"
    rf"(?:was|were|is|are|had|has|have|{any_of(MODALS)})\b"
)
# "Expressed her fear that", "repeated a promise that": the clause of the noun is what is said.
OF_ONES_OWN = lazy_compile(rf"(?:{any_of(ARTICLES, POSSESSIVES)}\s+)(?:[a-z-]+\s+)?{any_of(REPORTED_NOUNS)}s?\s+")
UTTERING = finite({"express", "repeat", "reiterate"})
OWNED_REPORT = lazy_compile(rf"[’']s?\s(?:[a-z-]+\s)?{any_of(REPORTED_NOUNS)}s?\sthat\s")
REPORT_BY = lazy_compile(rf"\b{any_of(REPORTED_NOUNS)}s?\s(?:made\s)?(?:by|from)\s")
# "Said as a child she was sent away": what hangs on a verb of speech there is part of the clause.
AS_ONE = lazy_compile(r"\s*as an?\s(?:[\w-]+\s){1,3}?(?:he|she|they)\s[a-z]+")
CLAIMED_TO = lazy_compile(r"\s*(?=to\s(?:have|be)\b)")
CLAIMING = finite({"claim"})
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
