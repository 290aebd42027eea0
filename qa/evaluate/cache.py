"""An on-disk cache of model replies, keyed by the request. A second run of the same gold costs nothing."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from platformdirs import user_cache_path
from pydantic import BaseModel, ValidationError

from ..llm.chat import ChatModel, Completion, Streamed
from ..llm.limits import Limits
from ..llm.prompts import Message
from ..model import Usage

Shape = TypeVar("Shape", bound=BaseModel)

# The delimiters around articles, statements and questions are random in every request. They must not be in the key.
_BOUNDARY = re.compile(r"<<<([a-z]+(?: \d+)?) [0-9a-f]{8,}>>>")


def default_cache() -> Path:
    """Return the folder where replies are kept if ``--cache`` is not given."""
    return user_cache_path("dateline-qa") / "evals"


class CachedChat:
    """A ChatModel that asks another one only if the reply is not in the cache. Only complete, valid replies are kept.

    Args:
        chat: the model to ask.
        folder: where replies are kept, one file per reply.
        destination: the address of ``chat``, because two servers may use the same model name.
    """

    def __init__(self, chat: ChatModel, folder: Path, destination: str = "") -> None:
        self.name = chat.name
        self._chat = chat
        self._folder = folder
        self._destination = destination
        self.asked = 0
        self.cached = 0

    def complete(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Completion[Shape]:
        """See ChatModel. A cached reply keeps the usage of its original request."""
        file = self._folder / f"{self._key(messages, shape)}.json"
        return self._kept(file, shape) or self._keep(file, self._chat.complete(messages, shape, limits))

    def stream(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Streamed[Shape]:
        """See ChatModel. A cached reply arrives in one piece."""
        file = self._folder / f"{self._key(messages, shape)}.json"
        return self._kept(file, shape) or self._keep(file, (yield from self._chat.stream(messages, shape, limits)))

    def _kept(self, file: Path, shape: type[Shape]) -> Completion[Shape] | None:
        kept = _read(file, shape)
        self.cached += kept is not None
        return kept

    def _keep(self, file: Path, completion: Completion[Shape]) -> Completion[Shape]:
        self.asked += 1
        _write(file, completion)
        return completion

    def _key(self, messages: Sequence[Message], shape: type[BaseModel]) -> str:
        told = [[m.role, _BOUNDARY.sub(r"<<<\1>>>", m.content)] for m in messages]
        request = [self.name, self._destination, told, shape.model_json_schema()]
        return sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


def _read(file: Path, shape: type[Shape]) -> Completion[Shape] | None:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        usage = Usage.model_validate(kept["usage"]) if kept["usage"] else None
        return Completion(shape.model_validate(kept["reply"]), usage)
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        return None  # missing, damaged or with other fields: ask again


def _write(file: Path, completion: Completion[Shape]) -> None:
    """Write a reply atomically: other workers see the whole reply or none."""
    usage = completion.usage.model_dump(mode="json") if completion.usage else None
    text = json.dumps({"reply": completion.parsed.model_dump(mode="json"), "usage": usage}, ensure_ascii=False)
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)
    os.replace(temporary, file)
