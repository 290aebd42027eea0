"""The forms of English verbs: the regular ones by the rules of spelling, the irregular ones from a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from .regex import lazy_compile

# Base form, past and participle; two spellings are joined by a stroke. The verbs news uses, without their compounds.
_IRREGULAR_TABLE = """
arise arose arisen
awake awoke awoken
be was/were been
bear bore borne/born
beat beat beaten
become became become
begin began begun
bend bent bent
bet bet bet
bid bid bid
bind bound bound
bite bit bitten
bleed bled bled
blow blew blown
break broke broken
breed bred bred
bring brought brought
broadcast broadcast broadcast
build built built
burn burned/burnt burned/burnt
burst burst burst
buy bought bought
cast cast cast
catch caught caught
choose chose chosen
cling clung clung
come came come
cost cost cost
creep crept crept
cut cut cut
deal dealt dealt
dig dug dug
do did done
draw drew drawn
dream dreamed/dreamt dreamed/dreamt
drink drank drunk
drive drove driven
eat ate eaten
fall fell fallen
feed fed fed
feel felt felt
fight fought fought
find found found
flee fled fled
fly flew flown
forbid forbade forbidden
forecast forecast/forecasted forecast/forecasted
foresee foresaw foreseen
forget forgot forgotten
forgive forgave forgiven
freeze froze frozen
get got got/gotten
give gave given
go went gone
grow grew grown
hang hung/hanged hung/hanged
have had had
hear heard heard
hide hid hidden
hit hit hit
hold held held
hurt hurt hurt
keep kept kept
kneel knelt knelt
know knew known
lay laid laid
lead led led
lean leaned/leant leaned/leant
leap leaped/leapt leaped/leapt
learn learned/learnt learned/learnt
leave left left
lend lent lent
let let let
lie lay lain
light lit lit
lose lost lost
make made made
mean meant meant
meet met met
mislead misled misled
mistake mistook mistaken
overcome overcame overcome
overrun overran overrun
overtake overtook overtaken
overthrow overthrew overthrown
pay paid paid
prove proved proved/proven
put put put
quit quit quit
read read read
rebuild rebuilt rebuilt
ride rode ridden
ring rang rung
rise rose risen
run ran run
say said said
see saw seen
seek sought sought
sell sold sold
send sent sent
set set set
shake shook shaken
shed shed shed
shine shone shone
shoot shot shot
show showed shown
shrink shrank shrunk
shut shut shut
sing sang sung
sink sank sunk
sit sat sat
sleep slept slept
slide slid slid
speak spoke spoken
speed sped sped
spend spent spent
spill spilled/spilt spilled/spilt
spin spun spun
split split split
spread spread spread
spring sprang sprung
stand stood stood
steal stole stolen
stick stuck stuck
sting stung stung
strike struck struck
strive strove striven
swear swore sworn
sweep swept swept
swim swam swum
swing swung swung
take took taken
teach taught taught
tear tore torn
tell told told
think thought thought
throw threw thrown
undergo underwent undergone
understand understood understood
undertake undertook undertaken
uphold upheld upheld
wake woke woken
wear wore worn
weep wept wept
win won won
wind wound wound
withdraw withdrew withdrawn
withhold withheld withheld
withstand withstood withstood
write wrote written
"""
# Verbs with their nouns, where the stem of the one is not that of the other: "sell", "sold" and "sale".
_NOUNS_TABLE = """
ability able; admission admit; advice advise; agreement agree; analysis analyse; apology apologise apologize
ballot vote; belief believe; burial bury; choice choose; closure close; collision collide; conclusion conclude
death die dead; decision decide; defence defend; delivery deliver; denial deny; departure depart; depth deep
destruction destroy; discovery discover; division divide; expansion expand; explosion explode; expulsion expel
extension extend; failure fail; flight fly; gift give; growth grow; height high; injury injure; inquiry inquire
invasion invade; leader lead; length long; life live; loss lose; marriage marry; offence offend; payment pay
permission permit; production produce; proof prove; provision provide; purchase buy; receipt receive
recovery recover; reduction reduce; response respond; revision revise; sale sell; signature sign; speech speak
strength strong; success succeed; suspension suspend; thought think; trial try; width wide; withdrawal withdraw
"""
# Verbs of several syllables that double their last letter all the same; the second ones do in Britain alone.
_DOUBLING = frozenset("admit begin commit compel control equip expel forget occur omit permit rebut refer".split())
_BRITISH = frozenset("cancel label quarrel signal travel".split())
_VOWELS = "aeiou"
_SHORT = lazy_compile(r"[^aeiou]*(?:qu)?[aeiou][^aeiouwxy]")
_THIRD = {"be": "is", "do": "does", "go": "goes", "have": "has"}


class VerbForms(NamedTuple):
    """The forms of a verb. ``past`` and ``participle`` may have two spellings ("burned", "burnt")."""

    base: str
    third: str
    past: tuple[str, ...]
    participle: tuple[str, ...]
    gerund: str

    @property
    def finite(self) -> tuple[str, ...]:
        """The forms a singular subject takes: "says", "said"."""
        return (self.third, *self.past)

    @property
    def every(self) -> tuple[str, ...]:
        """All forms, each once."""
        return tuple(dict.fromkeys((self.base, self.third, *self.past, *self.participle, self.gerund)))


IRREGULAR: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    base: (tuple(past.split("/")), tuple(participle.split("/")))
    for base, past, participle in (line.split() for line in _IRREGULAR_TABLE.strip().splitlines())
}
"""Past and participle of each irregular verb, by its base form."""

PASTS = frozenset(form for past, _ in IRREGULAR.values() for form in past)
"""The past forms that do not end in "-ed", and those of "be", "do" and "have"."""

PARTICIPLES = frozenset(form for _, participle in IRREGULAR.values() for form in participle)
"""The participles that do not end in "-ed"."""


_BASES = {
    form: base for base, (past, _) in reversed(IRREGULAR.items()) for form in past if base not in {"be", "do", "have"}
}
_PLAIN_STEM = lazy_compile(
    r"(?:sh|ch|ck|ss|ll|ff|ow|aw|ay|oy|ey|ct|nt|pt|rt|ft|nd|rd|rm|rn|mp|rk|nk|ain|ail|eal|ean|eed|oad|en|er|est|ost)$"
    r"(?<!ven)(?<!ber)(?<!her)(?<!fer)"
)
"""What stems end in to which "-ed" alone was added."""


def inflect(verb: str) -> VerbForms:
    """The forms of a verb given by its base form, which may have a particle: "rule out" gives "ruled out"."""
    base, *rest = verb.split(maxsplit=1)
    stem = base + base[-1] if base in _DOUBLING | _BRITISH or _SHORT.fullmatch(base) else base
    cut = base.removesuffix("e")
    regular = f"{base}d" if cut != base else f"{base[:-1]}ied" if _soft_y(base) else f"{stem}ed"
    both = (regular, f"{base}ed") if base in _BRITISH else (regular,)
    past, participle = IRREGULAR.get(base, (both, both))
    if base.endswith("ie"):
        gerund = f"{base[:-2]}ying"
    elif cut != base and not base.endswith(("ee", "oe", "ye")) and base != "be":
        gerund = f"{cut}ing"
    else:
        gerund = f"{stem}ing"

    def whole(form: str) -> str:
        return " ".join((form, *rest))

    return VerbForms(verb, whole(_third(base)), tuple(map(whole, past)), tuple(map(whole, participle)), whole(gerund))


def base_form(past: str) -> str | None:
    """The base form of a verb in the past: "sank" gives "sink". None where the spelling alone does not tell.

    "Closed" could be of "clos" or "close", so of the regular verbs only those with certain endings are known.
    """
    if past in _BASES:
        return _BASES[past]
    stem = past.removesuffix("ed")
    if past.endswith("ied") and len(past) > 4:
        base = f"{past[:-3]}y"
    elif stem != past and _PLAIN_STEM.search(stem):
        base = stem
    else:
        return None
    return base if past in inflect(base).past else None


def _soft_y(base: str) -> bool:
    return base.endswith("y") and base[-2:-1] not in _VOWELS


def _third(base: str) -> str:
    if base in _THIRD:
        return _THIRD[base]
    if _soft_y(base):
        return f"{base[:-1]}ies"
    return f"{base}es" if base.endswith(("s", "x", "z", "ch", "sh")) else f"{base}s"


def finite(verbs: Iterable[str]) -> frozenset[str]:
    """The forms of verbs that a singular subject takes: "says" and "said" for "say"."""
    return frozenset(form for verb in verbs for form in inflect(verb).finite)


def every_form(verbs: Iterable[str]) -> frozenset[str]:
    """All forms of verbs, the base forms among them."""
    return frozenset(form for verb in verbs for form in inflect(verb).every)


def related_forms(word: str) -> frozenset[str]:
    """The irregular forms of a word and its noun or verb, folded, itself among them: "sold" gives "sell" and "sale".

    Regular forms are not listed: they have the same Porter stem.
    """
    return _families().get(word, frozenset({word}))


@cache
def _families() -> dict[str, frozenset[str]]:
    """Every word of the two tables with those that belong to it."""
    verbs = {base: frozenset({base, *past, *participle}) for base, (past, participle) in IRREGULAR.items()}
    named = [row.split() for row in re.split(r"[;\n]", _NOUNS_TABLE) if row.strip()]
    families = [*verbs.values(), *(frozenset().union(*(verbs.get(w, {w}) for w in row)) for row in named)]
    found: dict[str, frozenset[str]] = {}
    for family in families:
        for word in family:
            found[word] = found.get(word, frozenset()) | family
    return found
