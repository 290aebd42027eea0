"""What the formats of news agencies share: a story's state, editor's notes, embargo, day and authors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from lxml import etree

from ...english.header import read_header
from ...english.temporal.dates import read_moment
from ...model import Status
from ..extract import Extract, Unread
from ..fields import read_facts
from .surroundings import story_in

_WITHDRAWN = frozenset({"canceled", "cancelled", "killed", "kill", "retracted", "withdrawn"})
_STORY = r"\b(?:this|story|item|article|version)\s+(?:(?!that|which|who)\S+\s+)"
# "CORRECTS number of killed" and "UPDATES with the drug that was withdrawn" tell of no withdrawal.
_KILL_NOTE = re.compile(
    r"\b(?:WITHDRAW(?:N|S|AL)|RETRACT(?:ED|S|ION))\b"
    r"|(?i:\bmandatory kill\b|\bkill (?:the|this|our) (?:story|item|article|report)\b)"
    r"|^\W*(?i:(?:\w+:\s+)?kill(?:ed)?(?:\W*$|[:.–—]))|^\W*(?i:withdrawn|withdraws|retract(?:ed|s|ion))\b"
    rf"|(?i:{_STORY}{{0,8}}(?:has been|is|was) (?:withdrawn|retracted)\b)"
)
_CORRECTION_NOTE = re.compile(
    r"\bCORRECT(?:S|ED|ING|ION|IVE)\b|^\W*(?i:(?:\w+:\s+)?correct(?:s|ed|ing|ion|ive))\b"
    rf"|(?i:{_STORY}{{0,3}}(?:corrects|corrected|(?:is|contains) a correction)\b)|\bsig:correction\b"
)
_KILLED_TITLE = re.compile(r"\W{0,3}(?:KILL|(?i:withdrawn|retracted|retraction))\s?[:–—-]")
_CORRECTED_TITLE = re.compile(
    r"\W{0,3}(?:REFILE|UPDATE \d)?\W?(?i:corrected|correction|corrects)(?:\s?\([^()]{1,20}\))?\s?[:–—-]"
)
_PLACE_END = re.compile(r"[,(—–]|\s-")
_HEAD = 300  # characters of a text in which its dateline stands
_BY = re.compile(r"^\s*by:?\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Story:
    """A story as an agency's file states it, in the file's own words."""

    text: str = ""
    id: str | None = None
    title: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    """Names, without "By" and roles."""
    dates: tuple[str | None, ...] = ()
    """As written. The first that can be read is the day of publication."""
    changed: tuple[str | None, ...] = ()
    """As written. The first that can be read is the day of the last change."""
    dateline: str | None = None
    """As printed: "PORT MERRIN, May 7". It is a line of the text, if the text does not begin with its place."""
    url: str | None = None
    language: str | None = None
    state: str = ""
    """For example "usable", "canceled" or "withheld"."""
    notes: tuple[str, ...] = ()
    """What editors are told: "CORRECTS the spelling of the harbour master's name"."""
    corrections: tuple[str, ...] = ()
    """What the file says was corrected. An empty string: it only says that something was."""
    embargo: str | None = None
    """Until when. Empty: the file names no time."""
    warnings: tuple[str, ...] = ()
    content: str = "no text"
    """What the item holds in place of a text, for the report."""


def extracts(stories: Iterable[Story], warnings: tuple[str, ...] = ()) -> Iterator[Extract | Unread]:
    """Turn the stories of a file into extracts.

    Args:
        stories: the stories.
        warnings: what is to be said of the file; it goes to the first story with a text.

    Yields:
        An extract for each story with a text, and an ``Unread`` for each other one.
    """
    stories = list(stories)
    for number, story in enumerate(stories, start=1):
        found = extract(story, where=f"item {number}" if len(stories) > 1 else "")
        if isinstance(found, Extract) and warnings:
            found, warnings = replace(found, warnings=(*warnings, *found.warnings)), ()
        yield found


def extract(story: Story, *, where: str = "") -> Extract | Unread:
    """Turn a story into an extract.

    Args:
        story: the story.
        where: where in a file of several it stands: "item 2".

    Returns:
        The extract. The notes of a correction or a withdrawal are paragraphs at the end of its text; a withdrawn story
        without a text consists of them. ``Unread`` if there is nothing to read.
    """
    status = status_of(story)
    told = story_in(story.text.strip())
    paragraphs = [*_dateline(story), told] if told else []
    if status != "current":
        notes = (*story.corrections, *filter(_says_why, story.notes))
        paragraphs += [note for note in dict.fromkeys(notes) if note not in story.text]
    text = "\n\n".join(filter(None, paragraphs))
    if status == "retracted" and not text:
        text = "\n\n".join(filter(None, story.notes)) or story.title or ""
    if not text:
        named = f"{where or 'the item'} ({story.id[:120]})" if story.id else where or "the item"
        return Unread(f"{named}: {story.content}")
    beside = {
        "title": story.title,
        "source": story.source,
        "authors": list(story.authors),
        "url": story.url,
        "language": story.language,
    }
    facts, remarks = read_facts(beside)
    published, doubts = first_moment(story.dates)
    return Extract(
        text,
        replace(facts, published=published, modified=first_moment(story.changed)[0], status=status),
        id=story.id,
        where=where,
        warnings=(*story.warnings, *_state_warnings(story), *remarks, *doubts),
    )


def status_of(story: Story) -> Status:
    """Return whether a story was withdrawn or corrected, by its state, its notes or a mark before its headline."""
    title = story.title or ""
    if story.state.lower() in _WITHDRAWN or _KILLED_TITLE.match(title) or any(map(_KILL_NOTE.search, story.notes)):
        return "retracted"
    if story.corrections or _CORRECTED_TITLE.match(title) or any(map(_CORRECTION_NOTE.search, story.notes)):
        return "corrected"
    return "current"


def first_moment(dates: Iterable[str | None]) -> tuple[datetime | date | None, tuple[str, ...]]:
    """Read the first date that can be read.

    Args:
        dates: as written, the best one first.

    Returns:
        The instant or day, and what of it was lost. None if there is no such date, and what is wrong with each.
    """
    remarks: list[str] = []
    for words in filter(None, (" ".join((words or "").split()) for words in dates)):
        moment, remark = read_moment(words)
        said = (f"the date {words[:60]!r}: {remark}",) if remark else ()
        if moment:
            return moment, said
        remarks.extend(said)
    return None, tuple(remarks)


def names_of(byline: str) -> tuple[str, ...]:
    """Return the people that a byline names: "By ADA BLUM, Harbour Correspondent" is one.

    Args:
        byline: as printed, with or without "By".

    Returns:
        Their names as written; the whole byline, without "By", if it names nobody in a known way.
    """
    words = _BY.sub("", " ".join(byline.split()))
    if not words:
        return ()
    return read_header(f"By {words}\n\n").authors or (words,)


def words_of(element: etree._Element | None) -> str | None:
    """Return an element's text on one line, or None."""
    words = "" if element is None else " ".join("".join(element.itertext()).split())
    return words or None


def drop(element: etree._Element) -> None:
    """Remove an element from its tree. The text behind it stays."""
    parent, tail = element.getparent(), element.tail
    if parent is None:
        return
    before = element.getprevious()
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _dateline(story: Story) -> Iterator[str]:
    words = story.dateline or ""
    place = _PLACE_END.split(words)[0].strip()
    if place and place.lower() not in story.text[:_HEAD].lower():
        yield words


def _says_why(note: str) -> bool:
    """Whether a note tells of a correction or a withdrawal in words. A code such as "sig:correction" does not."""
    return " " in note and bool(_KILL_NOTE.search(note) or _CORRECTION_NOTE.search(note))


def _state_warnings(story: Story) -> Iterator[str]:
    if story.embargo is not None or story.state.lower() == "embargoed":
        end = first_moment((story.embargo,))[0] or story.embargo or "a time that the file does not name"
        yield f"is under embargo until {end}"
    if story.state.lower() == "withheld":
        yield "is withheld by its agency until further notice"
