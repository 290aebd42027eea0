"""Names in a text, recognised by their capitals."""

from __future__ import annotations

from functools import lru_cache

from .characters import CAPITAL, WORD, fold
from .lexicon import (
    ABBREVIATED_TITLES,
    BE,
    CALENDAR_NAMES,
    COMMANDS,
    FUNCTION_WORDS,
    HAVE,
    MONTHS,
    NAME_JOINERS,
    NAME_PREFIXES,
    NOUN_PREPOSITIONS,
    any_of,
    capitalised,
)
from .regex import lazy_compile

_SHORTENED = rf"(?:{any_of(capitalised(ABBREVIATED_TITLES))}|{CAPITAL}(?:\.{CAPITAL})*)\.(?!\w)"

_PREFIX = rf"(?:(?<![\w-]){any_of(NAME_PREFIXES)}-|(?<!\w)[dl][’'])?"

CAPITALISED = rf"(?:{_SHORTENED}|{_PREFIX}{CAPITAL}[{WORD}’'&-]*(?:\.[{WORD}’'&-]+)*)"
"""A pattern of one word with a capital: "Okafor-Lind", "D’Arcy", "al-Masri"; only the shortened have a point: "W."."""

NAME = rf"{CAPITALISED}(?:(?:\s+{any_of(NAME_JOINERS)}){{0,2}}\s+{CAPITALISED})*"
"""A pattern of several that may be a name: "Mara Quist of Coast Wire"."""

_NAME = lazy_compile(rf"\b{NAME}")

_AND = lazy_compile(r"\s(?:and|&)\s")
_HUNG = lazy_compile(rf"\s+(?:{any_of(NOUN_PREPOSITIONS)}|from|who)\s+")
_PAIR = lazy_compile(rf"\b({CAPITALISED})\s+(?=({CAPITALISED}))")

_OPENERS = FUNCTION_WORDS - {"may", "no"} | COMMANDS | {"according", "please"}


@lru_cache(maxsize=20_000)
def names(text: str) -> tuple[str, ...]:
    """Capitalised runs that look like names; a capital that only opens the sentence is dropped for common words."""
    found = []
    for match in _NAME.finditer(text):
        parts = match.group().split()
        while parts and fold(parts[0]).strip(".'") in _OPENERS:
            parts = parts[1:]
        if parts:
            found.append(" ".join(parts).rstrip(".'’"))
    return tuple(found)


def single_names(text: str) -> tuple[str, ...]:
    """The names of a text, those that "and" joins apart."""
    return tuple(part for name in names(text) for part in _AND.split(name))


def head(phrase: str) -> str:
    """What stands before the first preposition or "who": "Petra Dolan" of "Petra Dolan of Quayside Research"."""
    return _HUNG.split(phrase, maxsplit=1)[0]


def neighbours(text: str) -> list[tuple[str, str]]:
    """Every two words with a capital that stand side by side, as they may in a name, possessive endings kept."""
    return [(match[1], match[2]) for match in _PAIR.finditer(text)]


_NAMED_THING = lazy_compile(rf"(?<![\w-])({CAPITALISED})\s+(?=([a-z][a-z-]+))")


def named_things(text: str) -> list[tuple[str, str]]:
    """Every name with the noun that it stands in front of: ("Vale", "regatta"), ("Hexley", "tram") for "Hexley's tram".

    Words that only open a sentence are left out.
    """
    found = ((match[1].removesuffix("'s").removesuffix("’s"), match[2]) for match in _NAMED_THING.finditer(text))
    return [(name, noun) for name, noun in found if fold(name).strip(".'") not in _OPENERS]


_NUMBERED = lazy_compile(rf"\b(?!{any_of(MONTHS)}\b)({CAPITAL}[a-z]{{2,}}|[Nn]o\.)\s(\d{{1,4}})\b")


def numbered_things(text: str) -> list[tuple[str, str]]:
    """Every thing that a number tells from others of its kind: ("Line", "2"), ("Unit", "1")."""
    return [(match[1].lower(), match[2]) for match in _NUMBERED.finditer(text)]


_OF_NAME = lazy_compile(
    rf"\b([a-z][a-z-]+)\s(?:of|in|at|near|for)\s(?:(?:the|neighbouring|nearby)\s){{0,2}}((?:[a-z]+\s)?{NAME})"
)


def things_of_names(text: str) -> list[tuple[str, str]]:
    """Every noun with the name that it belongs to: ("mayor", "Orsund"), ("regatta", "Vale")."""
    found = ((match[1], match[2]) for match in _OF_NAME.finditer(text))
    return [(noun, name) for noun, name in found if name.split()[0] not in CALENDAR_NAMES]


_PERSON = rf"{CAPITALISED}\s{CAPITALISED}(?:\s{CAPITALISED})?"
_OFFICE = r"(?P<office>[a-z][a-z-]+)"
_HOLDERS = (
    lazy_compile(
        rf"\b{_OFFICE}\s(?:of|for)\s(?:the\s)?(?P<of>{CAPITALISED}(?:\s{CAPITALISED})*),?\s(?P<who>{_PERSON})"
    ),
    lazy_compile(rf"(?P<who>{_PERSON}),\s(?:the\s)?(?:[a-z]+\s)?{_OFFICE}\s(?:of|for)\s(?:the\s)?(?P<of>{NAME})"),
    lazy_compile(rf"(?P<of>{CAPITALISED})[’']s\s(?:[a-z]+\s)?{_OFFICE},?\s(?P<who>{_PERSON})"),
)


def holders(text: str) -> list[tuple[str, str, str]]:
    """Every office with what it is of, and who holds it: ("mayor", "Orsund", "Lena Voss").

    It is read from "the mayor of Orsund, Lena Voss", "Lena Voss, the mayor of Orsund" and "Orsund's mayor, Lena Voss".
    """
    return [(m["office"], m["of"], m["who"]) for pattern in _HOLDERS for m in pattern.finditer(text)]


_LEADS = lazy_compile(rf"^\W*({NAME})(?=\s(?:{any_of(BE, HAVE)})\b)")
_PLACED = lazy_compile(rf"\b(?:in|at|near)\s(?:(?:the|neighbouring|nearby)\s){{0,2}}({NAME})")


_IN_APPOSITION = lazy_compile(
    rf"(?<!\b[a-z][a-z]\s)(?<!\bnear\s)\b(?!(?:After|At|Before|By|During|For|From|In|Near|On|Since|Until)\s)"
    rf"(?:{CAPITALISED}\s){{1,3}}{CAPITALISED},\s(?:an?|the|its|their|his|her)\s[^,;.]{{1,60}}$"
)


def leading_names(text: str) -> list[str]:
    """The names that tell what a sentence is about: what has or is something, and the places that it names."""
    first = _LEADS.match(text)
    found = [first[1]] if first else []
    # Where somebody works tells nothing of the sentence: "Ada Holm, an economist at Vale University, gets to 19".
    found += [match[1] for match in _PLACED.finditer(text) if not _IN_APPOSITION.search(text, 0, match.start())]
    return [name for name in found if fold(name.split()[0]).strip(".'") not in _OPENERS]
