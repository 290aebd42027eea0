"""UD English-PUD: sentence boundaries, measured as in ``sentences.py``, with an interval over documents.

Zeman et al., CoNLL 2017 Shared Task: Multilingual Parsing from Raw Text to Universal Dependencies, CC BY-SA 3.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qa.evaluate.statistics import Estimate

from . import shared
from .sentences import Ends, bare, documents, ours
from .shared import Row, Sampling

FILES = ("ud_pud/en_pud-ud-test.conllu",)


def boundary_f1(texts: Sequence[Sequence[str]], ends: Ends) -> Estimate | None:
    """Return the F1 of sentence ends inside each document's line. The end of the line itself does not count."""
    right, proposed, wanted = [], [], []
    for sentences in texts:
        text, spans = shared.joined(sentences)
        gold, found = {end for _, end in spans[:-1]}, set(ends(text)) - {len(text)}
        right.append(len(gold & found))
        proposed.append(len(found))
        wanted.append(len(gold))
    return shared.f1_of(right, proposed, wanted)


def measure(folder: Path, sampling: Sampling) -> list[Row]:
    """Measure boundary F1, with sentencex alone on the same documents as the reference."""
    texts = sampling.take(documents(folder / FILES[0]), " ".join)
    alone = boundary_f1(texts, bare)
    reference = f"sentencex alone {alone.mean:.3f}, this run" if alone else ""
    return shared.rows_of("all", ("boundary F1, documents", boundary_f1(texts, ours), reference))
