"""The header of a news text: headline, byline, "Published" line and dateline, read from its first lines.

Each line is offered to a few recognisers, and what they find (a ``Clue`` each) is merged by rank: a labelled line says
more than a byline, a byline more than a dateline. A line that no recogniser knows may be the headline, the name of an
outlet above it or of an author below it: its place tells which. The last lines are asked for what the first ones do not
say. What no line states is None; nothing is guessed from the prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from ..model import day_of
from .bylines import is_name, is_person, is_post, split_names
from .characters import CAPITAL, compose, fold
from .first_names import gender_of
from .lexicon import (
    BUTTONS,
    COMPANY_FORMS,
    COMPANY_SUFFIXES,
    FIELD_CODES,
    FUNCTION_WORDS,
    HEADER_LABELS,
    OPEN_LABELS,
    ORGANISATIONS,
    OUTLETS,
    PICTURES,
    PLACES,
    POSTS,
    RELEASE_MARKS,
    SECTIONS,
    TIME_UNITS,
    UNREAD_LABELS,
    WIRE_MARKS,
    any_of,
)
from .regex import lazy_compile
from .temporal.dates import BARE_WEEKDAY, Stamp, find_stamps
from .temporal.patterns import MONTH, SHORT_WEEKDAY, WEEKDAY

_HEAD = 20_000  # characters
_TAIL = 2_000
_MAX_LINES = 40
_MAX_UNKNOWN = 8  # lines that say nothing known: behind them the story has begun
_MAX_SHORT = 160  # characters: headlines and bylines are no longer
_MAX_VALUE = 500  # characters of a labelled line: a list of subjects, a note to editors
_MAX_PROSE = 2  # a standfirst may come before the dateline; after two paragraphs the story has begun
_MAX_BLOCK = 4  # lines of a headline with its second headline, or of a label's value below it
_MAX_LAST = 12

_SPACED_DASH = r"(?:\s*[—–]\s*|\s+--?\s+)"
_DATELINE = lazy_compile(
    rf"(?:date\s+)?(?P<lead>[^()—–]{{0,90}}?)\s*(?:\((?P<source>[^()]{{2,50}})\)|/(?P<relay>[\w ]{{2,40}})/)?"
    rf"{_SPACED_DASH}(?=\S)"
)
_BODIES = ORGANISATIONS | COMPANY_SUFFIXES | COMPANY_FORMS
_LABELLED = {label: kind for kind, labels in HEADER_LABELS.items() for label in labels}
_DATED = (*HEADER_LABELS["published"], *HEADER_LABELS["updated"])
_LABEL = lazy_compile(
    rf"(?P<label>{any_of(_LABELLED, UNREAD_LABELS)})(?P<colon>\s*:)?(?:\s+(?P<value>\S.*)|(?<=:)(?P<close>\S.*)|\Z)",
    re.IGNORECASE,
)
_OPEN_LABEL = lazy_compile(rf"(?:(?:{any_of(_LABELLED, UNREAD_LABELS)})\s*:|{any_of(OPEN_LABELS)}:?)\s*", re.IGNORECASE)
_CONTACT_NAME = r"(?:(?:media|press)\s+)?contacts?"
_CONTACT = lazy_compile(rf"{_CONTACT_NAME}\s*:", re.IGNORECASE)
# "Text: Jane Roe, photos: John Poe" are credits, and no text.
_PICTURES_BY = rf"\s*[,;|/]\s*(?:{any_of(PICTURES, {'photography'})})s?\s*(?::|\sby\s)"
_BODY = lazy_compile(
    rf"(?:{any_of(HEADER_LABELS['body'])})\s*:\s+(?=\S)(?![^.:]{{3,80}}?{_PICTURES_BY})", re.IGNORECASE
)
_CODE = lazy_compile(rf"(?P<code>{any_of(FIELD_CODES)})(?:\s{{2,}}|\s*\Z)")
_DAY_MARK = lazy_compile(
    rf"\b(?:(?P<published>{any_of(HEADER_LABELS['published'])})|{any_of(HEADER_LABELS['updated'])})\b", re.IGNORECASE
)
_BYLINE = lazy_compile(r"(?:(?:interview|submitted|words)\s+)?by:?\s+(?P<who>\S.*)", re.IGNORECASE)
_ON_DAY = lazy_compile(rf"\s+on(?:\s+(?:{WEEKDAY}|{SHORT_WEEKDAY}))?\Z")  # "Submitted by Jane Roe on Fri, 3 March 2026"
_PICTURED = lazy_compile(rf"{_PICTURES_BY}.*", re.IGNORECASE)
_BY = lazy_compile(r"\bby:?\s+(?=\S)", re.IGNORECASE)
_NO_ONE = lazy_compile(r"(?:by|from)\s+(?:our|an?)\s+[^.]+", re.IGNORECASE)
_BYLINE_BREAK = lazy_compile(r"\s*[|•·@]\s*|\s+[—–-]\s+")
_FOR = lazy_compile(rf"\s+for\s+(?:the\s+)?(?={CAPITAL})")
_WHERE = lazy_compile(
    rf"\s+(?:reporting\s+)?(?:in|from)\s+{CAPITAL}[^,|]*?(?=\s+for\s|[,|]|\s+(?:and|&)\s+{CAPITAL}\S*\s+{CAPITAL}|$)"
)
_INITIALS = lazy_compile(r"(?:\b\w\.){2,}$")
_DOMAIN = lazy_compile(r"(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)
_OF = lazy_compile(r"\s(?:of|de|du)\s")
_BRACKETS = lazy_compile(r"\s*\([^()]*\)\Z")
_OUTLET_BEHIND = lazy_compile(r"(?P<title>.*\S)\s+[|—–-]\s+(?P<source>[^|—–]+)")

# What stands in a header and says nothing: whole lines, and what remains of a line without its date and its outlet.
_EMBARGO = r"(?:strictly\s+)?(?:under\s+)?embargo(?:ed)?"
_NOTHING = lazy_compile(
    rf"\([^()]*\)|[*•].*"  # notes to editors; points of a summary
    rf"|(?i:copyright|©|\(c\)|all rights reserved)(?!\w).*|\W*(?i:{_EMBARGO})\b.*"
    rf"|(?:[a-z]\s[a-z]\s)?(?:AM|BC|PM)-\S.*|[A-Z][A-Z\d]+(?:[-/][A-Z\d]+)+/?(?:\s\(.*\))?"  # slugs
    rf"|\d(?:st|nd|rd|th)\s+(?:LEAD|Lead|LD|Ld)\b.*"
    rf"|(?i:{any_of(PICTURES)})s?\s+by\b.*"
    rf"|(?:[Hh]ome|HOME)\s+[>/›»|]\s.*|.*\S\s[>›»]\s.*",
)
_COUNTED = r"(?:words|comments?|shares|views|documents|items)"
_UNIT = rf"(?:{any_of(TIME_UNITS, ('minute', 'min', 'hour', 'hr', 'second'))})s?"
_AGO = rf"(?:(?:\d+|an?|one|few)\s*{_UNIT}\s+ago|just now|(?:yesterday|today)(?:\s+at\s+[\d:.]+.{{0,8}})?)"
_NOTHING_PART = lazy_compile(
    rf"[\d\W]*|(?:(?:{any_of(BUTTONS)})(?:\s+|\Z))+|{any_of(SECTIONS, WIRE_MARKS)}"
    rf"|{any_of(RELEASE_MARKS)}(?:\s+no\.?\s*[\d/-]+)?|{MONTH}\s+\d{{4}}"
    rf"|(?:{any_of(_DATED)}\s*:?\s*)?{_AGO}?"
    rf"|(?:pages?|pp?|pg)\.?\s*[a-z]?-?\d+(?:\s*[-–]\s*\d+)?|(?:issue|vol|volume|no)\.?\s*\d+"
    rf"|\d+\s*min(?:ute)?s?(?:\s+read)?|document\s+\d+(?:\s+of\s+\d+)?|\d+\s+of\s+\d+\s+documents"
    rf"|[\d,]+\s+{_COUNTED}|(?:\w+\s+)?edition|\S*@\S+",
    re.IGNORECASE,
)
_PART_BREAK = lazy_compile(r"\s*[|•·;,()]\s*|\s+[-–—/]+\s+|(?<!\b[Pp])(?<!\b[Pp][Pp])(?<!\b[Pp]g)(?<!\b[Nn]o)\.\s+")
_PRESS = lazy_compile(rf"\W*(?:{any_of(RELEASE_MARKS)}|{_EMBARGO})\b", re.IGNORECASE)

_HELD_BY = r"(?:copyright|©|\(c\))[\s,\d©]*"
_RELEASE_END = lazy_compile(rf"(?:#\s*){{3,}}|-\s?30\s?-|\W*ENDS\W*|{_CONTACT_NAME}\s*:.*", re.IGNORECASE)
_SIGN_OFF = lazy_compile(r"\(?(?:reporting|writing|written)\s+by:?\s+(?P<who>[^;()]+?)(?:[;.]\s.*|\))?", re.IGNORECASE)
_ISSUER = lazy_compile(r"SOURCE\s+(?P<name>\S.*)")
_NOTICE_OF_RIGHTS = lazy_compile(
    r"(?:copyright|©|\(c\))(?:[\s,\d©–-]|\bcopyright\b|\(c\)|\bM[CDILMVX]+\b|\bby\b)*(?P<rest>\S.*)", re.IGNORECASE
)
_NOTICE_END = lazy_compile(
    rf"[.|;,]|\s[–—-]\s|\b(?:all\s+rights|{any_of(COMPANY_SUFFIXES)})\b|\s(?=\d{{4}})", re.IGNORECASE
)
_HOLDER = lazy_compile(_HELD_BY + r"(?P<name>[^.|\d]{3,60}?)\s*(?:[.|].*|all rights.*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Header:
    """What the first lines of a text state. Unknown is None."""

    title: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | date | None = None
    modified: datetime | date | None = None
    place: str | None = None


@dataclass(frozen=True)
class _Line:
    words: str
    alone: bool  # a blank line or nothing follows
    raw: str  # the same as it is written
    start: int  # in the composed text


@dataclass(frozen=True)
class _Clue:
    """What one line states. ``near`` is a full date that is not the publication's: it only lends its year."""

    title: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    stamp: Stamp | None = None
    near: date | None = None
    updated: Stamp | None = None
    place: str | None = None
    press: bool = False  # who issues a press release stands above its headline
    record: bool = False  # an archive's label of the text
    story: int | None = None  # how many characters behind the line's start the story begins


@dataclass(frozen=True)
class _Seen:
    """A line, and what it states and by which recogniser, if one knows it."""

    line: _Line
    kind: _Recogniser | None
    clue: _Clue


def read_header(text: str) -> Header:
    """Read the header of an article.

    Args:
        text: the whole text; its first lines are looked at, and its last ones. It is not changed.

    Returns:
        Title, source, authors, day or instant of publication and of the last change, and the dateline's place, as far
        as they are stated; with their accents composed.
    """
    head = compose(text[:_HEAD]).text
    seen = list(_seen(head))
    last = list(_last_clues(text[-_TAIL:]))
    stated = {kind: [each.clue for each in seen if each.kind is kind] for kind in _RECOGNISERS}
    datelines = stated.pop(_read_dateline)
    labelled = [clue for clues in stated.values() for clue in clues]
    press = any(clue.press for clue in (*labelled, *datelines, *last))
    placed = _by_place(seen, " ".join(head.lower().split()), press, any(clue.title for clue in labelled))
    return _merge([*labelled, *placed, *datelines, *last])


def prose_start(text: str) -> int | None:
    """Where the story begins behind its dateline or a label, in code points of ``text``; None without both.

    "LONDON, March 3 (Agency) - The bridge …" begins at "The": the dateline frames the first sentence, it is not said.
    """
    read = compose(text[:_HEAD])
    stories = [each.line.start + each.clue.story for each in _seen(read.text) if each.clue.story is not None]
    if not stories:
        return None
    return read.written(len(read.text) - len(read.text[stories[-1] :].lstrip()))


def _merge(ranked: list[_Clue]) -> Header:
    near = next((day for clue in ranked if (day := clue.near or _full_day(clue.stamp))), None)
    moments = (clue.stamp.moment(near) for clue in ranked if clue.stamp)
    # Archives label the text. What they call its last update is that of their record.
    record = any(clue.record for clue in ranked)
    updates = (clue.updated.exact for clue in ranked if clue.updated and not record)
    return Header(
        title=next((clue.title for clue in ranked if clue.title), None),
        source=next((clue.source for clue in ranked if clue.source), None),
        authors=next((clue.authors for clue in ranked if clue.authors), ()),
        published=next((moment for moment in moments if moment), None),
        modified=next((moment for moment in updates if moment), None),
        place=next((clue.place for clue in ranked if clue.place), None),
    )


# -- lines -------------------------------------------------------------------------------------------------------------


def _seen(text: str) -> Iterator[_Seen]:
    """The lines of the header with what they state, and the first ones of the story."""
    prose = unknown = 0
    begun = False
    for line in islice(_lines(text), _MAX_LINES):
        each = _recognise(line, (_read_dateline,) if begun else _RECOGNISERS)
        if begun and not each.kind:
            break
        yield each
        if each.kind is _read_dateline:
            break
        begun = each.clue.story is not None
        unknown += each.kind is None
        prose += each.kind is None and _is_prose(line)
        if prose == _MAX_PROSE or unknown == _MAX_UNKNOWN:
            break


def _lines(text: str) -> Iterator[_Line]:
    """The lines that are not blank. A label alone on a line is joined with those below it, and so is a contact."""
    written = text.splitlines(keepends=True)
    start = until = 0
    for number, raw in enumerate(written):
        begin, start = start, start + len(raw)
        words = _words(raw)
        if number < until or not words:
            continue
        until = number + 1
        if (_OPEN_LABEL.fullmatch(words) and not _is_body(words)) or _CONTACT.match(words):
            while until < min(len(written), number + _MAX_BLOCK) and (more := _words(written[until])):
                if _LABEL.match(more):
                    break
                words, until = f"{words} {more}", until + 1
        alone = not any(raw.strip() for raw in written[until : until + 1])
        lead = len(raw) - len(raw.lstrip().removeprefix("^"))
        if match := _BODY.match(words):  # the label and the story's beginning on one line are two lines
            label, words = words[: match.end()].strip(), words[match.end() :]
            lead = max(raw.find(words.split()[0], lead + 2), lead)
            yield _Line(label, alone=True, raw=raw[:lead], start=begin)
        yield _Line(words, alone, raw[lead:], begin + lead)


def _words(raw: str) -> str:
    """A line without what frames it: "^Ferry sinks<"; with a field's label in place of its code."""
    line = raw.strip()
    if code := _CODE.match(line):
        line = f"{FIELD_CODES[code['code']]}: {line[code.end() :]}"
    return " ".join(line.removeprefix("^").removesuffix("<").split())


def _is_body(words: str) -> bool:
    return _LABELLED.get(words.rstrip(": ").lower()) == "body"


def _recognise(line: _Line, recognisers: tuple[_Recogniser, ...]) -> _Seen:
    for recognise in recognisers:
        if clue := recognise(line):
            return _Seen(line, recognise, clue)
    return _Seen(line, None, _Clue())


def _is_prose(line: _Line) -> bool:
    plain = line.words.rstrip("\"'”’»)]*_ ")
    return len(line.words) > _MAX_SHORT or (plain.endswith((".", ",", ";", ":")) and not _INITIALS.search(plain))


# -- lines that only their place explains ------------------------------------------------------------------------------


def _by_place(seen: list[_Seen], text: str, press: bool, titled: bool) -> Iterator[_Clue]:
    """The headline, the name of an outlet above it, and of an outlet or authors below it.

    Args:
        seen: the first lines.
        text: the whole text in lower case: a name comes up in it again, and a headline does not.
        press: whether it is a press release.
        titled: whether a label gives the headline.
    """
    begun = next((n for n, each in enumerate(seen) if each.kind is None and _is_prose(each.line)), len(seen))
    short = [n for n in range(begun) if seen[n].kind is None and _is_headline(seen, n)]
    above = -2
    while short and (titled or len(short) > 1):
        at, words = short[0], seen[short[0]].line.words
        sectioned = words.lower().startswith("the ") and seen[at + 1].kind is _read_imprint
        held = re.search(_HELD_BY + re.escape(words.lower()), text)
        again = text.count(words.lower()) > 1 and (press or sectioned or held)
        named = again or (press and words.lower().split()[-1].rstrip(".") in _BODIES)
        within = above == at - 1 and not seen[above].line.alone  # a department below the name of its body
        if not (is_outlet(words) or (is_name(words) and (named or within))):
            break
        yield _Clue(source=_BRACKETS.sub("", words))
        above, short = at, short[1:]
    if short and not titled:
        at = short.pop(0)
        yield _split_title(_joined(seen, at))
    for n in range(0 if titled else short[0] if short else begun, begun):
        if seen[n].kind is None:
            yield _below_title(seen, n)


def _is_headline(seen: list[_Seen], at: int) -> bool:
    """A short line without a full stop, in a block of such lines that a blank line or a header line ends."""
    if len(seen[at].line.words) > _MAX_SHORT or not any(c.isalpha() for c in seen[at].line.words):
        return False
    for each, following in zip(seen[at : at + _MAX_BLOCK], seen[at + 1 :], strict=False):
        if _is_prose(each.line):
            return False
        if each.line.alone or following.kind:
            return True
    return False


def _joined(seen: list[_Seen], at: int) -> str:
    """A headline, with its second line where the first cannot end it."""
    first = seen[at].line
    if first.alone or at + 1 == len(seen) or seen[at + 1].kind:
        return first.words
    second = seen[at + 1].line.words
    broken = first.words.split()[-1].lower() in FUNCTION_WORDS or second[:1].islower()
    return f"{first.words} {second}" if broken else first.words


def _split_title(words: str) -> _Clue:
    """ "Toll to be scrapped | The Kauri Post", as a browser's title says it, has both."""
    match = _OUTLET_BEHIND.fullmatch(words)
    if match and is_outlet(match["source"]):
        return _Clue(title=match["title"], source=match["source"])
    return _Clue(title=words)


def _below_title(seen: list[_Seen], at: int) -> _Clue:
    """An outlet beside a byline or a date, or authors without "By": beside a date, or with their post."""
    words = seen[at].line.words
    before, after = seen[at - 1] if at else None, seen[at + 1] if at + 1 < len(seen) else None
    if is_outlet(words):
        beside = (before and before.clue.authors) or (after and after.clue.stamp)
        return _Clue(source=words if beside else None)
    names = split_names(words)
    if not names or not all(_may_be_author(name) for name in names):
        return _Clue()
    posted = "," in words and is_post(words.split(",")[-1])
    if after:
        posted = posted or "@" in after.line.words or (not after.kind and is_post(after.line.words))
    known = any(gender_of(name) for name in names)
    dated = any(each and (each.clue.stamp or each.clue.near) for each in (before, after))
    return _Clue(authors=names) if posted or (known and dated) else _Clue()


def _may_be_author(name: str) -> bool:
    words = {word.lower() for word in name.split()}
    return is_person(name) and not words & (OUTLETS | ORGANISATIONS | SECTIONS | PLACES | POSTS | FUNCTION_WORDS)


def is_outlet(words: str) -> bool:
    """Whether words are the name of an outlet: "The Northern Courier (Thornby)", "Press of Selm", "selm.example"."""
    plain = _BRACKETS.sub("", words)
    if _DOMAIN.fullmatch(plain):
        return True
    folded = fold(plain)
    core = _OF.split(folded)[0].replace("-", " ").split()
    return len(plain.split()) > 1 and is_name(plain) and bool({*core[-1:], *folded.split()[-1:]} & OUTLETS)


def owner_of_rights(line: str) -> str | None:
    """Return the owner in a notice of copyright: "Contents copyright 2000-2004, Dunmere Herald, 14 Quay Street".

    None if the line is no such notice. Whether an owner is an outlet, ``is_outlet`` may tell.
    """
    match = _NOTICE_OF_RIGHTS.search(line[:_MAX_VALUE])
    name = _NOTICE_END.split(match["rest"])[0].strip() if match else ""
    return name or None


def outlet_of_notice(line: str) -> str | None:
    """Return the owner in a notice of copyright, if it is called as outlets are."""
    owner = owner_of_rights(line)
    return owner if owner and is_outlet(owner) else None


# -- recognisers -------------------------------------------------------------------------------------------------------


def _read_label(line: _Line) -> _Clue | None:
    """ "Published: 3 March 2026", "Updated 4 March 2026", "Source: Karrow Courier", "LENGTH: 480 words"."""
    match = _LABEL.fullmatch(line.words.lstrip("@ ")) if len(line.words) <= _MAX_VALUE else None
    if not match:
        return None
    label, value, colon = " ".join(match["label"].lower().split()), match["value"] or match["close"], match["colon"]
    kind = _LABELLED.get(label)
    if kind == "body" and not value:
        return _Clue(story=len(line.raw), record=True) if colon or label in OPEN_LABELS else None
    if kind == "body" and value and (pictured := _PICTURED.search(value)):
        return _read_credits(value[: pictured.start()], labelled=True)
    if kind in ("published", "updated") and (colon or (value and label != "date" and not _is_prose(line))):
        clue = _read_days(line.words)
        # Without colon or date it is a headline: "Published poems anger minister".
        return clue if colon or clue.stamp or clue.near else None
    if kind == "authors" and value and (colon or label in OPEN_LABELS) and len(line.words) <= _MAX_SHORT:
        return _read_credits(value, labelled=True) or (_Clue() if colon else None)
    if not colon:
        return None
    if value and kind == "title":
        return _Clue(title=value)
    if value and kind == "source":
        return _Clue(source=value.split(";")[0].strip())
    return _Clue(place=value if kind == "place" else None, press="contact" in label)


def _read_days(words: str) -> _Clue:
    """The day of publication in a line, and that of an update, which must not pass for the publication's.

    "Updated 8 May 2026, first published 7 May 2026": the nearest such word before a day tells which it is.
    """
    stamp: Stamp | None = None
    near: date | None = None
    updated: Stamp | None = None
    marks = list(_DAY_MARK.finditer(words))
    for found in find_stamps(words):
        mark = next((mark for mark in reversed(marks) if mark.start() < found.start), None)
        if mark and not mark["published"]:
            near, updated = near or _full_day(found), updated or found
        else:
            stamp = stamp or found
    by = _BY.search(words, stamp.end) if stamp else None
    clue = _read_credits(words[by.end() :]) if by else None
    return replace(clue or _Clue(), stamp=stamp, near=near, updated=updated)


def _read_byline(line: _Line) -> _Clue | None:
    """ "By Jane Roe and John Poe, Karrow Courier, 3 March 2026"; "By our correspondent" says nothing."""
    if len(line.words) > _MAX_SHORT:
        return None
    if _NO_ONE.fullmatch(line.words):
        return _Clue()
    match = _BYLINE.fullmatch(line.words)
    return _read_credits(match["who"]) if match else None


def _read_credits(words: str, *, labelled: bool = False) -> _Clue | None:
    """Authors, with the outlet and the day behind them. None if the words name no people.

    A label vouches for a single name; without one, a name has two words.
    """
    words = _BYLINE_BREAK.sub("|", words)
    days = _read_days(words)
    ends = (stamp.start for stamp in islice(find_stamps(words), 1))
    mark = _DAY_MARK.search(words)
    end = min([*ends, *([mark.start()] if mark else [])], default=len(words))
    named = words[:end].split("|")[0].strip(" .:,")
    said, *behind = _FOR.split(_WHERE.sub("", _PICTURED.sub("", _ON_DAY.sub("", named))))
    names = split_names(said)
    *_, joined = said.rsplit(" and ", 1)
    listed = max((n for n, name in enumerate(names) if " and " in said and joined.startswith(name)), default=0)
    people = [name for name in names if not is_outlet(name) and any(map(str.isalpha, name))]
    authors = tuple(name for n, name in enumerate(people) if n <= listed or gender_of(name))
    single = labelled and len(authors) == 1 and len(authors[0].split()) == 1 and is_name(authors[0])
    if not authors or not (single or all(map(is_person, authors))):
        return None
    behind += [_without_post(part) for part in re.split(r"[|,]", words[:end])]
    source = next((part for part in behind if is_outlet(part)), None)
    return _Clue(source=source, authors=authors, stamp=days.stamp, near=days.near, updated=days.updated)


def _without_post(words: str) -> str:
    """ "Commonwealth Wire Business Writer" without what its bearer does there."""
    kept = words.strip(" .").split()
    if is_post(words):
        while kept and kept[-1].lower() in POSTS | SECTIONS | {"senior"}:
            kept.pop()
    return " ".join(kept)


def _read_imprint(line: _Line) -> _Clue | None:
    """ "The Tarn Times, Wednesday 20 May 2026, p. 5": nothing but a date, an outlet, and what says nothing."""
    if len(line.words) > _MAX_SHORT:
        return None
    press = bool(_PRESS.match(line.words))
    if _NOTHING.fullmatch(line.words):
        return _Clue(press=press)
    stamps = list(find_stamps(line.words))
    rest = line.words
    for stamp in reversed(stamps):
        rest = f"{rest[: stamp.start]} | {rest[stamp.end :]}"
    parts = [part for part in (part.strip(" '/*_#-–—.") for part in _PART_BREAK.split(rest)) if part]
    names = [part for part in parts if not (_NOTHING_PART.fullmatch(part) or BARE_WEEKDAY.fullmatch(part))]
    if len(names) > 1 or (len(parts) == len(names) and not stamps):
        return None
    if names and not (is_outlet(names[0]) or (not stamps and _is_organisation(names[0]))):
        return None
    days = _read_days(line.words)
    source = names[0] if names else None
    return _Clue(source=source, stamp=days.stamp, near=days.near, updated=days.updated, press=press)


def _is_organisation(words: str) -> bool:
    return is_name(words) and len(words.split()) > 1 and bool({word.lower() for word in words.split()} & ORGANISATIONS)


def _read_dateline(line: _Line) -> _Clue | None:
    """ "PORT MERRIN, Lorrany, March 3 (Meridian Wire) - The bridge …", in all its usual cuts.

    Its signs are a place in capitals, a date, and a source in brackets or a distributor between strokes. Two of them
    make a dateline. One does only before a sentence, so that "Moscow - a city of millions" and the headline "ANALYSIS —
    What now" are none.
    """
    match = _DATELINE.match(line.words)
    if not match:
        return None
    place, stamp = _split_lead(match["lead"])
    source = match["source"]
    if place and not is_name(place):
        return None
    in_capitals = len(place) >= 4 and place.split(",")[0].isupper()
    signs = bool(source or match["relay"]) + bool(stamp) + in_capitals
    if signs < 2 and not (signs and _opens_sentence(line, match.end())):
        return None
    # "(dpa)" is a source after a place or a date; "(continued)" alone is none.
    if source and not (is_name(source) or (signs >= 2 and " " not in source)):
        return None
    return _Clue(
        source=source,
        stamp=stamp,
        place=place or None,
        press=bool(match["relay"]),
        story=_place_in(line.raw, line.words[: match.end()]),
    )


def _place_in(raw: str, words: str) -> int:
    """Where the words end in the line as it is written, which may have other spaces."""
    left = sum(not c.isspace() for c in words)
    for place, c in enumerate(raw):
        if not c.isspace():
            if not left:
                return place
            left -= 1
    return len(raw)


def _split_lead(lead: str) -> tuple[str, Stamp | None]:
    """Place and date of what stands before the source: "LONDON, Jan. 5" has both."""
    words = lead.strip(" ,")
    stamp = next((s for s in find_stamps(words) if s.end == len(words)), None)
    place = words[: stamp.start].strip(" ,") if stamp else words
    kept = [part for part in place.split(", ") if not BARE_WEEKDAY.fullmatch(part)]
    return ", ".join(kept), stamp


def _opens_sentence(line: _Line, start: int) -> bool:
    return not line.words[start].islower() and (_is_prose(line) or not line.alone)


def _full_day(stamp: Stamp | None) -> date | None:
    return day_of(stamp.exact) if stamp else None


# -- the last lines ----------------------------------------------------------------------------------------------------


def _last_clues(text: str) -> Iterator[_Clue]:
    """What the last lines state: "(Reporting by Jane Roe)", "SOURCE Norlin Lines", "Copyright 2026 Karrow Courier"."""
    lines = [" ".join(raw.split()) for raw in compose(text).text.splitlines() if raw.strip()][-_MAX_LAST:]
    for words in lines:
        if len(words) > _MAX_SHORT:
            continue
        if match := _SIGN_OFF.fullmatch(words):
            yield _read_credits(match["who"]) or _Clue()
        elif match := _ISSUER.fullmatch(words):
            yield _Clue(source=match["name"], press=True)
        elif _RELEASE_END.fullmatch(words):
            yield _Clue(press=True)
        elif (match := _HOLDER.fullmatch(words)) and is_outlet(match["name"]):
            yield _Clue(source=match["name"])


_Recogniser = Callable[[_Line], _Clue | None]
_RECOGNISERS: tuple[_Recogniser, ...] = (_read_label, _read_byline, _read_imprint, _read_dateline)
