"""``qa chat``: a conversation. Follow-up questions are understood. Reads lines from a terminal or a pipe."""

from __future__ import annotations

import sys
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

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
    from ..model import Answer, Filters
    from ..settings import Settings

HELP = """\
Ask a question, then a follow-up: "And in March?", "Why?", "What did she say?".
  /new        start a new conversation
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
) -> None:
    """Ask several questions in a conversation.

    A follow-up such as "And in March?" is completed from the questions before it, and the completed question is shown.
    Type /help for the commands of the conversation. Questions can also be piped in, one on a line.
    """
    with terminal.errors():
        settings = terminal.settings_of(library=library, model=model, offline=offline or None)
        talk = Talk(settings, terminal.filters_of(source, speaker, since, until, as_of, basis))
        terminal.stderr().print(
            styled(f"Answering with: {settings.destination}. Type /help for help.", "dim"), soft_wrap=True
        )
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
    """A conversation: its answers, oldest first. Each answer numbers its citations from 1."""

    settings: Settings
    filters: Filters
    answers: list[Answer] = field(default_factory=list)
    saved: set[Path] = field(default_factory=set)

    def say(self, line: str) -> None:
        """Answer a question or run a /command. Raises QAError for faults that would make every question fail."""
        command, _, rest = line.partition(" ")
        if not line.startswith("/"):
            self._ask(line)
        elif command == "/new":
            self.answers.clear()
            _told("Started a new conversation. Earlier questions no longer count.")
        elif command == "/sources":
            self._sources()
        elif command == "/save":
            self._save(rest.strip())
        else:
            _told(HELP if command == "/help" else f"There is no {command} command.\n{HELP}")

    def _ask(self, question: str) -> None:
        if not question:
            return
        from ..errors import InputError, ModelError
        from ..pipeline import answer_stream

        history = tuple(self.answers)
        events = answer_stream(question, history=history, filters=self.filters, settings=self.settings)
        try:
            # Closing an unfinished stream also releases its snapshot of the library.
            with closing(events):  # type: ignore[type-var]
                answer = terminal.watched(events, terminal.stderr(), claims=True)
        except (InputError, ModelError) as error:
            terminal.stderr().print(styled(f"error: {error}", "red"), soft_wrap=True)
            return
        except KeyboardInterrupt:
            _told("Stopped. You can ask the next question.")
            return
        self.answers.append(answer)
        terminal.print_answer(answer)
        terminal.stdout().print()

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
        path = Path(name).expanduser()
        if not name or not self.answers:
            _told("Name a file, for example: /save talk.md" if self.answers else "There is nothing to save yet.")
        elif path.exists() and path not in self.saved:
            _told(f"{path} exists already. Choose another file name.")
        else:
            try:
                path.write_text(to_markdown(self.answers), encoding="utf-8")
            except OSError as error:
                _told(f"{path} cannot be written: {error.strerror}. Choose another file name.")
                return
            self.saved.add(path)
            _told(f"Saved {len(self.answers)} questions to {path}.")


def to_markdown(answers: list[Answer]) -> str:
    """Render a conversation as Markdown: one heading per question, the completed question, and the answer."""
    from ..english.characters import displayable
    from ..render import escape
    from ..render import to_markdown as one

    parts = []
    for answer in answers:
        understood = f"*Understood as: {escape(answer.standalone)}*\n\n" if answer.standalone != answer.question else ""
        parts.append(f"## {displayable(escape(answer.question))}\n\n{displayable(understood)}{one(answer)}")
    return "\n".join(parts)


def _told(words: str) -> None:
    terminal.stdout().print(styled(words, "dim"), soft_wrap=True)
