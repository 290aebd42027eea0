"""Transcripts and interviews: turns that begin with who speaks and a colon: "LAURENT SY, HOST: Good evening."

A label is a speaker only if the transcript names them in full, in a label with their office or one that returns, or
in the text. So the lines of a press advisory ("WHAT: …", "PRESS CONTACT: …") are nobody's words. "A:" is whom the text
before the first question names, if that is one person; "Q:" is an interviewer without a name. So are questions
without labels, each a paragraph, and the paragraphs of the answers behind them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from ...model import Sentence
from ..first_names import gender_of
from ..names import CAPITALISED
from ..regex import lazy_compile
from .people import EntityResolver, person_part

_LABEL = lazy_compile(
    r"(?P<name>[A-Z][A-Z.’'-]*(?:\s[A-Z][A-Z.’'-]*){0,3})(?P<office>,\s[^:.\n]{2,60})?(?:\s\([^)\n]{2,40}\))?:\s+(?=\S)"
)
# "Captain Yrsa Dahl: When the cook put on his coat."
_NAME_LABEL = lazy_compile(
    rf"(?P<name>{CAPITALISED}(?:\s{CAPITALISED}){{1,4}})(?P<office>,\s[^:.\n]{{2,60}})?:\s+(?=\S)"
)
_ASKS = lazy_compile(r"(?:Q(?:uestion)?|Interviewer|INTERVIEWER)\s?[:.]\s+(?=\S)")
_ANSWERS = lazy_compile(r"A(?:nswer)?\s?[:.]\s+(?=\S)")
# "Odile Trent, the mayor, sat down with the Courier", "We asked her how": whoever is only mentioned is no guest.
_INTERVIEWED = (
    r"NAME(?:, [^,.]{2,60},)?\s(?:[^,.]{0,20}\s)?(?:spoke|speaks|talked|talks|sat down|sits down|answered|answers)\b"
    r"|\b(?:asked|interviewed|(?:spoke|talked|sat down|caught up|interview) (?:to|with))"
    r"\s(?:\w+\s){0,4}?(?:NAME|her|him)\b"
)
INTERVIEWER = "interviewer"
LEAST_ASKED = 3  # questions without labels that make an interview
_MARKS = " \t*_"  # of bold and italics
_FIRST_PERSON = lazy_compile(r"\b(?:I|we|We|my|My|our|Our|me|us)\b")
_QUOTES = ("“", '"', "‘", "'", "«")
LEAST = 2  # labels that make a transcript


class Turn(NamedTuple):
    """What one speaker says in one sentence, from ``start`` to ``end`` (code points of it; None: to its end)."""

    sentence: Sentence
    start: int
    speaker: str
    words: str
    said_in: int
    anonymous: bool = False
    end: int | None = None


def turns(text: str, sentences: Sequence[Sentence], cast: EntityResolver) -> Iterator[Turn]:
    """The turns of a transcript whose speakers are known by name, a sentence at a time; none of any other text."""
    opening = [s for s in sentences if _opens_line(text, s)]
    asked = {s.index: match for s in opening if (match := _ASKS.match(s.text))}
    answered = {s.index: match for s in opening if asked and (match := _ANSWERS.match(s.text))}
    labels = {
        s.index: match
        for s in opening
        if s.index not in asked | answered and (match := _LABEL.match(s.text) or _NAME_LABEL.match(s.text))
    }
    if not (asked or labels):
        yield from _unlabelled(text, sentences, cast)
    if not (asked and answered) and len(labels) + len(asked) < LEAST and not _is_one_guest(labels.values(), cast):
        return
    speakers = _speakers(labels.values(), cast)
    guest = _guest(text[: min(s.start for s in sentences if s.index in asked)], cast) if answered else None
    now: tuple[str, str, int, bool] | None = None
    ended = 0
    for sentence in sentences:
        start = 0
        if label := labels.get(sentence.index):
            name = _plain(label["name"])
            speaker = speakers.get(name)
            now = (speaker, label["name"], sentence.index, False) if speaker else None
            start = label.end()
        elif label := asked.get(sentence.index):
            now = (INTERVIEWER, INTERVIEWER, sentence.index, True)
            start = label.end()
        elif label := answered.get(sentence.index):
            now = (guest, guest, sentence.index, False) if guest else None
            start = label.end()
        elif "\n\n" in text[ended : sentence.start]:
            now = None  # the next paragraph may be the narrator's
        ended = sentence.end
        if now:
            yield Turn(sentence, start, *now)


def _unlabelled(text: str, sentences: Sequence[Sentence], cast: EntityResolver) -> Iterator[Turn]:
    """The turns of an interview whose questions and answers are told apart by paragraphs alone.

    It is one only if the text before says who is asked, and most answers speak of "I" or "we". A paragraph that names
    the guest, or has marks in front, is the narrator's.
    """
    if text.count("?") < LEAST_ASKED:
        return
    paragraphs: list[list[Sentence]] = []
    for sentence in sentences:
        if not paragraphs or "\n\n" in text[paragraphs[-1][-1].end : sentence.start]:
            paragraphs.append([])
        paragraphs[-1].append(sentence)
    asks = [
        paragraph[-1].text.rstrip(_MARKS).endswith("?") and not paragraph[0].text.lstrip(_MARKS).startswith(_QUOTES)
        for paragraph in paragraphs
    ]
    pairs = [at for at in range(1, len(paragraphs) - 1) if asks[at] and not asks[at + 1]]
    guest = _guest(text[: paragraphs[pairs[0]][0].start], cast) if len(pairs) >= LEAST_ASKED else None
    if guest is None or 2 * sum(_speaks_for_oneself(paragraphs[at + 1]) for at in pairs) < len(pairs):
        return
    last = guest.split()[-1]
    for at in pairs:
        question, answer = paragraphs[at], paragraphs[at + 1]
        if last in " ".join(s.text for s in answer) or answer[0].text.startswith(_QUOTES):
            continue
        yield from (Turn(s, 0, INTERVIEWER, INTERVIEWER, question[0].index, True) for s in question)
        yield from (Turn(s, 0, guest, guest, answer[0].index) for s in answer)


def _speaks_for_oneself(paragraph: Sequence[Sentence]) -> bool:
    return any(_FIRST_PERSON.search(sentence.text) for sentence in paragraph)


def _guest(introduction: str, cast: EntityResolver) -> str | None:
    """The one person whom an introduction names in full, if it says that they are asked; else None."""
    named = {name for name in cast.persons.values() if name in introduction}
    if len(named) != 1:
        return None
    name = named.pop()
    asked = re.search(_INTERVIEWED.replace("NAME", re.escape(name)), introduction)
    return name if asked else None


def _is_one_guest(labels: Collection[re.Match[str]], cast: EntityResolver) -> bool:
    """Whether the only label has the initials of the only person: "SY: We never counted the steps." """
    people = set(cast.persons.values())
    return (
        len(labels) == 1
        and len(people) == 1
        and all(label["name"] == "".join(w[0] for w in name.split()) for label in labels for name in people)
    )


def _opens_line(text: str, sentence: Sentence) -> bool:
    before = text[max(0, sentence.start - 8) : sentence.start].rstrip(" \t")
    return sentence.start == 0 or before.endswith("\n")


def _plain(label: str) -> str:
    """A label without its title: "MS. ARBER" and "ARBER" are one."""
    return person_part(label.title()).upper() or label


def _speakers(labels: Collection[re.Match[str]], cast: EntityResolver) -> dict[str, str]:
    """The full name that each label stands for; labels that stand for nobody, or may stand for two, are left out."""
    every = Counter(_plain(label["name"]) for label in labels)
    with_office = {_plain(label["name"]) for label in labels if label["office"]}
    written = {_plain(label["name"]): person_part(label["name"]) for label in labels}
    people = {name for name in cast.persons.values() if not name.isupper()}
    # "Key Points:" looks like a name. A title, an office or a first name tells that a label is somebody.
    somebody = {
        name
        for label in labels
        if (name := _plain(label["name"])) in with_office | set(filter(gender_of, written))
        or written[name] != label["name"]
    }
    full = {
        name: name.title()
        for name in every
        if len(name.split()) > 1
        and (name in with_office or every[name] > 1 or name.split()[-1] in every)
        and (written[name].isupper() or name in somebody)
    }
    full |= {name: written[name] for name in somebody if len(name.split()) > 1 and written[name] in people}
    known = {*full.values(), *people}
    result = dict(full)
    for short in every.keys() - full.keys():
        fits = {name for name in known if name.split()[-1].upper() == short}
        fits = fits or {name for name in known if "".join(word[0] for word in name.split()).upper() == short}
        if len(fits) == 1:
            result[short] = fits.pop()
    return result
