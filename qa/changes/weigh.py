"""Weighs a claim against the rest of the library: corrections of its sentences, and other values for the same thing.

Nothing is told of a change without its sentence: every correction, newer value and other side is shown as a claim of
its own, word for word and with its citation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cached_property, lru_cache
from math import inf

from ..articles.parse import ParsedArticle
from ..english.characters import legible
from ..english.lexicon import PEOPLE
from ..english.names import holders
from ..english.numbers import compare_numbers
from ..english.questions import counted_noun
from ..english.slots import tells_of_change
from ..english.spelling import same_person
from ..english.tokens import stem, stems
from ..model import ChangeKind, DraftClaim, Passage, Sentence, Standing, Usage, day_of
from ..render import outlet_and_day
from ..search.rank import Scored
from ..verification.evidence import Evidence
from ..verification.examine import may_be_quoted
from .asking import Asking, ValueRead
from .copies import Span, altered, are_copies, has_words_of
from .corrections import Correction, note_of
from .likeness import are_of_one_kind, features, likeness
from .pairs import Pair, pairs_in
from .standing import (
    ANSWERS,
    ANSWERS_ALONE,
    Side,
    Statement,
    content_stems,
    newer,
    relation,
    replaced_by_its_outlet,
    sides_of,
)
from .values import (
    Amount,
    Asked,
    Day,
    Given,
    Name,
    State,
    Words,
    amounts_in,
    compare,
    given_by,
    is_of_another,
    value_of,
)

NEVER = (date.min, time.min)
ABOUT_AS_WELL = 0.85  # the share of the best probability to answer from which a sentence answers about as well
HALF_AS_WELL = 0.5  # the share of the probability of a claim from which a later sentence of its story may answer
FEW = 12  # numbers up to it are too frequent to recognise a value by
MARKS = " *_#"  # of Markdown, and space, at the ends of words that are told
READ = 16  # the most sentences whose values a model reads
MAY_ANSWER = 0.4  # the share of the best probability to answer from which a sentence is worth its words in a prompt
SHARED = 0.6  # the share of the question's words that what an article sets side by side must have
SAME, PERHAPS = 0.6, 0.4  # the likeness from which a sentence gives a value for the same thing, and from which it may
SIDES = 4  # the most sides of a disagreement that are shown

Further = Callable[[str, date | None], tuple[Sequence[Scored], Mapping[str, ParsedArticle]]]
"""Searches once more, with the words of a claim and from its day on.

Returns sentences with their relevance to the question, and their articles.
"""

Tells = Callable[[ParsedArticle, ParsedArticle], bool]
"""Whether two articles tell one story."""

Corrections = Callable[[Sentence, ParsedArticle], Sequence[Correction]]
"""The corrections of a sentence that the library holds."""


@dataclass(frozen=True)
class Beside:
    """A sentence that is shown beside a claim, as a claim of its own.

    ``kind`` says what both are to each other, and ``detail`` says it to a reader. ``first``: it is shown before the
    claim, because it counts today and the claim does not, or no longer.
    """

    evidence: Evidence
    kind: ChangeKind
    standing: Standing
    since: date | None
    first: bool
    detail: str


@dataclass(frozen=True)
class _Note:
    """A note of a correction. ``beside`` is None if it is ``cited`` by the claim itself, or has no sentence to show."""

    confirms: bool
    day: date | None
    detail: str
    beside: Beside | None
    cited: bool


@dataclass(frozen=True)
class Weighed:
    """How a claim stands, since when, the day of its newest sentence, and what is shown beside it.

    ``within`` is a change that the claim tells itself: its kind, and a sentence for readers.
    """

    standing: Standing
    since: date | None
    as_of: date | None
    beside: tuple[Beside, ...] = ()
    within: tuple[ChangeKind, str] | None = None


class Weigher:
    """Weighs the claims of one question."""

    def __init__(
        self,
        question: str,
        ranked: Iterable[Scored],
        articles: Mapping[str, ParsedArticle],
        corrections: Corrections,
        further: Further = lambda *_: ((), {}),
        *,
        updates: bool = True,
        may_change: bool = True,
        asking: Asking | None = None,
        one_story: Tells = lambda *_: False,
    ) -> None:
        """Make a weigher.

        Args:
            question: what the claims answer.
            ranked: the sentences found for it, with their relevance.
            articles: their articles, and those of all claims, by id.
            corrections: finds the corrections of a sentence.
            further: searches for other sentences on the same thing. It is called once, for the first claim.
            updates: whether newer values count. They do not for a question about a day in the past.
            may_change: whether the answer may become another one. What happened, or what somebody said, stays the same.
            asking: asks a model which sentences give values of one thing; None: rules decide.
            one_story: whether two articles tell one story.
        """
        self.asked = Asked(question)
        """What the question asks for."""
        self._ranked = tuple(ranked)
        self._articles = dict(articles)
        self._corrections = corrections
        self._further: Further | None = further if self._ranked else None  # a list is complete as it is
        self._updates = updates and not self.asked.of_then
        self._may_change = may_change and self._updates
        self._asking = asking
        self._one_story = one_story
        self._stories: dict[frozenset[str], bool] = {}  # whether two articles, by their ids, tell one story
        self._headline: ParsedArticle | None = None
        self.withdrawn: set[str] = set()
        """The ids of articles that were withdrawn, among those whose sentences were weighed."""

    @property
    def usage(self) -> Usage | None:
        """What a model was asked for has cost."""
        return self._asking.usage if self._asking else None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What went wrong when a model was asked, and the headline of a later article that no claim rests on."""
        failed = (self._asking.warning,) if self._asking and self._asking.warning else ()
        if self._headline is None:
            return failed
        article = self._headline.article
        return (*failed, f"A later article is headed “{legible(article.title or '')}” ({outlet_and_day(article)}).")

    def weigh(self, evidence: Evidence) -> Weighed:
        """Weigh a claim by the sentences that it cites."""
        days = [day for article in evidence.articles if (day := day_of(article.published))]
        as_of = max(days, default=None)
        if self._further:
            more, articles = self._further(evidence.text, as_of)
            self._ranked, self._articles, self._further = (*self._ranked, *more), {**articles, **self._articles}, None
        notes = self._notes(evidence)
        wrong = [note for note in notes if not note.confirms]
        if wrong:
            shown = tuple(note.beside for note in wrong if note.beside)
            own = next((note for note in wrong if not note.beside), None)
            standing: Standing = "current" if own and own.cited else "corrected"
            return Weighed(standing, wrong[0].day, as_of, shown, ("correction", own.detail) if own else None)
        weighed = self._valued(evidence, as_of)
        if not weighed.beside and not weighed.within:
            weighed = self._as_copied(evidence, as_of) or self._as_read(evidence, as_of) or weighed
        if as_of and not weighed.beside and (headed := self._headed(as_of)):
            weighed, self._headline = replace(weighed, standing="unknown"), headed
        confirming = tuple(note.beside for note in notes if note.beside)
        if not weighed.beside and not confirming and (told := _tells_of_correction(evidence)):
            return replace(weighed, within=("correction", told))
        return replace(weighed, beside=(*weighed.beside, *confirming))

    def notes(self, passage: Passage) -> list[Evidence]:
        """The notes that say that a sentence is wrong, each as a claim of its sentences."""
        alone = Evidence(
            DraftClaim(text=passage.sentence.text, labels=(passage.label,)),
            (passage,),
            (self._articles[passage.article_id],),
        )
        found = (note.beside for note in self._notes(alone) if not note.confirms)
        return [beside.evidence for beside in found if beside]

    # -- corrections ---------------------------------------------------------------------------------------------------

    def _notes(self, evidence: Evidence) -> list[_Note]:
        """The notes that concern the sentences of a claim, each once."""
        cited = {(p.article_id, p.sentence.index) for p in evidence.passages}
        found: dict[tuple[tuple[str, int], ...], _Note] = {}
        for passage, article in evidence.pairs:
            for one in self._corrections(passage.sentence, article):
                if one.whole:
                    self.withdrawn.add(article.id)
                places = tuple((s.article_id, s.index) for s in one.sentences)
                if places in found:
                    continue
                beside = None
                if places and not cited >= set(places):
                    note = _evidence(one.sentences, one.article, passage.label)
                    if not may_be_quoted(note):
                        continue
                    beside = Beside(note, "correction", "current", one.day, not one.confirms, one.detail)
                found[places] = _Note(one.confirms, one.day, one.detail, beside, bool(places) and beside is None)
        return list(found.values())

    # -- other values --------------------------------------------------------------------------------------------------

    def _valued(self, evidence: Evidence, as_of: date | None) -> Weighed:
        mine = next((s for s in self.statements if s.place in places_of(evidence)), None)
        if mine is None:
            return self._asked_about(as_of) or Weighed(self._as_it_is(evidence, as_of), as_of, as_of)
        if mine.given.old:
            return self._replaced(mine, evidence, as_of)
        alike = self._like(mine)
        own, updates, differing = self._related(mine, alike)
        link = self._linked(mine)
        superseded = self._superseded(own, updates, as_of)
        if superseded and not (link and link[2] == "disagreement" and _is_as_new(link[0], superseded.since)):
            return superseded
        if disputed := self._disputed(mine, differing, as_of):
            return disputed
        if link and (link[2] == "disagreement" or self._updates):
            return self._weighed_by_link(mine, *link, evidence, as_of)
        if superseding := self._superseding(mine, evidence, own, updates, as_of):
            return superseding
        if self._updates and self._may_be_replaced(mine, own):
            return Weighed("unknown", as_of, as_of)
        standing = self._as_it_is(evidence, self._known(own, as_of))
        rounded = self._rounded(mine)
        within = _tells_of_update(mine) if self._updates and not rounded else None
        return Weighed(standing, as_of, as_of, rounded, within)

    def _related(self, mine: Statement, alike: Sequence[Statement]) -> tuple[Side, list[Side], list[Side]]:
        """The side of a statement, those that are updates to it or of it, and those that disagree with it."""
        own, others = self._sides(mine, alike)
        related = [(other, kind) for other in others if (kind := relation(own, other))]
        updates = [other for other, kind in related if kind == "update"] if self._updates else []
        every = sides_of([mine, *alike])  # a figure that was corrected has replaced others too
        differing = [s for s, kind in related if kind == "disagreement" and not replaced_by_its_outlet(s, every)]
        return own, updates, differing

    def _may_be_replaced(self, mine: Statement, own: Side) -> bool:
        """Whether a later sentence may give another value for the same thing, though nobody can tell for certain."""
        since = own.newest.day
        if since is None or not self.asked.may_change(mine.given.value):
            return False
        later = (s for s in self.statements if s.day and s.day > since and compare(s.given, mine.given) == "different")
        return any(self.likeness(mine, s) >= PERHAPS and self._holds(s) for s in later)

    def _superseded(self, own: Side, updates: Sequence[Side], as_of: date | None) -> Weighed | None:
        """Weigh a claim whose value is older than another one, which is shown first. None if there is none."""
        newest = max((s for s in updates if newer(s, own)), key=lambda s: s.newest.told or NEVER, default=None)
        if newest is None:
            return None
        day = newest.newest.day
        shown = self._newer(newest.newest, own.best)
        return Weighed("superseded", day, as_of, shown) if shown else None

    def _disputed(self, mine: Statement, differing: Sequence[Side], as_of: date | None) -> Weighed | None:
        """Weigh a claim beside which others give other values. None if there are none."""
        besides = [b for s in differing[:SIDES] for b in self._beside(s.best, mine, "disagreement", "disputed")]
        return Weighed("disputed", as_of, as_of, tuple(besides)) if besides else None

    def _newer(self, newest: Statement, older: Statement) -> tuple[Beside, ...]:
        """A newer value, which is shown before an older one."""
        shown = self._beside(newest, older, "update", "current", first=True)
        return tuple(replace(one, standing=self._as_it_is(one.evidence, newest.day)) for one in shown)

    def _superseding(
        self, mine: Statement, evidence: Evidence, own: Side, updates: Sequence[Side], as_of: date | None
    ) -> Weighed | None:
        """Weigh a claim whose value is newer than another one, which is shown behind it. None if there is none."""
        last = max((s for s in updates if newer(own, s)), key=lambda s: s.newest.told or NEVER, default=None)
        if last is None:
            return None
        standing = self._as_it_is(evidence, self._known(own, as_of))
        return Weighed(standing, as_of, as_of, self._beside(mine, last.newest, "update", "superseded"))

    def _as_copied(self, evidence: Evidence, as_of: date | None) -> Weighed | None:
        """Weigh a claim by copies of its sentences in which another value stands. None if there are none."""
        for mine, copied in self._copies(evidence):
            own, updates, differing = self._related(mine, copied)
            weighed = self._superseded(own, updates, as_of) or self._disputed(mine, differing, as_of)
            if weighed := weighed or self._superseding(mine, evidence, own, updates, as_of):
                return weighed
        return None

    def _copies(self, evidence: Evidence) -> Iterator[tuple[Statement, list[Statement]]]:
        """The values of a claim at which other articles differ that copy its sentence, and theirs."""
        if not self.asked.names_its_subject:
            return
        places = places_of(evidence)
        for scored in (s for s in self._ranked if _place(s.passage) in places):
            found: dict[Span, tuple[Statement, list[Statement]]] = {}
            for other in self._ranked:
                if pair := self._copy(scored, other):
                    one, copied = pair
                    found.setdefault((one.given.start, one.given.end), (one, []))[1].append(copied)
            yield from found.values()

    def _copy(self, scored: Scored, other: Scored) -> tuple[Statement, Statement] | None:
        """The value of a sentence, and that of another one which is its copy but for this value, if both may answer."""
        spans = altered(scored.passage.sentence.text, other.passage.sentence.text)
        if spans is None or _place(scored.passage) == _place(other.passage):
            return None
        one, copied = (self._differing(s, span) for s, span in zip((scored, other), spans, strict=True))
        if not are_copies(one.article, copied.article) or note_of(one.article, one.sentence):
            return None
        # An article that has both does not contradict itself.
        if has_words_of(one.article, copied.sentence) or has_words_of(copied.article, one.sentence):
            return None
        # "Monday" of one week and "Tuesday" of another one are a habit.
        if isinstance(one.given.value, Day) and one.day != copied.day:
            return None
        if self._named(copied.article) < 1.0 or any(self._is_of_question(s) for s in (one, copied)):
            return None
        answering = any(_overlap(s.relevance.likely, span) for s, span in zip((scored, other), spans, strict=True))
        return (one, copied) if answering or self.asked.wants(one.given.value) else None

    def _differing(self, scored: Scored, span: Span) -> Statement:
        """What a sentence has where its copy has other words, as a statement."""
        article, sentence = self._articles[scored.passage.article_id], scored.passage.sentence
        given = given_by(article, sentence, span, self.asked)
        return self._statement(article, sentence, given, scored.relevance.answers)

    def _is_of_question(self, statement: Statement) -> bool:
        """Whether the words of a value are among those of the question."""
        start, end = statement.given.words or (statement.given.start, statement.given.end)
        return not content_stems(statement.sentence.text[start:end]).isdisjoint(self.asked.stems)

    def _as_read(self, evidence: Evidence, as_of: date | None) -> Weighed | None:
        """Weigh a claim by the values that a model has read. Only updates that the articles bear out are told."""
        mine = next((s for s in self._read if s.place in places_of(evidence)), None) if self._updates else None
        if mine is None or mine.given.old or isinstance(mine.given.value, Words):
            return None
        alike = [s for s in self._read if self._same_thing(mine, s)]
        own, others = self._sides(mine, alike)
        updates = [s for s in others if relation(own, s) == "update" and _is_borne_out(own, s)]
        return self._superseded(own, updates, as_of) or self._superseding(mine, evidence, own, updates, as_of)

    @staticmethod
    def _known(own: Side, as_of: date | None) -> date | None:
        """The day of the newest article that gives a claim's value. None if the claim is undated."""
        return max(as_of, *(s.day for s in own.statements if s.day)) if as_of else None

    def _as_it_is(self, evidence: Evidence, known: date | None) -> Standing:
        """How a claim stands beside which the library gives no newer value.

        Whether it still stands is unknown if a later sentence may answer otherwise and cannot be compared.

        Args:
            evidence: the claim.
            known: the day of the newest article that gives its value.
        """
        if known is None:
            return "unknown"
        return "unknown" if self._updates and self._may_be_answered_anew(evidence, known) else "current"

    def _may_be_answered_anew(self, evidence: Evidence, known: date) -> bool:
        """Whether a sentence after a day may answer the question otherwise than a claim.

        Either the question asks how things are, and the sentence answers about as well as any, or its article goes on
        with the claim's story, and it is half as likely to answer as the claim. A sentence that has the words with
        which the claim answers bears it out.
        """
        places, former = places_of(evidence), {s.place for s in self.statements if s.given.old}
        mine = [s for s in self._ranked if _place(s.passage) in places]
        spans = ((s.passage.sentence.text, s.relevance.answer) for s in mine)
        answering = [words for text, span in spans if span and (words := self._own_words(text[slice(*span)]))]
        well = max(ANSWERS_ALONE, ABOUT_AS_WELL * self._best_of_all) if self.asked.of_now else inf
        half = HALF_AS_WELL * max(s.relevance.answers for s in mine) if mine and self._may_change else inf
        for scored in self._ranked:
            article, sentence = self._articles[scored.passage.article_id], scored.passage.sentence
            day, answers = day_of(article.article.published), scored.relevance.answers
            if day is None or day <= known or answers < min(well, half) or _place(scored.passage) in former:
                continue
            if any(words <= content_stems(sentence.text) for words in answering):
                continue
            if answers >= half and any(self._tell_one_story(one, article) for one in evidence.parsed):
                return True
            if answers >= well and not is_of_another(article, sentence, self.asked):
                return True
        return False

    def _own_words(self, words: str) -> frozenset[str]:
        """The stems of the content words that are not those of the question."""
        return content_stems(words) - self.asked.stems

    def _headed(self, as_of: date) -> ParsedArticle | None:
        """The newest article after a day whose headline tells how things are with what is asked about.

        A headline is no sentence of the text, so nothing rests on it: "Keller Bridge reopens", above a text that tells
        who drove across it.
        """
        if not self._updates or not (self.asked.rows or self.asked.of_now):
            return None
        later = [(day, a) for a in self._articles.values() if (day := day_of(a.article.published)) and day > as_of]
        headed = ((day, article) for day, article in later if self.asked.is_told_by(article.article.title or ""))
        return max(headed, key=lambda one: one[0], default=(None, None))[1]

    def _replaced(self, mine: Statement, evidence: Evidence, as_of: date | None) -> Weighed:
        """Weigh a claim whose own sentence says that its value holds no longer: "Jon Tarr resigned as mayor"."""
        holding = [s for s in self._like(mine) if self._holds(s) and (s.told or NEVER) >= (mine.told or NEVER)]
        newest = max(holding, key=lambda s: (s.told or NEVER, s.answers), default=None)
        if newest is None or not self._updates or compare(newest.given, mine.given) != "different":
            return Weighed(self._as_it_is(evidence, as_of), as_of, as_of)
        shown = self._newer(newest, mine)
        if not shown:
            return Weighed(self._as_it_is(evidence, as_of), as_of, as_of)
        return Weighed("superseded", newest.day, as_of, shown)

    def _weighed_by_link(
        self,
        mine: Statement,
        other: Statement,
        same: Statement,
        kind: ChangeKind,
        evidence: Evidence,
        as_of: date | None,
    ) -> Weighed:
        standing: Standing = "superseded" if kind == "update" else "disputed"
        detail = _detail(kind, other, mine if other.place != mine.place else same)
        if other.place == mine.place:
            return Weighed(standing, as_of, as_of, within=(kind, detail))
        shown = _evidence((other.sentence,), other.article, "C1")
        if not may_be_quoted(shown):
            return Weighed(self._as_it_is(evidence, as_of), as_of, as_of)
        newest = self._as_it_is(shown, other.day) if kind == "update" else "disputed"
        beside = Beside(shown, kind, newest, other.day, kind == "update", detail)
        return Weighed(standing, other.day if kind == "update" else as_of, as_of, (beside,))

    def _linked(self, mine: Statement) -> tuple[Statement, Statement, ChangeKind] | None:
        """Find where an article sets the claim's value beside another one, whatever else it says there.

        "The union holds to 46, the growers to 31" tells that both are given for one thing, and so does "2.60 crowns,
        down from 2.80". Returns the statement of the other value, that of the claim's value beside it, and what they
        are to each other.
        """
        if not isinstance(mine.given.value, Amount) or not _is_telling(mine.given.value):
            return None
        for article in self._articles.values():
            if self._named(article) < 1.0:
                continue
            for same, other, kind in pairs_in(article):
                for one, two in ((same, other), (other, same)):
                    if kind == "update" and (one is other or (two.told or NEVER) < (mine.told or NEVER)):
                        continue
                    if not self._gives_figure_of(mine, one, two):
                        continue
                    if (self._holds(two) and two.place != mine.place) or (
                        kind == "disagreement" and one.place == mine.place
                    ):
                        return two, one, kind
        return None

    def _gives_figure_of(self, mine: Statement, one: Statement, two: Statement) -> bool:
        """Whether the first statement of a pair gives the claim's number, and may count the same.

        16 patients are no 16 pumps. "The union holds to 46, the growers to 31" counts what is told around it.
        """
        if not _same_number(one.given, mine.given):
            return False
        with_noun = [s for s in (one, two) if isinstance(s.given.value, Amount) and s.given.value.counted.noun]
        if with_noun:
            return self._may_count_like(mine, with_noun[0])
        return self._may_count_like(mine, one) or self._may_count_like(mine, two) or self._tells_of_asked(one, two)

    def _may_count_like(self, mine: Statement, other: Statement) -> bool:
        a, b = mine.given.value, other.given.value
        if not isinstance(a, Amount) or not isinstance(b, Amount):
            return False
        alike = a.counted._replace(part=b.counted.part, step=b.counted.step, forecast=b.counted.forecast)
        return alike.may_be(b.counted, self.asked.stems)

    def _asked_about(self, as_of: date | None) -> Weighed | None:
        """Weigh a claim without a value, where an article sets side by side what two people give for what is asked.

        "Nobody agrees how much oil she has lost. The owner puts it at 130 tonnes. The campaigners say 400." None if
        no article does.
        """
        found = self._asked_pair() if self.asked.kind in {"number", "any"} else None
        if found is None:
            return None
        one, other, _ = found
        told = [b for s in dict.fromkeys((one.place, other.place)) for b in self._side(s, one, other)]
        return Weighed("disputed", as_of, as_of, tuple(told)) if told else None

    def _asked_pair(self) -> Pair | None:
        """The newest disagreement about what is asked that an article sets side by side."""
        pairs = [pair for article in self._articles.values() for pair in pairs_in(article) if self._is_asked(pair)]
        return max(pairs, key=lambda pair: pair[1].told or NEVER, default=None)

    def disputed(self) -> frozenset[tuple[str, int]]:
        """The sentences that give the two sides of a disagreement about the number that is asked for, if there is one.

        Neither may say of what: "The federation says 6,200 of them stood there. The police saw 3,900."
        """
        found = self._asked_pair() if self.asked.kind == "number" else None
        if found is None:
            return frozenset()
        noun = counted_noun(self.asked.question)
        named = noun in PEOPLE or frozenset(stems(noun)) <= frozenset(stems(_around(found[0], found[1])))
        return frozenset((found[0].place, found[1].place)) if named else frozenset()

    def _side(self, place: tuple[str, int], one: Statement, other: Statement) -> tuple[Beside, ...]:
        """One of the sentences that give the two sides of a disagreement."""
        shown = one if one.place == place else other
        evidence = _evidence((shown.sentence,), shown.article, "C1")
        if not may_be_quoted(evidence):
            return ()
        return (Beside(evidence, "disagreement", "disputed", shown.day, False, _detail("disagreement", other, one)),)

    def _is_asked(self, pair: Pair) -> bool:
        """Whether a disagreement is about what is asked: by the words around it, and as the reading model sees it."""
        one, other, kind = pair
        if kind != "disagreement" or self._named(one.article) < 1.0 or not (self._holds(one) and self._holds(other)):
            return False
        if not any(
            isinstance(s.given.value, Amount) and self.asked.counts(s.given.value.counted) for s in (one, other)
        ):
            return False
        best = max((s.relevance.answers for s in self._ranked), default=0.0) or 1.0
        share = max(self._answers.get(s.place, 0.0) for s in (one, other)) / best
        return share >= ABOUT_AS_WELL or (share >= ANSWERS and self._tells_of_asked(one, other))

    def _tells_of_asked(self, one: Statement, other: Statement) -> bool:
        """Whether the words around two neighbouring statements are about what is asked."""
        focus = self.asked.focus
        return bool(focus) and len(self.asked.focus_in(_around(one, other))) >= SHARED * len(focus)

    @cached_property
    def _answers(self) -> Mapping[tuple[str, int], float]:
        """The probability to answer the question of each sentence found."""
        return {_place(s.passage): s.relevance.answers for s in self._ranked}

    def _rounded(self, mine: Statement) -> tuple[Beside, ...]:
        """The same amount elsewhere in the story, more or less exactly: "about 300" beside 312."""
        amount = mine.given.value
        if not isinstance(amount, Amount) or not _is_telling(amount):
            return ()
        for article in self._articles.values():
            if self._named(article) < 1.0 or article.id == mine.article.id:
                continue
            for sentence in article.sentences:
                for given in amounts_in(article, sentence):
                    other = given.value
                    if (
                        isinstance(other, Amount)
                        and compare_numbers(amount.number, other.number) == "rounding"
                        and amount.counted.counts_like(other.counted)
                    ):
                        return self._beside(mine, Statement(article, sentence, given), "rounding", "current")
        return ()

    def _sides(self, mine: Statement, alike: Sequence[Statement]) -> tuple[Side, list[Side]]:
        """The side of a statement, and the others, without statements that were corrected or tell of former values."""
        holding = [s for s in alike if self._holds(s) and not note_of(s.article, s.sentence)]
        sides = sides_of([mine, *holding])
        own = next(side for side in sides if mine in side.statements)
        return own, [side for side in sides if side is not own]

    def _like(self, mine: Statement) -> list[Statement]:
        """The other statements on the same thing."""
        changing = self.asked.may_change(mine.given.value)
        return [
            s for s in self.statements if (changing or s.told is None or s.twin_of(mine)) and self._same_thing(mine, s)
        ]

    def _same_thing(self, mine: Statement, other: Statement) -> bool:
        """Whether another statement gives a value for what a claim gives a value for, as far as can be told."""
        if mine.legible == other.legible:
            return False
        if mine.given.thing is not None and other.given.thing is not None:
            return mine.given.thing == other.given.thing
        if mine.told is None and other.told is None and mine.sure and other.sure:
            return True  # nobody can say which is later, so both are shown, even if they may be of two things
        # Whether something is open, and who takes an office, is seldom mistaken.
        plain = isinstance(other.given.value, State) or other.given.event
        return self.likeness(mine, other) >= (PERHAPS if plain else SAME)

    def likeness(self, mine: Statement, other: Statement) -> float:
        """The probability that another statement gives a value for what a claim gives a value for."""
        if not are_of_one_kind(mine, other, self.asked):
            return 0.0
        return likeness(self.features(mine, other))

    def features(self, mine: Statement, other: Statement) -> dict[str, float]:
        """What the likeness of two statements is weighed by."""
        return features(mine, other, self.asked, one_story=self._tell_one_story(mine.article, other.article))

    def _tell_one_story(self, one: ParsedArticle, other: ParsedArticle) -> bool:
        if one.id == other.id:
            return True
        pair = frozenset((one.id, other.id))
        if pair not in self._stories:
            self._stories[pair] = self._one_story(one, other)
        return self._stories[pair]

    def _holds(self, statement: Statement) -> bool:
        """Whether a statement gives its value as one that holds, and nothing has corrected it."""
        corrected = any(not c.confirms for c in self._corrections(statement.sentence, statement.article))
        return not statement.given.old and not corrected

    @cached_property
    def _read(self) -> tuple[Statement, ...]:
        """The values that a model has read: none if there is no model, it is not worth a call, or the call fails."""
        if self._asking is None or not self._may_differ(self.statements):
            return ()
        likely = sorted(self._ranked, key=lambda s: -s.relevance.answers)[:READ]
        likely = [s for s in likely if s.relevance.answers >= MAY_ANSWER * likely[0].relevance.answers]
        candidates = [(self._articles[s.passage.article_id], s.passage.sentence) for s in likely]
        read = self._asking.values(candidates)
        return self._read_as(read, {_place(s.passage): s for s in likely}) if read else ()

    def _may_differ(self, statements: Sequence[Statement]) -> bool:
        """Whether it is worth to ask a model: several articles may answer, and not all plainly say the same."""
        if self.asked.kind in {"reason", "quotation"}:
            return False
        likely = {s.passage.article_id for s in self._ranked if s.relevance.answers >= ANSWERS}
        sides = sides_of(statements)
        return len(likely) > 1 and (len(sides) > 1 or len({s.article.id for s in statements}) < len(likely))

    def _read_as(
        self, read: Mapping[tuple[str, int], ValueRead], likely: Mapping[tuple[str, int], Scored]
    ) -> tuple[Statement, ...]:
        """The values that a model has read, as statements. Code still says what kind of value each is."""
        found = []
        for place, one in read.items():
            article, sentence = self._articles[place[0]], likely[place].passage.sentence
            given = given_by(article, sentence, (one.start, one.end), self.asked)
            given = replace(given, old=one.old, thing=one.thing)
            found.append(self._statement(article, sentence, given, likely[place].relevance.answers))
        return tuple(found)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The sentences found that give a value for what is asked. Weigh a claim first: that searches once more."""
        found = []
        for scored in self._ranked:
            article, sentence = self._articles[scored.passage.article_id], scored.passage.sentence
            given = value_of(article, sentence, scored.relevance.likely, self.asked)
            if given and not self._holds_another_office(given):
                found.append(self._statement(article, sentence, given, scored.relevance.answers))
        return tuple(found)

    def _statement(self, article: ParsedArticle, sentence: Sentence, given: Given, answers: float) -> Statement:
        before = article.sentences[sentence.index - 1].text if sentence.index else ""
        best = self._best_of_all
        return Statement(
            article,
            sentence,
            given,
            answers,
            named=self._named(article),
            focus=self.asked.focus_in(sentence.text),
            focus_before=self.asked.focus_in(before),
            of_best=answers / (best or 1.0),
            of_best_in_article=answers / (self._best[article.id] or 1.0),
        )

    @cached_property
    def _best_of_all(self) -> float:
        return max(self._best.values(), default=1.0)

    @cached_property
    def _best(self) -> Mapping[str, float]:
        """The highest probability to answer in each article."""
        best: dict[str, float] = {}
        for scored in self._ranked:
            article_id = scored.passage.article_id
            best[article_id] = max(best.get(article_id, 0.0), scored.relevance.answers)
        return best

    def _holds_another_office(self, given: Given) -> bool:
        """Whether the articles give a person the office that is asked about, but elsewhere: the mayor of Orsund."""
        if not isinstance(given.value, Name):
            return False
        person = given.value.words
        of = [self.asked.things[office] & names for office, names, who in self._offices if same_person(who, person)]
        return bool(of) and not any(of)

    @cached_property
    def _offices(self) -> tuple[tuple[str, frozenset[str], str], ...]:
        """Who holds an office of the kind asked about, with the stems of the office and of what it is of."""
        found = (one for article in self._articles.values() for one in _holders_in(article))
        return tuple(one for one in found if one[0] in self.asked.things)

    def _named(self, article: ParsedArticle) -> float:
        """The share of the words of the question's names that an article has.

        It has all if it goes on with the story of one that has all: later articles call the Bramsel Bears "the Bears".
        """
        share = self._share_of_names(article)
        if share < 1.0 and any(self._tell_one_story(article, other) for other in self._about if other.id != article.id):
            return 1.0
        return share

    def _share_of_names(self, article: ParsedArticle) -> float:
        wanted = self.asked.named
        return len(wanted & _stems_of(article)) / len(wanted) if wanted else 1.0

    @cached_property
    def _about(self) -> tuple[ParsedArticle, ...]:
        """The articles that have all names of the question, and a sentence that answers it."""
        answering = dict.fromkeys(s.passage.article_id for s in self._ranked if s.relevance.answers >= ANSWERS_ALONE)
        return tuple(a for i in answering if self._share_of_names(a := self._articles[i]) == 1.0)

    def _beside(
        self, shown: Statement, other: Statement, kind: ChangeKind, standing: Standing, *, first: bool = False
    ) -> tuple[Beside, ...]:
        new = shown if first or kind == "disagreement" else other
        evidence = _evidence((new.sentence,), new.article, "C1")
        if not may_be_quoted(evidence):
            return ()
        detail = _detail(kind, shown, other)
        return (Beside(evidence, kind, standing, new.day if standing != "superseded" else shown.day, first, detail),)


def _around(one: Statement, other: Statement) -> str:
    """The headline, the sentence before two neighbouring statements, and theirs."""
    first, last = sorted((one.sentence.index, other.sentence.index))
    around = one.article.sentences[max(0, first - 1) : last + 1]
    return " ".join([one.article.article.title or "", *(s.text for s in around)])


def _is_as_new(statement: Statement, day: date | None) -> bool:
    """Whether a statement is from a day or later."""
    return day is None or (statement.day is not None and statement.day >= day)


def _is_borne_out(one: Side, other: Side) -> bool:
    """Whether the articles bear out an update of values that only a model takes for those of one thing.

    The later sentence says that something has changed, or its outlet gave the other value too.
    """
    mine, theirs = one.newest, other.newest
    later = max(mine, theirs, key=lambda s: s.told or NEVER)
    return tells_of_change(later.sentence.text) or mine.article.article.source == theirs.article.article.source


def _tells_of_update(mine: Statement) -> tuple[ChangeKind, str] | None:
    """Say so if a claim's own sentence tells what its value was before: "now 12, down from 19"."""
    for old, new, kind in pairs_in(mine.article):
        told = any(_same_number(one.given, mine.given) for one in (old, new))
        if kind == "update" and old.place == new.place == mine.place and told:
            return "update", _detail("update", new, old)
    return None


def _tells_of_correction(evidence: Evidence) -> str | None:
    """Say so if a claim rests on the sentence of a note that says what is right."""
    for passage, article in evidence.pairs:
        note = note_of(article, passage.sentence)
        if note and note.kind != "addition":
            return f"This corrects what was said before ({outlet_and_day(article.article)})."
    return None


@lru_cache(maxsize=256)
def _stems_of(article: ParsedArticle) -> frozenset[str]:
    return frozenset(stems(f"{article.article.title or ''} {article.article.text}"))


@lru_cache(maxsize=256)
def _holders_in(article: ParsedArticle) -> tuple[tuple[str, frozenset[str], str], ...]:
    """Return every office that an article tells of: its stem, the stems of what it is of, and who holds it."""
    found = holders(article.article.text)
    return tuple((stem(office), frozenset(stems(of)), who) for office, of, who in found)


def _is_telling(amount: Amount) -> bool:
    """Whether a number is rare enough to be recognised elsewhere: "46" is, "2" is not."""
    return amount.number.value > FEW or bool(amount.number.unit)


def _same_number(one: Given, other: Given) -> bool:
    """Whether two amounts are the same. "142 million" is, beside "142 million crowns"."""
    return isinstance(one.value, Amount) and compare(one, other) == "same"


_HOW = {
    "update": "Newer: {new}. Before: {old}.",
    "disagreement": "Sources differ: {old}, but {new}.",
    "rounding": "The same figure, more and less exactly: {new}, {old}.",
}


def _detail(kind: ChangeKind, new: Statement, old: Statement) -> str:
    return _HOW[kind].format(new=_told(new), old=_told(old))


def _told(statement: Statement) -> str:
    """A value with its outlet and day: "4 crowns (Vale Post, 2 June 2026)"."""
    given, text = statement.given, legible(statement.sentence.text)
    words = statement.sentence.text[slice(*(given.words or (given.start, given.end)))] or text
    return f"“{legible(words).strip(MARKS)}” ({outlet_and_day(statement.article.article)})"


def _overlap(one: tuple[int, int] | None, other: tuple[int, int]) -> bool:
    return one is not None and one[0] < other[1] and other[0] < one[1]


def _evidence(sentences: Sequence[Sentence], article: ParsedArticle, label: str) -> Evidence:
    """Whole sentences of one article as a claim."""
    labels = tuple(f"{label}.{s.index}" for s in sentences)
    passages = tuple(
        Passage(label=name, article_id=article.id, sentence=s, score=0.0)
        for name, s in zip(labels, sentences, strict=True)
    )
    text = " ".join(legible(s.text) for s in sentences)
    return Evidence(DraftClaim(text=text, labels=labels), passages, (article,) * len(passages))


Places = frozenset[tuple[str, int]]
"""The sentences that a claim rests on: article ids and sentence indices."""


def places_of(evidence: Evidence) -> Places:
    """Return the sentences that a claim rests on."""
    return frozenset(_place(p) for p in evidence.passages)


def _place(passage: Passage) -> tuple[str, int]:
    return passage.article_id, passage.sentence.index
