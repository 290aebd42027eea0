"""Characters: one table of what single characters are, and the functions made from it.

The table is derived from Python's Unicode database (``unicodedata``). What the database does not tell is listed, each
entry with its reason. Text is stored as it was written; these functions make the copies that are compared, shown to a
model, or shown to a person. After ``chardata.py`` of ftfy, which keeps one such table, too.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from .regex import lazy_compile

_CATEGORIES = frozenset("Cc Cf Cs Lt Lu Mc Me Mn Pd".split())


# All but ideographs, Hangul, Tangut, private use, and the planes that hold nothing else.
_WALKED = (
    range(0x3400),
    range(0xA000, 0xAC00),
    range(0xD7FF, 0xE000),
    range(0xF900, 0x17000),
    range(0x18D00, 0x20000),
    range(0xE0000, 0xE1000),
)


def _by_category() -> dict[str, str]:
    """The characters of those general categories, in order.

    Only ``_WALKED`` is looked at, because walking all of Unicode would take a tenth of a second at each start. The
    tests walk all of it.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    characters = "".join(map(chr, chain(*_WALKED)))
    for character, category in zip(characters, map(unicodedata.category, characters), strict=True):
        if category in _CATEGORIES:
            found[category].append(character)
    return {category: "".join(members) for category, members in found.items()}


def _inside(characters: Iterable[str]) -> str:
    """The characters as ranges, to be put between the square brackets of a regular expression."""
    ranges: list[list[int]] = []
    for code in sorted(set(map(ord, characters))):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in ranges)


def _basic(characters: Iterable[str]) -> str:
    """Those of the Basic Multilingual Plane: the scripts of news. Regular expressions look these up in one step."""
    return _inside(character for character in characters if character <= "\uffff")


_CATEGORY = _by_category()

# -- what nobody sees --------------------------------------------------------------------------------------------------

# Unicode draws nothing for these (Default_Ignorable_Code_Point), but does not call them format characters (Cf).
_FILLERS = (
    "\u034f"  # combining grapheme joiner: a mark without a form
    "\u115f\u1160\u3164\uffa0"  # Hangul fillers: letters that stand for a missing letter
    "\u17b4\u17b5"  # inherent vowels of Khmer: never written
    "\u180b\u180c\u180d\u180f"  # Mongolian variation selectors
    "\u2065\ufff0\ufff1\ufff2\ufff3\ufff4\ufff5\ufff6\ufff7\ufff8"  # not assigned, but reserved to be invisible
    + "".join(map(chr, range(0xFE00, 0xFE10)))  # variation selectors: can spell out hidden bytes
    + "".join(map(chr, range(0xE0000, 0xE1000)))  # tags, more variation selectors, and what is reserved beside them
)
# Zero-width and bidirectional characters, soft hyphens, joiners, byte-order marks, and the fillers. All of them go, in
# every script, because each can hide words or split one that a reader sees whole. The price: Persian and the scripts of
# India shape letters with the joiners U+200C and U+200D, and are legible but misspelled without; an emoji made of
# several (👩‍🚒) falls into its parts, and a red heart may turn black; the few signs that Arabic draws around digits are
# format characters to Unicode and go, too.
_HIDDEN = _CATEGORY["Cf"] + _FILLERS
# A terminal obeys controls. Half a surrogate pair is no character at all and has no UTF-8.
_CONTROLS = set(_CATEGORY["Cc"] + _CATEGORY["Cs"]) - {"\t", "\n"}
_NEWLINE = "\r\n|[\r\v\f\x85\u2028\u2029]"  # line ends of Unicode (section 5.8 of the standard) but "\n" itself

_UNSEEN = _inside(character for character in chain(_HIDDEN, _CONTROLS) if not character.isspace())

# -- punctuation -------------------------------------------------------------------------------------------------------

# What is a space, ``str.split`` knows.
_DOUBLE_QUOTES = "“”„‟«»〝〞＂"
_SINGLE_QUOTES = "‘’‚‛‹›＇"
_APOSTROPHES = "ʼʻ´′"  # of Ukrainian and Hawaiian names; typed for want of another
_DASHES = _CATEGORY["Pd"] + "−"

_STRAIGHT = str.maketrans(dict.fromkeys(_DOUBLE_QUOTES, '"') | dict.fromkeys(_SINGLE_QUOTES + _APOSTROPHES, "'"))

# -- letters -----------------------------------------------------------------------------------------------------------

_BREAKS = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))

_MARKS = _CATEGORY["Mn"] + _CATEGORY["Mc"] + _CATEGORY["Me"]
_DIACRITICS = (mark for mark in _MARKS if unicodedata.combining(mark))
# Letters that Unicode does not take apart, and how news without such letters writes them.
_PLAIN_LETTERS = {
    "ø": "o",  # Danish, Norwegian
    "æ": "ae",  # the same, and Icelandic
    "œ": "oe",  # French
    "ß": "ss",  # German
    "ł": "l",  # Polish
    "đ": "d",  # Croatian, Vietnamese
    "ħ": "h",  # Maltese
    "ı": "i",  # Turkish
    "ə": "a",  # Azerbaijani
    "þ": "th",  # Icelandic
    "ð": "d",  # Icelandic
    "ŧ": "t",  # Sami
    "ŋ": "ng",  # Sami
    "ɓ": "b",  # Hausa
    "ɗ": "d",  # Hausa
    "ƙ": "k",  # Hausa
    "ƴ": "y",  # Hausa
    "ɛ": "e",  # Akan, Ewe
    "ɔ": "o",  # Akan, Ewe
}
_FOLDED = _STRAIGHT | str.maketrans(dict.fromkeys(_DASHES, "-") | _PLAIN_LETTERS)

CAPITAL = rf"(?![a-z\W\d_])[{_inside(_CATEGORY['Lu'] + _CATEGORY['Lt'])}]"
"""Matches one capital letter of any script. In a decomposed text its accent follows, as a character of ``WORD``.

The lookahead changes nothing but the speed: it passes over most of a text in one step, and the long class does not.
"""

WORD = rf"\w{_basic(_MARKS)}{_basic(_HIDDEN)}"
r"""What a word is made of, to be put between square brackets: ``\w`` alone ends a word at a combining mark.

Characters that nobody sees part no word either. Do not use it with ``re.IGNORECASE``: compiling takes milliseconds.
"""

LETTERS = rf"(?:[^\W\d_][{_basic(_MARKS)}{_basic(_HIDDEN)}]*)+"
"""Matches a run of letters with the marks on them."""

# -- functions ---------------------------------------------------------------------------------------------------------

# The lookaheads change nothing but the speed: they pass over most of a text in one step.
_UNSEEN_RE = lazy_compile(f"(?![ -~])[{_UNSEEN}]+")
_HIDDEN_RE = lazy_compile(f"(?![ -~])[{_inside(_HIDDEN)}]+")
_CONTROL_RE = lazy_compile(f"[{_inside(_CONTROLS)}]")
_NEWLINE_RE = lazy_compile(_NEWLINE)
_SURROGATE_RE = lazy_compile(f"[{_inside(_CATEGORY['Cs'])}]")
_DIACRITIC_RE = lazy_compile(f"(?![ -~])[{_inside(_DIACRITICS)}{_UNSEEN}]+")
_BEYOND_ASCII_RE = lazy_compile(r"[^\x00-\x7f]+")
# A character with everything that may combine with it: marks, and the vowels and finals of Hangul in single letters.
_CLUSTER_RE = lazy_compile(f".[{_inside(_MARKS)}\u1160-\u11ff]*", re.DOTALL)


def visible(text: str) -> str:
    """Text for prompts and comparisons: nothing that nobody sees, and all on one line with single spaces."""
    if not (text.isascii() and text.isprintable()):
        text = _UNSEEN_RE.sub("", text)
    return " ".join(text.split())


def unbroken(text: str) -> str:
    """Text without the places at which a browser may break a long word or address: soft hyphens and the like."""
    return text if text.isascii() else text.translate(_BREAKS)


def displayable(text: str) -> str:
    """Text of articles, models and paths, fit for a terminal and the page: it can neither command it nor hide words.

    Newlines and tabs stay; other line ends become newlines, controls U+FFFD, so that a reader sees that something was
    there. What nobody sees is left out.
    """
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL_RE.sub("\ufffd", _HIDDEN_RE.sub("", _NEWLINE_RE.sub("\n", text)))


def normalise(text: str) -> str:
    """Text with its accents composed (NFC): "é" is one character, however it was written."""
    return unicodedata.normalize("NFC", text)


def legible(text: str) -> str:
    """Text as a person reads it: visible, with composed accents. Claims that repeat an article are made of it."""
    return normalise(visible(text))


def straighten(text: str) -> str:
    """Legible text with one kind of quotation mark and apostrophe: for comparing words verbatim."""
    return legible(text).translate(_STRAIGHT)


def fold(text: str) -> str:
    """Lower case in plain letters as far as a letter has one: equal for spellings a reader takes as equal.

    Diacritics go, "Łódź" is "lodz" and "Straße" is "strasse", quotation marks are straight, there is one dash, and
    what nobody sees is left out. Length and offsets change.
    """
    if text.isascii() and text.replace("\n", " ").isprintable():
        return text.lower()
    # "´" is an apostrophe here; NFKD would make a space and an accent of it.
    decomposed = unicodedata.normalize("NFKD", normalise(text).replace("´", "'"))
    bare = _DIACRITIC_RE.sub("", decomposed).casefold()
    # Few characters of a text are no ASCII, and translating all of it takes twice as long as finding these.
    return bare if bare.isascii() else _BEYOND_ASCII_RE.sub(lambda found: found[0].translate(_FOLDED), bare)


def well_formed(text: str) -> str:
    """Text with U+FFFD in the place of each half of a surrogate pair: text that has UTF-8. Offsets stay."""
    return _SURROGATE_RE.sub("\ufffd", text)


def is_storable(text: str) -> bool:
    """Whether a library can hold the text: no NUL, and no half of a surrogate pair. JSON escapes can write both."""
    return "\0" not in text and not _SURROGATE_RE.search(text)


class Composed(NamedTuple):
    r"""A text with its accents composed, and the offsets of the same places in the text as it was written.

    Patterns are written for composed text: ``\b`` and ``[a-z]`` would see "The" in a decomposed "Thérèse". So whatever
    reads a text composes it first, and gives its offsets in the text as it is stored.

    Attributes:
        text: the composed text.
        starts: where each of its characters begins in the text as written, and behind them that text's length.
    """

    text: str
    starts: Sequence[int]

    def written(self, offset: int) -> int:
        """The offset, in the text as written, of an offset of the composed text."""
        return self.starts[offset]

    def composed(self, offset: int) -> int:
        """The offset, in the composed text, of an offset of the text as written; inside a character, the next one's."""
        return bisect_left(self.starts, offset)


def compose(text: str) -> Composed:
    """Compose a text (NFC) and keep track of its offsets. Costs next to nothing where it is composed already."""
    if unicodedata.is_normalized("NFC", text):
        return Composed(text, range(len(text) + 1))
    parts: list[str] = []
    starts: list[int] = []
    for match in _CLUSTER_RE.finditer(text):
        part = normalise(match.group())
        parts.append(part)
        # What did not compose keeps its place: marks that are left over are the last ones.
        left = len(part) - 1
        starts += [match.start(), *(max(match.start(), match.end() - left + i) for i in range(left))]
    return Composed("".join(parts), [*starts, len(text)])


_LEVEL = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-"})


def level(text: str) -> str:
    """The text in lower case, with one kind of apostrophe and hyphen; every character keeps its place."""
    low = text.lower()
    if len(low) != len(text):  # "İ" would become two characters
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low if low.isascii() else low.translate(_LEVEL)


def fraction(character: str) -> float:
    """The value of a character such as "½"."""
    return unicodedata.numeric(character)
