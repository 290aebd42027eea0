"""Examples and batches: texts to token ids, with the tokens of each sentence and the labels."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

if TYPE_CHECKING:
    from torch import Tensor

QUESTION_TOKENS, ALL_TOKENS = 64, 320
START, BETWEEN = 101, 102  # [CLS] and [SEP]


@dataclass(frozen=True)
class Passage:
    """A question over the sentences of a passage.

    ``gold`` are the sentences that answer it; none means that no sentence does. ``span`` is the answer's offsets inside
    the first gold sentence, if known. ``title`` is read, but cannot be chosen.
    """

    question: str
    sentences: tuple[str, ...]
    gold: tuple[int, ...]
    title: str = ""
    span: tuple[int, int] | None = None
    source: str = ""


@dataclass(frozen=True)
class Claim:
    """A claim and the sentences it cites. ``label`` is support, refute, nei, or not (refute or nei)."""

    claim: str
    evidence: str
    label: str
    source: str = ""


Example = Passage | Claim
LABELS = {"support": 0, "refute": 1, "nei": 2, "not": 3}


@dataclass(frozen=True)
class Encoded:
    """An example as token ids. ``owner`` is the sentence of each token, -1 for all others."""

    ids: list[int]
    segments: list[int]
    owner: list[int]
    gold: tuple[int, ...]
    span: tuple[int, int] | None
    label: int | None
    source: str


class Encoder:
    """Turns examples into token ids."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def encode(self, examples: Sequence[Example]) -> list[Encoded]:
        """Encode many at once. What is longer than ALL_TOKENS is cut at the end."""
        texts: list[str] = []
        for one in examples:
            texts += (
                [one.question, one.title, *one.sentences] if isinstance(one, Passage) else [one.claim, one.evidence]
            )
        encodings = iter(self._tokenizer.encode_batch(texts, add_special_tokens=False))
        made = []
        for one in examples:
            first = next(encodings).ids[:QUESTION_TOKENS]
            ids, owner = [START, *first, BETWEEN], [-1] * (len(first) + 2)
            head, span = len(ids), None
            if isinstance(one, Passage):
                title = next(encodings).ids[:32]
                ids += title
                owner += [-1] * len(title)
                for index, _ in enumerate(one.sentences):
                    encoding = next(encodings)
                    if one.span and one.gold and index == one.gold[0]:
                        start, end = one.span
                        inside = [k for k, (a, b) in enumerate(encoding.offsets) if b > start and a < end and b > a]
                        if inside:
                            span = (len(ids) + inside[0], len(ids) + inside[-1])
                    ids += encoding.ids
                    owner += [index] * len(encoding.ids)
            else:
                rest = next(encodings).ids
                ids += rest
                owner += [-1] * len(rest)
            ids, owner = [*ids[: ALL_TOKENS - 1], BETWEEN], [*owner[: ALL_TOKENS - 1], -1]
            if span and span[1] >= ALL_TOKENS - 1:
                span = None
            gold = one.gold if isinstance(one, Passage) else ()
            kept = tuple(g for g in gold if g in set(owner))
            if gold and not kept:
                continue  # the answer was cut away
            label = LABELS[one.label] if isinstance(one, Claim) else None
            made.append(Encoded(ids, [0] * head + [1] * (len(ids) - head), owner, kept, span, label, one.source))
        return made


@dataclass(frozen=True)
class Batch:
    """Tensors of a batch, all of shape (batch, tokens) but ``label`` (batch,), -1 for a passage; spans (batch, 2)."""

    ids: Tensor
    segments: Tensor
    seen: Tensor
    inside: Tensor  # 1 for a token of any sentence
    gold: Tensor  # n for a token of the n-th gold sentence, from 1, and 0 for all others
    label: Tensor
    span: Tensor


def batch(rows: Sequence[Encoded]) -> Batch:
    """Pad encoded examples to one length."""
    import torch  # only to train: whoever measures a model needs none

    length = max(len(r.ids) for r in rows)
    ids, segments, seen, inside, gold = (np.zeros((len(rows), length), np.int64) for _ in range(5))
    span = np.full((len(rows), 2), -1, np.int64)
    for i, r in enumerate(rows):
        n = len(r.ids)
        owner = np.array(r.owner)
        ids[i, :n], segments[i, :n], seen[i, :n] = r.ids, r.segments, 1
        inside[i, :n] = owner >= 0
        for number, sentence in enumerate(r.gold, 1):
            gold[i, :n][owner == sentence] = number
        if r.span:
            span[i] = r.span
    label = torch.tensor([-1 if r.label is None else r.label for r in rows])
    return Batch(*map(torch.from_numpy, (ids, segments, seen, inside, gold)), label, torch.from_numpy(span))


def batches(rows: Sequence[Encoded], tokens: int, chance: random.Random) -> Iterator[list[Encoded]]:
    """Yield batches of about ``tokens`` tokens with padding, of like lengths, in random order."""
    order = list(range(len(rows)))
    chance.shuffle(order)
    made: list[list[Encoded]] = []
    for start in range(0, len(order), 2048):
        pool = sorted((rows[i] for i in order[start : start + 2048]), key=lambda r: (r.label is None, len(r.ids)))
        group: list[Encoded] = []
        some = []
        for row in pool:
            if group and (len(row.ids) * (len(group) + 1) > tokens or (row.label is None) != (group[0].label is None)):
                some.append(group)
                group = []
            group.append(row)
        some.append(group)
        chance.shuffle(some)
        made += some
    yield from made
