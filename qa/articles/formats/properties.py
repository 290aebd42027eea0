"""What office programs write into the files they make: a title that may be none, and an author who may be nobody.

Who typed a text is not who wrote it, and a template's title is no headline. So both count only if they read like one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from ...english.bylines import is_name, is_person, split_names
from ...english.header import is_outlet
from ...english.lexicon import NEWSPAPERS, ORGANISATIONS
from ...english.temporal.dates import find_stamps
from ...model import day_of

_MAX_TITLE = 250  # characters
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel|publisher) - .*"
    r"|(?:untitled|document|word document|layout|page|print|draft|slide|unknown|new|template|title|copy)\W*\d*"
    r"|(?:about|https?|file|data):.*|\S*[\\/]\S*"
    r"|.*\.(?:docx?|dotx?|pdf|odt|rtf|txt|html?|indd|qxp|pages|tex|dvi|aspx?|php)|[\W\d_]*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[|·•\t]|\s/\s|\s[-–—]\s|\b\w+:")  # also labels: "Source: Selm Post Date: 5 May"
_NO_PERSON = ORGANISATIONS | NEWSPAPERS | frozenset(
    """
    admin administrator adobe alerts author brief briefing bulletin comms communications desk digest digital editor
    editorial editors letter
    magazine media microsoft monitor newsletter newsroom observer office online owner pc press print publisher radio
    reader report reporter review site staff standard substack systems team television today tv unknown update updates
    user web weekly windows writer
    """.split()
)  # fmt: skip


def title_of(stated: str) -> str | None:
    """Return the title that a file states, if it is more than a file's name or a template's."""
    words = " ".join(stated.split())
    return words if words and len(words) <= _MAX_TITLE and not _NO_TITLE.fullmatch(words) else None


def people_of(stated: str) -> tuple[str, ...]:
    """Return the authors that a file names, if all read like people. A program, a desk or an outlet does not."""
    names = tuple(name.strip() for part in stated.split(";") for name in split_names(part.strip()) if name.strip())
    return names if all(map(reads_like_a_person, names)) else ()


def reads_like_a_person(name: str) -> bool:
    """Whether a name has two to five words with capitals, none of which is a body's or an outlet's: "Ines Vale"."""
    words = {word.strip(".,()") for word in name.lower().split()}
    return is_person(name) and not words & (_NO_PERSON | {"the"})


def imprint_of(parts: Iterable[str]) -> tuple[str | None, date | None]:
    """Read the outlet and the day of publication from the heads of pages, or from a line above the text.

    Args:
        parts: such as "The Vessery Herald" and "Friday, 15 May 2026", or "Economy · The Vessery Herald · 15 May 2026".

    Returns:
        The outlet, if one is named by a word that names media ("Herald"); and the first date with a year.
    """
    outlet: str | None = None
    day: date | None = None
    for part in parts:
        stamps = [stamp for stamp in find_stamps(part) if stamp.exact]
        day = day or next((day_of(stamp.exact) for stamp in stamps if stamp.exact), None)
        for stamp in reversed(stamps):
            part = f"{part[: stamp.start]}|{part[stamp.end :]}"
        names = (name.strip(" ,.:0123456789") for name in _BETWEEN.split(part))
        outlet = outlet or next(filter(_names_media, names), None)
    return outlet, day


def _names_media(name: str) -> bool:
    return is_outlet(name) or (is_name(name) and bool(NEWSPAPERS & {*name.lower().split()}))
