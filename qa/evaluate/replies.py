"""Replies written by hand: a ChatModel that reads them from a folder, and keeps the prompts that wait for one.

They measure the path of a good model where none can be asked: what verification makes of faithful claims in other words
than the article's. Whoever writes them sees the prompt alone: no gold, no checks, no code. Whatever reports a result
must say that the replies were written by hand.

The folder holds ``*.jsonl`` files with one reply a line, and the folder ``waiting`` with a text file for each prompt
without a reply. To answer a prompt, write the reply as JSON to a file of the same name with the suffix ``.json``. The
next run checks it and moves it to ``new.jsonl``.

A prompt is known by its text. If that has changed since, a reply still fits under these conditions, and is counted as
carried over:

- a draft: the question is the same, and so are most of the sentences. The labels are renumbered. If several fit, the
  one for the prompt with most of the same sentences is taken. A cited sentence that is no longer shown keeps a label
  that nobody has, and its claim fails, as it must.
- a repair: the question and the claims to correct are the same.
- a judgement: it is kept for each claim with its sentences, so it fits any prompt that asks for it again. The words
  that settle a doubt are kept for that doubt. For another doubt there are none, so it stays open, and the prompt waits.
- the values that sentences give: they are kept for the question and each sentence, so they fit any prompt that shows no
  other sentence.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ..errors import InputError, ModelRefused
from ..llm.chat import Completion, Streamed
from ..llm.limits import Limits
from ..llm.prompts import Message
from .gold import Gold

Shape = TypeVar("Shape", bound=BaseModel)
Row = dict[str, Any]

NEW = "new.jsonl"
WAITING = "waiting"
SIMILAR = 0.6  # the least share of the sentences of the smaller prompt that the other prompt has too

# The names of the shapes that a drafter, a judge and a reader of values return:
DRAFT, JUDGEMENT, VALUES = "Reply", "_Opinions", "_Values"

_BOUNDARY = re.compile(r"\b[0-9a-f]{16}\b")
_SENTENCE = re.compile(r"^\[(S\d+)\] (.*)$", re.MULTILINE)
_QUESTION = re.compile(r"^Question: (.*)\Z", re.MULTILINE)
_TO_REPAIR = re.compile(r'^- "(.*?)" citing ', re.MULTILINE)
_STATEMENT = re.compile(r"<<<statement \d+ \S+>>>\n(.*?)\n<<<end \S+>>>", re.DOTALL)
_VALUED = re.compile(r"^\[(V\d+)\] (.*)$", re.MULTILINE)
_NOTE = re.compile(r"\s*⟨[^⟩]*⟩$")


class ReplyMissing(ModelRefused):
    """Nobody has written a reply to this prompt yet."""


class RepliesByHand:
    """A ChatModel whose replies are in ``folder``. ``carried`` counts those that were written for another prompt.

    Raises InputError if a file of the folder cannot be read.
    """

    name = "replies by hand"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not folder.is_dir():
            raise InputError(f"{folder} is no folder. Make it with: mkdir {folder}")
        self._rows: dict[str, Row] = {}
        for file in sorted(folder.glob("*.jsonl")):
            for row in _read(file):
                self._rows[row["key"]] = row
        self._by_question: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self._verdicts: dict[str, Row] = {}
        self._values: dict[tuple[str, str], Row | None] = {}
        for row in self._rows.values():
            self._index(row)
        self.carried = 0
        self.waiting: list[Path] = []

    def answered(self, gold: Gold) -> Gold:
        """The cases of ``gold`` to whose question there is a reply."""
        cases = tuple(located for located in gold.cases if (DRAFT, located.case.question) in self._by_question)
        return replace(gold, cases=cases)

    @property
    def note(self) -> str:
        """How many replies were carried over, and how many prompts wait for one."""
        waiting = len(set(self.waiting))
        carried = f"{self.carried} replies were written for an earlier form of their prompt"
        return f"Replies written by hand. {carried}; {waiting} prompts wait in {self._folder / WAITING}."

    def complete(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Completion[Shape]:
        """See ChatModel. Raises ReplyMissing if there is no reply; the prompt then waits in the folder."""
        limits.spend()
        key = _key(messages)
        row = self._rows.get(key) or self._written(key, messages, shape)
        if row:
            return Completion(shape.model_validate(row["reply"]), None)
        reply, whole = self._carry_over(messages, shape)
        if not whole:
            self._wait(key, messages, shape)
        if reply is None:
            raise ReplyMissing(f"A prompt waits for a reply in {self._folder / WAITING}.")
        self.carried += 1
        return Completion(shape.model_validate(reply), None)

    def stream(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Streamed[Shape]:
        """See ChatModel. The reply arrives in one piece."""
        yield from ()
        return self.complete(messages, shape, limits)

    def _index(self, row: Row) -> None:
        if row["task"] == JUDGEMENT:
            for judged in row["statements"]:
                self._verdicts[_identity(row["question"], judged["statement"])] = judged
        elif row["task"] == VALUES:
            for sentence, value in row["values"].items():
                self._values[row["question"], sentence] = value
        elif row["question"]:
            self._by_question[row["task"], row["question"]].append(row)

    def _written(self, key: str, messages: Sequence[Message], shape: type[BaseModel]) -> Row | None:
        """Take a reply that was written for a waiting prompt into the folder's files."""
        file = self._folder / WAITING / f"{key}.json"
        if not file.is_file():
            return None
        try:
            reply = shape.model_validate_json(file.read_text(encoding="utf-8")).model_dump()
        except ValidationError as error:
            raise InputError(f"{file} is no reply to its prompt: {error.errors()[0]['msg']}. Correct it.") from None
        row = _row(key, messages, shape, reply)
        with (self._folder / NEW).open("a", encoding="utf-8") as opened:
            opened.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._rows[key] = row
        self._index(row)
        file.unlink()
        file.with_suffix(".txt").unlink(missing_ok=True)
        return row

    def _wait(self, key: str, messages: Sequence[Message], shape: type[BaseModel]) -> None:
        file = self._folder / WAITING / f"{key}.txt"
        file.parent.mkdir(exist_ok=True)
        told = "\n\n".join(f"=== {message.role} ===\n{message.content}" for message in messages)
        schema = json.dumps(shape.model_json_schema(), ensure_ascii=False)
        file.write_text(f"{told}\n\n=== JSON schema of the reply ===\n{schema}\n", encoding="utf-8")
        self.waiting.append(file)

    def _carry_over(self, messages: Sequence[Message], shape: type[BaseModel]) -> tuple[Any, bool]:
        """A reply that was written for another prompt, if one fits, and whether it answers all of this one."""
        asked = messages[-1].content
        if shape.__name__ == JUDGEMENT:
            return self._judged(asked)
        if shape.__name__ == VALUES:
            return self._valued(asked)
        question = _question(messages)
        rows = self._by_question.get((shape.__name__, question), []) if question else []
        shown = _sentences(messages)
        to_repair = sorted(_TO_REPAIR.findall(asked)) if len(messages) > 2 else []
        fitting = [row for row in rows if row["to_repair"] == to_repair]
        if not fitting:
            return None, False
        here = {_print(text) for text in shown.values()}
        row = max(fitting, key=lambda row: len(here & set(row["sentences"])))
        if len(here & set(row["sentences"])) < SIMILAR * min(len(here), len(row["sentences"])):
            return None, False  # the same question of other articles, or of another day
        return _relabelled(row, shown), True

    def _judged(self, asked: str) -> tuple[Any, bool]:
        """Compose a judgement of the verdicts on its claims, if each has one."""
        question, blocks = _judging(asked)
        verdicts, whole = [], True
        for number, block in enumerate(blocks, 1):
            judged = self._verdicts.get(_identity(question, _statement(block)))
            if judged is None:
                return None, False
            doubts = _doubts(block)
            whole = whole and all(doubt in judged["words"] for doubt in doubts)
            words = [judged["words"].get(doubt, "") for doubt in doubts]
            verdicts.append({**judged["verdict"], "claim": number, "words": words})
        return {"verdicts": verdicts}, whole

    def _valued(self, asked: str) -> tuple[Any, bool]:
        """Compose the values of the sentences of a prompt, if each sentence has been read for its question."""
        question = _judging(asked)[0]
        shown = [(label, (question, text)) for label, text in _VALUED.findall(asked)]
        if not all(place in self._values for _, place in shown):
            return None, False
        read = ((label, self._values[place]) for label, place in shown)
        return {"values": [{**value, "sentence": label} for label, value in read if value]}, True


def _row(key: str, messages: Sequence[Message], shape: type[BaseModel], reply: Row) -> Row:
    """A reply with what it must know of its prompt to be carried over."""
    asked = messages[-1].content
    row: Row = {"key": key, "task": shape.__name__, "reply": reply}
    if shape.__name__ == JUDGEMENT:
        question, blocks = _judging(asked)
        verdicts = {verdict["claim"]: verdict for verdict in reply["verdicts"]}
        judged = [_judged_statement(block, verdicts[n]) for n, block in enumerate(blocks, 1) if n in verdicts]
        return row | {"question": question, "statements": judged}
    if shape.__name__ == VALUES:
        read = {value["sentence"]: value for value in reply["values"]}
        values = {text: read.get(label) for label, text in _VALUED.findall(asked)}
        return row | {"question": _judging(asked)[0], "values": values}
    shown = _sentences(messages)
    cited = {label: shown[label] for c in reply.get("claims", ()) for label in c["sentences"] if label in shown}
    to_repair = sorted(_TO_REPAIR.findall(asked)) if len(messages) > 2 else []
    # The hashes of all sentences shown tell which of several replies to a question fits best.
    prints = sorted({_print(text) for text in shown.values()})
    return row | {"question": _question(messages), "to_repair": to_repair, "cited": cited, "sentences": prints}


def _relabelled(row: Row, shown: Mapping[str, str]) -> Row:
    """The reply with the labels that its sentences have now; S0, which nobody has, for one that is not shown."""
    labels = {text: label for label, text in shown.items()}
    claims = [
        {**claim, "sentences": [labels.get(row["cited"].get(label, ""), "S0") for label in claim["sentences"]]}
        for claim in row["reply"].get("claims", ())
    ]
    reply: Row = row["reply"]
    return reply | ({"claims": claims} if "claims" in reply else {})


def _key(messages: Sequence[Message]) -> str:
    told = json.dumps([[m.role, _BOUNDARY.sub("-", m.content)] for m in messages])
    return sha256(told.encode()).hexdigest()[:16]


def _question(messages: Sequence[Message]) -> str:
    found = (_QUESTION.search(m.content) for m in messages if m.role == "user")
    return next((match[1].strip() for match in found if match), "")


def _sentences(messages: Sequence[Message]) -> dict[str, str]:
    """The sentences shown, by label, without their notes."""
    found = (pair for m in messages if m.role == "user" for pair in _SENTENCE.findall(m.content))
    return {label: _NOTE.sub("", text).strip() for label, text in found}


def _print(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:4]


def _judging(asked: str) -> tuple[str, list[str]]:
    """The question and the blocks of the statements of a prompt for a judgement."""
    question = re.search(r"<<<question \S+>>>\n(.*?)\n<<<end", asked, re.DOTALL)
    return (question[1] if question else ""), _STATEMENT.findall(asked)


def _judged_statement(block: str, verdict: Row) -> Row:
    """A claim with its sentences, the verdict on it, and the words that settle each doubt."""
    words = dict(zip(_doubts(block), verdict.get("words") or (), strict=False))
    kept = {name: verdict[name] for name in ("differs", "states", "answers")}
    return {"statement": _statement(block), "verdict": kept, "words": words}


def _doubts(block: str) -> list[str]:
    return [line.removeprefix("Doubt: ") for line in block.splitlines() if line.startswith("Doubt: ")]


def _statement(block: str) -> str:
    """A claim and its sentences, without the doubts about it and the header of their articles."""
    lines = [line for line in block.splitlines() if line.startswith(("Claim: ", "- "))]
    return "\n".join(dict.fromkeys(lines))


def _identity(question: str, statement: str) -> str:
    claim, *sentences = statement.splitlines()
    return json.dumps([question, claim, sorted(sentences)])


def _read(file: Path) -> list[Row]:
    rows = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            row["key"], row["task"], row["question"], row["reply"]
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{file}:{number}: this is no reply ({type(error).__name__}). Correct the line.") from None
        rows.append(row)
    return rows
