"""Runs the reading model: one small encoder that reads a question with a passage.

A model is a folder with three files, which ``python -m training.export`` writes: ``reading.onnx``, ``tokenizer.json``
and ``card.json``. ``docs/reading-model.md`` says what it was trained on and how well it reads. One passage is one run
of the network, so what is read does not depend on what else is read with it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import SettingsError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

SHIPPED = Path(__file__).parent / "weights"
NETWORK, TOKENIZER, CARD = "reading.onnx", "tokenizer.json", "card.json"
FILES = (NETWORK, TOKENIZER, CARD)

QUESTION_TOKENS, TITLE_TOKENS, ALL_TOKENS = 64, 32, 448  # more than ALL_TOKENS is cut at the end
CLS, SEP = 101, 102  # of BERT's vocabulary
ANSWER_TOKENS = 30  # the most tokens of an answer inside a sentence
# The least probability of the answering words. On the questions kept for calibration, 46 % of the answering sentences
# have such words, and 87 % of these share a word with those that a person marked.
SURE = 0.4
LIKELY = 0.1  # the least probability of words that are only compared with those of other sentences, and never shown
THREADS = 2
KEPT = 4096  # readings that are kept, so that no passage is read twice for one question

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Text:
    """A passage to read: its sentences, and the title that says what they are about."""

    sentences: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True)
class Reading:
    """A passage, read for a question.

    ``log_odds`` holds a number for each sentence: the log-odds that it answers, against "nothing here answers". A
    sentence that was cut off has the lowest. ``answers`` are the offsets of the answering words inside each sentence,
    None where no run of words is likely enough. ``likely`` are those of less likely words too.
    """

    log_odds: tuple[float, ...]
    answers: tuple[tuple[int, int] | None, ...]
    likely: tuple[tuple[int, int] | None, ...]


UNREAD = -20.0  # log-odds of a sentence that was cut off


class ReadingModel:
    """Reads passages. The files are opened when something is read first. Threads may share it."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        """Raises SettingsError if the folder is no reading model."""
        missing = [name for name in FILES if not (folder / name).is_file()]
        if missing:
            raise SettingsError(
                f"{folder} is no reading model: {', '.join(missing)} is missing. Set QA_READING to a folder that "
                "training.export wrote, or to off."
            )
        self._folder = folder
        self._opening = Lock()
        self._kept: dict[tuple[str, Text], Reading] = {}

    @cached_property
    def card(self) -> dict[str, Any]:
        """What the model says about itself: its name, and the numbers that make probabilities of its scores."""
        found: dict[str, Any] = json.loads((self._folder / CARD).read_text("utf-8"))
        return found

    @property
    def name(self) -> str:
        """The name and version of the model."""
        return str(self.card["name"])

    def read(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        """Read each passage for a question. Returns one Reading for each, in order."""
        found = {text: kept for text in texts if (kept := self._kept.get((question, text)))}
        if new := list(dict.fromkeys(text for text in texts if text not in found)):
            asked = self._encode([question])[0]
            whole = self._encode([part for text in new for part in (text.title, *text.sentences)])
            parts = iter(whole)
            for text in new:
                title, *sentences = (next(parts) for _ in range(1 + len(text.sentences)))
                found[text] = self._reading(asked.ids, title.ids, text.sentences, sentences)
            if len(self._kept) > KEPT:
                self._kept.clear()
            self._kept.update(((question, text), found[text]) for text in new)
        return [found[text] for text in texts]

    def _reading(
        self, question: list[int], title: list[int], texts: Sequence[str], sentences: Sequence[Any]
    ) -> Reading:
        head = [CLS, *question[:QUESTION_TOKENS], SEP]
        ids, starts = [*head, *title[:TITLE_TOKENS]], []
        for sentence in sentences:
            starts.append(len(ids))
            ids += sentence.ids
        tokens, none = self._run([*ids[: ALL_TOKENS - 1], SEP], len(head))
        log_odds: list[float] = []
        spans: list[tuple[tuple[int, int], float] | None] = []
        for start, text, sentence in zip(starts, texts, sentences, strict=True):
            scores = tokens[start : min(start + len(sentence.ids), ALL_TOKENS - 1)]
            if not len(scores):
                log_odds.append(UNREAD)
                spans.append(None)
                continue
            # The scores of a sentence's tokens are those of one softmax with the score of "nothing here answers".
            log_odds.append(_logsumexp(scores[:, 0]) - none)
            first, last, chance = _span(scores[:, 1], scores[:, 2])
            start, end = sentence.offsets[first][0], sentence.offsets[last][1]
            spans.append((_whole_words(text, start, end), chance))
        return Reading(tuple(log_odds), _from(SURE, spans), _from(LIKELY, spans))

    def _run(self, ids: list[int], head: int) -> tuple[Floats, float]:
        """Return the scores of the tokens, shape (tokens, 3), and of "nothing here answers"."""
        whole = np.array([ids], np.int64)
        segments = np.zeros_like(whole)
        segments[0, head:] = 1
        tokens, none = self._session.run(None, {"ids": whole, "segments": segments})
        return tokens[0], float(none[0, 0])

    def _encode(self, texts: Sequence[str]) -> Sequence[Any]:
        return self._tokenizer.encode_batch(list(texts), add_special_tokens=False)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @property
    def _session(self) -> InferenceSession:
        with self._opening:
            return self._opened

    @cached_property
    def _opened(self) -> InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = min(THREADS, os.cpu_count() or 1)
        options.inter_op_num_threads = 1
        # Processors without VNNI instructions would otherwise round sums of int8 products, and read worse.
        options.add_session_config_entry("session.x64quantprecision", "1")
        # Threads that spin while they wait take the cores from the page, its browser and other questions. Without it,
        # twelve passages take a third to a half of the time on two busy cores, and a fifth more on idle ones.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(str(self._folder / NETWORK), options, providers=["CPUExecutionProvider"])


@cache
def opened(folder: Path = SHIPPED) -> ReadingModel:
    """Return the model of a folder, the same one for every caller, so that its files are opened once a process.

    Raises SettingsError if the folder is no reading model.
    """
    return ReadingModel(folder)


def _from(least: float, spans: Sequence[tuple[tuple[int, int], float] | None]) -> tuple[tuple[int, int] | None, ...]:
    """Return the spans that have at least this probability, and None for the others."""
    return tuple(span[0] if span and span[1] >= least else None for span in spans)


def _logsumexp(scores: Floats) -> float:
    top = float(scores.max())
    return top + float(np.log(np.exp(scores - top).sum()))


def _span(starts: Floats, ends: Floats) -> tuple[int, int, float]:
    """Return the first and last token of the likeliest answer of at most ANSWER_TOKENS, and its probability."""
    together = starts[:, None] + ends[None, :]
    allowed = np.triu(np.ones_like(together, bool)) & ~np.triu(np.ones_like(together, bool), ANSWER_TOKENS)
    scores = np.where(allowed, together, -np.inf)
    first, last = np.unravel_index(int(scores.argmax()), scores.shape)
    return int(first), int(last), float(1 / np.exp(scores - scores.max()).sum())


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span to whole words ("200" to "1,200"), without the marks at its ends."""
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    while end - start > 1 and not text[start].isalnum() and text[start] not in "$€£":
        start += 1
    while end - start > 1 and not text[end - 1].isalnum() and text[end - 1] != "%":
        end -= 1
    return start, end
