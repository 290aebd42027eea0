"""Questions that ask what somebody has said: "What has Zakharova said about foreign troops?", "Everything Tiell said".

Such a question is recognised by its form: who speaks, about what, and whether everything they said is asked for. If
nobody of that name speaks in the library, it is treated as an ordinary question later ("What does the report say about
brakes?").
"""

from __future__ import annotations

import re

from ..model import Value

_SAY = (
    r"(?:say|said|says|saying|state|stated|claim|claimed|announce|announced|declare|declared|comment|commented"
    r"|remark|remarked|argue|argued|warn|warned|admit|admitted|promise|promised)"
)
_WHO = r"(?P<who>(?:the\s+|an?\s+)?[\w’'.-]+(?:\s+[\w’'.-]+){0,5}?)"
_ABOUT = r"(?:\s+(?:about|on|of|regarding|concerning|over|as to|in regard to|with regard to)\s+(?P<about>.+?))?"
_ALL = (
    r"(?:everything|anything|all(?:\s+(?:that|the\s+things|things))?|every(?:\s+single)?\s+(?:thing|word|statement|remark"
    r"|comment|quote|quotation)|all\s+(?:of\s+)?(?:the\s+)?(?:statements|remarks|comments|quotes|quotations|words))"
)
_STATEMENTS = r"(?:the\s+)?(?:statements|remarks|comments|quotes|quotations|sayings|words)"
_WHAT = r"what\s+(?:(?:else|exactly|precisely)\s+)?"
_LEAD = r"(?:(?:please\s+)?(?:list|show|give|tell|name|collect|find)(?:\s+(?:me|us))?\s+)?"
_DID = r"(?:has|have|had|did|does|do)"
_HAS = r"(?:(?:has|have|had)\s+)?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_WHAT}{_DID}\s+{_WHO}\s+(?:ever\s+)?{_SAY}(?:\s+so\s+far)?(?:\s+publicly)?{_ABOUT}",
        rf"{_WHAT}{_DID}\s+{_WHO}\s+(?:tell|told)\s+(?P<about>.+)",
        rf"what\s+(?!(?:exactly|else|precisely|{_DID})\b){_WHO}\s+{_HAS}{_SAY}{_ABOUT}",
        rf"{_LEAD}(?P<all>{_ALL})\s+(?:that\s+)?{_WHO}\s+{_HAS}(?:ever\s+)?{_SAY}{_ABOUT}",
        rf"{_LEAD}(?:(?P<all>all|every)\s+(?:of\s+)?)?{_STATEMENTS}\s+(?:made\s+)?(?:by|from|of)\s+{_WHO}{_ABOUT}",
    )
)
# A pronoun must be resolved from the conversation ("What did he say?"), and "people" are no speaker.
_NOBODY = re.compile(r"(?:he|she|they|it|we|you|i|people|who|anyone|anybody|someone|somebody|everyone|nobody)", re.I)


def speaker_query(question: str) -> SpeakerQuery | None:
    """Return what a question for somebody's words asks for; None for any other question."""
    plain = question.strip().rstrip("?!. ")
    for form in _FORMS:
        match = form.fullmatch(plain)
        if match and not _NOBODY.fullmatch(match["who"]):
            about = match["about"] or ""
            everything = bool(match.groupdict().get("all")) or not about
            return SpeakerQuery(who=match["who"], about=about, everything=everything)
    return None


class SpeakerQuery(Value):
    """What a question for somebody's words asks for.

    ``who`` is the speaker, ``about`` the topic ("" for any), and ``everything`` whether all of their words are asked
    for.
    """

    who: str
    about: str = ""
    everything: bool = False
