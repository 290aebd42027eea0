"""Quotations and the form of attribution of a sentence: where quotation marks open and close, and who reports."""

from __future__ import annotations

import re

from ..model import Attribution

_CURLY = re.compile(r"“([^“”]*)(?:”|$)")
_STRAIGHT = re.compile(r'"([^"]*)(?:"|$)')
_REPORTS = re.compile(
    r"\b(?:said|says|told|claim(?:s|ed)|according to|announced|added|insisted|argued|stated|denied|warned|acknowledged|"
    r"confirmed|reported|maintained|alleged|wrote|testified|noted)\b"
)


def quotations(text: str) -> tuple[str, ...]:
    """What stands between quotation marks, curly or straight, without the marks.

    A quotation that is not closed runs to the end, as it does where a speech goes on in the next sentence.
    """
    return tuple(q.strip() for pattern in (_CURLY, _STRAIGHT) for q in pattern.findall(text) if q.strip())


def straighten(text: str) -> str:
    """Text with one kind of quotation mark, apostrophe and space: for comparing words, never for storing."""
    return " ".join(text.translate(_MARKS).split())


_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", " ": " "})


def attribution(sentence: str) -> Attribution:
    """``direct`` if the sentence quotes, ``indirect`` if it reports what somebody said, else ``narration``.

    A judgement by form alone (marks and reporting verbs); who the speaker is, is not decided here.
    """
    if quotations(sentence):
        return "direct"
    return "indirect" if _REPORTS.search(sentence) else "narration"
