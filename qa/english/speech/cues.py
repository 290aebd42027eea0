"""The words that report speech, and the words around them: what a sentence says somebody said.

The verbs follow those that mark attribution in news: Krestel, Bergler & Witte (2008), "Minding the Source"; Pareti's
PARC corpus (2012). Finite forms alone report: "did not say whether" and "declined to comment" report nothing.
"""

from __future__ import annotations

import re

from ..characters import CAPITAL, WORD
from ..temporal.patterns import PART_OF_DAY, PAST_DAY, WEEKDAY

# With a clause, with or without "that".
SAY = frozenset(
    """
    said says told tells added adds argued argues insisted insists claimed claims stated states maintained
    maintains admitted admits conceded concedes acknowledged acknowledges wrote writes testified testifies
    alleged alleges explained explains replied replies answered answers stressed stresses cautioned cautions
    noted notes remarked recalled declared declares complained complains asserted asserts contended contends
    commented retorted quipped shouted tweeted posted reiterated reiterates clarified assured denied denies
    reckons estimates argued continued
    """.split()
)
# Deeds as much as words: only with "that" or a quotation, or behind what they report ("…, the ministry announced").
THAT = frozenset(
    """
    warned warns announced announces confirmed confirms promised promises reported reports predicted predicts
    found finds showed shows ruled rules concluded concludes revealed reveals suggested suggests estimated
    demanded demands vowed pledged boasted hinted indicated indicates disclosed discloses decided hoped hopes
    feared fears thought thinks urged urges recommended proposed proposes agreed objected responded pointed
    testified guaranteed ordered called calls described describes dismissed dismisses praised blamed condemned
    branded denounced hailed welcomed lauded questioned asked criticised criticized labelled dubbed repeated
    repeats joked protested accepted
    """.split()
)
PLURAL = frozenset("say add argue insist warn claim estimate maintain deny".split())
PARTICIPLE = frozenset(
    """
    saying adding insisting warning arguing noting claiming stressing telling writing calling declaring admitting
    """.split()
)
# Report words in marks only, never a clause: "called that date “a hope”".
LABEL = frozenset(
    """
    called calls described describes dismissed dismisses praised blamed condemned branded denounced hailed
    welcomed lauded labelled dubbed criticised criticized
    """.split()
)
# Documents speak; a stamp or a photograph does not.
_PAPERS = (
    "report poll survey study data letter document figures records statement log minutes memo review audit inquiry"
)
SHOWING = frozenset("showed shows".split())
PAPERS = re.compile(rf"\b(?:{'|'.join(_PAPERS.split())})s?\b", re.IGNORECASE)
_FORMS = "|".join(sorted(SAY | THAT | PLURAL | PARTICIPLE, key=len, reverse=True))
# "was quick to add that", "went on to say that": the infinitive reports, for the words before it say that it was done.
_WENT_ON = (
    r"(?:(?:was|were|is)\s+(?:quick|keen|careful|at\s+pains|the\s+first)|went\s+on|goes\s+on)\s+to\s+"
    r"(?:add|say|stress|note|insist|warn|claim|argue|explain|point\s+out)(?=\s+that\b)"
)
VERB = re.compile(rf"(?<![\w-])(?:{_WENT_ON}|(?:{_FORMS})\b)")
ACCORDING = re.compile(r"\b[Aa]ccording to\s+")

# Right before a verb: it does not report, or somebody else is spoken to.
NEGATED = re.compile(
    r"(?:\b(?:not|never|to|would|will|could|can|may|might|should|must|did|does|do|is|are|was|were|be|been|being|nor"
    r"|have yet|Will|Would|Did|Does|Do)|n[’']t)\s+(?:\w+ly\s+)?$"
)
ADVERB = re.compile(
    r"(?:,?\s*\b(?:also|later|then|had|has|have|earlier|repeatedly|publicly|privately|only|again|once|further|previously"
    r"|separately|however|meanwhile|too|since|now|always|still|quickly|\w+ly)\b,?)+\s*$"
)
# Between a verb and its clause: when, where, how and to whom.
_TIME = (
    rf"(?:(?:late|early|earlier|later)\s+)?(?:on\s+)?(?:{WEEKDAY}|{PAST_DAY}|last\s+\w+|this\s+\w+)"
    rf"(?:\s+{PART_OF_DAY})?"
)
ADVERBIALS = re.compile(rf"\s*(?:(?:{_TIME}|again|only|in\s+writing|bluntly)\b\s*)+(?=\S|$)")
TO_THAT = re.compile(r"\s*(?P<between>(?:[^\s,;:.\ue000]+\s+){0,14}?)(?P<that>that|whether|how|why)\s+")
WHERE = re.compile(
    r"(?:in|at|on|by|from|after|before|during|outside|to|under|with|through|via|of|out|ahead|amid|following|despite|late|early|earlier|later|again|only|also|bluntly|\w+ly"
    rf"|{WEEKDAY}|{PAST_DAY}|last|this)\b"
)
SILENT = re.compile(
    r",?\s+(?:and|but)\s+(?:later\s+|also\s+|then\s+)?(?:declined|refused|(?:did|would|could|does)\s+not\s+(?:say|comment|name|give"
    r"|disclose|elaborate|discuss)|gave\s+no|not\s+what|called|described|dismissed|blamed)\b"
)
PREPOSITION = re.compile(r"\s*(?:until|for|(?:over|about)(?!\s+\d)|with|against|in|on|at|to|from|by|of|into)\b")
HEARER = re.compile(
    rf"\s*(?:a\s+|an\s+|the\s+|his\s+|her\s+|its\s+|their\s+)?(?!that\b|whether\b)[{WORD}’'&.-]+"
    rf"(?:\s+(?:of\s+)?{CAPITAL}[{WORD}’'&.-]*)*(?:\s+(?:committee|conference|council|crowd|reporters|team|players|flock|audience"
    r"|parliament))?"
)
FINITE = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|could|can|may|might|must|should|did|does|do|\w{2,}ed|\w+n[’']t"
    r"|came|went|took|gave|got|made|lost|won|left|knew|saw|heard|held|met|began|broke|put|cut|fell|rose|ran|kept|stood"
    r"|wants?|needs?|expects?|intends?|hopes?|stays?|remains?|lies|leaves?|goes|runs?|means?|costs?|shows?|says|blames?)\b"
)
PRONOUNS = frozenset("he she they it i we".split())
