"""Finds the sentences that a saved answer cites in today's version of their articles.

A sentence may stand where it stood, at another place, or with other spaces and marks. It may give another value in the
same words: "41 people were hurt", where it said 14. Else it is gone, and the sentence nearest to it may help a reader.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal

from ..articles.parse import ParsedArticle, parse_with
from ..english.characters import legible
from ..english.corrections import Value, values_in
from ..english.tokens import words
from ..errors import UnknownArticle
from ..library.library import Library
from ..model import Article, ArticleRef, Citation, Sentence, SentenceChange, day_of
from .versions import SIMILAR, difference

KEPT = 0.6  # the share of its words that a sentence keeps, without its values, if it only gives another value
ENDS = ".!?:;…”’\"')]"  # what a sentence may end with

TraceKind = Literal["same", "moved", "respelled", "revalued", "gone", "removed"]
HOLDING: frozenset[TraceKind] = frozenset({"same", "moved", "respelled"})


@dataclass(frozen=True, eq=False)
class Trace:
    """What became of a cited sentence.

    Attributes:
        kind: ``removed``: the article is no longer in the library.
        old: the sentence as it was cited.
        article: its article: the version that was cited if the library has it, else the sentence alone.
        now: today's version of the article. None if it was removed.
        sentences: where the sentence stands today; of a ``revalued`` one, the sentence that took its place.
        nearest: the sentence of today's version that is most like one that is gone, if any is like it.
        values: the values that a ``revalued`` sentence gave, each with the one that it gives today.
        since: the day from which readers saw today's version. None if it is the one cited, or nothing tells it.
        got: where nothing tells it, the day on which the library got today's version.
    """

    kind: TraceKind
    old: Sentence
    article: ParsedArticle
    now: ParsedArticle | None
    sentences: tuple[Sentence, ...] = ()
    nearest: Sentence | None = None
    values: tuple[tuple[str, str], ...] = ()
    since: date | None = None
    got: date | None = None

    @property
    def holds(self) -> bool:
        """Whether the sentence is still there."""
        return self.kind in HOLDING


class Tracer:
    """Traces cited sentences in one library. Make a new one for each snapshot."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._differences: dict[tuple[str, str], tuple[SentenceChange, ...]] = {}

    @cached_property
    def _by_version(self) -> dict[str, str]:
        return {version: article_id for article_id, version in self._library.versions().items()}

    def _now(self, citation: Citation, base: str) -> str | None:
        """The id of the article that was cited, as it is today.

        If no article has the id, the same text may have another one: its file was moved, or the library made anew.
        """
        try:
            return self._library.versions_of(base)[-1].article.id
        except UnknownArticle:
            return self._by_version.get(citation.version)

    def trace(self, citation: Citation, ref: ArticleRef) -> Trace:
        """Trace one sentence.

        Args:
            citation: the sentence as it was cited.
            ref: its article, as it was when it was cited.
        """
        base = citation.article_id.partition("@")[0]
        now_id = self._now(citation, base)
        stored = self._library.version_id(base, citation.version)
        ids = [i for i in dict.fromkeys((now_id, stored)) if i]
        parsed = self._library.parsed(ids)
        now = parsed[now_id] if now_id else None
        before = parsed[stored] if stored else None
        old, article = _cited(citation, ref, before)
        if now is None:
            return Trace("removed", old, article, None)
        changed = now.article.version != citation.version
        since, got = self._since(now) if changed else (None, None)
        return replace(self._in(now, old, article, before), since=since, got=None if since else got)

    def _in(
        self,
        now: ParsedArticle,
        old: Sentence,
        article: ParsedArticle,
        before: ParsedArticle | None,
    ) -> Trace:
        if found := _verbatim(old, now):
            at_its_place = before is now or any(s.index == old.index for s in found)
            return Trace("same" if at_its_place else "moved", old, article, now, found)
        respelled = [s for s in now.sentences if is_respelled(old, article, s, now)]
        if respelled:
            return Trace("respelled", old, article, now, (_nearest_place(old, respelled),))
        heir = self._heir(old, article, now, before)
        if heir and (values := other_values(old, article, heir, now)):
            return Trace("revalued", old, article, now, (heir,), values=values)
        return Trace("gone", old, article, now, nearest=heir)

    def _heir(
        self, old: Sentence, article: ParsedArticle, now: ParsedArticle, before: ParsedArticle | None
    ) -> Sentence | None:
        """The sentence that took the place of one that is gone, else the one that is most like it."""
        if before is not None:
            key = (before.id, now.id)
            if key not in self._differences:
                self._differences[key] = difference(before, now)
            for change in self._differences[key]:
                if change.kind == "changed" and change.old and change.old.index == old.index:
                    return change.new
        alike = [(_alike(old, sentence), sentence) for sentence in now.sentences]
        share, best = max(alike, key=lambda pair: pair[0], default=(0.0, None))
        return best if share >= SIMILAR else None

    def _since(self, now: ParsedArticle) -> tuple[date | None, date]:
        """The day on which an article was changed, if it tells, and that on which the library got its text.

        It tells by when it was modified, or by a new day of publication. Without them it may have been changed on any
        day before the library got it.
        """
        versions = self._library.versions_of(now.id)
        newest, published = versions[-1], day_of(now.article.published)
        before = versions[-2].shown_from if len(versions) > 1 else None
        stated = day_of(now.article.modified) or (published if before and published and published > before else None)
        got = newest.added.date()
        return (newest.shown_from if before and stated else stated), got


def _cited(citation: Citation, ref: ArticleRef, before: ParsedArticle | None) -> tuple[Sentence, ParsedArticle]:
    """The sentence that was cited, in the version that was cited if it is there, else alone."""
    if before is not None:
        found = _verbatim(Sentence(article_id=before.id, index=citation.sentence, start=citation.start,
                                   end=citation.end, text=citation.quote), before)  # fmt: skip
        if found:
            return found[0], before
    earlier_id = f"{citation.article_id.partition('@')[0]}@{citation.version[:8]}"
    fields = ref.model_dump() | {"id": earlier_id, "version": citation.version, "same_as": ()}
    alone = Sentence(article_id=earlier_id, index=0, start=0, end=len(citation.quote), text=citation.quote)
    parsed = parse_with(Article(**fields, text=citation.quote, body_start=0), [alone])
    return alone, parsed


def _verbatim(old: Sentence, now: ParsedArticle) -> tuple[Sentence, ...]:
    """Where the words of a sentence stand, however they are spaced; the place nearest to that of before.

    They may be split into sentences in another way than before.
    """
    plain = legible(old.text)
    same = [s for s in now.sentences if legible(s.text) == plain]
    if same:
        return (_nearest_place(old, same),)
    text = now.article.text
    for match in re.finditer(r"\s+".join(map(re.escape, old.text.split())), text):
        within = [s for s in now.sentences if s.start < match.end() and match.start() < s.end]
        ahead = text[within[0].start : match.start()].rstrip() if within else ""
        behind = text[match.end() : within[-1].end].lstrip() if within else ""
        if within and (not ahead or ahead[-1] in ENDS) and (not behind or match.group()[-1] in ENDS):
            return tuple(within)
    return ()


def _nearest_place(old: Sentence, sentences: Sequence[Sentence]) -> Sentence:
    return min(sentences, key=lambda s: abs(s.index - old.index))


def is_respelled(old: Sentence, article: ParsedArticle, new: Sentence, now: ParsedArticle) -> bool:
    """Whether two sentences have the same words and values, but other marks or spaces, or 14 for "fourteen"."""
    mine, theirs = _tokens(old, article), _tokens(new, now)
    if words(old.text) == words(new.text):  # in which "2.5" is "25"
        mine, theirs = ([t for t in tokens if t.value and t.value.kind == "number"] for tokens in (mine, theirs))
    return [(t.word, t.value and t.value.key) for t in mine] == [(t.word, t.value and t.value.key) for t in theirs]


def other_values(
    old: Sentence, article: ParsedArticle, new: Sentence, now: ParsedArticle
) -> tuple[tuple[str, str], ...]:
    """Return the values in which a sentence differs from one that says the same otherwise, each with the other one.

    None is returned if the sentences differ in more than values, or the values are the same.
    """
    mine, theirs = _tokens(old, article), _tokens(new, now)
    matcher = SequenceMatcher(None, [t.word for t in mine], [t.word for t in theirs], autojunk=False)
    kept = pairs = 0
    found: list[tuple[str, str]] = []
    for first, second, size in matcher.get_matching_blocks():
        for one, other in zip(mine[first : first + size], theirs[second : second + size], strict=True):
            if one.value is None or other.value is None:
                kept += 1
            elif _differ(one.value, other.value):
                found.append((one.text, other.text))
            pairs += 1
    others = sum(token.value is None for token in mine)
    return tuple(found) if found and kept >= KEPT * others else ()


@dataclass(frozen=True)
class _Token:
    """A word, or a value of the sentence as one token: ``word`` is then its kind."""

    word: str
    text: str
    value: Value | None = None


def _tokens(sentence: Sentence, article: ParsedArticle) -> list[_Token]:
    tokens: list[_Token] = []
    text, at = article.article.text, sentence.start
    for value in _values(sentence, article):
        tokens += [_Token(word, word) for word in words(text[at : value.start])]
        tokens.append(_Token(f"<{value.kind} {value.unit}>", legible(text[value.start : value.end]), value))
        at = value.end
    return tokens + [_Token(word, word) for word in words(text[at : sentence.end])]


def _values(sentence: Sentence, article: ParsedArticle) -> tuple[Value, ...]:
    return values_in(article.document, sentence.start, sentence.end)


def _differ(one: Value, other: Value) -> bool:
    """Whether two values of one kind are different. A name in full and in short is one."""
    if one.kind == "name":
        mine, theirs = set(one.key.split()), set(other.key.split())
        return not (mine <= theirs or theirs <= mine)
    return one.key != other.key


def _alike(old: Sentence, new: Sentence) -> float:
    """The share of the words of two sentences that they have in common."""
    mine, theirs = Counter(words(old.text)), Counter(words(new.text))
    return 2 * (mine & theirs).total() / max(1, mine.total() + theirs.total())
