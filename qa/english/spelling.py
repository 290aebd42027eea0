"""Names as people write them: one key for the spellings of a name, and whether two names may be one person's.

Transliterations from Cyrillic and Arabic differ by a few habits (y, iy, ii; kh, h; ks, x; c, k), which are folded away;
what no habit explains stands in a table. After Steinberger & Pouliquen (2007), "Cross-lingual named entity
recognition", who normalise news names the same way.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from .characters import LETTERS, WORD, fold
from .lexicon import ABBREVIATED_TITLES, ARTICLES, OFFICE_MODIFIERS, OFFICES, ORGANISATIONS, TITLES
from .names import head
from .regex import lazy_compile
from .tokens import words

# City and personal names whose spellings no rule connects; the right side is only a key.
_TABLE = {
    **dict.fromkeys(("kiev", "kyiv", "kiyev"), "kyiv"),
    **dict.fromkeys(("kharkov", "kharkiv"), "kharkiv"),
    **dict.fromkeys(("lvov", "lviv"), "lviv"),
    **dict.fromkeys(("odessa", "odesa"), "odesa"),
    **dict.fromkeys(("chernobyl", "chornobyl"), "chornobyl"),
    **dict.fromkeys(("peking", "beijing"), "beijing"),
    **dict.fromkeys(("bombay", "mumbai"), "mumbai"),
    **dict.fromkeys(("calcutta", "kolkata"), "kolkata"),
    **dict.fromkeys(("rangoon", "yangon"), "yangon"),
    **dict.fromkeys(("vladimir", "volodymyr", "wladimir"), "vladimir"),
    **dict.fromkeys(("alexander", "aleksandr", "oleksandr", "alexandr", "aleksander"), "alexander"),
}
_PATTERNS = tuple(
    (lazy_compile(pattern), key)
    for pattern, key in (
        (r"m[ou]h+am+[ae]d", "muhammad"),
        (r"[gqk]h?ad+h?afi", "gadafi"),
        (r"hus+[ae]i?[iy]?n", "husein"),
        (r"[ou]sama", "usama"),
        (r"na[sz]rall?ah?", "nasralah"),
    )
)
_HABITS = tuple(
    (lazy_compile(pattern), by)
    for pattern, by in (
        (r"^(?:iu|ju)", "yu"),
        (r"^(?:ia|ja)(?!m|n|c)", "ya"),
        (r"ph", "f"),
        (r"kh", "h"),
        (r"ck|c(?![eiyh])", "k"),  # Viktor, Victor
        (r"ks", "x"),
        (r"tsch|tch|tsh", "ch"),
        (r"(?:ey|ej)$", "ei"),
        (r"(?:iy|yy|ij|yi|ii|ij|y|i)$", "i"),
        (r"([b-df-hj-np-tv-z])\1", r"\1"),
    )
)
_PRONE = lazy_compile(r"^(?:yu|iu|ju)|kh|(?:iy|yy|ij|yi|ii|ey|ej|skiy?|sky)$")
_NAME_WORD = lazy_compile(rf"{LETTERS}(?:[’'-]{LETTERS})*")
_FOLDED_WORD = lazy_compile(rf"[^\W_][{WORD}]*(?:['.-][^\W_][{WORD}]*)*")
_STYLES = TITLES | ABBREVIATED_TITLES
_ROLES = OFFICES | OFFICE_MODIFIERS
_SUFFIXES = frozenset("jr sr ii iii iv".split())  # behind a surname
_BODIES = ORGANISATIONS | {"general", "hall"}
# What turns a place into its people or its adjective: Lorrany and Lorranian, Ukraine and Ukrainian, Texas and Texans.
_DEMONYM = lazy_compile(r"(?:ians?|ia|ans?|ns?|ish|ese|[iy]|e|a|s)?$")


@lru_cache(maxsize=50_000)
def word_key(word: str) -> str:
    """One key for the spellings of one word of a name."""
    letters = fold(word).removesuffix("'s").strip("'.")
    if letters in _TABLE:
        return _TABLE[letters]
    for pattern, key in _PATTERNS:
        if pattern.fullmatch(letters):
            return key
    for pattern, by in _HABITS:
        letters = pattern.sub(by, letters)
    return letters


@lru_cache(maxsize=50_000)
def variant(word: str) -> str | None:
    """The key that other spellings of a name share, for a name that is known to have some; None for most words."""
    letters = fold(word).removesuffix("'s").strip("'.")
    prone = letters in _TABLE or _PRONE.search(letters) or any(pattern.fullmatch(letters) for pattern, _ in _PATTERNS)
    return word_key(word) if prone else None


def variants(text: str) -> tuple[str, ...]:
    """The keys of the names in a text that are spelled otherwise there: what a search by another spelling looks for."""
    capitals = dict.fromkeys(word for word in _NAME_WORD.findall(text) if word[0].isupper())
    found = ((word, variant(word)) for word in capitals)
    return tuple(dict.fromkeys(key for word, key in found if key and key != fold(word)))


def respelled(question: str, text: str) -> str:
    """Return a question with its names spelled as they are in a text: "Kiev" becomes "Kyiv" if the text says so."""
    asked = {word: key for word in _NAME_WORD.findall(question) if word[0].isupper() and (key := variant(word))}
    if not asked:
        return question
    spelled = {key: word for word in _NAME_WORD.findall(text) if word[0].isupper() and (key := variant(word))}
    return _NAME_WORD.sub(lambda found: spelled.get(asked.get(found[0], ""), found[0]), question)


@lru_cache(maxsize=50_000)
def name_key(name: str) -> tuple[str, ...]:
    """The keys of a name's words, without articles, styles ("Mr") and, in front of a person's name, offices."""
    words = [w for w in _FOLDED_WORD.findall(fold(name)) if w not in ARTICLES]
    if len(words) > 1 and words[-1] in _SUFFIXES:
        words = words[:-1]
    kept = [w for w in words[:-1] if w.rstrip(".") not in _STYLES] + words[-1:]  # "Amartya Sen"
    if kept and kept[-1] not in _BODIES and kept[-1] not in _ROLES:
        while len(kept) > 1 and kept[0] in _ROLES:
            kept = kept[1:]
    return tuple(word_key(word) for word in kept)


def same_person(asked: str, full: str) -> bool:
    """Whether two names may stand for one speaker: "Zakharova", "M. Zakharova" and "Maria Zakharova" may.

    A name may leave out words in front; given both, first names have to agree, an initial with what it begins.
    """
    one, other = name_key(asked), name_key(full)
    if not one or not other or one[-1] != other[-1]:
        return False
    shorter, longer = sorted((one, other), key=len)
    if shorter == longer[-len(shorter) :]:
        return True
    firsts, others = shorter[:-1], longer[:-1]
    return all(any(_agree(a, b) for b in others) for a in firsts)


def _agree(one: str, other: str) -> bool:
    return one == other or (len(one) == 1 and other.startswith(one)) or (len(other) == 1 and one.startswith(other))


def names_person(name: str, text: str) -> bool:
    """Whether the last word of a name stands in a text as a name, however it is spelled."""
    last = name_key(name)[-1:]
    return any(word[:1].isupper() and word_key(word) in last for word in _NAME_WORD.findall(text))


def same_name(word: str, other: str) -> bool:
    """Whether two folded words are forms of one name: equal, or alike but for endings of places and peoples."""
    if word == other or (variant(word) is not None and variant(word) == variant(other)):
        return True
    stripped = {word, _DEMONYM.sub("", word, count=1)}, {other, _DEMONYM.sub("", other, count=1)}
    return min(len(word), len(other)) >= 4 and bool(stripped[0] & stripped[1])


def mentions(name: str, text: str) -> bool:
    """Whether a text has the last word of a name, a surname or what a body is called, however that is spelled."""
    mine = [word for word in words(head(name)) if word not in ARTICLES | TITLES]
    return bool(mine) and any(same_name(mine[-1], word) for word in words(text))


def searchable(text: str) -> str:
    """What the full-text index holds of a chunk: its text folded, and its names as other spellings look for them."""
    return "\n".join(filter(None, (fold(text), " ".join(variants(text)))))


def match_speakers(asked: Iterable[str], known: tuple[str, ...]) -> list[str]:
    """Those of the ``known`` speakers that the names ``asked`` may stand for, however they are spelled."""
    same_last = _by_last_name(known)
    found = {at for who in asked for at in same_last.get(name_key(who)[-1:], ()) if same_person(who, known[at])}
    return [known[at] for at in sorted(found)]


@lru_cache(maxsize=4)  # a library has hundreds of thousands of speakers, and is asked for one several times a question
def _by_last_name(known: tuple[str, ...]) -> dict[tuple[str, ...], list[int]]:
    """Where in ``known`` the names with each last word are. ``same_person`` demands the same one."""
    found: dict[tuple[str, ...], list[int]] = {}
    for at, name in enumerate(known):
        found.setdefault(name_key(name)[-1:], []).append(at)
    return found
