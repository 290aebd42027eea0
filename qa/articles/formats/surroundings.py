"""What stands around the paragraphs of a story, in whatever format: calls, teasers, credits, cover sheets, notices.

Pages, feeds, agencies' stories, PDFs, Word files and mails share these lines. A correction belongs to the story.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...english.lexicon import (
    AMENDED,
    CALLS,
    COVER_LABELS,
    FURNITURE,
    NOTICES,
    PICTURES,
    REACHES,
    READ_MORE,
    RETRACTED,
    STORIES,
    UPDATED,
    any_of,
)
from ...english.regex import lazy_compile
from ...model import Status

_MAX_LINE = 30  # words of a line that leads elsewhere
_MAX_HEADING = 8  # words of a heading
_PROSE = 20  # words of the longest paragraph that only leads to another story
_MAX_LENGTH = 400  # characters of such a line: patterns are slow on longer ones
_BEFORE_END = 0.6  # of the text: what stands behind so much may be no story any more

_THIS = rf"this\s+(?:{any_of(STORIES)})\s+(?:was|is|has\s+been|had\s+been)\s+(?:\w+ly\s+)?"
_EARLIER = rf"an?\s+(?:earlier|previous)\s+version\s+of\s+th(?:is|e)\s+(?:{any_of(STORIES)})\b"
_DAY = r"(?:[\s,(]+(?:on\s+)?(?:\w+\.?\s+)?\d[\w\s,.]{0,25}\)?)?"  # "Correction (4 May):"
_LABEL = rf"(?:{any_of(NOTICES)})(?:\s+(?:and|&)\s+(?:{any_of(NOTICES)}))?{_DAY}\s*[:—–]"
_NOTICE = lazy_compile(rf"\W*(?:{_LABEL}|{_THIS}(?:{any_of(AMENDED, UPDATED, RETRACTED)})\b|{_EARLIER})", re.IGNORECASE)
_CORRECTED = lazy_compile(
    rf"\A\W*corrections?\b|{_THIS}(?:{any_of(AMENDED)})\b|{_EARLIER}|\bto\s+correct\b", re.IGNORECASE
)
_RETRACTED = lazy_compile(rf"\A\W*retraction\b|{_THIS}(?:{any_of(RETRACTED)})\b", re.IGNORECASE)
_READ_MORE = lazy_compile(rf"\W*(?:{any_of(READ_MORE)})\s*(?:[:—–|>»-]|$)", re.IGNORECASE)
_FURNITURE = lazy_compile(rf"[^\w“\"‘]*(?:{any_of(FURNITURE)})\b", re.IGNORECASE)
_PICTURE = lazy_compile(
    rf"\W*(?:{any_of(PICTURES)})s?(?:\s+(?:credit|courtesy))?\s*(?::|\bby\b).{{0,100}}", re.IGNORECASE
)
_NETWORKS = r"(?:bluesky|facebook|instagram|linkedin|mastodon|telegram|threads|tiktok|twitter|whatsapp|x|youtube)"
_JOIN = lazy_compile(
    rf"[^“”\"]*\b(?:follow|join|find|like)\b[^.!?“”\"]*\b(?:on\s+(?:our\s+)?{_NETWORKS}|channel|newsletter)\b[^“”\"]*"
    r"|(?:become|be)\s+an?\s+(?:member|subscriber|supporter|friend)\b[^“”\"]*"
    r"|(?:support|donate to)\s+(?:us|our)\b[^“”\"]*",
    re.IGNORECASE,
)
_INBOX = lazy_compile(r"\A(?:get|receive|sign up)\b.*\b(?:in|to)\s+your\s+inbox\b", re.IGNORECASE)
_CALL = lazy_compile(rf"(?:[^.!?“”\"]*\byou\b[^.!?“”\"]*\?\s+)?(?:{any_of(CALLS)})\b[^?!“”\"]*", re.IGNORECASE)
_CONTRIBUTED = lazy_compile(
    rf"[^.“”\"]*\bcontributed\s+(?:(?:reporting|research)|(?:\w+\s+)?to\s+this\s+(?:{any_of(STORIES)}))\b[^.“”\"]{{0,40}}\.?"
)
_AUTHOR = lazy_compile(
    rf"[A-Z]\S+\s+[A-Z][^.“”\"]*\.\s+(?i:(?:{any_of(REACHES)})\s+(?:her|him|them)\s+(?:at|on|by|via))\b[^“”\"]*"
)
_REPORTED = lazy_compile(
    r"\W*(?:(?:additional\s+)?(?:reporting|writing|editing)|written|edited|compiled)\s+by\s[^“”\"]*|our\s+standards\s*:.*",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"\W*(?:©|(?:\w+\s)?copyright\s(?:©|\(c\)|\d{4})|\(c\)\s*\d{4})", re.IGNORECASE)
_RULE = re.compile(r"[_*\s—–-]+")
_BRACKETED = lazy_compile(
    rf"\[\[.*\]\]|\[(?:{any_of(PICTURES)})s?\b[^\]]*\]|\(?\s*more\s*\)?|\(\(.*@.*\)\)", re.IGNORECASE | re.DOTALL
)
_CONTACT = lazy_compile(r"[^.!?“”\"]{0,60}\b\S+@\S+\.\w+\b[^.!?“”\"]{0,40}")
_INITIALS = lazy_compile(r"[a-z]{2,4}(?:/[a-z]{2,4})+")
_END = lazy_compile(r"-\s?30\s?-|(?:#\s*){3,}|end of document", re.IGNORECASE)
_SECTION = lazy_compile(
    rf"\W*(?:(?:{any_of(READ_MORE)})|comments?(?:\s\(\d+\))?|\d+ comments?|trending\b.*"
    r"|most (?:commented|popular|read|shared|viewed)|about the (?:authors?|company|institute|organi[sz]ation)"
    r"|classification|graphic|load-date:.*)\W*",
    re.IGNORECASE,
)
# These may also head a part of the story: "More on the way".
_MAYBE_SECTION = lazy_compile(rf"\W*(?:(?:{any_of(READ_MORE)})\b.*|(?:also|more) (?:in|on)\b.*)\W*", re.IGNORECASE)
_BODY = lazy_compile(r"(?:body|full text|text):?", re.IGNORECASE)
_COVER = lazy_compile(rf"(?:{any_of(COVER_LABELS)})\s*[:=].*|documents? \(\d+\)|\d+\.\s.*", re.IGNORECASE)
_DATA = re.compile(r"^- |[|;\d]|: ")
_SENTENCE_END = re.compile(r"[.!?…][”’\"')\]*_]*$")


def is_notice(paragraph: str) -> bool:
    """Whether a paragraph says that a story was corrected, updated or withdrawn."""
    return _NOTICE.match(paragraph) is not None


def status_by_notices(text: str) -> Status:
    """Return what the notices among the paragraphs of a story say of it."""
    notices = [paragraph for paragraph in text.split("\n\n") if is_notice(paragraph)]
    if any(map(_RETRACTED.search, notices)):
        return "retracted"
    return "corrected" if any(map(_CORRECTED.search, notices)) else "current"


def leads_elsewhere(line: str) -> bool:
    """Whether a line calls on the reader, names a picture, or leads to another story."""
    if len(line) > _MAX_LENGTH or len(line.split()) > _MAX_LINE:
        return False
    if _INBOX.search(line) or _CALL.fullmatch(line) or _JOIN.fullmatch(line):
        return True
    return bool(_READ_MORE.match(line) or _FURNITURE.match(line) or _PICTURE.fullmatch(line))


def without_credits(paragraphs: Sequence[str]) -> tuple[list[str], str]:
    """Return the paragraphs without the last ones that are about who wrote them, and these."""
    end = len(paragraphs)
    while end > 1 and (_RULE.fullmatch(paragraphs[end - 1]) or _is_credit(paragraphs[end - 1])):
        end -= 1
    return list(paragraphs[:end]), "\n\n".join(paragraphs[end:])


def story_in(text: str) -> str:
    """Return the paragraphs of a text that belong to its story, with the lines above it that may name its author."""
    paragraphs, most = text.split("\n\n"), _BEFORE_END * len(text)
    kept: list[str] = []
    read = 0
    for at, paragraph in enumerate(paragraphs):
        if read >= most and (_END.fullmatch(paragraph) or _is_section(paragraph, paragraphs[at + 1 :])):
            notices = filter(is_notice, paragraphs[at + 1 :])
            return "\n\n".join((*_at_end(kept), *notices))
        if is_notice(paragraph) or not _is_beside(paragraph):
            kept.append(paragraph)
        read += len(paragraph) + len("\n\n")
    return "\n\n".join(_at_end(kept))


def without_cover(text: str) -> str:
    """Return an article that a database of the press has exported, without the sheet that describes the search."""
    paragraphs = text.split("\n\n")
    body = next((at for at, paragraph in enumerate(paragraphs) if _BODY.fullmatch(paragraph)), None)
    if body is None:
        return text
    sheet = max((at for at in range(body) if _COVER.fullmatch(paragraphs[at])), default=-1)
    return "\n\n".join(paragraphs[sheet + 1 :])


def _is_section(paragraph: str, following: Sequence[str]) -> bool:
    """Whether a paragraph heads what is no part of the story any more: comments, other stories."""
    if len(paragraph) > _MAX_LENGTH or len(paragraph.split()) > _MAX_HEADING:
        return False
    if _SECTION.fullmatch(paragraph):
        return True
    return bool(_MAYBE_SECTION.fullmatch(paragraph)) and all(len(one.split()) <= _PROSE for one in following)


def _is_beside(paragraph: str) -> bool:
    if len(paragraph) > _MAX_LENGTH:
        return False
    beside = _BRACKETED.fullmatch(paragraph) or _INITIALS.fullmatch(paragraph) or _CONTACT.fullmatch(paragraph)
    return bool(beside) or leads_elsewhere(paragraph)


def _at_end(paragraphs: list[str]) -> Iterator[str]:
    """Yield the paragraphs without credits at their end, and without headings below which nothing stands any more."""
    kept, _ = without_credits(paragraphs)
    while len(kept) > 2 and not is_notice(kept[-1]) and _stands_alone(kept[-1]):
        kept.pop()
    kept, _ = without_credits(kept)
    yield from kept


def _stands_alone(paragraph: str) -> bool:
    """Whether a paragraph is neither a sentence nor an item, a row or a figure, which may be a part of the story."""
    return not any(_SENTENCE_END.search(line) or _DATA.search(line) for line in paragraph.split("\n"))


def _is_credit(line: str) -> bool:
    if len(line) > _MAX_LENGTH or len(line.split()) > _MAX_LINE:
        return False
    known = _CONTRIBUTED.fullmatch(line) or _AUTHOR.fullmatch(line) or _RIGHTS.match(line) or _REPORTED.fullmatch(line)
    return bool(known)
