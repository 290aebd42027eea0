"""The contract: all values that Dateline's modules exchange and that it returns to callers.

All values are frozen pydantic models, and this module imports no other module of Dateline. Scripts, ``qa ask --json``,
the page and the evals all get the same ``Answer`` object. Fields may be added. If the meaning of a field changes,
``schema_version`` changes too.

Offsets count code points of ``Article.text`` (Python's ``str`` indices) and are half-open: ``text[start:end]``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, computed_field, model_validator


class Value(BaseModel):
    """Base class of all values. They are immutable, and unknown fields are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _parse_moment(value: object) -> object:
    # A bare "2025-03-13" is a day whose time is unknown. Without this validator, pydantic may read it as midnight.
    if isinstance(value, str):
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    return value


Moment = Annotated[datetime | date, BeforeValidator(_parse_moment)]
"""A day, or an instant if the article gives a time. An unknown moment is None; moments are never guessed."""

Status = Literal["current", "corrected", "retracted", "superseded"]
Precision = Literal["instant", "day", "week", "month", "quarter", "year"]
Attribution = Literal["direct", "indirect", "narration"]
Form = Literal["stated", "quoted"]
Standing = Literal["current", "corrected", "superseded", "disputed", "unknown"]
ChangeKind = Literal["update", "correction", "disagreement", "rounding"]
Basis = Literal["published", "held"]
DATED: frozenset[Standing] = frozenset({"superseded", "unknown"})  # such claims are shown as of their day
RejectReason = Literal["label", "quote", "speaker", "number", "date", "name", "negation", "modality", "support"]
AbstentionReason = Literal["not_covered", "detail_not_stated", "premise_contradicted", "outside_dates", "unverified"]


def day_of(moment: datetime | date | None) -> date | None:
    """Return the calendar day of a moment, in its own time zone. None stays None."""
    return moment.date() if isinstance(moment, datetime) else moment


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def write_day(day: date) -> str:
    """Return a day as it is written for readers, in no locale: "12 March 2025"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


class When(Value):
    """A time that the text names: its words, and the days that they mean (``start`` to ``end``, inclusive).

    ``at`` is the instant if the text gives a time of day.
    """

    words: str
    start: date
    end: date
    at: datetime | None = None
    precision: Precision


class ArticleRef(Value):
    """An article without its text, as listed in an Answer."""

    id: str
    version: str
    title: str | None = None
    opening: str | None = Field(
        default=None, description="the first words of its story, by which it is known if it has no title"
    )
    source: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    published: Moment | None = None
    modified: Moment | None = Field(default=None, description="when its outlet last changed it, if the article says so")
    replaced: AwareDatetime | None = Field(
        default=None, description="when the library got a newer version; None: this is the newest"
    )
    status: Status = "current"
    same_as: tuple[str, ...] = Field(default=(), description="ids of near-copies")

    @property
    def heading(self) -> str:
        """What lists and citations call it, on one line: its title, or "[its first words …]" as in catalogues."""
        words = " ".join((self.title or self.opening or "").split())
        return words if self.title or not words else f"[{words} …]"


class Article(ArticleRef):
    """An article with its text, which is stored and shown exactly as it was loaded."""

    text: str
    body_start: int | None = Field(
        default=None,
        description="offset in code points at which the story begins, after its dateline; None: not determined yet",
    )
    language: str | None = None
    origin: str | None = Field(default=None, description="where it was read from: a path, or path#key for one row")

    def ref(self, same_as: tuple[str, ...] = ()) -> ArticleRef:
        """Return this article without its text. ``same_as`` are the ids of its near-copies."""
        fields = {name: getattr(self, name) for name in ArticleRef.model_fields}
        return ArticleRef(**(fields | {"same_as": same_as}))


class Particulars(Value):
    """What identifies an article for readers. Fields that are not set are left as they are; None is "unknown"."""

    title: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    published: Moment | None = None


class Edit(Value):
    """What a library says of an article in place of what its source states. Both have the same fields set."""

    given: Particulars
    stated: Particulars


class ArticleVersion(Value):
    """One stored version of an article. The id of an earlier one is ``<id of the article>@<start of its version>``."""

    article: ArticleRef
    added: AwareDatetime = Field(description="when the library stored it")
    shown_from: date | None = Field(
        default=None, description="the day from which it was what readers saw; None: its day of publication is unknown"
    )
    shown_until: date | None = Field(default=None, description="the day from which readers saw the next one")
    changed: int | None = Field(
        default=None, description="number of sentences that differ from the version before; None: it is the oldest kept"
    )


class Sentence(Value):
    """One sentence of an article: ``article.text[start:end] == text`` (code points)."""

    article_id: str
    index: int
    start: int
    end: int
    text: str


class WordChange(Value):
    """A run of words of a changed sentence. ``same`` words stand in both versions."""

    kind: Literal["same", "added", "deleted"]
    text: str


class SentenceChange(Value):
    """A sentence of two versions of an article. ``old`` is None if it was added, ``new`` if it was deleted.

    A ``changed`` sentence has its ``words``: those that stand in both versions, and those of only one.
    """

    kind: Literal["same", "moved", "changed", "added", "deleted"]
    old: Sentence | None = None
    new: Sentence | None = None
    words: tuple[WordChange, ...] = ()


class Chunk(Value):
    """A run of whole sentences of one article, ``first`` to ``last`` (inclusive indices), retrieved as a unit."""

    article_id: str
    index: int
    first: int
    last: int
    text: str = Field(description="header line and sentences, as they are embedded and searched")
    tokens: int


class Hit(Value):
    """A retrieved chunk with its scores. Hits are ordered by ``score``; the other scores explain it."""

    chunk_id: int
    article_id: str
    first: int
    last: int
    score: float
    lexical: float | None = Field(default=None, description="BM25, higher is better; None if not found by words")
    similarity: float | None = Field(
        default=None, description="cosine of question and chunk, -1..1; None if not found by vectors"
    )


class Filters(Value):
    """Which articles may be searched. Days are inclusive.

    ``as_of`` goes back to that day. With the basis ``published`` it hides what was published later, and shows each
    article in the version of that day if the library has it. With the basis ``held`` it shows what the library held.
    """

    sources: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    basis: Basis = "published"

    @property
    def last_day(self) -> date | None:
        """The last day of publication that may be searched: the earlier of ``until`` and ``as_of``.

        What the library held may have been published with a later day.
        """
        as_of = self.as_of if self.basis == "published" else None
        return min((d for d in (self.until, as_of) if d), default=None)

    @property
    def active(self) -> bool:
        """Whether any filter is set."""
        return self != Filters(basis=self.basis)


class Period(Value):
    """The days that a question's words name, both inclusive. None means that this side is open.

    ``happened`` is True if the words say when something happened ("on 12 March", "last week"), which may be reported
    days later. It is False if they limit what was known ("before 10 March", "until Friday"). ``weekday`` is True if
    the words only name a day of the week, which the user may have taken from an old article.
    """

    since: date | None = None
    until: date | None = None
    happened: bool = False
    weekday: bool = False


class Passage(Value):
    """One sentence that is shown to a drafter under a short label. ``score`` is its relevance, higher is better."""

    label: str
    article_id: str
    sentence: Sentence
    score: float


class DraftClaim(Value):
    """An unverified claim: its text, and the labels of the sentences that it cites."""

    text: str
    labels: tuple[str, ...]
    speaker: str | None = None
    support: float | None = None


class Draft(Value):
    """The proposal of a model or the reader. Nothing in it has been verified."""

    answerable: bool
    claims: tuple[DraftClaim, ...] = ()
    reason: AbstentionReason | None = None
    missing: tuple[str, ...] = Field(default=(), description="parts of the question that it leaves open")
    look_for: str | None = Field(default=None, description="words for a second search, if it does not answer")


class Said(Value):
    """Words of a sentence that somebody says: ``article.text[start:end]``. All other words are the article's own.

    The ``attribution`` is ``direct`` for words in quotation marks and ``indirect`` for a reported clause. ``speaker``
    is the fullest name that the article gives. For an ``anonymous`` speaker it is what the article calls them. It is
    None if the article does not say who speaks.
    """

    start: int
    end: int
    attribution: Literal["direct", "indirect"]
    speaker: str | None = None
    anonymous: bool = False


class Unresolved(Value):
    """Words of a sentence that mean one of several people or days, and nothing in the article tells which.

    They are never printed with a name or a day, and no filter, note or prompt uses the candidates.
    """

    kind: Literal["speaker", "time"]
    words: str = Field(description='as the article has them: "she", "the minister", "Monday"')
    candidates: tuple[str, ...] = Field(
        min_length=1,
        max_length=5,
        description="full names of the article, or days in ISO 8601: 2025-03-12, or first/last of several",
    )


class Citation(Value):
    """A cited sentence: ``quote == article.text[start:end]``. ``number`` is the n of its marker [n]."""

    number: int
    article_id: str
    version: str
    sentence: int
    start: int
    end: int
    quote: str
    said: tuple[Said, ...] = Field(
        default=(), description="who says what in it; speech inside other speech comes later"
    )
    unresolved: tuple[Unresolved, ...] = Field(
        default=(), description="speakers and times of it that may be several, with the candidates"
    )
    answer: tuple[int, int] | None = Field(
        default=None,
        description="offsets in the article of the words that answer the question, where one run of words does",
    )

    @property
    def pieces(self) -> tuple[tuple[str, bool], ...]:
        """The quote in pieces, each with whether it answers the question. There is one piece without ``answer``."""
        if self.answer is None:
            return ((self.quote, False),)
        first, last = self.answer[0] - self.start, self.answer[1] - self.start
        whole = ((self.quote[:first], False), (self.quote[first:last], True), (self.quote[last:], False))
        return tuple(piece for piece in whole if piece[0])


class Added(Value):
    """Words that code put into the text of a claim: ``text[start:end]``. No article has them at this place.

    A ``day`` or a ``name`` follows the ``words`` that mean it: "Wednesday (12 March 2025)". A ``speaker`` stands in
    front of the text and belongs to no words of it.
    """

    kind: Literal["day", "name", "speaker"]
    start: int
    end: int
    words: str = ""
    means: str


class Claim(Value):
    """One verified sentence of the answer, with the numbers of the citations that support it."""

    text: str
    citations: tuple[int, ...] = Field(min_length=1)
    context: tuple[int, ...] = Field(default=(), description="citations that resolve a date or a pronoun")
    speaker: str | None = None
    attribution: Attribution = "narration"
    form: Form = Field(
        default="stated", description="quoted: the article's own sentences, because a paraphrase stayed doubtful"
    )
    stated: When | None = Field(default=None, description="when somebody said it, if the sentence says so")
    occurred: When | None = Field(default=None, description="when it happened, if the sentence says so")
    resolved: tuple[When, ...] = Field(default=(), description="the claim's relative times, resolved to days")
    added: tuple[Added, ...] = Field(default=(), description="days, names and speakers that code put into the text")
    support: float | None = Field(default=None, description="probability that the sentences support the claim, 0..1")
    standing: Standing = Field(
        default="unknown",
        description="what the library says about it today; unknown: undated, or a later article may say otherwise",
    )
    since: date | None = Field(
        default=None, description="the day from which it stands so: that of its own article, or of what changed it"
    )
    as_of: date | None = Field(default=None, description="the day of publication of its newest sentence")

    @model_validator(mode="after")
    def _added_in_order(self) -> Claim:
        places = [place for one in self.added for place in (one.start, one.end)]
        if places != sorted(places) or not all(0 <= place <= len(self.text) for place in places):
            raise ValueError("what was added to a claim must stand in its text, in order")
        return self

    @property
    def bare(self) -> str:
        """The text without what code put into it."""
        text = self.text
        for one in reversed(self.added):
            text = text[: one.start] + text[one.end :]
        return text

    @property
    def held(self) -> str:
        """When it was so, if it may hold no longer: "Before the correction", "As of 12 March 2025"; else empty."""
        if self.standing == "corrected":
            return "Before the correction"
        return f"As of {write_day(self.as_of)}" if self.as_of and self.standing in DATED else ""

    @property
    def introduction(self) -> str:
        """What introduces the text to a reader: the day of what may hold no longer, and whose words are quoted."""
        words = "In the article’s words: " if self.form == "quoted" else ""
        return f"{self.held}: {words}" if self.held else words

    @property
    def wording(self) -> str:
        """The text as it is shown to a reader, with its introduction."""
        return f"{self.introduction}{self.text}"


class Rejected(Value):
    """A drafted claim that failed verification. It is never shown as an answer, but kept for inspection."""

    text: str
    labels: tuple[str, ...]
    reason: RejectReason
    detail: str


class Conflict(Value):
    """Claims (by index) that give different values for one thing. The first one is what counts today.

    Neither side of a ``disagreement`` counts more. ``rounding`` is one value, written more and less exactly.
    """

    kind: ChangeKind
    claims: tuple[int, ...]
    subject: str = Field(default="", description="what the claims are about, in words of the articles")
    detail: str = Field(default="", description="one sentence for readers: both values, each with outlet and day")


class Abstention(Value):
    """Why there is no answer, and what may help: the nearest sentences, contradicting claims, and a suggestion."""

    reason: AbstentionReason
    message: str
    nearest: tuple[int, ...] = Field(default=(), description="citation numbers of the nearest sentences")
    contradicting: tuple[Claim, ...] = ()
    suggestion: str | None = None


class Coverage(Value):
    """What can be searched: the number of articles, their outlets, and their first and last day of publication."""

    articles: int
    sources: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    unread: int = Field(
        default=0,
        description="of the articles, those of which only the sentences have been read so far: what they say is found, "
        "but a list of what somebody says, or a correction of another article, may miss it",
    )


class Usage(Value):
    """The tokens and the cost of one question. ``cost_usd`` is None if the price is unknown."""

    input: int = 0
    cached: int = 0
    output: int = 0
    cost_usd: float | None = None


class Provenance(Value):
    """How an answer was made, in enough detail to make it again."""

    mode: Literal["reader", "model"]
    model: str | None = None
    prompt_sha256: str | None = Field(default=None, description="SHA-256 of the prompt that drafted the answer")
    prompts: dict[str, str] = Field(default={}, description="name and SHA-256 of every prompt that may have been used")
    judge: str | None = Field(default=None, description="the judge of support: decisions, systemone, chat or local")
    reading: str | None = Field(default=None, description="the reading model; None: off, or missing")
    embedder: str
    qa_version: str
    library_revision: int
    shown: tuple[tuple[str, str, int], ...] = Field(default=(), description="(label, article id, sentence index)")
    scores: tuple[float, ...] = Field(
        default=(), description="relevance of each sentence of ``shown``, higher is better"
    )
    second_look: str | None = Field(default=None, description="words of a second search that the model asked for")
    asked_on: date | None = Field(default=None, description='the day from which "last week" was counted')
    passages: int | None = Field(
        default=None, description="the setting of the most chunks to answer from, if it is set"
    )
    library_token: str | None = Field(
        default=None, description="tells the revision from the same revision of another library"
    )
    usage: Usage | None = None
    timings_ms: dict[str, float] = {}
    created: AwareDatetime


class Answer(Value):
    """A verified answer or an abstention. Every claim has its citations."""

    schema_version: Literal[1] = 1
    question: str
    standalone: str
    filters: Filters = Field(default=Filters(), description="filters of the user; nothing else was searched")
    preferred: Filters = Field(
        default=Filters(), description="the filters, narrowed by days and speakers of the question: searched first"
    )
    status: Literal["answered", "partial", "abstained"]
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    articles: tuple[ArticleRef, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    missing: tuple[str, ...] = Field(default=(), description="parts of the question that the claims leave open")
    warnings: tuple[str, ...] = ()
    abstention: Abstention | None = None
    coverage: Coverage
    provenance: Provenance

    @computed_field  # type: ignore[prop-decorator]
    @property
    def text(self) -> str:
        """The claims, each followed by its markers ``[n]``, or the message of the abstention."""
        if self.abstention:
            return self.abstention.message
        return " ".join(f"{claim.wording} {''.join(f'[{n}]' for n in claim.citations)}" for claim in self.claims)

    @model_validator(mode="before")
    @classmethod
    def _drop_computed(cls, data: object) -> object:
        # `text` is written to JSON for people who read it. It is computed, so it is not read back.
        return {k: v for k, v in data.items() if k != "text"} if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _consistent(self) -> Answer:
        # An Answer whose numbering, text and citations do not agree cannot be created.
        if (self.abstention is not None) != (self.status == "abstained"):
            raise ValueError("an Answer has an abstention if and only if its status is 'abstained'")
        if (not self.claims) != (self.status == "abstained"):
            raise ValueError("an Answer has claims if and only if its status is not 'abstained'")
        if [c.number for c in self.citations] != list(range(1, len(self.citations) + 1)):
            raise ValueError("citations must be numbered 1..n in order")
        numbers = set(range(1, len(self.citations) + 1))
        used = {n for claim in self.claims for n in (*claim.citations, *claim.context)}
        if self.abstention:
            used |= set(self.abstention.nearest)
            used |= {n for claim in self.abstention.contradicting for n in (*claim.citations, *claim.context)}
        if used != numbers:
            raise ValueError(f"citation numbers used {sorted(used)} differ from those listed {sorted(numbers)}")
        if {c.article_id for c in self.citations} - {a.id for a in self.articles}:
            raise ValueError("every cited article must be listed")
        if any(c.answer and not c.start <= c.answer[0] < c.answer[1] <= c.end for c in self.citations):
            raise ValueError("the answering words must stand inside their citation")
        return self

    def cited(self, claim: Claim) -> tuple[Citation, ...]:
        """Return the citations of one claim, in the order of its markers."""
        return tuple(self.citations[n - 1] for n in claim.citations)

    @property
    def resolving(self) -> frozenset[int]:
        """The numbers of citations that only resolve a date or a name and support no claim themselves."""
        claims = (*self.claims, *(self.abstention.contradicting if self.abstention else ()))
        supporting = {n for claim in claims for n in claim.citations}
        return frozenset(n for claim in claims for n in claim.context if n not in supporting)

    def article(self, citation: Citation) -> ArticleRef:
        """Return the article of a citation."""
        return next(a for a in self.articles if a.id == citation.article_id)


# -- Timelines ---------------------------------------------------------------------------------------------------------

EntryChangeKind = Literal["corrected", "superseded", "postponed", "disputed"]


class EntryChange(Value):
    """What became of an entry of a timeline: ``by`` is the index of the entry that changes it.

    ``by`` is None if the change has no day of its own, such as the note of a correction; ``citation`` has its sentence.
    """

    kind: EntryChangeKind
    by: int | None = None
    detail: str = Field(description="one sentence for readers: what is different, with outlet and day")
    citation: int | None = Field(default=None, description="number of the sentence that tells of the change")


class TimelineEntry(Value):
    """Something that happened, or was planned, on a day: words of one sentence, with its citation."""

    happened: When = Field(description="when it happened or is to happen; its words stand in the sentence")
    planned: bool = Field(description="the article tells of it as something to come")
    text: str = Field(description="the sentence, or of a sentence with several dated events its part, word for word")
    citation: Citation
    published: Moment | None = Field(default=None, description="when the article of the sentence was published")
    speaker: str | None = Field(default=None, description="who tells of it, if the article does not tell it itself")
    attribution: Attribution = "narration"
    also: tuple[Citation, ...] = Field(default=(), description="sentences of other articles that tell of the same")
    change: EntryChange | None = None


class Timeline(Value):
    """The dated events of one subject, in the order in which they happened.

    ``filters.since`` and ``filters.until`` are about the day of the event here, not about the day of publication.
    """

    schema_version: Literal[1] = 1
    subject: str
    filters: Filters = Filters()
    entries: tuple[TimelineEntry, ...] = ()
    citations: tuple[Citation, ...] = Field(default=(), description="every sentence cited, in the order of its number")
    articles: tuple[ArticleRef, ...] = Field(default=(), description="the articles cited")
    found: int = Field(default=0, description="number of articles that name the subject")
    undated: int = Field(default=0, description="number of sentences about the subject whose day is unknown")
    coverage: Coverage
    warnings: tuple[str, ...] = ()
    suggestion: str | None = Field(default=None, description="what to try if there is no entry")
    library_revision: int
    qa_version: str
    created: AwareDatetime

    @model_validator(mode="after")
    def _consistent(self) -> Timeline:
        if [c.number for c in self.citations] != list(range(1, len(self.citations) + 1)):
            raise ValueError("citations must be numbered 1..n in order")
        shown = [c for entry in self.entries for c in (entry.citation, *entry.also)]
        if any(not 1 <= c.number <= len(self.citations) or self.citations[c.number - 1] != c for c in shown):
            raise ValueError("every citation of an entry must be listed under its number")
        changes = [entry.change for entry in self.entries if entry.change]
        used = {c.number for c in shown} | {c.citation for c in changes if c.citation is not None}
        if used != set(range(1, len(self.citations) + 1)):
            raise ValueError("every citation listed must be used")
        if {c.article_id for c in self.citations} != {a.id for a in self.articles}:
            raise ValueError("the articles listed must be those cited")
        if any(entry.text not in entry.citation.quote for entry in self.entries):
            raise ValueError("the text of an entry must stand in its citation")
        starts = [entry.happened.start for entry in self.entries]
        if starts != sorted(starts):
            raise ValueError("entries must be in the order in which they happened")
        for index, entry in enumerate(self.entries):
            by = entry.change.by if entry.change else None
            if by is not None and (by == index or not 0 <= by < len(self.entries)):
                raise ValueError("an entry must be changed by another one")
        return self

    def article(self, citation: Citation) -> ArticleRef:
        """Return the article of a citation."""
        return next(a for a in self.articles if a.id == citation.article_id)


# -- Saved answers -----------------------------------------------------------------------------------------------------

Verdict = Literal["stands", "corrected", "superseded", "disputed", "gone"]


class CheckedClaim(Value):
    """A claim of a saved answer, held against a library.

    A claim ``stands`` too if the answer already showed it as old, disputed or corrected and nothing was added to that.
    It is ``gone`` if a sentence that it rests on is no longer in the library; ``by`` then has what is nearest to it.
    """

    text: str
    citations: tuple[Citation, ...] = Field(min_length=1, description="its citations, as they were saved")
    verdict: Verdict
    since: date | None = Field(default=None, description="the day of what changed it; None: it stands, or unknown")
    by: tuple[Citation, ...] = Field(default=(), description="today's sentences that change it")
    detail: str = Field(default="", description="one sentence for readers; empty if there is nothing to say")

    @model_validator(mode="after")
    def _consistent(self) -> CheckedClaim:
        if self.verdict in {"superseded", "disputed"} and not self.by:
            raise ValueError("a claim that is superseded or disputed has the sentence that says so")
        if self.verdict == "stands" and (self.by or self.since):
            raise ValueError("nothing changes a claim that stands")
        if self.verdict != "stands" and not self.detail:
            raise ValueError("a claim that changed says what has changed")
        return self


class Recheck(Value):
    """A saved answer, held against a library: what became of each claim.

    The citations of the claims keep the numbers that they have in the answer. Today's sentences are numbered behind
    them.
    """

    schema_version: Literal[1] = 1
    question: str
    standalone: str
    origin: str | None = Field(default=None, description="the file of the answer")
    saved: AwareDatetime = Field(description="when the answer was made")
    checked: AwareDatetime
    claims: tuple[CheckedClaim, ...] = ()
    now: tuple[Citation, ...] = Field(
        default=(), description="sentences that answer a question today to which there was no answer"
    )
    articles: tuple[ArticleRef, ...] = Field(
        default=(), description="the articles cited, each in the version that is cited"
    )
    library_revision_saved: int = Field(description="the revision of the library that gave the answer")
    library_revision: int
    warnings: tuple[str, ...] = ()

    @computed_field  # type: ignore[prop-decorator]
    @property
    def now_answered(self) -> bool:
        """Whether there was no answer, and today there is one."""
        return bool(self.now)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def changed(self) -> bool:
        """Whether some claim does not stand, or the question has an answer now."""
        return self.now_answered or any(claim.verdict != "stands" for claim in self.claims)

    @model_validator(mode="before")
    @classmethod
    def _drop_computed(cls, data: object) -> object:
        computed = {"now_answered", "changed"}
        return {k: v for k, v in data.items() if k not in computed} if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _consistent(self) -> Recheck:
        cited = [c for claim in self.claims for c in claim.citations]
        new = {c.number: c for c in (*(c for claim in self.claims for c in claim.by), *self.now)}
        places = {(c.article_id, c.sentence) for c in new.values()}
        if any(new[c.number] != c for claim in self.claims for c in claim.by) or len(places) != len(new):
            raise ValueError("every sentence of today has one number")
        first = min(new, default=0)
        if sorted(new) != list(range(first, first + len(new))) or {c.number for c in cited} & set(new):
            raise ValueError("today's sentences are numbered behind those of the answer, without a gap")
        if {(c.article_id, c.version) for c in (*cited, *new.values())} != {(a.id, a.version) for a in self.articles}:
            raise ValueError("the articles listed must be those cited, in the version cited")
        return self

    def article(self, citation: Citation) -> ArticleRef:
        """Return the article of a citation, in the version that is cited."""
        return next(a for a in self.articles if (a.id, a.version) == (citation.article_id, citation.version))


class Difference(Value):
    """What differs between a saved answer and its replay: ``saved`` and ``now`` in words; "" if there is none."""

    what: str
    saved: str = ""
    now: str = ""


class Replay(Value):
    """A saved answer, made or checked again: what was compared, and what differs.

    An answer of the offline reader is asked again. Of an answer of a model, what code can say is derived again.
    """

    schema_version: Literal[1] = 1
    question: str
    origin: str | None = None
    mode: Literal["reader", "model"]
    replayed: bool = Field(description="False: the library differs, and nothing was compared")
    same_library: bool = Field(description="whether the library is in the state in which it gave the answer")
    compared: tuple[str, ...] = Field(default=(), description="what was compared, in words")
    differences: tuple[Difference, ...] = ()
    library_revision_saved: int
    library_revision: int
    warnings: tuple[str, ...] = Field(default=(), description="what else is not as it was, such as the reading model")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def same(self) -> bool:
        """Whether everything that was compared is the same."""
        return self.replayed and not self.differences

    @model_validator(mode="before")
    @classmethod
    def _drop_computed(cls, data: object) -> object:
        return {k: v for k, v in data.items() if k != "same"} if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _consistent(self) -> Replay:
        if self.replayed != bool(self.compared) or (self.differences and not self.replayed):
            raise ValueError("what was replayed was compared, and only that can differ")
        return self


class Stage(Value):
    """The stage that ``answer_stream`` has reached. While passages are read, ``articles`` has the first of theirs."""

    name: Literal["planning", "searching", "reading", "checking"]
    detail: str = ""
    articles: tuple[ArticleRef, ...] = ()


class ClaimReady(Value):
    """A verified claim with its citations. Its text and numbers are final."""

    claim: Claim
    citations: tuple[Citation, ...]
    articles: tuple[ArticleRef, ...] = Field(default=(), description="the articles of the citations")


class Done(Value):
    """The end of the stream, with the whole Answer."""

    answer: Answer


Event = Stage | ClaimReady | Done


class IncompleteArticle(Value):
    """An article that is stored without one of its parts, because Dateline failed on its text.

    ``part`` is the layer or step that failed: sentences, times, utterances, chunks, vectors and so on.
    """

    article_id: str
    origin: str
    part: str
    reason: str


class SkippedFile(Value):
    """An input that was not ingested, and the reason."""

    origin: str
    reason: str


class IngestReport(Value):
    """What an ingest did. All counts are of articles, except ``chunks``: the chunks that were embedded in this run."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    chunks: int = 0
    parsed_again: int = 0
    unread: int = Field(
        default=0,
        description="articles and earlier versions that can be found, but whose speakers, days and corrections are "
        "still to be read; not 0 only after an ingest that was interrupted",
    )
    earlier: int = Field(default=0, description="earlier versions of articles that the library holds now")
    skipped: tuple[SkippedFile, ...] = ()
    others: tuple[str, ...] = Field(default=(), description="files of kinds that are not read, left out of folders")
    incomplete: tuple[IncompleteArticle, ...] = ()
    warnings: tuple[str, ...] = ()
    revision: int = 0
    seconds: float = 0.0
