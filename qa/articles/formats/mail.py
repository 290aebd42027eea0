"""Mail: a newsletter or a forwarded article (EML), and mailboxes of them (MBOX).

    bytes ─messages─▶ Message ─letters─▶ the message, or the one it forwards ─body─▶ text ─trim─▶ Extract

Headers are read from their raw form, because the structured headers of ``email.policy.default`` raise a dozen kinds of
errors on those that senders of newsletters get wrong.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from itertools import pairwise
from urllib.parse import urlsplit

from lxml import etree, html

from ...english.characters import visible, well_formed
from ...english.first_names import gender_of
from ...english.header import read_header
from ...english.lexicon import RELEASE_MARKS, any_of
from ...english.regex import lazy_compile
from ...english.temporal.dates import find_stamps, parse_moment
from ...errors import InputError
from ..encoding import decode
from ..extract import Extract, Raw, Unread
from ..fields import Facts
from .markup import text_of
from .properties import reads_like_a_person
from .surroundings import status_by_notices, story_in

MAX_MESSAGES = 10_000
_MAX_PARTS = 200
_MAX_FORWARDS = 5


def read(raw: Raw) -> Iterator[Extract | Unread]:
    """Read a mail, or a mailbox.

    Args:
        raw: the file.

    Yields:
        An extract for each message, with its Message-ID as id. In a mailbox, an ``Unread`` with its number for each
        message that is broken or has no text.

    Raises:
        InputError: it is no mail, or not one of its messages has text.
    """
    if raw.suffix != ".mbox":
        yield _whole(raw.content)
        return
    found = False
    broken: list[Unread] = []
    for number, content in enumerate(_messages(raw.content), start=1):
        if number > MAX_MESSAGES:
            yield Unread(f"has more than {MAX_MESSAGES} messages; the others were not read")
            return
        try:
            yield replace(_whole(content), place=f"M{number}")
            found = True
        except InputError as error:
            broken.append(Unread(f"message {number}: {error}"))
            if found:
                yield from broken
                broken = []
    if not found:
        raise InputError(f"has no message that can be read ({broken[0].reason})" if broken else "has no message")
    yield from broken


def _messages(content: bytes) -> Iterator[bytes]:
    """Yield the messages of a mailbox.

    As in ``mailbox.mbox``, a line "From " begins one, and ">From " is such a line of a text. Unlike there, it counts
    only at the start or after a blank line, and before a header: "From the quay …" begins a paragraph.
    """
    separators = [match.span() for match in _SEPARATOR.finditer(content)]
    for (_, start), (end, _) in pairwise([*separators, (len(content), 0)]):
        yield re.sub(rb"(?m)^>(>*From )", rb"\1", content[start:end])


_SEPARATOR = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]*\n(?=[A-Za-z][A-Za-z0-9-]*:)")


def _whole(content: bytes) -> Extract:
    """Read a message, and turn what the standard library raises about a broken one into an InputError.

    ``email`` promises to parse anything, and does not keep the promise where a header is used. What it raises then is
    caught here, and only here.
    """
    try:
        return _extract(message_from_bytes(content))
    except (MessageError, LookupError, TypeError, ValueError, AttributeError, AssertionError, RecursionError) as error:
        raise InputError("is no mail that can be read") from error


def _extract(message: Message) -> Extract:
    if not any(_header(message, name) for name in ("From", "Date", "Subject", "Message-ID")):
        raise InputError("is no mail: it has no From, no Date and no Subject")
    letter = _letter(message)
    for _ in range(_MAX_FORWARDS):
        inner = _forwarded(letter)
        if inner is None:
            break
        letter = inner
    text = story_in(_trim(letter.text))
    if not text:
        raise InputError("has no text")
    if _is_list(text):
        raise InputError("has no story: it reads like a list of links")
    source, authors = _who(letter.sender, letter.address, letter.bulk)
    published, remarks = _moment(letter.date)
    link = _STORY_LINK.search(letter.text)
    facts = Facts(
        title=_title(letter, text),
        source=source,
        authors=authors,
        published=published,
        url=link["url"] if link else letter.link,
        status=status_by_notices(text),
    )
    return Extract(well_formed(text), facts, id=_id(message), warnings=(*letter.warnings, *remarks))


@dataclass(frozen=True)
class _Letter:
    """What a message says: its own, or one that it forwards."""

    subject: str
    sender: str
    address: str
    date: str
    text: str
    bulk: bool = False
    """Whether a list or a newsletter sent it, not a person."""
    heading: str = ""
    """Its first main heading, if it is in HTML."""
    link: str | None = None
    """The address to which that heading leads, without what follows readers."""
    warnings: tuple[str, ...] = ()


def _letter(message: Message) -> _Letter:
    parts = list(_parts(message))
    (text, heading, link), warnings = _body(parts)
    attached = [part for part in parts if part.get_content_type() == "message/rfc822"]
    inner = next((one for part in attached for one in _payload(part)), None)
    if inner is not None and (_FORWARDS.match(_header(message, "Subject")) or len(text.split()) < _FEW):
        return _letter(inner)
    sender, address = parseaddr(_header(message, "From"))
    bulk = any(_header(message, name) for name in ("List-Unsubscribe", "List-Id", "List-Post"))
    subject, date_ = _header(message, "Subject"), _header(message, "Date")
    return _Letter(subject, sender, address, date_, text, bulk, heading, link, warnings)


# -- headers -----------------------------------------------------------------------------------------------------------

_PREFIX = re.compile(r"(?:(?:fwd?|re|aw|wg|tr|rv)\s*:|\[[^\[\]]{1,40}\])\s*", re.IGNORECASE)
_RELEASE = lazy_compile(rf"(?:{any_of(RELEASE_MARKS)})\s*[:|–—-]\s*", re.IGNORECASE)
_TOLD, _FEWEST = 2_000, 4  # characters of the text in which a subject may stand; words of a headline
_FORWARDS = re.compile(r"\s*(?:\[[^\[\]]{1,40}\]\s*)?(?:fwd?|wg|tr|rv)\s*:", re.IGNORECASE)
_FEW = 40  # words; a mail with fewer is the cover of what is attached
_ROLES = frozenset(
    """
    alert alerts briefing contact daily desk digest do-not-reply donotreply editor editors email hello info mail news
    newsletter newsletters newsroom no-reply noreply post press reply team updates weekly
    """.split()
)
_JOINED = re.compile(
    r"(?P<who>.+?)\s*(?:\bfrom\b|\bat\b|\bof\b|\bvia\b|[|,·•/]|\s[-–—]\s|\((?=.+\)))\s*(?P<outlet>.+?)\)?"
)
_ZONE_NAME = re.compile(r"\s*\([^()]{1,40}\)\s*$")
_HAS_ZONE = re.compile(r":\d\d\s+(?:[+-]\d{4}|UTC?|GMT|Z|[ECMP][SD]T)$")


def _header(message: Message, name: str) -> str:
    """Return a header on one line, its encoded words decoded; "" without it."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            written = str(value).encode("utf-8", "surrogateescape")
            try:
                return visible(well_formed(_decode_words(decode(written)[0])))
            except InputError:
                return ""
    return ""


def _decode_words(value: str) -> str:
    try:
        parts = decode_header(" ".join(value.split()))
    except (MessageError, binascii.Error, ValueError):
        return value
    return "".join(part if isinstance(part, str) else _decode(part, charset)[0] for part, charset in parts)


def _subject(subject: str) -> str:
    """Return a subject without "Fwd:", "Re:", "PRESS RELEASE:" and the name of a list in brackets."""
    while match := _PREFIX.match(subject) or _RELEASE.match(subject):
        subject = subject[match.end() :]
    return subject


def _title(letter: _Letter, text: str) -> str | None:
    """Return the headline that the text shows: a main heading, or a line with a byline below it; else the subject."""
    subject = _subject(letter.subject)
    if letter.heading and letter.heading in text:
        return letter.heading
    header = read_header(text)
    shown = header.title if header.title and "|" not in header.title and (header.authors or header.published) else None
    told = " ".join(text[:_TOLD].split()).lower()
    return shown if shown and len(shown.split()) >= _FEWEST and subject.lower() not in told else subject or None


def _id(message: Message) -> str | None:
    return _header(message, "Message-ID").strip("<> ") or None


def _who(name: str, address: str, bulk: bool) -> tuple[str | None, tuple[str, ...]]:
    """Tell the outlet and the author by the name of a sender.

    A name is a person's if it reads like one, without a word for a body or a medium, and if something speaks for it:
    its first word is a known first name, the address repeats a part of it, or no list sent the mail. "Ines Vale from
    Karrow Courier" and "Ines Vale (Karrow Courier)" are both.
    """
    name = visible(name).strip("\"' ")
    if not name or "@" in name:
        return None, ()
    joined = _JOINED.fullmatch(name)
    if joined and reads_like_a_person(joined["who"]):
        return joined["outlet"], (joined["who"],)
    local = set(re.split(r"[._+-]", address.partition("@")[0].lower()))
    words = name.lower().split()
    spoken_for = gender_of(name) or local & set(words) or not (bulk or local & _ROLES)
    return (None, (name,)) if reads_like_a_person(name) and spoken_for else (name, ())


def _moment(value: str) -> tuple[datetime | date | None, tuple[str, ...]]:
    """Return the instant of a Date header, or of a forwarded one; the day, if no zone is given.

    The zone "-0000" says that the instant is in UTC and the sender's zone is unknown (RFC 5322, 3.3).
    """
    value = _ZONE_NAME.sub("", value)
    if not value:
        return None, ()
    if _HAS_ZONE.search(value):
        try:
            moment = parsedate_to_datetime(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), ()
        except (ValueError, TypeError, IndexError, OverflowError):
            pass
    day = parse_moment(value) or next((stamp.exact for stamp in find_stamps(value) if stamp.exact), None)
    if isinstance(day, datetime) and day.tzinfo is None:
        day = day.date()
    return day, () if day else (f"the date {value[:60]!r} cannot be read",)


# -- body --------------------------------------------------------------------------------------------------------------

_MIN_WIDTH, _MAX_WIDTH = 50, 80  # characters of a line in a text that was broken at one width
_ITEM = re.compile(r"\s*(?:[-*•]|\d{1,2}[.)])\s")
_LONG = 8  # words; a line with as many is prose, and not a button or a heading
_OTHER_CODES = re.compile(r"utf-?(?:7|16|32)|iso-?2022|hz", re.IGNORECASE)
_STORY_LINK = re.compile(
    r"^(?:read|view|see) (?:this|the)(?: full)? (?:story|article)(?: online)?: ?(?P<url>https?://[^\s<>]+)$",
    re.IGNORECASE | re.MULTILINE,
)
"""Names the address of the article itself, which "view in browser" does not."""
_SLUG = re.compile(r"/[a-z0-9]+(?:-[a-z0-9]+){2,}/?$", re.IGNORECASE)
_COUNTER = re.compile(r"\b(?:click|redirect|track(?:ing)?)\b|app-link", re.IGNORECASE)
_HIDDEN = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|opacity:0(?![.\d])|(?<![-\w])(?:max-)?(?:height|width):0(?![.\d])"
    r"|font-size:[01](?:px)?(?![.\d])"
)
_LINK = re.compile(r" ?(?:<https?://[^\s<>]*>|\[https?://[^\s\[\]]*\]|\(\s*https?://[^\s()]*\s*\))")
_LINE_LINK = re.compile(r"(?m)^[ \t]*https?://\S*[ \t]*$\n?")


def _payload(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _parts(message: Message) -> Iterator[Message]:
    """Yield the parts of a message: texts and attached messages. What is in an attached message is not entered."""
    waiting, count = [message], 0
    while waiting and count < _MAX_PARTS:
        part = waiting.pop(0)
        count += 1
        if part.get_content_maintype() == "multipart":
            waiting = _payload(part) + waiting
        else:
            yield part


def _body(parts: list[Message]) -> tuple[tuple[str, str, str | None], tuple[str, ...]]:
    """Return the text of a message, its main heading with the address it leads to, and remarks.

    Of two forms, HTML is taken unless plain text has much more prose.
    """
    warnings: list[str] = []
    heading: tuple[str, str | None] = "", None
    texts: dict[str, list[str]] = {"text/html": [], "text/plain": []}
    for part in parts:
        kind = part.get_content_type()
        if kind not in texts or part.get_content_disposition() == "attachment" or part.get_filename():
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content.strip():
            text, remarks = _decode(content, part.get_content_charset())
            warnings += remarks
            if kind == "text/html":
                text, first = _html(text)
                heading = heading if heading[0] else first
            texts[kind].append(text if kind == "text/html" else _plain(text, part))
    rich, plain = ("\n\n".join(filter(None, texts[kind])) for kind in ("text/html", "text/plain"))
    said = rich if rich and _prose(rich) >= 0.8 * _prose(plain) else plain
    return (said, *heading), tuple(dict.fromkeys(warnings))


def _prose(text: str) -> int:
    """Return how many words stand in lines that are prose."""
    return sum(count for line in text.splitlines() if (count := len(line.split())) >= _LONG)


def _decode(content: bytes, charset: str | None) -> tuple[str, tuple[str, ...]]:
    """Decode a part, whatever its charset says. Never raises: what is no text in any encoding becomes ""."""
    if charset and _OTHER_CODES.match(charset):  # their bytes may look like UTF-8
        try:
            return content.decode(charset), ()
        except (LookupError, ValueError):
            pass
    for named in (charset, None):
        try:
            return decode(content, named)
        except (InputError, ValueError):
            continue
    return "", ()


def _html(source: str) -> tuple[str, tuple[str, str | None]]:
    """Return the text of HTML without what is hidden or quoted by a reply, and its main heading with its address."""
    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", source).replace("\0", "")
    try:
        page = html.document_fromstring(source)
    except (etree.ParserError, etree.XMLSyntaxError):  # nothing but comments
        return "", ("", None)
    for element in list(page.iter(etree.Element)):
        style = re.sub(r"\s", "", element.get("style") or "").lower()
        if (style and _HIDDEN.search(style)) or _is_quoted(element):
            element.drop_tree()
    lines = text_of(page).split("\n")
    kept = (line for line in lines if not line or visible(line))  # newsletters pad their previews with joiners
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip(), _main_heading(page)


def _main_heading(page: html.HtmlElement) -> tuple[str, str | None]:
    for heading in page.iter("h1"):
        words = " ".join(text_of(heading).split())
        if len(words.split()) >= _FEWEST:
            links = (link.get("href") or "" for link in heading.iter("a"))
            return words, next((found for link in links if (found := _of_story(link))), None)
    return "", None


def _of_story(link: str) -> str | None:
    """Return an address without what follows readers, if it is an article's and not that of a counter of clicks."""
    try:
        whole = urlsplit(link)
    except ValueError:
        return None
    named = whole.scheme in {"http", "https"} and bool(_SLUG.search(whole.path)) and not _COUNTER.search(link)
    return whole._replace(query="", fragment="").geturl() if named else None


def _is_quoted(element: html.HtmlElement) -> bool:
    if element.getparent() is None or element.tag != "blockquote" or element.get("type") != "cite":
        return False
    before = element.getprevious()
    return before is None or not _MARK.search(" ".join((*before.itertext(), before.tail or "")))


def _plain(text: str, part: Message) -> str:
    """Return plain text with its lines joined, without quoted lines, a signature and addresses behind links."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    signature = next((n for n in range(len(lines) - 1, max(-1, len(lines) - 12), -1) if lines[n] == "-- "), len(lines))
    lines = lines[:signature]
    quoted = [n for n, line in enumerate(lines) if re.match(r">|On .{10,200} wrote:$", line)]
    if quoted and len(quoted) < len(lines) and not _is_forward(lines):
        lines = [line for n, line in enumerate(lines) if n not in set(quoted)]
    else:
        lines = [re.sub(r"^(?:> ?)+", "", line) for line in lines]
    flowed = str(part.get_param("format") or "").lower() == "flowed"
    delete = str(part.get_param("delsp") or "").lower() == "yes"
    joined = _flowed(lines, delete) if flowed else _unwrapped(lines)
    return _LINE_LINK.sub("", _LINK.sub("", joined)).strip()


def _is_forward(lines: list[str]) -> bool:
    return bool(_MARK.search("\n".join(line.lstrip("> ") for line in lines)))


def _flowed(lines: list[str], delete: bool) -> str:
    """Join lines that end with a space (RFC 3676)."""
    parts = []
    for line in lines:
        line = line.removeprefix(" ")  # stuffed
        soft = line.endswith(" ") and line != "-- "
        parts.append((line[:-1] if delete else line) if soft else line + "\n")
    return "".join(parts)


def _unwrapped(lines: list[str]) -> str:
    """Join the lines of paragraphs that were broken at one width: where the next word had no room."""
    width = max((len(line) for line in lines if len(line) <= _MAX_WIDTH and " " in line), default=0)
    if width < _MIN_WIDTH or sum(len(line) for line in lines if len(line) > width) > 0.1 * sum(map(len, lines)):
        return "\n".join(lines)
    joined: list[str] = []
    last = ""
    for line in lines:
        words = line.split(maxsplit=1)
        full = bool(words and last.strip()) and len(last) + 1 + len(words[0]) > width
        if full and not _ITEM.match(line):
            joined[-1] += " " + line.strip()
        else:
            joined.append(line)
        last = line
    return "\n".join(joined)


# -- forwarded articles ------------------------------------------------------------------------------------------------

_MARK = re.compile(
    r"^[^\w\n]{0,40}(?:begin )?(?P<kind>forwarded|original) message[^\w\n]{0,40}$", re.IGNORECASE | re.MULTILINE
)
_FIELD = re.compile(r"\W{0,3}(?P<name>from|sent|date|subject|to|cc|reply-to)\s?:\W{0,2}\s(?P<value>.*)", re.IGNORECASE)


def _forwarded(letter: _Letter) -> _Letter | None:
    """Return the message that a text forwards, as the usual programs do: below a mark, or below a block of headers."""
    forwards = bool(_FORWARDS.match(letter.subject))
    lines = letter.text.split("\n")
    for number, line in enumerate(lines):
        mark = _MARK.match(line)
        if not (mark and (forwards or mark["kind"].lower() == "forwarded")) and not (forwards and _FIELD.match(line)):
            continue
        fields, end = _fields(lines, number + bool(mark))
        sender = fields.get("from")
        when = fields.get("date") or fields.get("sent") or ""
        if sender and (when or "subject" in fields):
            name, address = _name_and_address(sender)
            subject = fields.get("subject") or letter.subject
            text = "\n".join(lines[end:]).strip()
            return replace(letter, subject=subject, sender=name, address=address, date=when, text=text, bulk=False)
    return None


def _fields(lines: list[str], start: int) -> tuple[dict[str, str], int]:
    """Read the headers of a forwarded message, which may have blank lines between them, and where they end."""
    fields: dict[str, str] = {}
    end = start
    for number in range(start, min(len(lines), start + 16)):
        match = _FIELD.fullmatch(lines[number].strip())
        if match:
            fields.setdefault(match["name"].lower(), match["value"].strip("* "))
            end = number + 1
        elif lines[number].strip():
            break
    return fields, end


def _name_and_address(sender: str) -> tuple[str, str]:
    """Split "Karrow Courier <news@courier.example>" and Outlook's "Karrow Courier [mailto:news@courier.example]"."""
    sender = " ".join(sender.split())
    match = re.fullmatch(r"(?P<name>[^<\[]*)[<\[](?:mailto:)?(?P<address>[^\s<>\[\]]+)[>\]].*", sender)
    return (match["name"].strip("\"' "), match["address"]) if match else (sender, "")


# -- what surrounds the story ------------------------------------------------------------------------------------------

_TOP = 6  # lines
_MAX_TOP = 150  # characters
_HEAD_WORDS = re.compile(
    r"\b(?:view|read|open|see|display)\b.{0,40}\b(?:browser|online|web ?page|web version|website)\b|\bweb version\b"
    r"|\b(?:trouble|problems?|difficulty) (?:view|read|see|display)ing\b|\bnot displaying\b|\baddress book\b"
    r"|\bunsubscribe\b|\bforwarded (?:to you|this)\b|^advertisement$",
    re.IGNORECASE,
)
_FOOT_WORDS = re.compile(
    r"\bunsubscribe|\bsubscri(?:be|bed|ption|ptions)\b|\bopt(?:ing)?[ -]out\b|\b(?:e-?mail|your|manage|update) pref"
    r"|\b(?:receiv(?:e|ed|ing)|get|getting|sent)\b.{0,40}\b(?:e-?mails?|message|newsletters?|this|because)\b"
    r"|\b(?:view|read|open)\b.{0,40}\bbrowser\b|\bweb version\b|\ball rights reserved\b|©|\bcopyright\b|\(c\) \d{4}"
    r"|\bprivacy (?:policy|notice|statement)\b|\bterms (?:of|and)\b|\bcookie policy\b|\bmailing (?:address|list)\b"
    r"|^(?:read|view)\b.{0,30}\b(?:story|article|post)\b.{0,20}(?:\bonline\b|https?://)"
    r"|\bconfidential\b|\bintended (?:recipient|solely|only)\b|\bregistered (?:in|office|company)\b|\bsent from my\b"
    r"|\bforward(?:ed)? (?:this|to)\b|\bfollow us\b|\bcontact us\b|\badvertise with\b|\bdo not reply\b",
    re.IGNORECASE,
)
_TO_READERS = re.compile(
    r"\b(?:you|your|us|we|our|me|my|this (?:e-?mail|message|newsletter))\b|©|\bcopyright\b", re.IGNORECASE
)
_CAPTION = re.compile(
    r"(?:^|[.!?)] )(?:photo(?:graph)?|picture|image|illustration)s?(?: by |: ?|/)[^.!?]{2,60}\.?$", re.IGNORECASE
)
_QUOTES = re.compile(r"[“”\"«»]")
_SHORT = 12  # words
_BEGUN = 3  # stories that a list of them begins


def _trim(text: str) -> str:
    """Leave out what senders put above and below the story.

    Above: of the first lines, those that offer the mail in a browser. Below: all from the first line of the foot, which
    is found from the end. Short lines that are no sentences may stand between the lines of a foot.
    """
    lines = [line.strip() for line in text.split("\n")]
    filled = [number for number, line in enumerate(lines) if line]
    above = {n for n in filled[:_TOP] if len(lines[n]) <= _MAX_TOP and _is_frame(lines[n], _HEAD_WORDS)}
    cut = len(lines)
    for number in reversed(filled):
        if _is_frame(lines[number], _FOOT_WORDS):
            cut = number
        elif len(lines[number].split()) > _SHORT or (_is_sentence(lines[number]) and not _is_in_foot(lines, number)):
            break
    below = filled[_TOP] if len(filled) > _TOP else cut
    asking = {n for n in range(below, cut) if _is_frame(lines[n], _FOOT_WORDS) and _TO_READERS.search(lines[n])}
    kept = "\n".join(
        line for n, line in enumerate(lines[:cut]) if n not in above | asking and not _CAPTION.search(line)
    )
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"\n[-_=*~ ]{3,}$", "", kept.strip())).strip()


def _is_list(text: str) -> bool:
    """Whether a mail only begins stories, as alerts do: most of its lines of prose end in dots."""
    prose = [line for line in text.split("\n") if len(line.split()) >= _LONG]
    begun = [line for line in prose if line.endswith(("...", "…"))]
    return len(begun) >= _BEGUN and 2 * len(begun) >= len(prose)


def _is_in_foot(lines: list[str], number: int) -> bool:
    """Whether a short sentence stands below a line of the foot: "Tomorrow: the man who repairs umbrellas." """
    before = next((line for line in reversed(lines[:number]) if line), "")
    return _is_frame(before, _FOOT_WORDS)


def _is_frame(line: str, words: re.Pattern[str]) -> bool:
    """Whether a line has a word of frames and is no sentence, or one that speaks to its reader and quotes nobody."""
    to_reader = bool(_TO_READERS.search(line)) and not _QUOTES.search(line)
    return bool(words.search(line)) and (to_reader or not _is_sentence(line))


def _is_sentence(line: str) -> bool:
    return line.endswith((".", "!", "?", "”", '"'))
