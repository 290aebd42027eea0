"""Who said it: a claim names as speaker only somebody to whom its sentences attribute the words it restates.

The claim is read as the articles are: its own utterances, each with a speaker, are compared with those of the cited
sentences. What the claim restates of them is told by the words that both have.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...english.clauses import clauses
from ...english.document import Document
from ...english.names import names
from ...english.speech import Utterance, names_person, reports
from ...english.spelling import mentions
from ..attribution import (
    CitedUtterance,
    cited_utterances,
    content_stems,
    is_verbatim,
    restated_utterance,
    states_as_fact,
)
from ..evidence import Evidence
from ..findings import Doubt, Finding


def check(evidence: Evidence) -> Iterator[Finding]:
    """The speakers of the claim, in its words or its ``speaker``, who do not seem to say this in its sentences."""
    told = [] if is_verbatim(evidence) else _named(evidence.claimed)
    if filled := confirmed(evidence):
        told.append((filled, evidence.claim.text))
    for who in dict.fromkeys(who for who, words in told if _is_doubtful(who, words, evidence)):
        given = "The claim has" if names_person(who, evidence.claim.text) else "Beside the claim stands that it is"
        said = "say this" if given == "The claim has" else "who says this"
        yield Doubt("speaker", f"{given} {who} {said}. Do the sentences have {who} say it?")


def _named(document: Document) -> list[tuple[str, str]]:
    """The named speakers of a text with what each says; "he" and "the minister" name nobody."""
    return [
        (said.speaker, document.text[said.start : said.end])
        for said in document.utterances
        if said.speaker and said.speaker[0].isupper() and not said.anonymous and not said.by_pronoun
    ]


def _is_doubtful(who: str, words: str, evidence: Evidence) -> bool:
    """Whether nobody in the cited sentences whom ``who`` may be says what these words restate."""
    if any(mentions(who, article.source) for article in evidence.articles if article.source):
        return False  # "The Courier reported": the article itself
    given = cited_utterances(evidence)
    if not given:
        # "X, sent off early, apologised and denied it": somebody speaks, though not in a form that is known here.
        known = reports(evidence.text) and mentions(who, evidence.text)
        return not known and not any(mentions(who, subject) for subject in _subjects(words, evidence))
    restated = [v.utterance for v in _restated(words, given)]
    speakers = [said.speaker or said.words for said in restated]
    if any(mentions(who, speaker) or names_person(speaker, who) for speaker in speakers):  # "Doorn’s union" for Doorn
        return False
    # "He said", "the minister said": the name must stand in another cited sentence, or beside the office.
    unnamed = any(_unnamed(said) for said in restated)
    return not (unnamed and any(mentions(who, text) for text in (*evidence.sentences, evidence.headers)))


def _subjects(words: str, evidence: Evidence) -> list[str]:
    """The first name of each clause that shares most words with these: who puts the price at 19 million."""
    claimed = content_stems(words)
    told = [clause for sentence in evidence.sentences for clause in clauses(sentence)]
    shared = [len(claimed & content_stems(clause)) for clause in told]
    best = [clause for clause, count in zip(told, shared, strict=True) if count and count == max(shared)]
    return [found[0] for clause in best if (found := names(clause))] if len(best) == 1 else []


def _unnamed(said: Utterance) -> bool:
    """Whether the sentence calls the speaker by a pronoun or an office alone."""
    return said.by_pronoun or said.speaker is None or not said.speaker[0].isupper()


def _restated(words: str, given: tuple[CitedUtterance, ...]) -> list[CitedUtterance]:
    """The utterances that these words may restate: those they share most with, and what holds or is held by one."""
    claimed = content_stems(words)
    shared = [len(claimed & content_stems(v.words)) for v in given]
    nearest = [v for v, count in zip(given, shared, strict=True) if count == max(shared)]
    return nearest + [
        v
        for v in given
        if v not in nearest
        and any(v.article is near.article and _nested(v.utterance, near.utterance) for near in nearest)
    ]


def _nested(one: Utterance, other: Utterance) -> bool:
    return (one.start <= other.start and other.end <= one.end) or (other.start <= one.start and one.end <= other.end)


def as_fact(evidence: Evidence) -> Iterator[Finding]:
    """Whether a claim seems to state as fact what the article only has somebody say.

    That is where most of its words stand in what is said and nowhere in the article's own words around it. A claim
    that takes over whole sentences takes over who says them, too; so does one in quotation marks. A speaker that the
    draft names beside the claim is put into its words when it is shown.
    """
    text = evidence.claim.text
    if reports(text) or is_verbatim(evidence) or evidence.claimed.quotations:
        return
    voice = restated_utterance(evidence)
    speaker = (voice.utterance.speaker or voice.utterance.words) if voice else ""
    if voice is None or names_person(speaker, text) or not states_as_fact(voice, evidence):
        return
    if evidence.claim.speaker and mentions(evidence.claim.speaker, speaker):
        return
    yield Doubt(
        "speaker", f"The article seems to have {speaker} say this. Does the claim keep that, or do they state it, too?"
    )


def confirmed(evidence: Evidence) -> str | None:
    """The draft's speaker where the cited sentences have anybody speak; None where the article itself states it."""
    spoken = bool(cited_utterances(evidence)) or reports(evidence.text)
    return evidence.claim.speaker if spoken else None
