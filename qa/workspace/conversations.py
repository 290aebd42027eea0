"""Conversations that last: their turns are kept in the workspace file, and can be listed, searched and exported."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from ..english.characters import displayable
from ..errors import InputError
from ..model import Answer, ClaimReady, Filters
from ..render import escape, to_markdown
from .store import Row, Store

State = Literal["running", "done", "stopped", "failed"]

TITLE = 120  # characters of a title; a question can be much longer
OTHER_VERSION = "This answer was stored by another version of Dateline, which this one cannot read. Ask again."
_WORD = re.compile(r"\w+")
_CLAIMS = TypeAdapter(tuple[ClaimReady, ...])
_COLUMNS = "c.id, c.title, c.created, c.updated, (SELECT count(*) FROM turns WHERE conversation = c.id) AS questions"


@dataclass(frozen=True)
class Conversation:
    """A conversation without its turns. ``questions`` is their number; the times are in UTC."""

    id: str
    title: str
    created: datetime
    updated: datetime
    questions: int


@dataclass(frozen=True)
class KeptTurn:
    """A question and what became of it.

    A ``done`` turn has its answer. A ``failed`` one says why in ``error``. A ``stopped`` one has the claims that had
    arrived. A turn that is still ``running`` here either is being answered by some process, or its process has ended.
    ``thumb`` is "up", "down" or empty.
    """

    id: str
    question: str
    filters: Filters
    state: State
    asked: datetime
    answer: Answer | None = None
    error: str = ""
    claims: tuple[ClaimReady, ...] = ()
    thumb: str = ""
    commented: bool = False


@dataclass(frozen=True)
class Deleted:
    """A deleted conversation, with what ``Conversations.restore`` needs to put it back. Only memory holds it."""

    conversation: Row
    turns: tuple[Row, ...]


@dataclass(frozen=True)
class Listed:
    """A page of conversations, those that were used last first, and the number of all that were looked for."""

    conversations: tuple[Conversation, ...]
    total: int


def new_id() -> str:
    """Return a new id for a conversation or a turn: 128 random bits, which nobody can guess."""
    return token_hex(16)


class Conversations:
    """The conversations about one library. All methods raise WorkspaceError if the file cannot be used."""

    def __init__(self, folder: Path) -> None:
        self._store = Store(folder)

    @property
    def path(self) -> Path:
        """The file, for messages."""
        return self._store.path

    def append(self, conversation: str, turn: str, question: str, filters: Filters) -> None:
        """Add a question as the last turn of a conversation, as ``running``. Its first question makes a conversation.

        Args:
            conversation: id of the conversation.
            turn: id of the new turn.
            question: the question as it was typed.
            filters: what was searched only.
        """
        now = timestamp()
        with self._store.writing() as db:
            db.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET updated = excluded.updated",
                (conversation, cut(question), now, now),
            )
            place = "SELECT coalesce(max(number), 0) + 1 FROM turns WHERE conversation = ?"
            number = db.execute(place, (conversation,)).fetchone()[0]
            key = db.execute(
                "INSERT INTO turns (id, conversation, number, question, filters, state, asked) "
                "VALUES (?, ?, ?, ?, ?, 'running', ?)",
                (turn, conversation, number, question, filters.model_dump_json(), now),
            ).lastrowid
            db.execute("INSERT INTO turn_words (rowid, question, answer) VALUES (?, ?, '')", (key, question))

    def finish(
        self,
        turn: str,
        state: State,
        answer: Answer | None = None,
        error: str = "",
        claims: Sequence[ClaimReady] = (),
    ) -> None:
        """Store what became of a turn. A turn that has been deleted meanwhile stays deleted.

        ``claims`` are those that a turn without an answer had shown.
        """
        text = answer.model_dump_json() if answer else None
        with self._store.writing() as db:
            found = db.execute("SELECT key, conversation, question FROM turns WHERE id = ?", (turn,)).fetchone()
            if found is None:
                return
            db.execute(
                "UPDATE turns SET state = ?, answer = ?, error = ?, claims = ? WHERE key = ?",
                (state, text, error, _CLAIMS.dump_json(tuple(claims)).decode(), found["key"]),
            )
            db.execute("UPDATE conversations SET updated = ? WHERE id = ?", (timestamp(), found["conversation"]))
            if answer:
                db.execute(
                    "UPDATE turn_words SET question = ?, answer = ? WHERE rowid = ?",
                    (f"{found['question']}\n{answer.standalone}", answer.text, found["key"]),
                )

    def rate(self, turn: str, thumb: str, *, commented: bool) -> None:
        """Store how a reader has rated an answer: ``thumb`` is "up", "down" or empty."""
        with self._store.writing() as db:
            db.execute("UPDATE turns SET thumb = ?, commented = ? WHERE id = ?", (thumb, commented, turn))

    def find(self, conversation: str) -> Conversation | None:
        """Return a conversation by its id, or by the first characters of it if they belong to one alone."""
        with self._store.reading() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM conversations c WHERE substr(c.id, 1, ?) = ? LIMIT 2",
                (len(conversation), conversation),
            ).fetchall()
        return _conversation(rows[0]) if conversation and len(rows) == 1 else None

    def turns(self, conversation: str) -> tuple[KeptTurn, ...]:
        """Return the turns of a conversation, oldest first. An unknown conversation has none."""
        with self._store.reading() as db:
            rows = db.execute("SELECT * FROM turns WHERE conversation = ? ORDER BY number", (conversation,)).fetchall()
        return tuple(map(_turn, rows))

    def listed(self, words: str = "", *, limit: int = 20, offset: int = 0) -> Listed:
        """Return conversations, those that were used last first.

        Args:
            words: only conversations that have all these words, or words that begin with them, in their titles,
                questions or answers.
            limit: the most conversations to return.
            offset: how many of the first ones to leave out.
        """
        wanted = _WORD.findall(words)[:20]
        one = (
            "c.id IN (SELECT t.conversation FROM turn_words JOIN turns t ON t.key = turn_words.rowid "
            "WHERE turn_words MATCH ? UNION SELECT id FROM conversations WHERE instr(lower(title), lower(?)))"
        )
        where = f"WHERE {' AND '.join([one] * len(wanted))}" if wanted else ""
        values = [value for word in wanted for value in (f'"{word}"*', word)]
        with self._store.reading() as db:
            total = db.execute(f"SELECT count(*) FROM conversations c {where}", values).fetchone()[0]
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM conversations c {where} ORDER BY c.updated DESC, c.id LIMIT ? OFFSET ?",
                (*values, limit, offset),
            ).fetchall()
        return Listed(tuple(map(_conversation, rows)), total)

    def rename(self, conversation: str, title: str) -> None:
        """Give a conversation another title. Raises InputError for an empty one."""
        title = cut(title)
        if not title:
            raise InputError("A title cannot be empty. Type some words.")
        with self._store.writing() as db:
            db.execute("UPDATE conversations SET title = ? WHERE id = ?", (title, conversation))

    def delete(self, conversation: str) -> Deleted | None:
        """Delete a conversation with its turns, and overwrite what the file had of them.

        Returns what ``restore`` puts back. None if there is no such conversation.
        """
        turns = (
            "SELECT t.*, w.question AS asked_words, w.answer AS answer_words FROM turns t "
            "JOIN turn_words w ON w.rowid = t.key WHERE t.conversation = ? ORDER BY t.number"
        )
        with self._store.writing() as db:
            found = db.execute("SELECT * FROM conversations WHERE id = ?", (conversation,)).fetchone()
            deleted = Deleted(found, tuple(db.execute(turns, (conversation,)))) if found else None
            db.execute("DELETE FROM conversations WHERE id = ?", (conversation,))
            db.execute("INSERT INTO turn_words (turn_words) VALUES ('optimize')")  # or the index keeps their words
        return deleted

    def restore(self, deleted: Deleted) -> None:
        """Put back what ``delete`` has returned. Nothing happens if it is back already.

        Questions that another session has asked in the deleted conversation meanwhile follow the restored ones.
        """
        head, turns = deleted.conversation, deleted.turns
        after = max((turn["number"] for turn in turns), default=0)
        columns = "id, conversation, number, question, filters, state, answer, error, asked, thumb, commented, claims"
        names = columns.split(", ")
        with self._store.writing() as db:
            if turns and db.execute("SELECT 1 FROM turns WHERE id = ?", (turns[0]["id"],)).fetchone():
                return
            made = "INSERT INTO conversations VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title"
            db.execute(made, tuple(head))
            # In two steps, so that no two turns have one number meanwhile.
            db.execute("UPDATE turns SET number = -(number + ?) WHERE conversation = ?", (after, head["id"]))
            db.execute("UPDATE turns SET number = -number WHERE conversation = ?", (head["id"],))
            for turn in turns:
                state = "stopped" if turn["state"] == "running" else turn["state"]
                values = [state if name == "state" else turn[name] for name in names]
                place = f"INSERT INTO turns ({columns}) VALUES ({', '.join('?' * len(names))})"
                key = db.execute(place, values).lastrowid
                words = (key, turn["asked_words"], turn["answer_words"])
                db.execute("INSERT INTO turn_words (rowid, question, answer) VALUES (?, ?, ?)", words)


def as_markdown(turns: Iterable[KeptTurn]) -> str:
    """Render a conversation as Markdown: a heading for each question, the completed question, and the answer."""
    return "\n".join(_asked(turn) if turn.answer is None else answered_markdown(turn.answer) for turn in turns)


def answered_markdown(answer: Answer) -> str:
    """Render an answer as Markdown, under its question and the completed question."""
    understood = f"*Understood as: {escape(answer.standalone)}*\n\n" if answer.standalone != answer.question else ""
    return f"{_heading(answer.question)}{displayable(understood)}{to_markdown(answer)}"


def _asked(turn: KeptTurn) -> str:
    told = turn.error if turn.state == "failed" else _OPEN[turn.state]
    return f"{_heading(turn.question)}*{escape(displayable(told))}*\n"


def _heading(question: str) -> str:
    return f"## {displayable(escape(question))}\n\n"


def as_json(conversation: Conversation, turns: Sequence[KeptTurn]) -> str:
    """Render a conversation as JSON: its id, title and times, and each turn with its answer."""
    return json.dumps(
        {
            "id": conversation.id,
            "title": conversation.title,
            "created": conversation.created.isoformat(),
            "updated": conversation.updated.isoformat(),
            "turns": [
                {
                    "question": turn.question,
                    "filters": turn.filters.model_dump(mode="json"),
                    "asked": turn.asked.isoformat(),
                    "state": turn.state,
                    "error": turn.error,
                    "thumb": turn.thumb,
                    "answer": turn.answer.model_dump(mode="json") if turn.answer else None,
                }
                for turn in turns
            ],
        },
        ensure_ascii=False,
        indent=2,
    )


_OPEN = {"running": "Not finished.", "stopped": "Stopped.", "done": OTHER_VERSION}


def _conversation(row: Row) -> Conversation:
    created, updated = (datetime.fromisoformat(row[name]) for name in ("created", "updated"))
    return Conversation(row["id"], row["title"], created, updated, row["questions"])


def _turn(row: Row) -> KeptTurn:
    state: State = row["state"]
    error: str = row["error"]
    answer, filters = None, Filters()
    claims: tuple[ClaimReady, ...] = ()
    try:
        filters = Filters.model_validate_json(row["filters"])
        answer = Answer.model_validate_json(row["answer"]) if row["answer"] else None
        claims = _CLAIMS.validate_json(row["claims"])
    except ValidationError:
        state, error = "failed", OTHER_VERSION
    return KeptTurn(
        row["id"],
        row["question"],
        filters,
        state,
        datetime.fromisoformat(row["asked"]),
        answer,
        error,
        claims,
        row["thumb"],
        bool(row["commented"]),
    )


def cut(title: str) -> str:
    """Return a title on one line, as long as titles may be."""
    words = " ".join(title.split())
    return words if len(words) <= TITLE else f"{words[: TITLE - 1].rstrip()}…"


def timestamp() -> str:
    """Return this moment in UTC, as the file has it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
