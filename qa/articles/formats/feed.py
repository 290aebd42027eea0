"""Feeds: RSS 0.9 to 2.0, Atom and JSON Feed. Each entry with a text is an article."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import struct_time
from typing import Any
from urllib.parse import urljoin

import feedparser
from lxml import etree, html

from ...english.characters import well_formed
from ...english.header import is_outlet
from ...errors import InputError
from ..extract import Extract, Raw, Unread
from ..fields import read_facts
from .agency import drop, first_moment, words_of
from .markup import looks_like_markup, text_of
from .surroundings import status_by_notices, story_in
from .xml import parse

_MEDIA = tuple(
    f"{{{space}}}*"
    for space in (
        "http://search.yahoo.com/mrss/",
        "http://search.yahoo.com/mrss",
        "http://www.itunes.com/dtds/podcast-1.0.dtd",
    )
)
"""The titles and descriptions of pictures and sounds. feedparser would take them for the story's."""
_DOTS = re.compile(r"(?:\[?(?:…|\.{3})\]?|\[(?:more|\+\d+ chars)\])\W*$", re.IGNORECASE)
_MORE = re.compile(r"\W*(?:continue reading|read more|(?:read )?(?:the )?full (?:story|article))\b.*", re.IGNORECASE)
_FOOTER = re.compile(r"the post .+ appeared first on .+", re.IGNORECASE)
"""The last line of an entry of WordPress."""
_MAX_FOOTERS = 4
_NOT_HTML = re.compile(r"^\s*<\?xml[^>]*\?>|\0")  # lxml refuses both
_TRACKING = re.compile(r"(?<=[?&])utm_\w+=[^&#]*&?")
_PARTS = re.compile(r"\s*(?:[|»›:·]|\s[-–—]\s)\s*")
_TAIL = 200  # characters of the end that tell whether a text is cut
_MAILBOX = re.compile(r"(?<!\S)[(<]?[^\s()<>@]{1,64}@[^\s()<>@]+[)>]?")
_STORY = 1_000  # characters; a summary is no longer, so a description that is longer holds the story
_SUMMARIES = "has summaries only; fetch the pages with --full"
_FAULTS = (ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError, OverflowError)


@dataclass(frozen=True)
class _Item:
    """An entry as the feed states it."""

    id: str | None
    url: str | None
    title: str | None
    text: str
    full: bool
    authors: tuple[str, ...] = ()
    published: tuple[str, ...] = ()  # as written, the best first
    updated: tuple[str, ...] = ()
    source: str | None = None
    language: str | None = None
    fault: str = ""


def read(raw: Raw) -> Iterator[Extract | Unread]:
    """Read a feed.

    Args:
        raw: the feed, as XML or JSON. ``raw.url`` is what relative addresses are relative to.

    Yields:
        An article for each entry with a text, and an ``Unread`` for each that is a headline only. If some have a
        summary in place of the story, the first of them has a warning. With ``raw.links`` an extract without a text for
        each entry with an address, and an ``Unread`` for each other one.

    Raises:
        InputError: it is no feed, or has no entries.
    """
    items, warnings = _items(raw)
    for found in _links(items) if raw.links else _extracts(items):
        if isinstance(found, Extract) and warnings:
            found, warnings = replace(found, warnings=(*warnings, *found.warnings)), ()
        yield found


def read_json_feed(document: Mapping[str, object]) -> list[Extract | Unread]:
    """Read a JSON Feed (jsonfeed.org).

    Args:
        document: the parsed JSON.

    Returns:
        As ``read`` yields.

    Raises:
        InputError: it has no entries.
    """
    return list(_extracts(_json_items(document)))


def _extracts(items: list[_Item]) -> Iterator[Extract | Unread]:
    brief = [number for number, item in enumerate(items) if item.text and not item.full]
    warning = _SUMMARIES if len(brief) == len(items) else f"{_SUMMARIES} ({len(brief)} of {len(items)} entries)"
    for number, item in enumerate(items):
        if item.fault:
            yield Unread(f"entry {number + 1}: {item.fault}")
        elif item.text:
            yield _extract(item, number, item.text, (warning,) if number in brief[:1] else ())
        else:
            named = f" ({item.title[:80]})" if item.title else ""
            yield Unread(f"entry {number + 1}{named}: has no text; fetch its page with --full")


def _links(items: list[_Item]) -> Iterator[Extract | Unread]:
    for number, item in enumerate(items):
        if item.fault:
            yield Unread(f"entry {number + 1}: {item.fault}")
            continue
        # The page is fetched again when the entry says that it has changed.
        found = _extract(replace(item, published=(*item.updated, *item.published)), number, "")
        yield found if found.facts.url else Unread(f"entry {number + 1}: has no address")


def _extract(item: _Item, number: int, text: str, warnings: tuple[str, ...] = ()) -> Extract:
    beside = {
        "title": item.title,
        "source": item.source,
        "authors": list(item.authors),
        "url": item.url,
        "language": item.language,
    }
    facts, remarks = read_facts(beside)
    published, doubts = first_moment((*item.published, *item.updated))
    name = item.id or item.url
    return Extract(
        text,
        replace(facts, published=published, modified=first_moment(item.updated)[0], status=status_by_notices(text)),
        id=name,
        place=None if name else f"E{number + 1}",
        where=f"entry {number + 1}",
        warnings=(*warnings, *remarks, *doubts),
    )


def _items(raw: Raw) -> tuple[list[_Item], tuple[str, ...]]:
    if raw.content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json_items(_json(raw.content)), ()
    root, warnings = parse(raw)
    etree.strip_elements(root, *_MEDIA, with_tail=False)
    for item in root.iter("{*}item"):
        writer, mailbox = item.find("{http://purl.org/dc/elements/1.1/}creator"), item.find("author")
        if writer is not None and mailbox is not None:  # RSS's author is an address, often of the whole desk
            item.remove(mailbox)
    for author in root.iter("{*}author", "{*}creator", "{*}name"):
        # Not left to feedparser: it knows no top-level domains of more than four letters.
        author.text = _MAILBOX.sub("", author.text or "").strip(" \t\r\n()<>")
    try:
        # A stream, because feedparser takes a string for an address or the name of a file.
        feed = feedparser.parse(
            io.BytesIO(etree.tostring(root, encoding="utf-8")),
            response_headers={"content-location": raw.url or ""},
            sanitize_html=False,  # nothing is shown as HTML, and it removes the tags that tell captions
            resolve_relative_uris=False,
        )
        # An Atom feed's author wrote its entries; an RSS channel's is its editor.
        writers = tuple(_authors(feed.feed)) if feed.version.startswith("atom") else ()
        items = [_item(entry, feed.feed, writers) for entry in feed.entries]
    except _FAULTS as error:  # feedparser fails on some feeds that break the rules
        raise InputError("is a feed that cannot be read") from error
    if not items:
        raise InputError("is a feed without entries")
    return items, warnings


# RSS and Atom


def _item(entry: dict[str, Any], feed: Mapping[str, Any], writers: tuple[str, ...]) -> _Item:
    contents = [str(one.get("value") or "") for one in entry.get("content") or ()]
    source, outlet = entry.get("source") or {}, _outlet(_line(feed.get("title")))
    origin = _line(source.get("title")) if isinstance(source, Mapping) else None
    url = _TRACKING.sub("", entry.get("feedburner_origlink") or entry.get("link") or "").rstrip("?&") or None
    text, full = _story(max(contents, key=len, default=""), str(entry.get("summary") or ""))
    return _Item(
        id=entry.get("id") or url,
        url=url,
        title=_title(entry.get("title"), origin),
        text=text,
        full=full,
        authors=tuple(_authors(entry)) or tuple(name for name in writers if name != outlet),
        published=tuple(_moments(entry, "published", "created")),
        updated=tuple(_moments(entry, "updated")),
        source=origin or outlet,
        language=next((tag for one in entry.get("content") or () if (tag := one.get("language"))), None)
        or feed.get("language"),
    )


def _story(content: str, summary: str) -> tuple[str, bool]:
    """Return an entry's text, and whether it is the story rather than a summary of it."""
    (whole, cut), (brief, brief_cut) = _body(content), _body(summary)
    if len(brief) > len(whole):
        long = len(brief) >= _STORY or brief.count("\n\n") >= 2
        return brief, long and not brief_cut
    return whole, bool(whole) and not cut


def _body(value: str) -> tuple[str, bool]:
    """Return the text of an entry's content, and whether it breaks off with dots or a link to read more."""
    if not looks_like_markup(value):
        lines = [line.strip() for line in value.strip().splitlines()]
        more = bool(lines) and bool(_MORE.fullmatch(lines[-1][:_TAIL]))
        text = "\n".join(lines[:-1] if more else lines).strip()
        return text, more or bool(_DOTS.search(text[-_TAIL:]))
    fragment = html.fragment_fromstring(_NOT_HTML.sub("", value), create_parent="div")
    more = False
    for link in list(fragment.iter("a")):
        if _MORE.fullmatch((words_of(link) or "")[:_TAIL]):
            more = True
            drop(link)
    _drop_footers(fragment)
    text = story_in(text_of(fragment))
    return text, more or bool(_DOTS.search(text[-_TAIL:]))


def _drop_footers(fragment: etree._Element) -> None:
    """Remove the last paragraphs, as long as they are no text and something stands before them."""
    paragraphs = [one for one in reversed(list(fragment.iter("p"))) if len(one) or one.text][: _MAX_FOOTERS + 1]
    for paragraph in paragraphs[:-1]:
        whole, words = words_of(fragment) or "", words_of(paragraph) or ""
        if not whole.endswith(words) or not _is_footer(paragraph):
            break
        drop(paragraph)


def _is_footer(paragraph: etree._Element) -> bool:
    """Whether a paragraph is nothing but a link: "Listen to our podcast". Or WordPress's last line."""
    words = words_of(paragraph) or ""
    linked = " ".join(filter(None, map(words_of, paragraph.iter("a"))))
    return len(words) < 2 * _TAIL and (words == linked or bool(_FOOTER.fullmatch(words)))


def _title(title: object, origin: str | None) -> str | None:
    """Return the headline. Aggregators put the outlet's name behind it: "Ferry to reopen - Karrow Courier"."""
    words = _line(title)
    return words.removesuffix(f" - {origin}") if words and origin else words


def _outlet(title: str | None) -> str | None:
    """Return the outlet that a feed's title names, without the section: "Karrow Courier - All stories"."""
    parts = _PARTS.split(title) if title else []
    outlets = list(filter(is_outlet, parts))
    return outlets[0] if len(parts) > 1 and len(outlets) == 1 else title


def _authors(entry: Mapping[str, Any]) -> Iterator[str]:
    listed = entry.get("authors") or ()
    names = [name for one in listed if isinstance(one, Mapping) and (name := _line(one.get("name")))]
    names = names or [name for name in (_line(entry.get("author")),) if name]
    yield from (name for name in names if "@" not in name)


def _moments(entry: dict[str, Any], *names: str) -> Iterator[str]:
    """Yield the dates as written, with their zones, and behind them what feedparser makes of them, in UTC."""
    for name in names:
        if name in entry:
            yield str(entry[name])
        parsed = dict.get(entry, f"{name}_parsed")  # its own get warns of "updated"
        if isinstance(parsed, struct_time):
            yield datetime(*parsed[:6], tzinfo=UTC).isoformat()


# JSON Feed


def _json(content: bytes) -> Mapping[str, object]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError("is not JSON that can be read") from error
    if not isinstance(document, dict):
        raise InputError("is no JSON Feed")
    return document


def _json_items(document: Mapping[str, object]) -> list[_Item]:
    listed = document.get("items")
    items = [_json_item(item, document) for item in listed] if isinstance(listed, list) else []
    if not items:
        raise InputError("is a feed without entries")
    return items


def _json_item(item: object, feed: Mapping[str, object]) -> _Item:
    if not isinstance(item, Mapping):
        return _Item(None, None, None, "", False, fault="not a JSON object")
    base = _string(feed.get("home_page_url")) or ""
    link = _string(item.get("url")) or _string(item.get("external_url"))
    content = _string(item.get("content_html")) or _string(item.get("content_text"))
    text, full = _story(content or "", _string(item.get("summary")) or "")
    return _Item(
        id=_string(item.get("id")) or link,
        url=_joined(base, link),
        title=_line(item.get("title")),
        text=text,
        full=full,
        authors=tuple(_json_authors(item)) or tuple(_json_authors(feed)),
        published=tuple(filter(None, (_string(item.get("date_published")),))),
        updated=tuple(filter(None, (_string(item.get("date_modified")),))),
        source=_outlet(_line(feed.get("title"))),
        language=_string(item.get("language")) or _string(feed.get("language")),
    )


def _json_authors(item: Mapping[str, object]) -> Iterator[str]:
    listed = item.get("authors")
    for author in listed if isinstance(listed, list) else [item.get("author")]:
        name = _string(author.get("name")) if isinstance(author, Mapping) else None
        if name:
            yield name


def _joined(base: str, link: str | None) -> str | None:
    try:
        return urljoin(base, link) if link else None
    except ValueError:
        return None


# Values


def _line(value: object) -> str | None:
    words = well_formed(value) if isinstance(value, str) else ""
    return " ".join((text_of(words) if looks_like_markup(words) else words).split()) or None


def _string(value: object) -> str | None:
    given = isinstance(value, str | int) and not isinstance(value, bool)
    return well_formed(str(value)).strip() or None if given else None
