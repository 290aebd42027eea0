"""What checks find: faults, which are certain, and doubts, which somebody who understands the sentences must settle."""

from __future__ import annotations

from typing import NamedTuple

from ..model import RejectReason


class Fault(NamedTuple):
    """Something of a claim that stands nowhere in what it may rest on. It needs no judgement: the claim is rejected."""

    reason: RejectReason
    detail: str


class Doubt(NamedTuple):
    """Something of a claim that its form makes doubtful, as a question for a judge: "Do the sentences deny it too?".

    A claim with a doubt is shown only if a judge finds that the sentences state it.
    """

    reason: RejectReason
    question: str


Finding = Fault | Doubt
