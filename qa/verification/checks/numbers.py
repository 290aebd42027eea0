"""Numbers: a claim's value stands in what it cites, with the same unit, bound and role, and counts the same thing.

No arithmetic and no rounding: 31,415 is not "about 31,000", "more than 200" is not 200, a third is not 33 per cent, 12
is not "10 to 15", and "dozens" is nothing but "dozens". A value that stands nowhere is a fault. What it counts is told
by the words around it, which may be others in the claim, so that is a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set

from ...english.characters import fold
from ...english.document import Document
from ...english.lexicon import STOPWORDS
from ...english.numbers import Bound, Label, Number, Quantity, figures
from ...english.tokens import stem, words
from ..evidence import Evidence
from ..findings import Doubt, Fault, Finding

_SHARES = frozenset({"percent", "percentage points", "basis points"})
_SAID_OTHERWISE = frozenset({1, 2})  # "one day before" is "a day before", and "two" is "both"


def check(evidence: Evidence) -> Iterator[Finding]:
    """What is wrong or doubtful about the numbers of the claim."""
    claimed = evidence.claimed.numbers
    given = [number for document in evidence.cited for number in document.numbers]
    known = [number for document in evidence.given for number in document.numbers]
    labels = [label for document in evidence.given for label in document.labels]
    told = {quantity.number.value for quantity in claimed}
    ends = [end for quantity in known for end in _ends(quantity) if _may_part(quantity.number, told)]
    for quantity in claimed:
        yield from _findings(quantity, [*known, *ends], given, labels)
    for label in _foreign_labels(evidence.claimed.labels, labels, known):
        yield Fault("number", f"{label} stands in no cited sentence")
    yield from _exchanged(evidence)
    yield from _miscounted(evidence)


def _miscounted(evidence: Evidence) -> Iterator[Finding]:
    """Numbers behind which the claim has the noun that stands behind another number in the sentences."""
    there = [(value, noun) for document in evidence.cited for value, noun in _counted(document)]
    for value, noun in _counted(evidence.claimed):
        values = {other for other, same in there if same == noun}
        if values and value not in values and any(other == value for other, _ in there):
            yield Doubt("number", f"Does {value:,.10g} count the same thing in the sentences as in the claim?")


def _counted(document: Document) -> list[tuple[float, str]]:
    """Each number with the stem of the word behind it, which tells what it counts: (31000, "passeng")."""
    found = []
    for quantity in document.numbers:
        behind = words(document.text[quantity.end : quantity.end + 40])[:1]
        if behind and behind[0] not in STOPWORDS and quantity.number.kind == "cardinal":
            found.append((quantity.number.value, stem(behind[0])))
    return found


def _findings(
    claimed: Quantity, known: Sequence[Quantity], given: Sequence[Quantity], labels: Sequence[Label]
) -> Iterator[Finding]:
    number, written = claimed.number, _written(claimed.number)
    same = [q for q in known if _same(number, q.number)]
    if not same:
        if ends := _ends(claimed):
            for end in ends:
                yield from _findings(end, known, given, labels)
            return
        # "At nine" may be "at 9 a.m." there.
        if number.kind == "cardinal" and not number.unit and any(number.value in figures(b) for b in labels):
            return
        if number.kind == "cardinal" and number.value in _SAID_OTHERWISE:
            yield Doubt("number", f"Do the sentences give the number {written}, if in other words?")
        else:
            yield Fault("number", f"{written} stands in no cited sentence")
        return
    if number.kind == "ordinal":
        return
    fitting = [q for q in same if _units_agree(number.unit, q.number.unit)]
    if not fitting:
        here, there = number.unit or "without a unit", same[0].number.unit or "without a unit"
        yield Doubt("number", f"{written} is {here} in the claim, but {there} in the sentences. Is it the same amount?")
        return
    if not any(_bounds_agree(number.bound, q.number.bound) for q in fitting):
        here, there = number.bound or "exactly", fitting[0].number.bound or "exactly"
        yield Doubt("number", f"The claim says “{here}” {written}, the sentences “{there}”. Is that the same?")
    # Only where the words around it are those of another number, and none its own.
    others = [q for q in given if not _same(number, q.number)]
    its_own = any(claimed.near & q.near for q in same)
    if claimed.near and not its_own and any(len(claimed.near & q.near) > 1 for q in others):
        yield Doubt("number", f"Does {written} count the same thing in the sentences as in the claim?")


def _exchanged(evidence: Evidence) -> Iterator[Finding]:
    """Numbers that change places: "from 5 to 4" for "from 4 to 5", or "1-3" for "3-1"."""
    there = [role for document in evidence.cited for role in _roles(document)]
    for value, role in _roles(evidence.claimed):
        roles = {other for same, other in there if same == value}
        if roles and role not in roles:
            yield Doubt("number", f"The claim says “{role} {value:,.10g}”. Do the sentences, or the other way round?")
            return
    scores = {(n.value, n.upper) for d in evidence.cited for n in (q.number for q in d.numbers) if n.kind == "score"}
    for number in (q.number for q in evidence.claimed.numbers):
        pair = (number.value, number.upper)
        if number.kind == "score" and pair not in scores and pair[::-1] in scores:
            yield Doubt(
                "number", f"The score is {number.upper:g}-{number.value:g} there. Does the claim name the winner?"
            )


def _roles(document: Document) -> list[tuple[float, str]]:
    """The numbers behind "from", "to" and "by", each with that word; of a range with "from" its two ends."""
    found = []
    for quantity in document.numbers:
        number = quantity.number
        before = re.search(r"\b(from|to|by) \W?$", fold(document.text[: quantity.start]))
        if before:
            found.append((number.value, before[1]))
            if before[1] == "from" and number.upper is not None:
                found.append((number.upper, "to"))
    return found


def _foreign_labels(claimed: Iterable[Label], given: Sequence[Label], known: Sequence[Quantity]) -> Iterator[str]:
    bare = {quantity.number.value for quantity in known if not quantity.number.unit}
    for label in claimed:
        if label.kind == "date":  # dates have their own check
            continue
        if not any(_same_label(label, other) for other in given) and not bare.issuperset(figures(label)):
            yield label.text


def _same(claimed: Number, given: Number) -> bool:
    """Whether two numbers are the same one, but for their units and bounds; "the fourth season" may be "season 4"."""
    ranked = claimed.kind == "ordinal" and given.kind == "cardinal" and not given.unit
    kinds = claimed.kind == given.kind or ranked
    return kinds and (claimed.value, claimed.upper) == (given.value, given.upper)


def _ends(quantity: Quantity) -> tuple[Quantity, ...]:
    """The two ends of a range, or the two numbers of a score, each on its own."""
    number = quantity.number
    if number.upper is None:
        return ()
    first = number._replace(upper=None, kind="cardinal")
    return tuple(quantity._replace(number=end) for end in (first, first._replace(value=number.upper)))


def _may_part(given: Number, told: Set[float]) -> bool:
    """Whether a claim may tell the ends one by one: of a score always, of a range if it tells both, "from 10 to 15"."""
    return given.kind == "score" or {given.value, given.upper} <= told


def _units_agree(claimed: str, given: str) -> bool:
    """Whether the units may be one; a number without unit may have any, but is no share."""
    return claimed == given or not given or (not claimed and given not in _SHARES)


def _bounds_agree(claimed: Bound, given: Bound) -> bool:
    return claimed == given or {claimed, given} == {"about", ""}


def _same_label(claimed: Label, given: Label) -> bool:
    """Whether two labels are one; "9:30" may be "9:30 pm" in the other text."""
    one, other = f"{claimed.text} ", f"{given.text} "
    return one.startswith(other) or other.startswith(one)


def _written(number: Number) -> str:
    value = f"{number.value:,.10g}"
    if number.upper is not None:
        return f"{value}–{number.upper:,.10g}"
    return f"{value}." if number.kind == "ordinal" else value
