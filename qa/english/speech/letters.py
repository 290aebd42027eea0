"""Letters to the editor: whoever signs one says all of it: "Sir, The bridge is shut. … Yours faithfully, Ada Holm".

A letter has a salutation, or stands under the heading "Letters". Its last lines are a formula and a name, or a name
with a place. Where the signature names several people, or nobody, nobody is told.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ...model import Sentence
from ..lexicon import ABBREVIATED_TITLES, TITLES, any_of, capitalised
from ..names import CAPITALISED
from ..regex import lazy_compile
from .people import EntityResolver, person_part
from .transcripts import Turn

_SALUTATION = lazy_compile(
    r"^(?:(?:SIR|Sir|Madam|MADAM|Sirs|Editor|Dear\s(?:Sir|Madam|Editor|Sirs?\sor\sMadam))\s*[,:–—-]\s*"
    r"|(?:To|TO)\sthe\s(?:editor|Editor)\s*:\s*)(?=\S)",
    re.MULTILINE,
)
_HEADING = lazy_compile(r"\A\s*Letters(?:\sto\sthe\s[Ee]ditor)?\s*$", re.MULTILINE)
_FORMULA = lazy_compile(
    r"^(?:Yours(?:,?\s\w+(?:\s\w+)?)?|Sincerely(?:\syours)?|Faithfully|(?:Kind|Best|Warm)\s(?:regards|wishes)|Regards"
    r"|Via\s[Ee]-?mail:|Name\sand\saddress\s\w+)[.,]*",
    re.MULTILINE,
)
_TITLE = rf"(?:{any_of(capitalised(TITLES, ABBREVIATED_TITLES))}\.?[ ])?"
# "Dr Ines Wray", "Gwen Ashby (Mrs)", "Florian Hext, Corby": a line that is a name, with a place or without.
_SIGNATURE = lazy_compile(
    rf"\s*(?P<name>{_TITLE}{CAPITALISED}(?:[ ](?:(?:de|la|van|von|der)[ ])*{CAPITALISED}){{1,3}})"
    rf"(?:[ ]\([^()\n]{{1,12}}\))?(?:,[ ](?P<place>[^\n.:]{{2,60}}))?\.?[ \t]*(?=\n|\Z)"
)
_ANY_LINE = lazy_compile(r"^[^\n]+$", re.MULTILINE)
_SHORT_LINE = lazy_compile(r"^[^\n]{3,60}$", re.MULTILINE)
_LAST_LINES = 3  # lines behind a signature, for a place and an office
_LINE = 60  # characters of one of them


def letters(text: str, sentences: Sequence[Sentence], cast: EntityResolver) -> Iterator[Turn]:
    """The sentences of the letters of an article whose signature names one person, from the salutation on."""
    starts, ends = [sentence.start for sentence in sentences], [sentence.end for sentence in sentences]
    for start, end, name in _signed(text):
        signer = person_part(name)
        signer = cast.named(signer, sentences[-1].index) or signer
        at = text.index(name, end)
        signature = sentences[min(bisect_right(ends, at), len(sentences) - 1)]
        said_in = signature.index if signature.start <= at else sentences[-1].index
        for sentence in sentences[bisect_right(ends, start) : bisect_left(starts, end)]:
            first, last = max(sentence.start, start), min(sentence.end, end)
            if text[first:last].strip():
                yield Turn(sentence, first - sentence.start, signer, name, said_in, end=last - sentence.start)


def _signed(text: str) -> Iterator[tuple[int, int, str]]:
    """Where the words of each letter begin and end, and who signs it."""
    openings = [match.end() for match in _SALUTATION.finditer(text)]
    heading = _HEADING.match(text)
    if not openings and heading:
        yield from _under_heading(text, heading.end())
        return
    for start, stop in pairwise([*openings, len(text)]):
        if text.find("\n", 0, start) >= 0 and "\n\n" not in text[max(0, start - 40) : start] and start > _LINE:
            continue
        formula = next((m for m in _FORMULA.finditer(text, start, stop) if _opens_line(text, m.start())), None)
        if formula and (signed := _SIGNATURE.match(text, formula.end())):
            yield start, formula.start(), signed["name"]
        elif not formula and (closing := _closing(text, start, stop)):
            yield start, closing.start(), closing["name"]


def _under_heading(text: str, start: int) -> Iterator[tuple[int, int, str]]:
    """The letters of a page that has no salutations: each ends in a line with a name and a place."""
    for line in _SHORT_LINE.finditer(text, start):
        signed = _SIGNATURE.fullmatch(line.group())
        if signed and signed["place"]:
            yield start, line.start(), signed["name"]
            start = line.end()


def _closing(text: str, start: int, stop: int) -> re.Match[str] | None:
    """The signature of a letter without a formula: a name alone on one of its last lines."""
    lines = list(_ANY_LINE.finditer(text, start, stop))[1:]
    for line in reversed(lines[-_LAST_LINES:]):
        if len(line.group()) > _LINE:
            return None
        signed = _SIGNATURE.match(text, line.start())
        if signed and not line.group().rstrip().endswith("."):
            behind = text[signed.end() : stop].strip()
            if signed["place"] or behind:
                return signed
    return None


def _opens_line(text: str, position: int) -> bool:
    return not text[text.rfind("\n", 0, position) + 1 : position].strip()
