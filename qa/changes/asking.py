"""Asks a model which sentences give a value for what a question asks, and which of them are of the same thing.

Rules tell this offline. A model reads better what a value is of, so one structured call replaces that part of them. It
names labels and words; code looks the words up in their sentences, compares the values and their days, and tells no
change without both sentences.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import BaseModel

from ..articles.parse import ParsedArticle
from ..english.characters import fold, visible
from ..errors import ModelError
from ..llm.chat import ChatModel
from ..llm.limits import Limits
from ..llm.prompts import Prompt
from ..model import Sentence, Usage
from ..render import outlet_and_day

Candidate = tuple[ParsedArticle, Sentence]
"""A sentence that may give a value, with its article."""


@dataclass(frozen=True)
class ValueRead:
    """A value that a model has read.

    ``start`` and ``end`` are offsets of its words in the sentence. ``thing`` is what it is of, in the model's words.
    ``old``: by the sentence it holds no longer, or is only wished for.
    """

    start: int
    end: int
    thing: str
    old: bool


@dataclass(frozen=True)
class ValuesRead:
    """The value of each sentence that gives one, by article id and sentence index, and what the call cost."""

    values: dict[tuple[str, int], ValueRead]
    usage: Usage | None = None


class ValueReader(Protocol):
    """Reads values from sentences."""

    prompt: Prompt

    def read(self, question: str, candidates: Sequence[Candidate], limits: Limits) -> ValuesRead:
        """Return the values that the sentences give for what the question asks. Raises ModelError."""
        ...


class _Value(BaseModel):
    sentence: str
    words: str
    thing: str
    old: bool = False


class _Values(BaseModel):
    values: list[_Value]


class ChatValueReader:
    """A chat model with the ``values`` prompt."""

    def __init__(self, chat: ChatModel, prompt: Prompt) -> None:
        self._chat = chat
        self.prompt = prompt

    def read(self, question: str, candidates: Sequence[Candidate], limits: Limits) -> ValuesRead:
        """See ValueReader. A value whose words do not stand in its sentence is left out."""
        labelled = {f"V{n}": candidate for n, candidate in enumerate(candidates, 1)}
        shown = [
            {"label": label, "header": visible(outlet_and_day(article.article)), "text": _line(sentence.text)}
            for label, (article, sentence) in labelled.items()
        ]
        messages = self.prompt.render(boundary=secrets.token_hex(8), sentences=shown, question=visible(question))
        completion = self._chat.complete(messages, _Values, limits)
        values: dict[tuple[str, int], ValueRead] = {}
        for one in completion.parsed.values:
            candidate = labelled.get(one.sentence.strip("[] "))
            words = _placed(one.words, candidate[1].text) if candidate else None
            if candidate and words:
                thing = " ".join(fold(one.thing).split())
                values.setdefault((candidate[0].id, candidate[1].index), ValueRead(*words, thing, one.old))
        return ValuesRead(values, completion.usage)


def _line(text: str) -> str:
    return " ".join(visible(text).split())


def _placed(words: str, text: str) -> tuple[int, int] | None:
    """Return the offsets of words in a text, however they are spaced. None if they are not there."""
    wanted = words.split()
    found = re.search(r"\s+".join(map(re.escape, wanted)), text) if wanted else None
    return found.span() if found else None


@dataclass
class Asking:
    """One call to a value reader within the limits of one question, what it cost, and a warning if it failed."""

    reader: ValueReader
    question: str
    limits: Limits
    usage: Usage | None = None
    warning: str = ""

    def values(self, candidates: Sequence[Candidate]) -> dict[tuple[str, int], ValueRead] | None:
        """Return the values of the sentences. None if the model cannot be asked; then rules decide."""
        if not self.limits.calls_left:
            return None
        try:
            read = self.reader.read(self.question, candidates, self.limits)
        except ModelError as error:
            self.warning = f"What has changed was told by rules alone, because the model could not be asked. {error}"
            return None
        self.usage = read.usage
        return read.values
