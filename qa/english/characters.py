"""Characters: equal spellings folded together, invisible ones removed."""

from __future__ import annotations

import re
import unicodedata

# Controls, zero-width and bidi characters: unseen by a person, not by a model or a comparison; stored text keeps them
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    r"\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """Text without invisible characters, on one line."""
    return " ".join(_INVISIBLE.sub("", text).split())


def straighten(text: str) -> str:
    """Visible text with one kind of quotation mark, apostrophe and space: for comparing words, never for storing."""
    return visible(text.translate(_MARKS))


_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", " ": " "})


def fold(text: str) -> str:
    """Lower case, without diacritics, curly quotes straightened: equal for spellings a reader takes as equal."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(ch for ch in decomposed if not unicodedata.combining(ch)).casefold()
