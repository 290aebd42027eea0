"""The claims of an answer in the order in which they are shown, each with what it is to the claims beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from ..model import Citation, Claim, Conflict, Passage, Standing, day_of
from ..verification.citations import Numbering
from ..verification.evidence import Evidence
from ..verification.settle import Passed
from .weigh import Places, Weighed, Weigher, places_of


@dataclass
class Showing:
    """Numbers claims that may be shown, weighs them, and shows what was found beside them.

    Attributes:
        subject: what the claims are about: the question.
        numbering: numbers the cited sentences.
        weigher: weighs each claim.
        claims: the claims shown so far, with their final numbers.
        conflicts: what they are to each other.
        passages: the sentences of the claims that code has added.
    """

    subject: str
    numbering: Numbering
    weigher: Weigher
    claims: list[Claim] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    _added: list[Places] = field(default_factory=list)  # the sentences of each of those claims
    _index: dict[Places, int] = field(default_factory=dict)  # the claim that rests on these sentences

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations so far, by number."""
        return self.numbering.citations

    def show(self, passed: Passed) -> Iterator[Claim]:
        """Yield a claim with its final numbers, and what is shown beside it: first what counts today.

        A claim that was already shown beside another one is not shown again.
        """
        places = places_of(passed.evidence)
        if self._is_added(places):
            return
        found = self.weigher.weigh(passed.evidence)
        for beside in found.beside:
            if beside.first:
                yield from self._add(beside.evidence, beside.standing, beside.since)
        if not self._is_added(places):  # a note of a correction is shown as a whole, and not its first sentence again
            claim = self.numbering.claim(*passed)
            yield self._shown(claim, passed.evidence, found.standing, found.since)
        for beside in found.beside:
            if not beside.first:
                yield from self._add(beside.evidence, beside.standing, beside.since)
        self._relate(places, found)

    def _is_added(self, places: Places) -> bool:
        """Whether these sentences are part of a claim that code has added."""
        return any(places <= known for known in self._added)

    def _add(self, evidence: Evidence, standing: Standing, since: date | None) -> Iterator[Claim]:
        if places_of(evidence) not in self._index:
            self.numbering.know(evidence.pairs)
            self.passages += evidence.passages
            self._added.append(places_of(evidence))
            yield self._shown(self.numbering.claim(evidence), evidence, standing, since)

    def _shown(self, claim: Claim, evidence: Evidence, standing: Standing, since: date | None) -> Claim:
        as_of = max((day for a in evidence.articles if (day := day_of(a.published))), default=None)
        claim = claim.model_copy(update={"standing": standing, "since": since, "as_of": as_of})
        self._index[places_of(evidence)] = len(self.claims)
        self.claims.append(claim)
        return claim

    def _relate(self, places: Places, found: Weighed) -> None:
        """Record what a claim and those beside it are to each other. All sides of a disagreement are one record."""
        mine = self._index.get(places)
        own = () if mine is None else (mine,)
        for kind, group in groupby(found.beside, key=lambda b: b.kind):
            members = [(self._index[places_of(b.evidence)], b) for b in group]
            for those in [members] if kind == "disagreement" else [[one] for one in members]:
                beside, others = those[0][1], tuple(n for n, _ in those)
                claims = (*others, *own) if beside.first else (*own, *others)
                if not any(known.kind == kind and set(claims) <= set(known.claims) for known in self.conflicts):
                    self._record(Conflict(kind=kind, claims=claims, subject=self.subject, detail=beside.detail))
        if found.within and own:
            kind, detail = found.within
            self._record(Conflict(kind=kind, claims=own, subject=self.subject, detail=detail))

    def _record(self, conflict: Conflict) -> None:
        self.conflicts.append(conflict)
