"""What claims state: facts, in words or as resolved days, and their speaker."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ..model import Answer, Claim
from .wording import states, tokens

# Words that may precede a surname without naming another person.
_TITLES = frozenset(
    """minister secretary president chancellor premier governor mayor judge justice senator councillor ambassador
    general colonel captain commander major inspector commissioner director professor doctor dr mr mrs ms sir dame
    chief master coach""".split()
)


def states_any(answer: Answer, spellings: Sequence[str]) -> bool:
    """Whether some claim of the answer states a fact, in any of its spellings."""
    return any(states(part, spelling) for claim in answer.claims for part in told(claim) for spelling in spellings)


def told(claim: Claim) -> list[str]:
    """Return a claim's text, its speaker, and the days that words in the text were resolved to."""
    times = [t for t in (claim.stated, claim.occurred) if t and t.words in claim.text and t.start == t.end]
    return [claim.text, *([claim.speaker] if claim.speaker else []), *(t.start.isoformat() for t in times)]


def names_speaker(claim: Claim, speaker: str) -> bool:
    """Whether ``claim`` is attributed to ``speaker``: by its speaker field, or by its text if the field is empty."""
    if claim.speaker is not None:
        given, wanted = set(tokens(claim.speaker)), set(tokens(speaker))
        return tokens(speaker)[-1] in given and (given <= wanted or wanted <= given)
    return states(claim.text, speaker) or _by_surname(claim.text, speaker)


def _by_surname(text: str, speaker: str) -> bool:
    """Whether the text has the surname alone or after a title.

    After another first name it is another person. Before a capitalised word it may be a thing ("Keller Bridge").
    """
    *given, _ = speaker.split()
    for match in _surname(speaker.split()[-1]).finditer(text):
        before, after = match["before"], match["after"]
        other_person = before and before not in given and before.strip(".").casefold() not in _TITLES
        if not other_person and not after:
            return True
    return False


@lru_cache(maxsize=500)
def _surname(name: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:\b(?P<before>[A-Z][\w.-]*)\s+)?(?<![\w-]){re.escape(name)}(?![\w]|-[A-Z])(?:’s|'s)?(?P<after>\s+[A-Z]\w+)?"
    )
