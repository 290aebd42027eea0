"""Who said it: a claim names as speaker only somebody to whom its sentences attribute the words it restates."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...english.characters import CAPITAL, WORD
from ...english.questions import PRONOUN
from ...english.quotations import quotations
from ...english.sentences import split
from ...english.speech import Utterance, names_person
from ...english.spelling import same_name
from ...english.tokens import STOPWORDS, stems, words
from ..attribution import cited_utterances, is_verbatim, restated_utterance, states_as_fact
from ..evidence import Evidence

_SAID = (
    r"said|says|say|saying|told|tells|telling|added|adds|argued|argues|insisted|insists|stated|states|warned|warns"
    r"|acknowledged|acknowledges|maintained|maintains|alleged|alleges|wrote|writes|testified|testifies|noted|notes"
    r"|claimed|claims|denied|denies|explained|explains|replied|replies|conceded|concedes|admitted|admits|complained"
    r"|complains|stressed|cautioned|remarked|recalled|recalls"
)
# Deeds as much as words: "the mayor announced a curfew" may restate a sentence that has nobody speak.
_DEEDS = (
    r"announced|announces|confirmed|confirms|promised|promises|declared|declares|reported|reports|predicted|predicts"
    r"|estimated|estimates|described|describes|called|calls|vowed|pledged|urged|urges"
)
_NAME = rf"{CAPITAL}[{WORD}’'.-]*(?:\s+(?:(?:of|the|de|van|von|der|al|for|and)\s+){{0,2}}{CAPITAL}[{WORD}’'-]*)*"
_WHO = rf"(?:{_NAME}|[Hh]e|[Ss]he|[Tt]hey|(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir)(?:\s+[a-z’'-]+){{1,4}})"
_BETWEEN = r"(?:,[^,.;“”\"]{1,80},)?(?:\s+(?:also|later|then|had|has|have|repeatedly|publicly|privately|earlier))*"
_ATTRIBUTED = (
    re.compile(rf"(?P<who>{_WHO}){_BETWEEN},?\s+(?:(?P<verb>{_SAID})|(?P<deed>{_DEEDS}))\b"),
    re.compile(rf"(?:[”\"’'],?|,)\s*(?P<verb>said|says|added|wrote|warned|argued|insisted|replied)\s+(?P<who>{_WHO})"),
    re.compile(rf"\b[Aa]ccording to\s+(?P<who>{_WHO})"),
    re.compile(rf"(?P<who>{_NAME})\s*:\s*[“\"]"),
    re.compile(
        rf"(?P<who>{_NAME})[’']s?\s+(?:words|view|account|opinion|estimate|statement|claim|warning|testimony)\b"
    ),
    re.compile(rf"\b(?:words|view|account|opinion|statement|claim|warning|testimony)\s+of\s+(?P<who>{_NAME})"),
)
_NO_SPEAKER = re.compile(r"\b(?:is|are|was|were|be|an?)\b(?! [A-Z])", re.DOTALL)  # "the mask is worth an estimated …"
_SPEECH = re.compile(rf"\b(?:{_SAID})\b")
_REPORTED = re.compile(rf"\b(?:{_SAID}|{_DEEDS}|[Aa]ccording to)\b")
_PARTS = re.compile(r"(?:;|,?\s(?:but|while|whereas|although|though)|,\s+and)\s+")
# A capital at the start of a sentence is no name.
_OPENING = re.compile(r"^(?:As|But|And|In|On|At|Our|When|While|If|So|For|Yet|Then|That|This|These|It)\b\s*")
_TRAILING = re.compile(r"\s+(?:had|has|have|also|later|then)$")
_NOBODY = frozenset("according mr mrs ms dr sir the and for of".split())


class Said(NamedTuple):
    """Who is said to speak, as written, the part of the sentence in which, and whether the verb is a deed as well."""

    who: str
    part: str
    deed: bool


def check(evidence: Evidence) -> str | None:
    """The first speaker of the claim, in its words or its ``speaker``, who does not say this in its sentences."""
    claim = evidence.claim
    given = [said for text in evidence.sentences for said in attributed(text)]
    for who, part, deed in attributed(claim.text):
        if PRONOUN.fullmatch(who) or not who[0].isupper() or _published_by(who, evidence):
            continue
        speakers = [] if is_verbatim(evidence) else _speakers_of(evidence)
        if any(_same_person(who, speaker) for speaker in speakers):
            continue
        if speakers and not deed and not _office(who) and len(who.split()) <= 3:
            return f"the article has {speakers[0]} say this, not {who}"
        if not given:
            # "X, sent off early, apologised and denied it": somebody speaks, though not in a form that is known here.
            if deed or (_SPEECH.search(evidence.text) and _same_person(who, evidence.text)):
                continue
            return f"no cited sentence has {who} say anything"
        if not _speaks(who, part, given, evidence):
            return f"the cited sentences have {given[0].who} say this, not {who}"
    filled = claim.speaker if given else None
    if filled and any(_same_person(filled, speaker) for speaker in _speakers_of(evidence)):
        return None
    if filled and not _published_by(filled, evidence) and not _speaks(filled, claim.text, given, evidence):
        return f"the cited sentences have {given[0].who} say this, not {filled}"
    return None


def as_fact(evidence: Evidence) -> str | None:
    """What is wrong where a claim states as fact what the article only has somebody say.

    That is where most of its words stand in what is said and nowhere in the article's own words around it. A claim
    that takes over whole sentences takes over who says them, too; so does one in quotation marks. A speaker that the
    draft names beside the claim is put into its words when it is shown.
    """
    text = evidence.claim.text
    if attributed(text) or _REPORTED.search(text) or is_verbatim(evidence) or quotations(text):
        return None
    voice = restated_utterance(evidence)
    speaker = (voice.utterance.speaker or voice.utterance.words) if voice else ""
    if voice is None or names_person(speaker, text) or not states_as_fact(voice, evidence):
        return None
    if evidence.claim.speaker and _same_person(evidence.claim.speaker, speaker):
        return None
    return f"the article has {speaker} say this, the claim states it as fact"


def _speakers_of(evidence: Evidence) -> list[str]:
    """Who says what the claim restates, and who reports that they do; empty where one of them is not known."""
    voice = restated_utterance(evidence)
    if voice is None:
        return []
    mine = voice.utterance
    chain = [
        v.utterance.speaker
        for v in cited_utterances(evidence)
        if v.article is voice.article and (_holds(v.utterance, mine) or _holds(mine, v.utterance))
    ]
    return [] if None in chain else [speaker for speaker in dict.fromkeys(chain) if speaker]


def _holds(outer: Utterance, inner: Utterance) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def confirmed(evidence: Evidence) -> str | None:
    """The draft's speaker where the cited sentences have anybody speak; None where the article itself states it."""
    given = any(attributed(text) for text in evidence.sentences)
    return evidence.claim.speaker if given else None


def attributed(text: str) -> tuple[Said, ...]:
    """Who speaks in which part of a sentence, by the forms of attribution; no reading of what "he" means."""
    found: dict[tuple[str, str], Said] = {}
    for part in (part for sentence in split(text, "") for part in _PARTS.split(sentence.text)):
        for match in (m for pattern in _ATTRIBUTED for m in pattern.finditer(part)):
            who = _TRAILING.sub("", _OPENING.sub("", match["who"]))
            if who and not _NO_SPEAKER.search(who):
                found.setdefault((who, part), Said(who, part, bool(match.groupdict().get("deed"))))
    return tuple(found.values())


def _speaks(who: str, said_by_claim: str, given: list[Said], evidence: Evidence) -> bool:
    """Whether ``who`` is the speaker of the part of the sentences that the claim restates."""
    best = max((_overlap(said.part, said_by_claim) for said in given), default=0)
    nearest = [said for said in given if _overlap(said.part, said_by_claim) == best]
    if any(_same_person(who, said.who) for said in nearest):
        return True
    # "He said", "the minister said": the name must stand in another cited sentence, or beside the office.
    unnamed = [
        said for said in nearest if not said.who[0].isupper() or PRONOUN.fullmatch(said.who) or _office(said.who)
    ]
    return bool(unnamed) and any(_same_person(who, text) for text in (*evidence.sentences, evidence.headers))


def _overlap(part: str, claim: str) -> int:
    return len(set(stems(part)) & {s for s in stems(claim) if s not in STOPWORDS})


def _office(who: str) -> bool:
    return who.split()[0] in {"The", "A", "An", "His", "Her", "Its", "Their", "He", "She", "They"}


def _same_person(who: str, other: str) -> bool:
    """Whether the surname (the last word of the name) stands in the other's words."""
    mine = [w for w in words(re.split(r" (?:of|for|from) ", who)[0]) if w not in _NOBODY]
    return bool(mine) and any(same_name(mine[-1], w) for w in words(other))


def _published_by(who: str, evidence: Evidence) -> bool:
    sources = [a.source for a in evidence.articles if a.source]
    return any(_same_person(who, source) for source in sources)
