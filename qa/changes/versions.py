"""Versions of articles: what differs between two, and which articles may have read otherwise on a day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ..articles.parse import ParsedArticle
from ..english.temporal.writing import write_day
from ..library.library import Library
from ..model import Filters, Sentence, SentenceChange, WordChange

SIMILAR = 0.5  # share of words that two sentences have in common, from which one counts as the other, reworded
_MOST_PAIRS = 40_000  # pairs of sentences in one rewritten stretch that are compared; beyond, all are deleted and added
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"\s+|\d+(?:[.,:]\d+)*\w*|\w+|[^\w\s]")  # "15,900" is one


@dataclass(frozen=True)
class _Text:
    """A sentence with what is compared of it: its words, however they are spaced and broken into lines."""

    sentence: Sentence
    plain: str
    words: Counter[str]


@dataclass
class _Run:
    """Words that two texts share, or that the one has in place of the other's."""

    same: bool
    old: str
    new: str


def difference(old: ParsedArticle, new: ParsedArticle) -> tuple[SentenceChange, ...]:
    """Return every sentence of two versions of an article, in the order of the new one.

    Deleted sentences stand where they stood before. A sentence that stands elsewhere in the same words is "moved".
    How a sentence is spaced does not count.
    """
    before, after = ([_text(sentence) for sentence in parsed.sentences] for parsed in (old, new))
    return tuple(_with_moves(list(_changes(before, after))))


def changed_sentences(old: ParsedArticle, new: ParsedArticle) -> int:
    """Return how many sentences differ between two versions: changed, moved, added or deleted ones."""
    return sum(change.kind != "same" for change in difference(old, new))


def word_difference(old: str, new: str) -> tuple[WordChange, ...]:
    """Return the runs of words that two texts share, and those that stand in only one of them.

    The runs that were not deleted, one behind the other, are the new text. Those that were not added are the old one,
    but for how it is spaced.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    keys = [[" " if token.isspace() else token for token in tokens] for tokens in (before, after)]
    runs: list[_Run] = []
    for tag, a, b, c, d in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        run = _Run(tag == "equal", "".join(before[a:b]), "".join(after[c:d]))
        between = runs and b < len(before) and d < len(after) and not _WORD.search(run.new)
        if runs and not runs[-1].same and (not run.same or between):
            # A space or a comma between two changes belongs to them: "[-two men-]", not "[-two-] [-men-]".
            runs[-1] = _Run(False, runs[-1].old + run.old, runs[-1].new + run.new)
        else:
            runs.append(run)
    return tuple(change for run in runs for change in _marked(run))


def _marked(run: _Run) -> Iterator[WordChange]:
    """Yield the words of a run. Space that both texts have before or behind a change is not marked."""
    old, new = run.old, run.new
    if run.same:
        yield WordChange(kind="same", text=new)
        return
    spaced = bool(old.strip() and new.strip())
    lead = new[: len(new) - len(new.lstrip())] if spaced and old[:1].isspace() else ""
    tail = new[len(new.rstrip()) :] if spaced and old[-1:].isspace() else ""
    if lead:
        yield WordChange(kind="same", text=lead)
    old, new = (old.lstrip(), new.lstrip()) if lead else (old, new)
    old, new = (old.rstrip(), new.rstrip()) if tail else (old, new)
    if old:
        yield WordChange(kind="deleted", text=old)
    if new:
        yield WordChange(kind="added", text=new)
    if tail:
        yield WordChange(kind="same", text=tail)


def _changes(old: Sequence[_Text], new: Sequence[_Text]) -> Iterator[SentenceChange]:
    matcher = SequenceMatcher(None, [text.plain for text in old], [text.plain for text in new], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            for was, now in zip(old[a:b], new[c:d], strict=True):
                yield SentenceChange(kind="same", old=was.sentence, new=now.sentence)
        else:
            yield from _rewritten(old[a:b], new[c:d])


def _rewritten(old: Sequence[_Text], new: Sequence[_Text]) -> Iterator[SentenceChange]:
    first_old = first_new = 0
    for at_old, at_new in (*_pairs(old, new), (len(old), len(new))):
        yield from (SentenceChange(kind="deleted", old=text.sentence) for text in old[first_old:at_old])
        yield from (SentenceChange(kind="added", new=text.sentence) for text in new[first_new:at_new])
        if at_old < len(old):
            was, now = old[at_old], new[at_new]
            words = word_difference(was.sentence.text, now.sentence.text)
            yield SentenceChange(kind="changed", old=was.sentence, new=now.sentence, words=words)
        first_old, first_new = at_old + 1, at_new + 1


def _pairs(old: Sequence[_Text], new: Sequence[_Text]) -> list[tuple[int, int]]:
    """Return which sentence became which, in their order: the pairs that have most words in common together."""
    if len(old) * len(new) > _MOST_PAIRS:
        return []
    alike = [[_alike(was, now) for now in new] for was in old]
    # best[i][j]: the sum for old[i:] and new[j:].
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = best[i + 1][j + 1] + alike[i][j] if alike[i][j] >= SIMILAR else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _alike(one: _Text, other: _Text) -> float:
    return 2 * (one.words & other.words).total() / max(1, one.words.total() + other.words.total())


def _with_moves(changes: Sequence[SentenceChange]) -> Iterator[SentenceChange]:
    """Yield the changes with a "moved" sentence in place of one that is deleted here and added there."""
    gone: dict[str, list[Sentence]] = {}
    for change in changes:
        if change.kind == "deleted" and change.old:
            gone.setdefault(_plain(change.old), []).append(change.old)
    moved: dict[int, Sentence] = {}  # the old sentence by the index of the new one
    for change in changes:
        if change.kind == "added" and change.new and gone.get(_plain(change.new)):
            moved[change.new.index] = gone[_plain(change.new)].pop(0)
    elsewhere = {sentence.index for sentence in moved.values()}
    for change in changes:
        if change.kind == "added" and change.new and change.new.index in moved:
            yield SentenceChange(kind="moved", old=moved[change.new.index], new=change.new)
        elif not (change.kind == "deleted" and change.old and change.old.index in elsewhere):
            yield change


def _text(sentence: Sentence) -> _Text:
    plain = _plain(sentence)
    return _Text(sentence, plain, Counter(_WORD.findall(plain.lower())))


def _plain(sentence: Sentence) -> str:
    return " ".join(sentence.text.split())


def changed_since(cited: Iterable[str], filters: Filters, library: Library) -> tuple[str, ...]:
    """Return a note if cited articles may have read otherwise on the day that the user goes back to."""
    if not filters.as_of or filters.basis == "held":
        return ()
    count = len(library.changed_after(cited, filters.as_of))
    changed, them = ("1 article was", "it") if count == 1 else (f"{count} articles were", "them")
    day = write_day(filters.as_of)
    return (f"{changed} changed after {day}; the library holds no earlier version of {them}.",) if count else ()
