"""Follow-up questions by rules: what "he", "it", "And in Kursk?" or "Why?" mean after the questions before.

Pure text, no model, English. A question that stands alone is never touched; where no antecedent can be named, the topic
of the question before is appended. As in centering theory (Grosz, Joshi, Weinstein 1995), what was resolved last goes on
being meant before anything else is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ..model import Answer
from .mentions import AUXILIARY, PREPOSITION, Mention, is_plural, named, people, phrases, possessive
from .terms import content_words, names, stem, wanted

MAX_TURNS = 3
"""Earlier questions that are looked at: who "he" is, is seldom said longer ago."""


@dataclass(frozen=True)
class Turn:
    """An earlier question as asked and as understood, what was claimed in answer to it, and who said so."""

    question: str
    standalone: str
    claims: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()


def turns_of(history: Sequence[Answer]) -> tuple[Turn, ...]:
    """The last ``MAX_TURNS`` answers, oldest first: all of them that a follow-up may refer to."""
    return tuple(
        Turn(
            question=answer.question,
            standalone=answer.standalone,
            claims=tuple(claim.text for claim in answer.claims),
            speakers=tuple(claim.speaker for claim in answer.claims if claim.speaker),
        )
        for answer in history[-MAX_TURNS:]
    )


def resolve(question: str, turns: Sequence[Turn]) -> str:
    """The question as it reads on its own after ``turns``; the very same string if it stands alone already."""
    if not turns:
        return question
    asked = _OPENING.sub("", question).strip()
    asked = asked[:1].upper() + asked[1:]
    for rule in _RULES:
        if found := rule(asked, turns):
            return found
    if asked != question.strip() and not names(asked):  # only its "And" says that it goes on
        return _appended(asked, turns[-1])
    return question


_OPENING = re.compile(r"^\s*(?:and|but|so|or|also|then|ok(?:ay)?|well)\b,?\s+(?=\S)", re.IGNORECASE)
_AUX = re.compile(rf"\b{AUXILIARY}\b", re.IGNORECASE)


# -- a question without a verb: the one before lends its own -----------------------------------------------------------

_BARE = re.compile(
    rf"^(?:{PREPOSITION} )?(?:why(?: not)?|when|where|how(?: (?:much|many|long|often|far|old|soon|so))?|"
    r"whom?|which(?: ones?)?|whose|what)(?: (?:exactly|else))?\s*\?*$",
    re.IGNORECASE,
)


def _bare(asked: str, turns: Sequence[Turn]) -> str | None:
    """"By when?" puts its question word in the place of the earlier one."""
    if not _BARE.match(asked):
        return None
    before = _bald(_plain(turns[-1]))
    auxiliary = _AUX.search(before)
    opening = before[: auxiliary.start()].split() if auxiliary else []
    if not auxiliary or wanted(asked) == "any" or [word.lower() for word in opening] in (["who"], ["what"]):
        return _appended(asked, turns[-1])  # "Who was arrested?" has nobody to put behind the "was"
    rest = before[auxiliary.start() :]
    return f"{_bald(asked)} {rest[0].lower()}{rest[1:]}?"


_ABOUT = re.compile(r"^(?:what|how) about (?P<what>.+?)\s*\?*$", re.IGNORECASE)


def _about(asked: str, turns: Sequence[Turn]) -> str | None:
    """"What about the mayor?": somebody or something in the place of its like."""
    match = _ABOUT.match(asked)
    return _replaced(match["what"], turns[-1]) if match else None


FRAGMENT_WORDS = 6
_QUESTION_WORD = re.compile(
    rf"^(?:{PREPOSITION} )?(?:who|whom|whose|what|which|when|where|why|how|tell|describe|name|list|give|explain|compare|show)"
    r"\b",
    re.IGNORECASE,
)


def _fragment(asked: str, turns: Sequence[Turn]) -> str | None:
    """"In Kursk?", "Shops?": a phrase without question word and verb. Without question mark it is a search by words."""
    phrase = _bald(asked)
    if not asked.endswith("?") or len(phrase.split()) > FRAGMENT_WORDS:
        return None
    if _QUESTION_WORD.match(phrase) or _AUX.search(phrase):
        return None
    return _replaced(phrase if names(asked) else phrase[0].lower() + phrase[1:], turns[-1])


_STEP = re.compile(rf"\b(?={PREPOSITION}\b)", re.IGNORECASE)
_TIME = re.compile(r"\b(?:\d{4}|January|February|March|April|May|June|July|August|September|October|November|December)\b")


def _replaced(phrase: str, turn: Turn) -> str:
    """The question before with ``phrase`` in the place of what is like it; appended if nothing is."""
    before = _bald(_plain(turn))
    if re.match(rf"{PREPOSITION}\b", phrase, re.IGNORECASE):
        for step in _STEP.split(phrase):
            if step.strip() and not re.search(r"\bones?\b", step):
                before = _stepped(before, step.strip())
        return before + "?"
    bare = re.sub(r"^(?:those|that|the ones?) (?:of|in|at|from) ", "", phrase)
    person = bool(_ROLE.match(bare)) or any(m.kind == "person" for m in named(bare))
    alike = [m for m in named(before) if (m.kind == "person") == person]
    if alike and (person or names(bare)):
        return before.replace(alike[0].text, bare, 1) + "?"
    return f"{before}, and {phrase}?"


def _stepped(before: str, step: str) -> str:
    """``before`` with the prepositional phrase ``step`` for one of the same preposition, time for time."""
    parts = _STEP.split(before)
    word = step.split()[0].lower()
    same = [i for i, p in enumerate(parts) if p.lower().startswith(word + " ") and bool(_TIME.search(p)) == bool(_TIME.search(step))]
    if not same or word == "of":
        return f"{before} {word}{step[len(word) :]}"
    return " ".join(part.strip() for part in (*parts[: same[-1]], word + step[len(word) :], *parts[same[-1] + 1 :]))


_ROLE = re.compile(
    r"^the (?:[\w-]+ )?(?:mayor|minister|president|chief|king|queen|chair|chairman|chairwoman|coach|captain|judge|head|\w+ist|"
    r"general|spokes\w+|secretary|\w+(?:er|or))$",
    re.IGNORECASE,
)


# -- pronouns ----------------------------------------------------------------------------------------------------------

_PERSONAL = re.compile(r"\b(?P<word>he|she|him|his|hers|her)\b(?P<next> \w+)?", re.IGNORECASE)
_NEUTRAL = re.compile(r"\b(?P<word>its|it|theirs|their|them|they)\b(?P<next> \w+)?", re.IGNORECASE)
_IT, _THEY = re.compile("its?", re.IGNORECASE), re.compile("they|them|theirs?", re.IGNORECASE)
_EMPTY_IT = re.compile(
    r"\b(?:is|was|does|did|would|will|has) it (?:really )?(?:true|possible|likely|mean|take|rain|snow|make sense|cost to)\b"
    r"|\bit that\b|\bit (?:is |was )?(?:true|possible|likely|said|take|takes|took|means?) (?:that|to|for)\b",
    re.IGNORECASE,
)
_NO_OWNED = re.compile(
    rf"(?:{PREPOSITION}|and|or|that|when|why|how|who|what|the|a|an|as|say|do|go|leave|resign)$", re.IGNORECASE
)
_CLAUSE = re.compile(r",|\b(?:and|but|because|when|while|if|that|who|which|after|before|since|until)\b", re.IGNORECASE)


def _person(asked: str, turns: Sequence[Turn]) -> str | None:
    """"He", "her": the person last asked about or asked for, else one whom an answer named."""
    match = _PERSONAL.search(asked)
    if not match or _bound(asked, match, ("person", "either")):
        return None
    mention = next((m for turn in reversed(turns) for m in _people(turn, match["word"].lower())), None)
    return _put(asked, match, mention.text) if mention else _appended(asked, turns[-1])


def _people(turn: Turn, pronoun: str) -> Iterator[Mention]:
    asked = people([_plain(turn)])
    told = people(turn.claims, turn.speakers, pronoun)
    new = [m for m in told if not any(m.overlaps(other) for other in asked)]
    if wanted(turn.standalone) == "person":
        yield from (*new, *asked)
    else:
        yield from (*asked, *new)


def _thing(asked: str, turns: Sequence[Turn]) -> str | None:
    """"It", "their": what was resolved last time, else a name or noun phrase of the question before."""
    match = _NEUTRAL.search(asked)
    if not match or _EMPTY_IT.search(asked) or _bound(asked, match, ("thing", "either")):
        return None
    found = _antecedent(turns[-1], plural=match["word"].lower().startswith("the"))
    return _put(asked, match, found) if found else _appended(asked, turns[-1])


def _antecedent(turn: Turn, plural: bool) -> str | None:
    if centre := _centre(turn, _THEY if plural else _IT):
        return centre
    before = _plain(turn)
    fitting = [p for p in phrases(before) if is_plural(p) == plural and not any(m.kind == "person" for m in named(p))]
    told = [m.text for m in named(before) if m.kind != "person" and not _placed(m.text, before)]
    kept = _TOPIC.search(turn.standalone)
    topic = [kept["topic"]] if kept and len(kept["topic"].split()) <= TOPIC_WORDS else []
    # "The Afra tanker scale", not "Afra"; and an organisation can be "they".
    whole = [p for name in told for p in fitting if name in p]
    lone = [name for name in told if not any(name in p for p in phrases(before))]
    return next(iter((*whole, *lone, *fitting, *told, *topic) if not plural else (*whole, *fitting, *told, *topic)), None)


def _placed(name: str, text: str) -> bool:
    return bool(re.search(rf"\b(?:in|at|on|from|to) (?:the )?{re.escape(name)}", text))


TOPIC_WORDS = 4
"""Words up to which a topic is short enough to be put in a pronoun's place."""


def _centre(turn: Turn, pronoun: re.Pattern[str]) -> str | None:
    """What stands for a pronoun in a question that was rewritten."""
    asked, understood = turn.question.split(), turn.standalone.split()
    for tag, start, end, first, last in SequenceMatcher(None, asked, understood, autojunk=False).get_opcodes():
        if tag == "replace" and pronoun.fullmatch(" ".join(asked[start:end]).strip("?., ")):
            return re.sub(r"['’]s?$", "", " ".join(understood[first:last]).rstrip("?.,"))
    return None


def _bound(asked: str, match: re.Match[str], kinds: tuple[str, ...]) -> bool:
    """Whether the pronoun's antecedent stands before it in its own question.

    A possessive may mean the subject of its clause; "it" or "him" cannot, so it takes a clause before (binding theory,
    principle B).
    """
    before = asked[: match.start()]
    last = before.split()[-1:] or [""]
    inverted = bool(_AUX.fullmatch(last[0]))
    owner = match["word"].lower() in ("his", "its", "their", "her")
    subject = ("he", "she", "they", *(("it",) if _AUX.fullmatch((match["next"] or "").strip()) else ()))
    embedded = match["word"].lower() in subject and not inverted
    if inverted or not (owner or embedded):
        clauses = list(_CLAUSE.finditer(before))
        if not clauses:
            return False
        before = before[: clauses[-1].start()]
    elif re.match(r"^(?:what|who)(?:['’]s| is| are| was| were) ", before, re.IGNORECASE) and not embedded:
        return False  # "What is the name of his lawyer?": a predicate is no antecedent
    if "person" in kinds and re.match(r"\W*(?:who|whose)\b", before, re.IGNORECASE):
        return True
    if any(m.kind in kinds for m in named(before)):
        return True
    plural = match["word"].lower().startswith("the")
    return any("person" in kinds or is_plural(p) == plural for p in phrases(before + "?"))


def _put(asked: str, match: re.Match[str], mention: str) -> str:
    word, follows = match["word"].lower(), (match["next"] or "").strip()
    owner = word in ("his", "its", "their", "hers", "theirs")
    owner = owner or (word == "her" and bool(follows) and not _NO_OWNED.match(follows))
    return asked[: match.start("word")] + (possessive(mention) if owner else mention) + asked[match.end("word") :]


# -- other words that point back ---------------------------------------------------------------------------------------

_SEASON = r"(?:year|week|month|morning|evening|summer|winter|spring|autumn|time)\b"
_VAGUE = re.compile(
    rf"\b(?:{AUXILIARY}|done|doing|say|said|like|after|before|about|of|by|with|for|to) (?:that|this|those|these|so)\b"
    rf"(?! (?:\w+ )?{_SEASON})"
    rf"|\b(?:this|these|those) (?!{_SEASON}|who\b|which\b|that\b|of\b)\w+"
    r"|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere\s*\?*$"
    r"|\b(?:the|what|which) (?:others?|ones?)\b|\bthe (?:latter|former|same)\s*\?*$|\b(?:afterwards?|then|else)\s*\?*$",
    re.IGNORECASE,
)
BRIEF = 2
"""Content words up to which a question that names nothing is taken as going on with the talk."""
_NEW_TOPIC = re.compile(
    r"^(?:what(?:['’]s| is| are| was| were) (?!the\b|some\b|other\b)|who (?:is|was) |tell me (?:more )?about|describe|define)| of \w+",
    re.IGNORECASE,
)


def _vague(asked: str, turns: Sequence[Turn]) -> str | None:
    """"That", "there", "the others" point to more than a name; "How many people died?" leaves open where."""
    match = _VAGUE.search(asked)
    if match and not names(asked[: match.start()]) and not phrases(asked[: match.start()]):
        return _appended(asked, turns[-1])
    content = content_words(asked)
    known = {stem(word) for word in content_words(turns[-1].standalone)}
    if len(content) <= BRIEF and not names(asked) and not _NEW_TOPIC.search(asked):
        return None if {stem(word) for word in content} & known else _appended(asked, turns[-1])
    return None


_FRAME = re.compile(
    rf"^(?:tell me (?:more )?about\b|describe\b|(?:{PREPOSITION} )?(?:what(?:['’]s)?|whom?|whose|which|when|where|why|how"
    rf"(?: (?:much|many|long|far|high|old|big|often|soon))?)\b)\s*(?:{AUXILIARY}\b\s*)?(?:there\b\s*)?|^{AUXILIARY}\b\s*",
    re.IGNORECASE,
)
_TOPIC = re.compile(r" \(about: (?P<topic>.*)\)\??$")


def _appended(asked: str, turn: Turn) -> str:
    """The question, and the topic of the one before it: the same topic again if that had it from an earlier one."""
    kept = _TOPIC.search(turn.standalone)
    topic = kept["topic"] if kept else _centre(turn, _NEUTRAL) or _FRAME.sub("", _bald(turn.standalone)).strip()
    return f"{_bald(asked)} (about: {topic})?"


def _plain(turn: Turn) -> str:
    """The question before, without a topic that was appended to it."""
    return _TOPIC.sub("?", turn.standalone)


def _bald(question: str) -> str:
    return question.strip().rstrip("?!. ").strip()


_RULES: tuple[Callable[[str, Sequence[Turn]], str | None], ...] = (_bare, _about, _fragment, _person, _thing, _vague)
