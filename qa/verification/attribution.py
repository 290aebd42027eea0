"""Who says what a claim restates, and the speaker's name where the article's own words leave it out.

"He said" becomes "He (Oskar Tiell) said", and a quotation that runs on gets its speaker in front: an answer takes
sentences out of the place that told who speaks. The sentence that names the speaker becomes the claim's context.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..articles.parse import ParsedArticle
from ..english.characters import normalise
from ..english.lexicon import STOPWORDS
from ..english.quotations import outside_quotations
from ..english.speech import Utterance, names_person
from ..english.tokens import stems
from ..model import Added, Attribution, Passage, Said, Sentence, Unresolved
from .evidence import Evidence

MOST_CANDIDATES = 5


class CitedUtterance(NamedTuple):
    """What is said in a cited sentence: the utterance, its sentence and its article."""

    utterance: Utterance
    passage: Passage
    article: ParsedArticle

    @property
    def words(self) -> str:
        """The words said."""
        return self.article.document.text[self.utterance.start : self.utterance.end]

    @property
    def named_elsewhere(self) -> tuple[tuple[str, int], ...]:
        """The other sentences, by article id and index, that tell who speaks."""
        said, here = self.utterance, self.passage.sentence.index
        indices = dict.fromkeys(i for i in (said.said_in, said.named_in) if i is not None and i != here)
        return tuple((self.article.id, index) for index in indices)


class Attributed(NamedTuple):
    """A claim's words with its speaker named in them, who that is, how, and where the name was found.

    ``spoken`` is where the words restated stand in their article (code points); None where the article itself speaks.
    ``added`` is the name that was put in.
    """

    text: str
    speaker: str | None
    attribution: Attribution
    origins: tuple[tuple[str, int], ...]
    spoken: tuple[int, int] | None
    added: tuple[Added, ...] = ()


def cited_utterances(evidence: Evidence) -> tuple[CitedUtterance, ...]:
    """Everything said in the cited sentences, in order."""
    return tuple(CitedUtterance(u, p, a) for p, a in evidence.pairs for u in a.speech_in(p.sentence))


def restated_utterance(evidence: Evidence) -> CitedUtterance | None:
    """The utterance that a claim restates; None where it restates what the article itself says.

    A whole sentence restates the longest thing said in it. Otherwise the one whose words the claim shares most, if it
    shares more with that than with what nobody says.
    """
    every = cited_utterances(evidence)
    if not every:
        return None
    if is_verbatim(evidence):
        return max(every, key=lambda v: v.utterance.end - v.utterance.start)
    claimed = content_stems(evidence.claim.text)
    best = max(every, key=lambda v: (len(claimed & content_stems(v.words)), v.utterance.start - v.utterance.end))
    return best if len(claimed & content_stems(best.words)) > len(claimed & narrated_stems(evidence)) else None


def attribute(evidence: Evidence) -> Attributed:
    """The claim as it is shown: its speaker and the form of attribution, and the name put in where it is missing."""
    text, voice = evidence.claim.text, restated_utterance(evidence)
    if voice is None:
        return Attributed(text, None, "narration", (), None)
    said = voice.utterance
    spoken = (said.start, said.end)
    how: Attribution = "direct" if evidence.claimed.quotations else "indirect"
    here = normalise(voice.passage.sentence.text)
    there = (
        said.speaker is None or said.speaker in here or (names_person(said.speaker, here) and said.speaker not in text)
    )
    origins = () if there else voice.named_elsewhere
    if said.speaker is None or said.anonymous or _names(text, said.speaker):
        return Attributed(text, said.speaker, how, origins, spoken)
    added = _named(evidence, said, said.speaker) if is_verbatim(evidence) else _ascribed(said.speaker, voice, evidence)
    if added is None:
        return Attributed(text, said.speaker, how, origins, spoken)
    start, words, name = added
    note = Added(
        kind="name" if name else "speaker", start=start, end=start + len(words), words=name, means=said.speaker
    )
    return Attributed(f"{text[:start]}{words}{text[start:]}", said.speaker, how, origins, spoken, (note,))


def said_in(sentence: Sentence, article: ParsedArticle) -> tuple[Said, ...]:
    """Who says what in a sentence, as an Answer carries it."""
    return tuple(
        Said(start=u.start, end=u.end, attribution=u.attribution, speaker=u.speaker, anonymous=u.anonymous)
        for u in article.speech_in(sentence)
    )


def unresolved_in(sentence: Sentence, article: ParsedArticle) -> tuple[Unresolved, ...]:
    """The speakers and the times of a sentence that may be several, as an Answer carries them."""
    speakers = [
        Unresolved(kind="speaker", words=u.words, candidates=u.candidates)
        for u in article.speech_in(sentence)
        if u.speaker is None and u.candidates
    ]
    times = [
        Unresolved(kind="time", words=sentence.text[one.start : one.end], candidates=one.days[:MOST_CANDIDATES])
        for one in article.open_times_in(sentence)
    ]
    return tuple(dict.fromkeys((*speakers, *times)))


def speaker_note(article: ParsedArticle, sentence: Sentence) -> str:
    """ "she = Dana Halloran; spoken by Nadia Ferro": who speaks, where a sentence alone does not tell; for a model."""
    notes = []
    for said in article.speech_in(sentence):
        if said.speaker is None or said.speaker in normalise(sentence.text):
            continue
        if said.said_in != said.sentence:
            notes.append(f"spoken by {said.speaker}")
        elif said.by_pronoun:
            notes.append(f"{said.words} = {said.speaker}")
    return "; ".join(dict.fromkeys(notes))


def is_verbatim(evidence: Evidence) -> bool:
    """Whether the claim is a cited sentence word for word, or several, and nothing besides."""
    rest = " ".join(evidence.claim.text.split())
    for sentence in evidence.sentences:
        if sentence not in rest:
            return False
        rest = rest.replace(sentence, " ", 1)
    return not any(ch.isalnum() for ch in rest)


def content_stems(text: str) -> set[str]:
    """The stems of a text's words that carry meaning."""
    return {stem for stem in stems(text) if stem not in STOPWORDS}


def narrated_stems(evidence: Evidence) -> set[str]:
    """The stems of what nobody is said to say in the cited sentences, who speaks included."""
    kept: list[str] = []
    for passage, article in evidence.pairs:
        position = passage.sentence.start
        for said in article.speech_in(passage.sentence):
            kept.append(article.document.text[position : max(position, said.start)])
            position = max(position, said.end)
        kept.append(article.document.text[position : passage.sentence.end])
    return content_stems(" ".join(kept))


def _names(text: str, speaker: str) -> bool:
    """Whether a text names the speaker outside its quotations, if only by surname; a body as the article calls it."""
    told = outside_quotations(text)
    return names_person(speaker, told) or speaker.lower() in told.lower()


def states_as_fact(voice: CitedUtterance, evidence: Evidence) -> bool:
    """Whether a claim that names no speaker takes most of its words from what only somebody says."""
    claimed = content_stems(evidence.claim.text)
    only_said = (claimed & content_stems(voice.words)) - narrated_stems(evidence)
    return len(only_said) >= 2 and len(only_said) >= len(claimed) / 2


_Put = tuple[int, str, str]
"""Words to put into a claim: where (an offset in its text), the words, and the pronoun that they explain or ""."""


def _ascribed(speaker: str, voice: CitedUtterance, evidence: Evidence) -> _Put | None:
    """Put the speaker, whom a draft names only beside a claim in other words, in front of it."""
    aside = evidence.claim.speaker and not evidence.claimed.quotations and states_as_fact(voice, evidence)
    return (0, f"According to {speaker}: ", "") if aside else None


def _named(evidence: Evidence, said: Utterance, speaker: str) -> _Put | None:
    """Put the speaker into their sentence: behind the pronoun that stands for them, else in front."""
    text, quoted = evidence.claim.text, evidence.claimed.quotations
    if said.said_in == said.sentence and said.by_pronoun:
        for match in re.finditer(rf"\b{re.escape(said.words)}\b", text, re.IGNORECASE):
            if not any(q.start <= match.start() < q.end for q in quoted):
                return match.end(), f" ({speaker})", match.group()
    return (0, f"{speaker}: ", "") if said.said_in != said.sentence else None
