"""Questions that a sentence answers: "Who ordered the Keller Bridge shut?" from a sentence that names who did."""

from __future__ import annotations

from .characters import fold
from .inflection import PASTS
from .lexicon import (
    ARTICLES,
    BE,
    COMPANY_SUFFIXES,
    COUNTS,
    DEMONSTRATIVES,
    NEWSPAPERS,
    OBJECT_PRONOUNS,
    OPENERS,
    ORGANISATIONS,
    PLACES,
    PLURAL_PRONOUNS,
    POSSESSIVES,
    THIRD_PERSON,
    TRADES,
    WEEKDAYS,
    any_of,
    capitalised,
)
from .regex import lazy_compile

_OTHER = """
    say said tell told think thought know knew feel felt hope hoped want wanted seem seemed call called name named put
    keep kept let make made get got give gave
""".split()
"""Past forms after which a question of this kind sounds odd, or leaves out what matters."""

_DONE = "|".join(sorted(PASTS - {"was", "were", "had", "did", "been", *_OTHER}))
_WHO = lazy_compile(
    r"(?P<subject>[A-Z][\w’'.-]*(?: [\w’'.-]+){0,6}?) "
    rf"(?P<verb>(?!(?:{'|'.join(_OTHER)})\b)(?:[a-z]{{2,}}ed|{_DONE})) "
    rf"(?P<object>(?:{any_of(ARTICLES, COUNTS, {'all', 'every', 'both'})}|\d[\d,.]*|[A-Z][\w’'-]+) "
    r"(?:[^,;:()“”\"—–]|(?<=\d),(?=\d))+)"
)
_NAMED = lazy_compile(r"[A-Z]\w")
_BODY = lazy_compile(rf"The (?:\w+ )*{any_of(ORGANISATIONS, {'inquiry'})}")
_NO_NAME = OPENERS - {"of", "for"} | {"a", "an", "first", "last", "said", "says", "told"}
_NO_SUBJECT = lazy_compile(rf"(?i)\b(?:{any_of(_NO_NAME)}|\w+[’']s|\w+ed)\b")
_REST = lazy_compile(
    r"\b(?:after|before|because|when|while|since|until|although|but|despite|following|saying)\b.*"
    rf"|\bon {any_of(capitalised(WEEKDAYS))}\b.*|\b(?:yesterday|last (?:week|month|year))\b.*|[.!?](?:\s.*)?$"
)
_BACK = {"another", "other", "so", "such", "then", "there"}
_POINTS_BACK = lazy_compile(
    r"(?i)\b(?:and|at|by|of|to|as|for)$"
    rf"|\b(?!that\b){any_of(THIRD_PERSON, OBJECT_PRONOUNS, POSSESSIVES, PLURAL_PRONOUNS, DEMONSTRATIVES, BE, _BACK)}\b"
)
_BODIES = ORGANISATIONS | COMPANY_SUFFIXES | TRADES | NEWSPAPERS | PLACES
_FEWEST, _MOST = 3, 14  # words of what was done


def who_question(sentence: str) -> str | None:
    """Return a question for who did what a sentence tells of. None if the sentence is not made so simply.

    The question stands alone: nothing in it points back to another sentence. Whether it can be answered from a library
    has to be tried.
    """
    match = _WHO.match(" ".join(sentence.split()))
    if match is None or _NO_SUBJECT.search(match["subject"]):
        return None
    if not (_NAMED.search(match["subject"][1:]) or _BODY.fullmatch(match["subject"])):
        return None
    done = _REST.sub("", match["object"]).strip()
    if not _FEWEST <= len(done.split()) <= _MOST or _POINTS_BACK.search(done):
        return None
    return f"Who {match['verb']} {done}?"


def said_question(speaker: str, about: str = "", text: str = "") -> str | None:
    """Return a question for everything that a person said, or said about something that has a name.

    Args:
        speaker: who said something.
        about: the name of what it was about, if it was about something.
        text: the article, which shows whether the name is written with "the".

    Returns:
        The question. None if the speaker is not called by a first and a last name, as prosecutors and offices are not.
    """
    about = f"the {about}" if about and f"the {about}" in text else about
    words = speaker.split()
    if not 2 <= len(words) <= 3 or not all(word[:1].isupper() for word in words) or _BODIES & {*map(fold, words)}:
        return None
    return f"What has {speaker} said about {about}?" if about else f"What has {speaker} said?"
