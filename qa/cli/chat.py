"""``qa chat``: a conversation. Follow-up questions are understood. Reads lines from a terminal or a pipe."""

from __future__ import annotations

import sys
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import terminal
from .terminal import (
    AsOfOption,
    Basis,
    BasisOption,
    LibraryOption,
    ModelOption,
    OfflineOption,
    SinceOption,
    SourceOption,
    SpeakerOption,
    UntilOption,
    styled,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..model import Answer, Filters
    from ..settings import Settings
    from ..workspace.conversations import Conversation, Conversations, State

THREADS = 15  # conversations that /threads lists

HELP = """\
Ask a question, then a follow-up: "And in March?", "Why?", "What did she say?".
  /new        start a new conversation
  /threads    list the conversations about this library, latest first
  /open N     go on with number N of that list
  /sources    list the articles cited so far
  /save FILE  save the conversation as Markdown
  /help       show this help
Press Ctrl-C to stop an answer, Ctrl-D to quit."""


def chat(
    library: LibraryOption = None,
    source: SourceOption = None,
    speaker: SpeakerOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_of: AsOfOption = None,
    basis: BasisOption = Basis.published,
    model: ModelOption = None,
    offline: OfflineOption = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the conversation ID, or with the one that was used last.")
    ] = False,
    thread: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="With --resume: the id, or its first characters.")
    ] = None,
    no_history: Annotated[
        bool, typer.Option("--no-history", help="Do not keep this conversation, and do not read earlier ones.")
    ] = False,
) -> None:
    """Ask several questions in a conversation.

    A follow-up such as "And in March?" is completed from the questions before it, and the completed question is shown.
    Type /help for the commands of the conversation. Questions can also be piped in, one on a line.

    Questions and answers are kept on this machine, in the file workspace.sqlite3 in the folder of the library, which
    the page shares. Use --no-history to keep nothing.
    """
    from ..errors import InputError
    from ..workspace.conversations import Conversations

    with terminal.errors():
        if thread and not resume:
            raise InputError(f"{thread!r} is not expected here. Use --resume {thread} to go on with a conversation.")
        if resume and no_history:
            raise InputError("With --no-history there is nothing to resume. Leave out one of the two options.")
        settings = terminal.settings_of(library=library, model=model, offline=offline or None)
        history = None if no_history else Conversations(settings.folder)
        talk = Talk(settings, terminal.filters_of(source, speaker, since, until, as_of, basis), history)
        terminal.stderr().print(
            styled(f"Answering with: {settings.destination}. Type /help for help.", "dim"), soft_wrap=True
        )
        if resume:
            talk.resume(thread)
        with suppress(ImportError):  # gives input() line editing and history, where available
            import readline  # noqa: F401
        while (line := _line()) is not None:
            talk.say(line)


def _line() -> str | None:
    """Read the next line. Returns "" after Ctrl-C, and None at the end of the input."""
    try:
        return input("\n> " if sys.stdin.isatty() else "").strip()
    except KeyboardInterrupt:
        terminal.stdout().print()
        return ""
    except EOFError:
        return None


@dataclass
class Talk:
    """A conversation: its answers, oldest first. Each answer numbers its citations from 1.

    ``history`` keeps it; None keeps nothing. ``listed`` are the conversations that /threads has shown.
    """

    settings: Settings
    filters: Filters
    history: Conversations | None = None
    answers: list[Answer] = field(default_factory=list)
    id: str = ""
    listed: tuple[Conversation, ...] = ()
    saved: set[Path] = field(default_factory=set)

    def say(self, line: str) -> None:
        """Answer a question or run a /command. Raises QAError for faults that would make every question fail."""
        command, _, rest = line.partition(" ")
        if not line.startswith("/"):
            self._ask(line)
        elif command == "/new":
            self.answers.clear()
            self.id = ""
            _told("Started a new conversation. Earlier questions no longer count.")
        elif command == "/sources":
            self._sources()
        elif command == "/save":
            self._save(rest.strip())
        elif command == "/threads":
            self._threads()
        elif command == "/open":
            self._open(rest.strip())
        else:
            _told(HELP if command == "/help" else f"There is no {command} command.\n{HELP}")

    def _ask(self, question: str) -> None:
        if not question:
            return
        from ..errors import InputError, ModelError
        from ..pipeline import answer_stream

        turn = self._begin(question)
        history = tuple(self.answers)
        events = answer_stream(question, history=history, filters=self.filters, settings=self.settings)
        try:
            # Closing an unfinished stream also releases its snapshot of the library.
            with closing(events):  # type: ignore[type-var]
                answer = terminal.watched(events, terminal.stderr(), claims=True)
        except (InputError, ModelError) as error:
            self._end(turn, "failed", error=str(error))
            terminal.stderr().print(styled(f"error: {error}", "red"), soft_wrap=True)
            return
        except KeyboardInterrupt:
            self._end(turn, "stopped")
            _told("Stopped. You can ask the next question.")
            return
        self._end(turn, "done", answer)
        self.answers.append(answer)
        terminal.print_answer(answer)
        terminal.stdout().print()

    def _begin(self, question: str) -> str:
        """Keep a question that is about to be asked. Return the id of its turn, or "" if it is not kept."""
        from ..workspace.conversations import new_id

        self.id = self.id or new_id()
        turn = new_id()
        return turn if self._keep(lambda kept: kept.append(self.id, turn, question, self.filters)) else ""

    def _end(self, turn: str, state: State, answer: Answer | None = None, error: str = "") -> None:
        """Keep what became of a question."""
        if turn:
            self._keep(lambda kept: kept.finish(turn, state, answer, error))

    def _keep(self, write: Callable[[Conversations], None]) -> bool:
        """Write to the history, and return whether that was possible. If it fails, say so and keep nothing more."""
        from ..errors import WorkspaceError

        if self.history is None:
            return False
        try:
            write(self.history)
        except WorkspaceError as error:
            terminal.stderr().print(styled(f"This conversation is not kept. {error}", "yellow"), soft_wrap=True)
            self.history = None
            return False
        return True

    def resume(self, thread: str | None) -> None:
        """Go on with a conversation by its id, or with the one used last. Raises InputError, WorkspaceError."""
        from ..english.characters import displayable
        from ..errors import InputError

        if self.history is None:
            raise InputError("With --no-history no conversations are kept or read. Leave out --no-history.")
        found = self.history.find(thread) if thread else next(iter(self.history.listed(limit=1).conversations), None)
        if found is None:
            which = (
                f"No conversation has an id that begins with {thread!r}" if thread else "There is no conversation yet"
            )
            raise InputError(f"{which}. Type /threads in `qa chat` to list all conversations about this library.")
        turns = self.history.turns(found.id)
        self.id, self.answers = found.id, [turn.answer for turn in turns if turn.answer]
        _told(f"Going on with “{displayable(found.title)}” ({found.id}).")
        for turn in turns:
            _told(f"  {displayable(turn.question)}" + ("" if turn.answer else "  (no answer)"))
        if self.answers:
            terminal.stdout().print(styled(displayable(self.answers[-1].text)))

    def _threads(self) -> None:
        from ..english.characters import displayable
        from ..model import write_day

        if self.history is None:
            _told("No conversations are kept or read here.")
            return
        found = self.history.listed(limit=THREADS)
        self.listed = found.conversations
        for number, one in enumerate(self.listed, 1):
            mark = " (open)" if one.id == self.id else ""
            asked = f"{one.questions} question{'' if one.questions == 1 else 's'}"
            about = f"  {one.id}  {write_day(one.updated.date())}, {asked}{mark}"
            terminal.stdout().print(styled(f"{number:>3}  {displayable(one.title)}{about}"), soft_wrap=True)
        more = found.total - len(self.listed)
        if not found.total:
            _told("There are no conversations about this library yet.")
        elif more:
            _told(f"{more} older ones are not listed. Use --resume with an id to open one of them.")

    def _open(self, which: str) -> None:
        from ..errors import InputError

        number = int(which) - 1 if which.isdecimal() and len(which) < 4 else -1
        try:
            if 0 <= number < len(self.listed):
                self.resume(self.listed[number].id)
            elif which:
                self.resume(which)
            else:
                _told("Name a number of the list that /threads shows, for example: /open 2")
        except InputError as error:
            _told(str(error))

    def _sources(self) -> None:
        from ..render import outlet_and_day

        if not any(answer.citations for answer in self.answers):
            _told("Nothing was cited yet. Ask a question first.")
        for turn, answer in enumerate(self.answers, 1):
            for article in answer.articles:
                numbers = "".join(f"[{c.number}]" for c in answer.citations if c.article_id == article.id)
                title = f"  {article.heading}" if article.heading else ""
                words = f"Question {turn} {numbers}: {outlet_and_day(article)}{title}  (qa show {article.id})"
                terminal.stdout().print(styled(words), soft_wrap=True)

    def _save(self, name: str) -> None:
        from ..workspace.conversations import answered_markdown

        path = Path(name).expanduser()
        if not name or not self.answers:
            _told("Name a file, for example: /save talk.md" if self.answers else "There is nothing to save yet.")
        elif path.exists() and path not in self.saved:
            _told(f"{path} exists already. Choose another file name.")
        else:
            try:
                path.write_text("\n".join(map(answered_markdown, self.answers)), encoding="utf-8")
            except OSError as error:
                _told(f"{path} cannot be written: {error.strerror}. Choose another file name.")
                return
            self.saved.add(path)
            _told(f"Saved {len(self.answers)} questions to {path}.")


def _told(words: str) -> None:
    terminal.stdout().print(styled(words, "dim"), soft_wrap=True)
