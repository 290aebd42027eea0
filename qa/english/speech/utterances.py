"""Everything said in an article: quotations and reported clauses, each with its speaker."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from typing import Literal, NamedTuple

from ...model import Sentence
from ..characters import Composed, compose
from ..inflection import finite
from ..lexicon import (
    CONJUNCTIONS,
    COUNTS,
    DEMONSTRATIVES,
    NEWSPAPERS,
    OPENERS,
    ORGANISATIONS,
    PARTITIVES,
    PEOPLE,
    POSSESSIVES,
    PREPOSITIONS,
    SETTING_PREPOSITIONS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    UNNAMED_PEOPLE,
    any_of,
    capitalised,
)
from ..names import CAPITALISED, head
from ..quotations import Quotation, find_quotations
from ..regex import lazy_compile
from .attributions import ASIDE, QUOTED, Attribution, attributions
from .cues import FINITE
from .noun_phrases import Phrase
from .people import EntityResolver, clean, person_part
from .transcripts import turns

_REPLYING = finite({"answer", "reply", "respond", "retort"})
LONGEST = 1500  # characters of a sentence that is read: a longer one is no sentence, and patterns are slow on it
_RECENT = 12  # utterances looked back at for who spoke just now

_BRACKETS = lazy_compile(r"\([^()]{0,200}\)")
_UNNAMED = lazy_compile(rf"\b(?:{any_of(UNNAMED_PEOPLE)}(?:e?s)?|{any_of(PEOPLE - {'police'})}|one)\b", re.IGNORECASE)
_MANY = lazy_compile(rf"^{any_of(COUNTS - {'one'}, PARTITIVES - {'another'})}\b", re.IGNORECASE)
_INDEFINITE = lazy_compile(rf"^{any_of({'a', 'an', 'one', 'other'}, COUNTS, PARTITIVES)}\b", re.IGNORECASE)
_DEFINITE = lazy_compile(rf"^{any_of({'the'}, DEMONSTRATIVES, POSSESSIVES)}\s", re.IGNORECASE)
# "Lawyers for the banker Hector Lyle", "a letter to Mayor Enger": the name is not who speaks.
_HUNG_ON = lazy_compile(
    r"[a-z]\s+(?:about|against|by|for|from|of|to)\s+(?:(?:the|an?|his|her|its)\s+)?(?:[a-z-]+\s+){0,3}$"
)
# "A letter sent to Petra Dolan claimed", "lawyers for the banker Hector Lyle said": whom it is about, and no speaker.
_ABOUT = lazy_compile(
    rf"(?<![Aa]ccording\s)(?:^(?P<named>(?!(?:\w+ing|\w+ed|{any_of(capitalised(SETTING_PREPOSITIONS))})\b)"
    r"(?:An?\s|The\s)?(?:[\w-]+\s){1,4}?))?"
    r"\b(?:about|against|for|from|to)\s(?:(?:the|an?|his|her|its)\s)?$"
)
_CALLED = lazy_compile(r"\b(?:known as|nicknamed|alias|titled|entitled)\s$")  # what follows in marks is no speech
_NO_NOUN = PREPOSITIONS | CONJUNCTIONS | OPENERS
_SAYS_IT = ORGANISATIONS | NEWSPAPERS  # a report has authors, and "it said" does not tell who they are
_REACH = 20  # characters in front of a mark
_SUBJECT = lazy_compile(rf"(?:The\s+[a-z]+(?:\s+[a-z]+)?|(?:The\s+)?{CAPITALISED}(?:\s+(?:of\s+)?{CAPITALISED})*)")


class Utterance(NamedTuple):
    """Words somebody says, as ``start:end`` of the article (code points), within one sentence.

    Attributes:
        sentence: index of the sentence they stand in.
        attribution: ``direct`` between quotation marks, ``indirect`` for a reported clause.
        speaker: by the fullest name the article gives; an office, body or document as written; None if unknown.
        words: how the attribution calls the speaker: "he", "Ushakov", "the minister".
        named_in: index of the sentence that gives the speaker's name, where that is another one; else None.
        anonymous: whether the article names nobody: "two officials".
        said_in: index of the sentence that says who speaks; another one where a quotation runs on.
        heard_by: who is told: "told CNN".
    """

    start: int
    end: int
    sentence: int
    attribution: Literal["direct", "indirect"]
    speaker: str | None
    words: str
    named_in: int | None
    anonymous: bool
    said_in: int
    addressee: str | None

    @property
    def by_pronoun(self) -> bool:
        """Whether the attribution calls the speaker "he", "she", "it" or "they"."""
        return self.words.lower() in THIRD_PERSON

    def moved(self, by: int) -> Utterance:
        """The same utterance, ``by`` code points further on."""
        return self._replace(start=self.start + by, end=self.end + by)


class _Speaker(NamedTuple):
    speaker: str | None
    words: str
    named_in: int | None
    anonymous: bool
    said_in: int
    addressee: str | None


def utterances(text: str, sentences: Sequence[Sentence]) -> tuple[Utterance, ...]:
    """What is said in an article, in order; of nested speech the outer before the inner.

    Args:
        text: the article's text, which the sentences are offsets of.
        sentences: all of its sentences, in order.

    Returns:
        Offsets of the text as given; names with composed accents, whatever the text has.
    """
    read = compose(text)
    if read.text == text:
        return _Reading(text, sentences).utterances()
    composed = [_composed(sentence, read) for sentence in sentences]
    found = _Reading(read.text, composed).utterances()
    return tuple(u._replace(start=read.written(u.start), end=read.written(u.end)) for u in found)


def _composed(sentence: Sentence, read: Composed) -> Sentence:
    start, end = read.composed(sentence.start), read.composed(sentence.end)
    return sentence.model_copy(update={"start": start, "end": end, "text": read.text[start:end]})


class _Reading:
    """One pass over an article; what a later sentence means depends on who spoke before."""

    def __init__(self, text: str, sentences: Sequence[Sentence]) -> None:
        self._text, self._sentences = text, sentences
        self._quotes = deque(find_quotations(text))
        self._cast = EntityResolver([s for s in sentences if s.end - s.start <= LONGEST])
        self._spoke: dict[int, str] = {}  # by sentence who spoke last in it, for "he"
        self._bodies: list[tuple[int, str]] = []  # likewise, for "it"
        self._voiced: dict[Quotation, _Speaker] = {}
        self._found: list[Utterance] = []

    def utterances(self) -> tuple[Utterance, ...]:
        for sentence in self._sentences:
            self._read(sentence)
        for turn in turns(self._text, self._sentences, self._cast):
            voice = _Speaker(turn.speaker, turn.words, None, turn.anonymous, turn.said_in, None)
            self._add(turn.sentence, turn.start, turn.sentence.end - turn.sentence.start, "direct", voice)
        found = {(u.start, u.end, u.attribution): u for u in self._found if self._text[u.start : u.end].strip()}
        return tuple(sorted(found.values(), key=lambda u: (u.start, -u.end)))

    def _read(self, sentence: Sentence) -> None:
        if sentence.end - sentence.start > LONGEST:
            return
        pieces = self._pieces(sentence)
        masked = _masked(sentence, pieces)
        made = attributions(masked)
        voices: list[tuple[Attribution, _Speaker]] = []
        for attribution in made:
            voice = self._voice(attribution, sentence)
            voices.append((attribution, voice))
            for start, end in attribution.clauses:
                self._add(sentence, start, end, "indirect", voice)
        self._direct(sentence, masked, pieces, voices)

    def _pieces(self, sentence: Sentence) -> list[tuple[int, int, Quotation]]:
        """The parts of quotations in a sentence, as offsets of the sentence without the marks."""
        return [
            (max(q.start, sentence.start) - sentence.start, min(q.end, sentence.end) - sentence.start, q)
            for q in self._near(sentence)
            if q.start < sentence.end and q.end > sentence.start
        ]

    def _near(self, sentence: Sentence) -> Sequence[Quotation]:
        while self._quotes and self._quotes[0].outer[1] <= sentence.start:
            self._quotes.popleft()
        near = []
        for quote in self._quotes:
            if quote.outer[0] >= sentence.end:
                break
            if not _CALLED.search(self._text, max(0, quote.outer[0] - _REACH), quote.outer[0]):
                near.append(quote)
        return near

    def _direct(
        self,
        sentence: Sentence,
        masked: str,
        pieces: list[tuple[int, int, Quotation]],
        voices: list[tuple[Attribution, _Speaker]],
    ) -> None:
        outside = re.sub(rf"[{QUOTED}{ASIDE}\W\d_]", "", masked)
        for start, end, quote in pieces:
            voice = _governing(masked, start, end, voices)
            if voice is None and not outside:
                voice = self._running(sentence, quote)
            if voice is None:
                continue
            if quote not in self._voiced:
                self._voiced[quote] = voice
                self._backfill(sentence, quote, voice)
            self._add(sentence, start, end, "direct", voice)

    @property
    def _recent(self) -> list[Utterance]:
        """The last utterances found, the latest first."""
        return self._found[: -_RECENT - 1 : -1]

    def _running(self, sentence: Sentence, quote: Quotation) -> _Speaker | None:
        """Who speaks in a sentence that is quotation and nothing else: whoever spoke right before."""
        if quote in self._voiced:
            return self._voiced[quote]
        last = next((u for u in self._recent if u.attribution == "direct"), None)
        if last is None or last.sentence != sentence.index - 1:
            return None
        before = self._text[last.end : sentence.start]
        if (
            "\n" in before.strip(" \t")
            and re.search(r"\n\s*\n", before)
            and not quote.continued
            and not before.strip().startswith(("”", '"'))
        ):
            return None
        return _Speaker(last.speaker, last.words, last.named_in, last.anonymous, last.said_in, last.addressee)

    def _backfill(self, sentence: Sentence, quote: Quotation, voice: _Speaker) -> None:
        """Give the speaker to the sentences of a quotation that stand before the one that names them."""
        for earlier in self._sentences[: sentence.index][::-1]:
            if earlier.end <= quote.start:
                break
            if not any(u.sentence == earlier.index and u.start >= quote.start for u in self._found):
                start = max(quote.start, earlier.start) - earlier.start
                self._add(earlier, start, earlier.end - earlier.start, "direct", voice)

    def _add(
        self, sentence: Sentence, start: int, end: int, how: Literal["direct", "indirect"], voice: _Speaker
    ) -> None:
        self._cast.spoken.append((sentence.start + start, sentence.start + end))
        self._found.append(
            Utterance(
                sentence.start + start,
                sentence.start + end,
                sentence.index,
                how,
                voice.speaker,
                voice.words,
                voice.named_in if voice.named_in != sentence.index else None,
                voice.anonymous,
                voice.said_in,
                voice.addressee,
            )
        )

    def _voice(self, attribution: Attribution, sentence: Sentence) -> _Speaker:
        who = attribution.who
        speaker, anonymous = self._speaker(who, attribution.verb, sentence)
        if speaker and not anonymous:
            if self._cast.is_person(speaker):
                self._spoke[sentence.index] = speaker
            else:
                self._bodies.append((sentence.index, speaker))
        return _Speaker(
            speaker, who.text, self._named_in(speaker, who, sentence), anonymous, sentence.index, attribution.addressee
        )

    def _named_in(self, speaker: str | None, who: Phrase, sentence: Sentence) -> int | None:
        if speaker is None or speaker in sentence.text or not self._cast.is_person(speaker):
            return None
        first = self._cast.named_first(speaker)
        return first if first != sentence.index else None

    def _speaker(self, who: Phrase, verb: str, sentence: Sentence) -> tuple[str | None, bool]:
        """The speaker a phrase stands for, and whether it names nobody."""
        lower = who.text.lower()
        if lower in SUBJECT_PRONOUNS:
            if lower == "it":
                return self._body_before(sentence), False
            if lower == "they":
                return self._group_before(sentence), True
            return self._person_before(who, lower, verb, sentence)
        if about := _ABOUT.search(sentence.text, 0, who.start):
            phrase = sentence.text[about.start() : who.start] + who.text
            return (clean(phrase), True) if about["named"] else (None, False)
        hung = bool(who.name) and bool(_HUNG_ON.search(who.text[: who.text.rfind(who.name)]))
        if who.name and not hung and not (_INDEFINITE.match(who.text) and who.text.split()[-1] != who.name.split()[-1]):
            if who.text.endswith(who.name) or who.text.rstrip(".,").endswith(who.name):
                person = person_part(head(who.name))
                named = self._cast.named(person if self._cast.is_person(person) else who.name, sentence.index)
                return named or person_part(who.name) or clean(who.text), False
            headed = head(who.text)
            if headed.endswith(person_part(who.name)) and headed != who.text:
                return self._cast.named(who.name, sentence.index) or clean(who.text), False
            if headed != who.text and (named := self._named_head(headed, sentence)):
                return named, False
        if _INDEFINITE.match(who.text) or not _DEFINITE.match(who.text):
            anonymous = bool(_UNNAMED.search(head(who.text)))
            return clean(who.text), anonymous
        found = self._cast.by_role(clean(who.text), sentence.index)
        return found or clean(who.text), False

    def _person_before(self, who: Phrase, word: str, verb: str, sentence: Sentence) -> tuple[str | None, bool]:
        """Whom "he" or "she" stands for: an unnamed speaker of just now, else somebody of the cast."""
        last = next((u for u in self._recent if u.sentence >= sentence.index - 1 and u.said_in == u.sentence), None)
        gendered = {"he": "spokesman", "she": "spokeswoman"}.get(word, "")
        if (
            last
            and last.speaker
            and gendered
            and gendered in last.speaker.lower()
            and not self._cast.is_person(last.speaker)
        ):
            return last.speaker, last.anonymous
        if last and last.anonymous and _MANY.match(last.words):
            return None, False  # one of several, and who of them, nothing tells
        if last and last.anonymous and last.speaker:
            named = self._cast.named_between(last.end, sentence.start, word)
            return (None, False) if named else (last.speaker, True)
        part = max((m.start() for m in re.finditer(r"[:;]\s", sentence.text[: who.start])), default=None)
        before = sentence.start + (who.start if part is None else part)
        if verb in _REPLYING and part is None and (asked := self._cast.asked(sentence.index, word)):
            return asked, False
        return self._cast.pronoun(word, sentence.index, before, self._spoke, parted=part is not None), False

    def _named_head(self, headed: str, sentence: Sentence) -> str | None:
        """ "Petra Dolan of Quayside Research", "Col. Petrin of the defence ministry": the name in front."""
        words = headed.split()
        return (
            self._cast.named(headed, sentence.index) or headed
            if len(words) >= 2 and all(w[:1].isupper() for w in words)
            else None
        )

    def _body_before(self, sentence: Sentence) -> str | None:
        spoke = [
            (index, name) for index, name in self._bodies[-_RECENT:] if sentence.index - 2 <= index <= sentence.index
        ]
        subject = self._subject_of(sentence.index - 1)
        if subject and not self._cast.is_person(subject) and (not spoke or spoke[-1][0] < sentence.index - 1):
            return subject
        return spoke[-1][1] if spoke else subject if subject and not self._cast.is_person(subject) else None

    def _subject_of(self, index: int) -> str | None:
        """What the sentence before begins with: "The ministry suspended …"."""
        if index < 0:
            return None
        opened = _SUBJECT.match(self._sentences[index].text)
        if not opened:
            return None
        words = clean(opened.group())
        if words[:1].isupper():
            return self._cast.by_role(words, index) or self._cast.named(words, index)
        noun, _, behind = words.partition(" ")
        if behind and not FINITE.fullmatch(behind) and behind not in _NO_NOUN:
            noun = words
        if found := self._cast.by_role(noun, index):
            return found
        # "The fire broke out. It said": nothing tells who said it.
        return noun if noun.split()[-1] in _SAYS_IT else None

    def _group_before(self, sentence: Sentence) -> str | None:
        last = next((u for u in self._recent if u.anonymous and u.sentence >= sentence.index - 2), None)
        return last.speaker if last else None


def _masked(sentence: Sentence, pieces: list[tuple[int, int, Quotation]]) -> str:
    """The sentence with quotations (marks too) and brackets filled."""
    text = sentence.text
    for *_, quote in pieces:
        first = max(quote.outer[0] - sentence.start, 0)
        last = min(quote.outer[1] - sentence.start, len(text))
        text = f"{text[:first]}{QUOTED * (last - first)}{text[last:]}"
    text = _BRACKETS.sub(lambda m: ASIDE * len(m.group()), text)
    return text.replace("\n", " ").replace("\t", " ").replace("\u00a0", " ")


def _governing(masked: str, start: int, end: int, voices: list[tuple[Attribution, _Speaker]]) -> _Speaker | None:
    """The speaker of a quotation at ``start:end``: whose clause it stands in, or whose attribution stands beside it."""
    inside = [(a, v) for a, v in voices if any(s <= start and end <= e + 1 for s, e in a.clauses)]
    if inside:
        return max(inside, key=lambda pair: pair[0].start)[1]
    behind = [
        (a, v) for a, v in voices if a.start >= end and not re.sub(rf"[{QUOTED}{ASIDE}\W]", "", masked[end : a.start])
    ]
    if behind:
        return behind[0][1]
    ahead = [(a, v) for a, v in voices if a.end <= start]
    if ahead:
        return ahead[-1][1]
    return voices[0][1] if voices and not any(a.quotes for a, _ in voices) else None
