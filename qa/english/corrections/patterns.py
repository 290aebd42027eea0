"""The patterns by which notes of corrections are recognised and read.

They are matched with levelled text: lower case, one kind of apostrophe, the same offsets. None reaches further than a
few hundred characters.
"""

from __future__ import annotations

import re

from ..inflection import every_form, finite, inflect
from ..lexicon import (
    CLAIMS,
    CORRECTING,
    CORRECTION_LABELS,
    FIGURES,
    FORECASTING,
    GIVING,
    MISTAKING,
    OUTLETS,
    PIECES,
    RETRACTING,
    SAYING,
    SURE_PIECES,
    VERSIONS,
    WEEKDAYS,
    WRONG,
    WRONGLY,
    any_of,
    capitalised,
)
from ..regex import lazy_compile

HIT = 160  # characters between a story and what is said of it

_OPENING = r"^[\s*_#>\[(•·\"-]*(?:\d{1,2}[:.]\d\d\b[\s*_]*(?:[ap]\.?m\.?)?[\s*_:-]*)?"
_DATED = r"(?:[\s,(–—-]+(?:on\s)?(?=[^:]{0,24}\d)[\w,./]{1,12}(?:\s[\w,./]{1,12}){0,4}\)?)?"
_LABELS = {kind: any_of(labels) for kind, labels in CORRECTION_LABELS.items()}
LABEL = lazy_compile(
    rf"{_OPENING}(?:an?\s|our\s)?(?:{'|'.join(rf'(?P<{kind}>{pattern})' for kind, pattern in _LABELS.items())})"
    rf"(?P<day>{_DATED})[\s*_\])]*(?:[:–—]|\.?\s-\s|[.*_]*$)"
)
KILL = lazy_compile(
    r"^[\s*_#>\[(]*(?:KILL|MANDATORY KILL|WITHDRAWN|RETRACTED|RETRACTION)\b(?=[\s*_]*[:.,–—(-]|\s\d|[\s*_]*$)"
)
KILL_DAY = lazy_compile(r"[\s*_:(–—-]{0,6}(?=[^:]{0,16}\d)[\w,/]{1,12}(?:\s[\w,/]{1,12}){0,3}[.:)]")
CORRECTS = lazy_compile(r"^[\s*_]*[(\[]\s?(?:[^()\[\]]{0,60}\b)?correct(?:s|ed|ing)\b")
BRACKETED = lazy_compile(r"^[\s*_]*[(\[].{0,40}\b(?:stor|version|article|headline|paragraph|corrects)", re.DOTALL)

_PIECES = any_of(PIECES)
_SURE = any_of(SURE_PIECES, {f"{piece}s" for piece in SURE_PIECES - {"story", "entry", "obituary"}}, {"stories"})
_THIS = rf"\bthis\s(?:[\w,.]{{1,12}}\s){{0,3}}?(?:{_PIECES})\b"
_VERSION = rf"\b{any_of(VERSIONS)}\s(?:online\s|print\s)?(?:versions?|editions?)\b"
_NOT_OURS = r"(?!\s(?:of|for)\s(?!(?:this|our|the\s(?:article|story|headline|post|caption|column|blog|report\son))\b))"
_MIS = rf"\b(?:{any_of(every_form(MISTAKING) | {'misspelt'})})\b"
_WRONGLY = rf"\b(?:{any_of(WRONGLY)}|in\serror|by\smistake)\b"
_SAID = rf"\b(?:{any_of(every_form(GIVING) - {'have', 'having', 'has'})}|read)\b"
_WRONG = rf"\b(?:{any_of(WRONG)}|not\s(?:correct|true|the\scase|so|right)|an\serror|a\smistake|a\smisunderstanding)\b"
_WE = r"\b(?:we|(?:led|caused)\sus\sto|this\s(?:newspaper|paper|magazine|site|website)|this\s(?:column|blog))\b"
_OUR = rf"\bour\s(?:[\w'-]+\s){{0,3}}?(?:{_PIECES})s?\b"
OUTLET = lazy_compile(rf"(?:\b[Tt]he\s)?(?:\b[A-Z][\w&.’'-]*\s){{0,3}}\b{any_of(capitalised(OUTLETS))}\b(?!\s[A-Z])")
_DAYS_PAPER = (
    rf"\b(?:yesterday|today|{any_of(day.lower() for day in WEEKDAYS)}|last\s(?:week|month))'s\s(?:[\w-]+\s){{0,2}}?"
)
_AN_ITEM = (
    rf"{_DAYS_PAPER}(?:{_PIECES}|paper|newspaper|edition)\b|"
    rf"\b(?:an?|the|some|in\san?)\s(?:[\w'-]+\s){{0,2}}?(?:{_SURE})\b"
    rf"|\b(?:an?|the)\s(?:[\w'-]+\s){{0,2}}?(?:{_PIECES})\s"
    rf"(?:published|printed|in\s(?:the|our|some)\s(?:\w+\s){{0,3}}edition)\b"
    rf"|\b(?:reports|articles|stories|headlines)\s(?:published|on|in)\b"
    rf"|\b(?:an?|the)\stable\son\b|\b(?:recipe|table|quiz|crossword)\sin\sour\b|\bin\sa\sreport\s(?:of|on|published)\b"
)
_SAME = r"\b(?:the\s)?same\s(?:article|story|report|piece|item|column)\b"
_PAST = any_of(
    {form for verb in GIVING - {"have", "include", "contain", "show", "place"} for form in inflect(verb).past}
    | {form for verb in MISTAKING for form in inflect(verb).past}
    | {"misspelt"}
)
_WE_SAID = rf"{_WE}(?=\s(?:also\s|had\s|have\s|{any_of(WRONGLY)}\s){{0,2}}(?:{_PAST}|say|report|state)\b)"
_SUBJECT = rf"(?:{_THIS}|{_VERSION}{_NOT_OURS}|{_WE_SAID}|{_OUR}|{_AN_ITEM}|{_SAME})"

OF_VERSION = lazy_compile(
    rf"{_VERSION}{_NOT_OURS}(?:\s(?:of|on)\b[^;]{{0,{HIT}}}?|[^;.]{{0,80}}?)\s?(?:{_SAID}|{_MIS}|\bhad\b|{_WRONGLY})"
)
AMENDED = lazy_compile(
    rf"{_THIS}(?:\s\([^()]{{0,40}}\))?\s(?:was|has\sbeen|had\sbeen)\s(?:\w+ly\s|since\s|also\s|later\s)?"
    rf"(?P<verb>{any_of(every_form(CORRECTING))})\b|{_THIS}\s(?P<now>corrects)\b"
)
TO_CORRECT = lazy_compile(r"\bto\s(?:correct|fix|clarify|reflect\sthat|make\sclear|show\sthat|say\sthat|remove)\b")
_THE_STORY = rf"(?:{_THIS}|\b(?:the|its|our|that|an?)\s(?:[\w'-]+\s){{0,2}}?(?:{_PIECES})\b(?:\sabove)?)"
WITHDRAWN = lazy_compile(
    rf"{_THE_STORY}[^.;,]{{0,30}}\s(?:was|is|has\sbeen|had\sbeen)\s(?:now\s|since\s|\w+ly\s)?"
    rf"{any_of(every_form(RETRACTING))}\b"
    rf"|\b(?:we|(?:[a-z]+\s)?{any_of(OUTLETS)})\s(?:has\s|have\s|hereby\s|now\s)*"
    rf"(?:retract(?:ed|s)?|withdr[ae]wn?s?|kills?|killed|tak(?:e|en)\sdown|removed?|unpublished)\s{_THE_STORY}"
    rf"|\bplease\s(?:kill|disregard|do\snot\suse)\b|\bmust\snot\sbe\sused\b"
)
SAID_BEFORE = lazy_compile(rf"\b{any_of(finite(SAYING))}\b[^.;]{{0,80}}$")
"""Somebody says what follows: what they tell to be withdrawn is no story of the newsroom."""
_A_WRONG_ONE = r"\b(?:the|an?)\s(?:wrong|incorrect)\s\w+"
WRONG_ONE = lazy_compile(_A_WRONG_ONE)
_ERR = rf"(?:{_MIS}|{_WRONGLY}\s{_SAID}|{_SAID}\s(?:\w+\s)?{_WRONGLY})"
ERRED = lazy_compile(
    rf"{_SUBJECT}(?:(?!\b(?:that|who|whether|if)\b)[^.;]){{0,{HIT}}}?"
    rf"(?:{_ERR}|\bshould\shave\s(?:said|read|stated)\b|{_A_WRONG_ONE})|{_ERR}\s[^.;]{{0,60}}{_THIS}"
)
SORRY_FOR = lazy_compile(
    r"\bwe\s(?:[a-z]+\s){0,2}?(?:apologi[sz]e|are\ssorry)\s(?:[a-z]+\s){0,4}?for\s(?:having\s|wrongly\s)?"
    r"(?:call|claim|describ|nam|report|say|said|stat|suggest)(?:ing|ed)?\b"
)
SAYS = lazy_compile(rf"{_SUBJECT}[^.;]{{0,{HIT}}}?{_SAID}")
GIVEN_IN = lazy_compile(
    rf"\b(?:{any_of(form for verb in GIVING for form in inflect(verb).participle)})\s(?:here\s)?(?:in|by)\s"
    rf"(?:{_THIS}|{_VERSION}|{_OUR}|{_AN_ITEM}|{_SAME})"
)
"""What was said stands in front: "the 310 mentioned in our report"."""
AT_FIRST = lazy_compile(
    rf"(?:{_THIS}|{_AN_ITEM}|{_SAME}|{_WE_SAID})[^.;]{{0,40}}?\b(?:at\sfirst|initially|originally)\b"
)
_BY_MISTAKE = (
    r"\b(?:due\sto|because\sof|owing\sto|through|as\sa\sresult\sof)\san?\s(?:[\w'-]+\s){0,3}(?:error|mistake|mix-up)\b"
)
EDITING = lazy_compile(rf"{_BY_MISTAKE}[^.]{{0,{HIT}}}?{_SUBJECT}|{_SUBJECT}[^.]{{0,{HIT}}}?{_BY_MISTAKE}")
AS_WE_SAID = lazy_compile(
    rf"\bnot,?\sas\s(?:we|this\snewspaper|{_THIS}|(?:stated|reported)\sin|previously\s(?:stated|reported)\s(?:here|in))"
)
PART_AMENDED = lazy_compile(
    rf"\b(?:the|an?|that|this)\s(?:\w+\s){{0,2}}?"
    rf"(?:{any_of(FIGURES, {'caption', 'headline', 'paragraph', 'sentence', 'quotation', 'quote'})})\b[^.;]{{0,60}}?\b"
    r"(?:(?:was|has\sbeen|have\sbeen|were)\s(?:since\s)?(?:amended|corrected|changed)"
    r"|should\shave\s(?:read|said|been\sgiven|stated))\b"
)
OF_A_PIECE = lazy_compile(
    rf"\bparagraph|\bcaption|\bheadline|\bsentence|\breference|\bshould\shave\s(?:read|said)|\bto\sread\b"
    rf"|{_THIS}|{_VERSION}"
)
HAPPY = lazy_compile(
    r"^\W*(?:(?:we|the\s\w+)\s(?:are|is|were)\s(?:happy|glad|pleased)\sto\s"
    r"(?:make|clarify|point\sout|state|confirm|accept)\b"
    r"|we\s(?:accept|wish\sto\smake\s(?:it\s)?clear|would\slike\sto\s(?:make\s(?:it\s)?clear|clarify)|now\saccept)\b)"
)
MADE_CLEAR = lazy_compile(r"\b(?:make\s(?:it\s|this\s)?clear|clarify|point\sout|state|confirm|accept)(?:\sthat)?\s+")
FALSE = lazy_compile(
    r"^\W*(?:(?:in\sfact,?\s)?(?:this|that|it|these|which|the\s(?:claim|statement|report|story|information))\s"
    rf"(?:was|is|were|are|turned\sout\sto\sbe|proved\s(?:to\sbe)?)\s?(?:\w+ly\s)?(?:{_WRONG}))"
    rf"|\b(?:has|have|had|was|is)\sno\s(?:evidence|proof|record)\b"
)
SHOULD = lazy_compile(
    r"\bshould\shave\s(?:been|read|said|stated|named|given)\b|\bshould\s(?:be|read|say)\b|\b(?:in\sfact|actually)\b"
    r"|\bthe\s(?:correct|right|true|actual|real)\s(?:\w+\s){1,2}(?:is|was|are|were)\b|\bcorrectly\b"
)
EXPLAINS = lazy_compile(
    r"^\W*(?:that|this|it)\s(?:was|is)\s(?:the|an?)\s(?:\w+\s){0,2}?"
    r"(?:number|figure|total|sum|amount|count|day|date|name|price)\s(?:of|for|on|in|from|delivered)\b"
    r"|\b(?:apologi[sz]e|apology|sorry|regret|thank|error\swas|were\stransposed|misread|have\sleft)\b"
    r"|\bediting\serror\b[^,]*$"
)
ALSO = lazy_compile(
    rf"^\W*(?:(?:it|the\s(?:article|story|report)|an\searlier\sversion)\b[^.;]{{0,40}}?\b(?:also|said|gave)\b|{_SAME})"
)
IT_SAID = lazy_compile(rf"^\W*(?:it|the\s(?:{_PIECES}))\s(?:had\s)?(?:said|reported|claimed|alleged|stated)\b")
FOR_READ = lazy_compile(r"\bfor\s(?P<wrong>[^.;]{1,80}?),?\s(?:please\s)?read\s(?P<right>[^.;]{1,80})")
SHOULD_READ = lazy_compile(
    r"[“\"‘'](?P<wrong>[^“”\"]{1,80})[”\"’'],?\sshould\s(?:have\s)?(?:read|be|been)\s[“\"‘']?(?P<right>[^“”\".;]{1,80})"
)
REFERENCE = lazy_compile(
    r"\breferences?\sto\s(?P<wrong>[^.;]{1,60}?)\s(?:has|have|was|were)\s(?:been\s)?(?:amended|changed|corrected)\s"
    r"(?:on\s[^.;]{1,24}\s)?to\s(?P<right>[^.;]{1,60})"
)

NOT = lazy_compile(
    r"(?P<as>(?:,\s(?:and\s|but\s)?|\s(?:and|but)\s)not,?\s?as\s[^,.;]{1,60},\s)"
    r"|(?:,\s(?:and\s|but\s)?|\s(?:and|but)\s|\s[–—]\s|,?\s\()not\s"
    r"(?!(?:only|yet|even|because|least|all|that|just|necessarily|to\s(?:be|the)|be(?:en)?|have|as|so)\b)"
    r"|,?\s(?:instead\sof|rather\sthan|and\snever)\s"
)
NOT_BUT = lazy_compile(r"\bnot\s(?P<wrong>[^.;]{1,60}?),?\sbut\s(?P<right>[^.;]{1,60})")
CHANGED = lazy_compile(rf"\b(?:{any_of(every_form(CORRECTING))})\b")
OF_TO = lazy_compile(
    rf"\b(?:{any_of(FIGURES)})\sof\s(?P<wrong>[^.;,]{{1,40}}?)\sto\s(?P<right>[^.;,]{{1,40}}?)(?=\sin\s|[),.;]|$)"
)
TO = lazy_compile(r"\bto\s(?:[^\s\d]{1,12}\s)?$")
FROM = lazy_compile(r"\bfrom\s(?:[^\s\d]{1,12}\s)?$")
CLAUSE = lazy_compile(
    r";\s|\s[–—]\s|\s--?\s"
    r"|,?\s(?:but|when|whereas)\s(?=(?:in\sfact|actually|the\scorrect|it|he|she|they|should|there|this)\b)"
    r"|,\s(?=in\sfact\b)"
)
ENDS = lazy_compile(
    r",(?!\d)|[;)\]]|\.(?=\s|$)|\s(?:as|in\sparagraph|in\sthe\s\w+\sparagraph|on\spage|when|because|which|who)\s"
)
COPULA = lazy_compile(r"\b(?:is|was|are|were|be|been|read|said)\s")
AS = lazy_compile(r"\sas\s")
SKIPPED = lazy_compile(r"[\s*_]*(?:(?:on|in|by|at|to|of|for|from|the|an?|about|some|mr|ms|mrs|dr)\b\.?\s+)*")
THAT = lazy_compile(r"^(?:[^,;]{0,40}?)\bthat\b\s")
BEFORE_PHRASE = lazy_compile(r"\b(?:is|was|are|were|be|been|by|in|at|to|of|for|as|on|called|named)\s")
QUOTED = lazy_compile(r"^\s*(?P<quoted>[“\"‘'][^“”\"]{1,200}[”\"’'])")
QUOTED_BEFORE = lazy_compile(r"(?P<quoted>[“\"][^“”\"]{1,200}[”\"])[,\s]*$")
FRAME = lazy_compile(r"\b(?:paragraphs?|page|pages|para|pars?)\s+\d+|\b\w+\sparagraph\b")

_FIGURES = any_of(FIGURES, {f"{figure}s" for figure in FIGURES}, {"estimate", "estimates", "count"})
PUT_RIGHT = lazy_compile(
    r"\b(?:correct|revis|amend)(?:s|es|ed|ing|e)?\s(?:down\s)?(?:its|the|their|his|her|that|an|these)\s"
    rf"(?:[\w'-]+\s){{0,3}}?(?:{_FIGURES}|{any_of(CLAIMS)})\b"
    rf"|\b(?:{_FIGURES})\b(?:\s[\w'-]+){{0,4}}?\s(?:was|were|has\sbeen|had\sbeen|is)\s(?:later\s|since\s|then\s|now\s)?"
    rf"(?:corrected|revised|amended)\b"
)
NO_PUTTING_RIGHT = lazy_compile(
    rf"\b(?:{any_of(every_form(FORECASTING - {'estimate', 'calculate'}))}|forecasts?|target|guidance|offer|bid|budget"
    r"|up|upwards?|bill|contract|treaty|law|will)\b"
)
INITIALLY = lazy_compile(r"\b(?:initially|at\sfirst|first|originally|earlier)\b")
FORECAST = lazy_compile(r"\b(?:forecasts?|target|guidance|jobs?|staff|branches|workforce|headcount)\b")
CUT = lazy_compile(
    r"\b(?:cuts?|lower(?:s|ed)|reduced?s?)\s(?:(?:its|the|their|his|her)\s)(?:[\w'-]+\s){0,2}?(?:count|toll|tally)\b"
    r"|\b(?:count|toll|tally)\s(?:was|has\sbeen|had\sbeen)\s(?:later\s|since\s)?(?:lowered|cut|reduced)\b"
)
PUT_ANOTHER = lazy_compile(
    rf"\bcorrect(?:s|ed|ing)\s(?:an?|its|his|her|their|the)\s(?:\w+\s){{0,2}}?(?:{any_of(CLAIMS)})\sthat\s"
    r"(?P<wrong>[^.;]{1,100}?),?\s(?:saying|and\ssaid|stating)\b"
)
AS_SAID = lazy_compile(
    r"\bnot\s(?:[^.;,]|[.,]\d){1,40},?\sas\s(?:[^.;,]{1,40}\s)?"
    r"(?:had|has|have|was|were|previously|first|originally|earlier|initially|widely)\s(?:[a-z]+\s){0,2}?"
    r"(?:said|reported|announced|stated|claimed|thought|believed|told|given|assumed|put|published|written)\b"
    r"|\bnot\s(?:[^.;,]|[.,]\d){1,40},?\sas\s(?:previously|first|originally|earlier|initially)\s(?:\w+)"
)
WRONG_FIGURE = lazy_compile(
    rf"\b(?:{_FIGURES})\sof\s(?P<wrong>[^.;,]{{1,40}}?)\s(?:was|were|is|had\sbeen|has\sbeen)\s(?:\w+ly\s)?(?:{_WRONG})"
)
WRONGLY_PUT = lazy_compile(
    rf"(?:{_WRONGLY}\s(?:{_SAID}|{_MIS})|{_MIS}|(?:put|gave|given|reported|stated)\s[^.;]{{0,60}}{_WRONGLY})"
)
TRUE_FIGURE = lazy_compile(
    r"\b(?:the\s(?:correct|right|true|actual|real)\s|in\sfact\b|actually\b|should\shave\s(?:been|read|said))"
)
TAKEN_BACK = lazy_compile(
    r"\b(?:withdrew|withdraws?|withdrawn|retract(?:s|ed)?|took\sback|taken\sback|recant(?:s|ed)?)\s"
    rf"(?:its|his|her|their|the|an?)\s(?:[\w'-]+\s){{0,2}}?(?:{any_of(CLAIMS)})\sthat\s"
)

HINT = lazy_compile(
    rf"correct|clarif|retract|withdr|amend|revis|recant|errat|\berror\b|mistake|{_MIS}|{_WRONGLY}|{_WRONG}"
    r"|for the record|record straight|editors?'s?\snote|note (?:to|from)|\bkill\b|took back|taken back|happy to|apologi"
    r"|no evidence|version"
    r"|\bth(?:is|at) (?:was|is|article|story|report|version|post|page|piece|column|entry)\b|as (?:we|this)\b"
    r"|\bwe (?:said|stated|reported|wrote|gave)\b|originally|at first|in fact|should (?:be|have)\b|(?:and|,) not\b"
    r"|\bnot as\b|an? (?:table|caption) on|\bthe (?:figure|number|amount|name) (?:is|was)\b|\b(?:count|toll|tally)\b"
)
"""Every note has one of these, and most texts have none."""

OUTLET_SAYS = lazy_compile(
    rf"(?:'s\s\w+)?,?\s(?:\([^()]{{0,20}}\)\s)?(?:also\s|(?:{any_of(WRONGLY)})\s|has\s|had\s){{0,3}}"
    rf"(?:{any_of(every_form((GIVING | MISTAKING) - {'have'}))})\b(?:\s(?:{any_of(WRONGLY)}|in\serror))?"
)
OWN = lazy_compile(
    rf"{_THIS}|{_VERSION}{_NOT_OURS}|\bour\s(?:[\w'-]+\s){{0,2}}?entry\b|\bin\sparagraph\b|\bthe\sstory\sabove\b"
    r"|\b(?:second|first|third|fourth|last|final)\sparagraph\b"
)
OURS = lazy_compile(rf"{_WE}\s(?!are\shappy)[^.;]{{0,60}}?(?:{_SAID}|{_MIS}|{_WRONGLY})|{_OUR}|\bin\sour\b")
OTHERS = lazy_compile(rf"{_AN_ITEM}|{_SAME}")
WITHDRAWS = lazy_compile(rf"\b(?:has|have|had)?\s?(?:retract|withdr)\w*\s{_THE_STORY}")
RETRACTS_THAT = lazy_compile(rf"\b(?:retract|withdr)\w*\s{_THE_STORY}[^.;]{{0,40}}?\sthat\s")
SAID_OR_WRONGLY = lazy_compile(
    rf"\b(?:{any_of(every_form(GIVING - {'have', 'include', 'place', 'print', 'publish', 'report'}), {'reported'})})\b"
    rf"|{_MIS}|{_WRONGLY}"
)
MIS_OR_WRONGLY = lazy_compile(rf"{_MIS}|{_WRONGLY}")
VERB_BEHIND = lazy_compile(rf"\s?(?:{_SAID}|{_MIS}|to\b)?")
VERSION_SAYS = lazy_compile(rf"{_VERSION}{_NOT_OURS}(?:[^;]{{0,{HIT}}}?)\s(?:{_SAID}|had\b)")
ALSO_SAYS = lazy_compile(rf"\b(?:it|which)\salso\s{_SAID}")
IT_SAYS = lazy_compile(
    rf"\W*it\s(?:(?:at\sfirst|had|initially|originally|previously|{any_of(WRONGLY)})\s){{0,2}}(?:{_PAST})\b"
)
THEY_ARE = lazy_compile(r"\W*(?:it|he|she|they)\s\w+")
TO_WHOM = lazy_compile(r"\battribut(?:ed|es|ing)\b[^.;]{1,80}?\sto\s(?:mr\s|ms\s|dr\s)?")
ONE = lazy_compile(r"\bone\W*$")
IS_NAMED = lazy_compile(
    r"\b(?:is|was|are|were|named|called)\s(?:[a-z]+\s)?(?:(?:the|an?|by|from|in|at|of|to|mr|ms|dr\.?)\s)?$"
)
SLOT = lazy_compile(
    rf"\s*(?:the|his|her|its|their|an?)\s(?:\w+\s){{0,2}}?"
    rf"(?:{_FIGURES}|depth|height|length|month|size|time|title|weight|year)\b"
)
AGAIN = lazy_compile(rf"\balso\b|{_SAME}|{_VERSION}")
PRONOUN = lazy_compile(r"\W*(?:in\sfact|actually|it|he|she|they|there|we|the)\b")
IN_FACT = lazy_compile(r"\W*(?:in\sfact|actually),?\s")
IT_IS = lazy_compile(
    r"\W*(?:it|he|she|they|the\s(?:\w+\s)?(?:figure|number|amount|name|price|sum))\s(?:is|was|are|were|has)\b"
)
ON_DAY = lazy_compile(r"\s?(?:on\s)?[^.;]{4,24}")
