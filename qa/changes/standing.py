"""How a value stands among the others that the library gives for the same thing.

The question tells which thing is meant: two sentences that both answer it, with different values of one kind, change or
contradict each other. Values that are the same, or the same but rounded, form a group. A group whose sentences were all
published after those of another one is an update of it; groups whose days overlap disagree. A value is never merged
with another one or averaged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from ..articles.parse import ParsedArticle
from ..english.entries import entry_time
from ..english.inflection import every_form
from ..english.lexicon import SAYING, STOPWORDS
from ..english.slots import Giver, giver, tells_of_change
from ..english.tokens import stems
from ..model import ChangeKind, Sentence, day_of
from .values import Amount, Given, Name, Value, compare

TWINS = 0.5  # the share of the words of the shorter of two sentences from which they tell the same thing
LONG_TWINS = 0.2  # and the share of the words of the longer one
TWIN_WORDS = 3
# From which probability a sentence answers the question: if it has words of it, and if it has none.
ANSWERS, ANSWERS_ALONE = 0.3, 0.45
DAYS = 14  # later than that, a figure that somebody else gives is an update, too


@dataclass(frozen=True, eq=False)
class Statement:
    """A sentence that gives a value for what a question asks.

    Attributes:
        article: its article.
        sentence: the sentence.
        given: the value.
        answers: the probability that it answers the question.
        named: the share of the question's names in its article.
        focus: the stems of the question's other words that it has.
        focus_before: those that the sentence before it has.
        of_best, of_best_in_article: ``answers`` as a share of the highest one found, and of that in its article.
    """

    article: ParsedArticle
    sentence: Sentence
    given: Given
    answers: float = 0.0
    named: float = 1.0
    focus: frozenset[str] = frozenset()
    focus_before: frozenset[str] = frozenset()
    of_best: float = 1.0
    of_best_in_article: float = 1.0

    @property
    def place(self) -> tuple[str, int]:
        """The article's id and the sentence's index."""
        return self.sentence.article_id, self.sentence.index

    @property
    def day(self) -> date | None:
        """The day on which its article was published."""
        return day_of(self.article.article.published)

    @cached_property
    def told(self) -> tuple[date, time] | None:
        """When it was told: the day, and the time of day where the article gives one. None if it is undated."""
        published = self.article.article.published
        entry = entry_time(self.article.document, self.sentence.start)
        if isinstance(published, datetime):
            return published.date(), entry or published.time()
        return (published, entry or time.min) if published else None

    @cached_property
    def giver(self) -> Giver | None:
        """Who gives the value as theirs, in the words of the sentence."""
        return giver(self.sentence.text, self.given.start, self.given.end)

    @cached_property
    def voice(self) -> frozenset[str] | None:
        """The stems of the name of whoever gives the value. None if it is the article itself."""
        start, end = self.given.start, self.given.end
        spoken = next(
            (u for u in self.article.part(self.sentence).utterances if u.start <= start and end <= u.end), None
        )
        figured = content_stems(self.giver.who if self.giver else None)  # none for "she"
        kept = figured or content_stems(spoken.speaker if spoken else None)
        itself = frozenset(stems(self.sentence.text[start:end]))  # who speaks of themselves
        return kept if kept and not kept & itself else None

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems of its content words, without those of its value."""
        text, given = self.sentence.text, self.given
        return frozenset(stems(text[: given.start] + " " + text[given.end :])) - _STOP_STEMS

    @cached_property
    def legible(self) -> str:
        """The sentence as a person reads it."""
        return self.article.part(self.sentence).legible

    def twin_of(self, other: Statement) -> bool:
        """Whether both say the same in nearly the same words, but for their values. Names alone are not enough."""
        common = self.words & other.words
        shorter, longer = sorted((len(self.words), len(other.words)))
        if len(common - self._names - other._names) < TWIN_WORDS:
            return False
        return len(common) >= max(TWINS * shorter, LONG_TWINS * longer)

    @cached_property
    def _names(self) -> frozenset[str]:
        """The stems of its names, and of the verbs with which it says that somebody speaks."""
        return frozenset(s for name in self.article.part(self.sentence).names for s in stems(name)) | _SAYING_STEMS

    @property
    def sure(self) -> bool:
        """Whether it answers the question well enough to be compared."""
        if isinstance(self.given.value, Name):
            # "Chose Petra Lund to be president" answers who the president is, whatever else the sentence tells.
            return (self.given.event and bool(self.focus)) or self.answers >= (
                ANSWERS if self.given.event else ANSWERS_ALONE
            )
        return self.answers >= (ANSWERS if self.focus else ANSWERS_ALONE)


def content_stems(text: str | None) -> frozenset[str]:
    """Return the stems of the content words of a text, none for None."""
    return frozenset(stems(text)) - _STOP_STEMS if text else frozenset()


_SAYING_STEMS = frozenset(stem for verb in every_form(SAYING) for stem in stems(verb))
_STOP_STEMS = frozenset(stem for word in STOPWORDS for stem in stems(word))


@dataclass(frozen=True)
class Side:
    """The statements of one value, oldest first."""

    statements: tuple[Statement, ...]

    @property
    def best(self) -> Statement:
        """The statement that answers best."""
        return max(self.statements, key=lambda s: s.answers)

    @property
    def newest(self) -> Statement:
        """The statement that was published last; of several, the one that answers best."""
        last = max(_order(s) for s in self.statements)
        return max((s for s in self.statements if _order(s) == last), key=lambda s: s.answers)


def sides_of(statements: Iterable[Statement]) -> list[Side]:
    """Group statements by value. Those that cannot be compared with any earlier one start a side of their own."""
    sides: list[list[Statement]] = []
    for one in sorted(statements, key=_order):
        for side in sides:
            if any(compare(one.given, other.given) in {"same", "rounding"} for other in side):
                side.append(one)
                break
        else:
            sides.append([one])
    return [Side(tuple(side)) for side in sides]


def relation(mine: Side, other: Side) -> ChangeKind | None:
    """What two sides are to each other: an update (one is newer, see ``newer``), a disagreement, or nothing.

    Who gives a figure may change it: that is an update. Two who give different figures disagree, whoever spoke last,
    unless the later one says that something has changed. Within one article only its own words tell which it is: the
    times of its entries, or who gives which figure.
    """
    one, two = mine.newest, other.newest
    if compare(one.given, two.given) != "different":
        return None
    differ = one.voice is not None and two.voice is not None and not one.voice & two.voice
    differ = differ and _count_alike(one.given.value, two.given.value)
    if one.article.id == two.article.id:
        alike = isinstance(one.given.value, Amount) or one.twin_of(two)
        return "update" if one.told != two.told else "disagreement" if differ and alike else None
    if not newer(mine, other) and not newer(other, mine):
        # An article that gives both, as its own words, does not contradict itself.
        both = {s.article.id for s in mine.statements} & {s.article.id for s in other.statements}
        alike = _count_alike(one.given.value, two.given.value)
        return "disagreement" if differ or (alike and not both) else None
    first, later = sorted((one, two), key=_order)
    soon = bool(first.day and later.day and (later.day - first.day).days <= DAYS)
    return "disagreement" if differ and soon and not tells_of_change(later.sentence.text) else "update"


def _count_alike(one: Value, other: Value) -> bool:
    """Whether two people may count the same: whoever speaks of the dead does not contradict a count of the injured."""
    return not (isinstance(one, Amount) and isinstance(other, Amount)) or one.counted.may_be(other.counted)


def newer(one: Side, other: Side) -> bool:
    """Whether one side was told after the other: on a later day, or later on the same day by the same outlet."""
    first, last = one.statements[0], other.statements[-1]
    if first.told is None or last.told is None:
        return False
    outlets = first.article.article.source, last.article.article.source
    if first.told[0] == last.told[0]:
        return outlets[0] == outlets[1] and first.told > last.told
    return first.told > last.told


def replaced_by_its_outlet(side: Side, sides: Sequence[Side]) -> bool:
    """Whether every outlet that gives this value has given another one of ``sides`` since."""
    mine = {s.place for s in side.statements}
    others = [s for other in sides for s in other.statements if not mine & {s.place for s in other.statements}]
    dated = [s for s in side.statements if s.told]
    return bool(dated) and all(any(_replaces(later, one) for later in others) for one in dated)


def _replaces(later: Statement, one: Statement) -> bool:
    return later.article.article.source == one.article.article.source and _order(later) > _order(one)


def _order(statement: Statement) -> tuple[date, time]:
    return statement.told or (date.min, time.min)
