"""Quotations: what stands between quotation marks in a claim is verbatim in one cited sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...english.characters import straighten
from ...english.quotations import quotations
from ..evidence import Evidence
from ..findings import Fault, Finding


def check(evidence: Evidence) -> Iterator[Finding]:
    """The quotations of the claim that no cited sentence has word for word."""
    said = [straighten(text) for text in evidence.sentences]
    for quotation in quotations(evidence.claim.text):
        # The comma before a closing mark belongs to the sentence around the quotation, not to what was said.
        wanted = re.compile(rf"(?<!\w){re.escape(straighten(quotation).rstrip('.,;:!?'))}(?!\w)")
        if not any(wanted.search(text) for text in said):
            yield Fault("quote", f"“{quotation}” is not verbatim in a cited sentence")
