"""Fakes for ChatModel and Embedder, and fakes that fail. Everything else in the tests is real."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Generator, Sequence
from typing import Any

import numpy as np

from qa.errors import ModelUnavailable
from qa.library.embedders import Vectors
from qa.llm.chat import Completion, Streamed
from qa.llm.limits import Limits
from qa.llm.prompts import Message
from qa.model import Usage


class Unstreamed:
    """A ChatModel whose replies arrive in one piece, like those of a server that does not stream."""

    def stream(self, messages: Sequence[Message], shape: type, limits: Limits | None = None) -> Streamed:
        yield from ()
        return self.complete(messages, shape, limits)  # type: ignore[attr-defined]


class ScriptedChat(Unstreamed):
    """A model that gives a scripted reply and records every message it is sent."""

    name = "scripted"

    def __init__(
        self,
        reply: dict[str, Any] | Callable[[str], dict[str, Any]],
        values: Callable[[str], list[dict[str, Any]]] = lambda _: [],
    ) -> None:
        self._reply = reply
        self._values = values
        self.asked: list[Sequence[Message]] = []

    def complete(self, messages: Sequence[Message], shape: type, limits: Limits | None = None) -> Completion:
        if "verdicts" in shape.model_fields:  # as the support judge, it accepts every claim
            count = messages[-1].content.count("<<<statement ")
            agreed = [{"claim": n, "states": True, "answers": True} for n in range(1, count + 1)]
            return Completion(shape.model_validate({"verdicts": agreed}), None)
        if "values" in shape.model_fields:  # which sentences give values of one thing
            read = self._values(messages[-1].content)
            return Completion(shape.model_validate({"values": read}), Usage(input=50, output=5))
        self.asked.append(messages)
        prompt = next(m.content for m in messages if m.role == "user")  # the first one: a repair adds another
        reply = self._reply(prompt) if callable(self._reply) else self._reply
        return Completion(shape.model_validate(reply), Usage(input=100, output=10))


def ended(generator: Generator[Any, Any, Any]) -> tuple[list[Any], Any]:
    """Return what a generator yields, and the value it returns."""
    items = []
    try:
        while True:
            items.append(next(generator))
    except StopIteration as end:
        return items, end.value


def claim(text: str, *labels: str, speaker: str | None = None) -> dict[str, Any]:
    return {"text": text, "sentences": list(labels), "speaker": speaker}


def says(*claims: dict[str, Any]) -> dict[str, Any]:
    return {"answerable": True, "reason": None, "claims": list(claims)}


class CountingEmbedder:
    """Gives each text a different, deterministic vector, and records the texts it has embedded."""

    def __init__(self, name: str = "counting", dimension: int = 16) -> None:
        self.name = name
        self.dimension = dimension
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        rows = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=self.dimension) for text in texts]
        matrix = np.asarray(rows, np.float32).reshape(len(texts), self.dimension)
        return (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)


class BrokenEmbedder(CountingEmbedder):
    """Embeds ``good`` texts, then fails as if the connection was lost."""

    def __init__(self, good: int) -> None:
        super().__init__()
        self._good = good

    def embed(self, texts: Sequence[str]) -> Vectors:
        if len(self.embedded) + len(texts) > self._good:
            raise ModelUnavailable("the connection to the embedder was lost")
        return super().embed(texts)
