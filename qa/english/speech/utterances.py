"""Everything said in an article: quotations and reported clauses, each with its speaker."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from itertools import chain, islice
from typing import Literal, NamedTuple

from ...model import Sentence
from ..characters import Composed, compose
from ..inflection import finite
from ..lexicon import (
    ARTICLES,
    CONJUNCTIONS,
    COUNTS,
    DEMONSTRATIVES,
    EARLIER,
    FEMALE,
    FUNCTION_WORDS,
    JOURNALISTS,
    KIN,
    MALE,
    NATIONALITIES,
    NEWSPAPERS,
    OFFICE_MODIFIERS,
    OFFICES,
    OPENERS,
    ORGANISATIONS,
    OUTLETS,
    PARTITIVES,
    PEOPLE,
    POSSESSIVES,
    PREPOSITIONS,
    RANKS,
    SAYING,
    SETTING_PREPOSITIONS,
    SILENT_PLACES,
    SPEAKERS_TOO,
    STATEMENTS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    TIME_UNITS,
    TITLES,
    UNNAMED_PEOPLE,
    WRITINGS,
    any_of,
    capitalised,
)
from ..names import CAPITALISED, head
from ..quotations import OPENING, Quotation, find_quotations
from ..regex import lazy_compile
from .attributions import (
    ACCORDING_TO,
    ASIDE,
    INTRODUCING,
    MOST_VERBS,
    OWNED,
    QUOTED,
    Attribution,
    attributions,
    named_behind,
)
from .cues import FINITE, VERB
from .letters import letters
from .noun_phrases import Phrase, phrase_after, phrase_before
from .people import MOST_CANDIDATES, NOBODY, EntityResolver, Meant, clean, is_body, person_part
from .transcripts import turns

_REPLYING = finite({"answer", "reply", "respond", "retort"})
_WHEN_ASKED = lazy_compile(r"(?:After|As|When)\s(?P<who>[^,;]{3,100}?)\s(?:was|were)\s(?:asked|pressed|questioned)\b")
LONGEST = 1500  # characters of a sentence that is read: a longer one is no sentence, and patterns are slow on it
_RECENT = 12  # utterances looked back at for who spoke just now

_BRACKETS = lazy_compile(r"\([^()]{0,200}\)")
_UNNAMED = lazy_compile(rf"\b(?:{any_of(UNNAMED_PEOPLE)}(?:e?s)?|{any_of(PEOPLE - {'police'})}|one)\b", re.IGNORECASE)
_ANOTHER = lazy_compile(
    rf"\b(?:an?|another)\s(?:[\w-]+\s){{0,3}}?{any_of(UNNAMED_PEOPLE, MALE, FEMALE)}\b", re.IGNORECASE
)
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
    r"\b(?:about|against|for|from|(?<![Aa]ccording\s)to)\s(?:(?:the|an?|his|her|its)\s)?$"
)
_CALLED = lazy_compile(
    r"\b(?:known as|nicknamed|alias|titled|entitled|(?<=[a-z]\s)meaning)\s$"
)  # what follows in marks is no speech
_NO_NOUN = PREPOSITIONS | CONJUNCTIONS | OPENERS
_SAYS_IT = ORGANISATIONS | NEWSPAPERS  # a report has authors, and "it said" does not tell who they are
_REACH = 20  # characters in front of a mark
_SUBJECT = lazy_compile(rf"(?:The\s+[a-z]+(?:\s+[a-z]+)?|(?:The\s+)?{CAPITALISED}(?:\s+(?:of\s+)?{CAPITALISED})*)")


_PEOPLES = capitalised(NATIONALITIES)  # "Chinese" alone is nobody
_TITLE = lazy_compile(r"(?:Mr|Mrs|Ms|Miss|Sir)\b")  # tells who is he and who is she
_CLAUSE = 240  # characters between a subject and a pronoun in which a quotation may belong to both
# "Jacob Orr made an “appeal to all,” he said": Orr, or whoever the sentence before is about?
_MADE = lazy_compile(
    r"(?![^\"“‘]*\b(?:are|be|been|is|was|were)\b)(?:[^\"“”‘,;:]|,\s(?:an?|the|its|his|her)\s[^,;:\"“”‘]{1,60},)+\s[a-z]+\s[^\"“”‘;:]*[\"“‘]"
)
_OWNED = lazy_compile(rf"^{any_of(POSSESSIVES)}\s", re.IGNORECASE)
_ARTICLED = lazy_compile(
    rf"^{any_of({'a', 'an', 'the', 'other'}, DEMONSTRATIVES, POSSESSIVES, COUNTS, PARTITIVES)}\b", re.IGNORECASE
)
# "You’ve", "CNN’s", "According to a memo": no phrase for who speaks.
_NO_PHRASE = lazy_compile(
    r"[’'](?:ve|re|ll|d|m|t)\b|[’']s$|^[Aa]ccording\b|^(?:\w+ing|with|of|I|we|you|he|she|they|it)\b"
)
_OWNS = lazy_compile(r"s?[’']s?\s")  # "the woman's case"
_NEXT_TIME = lazy_compile(rf"\b(?:last|next|this)\s(?:{any_of(TIME_UNITS)}|weekend)$")  # "the Masters next week"
_SHORT_PHRASE = 4  # words of a phrase whose noun need not be known
_LONGEST_PHRASE = 10  # words
_SPEAKING = (
    OFFICES | UNNAMED_PEOPLE | PEOPLE | ORGANISATIONS | MALE | FEMALE | KIN | RANKS | JOURNALISTS | OUTLETS | TITLES
) | (WRITINGS | STATEMENTS | SPEAKERS_TOO | NEWSPAPERS | COUNTS | PARTITIVES)
_SPEAKING |= {"all", "everybody", "everyone", "somebody", "someone"}
_SPEAKING_END = lazy_compile(r"\w{2,}(?:er|or|ist|ian|ant|ent|eer|ee|man|men|woman|women|person|people)(?:e?s)?")
_UNTOLD = WRITINGS | STATEMENTS | KIN | MALE | FEMALE | NEWSPAPERS | {"magazine", "media", "network", "outlet"}
_HANGS = {"close", "familiar", "that", "which"}  # "a person familiar with the talks"
_NOT_ONE = COUNTS | PARTITIVES | {"all", "everybody", "everyone", "somebody", "someone"}
_NO_NAME = FUNCTION_WORDS | EARLIER | OFFICE_MODIFIERS | {"first", "initial", "recent", "nearly", "second"}


def _singular(noun: str) -> str:
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    return noun.removesuffix("s") if not noun.endswith(("ss", "us")) else noun


def _speaks(noun: str) -> bool:
    """Whether a noun is one that people, bodies or writings are called by."""
    return bool({noun, _singular(noun), noun.removesuffix("es")} & _SPEAKING or _SPEAKING_END.fullmatch(noun))


def _common(phrase: str) -> bool:
    """Whether one word with a capital is a common word that opens a sentence: "Officials", "Former"."""
    lower = phrase.lower()
    return lower.isalpha() and (
        lower in _NO_NAME or (lower.endswith("s") and lower not in NEWSPAPERS and _speaks(lower)) or lower in _UNTOLD
    )


def _is_somebody(phrase: str) -> bool:
    """Whether a phrase without a name is a person: "a nurse", "two officials", "her lawyer"."""
    noun = _singular(head(clean(phrase)).lower().split()[-1]) if head(clean(phrase)) else ""
    people = UNNAMED_PEOPLE | PEOPLE | MALE | FEMALE | KIN | RANKS | OFFICES | JOURNALISTS
    return bool(noun in people or _UNNAMED.search(phrase) or (_SPEAKING_END.fullmatch(noun) and noun not in WRITINGS))


def _noun(phrase: str) -> str:
    """The noun of a phrase, in small letters: "minister" of "the First Minister of Wales"."""
    return (head(clean(phrase)).lower().split() or [""])[-1]


def _is_office(phrase: str) -> bool:
    """Whether a phrase is an office that one person holds: "The President", "the First Minister of Wales"."""
    return bool(_DEFINITE.match(phrase)) and _noun(phrase) in OFFICES


def _as_written(phrase: str) -> tuple[Meant, bool]:
    """What a phrase without a name is called as a speaker, and whether it names nobody, as "his office" and "a report".

    Nothing for words that are no phrase, or a noun that does not speak: the rules took the wrong words for the subject.
    """
    text, articled, owned = clean(phrase), _ARTICLED.match(phrase), _OWNED.match(phrase)
    nouns = head(text).lower().split()
    if (not articled and FINITE.search(head(text))) or len(text.split()) > _LONGEST_PHRASE:
        return NOBODY, False
    ends = (at for at, word in enumerate(nouns) if at and (word.endswith(("ed", "ing")) or word in _HANGS))
    at = next(ends, len(nouns))
    noun = nouns[at - 1] if nouns else ""
    named = text[:1].isupper() and (len(text.split()) == 1 or any(w[:1].isupper() for w in text.split()[1:]))
    known = _speaks(noun) or named
    simple = articled and not owned and not _OWNS.search(text) and head(text) == text
    if not known and not (simple and len(text.split()) <= _SHORT_PHRASE):
        return NOBODY, False
    if not articled and text.lower() in _NO_NAME - _SPEAKING:
        return NOBODY, False
    some = noun in _NOT_ONE or (
        not articled and noun.endswith("s") and not any(word[0].isupper() for word in text.split()[1:])
    )
    untold = bool({noun, _singular(noun)} & _UNTOLD)
    anonymous = bool(owned or untold or some or not known or _UNNAMED.search(head(text)))
    return Meant(text), anonymous


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
        addressee: who is told: "told CNN".
        candidates: between whom nothing decides, where ``speaker`` is None because several people may be meant.
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
    candidates: tuple[str, ...] = ()

    @property
    def by_pronoun(self) -> bool:
        """Whether the attribution calls the speaker "he", "she", "it" or "they"."""
        return self.words.lower() in THIRD_PERSON

    def moved(self, by: int) -> Utterance:
        """The same utterance, ``by`` code points further on."""
        return self._replace(start=self.start + by, end=self.end + by)


# Before a verb of speech: a name, or "the doctor", "my boss".
_MAY_NAME = lazy_compile(
    r"(?:\b(?!(?:I|He|She|It|They|We|You)\b)[A-Z][\w’'-]*|\b(?:[Tt]he|[Mm]y|[Hh]is|[Hh]er|[Oo]ur)\s+[a-z]+)"
    r"(?:\s+(?:also|always|had|has|later))?\s+$"
)
_GOES_ON = lazy_compile(
    r"\s+(?:had\s+)?[a-z]+\s+(?:(?:her|him|me|reporters|them|us)\s+)?(?:that\s+)?(?P<pronoun>he|she)\b"
)
_INVERTED_TAG = lazy_compile(r"\s+(?P<verb>[a-z]+(?:ed|s))\s+(?=\S)")
_TAG_VERB = lazy_compile(r"\b[a-z]{2,}ed\b(?=\s*(?:[.,;]|$))")
_TAG_ENDS = lazy_compile(rf"\s*(?:[.,;]|$|\band\b|{any_of(SETTING_PREPOSITIONS)}\b)")
_TAGGED = lazy_compile(r"(?:[,?!—–]|.[”’\"'],$)", re.DOTALL)  # a quotation that a tag may follow: “…,” or ‘…’,
_TAG_WIDTH = 60  # characters behind a quotation in which such a verb may stand
_NAME_AHEAD, _NAME_GOES_ON = lazy_compile(rf"(?<![.?!]\s){CAPITALISED}\s$"), lazy_compile(rf"\s{CAPITALISED}")
SAYS_BEFORE = lazy_compile(rf"(?:\b(?:{any_of(finite(SAYING), {'that'})})|:)\s*$")
_WROTE = lazy_compile(r"\b(?:wrote|writes)\s$")  # a book, or words
_SCARED = lazy_compile(r"(?:^|\s)(?:[Tt]he|[Aa]n?|so-called|term|word)\s$")
_SCARES = lazy_compile(r"\s[a-z]")
_SMALL = any_of(
    ARTICLES, {"and", "at", "for", "in", "of", "on", "or", "to", "with"}
)  # words without a capital in titles
_TITLE_CASE = lazy_compile(rf"{CAPITALISED}(?:\s(?:{CAPITALISED}|\d+|{_SMALL}))*")


_LABELS = {"", "as"}  # between a verb such as "described" and its words
_WHAT = lazy_compile(r"\bwhat\s$")


class _Speaker(NamedTuple):
    speaker: str | None
    words: str
    named_in: int | None
    anonymous: bool
    said_in: int
    addressee: str | None
    candidates: tuple[str, ...] = ()


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


def _own_pronoun(sentence: Sentence, who: Phrase) -> str:
    """ "man" or "woman" for "Brandt said he …" and "Brandt said she …": a clause mostly goes on about who speaks."""
    own = _GOES_ON.match(sentence.text, who.end)
    return {"he": "man", "she": "woman"}[own["pronoun"]] if own else ""


class _Reading:
    """One pass over an article; what a later sentence means depends on who spoke before."""

    def __init__(self, text: str, sentences: Sequence[Sentence]) -> None:
        self._text, self._sentences = text, sentences
        self._quotes = deque(find_quotations(text))
        self._cast = EntityResolver([s for s in sentences if s.end - s.start <= LONGEST])
        self._spoke: dict[int, str] = {}  # by sentence who spoke last in it, for "he"
        self._spoke_until = 0  # where that attribution ends
        self._bodies: list[tuple[int, str]] = []  # likewise, for "it"
        self._voiced: dict[int, _Speaker] = {}  # by where a speech begins
        self._found: list[Utterance] = []
        self._last_start: dict[int, int] = {}  # by sentence, where the last utterance found in it begins
        # Quotations without a speaker: sentence, offsets in it, quotation, and whether the sentence is nothing else.
        self._silent: list[tuple[Sentence, int, int, Quotation, bool]] = []
        self._nested: list[Utterance] = []  # what is said within the words of somebody else
        self._opened: tuple[int, _Speaker] | None = None  # the sentence that ended in "she said:", and who she is

    def utterances(self) -> tuple[Utterance, ...]:
        for sentence in self._sentences:
            self._read(sentence)
        self._follow()
        own: dict[int, str | None] = {}  # by sentence whose turn it is
        for turn in chain(
            turns(self._text, self._sentences, self._cast), letters(self._text, self._sentences, self._cast)
        ):
            voice = _Speaker(turn.speaker, turn.words, None, turn.anonymous, turn.said_in, None)
            end = turn.sentence.end - turn.sentence.start if turn.end is None else turn.end
            self._add(turn.sentence, turn.start, end, "direct", voice)
            own[turn.sentence.index] = turn.speaker
        found = {
            (u.start, u.end, u.attribution): u
            for u in (*self._nested, *self._found)
            if self._text[u.start : u.end].strip() and not _is_of_oneself(u, own.get(u.sentence))
        }
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
        if masked.rstrip().endswith(":") and voices:
            self._opened = (sentence.index, voices[-1][1])

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
        if not pieces:
            return
        outside = re.sub(rf"[{QUOTED}{ASIDE}\W\d_]", "", masked)
        for start, end, quote in pieces:
            if _is_title(self._text, quote):
                continue
            voice = _governing(masked, start, end, voices)
            if voice is None and not outside:
                voice = self._running(sentence, quote)
            if voice is None and (tag := self._tag(sentence, masked, quote)):
                voice = self._voice(tag, sentence)
            if voice is None:
                self._silent.append((sentence, start, end, quote, not outside))
                continue
            if quote.speech not in self._voiced:
                self._voiced[quote.speech] = voice
                self._backfill(sentence, quote, voice)
            self._add(sentence, start, end, "direct", voice)
            self._inside(sentence, start, end)

    def _tag(self, sentence: Sentence, masked: str, quote: Quotation) -> Attribution | None:
        """Who speaks by the shape alone, whatever the verb: “…,” fumed Ada Holm. “…?” Ada Holm fumed."""
        behind = quote.outer[1] - sentence.start
        if behind > len(masked) or not _TAGGED.match(self._text, max(0, quote.end - 1), quote.outer[1] + 1):
            return None
        behind += masked[behind : behind + 1] == ","
        if (inverted := _INVERTED_TAG.match(masked, behind)) and (who := phrase_after(masked, inverted.end())):
            who = named_behind(masked, who)
            if who.name and _TAG_ENDS.match(masked, who.end):
                return Attribution(inverted.start("verb"), who.end, who, inverted["verb"], None, (), False)
        for verb in _TAG_VERB.finditer(masked, behind, behind + _TAG_WIDTH):
            who = phrase_before(masked, verb.start(), behind)
            if who and (who.name or who.pronoun) and not masked[behind : who.start].strip():
                return Attribution(who.start, verb.end(), who, verb.group(), None, (), False)
        return None

    def _inside(self, sentence: Sentence, start: int, end: int) -> None:
        """What somebody named says inside another one's words: “Lind told me that the roof was sound,” said Orr."""
        words = sentence.text[start:end]
        if not any(_MAY_NAME.search(words, 0, verb.start()) for verb in islice(VERB.finditer(words), MOST_VERBS)):
            return
        inner = find_quotations(words.replace("\n", " "))
        masked = words
        for quote in inner:
            first, last = quote.outer
            masked = f"{masked[:first]}{QUOTED * (last - first)}{masked[last:]}"
        part = sentence.model_copy(update={"start": sentence.start + start, "end": sentence.start + end, "text": words})
        voices: list[tuple[Attribution, _Speaker]] = []
        for attribution in attributions(masked):
            who = attribution.who
            if who.pronoun or not (who.name or _DEFINITE.match(who.text)):
                continue
            meant, anonymous = self._speaker(who, attribution.verb, part)
            if meant.name and (self._cast.is_person(meant.name) or anonymous):
                voice = _Speaker(meant.name, who.text, None, anonymous, sentence.index, attribution.addressee)
                voices.append((attribution, voice))
                for first, last in attribution.clauses:
                    self._nested.append(_utterance(sentence, start + first, start + last, "indirect", voice))
        for quote in inner:
            if governing := _governing(masked, quote.start, quote.end, voices):
                self._nested.append(_utterance(sentence, start + quote.start, start + quote.end, "direct", governing))

    def _follow(self) -> None:
        """Give sentences of nothing but quotation to the one who is reported right before, in the same paragraph.

        “Orr told crews that she was glad. “I have waited for years.””
        """
        told = self._voiced.keys() | {quote.speech for *_, quote, alone in self._silent if not alone}
        said: dict[int, list[Utterance]] = {}
        for utterance in self._found:
            said.setdefault(utterance.sentence, []).append(utterance)
        for sentence, start, end, quote, _ in self._silent:
            before = said.get(sentence.index - 1, [])
            if quote.speech in told or not before:
                continue
            gap = self._text[self._sentences[sentence.index - 1].end : sentence.start]
            if gap.count("\n") > 1 or len({u.speaker for u in before}) > 1 or before[-1].speaker is None:
                continue
            last = before[-1]
            made = _utterance(
                sentence,
                start,
                end,
                "direct",
                _Speaker(last.speaker, last.words, last.named_in, last.anonymous, last.said_in, last.addressee),
            )
            self._found.append(made)
            said[sentence.index] = [made]

    @property
    def _recent(self) -> list[Utterance]:
        """The last utterances found, the latest first."""
        return self._found[: -_RECENT - 1 : -1]

    def _running(self, sentence: Sentence, quote: Quotation) -> _Speaker | None:
        """Who speaks in a sentence that is quotation and nothing else: whoever spoke right before."""
        if quote.speech in self._voiced:
            return self._voiced[quote.speech]
        if self._opened and self._opened[0] == sentence.index - 1 and quote.start < sentence.start + _REACH:
            return self._opened[1]
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
        return _Speaker(
            last.speaker, last.words, last.named_in, last.anonymous, last.said_in, last.addressee, last.candidates
        )

    def _backfill(self, sentence: Sentence, quote: Quotation, voice: _Speaker) -> None:
        """Give the speaker to the sentences of a quotation that stand before the one that names them."""
        for earlier in map(self._sentences.__getitem__, range(sentence.index - 1, -1, -1)):
            if earlier.end <= quote.speech:
                break
            if self._last_start.get(earlier.index, -1) < quote.speech:
                start = max(quote.speech, earlier.start) - earlier.start
                start += earlier.text[start : start + 1] in OPENING
                self._add(earlier, start, earlier.end - earlier.start, "direct", voice)

    def _add(
        self, sentence: Sentence, start: int, end: int, how: Literal["direct", "indirect"], voice: _Speaker
    ) -> None:
        self._cast.speaks(sentence.index, sentence.start + start, sentence.start + end)
        self._found.append(_utterance(sentence, start, end, how, voice))
        self._last_start[sentence.index] = max(sentence.start + start, self._last_start.get(sentence.index, 0))

    def _voice(self, attribution: Attribution, sentence: Sentence) -> _Speaker:
        who = attribution.who
        meant, anonymous = self._speaker(who, attribution.verb, sentence)
        if attribution.verb == INTRODUCING and not self._cast.is_person(meant.name or ""):
            meant = NOBODY
        speaker = meant.name
        if speaker and not anonymous:
            if self._cast.is_person(speaker):
                self._spoke[sentence.index] = speaker
                self._spoke_until = sentence.start + attribution.end
            else:
                self._bodies.append((sentence.index, speaker))
        return _Speaker(
            speaker,
            who.text,
            self._named_in(speaker, who, sentence),
            anonymous,
            sentence.index,
            attribution.addressee,
            () if speaker else tuple(dict.fromkeys(meant.candidates))[:MOST_CANDIDATES],
        )

    def _named_in(self, speaker: str | None, who: Phrase, sentence: Sentence) -> int | None:
        if speaker is None or speaker in sentence.text or not self._cast.is_person(speaker):
            return None
        first = self._cast.named_first(speaker)
        return first if first != sentence.index else None

    def _speaker(self, who: Phrase, verb: str, sentence: Sentence) -> tuple[Meant, bool]:
        """The speaker a phrase stands for, and whether it names nobody."""
        lower = who.text.lower()
        if lower in SUBJECT_PRONOUNS:
            return self._pronoun(who, lower, verb, sentence)
        if _NO_PHRASE.search(who.text) or _NEXT_TIME.search(who.text):
            return NOBODY, False
        if who.text in _PEOPLES:
            return NOBODY, False
        if _common(who.text) and not self._cast.is_known(who.text):
            who = who._replace(name="")
        if verb != OWNED and (about := _ABOUT.search(sentence.text, 0, who.start)):
            phrase = sentence.text[about.start() : who.start] + who.text
            return Meant(clean(phrase) if about["named"] else None), bool(about["named"])
        hung = bool(who.name) and bool(_HUNG_ON.search(who.text[: who.text.rfind(who.name)]))
        if verb == ACCORDING_TO and not who.name and not _speaks(_noun(who.text)):
            return NOBODY, False  # "vary according to the class of the drug"
        if who.name and not person_part(who.name) and _DEFINITE.match(who.text) and _is_office(who.text):
            return self._office(who, sentence)  # "The First Minister of Wales" is not Wales
        some = _INDEFINITE.match(who.text) and who.text.split()[-1:] != who.name.split()[-1:]
        if who.name and not hung and not some and (meant := self._named(who, sentence)):
            return meant, False
        if _INDEFINITE.match(who.text) or not _DEFINITE.match(who.text):
            return _as_written(who.text)
        if verb in _REPLYING and (asked := self._asked_in(sentence, who)):
            return Meant(asked), False
        return self._office(who, sentence)

    def _asked_in(self, sentence: Sentence, who: Phrase) -> str | None:
        """Who replies in "When Secretary Orr was asked about it, the top diplomat responded": Orr."""
        asked = _WHEN_ASKED.match(sentence.text, 0, who.start)
        phrase = phrase_before(sentence.text, asked.end("who"), asked.start("who")) if asked else None
        meant = self._named(phrase, sentence) if phrase and phrase.name else None
        return meant.name if meant and meant.name and self._cast.is_person(meant.name) else None

    def _pronoun(self, who: Phrase, word: str, verb: str, sentence: Sentence) -> tuple[Meant, bool]:
        if word == "it":
            return Meant(self._body_before(sentence)), False
        if word == "they":
            group = self._group_before(sentence)
            return Meant(group), not any(group == name for _, name in self._bodies[-1:])
        return self._person_before(who, word, verb, sentence)

    def _named(self, who: Phrase, sentence: Sentence) -> Meant | None:
        """Whom a phrase with a name means; None where the name only belongs to it ("a Karrow official")."""
        if who.text.endswith(who.name) or who.text.rstrip(".,").endswith(who.name):
            person = person_part(head(who.name))
            called = person if self._cast.is_person(person) else who.name
            named = self._cast.named(called, sentence.index)
            if several := self._cast.namesakes(called, f"{who.text} {_own_pronoun(sentence, who)}"):
                named = named if named in several else None
                return Meant(named or (several[0] if len(several) == 1 else None), several)
            return Meant(named or ("" if is_body(who.name) else person_part(who.name)) or clean(who.text))
        headed = head(who.text)
        if headed.endswith(person_part(who.name)) and headed != who.text:
            return Meant(self._cast.named(who.name, sentence.index) or clean(who.text))
        named = self._named_head(headed, sentence) if headed != who.text else None
        return Meant(named) if named else None

    def _office(self, who: Phrase, sentence: Sentence) -> tuple[Meant, bool]:
        """Whom "the minister" means, or what "his office" is called."""
        meant = self._cast.by_role(clean(who.text), sentence.index)
        if meant.name and head(meant.name).rpartition(" ")[2].lower() in SILENT_PLACES:
            return NOBODY, False
        owned = _OWNED.match(who.text) is not None  # "his office" is not the Harbour Office
        if meant.candidates or (meant.name and not (owned and not self._cast.is_person(meant.name))):
            return meant, False
        return _as_written(who.text)

    def _person_before(self, who: Phrase, word: str, verb: str, sentence: Sentence) -> tuple[Meant, bool]:
        """Whom "he" or "she" stands for: an unnamed speaker of just now, else somebody of the cast."""
        last = next((u for u in self._recent if u.sentence >= sentence.index - 1 and u.said_in == u.sentence), None)
        unnamed = last is not None and not (last.speaker and self._cast.is_person(last.speaker))
        if last and unnamed and last.sentence < sentence.index and (titled := _TITLE.match(last.words)):
            fits = (titled.group().strip(". ").lower() in MALE) == (word == "he")
            return Meant(last.speaker if fits else None), False  # "Mr Justice Royce said …. He said"
        if last and unnamed and last.sentence < sentence.index and _ANOTHER.search(sentence.text, 0, who.start):
            return NOBODY, False  # "When the Post called a spokeswoman, she said": another one
        gendered = {"he": "spokesman", "she": "spokeswoman"}.get(word, "")
        if (
            last
            and last.speaker
            and gendered
            and gendered in last.speaker.lower()
            and not self._cast.is_person(last.speaker)
        ):
            return Meant(last.speaker), last.anonymous
        if last and unnamed and not last.anonymous and last.sentence < sentence.index and self._is_holder(last):
            return Meant(last.speaker), False  # "The President said … He said"
        if last and last.anonymous and not _is_somebody(last.words):
            last = None  # "The statement said …": a pronoun is somebody else
        if last and last.anonymous and _MANY.match(last.words):
            return NOBODY, False  # one of several, and who of them, nothing tells
        if last and last.anonymous and last.speaker:
            named = self._cast.named_between(last.end, sentence.start, word)
            return (NOBODY, False) if named else (Meant(last.speaker), True)
        part = max((m.start() for m in re.finditer(r"[:;]\s", sentence.text[: who.start])), default=None)
        before = sentence.start + (who.start if part is None else part)
        if verb in _REPLYING and part is None and (asked := self._cast.asked(sentence.index, word)):
            return Meant(asked), False
        if here := self._spoke.get(sentence.index):  # "Orr said it was late, but he noted": Orr
            return self._cast.still(here, word, sentence.index, self._spoke_until, before), False
        meant = self._cast.pronoun(word, sentence.index, before, self._spoke, parted=part is not None)
        first = self._cast.opens(sentence.index, word) if meant.name else None
        if meant.name and first and first.name != meant.name:
            between = sentence.text[max(0, first.start - sentence.start) : who.start]
            if len(between) <= _CLAUSE and _MADE.match(between):
                return Meant(None, (first.name, meant.name)), False
        return meant, False

    @staticmethod
    def _is_holder(said: Utterance) -> bool:
        """Whether an office spoke, or "he" who was one: "The President said …. He said"."""
        return _is_office(said.words) or (said.by_pronoun and _is_office(f"the {said.speaker}"))

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
        own, subject = self._subject_of(sentence.index), self._subject_of(sentence.index - 1)
        before = {name for _, name in spoke[-1:]} | (
            {subject} if subject and not self._cast.is_person(subject) else set()
        )
        if own and not self._cast.is_person(own):
            # "The Refugee Agency sought an explanation, it reported": not for certain whoever spoke before.
            return own if before <= {own} else None
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
            return self._cast.by_role(words, index).name or self._cast.named(words, index)
        noun, _, behind = words.partition(" ")
        if behind and not FINITE.fullmatch(behind) and behind not in _NO_NOUN:
            noun = words
        if found := self._cast.by_role(noun, index).name:
            return found
        # "The fire broke out. It said": nothing tells who said it.
        return noun if noun.split()[-1] in _SAYS_IT else None

    def _group_before(self, sentence: Sentence) -> str | None:
        last = next((u for u in self._recent if u.anonymous and u.sentence >= sentence.index - 2), None)
        if last is None and self._bodies and self._bodies[-1][0] == sentence.index - 1:
            return self._bodies[-1][1]  # "The US Navy said …. They also said"
        return last.speaker if last else None


def _is_of_oneself(said: Utterance, speaker: str | None) -> bool:
    """Whether "she said" has been taken for whoever speaks: in a turn of their own they are "I"."""
    return bool(speaker) and said.attribution == "indirect" and said.by_pronoun and said.speaker == speaker


def _utterance(
    sentence: Sentence, start: int, end: int, how: Literal["direct", "indirect"], voice: _Speaker
) -> Utterance:
    """What a speaker says at ``start:end`` of a sentence."""
    named_in = voice.named_in if voice.named_in != sentence.index else None
    return Utterance(
        sentence.start + start, sentence.start + end, sentence.index, how, voice.speaker, voice.words, named_in,
        voice.anonymous, voice.said_in, voice.addressee, voice.candidates,
    )  # fmt: skip


def _is_title(text: str, quote: Quotation) -> bool:
    """Whether marks hold a title ("The Long Tide"), somebody's by-name (Ray "The Hammer" Doole) or a scare quote."""
    words, (first, last) = text[quote.start : quote.end].strip(), quote.outer
    before, behind = text[max(0, first - _REACH) : first], text[last : last + _REACH]
    if _NAME_AHEAD.search(before) and _NAME_GOES_ON.match(behind) and len(words.split()) <= 3:
        return True
    if words[-1:] in ".,?!—–" or (SAYS_BEFORE.search(before) and not _WROTE.search(before)):
        return False
    if len(words.split()) <= 2 and _SCARED.search(before) and _SCARES.match(behind):
        return True
    return 2 <= len(words.split()) <= 8 and _TITLE_CASE.fullmatch(words) is not None


def _masked(sentence: Sentence, pieces: list[tuple[int, int, Quotation]]) -> str:
    """The sentence with quotations (marks too) and brackets filled."""
    text = sentence.text
    for *_, quote in pieces:
        first = max(quote.outer[0] - sentence.start, 0)
        last = min(quote.outer[1] - sentence.start, len(text))
        text = f"{text[:first]}{QUOTED * (last - first)}{text[last:]}"
    if "(" in text:
        text = _BRACKETS.sub(lambda m: ASIDE * len(m.group()), text)
    return text.replace("\n", " ").replace("\t", " ").replace("\u00a0", " ")


def _governing(masked: str, start: int, end: int, voices: list[tuple[Attribution, _Speaker]]) -> _Speaker | None:
    """The speaker of a quotation at ``start:end``: whose clause it stands in, or whose attribution stands beside it."""
    inside = [(a, v) for a, v in voices if any(s <= start and end <= e + 1 for s, e in a.clauses)]
    if inside:
        nearest = max(inside, key=lambda pair: pair[0].start)
        beside = [
            (a, v)
            for a, v in voices
            if nearest[0].start < a.start
            and a.end <= start
            and (a.quotes or not a.clauses or not masked[a.end : start].strip(f"{QUOTED} ,:"))
        ]  # "Moy said the guard shouted at them, “stand back”"
        return (beside or [nearest])[-1][1]
    labelling = [
        (a, v)
        for a, v in voices
        if a.quotes and a.end <= start and masked[a.end : start].strip(f"{QUOTED} ,:") in _LABELS
    ]
    if labelling and _WHAT.search(masked, 0, labelling[-1][0].start):
        return labelling[-1][1]  # "In what an officer described as “a ruin”, the firm said"
    behind = [
        (a, v) for a, v in voices if a.start >= end and not re.sub(rf"[{QUOTED}{ASIDE}\W]", "", masked[end : a.start])
    ]
    if behind:
        return behind[0][1]
    ahead = [(a, v) for a, v in voices if a.end <= start]
    if ahead:
        return ahead[-1][1]
    return voices[0][1] if voices and not any(a.quotes for a, _ in voices) else None
