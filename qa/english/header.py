"""The header of a news text: headline, byline, "Published" line and dateline, read from its first lines.

Each line is offered to a few recognisers, and what they find (a ``Clue`` each) is merged by rank: a labelled line says
more than a byline, a byline more than a dateline. What no line states is None; nothing is guessed from the prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from ..model import day_of
from .bylines import is_name, is_person, split_names
from .characters import CAPITAL, compose, normalise
from .lexicon import JOURNALISTS, any_of
from .regex import lazy_compile
from .temporal.dates import BARE_WEEKDAY, Stamp, find_stamps

_HEAD = 20_000  # characters
_MAX_LINES = 8
_MAX_SHORT = 160  # characters: headlines and bylines are no longer
_MAX_PROSE = 2  # a standfirst may come before the dateline; after two paragraphs the story has begun

_SPACED_DASH = r"(?:\s*[—–]\s*|\s+--?\s+)"
_DATELINE = lazy_compile(
    rf"(?:date\s+)?(?P<lead>[^()—–]{{0,90}}?)\s*(?:\((?P<source>[^()]{{2,50}})\))?{_SPACED_DASH}(?=\S)"
)
_LABEL = lazy_compile(
    r"(?P<label>(?:first |last )?(?:published|posted|updated|modified)(?: on| at)?|date|source|outlet|title|headline"
    r"|authors?)(?P<colon>\s*:)?\s+(?P<value>\S.*)",
    re.IGNORECASE,
)
_UPDATED = lazy_compile(r"\b(?:updated|modified)\b", re.IGNORECASE)
_BYLINE = lazy_compile(r"by:?\s+(?P<who>\S.*)", re.IGNORECASE)
_BYLINE_BREAK = lazy_compile(rf"\s*[,|•·]\s*|\s+[—–-]\s+|\s+for\s+(?:the\s+)?(?={CAPITAL})")
_WHERE = lazy_compile(rf"\s+(?:reporting\s+)?(?:in|from)\s+{CAPITAL}[^,|]*?(?=\s+for\s|[,|]|$)")
_ROLE = lazy_compile(rf"\b(?:{any_of(JOURNALISTS)}|chief|staff|published|posted)\b", re.IGNORECASE)
_TIME_TAIL = lazy_compile(r"[\s,|·]*(?:(?:at\s+)?\d{1,2}[:.]\d{2}.{0,20})?")
_INITIALS = lazy_compile(r"(?:\b\w\.){2,}$")


@dataclass(frozen=True)
class Header:
    """What the first lines of a text state. Unknown is None."""

    title: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | date | None = None
    place: str | None = None


@dataclass(frozen=True)
class _Line:
    words: str
    alone: bool  # a blank line or nothing follows


@dataclass(frozen=True)
class _Clue:
    """What one line states. ``near`` is a full date that is not the publication's: it only lends its year."""

    title: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    stamp: Stamp | None = None
    near: date | None = None
    place: str | None = None


def read_header(text: str) -> Header:
    """Read the header of an article.

    Args:
        text: the whole text; the first eight non-blank lines are looked at, and it is not changed.

    Returns:
        Title, source, authors, day or instant of publication, and the dateline's place, as far as they are stated;
        with their accents composed.
    """
    lines = list(_first_lines(text))
    title: str | None = None
    clues: dict[_Recogniser, list[_Clue]] = {recognise: [] for recognise in _RECOGNISERS}
    prose = 0
    for index, line in enumerate(lines):
        kind, clue = _recognise(line)
        if kind and clue:
            clues[kind].append(clue)
            if kind is _read_dateline:
                break
        elif title is None and not prose and _is_title(line, lines[index + 1 : index + 2]):
            title = line.words
        elif _is_prose(line):
            prose += 1
            if prose == _MAX_PROSE:
                break
    return _merge([clue for recognise in _RECOGNISERS for clue in clues[recognise]], title)


def prose_start(text: str) -> int | None:
    """Where the story begins behind its dateline, in code points of ``text``; None without a dateline.

    "LONDON, March 3 (Agency) - The bridge …" begins at "The": the dateline frames the first sentence, it is not said.
    """
    read = compose(text[:_HEAD])
    position = filled = 0
    for raw in read.text.splitlines(keepends=True):
        words = " ".join(raw.split())
        filled += bool(words)
        if filled > _MAX_LINES:
            break
        line = _Line(words, alone=True)
        if words and not any(recognise(line) for recognise in _RECOGNISERS[:-1]) and _read_dateline(line):
            lead = len(raw) - len(raw.lstrip())
            match = _DATELINE.match(raw, lead)
            return read.written(position + match.end()) if match else None
        position += len(raw)
    return None


def _merge(ranked: list[_Clue], title: str | None) -> Header:
    near = next((day for clue in ranked if (day := clue.near or _full_day(clue.stamp))), None)
    moments = (clue.stamp.moment(near) for clue in ranked if clue.stamp)
    return Header(
        title=next((clue.title for clue in ranked if clue.title), title),
        source=next((clue.source for clue in ranked if clue.source), None),
        authors=next((clue.authors for clue in ranked if clue.authors), ()),
        published=next((moment for moment in moments if moment), None),
        place=next((clue.place for clue in ranked if clue.place), None),
    )


def _first_lines(text: str) -> Iterator[_Line]:
    lines = [line.strip() for line in normalise(text[:_HEAD]).splitlines()]
    filled = [number for number, line in enumerate(lines) if line]
    for number in filled[:_MAX_LINES]:
        yield _Line(" ".join(lines[number].split()), alone=not any(lines[number + 1 : number + 2]))


def _recognise(line: _Line) -> tuple[_Recogniser | None, _Clue | None]:
    for recognise in _RECOGNISERS:
        if clue := recognise(line):
            return recognise, clue
    return None, None


def _is_title(line: _Line, following: list[_Line]) -> bool:
    """A short line without a full stop, set apart from what follows by a blank line or by header lines."""
    if not following or len(line.words) > _MAX_SHORT or _is_prose(line):
        return False
    return any(c.isalpha() for c in line.words) and (line.alone or _recognise(following[0])[0] is not None)


def _is_prose(line: _Line) -> bool:
    plain = line.words.rstrip("\"'”’»)]*_ ")
    return len(line.words) > _MAX_SHORT or (plain.endswith((".", ",", ";", ":")) and not _INITIALS.search(plain))


def _read_label(line: _Line) -> _Clue | None:
    """ "Published: 3 March 2026", "Updated 4 March 2026", "Source: Karrow Courier"."""
    match = _LABEL.fullmatch(line.words) if len(line.words) <= _MAX_SHORT else None
    if not match:
        return None
    label, value, colon = match["label"].lower(), match["value"], bool(match["colon"])
    if label in {"title", "headline"}:
        return _Clue(title=value) if colon else None
    if label in {"source", "outlet"}:
        return _Clue(source=value) if colon else None
    if label.startswith("author"):
        return _Clue(authors=split_names(value)) if colon else None
    if label == "date" and not colon:
        return None
    said, near = _split_updated(line.words)
    stamp = next(find_stamps(said), None)
    # Without colon or date it is a headline: "Published poems anger minister".
    return _Clue(stamp=stamp, near=near) if stamp or near or colon else None


def _read_byline(line: _Line) -> _Clue | None:
    """ "By Jane Roe and John Poe, Karrow Courier, 3 March 2026"."""
    match = _BYLINE.fullmatch(line.words) if len(line.words) <= _MAX_SHORT else None
    if not match:
        return None
    said, near = _split_updated(match["who"])
    stamp = next((s for s in find_stamps(said) if s.exact or s.yearless), None)
    names = _WHERE.sub("", said[: stamp.start] if stamp else said)
    parts = [part for part in (p.strip(" .:") for p in _BYLINE_BREAK.split(names)) if part]
    count = _count_authors(parts)
    authors = tuple(name for part in parts[:count] for name in split_names(part))
    if not authors or not all(map(is_person, authors)):
        return None
    source = next((part for part in parts[count:] if is_name(part) and not _ROLE.search(part)), None)
    return _Clue(source=source, authors=authors, stamp=stamp, near=near)


def _count_authors(parts: list[str]) -> int:
    """How many parts name authors: the first, or all up to the "B and C" that ends the list "A, B and C"."""
    ends = (n for n, part in enumerate(parts, 1) if " and " in part and all(map(is_person, split_names(part))))
    return max(ends, default=1)


def _read_date_line(line: _Line) -> _Clue | None:
    """ "Tuesday, 3 March 2026, 7:30 a.m.": a line that is nothing but a date."""
    stamp = next(find_stamps(line.words), None)
    if stamp and stamp.start == 0 and _TIME_TAIL.fullmatch(line.words, stamp.end):
        return _Clue(stamp=stamp)
    return None


def _read_dateline(line: _Line) -> _Clue | None:
    """ "PORT MERRIN, Lorrany, March 3 (Meridian Wire) - The bridge …", in all its usual cuts.

    Its signs are a place in capitals, a date, and a source in brackets. Two of them make a dateline. One does only
    before a sentence, so that "Moscow - a city of millions" and the headline "ANALYSIS — What now" are none.
    """
    match = _DATELINE.match(line.words)
    if not match:
        return None
    place, stamp = _split_lead(match["lead"])
    source = match["source"]
    if place and not is_name(place):
        return None
    in_capitals = len(place) >= 4 and place.split(",")[0].isupper()
    signs = bool(source) + bool(stamp) + in_capitals
    if signs < 2 and not (signs and _opens_sentence(line, match.end())):
        return None
    # "(dpa)" is a source after a place or a date; "(continued)" alone is none.
    if source and not (is_name(source) or (signs >= 2 and " " not in source)):
        return None
    return _Clue(source=source, stamp=stamp, place=place or None)


def _split_lead(lead: str) -> tuple[str, Stamp | None]:
    """Place and date of what stands before the source: "LONDON, Jan. 5" has both."""
    words = lead.strip(" ,")
    stamp = next((s for s in find_stamps(words) if s.end == len(words)), None)
    place = words[: stamp.start].strip(" ,") if stamp else words
    kept = [part for part in place.split(", ") if not BARE_WEEKDAY.fullmatch(part)]
    return ", ".join(kept), stamp


def _opens_sentence(line: _Line, start: int) -> bool:
    return not line.words[start].islower() and (_is_prose(line) or not line.alone)


def _split_updated(words: str) -> tuple[str, date | None]:
    """The words before "updated", and the day after it: an update must not pass for the publication."""
    match = _UPDATED.search(words)
    if not match:
        return words, None
    days = (_full_day(stamp) for stamp in find_stamps(words[match.end() :]))
    return words[: match.start()], next((day for day in days if day), None)


def _full_day(stamp: Stamp | None) -> date | None:
    return day_of(stamp.exact) if stamp else None


_Recogniser = Callable[[_Line], _Clue | None]
_RECOGNISERS: tuple[_Recogniser, ...] = (_read_label, _read_byline, _read_date_line, _read_dateline)
