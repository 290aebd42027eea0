"""Numbers: a claim's value, unit, bound and rank stand in what it cites, and belong to the same thing there.

No arithmetic and no rounding: 31,415 is not "about 31,000", "more than 200" is not 200, a third is not 33 per cent, 12
is not "10 to 15", and "dozens" is nothing but "dozens".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from ...english.numbers import Bound, Label, Number, Quantity, figures
from ..evidence import Evidence

_SHARES = frozenset({"percent", "percentage points", "basis points"})


def check(evidence: Evidence) -> str | None:
    """What is wrong with the first number of the claim that its sentences do not state."""
    claimed = evidence.claimed.numbers
    given = [number for document in evidence.cited for number in document.numbers]
    known = [number for document in evidence.given for number in document.numbers]
    labels = [label for document in evidence.given for label in document.labels]
    told = {quantity.number.value for quantity in claimed}
    ends = [end for quantity in known for end in _ends(quantity) if _may_part(quantity.number, told)]
    for quantity in claimed:
        if fault := _fault(quantity, [*known, *ends], given, labels):
            return f"{_written(quantity.number)} {fault}"
    return _foreign_label(evidence.claimed.labels, labels, known)


def _fault(
    claimed: Quantity, known: Sequence[Quantity], given: Sequence[Quantity], labels: Sequence[Label]
) -> str | None:
    number = claimed.number
    same = [q for q in known if _same(number, q.number)]
    if not same:
        if ends := _ends(claimed):
            return next((fault for end in ends if (fault := _fault(end, known, given, labels))), None)
        # "At nine" may be "at 9 a.m." there.
        named = number.kind == "cardinal" and not number.unit and any(number.value in figures(b) for b in labels)
        return None if named else "stands in no cited sentence"
    if number.kind == "ordinal":
        return None
    fitting = [q for q in same if _units_agree(number.unit, q.number.unit)]
    if not fitting:
        return f"{number.unit} is {same[0].number.unit} in the cited sentence".lstrip()
    if not any(_bounds_agree(number.bound, q.number.bound) for q in fitting):
        return f"is “{fitting[0].number.bound or 'exactly'}” that number in the cited sentence"
    # Only where the words around it are those of another number, and none its own.
    others = [q for q in given if not _same(number, q.number)]
    its_own = any(claimed.near & q.near for q in same)
    if claimed.near and not its_own and any(len(claimed.near & q.near) > 1 for q in others):
        return "counts something else in the cited sentence"
    return None


def _foreign_label(claimed: Iterable[Label], given: Sequence[Label], known: Sequence[Quantity]) -> str | None:
    bare = {quantity.number.value for quantity in known if not quantity.number.unit}
    for label in claimed:
        if label.kind == "date":  # dates have their own check
            continue
        if not any(_same_label(label, other) for other in given) and not bare.issuperset(figures(label)):
            return f"{label.text} stands in no cited sentence"
    return None


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
