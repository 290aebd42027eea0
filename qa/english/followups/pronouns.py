"""Pronouns: "he" is whom was asked about or asked for last, "it" and "they" what was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..characters import fold
from ..clauses import boundaries
from ..inflection import PARTICIPLES, PASTS
from ..lexicon import FEMININE_PRONOUNS, MASCULINE_PRONOUNS, NEUTER_PRONOUNS, PLURAL_PRONOUNS, any_of
from ..names import CAPITALISED, names
from ..questions import answer_type
from ..regex import lazy_compile
from .referents import AUXILIARY, PREPOSITION, Referent, is_plural, named, nouns, people, phrases, possessive
from .turns import IT, THEY, DialogueTurn, appended, centre, plain, topic_of

_HE_OR_SHE = any_of(MASCULINE_PRONOUNS - {"himself"}, FEMININE_PRONOUNS - {"herself"})
_IT_OR_THEY = any_of(NEUTER_PRONOUNS - {"itself"}, PLURAL_PRONOUNS - {"themselves"})
_PERSONAL = lazy_compile(rf"\b(?P<word>{_HE_OR_SHE})\b(?P<next> \w+)?", re.IGNORECASE)
_NEUTRAL = lazy_compile(rf"\b(?P<word>{_IT_OR_THEY})\b(?P<next> \w+)?", re.IGNORECASE)
# "Who is Ushakov?" asks about him; "Who is the chief of the guard?" asks for somebody the answer names.
_IDENTITY = lazy_compile(rf"\W*[Ww]ho(?:['’]s| is| was)\s+(?:{CAPITALISED}\s*)+\W*$")
_EMPTY_IT = lazy_compile(
    rf"\b{AUXILIARY} it (?:really )?(?:true|possible|likely|mean|take|rain|snow|cost to)\b|\bhow far is it\b"
    r"|\bit (?:is |was )?(?:true|possible|likely|take|takes|took|means?) (?:to|for)\b"
    r"|\bit (?:to|(?:\w+ )?(?:that|when))\b",
    re.IGNORECASE,
)
_NO_OWNED = lazy_compile(
    rf"(?:{PREPOSITION}|and|or|that|when|why|how|who|what|the|a|an|as|say|do|go|leave|resign)$", re.IGNORECASE
)


def person(asked: str, turns: Sequence[DialogueTurn]) -> str:
    """ "He", "her": the person last asked about or asked for, else one whom an answer named."""
    match = _PERSONAL.search(asked)
    if not match or _bound(asked, match, ("person", "either")):
        return asked
    mention = next((m for turn in reversed(turns) for m in _people(turn, match["word"].lower())), None)
    return _put(asked, match, mention.text) if mention else appended(asked, turns[-1])


def _people(turn: DialogueTurn, pronoun: str) -> Iterator[Referent]:
    asked = people([plain(turn)])
    told = people(turn.claims, turn.speakers, pronoun)
    new = [m for m in told if not any(m.overlaps(other) for other in asked)]
    if answer_type(turn.standalone) == "person" and not _IDENTITY.match(turn.standalone):
        yield from (*new, *asked)
    else:
        yield from (*asked, *new)


def thing(asked: str, turns: Sequence[DialogueTurn]) -> str:
    """ "It", "their": what was resolved last time, else a name or noun phrase of the question before."""
    match = _NEUTRAL.search(asked)
    if not match or _EMPTY_IT.search(asked) or _bound(asked, match, ("thing", "either")):
        return asked
    found = _spoken_of(turns, plural=match["word"].lower().startswith("the"))
    return _put(asked, match, found) if found else appended(asked, turns[-1])


def _spoken_of(turns: Sequence[DialogueTurn], plural: bool) -> str | None:
    """What the last question is about. One that only points back ("And when was that?") is about what another one was.

    That other one must call it by a name or with "the": of anything else, more than one may be meant by now.
    """
    found = _antecedent(turns[-1], plural)
    for turn, earlier in pairwise(reversed(turns)):
        if found or not topic_of(turn):
            break
        found = _antecedent(earlier, plural)
        if found and not (found.lower().startswith("the ") or names(found)):
            return None
    return found


def _antecedent(turn: DialogueTurn, plural: bool) -> str | None:
    if kept := centre(turn, THEY if plural else IT):
        return kept
    before = plain(turn)
    spoken = phrases(before)
    fitting = [p for p in spoken if is_plural(p) == plural and not any(m.kind == "person" for m in named(p))]
    told = [m.text for m in named(before) if m.kind != "person" and not _placed(m.text, before)]
    # "The Afra tanker scale", not "Afra"; and an organisation can be "they".
    whole = [p for name in told for p in fitting if name in p]
    lone = told if plural else [name for name in told if not any(name in p for p in spoken)]
    about = topic_of(turn) or ""
    topic = [about] if _is_thing(about) else []
    return next(iter((*topic, *whole, *fitting, *lone) if plural else (*topic, *whole, *lone, *fitting)), None)


def _is_thing(topic: str) -> bool:
    """Whether a topic is short enough to be put in a pronoun's place, and is neither a person nor a clause."""
    words = topic.split()
    return (
        0 < len(words) <= TOPIC_WORDS
        and fold(words[-1]) not in PASTS | PARTICIPLES  # "the Keller Bridge shut"
        and not any(m.kind == "person" for m in named(topic))
    )


def _placed(name: str, text: str) -> bool:
    return bool(re.search(rf"\b(?:in|at|on|from|to) (?:the )?{re.escape(name)}", text))


TOPIC_WORDS = 4
"""Words up to which a topic is short enough to be put in a pronoun's place."""


def _bound(asked: str, match: re.Match[str], kinds: tuple[str, ...]) -> bool:
    """Whether the pronoun's antecedent stands before it in its own question.

    A possessive, or the subject of a later clause, may mean anything before it; "it" or "him" cannot mean the subject
    of its own clause, so it takes a clause before (binding theory, principle B).
    """
    word, before = match["word"].lower(), asked[: match.start()]
    inverted = bool(re.search(rf"\b{AUXILIARY} $", before, re.IGNORECASE))
    verb_follows = bool(re.match(rf" {AUXILIARY}\b|['’]s\b", asked[match.end("word") :], re.IGNORECASE))
    embedded = not inverted and (word in ("he", "she", "they") or (word == "it" and verb_follows))
    if inverted or not (embedded or _owns(match)):
        parted = boundaries(before, subordinate=True)
        if not parted:
            return False
        before = before[: parted[-1][0]]
    elif _PREDICATE.match(before):
        return False
    return _antecedent_in(before, word, kinds)


_PREDICATE = lazy_compile(  # "What is the name of his lawyer?": what is asked for is no antecedent
    rf"^(?:what|who)(?:['’]s| is| are| was| were) (?:(?:the |an? )?(?:[\w-]+ ){{1,3}}?{PREPOSITION} )?$", re.IGNORECASE
)


def _antecedent_in(before: str, word: str, kinds: tuple[str, ...]) -> bool:
    plural = word.startswith("the")
    if re.match(r"\W*(?:who|whose)\b", before, re.IGNORECASE) and (plural or "person" in kinds or word == "its"):
        return True
    if any(plural or m.kind in kinds for m in named(before)):
        return True
    if "person" in kinds:
        return bool(phrases(before + "?"))
    return any(is_plural(noun) == plural for noun in nouns(before))


def _owns(match: re.Match[str]) -> bool:
    """Whether the pronoun is a possessive; "her" is one before a noun."""
    word, follows = match["word"].lower(), (match["next"] or "").strip()
    if word == "her":
        return bool(follows) and not _NO_OWNED.match(follows)
    return word in ("his", "its", "their", "hers", "theirs")


def _put(asked: str, match: re.Match[str], mention: str) -> str:
    said, rest = possessive(mention) if _owns(match) else mention, asked[match.end("word") :]
    rest = re.sub(r"^['’](s|re)\b", lambda short: " is" if short[1] == "s" else " are", rest)
    return asked[: match.start("word")] + said + rest
