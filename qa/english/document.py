"""A text parsed once: its sentences, and what they quote, date and attribute, each layer kept once it is read.

Like spaCy's ``Doc``, one value to which every stage adds: whoever needs a layer asks the document and nobody reads the
same text twice. Layers can be written down (``dump``) and taken up again (``stored``), so that what an ingest has read
is not read again by a question.
"""

from __future__ import annotations

import json
import logging
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal, NamedTuple, Protocol, Self, TypeVar, cast

from ..model import Sentence, When
from .characters import legible
from .clauses import Mark, Quantifier, denies, hedges, marks, plans, quantifiers
from .corrections import CorrectionNote, decode_note, encode_note, find_corrections
from .names import names
from .numbers import Label, Number, Quantity, find_labels, find_quantities
from .quotations import quoted_spans
from .sentences import split
from .speech import Utterance, utterances
from .temporal.calendar import DateRange
from .temporal.dates import Dates, read_dates, without_days
from .temporal.expressions import OpenTime
from .temporal.times import Time, document_times
from .tokens import stem, words
from .triples import Triple, triples

log = logging.getLogger(__name__)

VERSION = 15
"""Raised with every change of what a layer holds: what an older version has read is read again."""

Layer = Literal["sentences", "quotations", "times", "open_times", "utterances", "numbers", "labels", "corrections"]


class Placed(Protocol):
    """What a layer holds: something at ``start:end`` of the text."""

    @property
    def start(self) -> int: ...  # noqa: D102

    @property
    def end(self) -> int: ...  # noqa: D102

    def moved(self, by: int) -> Self: ...  # noqa: D102


class QuotedSpan(NamedTuple):
    """What stands between quotation marks at ``start:end``, marks included (code points)."""

    start: int
    end: int

    def moved(self, by: int) -> QuotedSpan:
        """The same quotation, ``by`` code points further on."""
        return QuotedSpan(self.start + by, self.end + by)


T = TypeVar("T", bound=Placed)


class Document:
    """An English text with its layers. Offsets are code points of ``text``; every layer is in order of ``start``.

    Layers are read when they are first asked for. What raises in one layer raises in that one alone.
    """

    def __init__(
        self,
        text: str,
        published: date | datetime | None = None,
        *,
        body_start: int = 0,
        id: str = "",  # noqa: A002
    ) -> None:
        """Nothing is read yet.

        Args:
            text: the text, kept as it is.
            published: when it appeared; "Wednesday" is resolved against it.
            body_start: where the story begins behind its dateline.
            id: of the article, for its sentences.
        """
        self.text, self.published, self.body_start, self.id = text, published, body_start, id
        self._layers: dict[Layer, tuple[Any, ...]] = {}
        self._stored: str | None = None
        self._whole: tuple[Document, int] | None = None
        self._parts: dict[tuple[int, int], Document] = {}
        self.unclear: list[OpenTime] = []

    @classmethod
    def stored(
        cls,
        text: str,
        published: date | datetime | None,
        *,
        body_start: int,
        id: str,  # noqa: A002
        sentences: Sequence[Sentence],
        layers: str | None,
    ) -> Self:
        """A document whose sentences are known, and with ``layers`` from ``dump`` all else; None reads it again."""
        document = cls(text, published, body_start=body_start, id=id)
        document._layers["sentences"] = tuple(sentences)
        document._stored = layers
        return document

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Its sentences, numbered from 0."""
        return self._layer("sentences")

    @property
    def quotations(self) -> tuple[QuotedSpan, ...]:
        """What stands between quotation marks."""
        return self._layer("quotations")

    @property
    def times(self) -> tuple[Time, ...]:
        """The times it names, as days."""
        return self._layer("times")

    @property
    def open_times(self) -> tuple[OpenTime, ...]:
        """The words that mean one of several days."""
        return self._layer("open_times")

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        """Who says which words; of nested speech the outer before the inner."""
        return self._layer("utterances")

    @property
    def numbers(self) -> tuple[Quantity, ...]:
        """Its numbers, each with what it counts; years, dates and clock times are labels."""
        return self._layer("numbers")

    @property
    def labels(self) -> tuple[Label, ...]:
        """Its years, dates, clock times and codes."""
        return self._layer("labels")

    @property
    def corrections(self) -> tuple[CorrectionNote, ...]:
        """Its notes of corrections and withdrawals, and what it tells of corrections by others."""
        return self._layer("corrections")

    # What only comparisons of short texts ask for: claims, and the few sentences they cite. It is kept, and not stored.

    @cached_property
    def legible(self) -> str:
        """The text as a person reads it."""
        return legible(self.text)

    @cached_property
    def undated(self) -> str:
        """The legible text without calendar dates, years and weekdays."""
        return without_days(self.legible)

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words, folded."""
        return frozenset(words(self.legible))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset(stem(word) for word in self.words)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What looks like a name in it, in order; names of days and months left out."""
        return names(self.undated)

    @cached_property
    def dates(self) -> Dates:
        """The calendar words it uses, as they are written."""
        return read_dates(self.legible)

    @cached_property
    def marks(self) -> Mapping[str, Sequence[Mark]]:
        """By the stem of each content word: whether it is denied, planned or possible at each of its places."""
        return marks(self.undated)

    @cached_property
    def triples(self) -> frozenset[Triple]:
        """Who does what to whom."""
        return triples(self.undated)

    @cached_property
    def denies(self) -> bool:
        """Whether anything in it is denied."""
        return denies(self.legible)

    @cached_property
    def uncertain(self) -> bool:
        """Whether anything in it is only planned or possible."""
        return plans(self.undated) or bool(hedges(self.undated))

    @cached_property
    def quantifiers(self) -> frozenset[Quantifier]:
        """Whether it speaks of all, or of some."""
        return quantifiers(self.legible)

    def read(self, layer: Layer) -> None:
        """Read a layer now. Raises whatever its reader raises."""
        self._layer(layer)

    def leave_out(self, layer: Layer) -> None:
        """Take a layer to be empty: its reader has failed on this text."""
        self._layers[layer] = ()

    def within(self, start: int, end: int) -> Document:
        """The part at ``start:end`` as a document with offsets of its own; its layers are those of the whole."""
        part = self._parts.get((start, end))
        if part is None:
            part = Document(self.text[start:end], self.published, id=self.id)
            part._whole = self, start
            self._parts[start, end] = part
        return part

    def dump(self) -> str:
        """Every layer but the sentences as JSON, for ``stored``."""
        return json.dumps(
            {name: [encode(item) for item in self._layer(name)] for name, (_, encode, _) in _LAYERS.items()},
            ensure_ascii=False,
            separators=(",", ":"),
        )

    def _layer(self, name: Layer) -> tuple[Any, ...]:
        found = self._layers.get(name)
        if found is None:
            if self._stored is not None and self._take_up(self._stored):
                return self._layers[name]
            found = self._layers[name] = self._cut(name) if self._whole else tuple(_reader(name)(self))
        return found

    def _take_up(self, stored: str) -> bool:
        """Take the layers from what is stored. False if that is damaged; then they are read from the text again."""
        self._stored = None
        try:
            rows = json.loads(stored)
            layers = {name: tuple(decode(self, row) for row in rows[name]) for name, (_, _, decode) in _LAYERS.items()}
        except (ValueError, TypeError, LookupError) as error:
            log.warning("the stored layers of %s are damaged (%s)", self.id, error)
            return False
        self._layers = layers | self._layers
        return True

    def _cut(self, name: Layer) -> tuple[Placed, ...]:
        """What of the whole's layer begins in this part."""
        assert self._whole
        whole, start = self._whole
        layer: tuple[Placed, ...] = whole._layer(name)
        first = bisect_left(layer, start, key=lambda item: item.start)
        last = bisect_left(layer, start + len(self.text), lo=first, key=lambda item: item.start)
        return tuple(item.moved(-start) for item in layer[first:last])


def _reader(name: Layer) -> Callable[[Document], Sequence[Any]]:
    return _read_sentences if name == "sentences" else _LAYERS[name][0]


def _read_sentences(document: Document) -> tuple[Sentence, ...]:
    return split(document.text, document.id, prose_start=document.body_start or None)


def _read_quotations(document: Document) -> list[QuotedSpan]:
    return sorted(
        QuotedSpan(s.start + start, s.start + end) for s in document.sentences for start, end in quoted_spans(s.text)
    )


def _read_times(document: Document) -> list[Time]:
    found = list(document_times(document.sentences, document.published, document.body_start))
    document.unclear = [one for one in found if isinstance(one, OpenTime)]
    return [one for one in found if isinstance(one, Time)]


def _read_open_times(document: Document) -> list[OpenTime]:
    document.read("times")  # one reading gives both
    return document.unclear


def _read_utterances(document: Document) -> tuple[Utterance, ...]:
    return utterances(document.text, document.sentences)


def _read_numbers(document: Document) -> list[Quantity]:
    return [one.moved(s.start) for s in document.sentences for one in find_quantities(s.text)]


def _read_labels(document: Document) -> list[Label]:
    return [one.moved(s.start) for s in document.sentences for one in find_labels(s.text)]


def _encode_number(one: Quantity) -> list[object]:
    return [*one.number, sorted(one.near)]


def _decode_number(_: Document, row: list[Any]) -> Quantity:
    number = Number(*row[:-1])
    return Quantity(number.start, number.end, number, frozenset(row[-1]))


def _encode_time(time: Time) -> list[object]:
    when = time.when
    at = when.at.isoformat() if when.at else None
    return [time.start, time.end, time.relative, time.origin, f"{when.start}", f"{when.end}", at, when.precision]


def _decode_time(document: Document, row: list[Any]) -> Time:
    start, end, relative, origin, first, last, at, precision = row
    when = When.model_construct(
        words=document.text[start:end],
        start=date.fromisoformat(first),
        end=date.fromisoformat(last),
        at=datetime.fromisoformat(at) if at else None,
        precision=precision,
    )
    return Time(start, end, when, relative, origin)


def _encode_open_time(one: OpenTime) -> list[object]:
    return [one.start, one.end, [[f"{days.start}", f"{days.end}", days.precision] for days in one.candidates]]


def _decode_open_time(_: Document, row: list[Any]) -> OpenTime:
    days = (DateRange(date.fromisoformat(first), date.fromisoformat(last), exact) for first, last, exact in row[2])
    return OpenTime(row[0], row[1], tuple(days))


def _decode_utterance(_: Document, row: list[Any]) -> Utterance:
    *fields, candidates = row
    return Utterance._make((*fields, tuple(candidates)))


Encode = Callable[[Any], list[object]]
_LAYERS: dict[Layer, tuple[Callable[[Document], Sequence[Any]], Encode, Callable[[Document, list[Any]], Any]]] = {
    "quotations": (_read_quotations, list, lambda _, row: QuotedSpan(*row)),
    "times": (_read_times, _encode_time, _decode_time),
    "open_times": (_read_open_times, _encode_open_time, _decode_open_time),
    "utterances": (_read_utterances, list, _decode_utterance),
    "numbers": (_read_numbers, _encode_number, _decode_number),
    "labels": (_read_labels, list, lambda _, row: Label(*row)),
    "corrections": (find_corrections, encode_note, lambda _, row: decode_note(row)),
}
LAYERS = cast(tuple[Layer, ...], ("sentences", *_LAYERS))
"""The layers in the order in which they are read: later ones look at earlier ones."""
