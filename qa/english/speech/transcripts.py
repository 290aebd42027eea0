"""Transcripts: turns that begin with who speaks, in capitals and with a colon: "LAURENT SY, HOST: Good evening."

A label is a speaker only if the transcript names them in full, in a label with their office or one that returns, or
in the text. So the lines of a press advisory ("WHAT: …", "PRESS CONTACT: …") are nobody's words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from ...model import Sentence
from ..regex import lazy_compile
from .people import EntityResolver, person_part

_LABEL = lazy_compile(
    r"(?P<name>[A-Z][A-Z.’'-]*(?:\s[A-Z][A-Z.’'-]*){0,3})(?P<office>,\s[^:.\n]{2,60})?(?:\s\([^)\n]{2,40}\))?:\s+(?=\S)"
)
LEAST = 2  # labels that make a transcript


class Turn(NamedTuple):
    """What one speaker says in one sentence, from ``start`` (code points of the sentence) to its end."""

    sentence: Sentence
    start: int
    speaker: str
    words: str
    said_in: int


def turns(text: str, sentences: Sequence[Sentence], cast: EntityResolver) -> Iterator[Turn]:
    """The turns of a transcript whose speakers are known by name, a sentence at a time; none of any other text."""
    labels = {s.index: match for s in sentences if _opens_line(text, s) and (match := _LABEL.match(s.text))}
    if len(labels) < LEAST:
        return
    speakers = _speakers(labels.values(), cast)
    now: tuple[str, str, int] | None = None
    ended = 0
    for sentence in sentences:
        start = 0
        if label := labels.get(sentence.index):
            name = _plain(label["name"])
            speaker = speakers.get(name)
            now = (speaker, label["name"], sentence.index) if speaker else None
            start = label.end()
        elif "\n\n" in text[ended : sentence.start]:
            now = None  # the next paragraph may be the narrator's
        ended = sentence.end
        if now:
            yield Turn(sentence, start, *now)


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
    full = {
        name: name.title()
        for name in every
        if len(name.split()) > 1 and (name in with_office or every[name] > 1 or name.split()[-1] in every)
    }
    known = {*full.values(), *(name for name in cast.persons.values() if not name.isupper())}
    result = dict(full)
    for short in every.keys() - full.keys():
        fits = {name for name in known if name.split()[-1].upper() == short}
        fits = fits or {name for name in known if "".join(word[0] for word in name.split()).upper() == short}
        if len(fits) == 1:
            result[short] = fits.pop()
    return result
