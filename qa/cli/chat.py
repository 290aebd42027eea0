"""``qa chat``: questions one after the other, each understood after those before it. Reads a terminal or a pipe."""

from __future__ import annotations

import sys
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from . import terminal
from .terminal import (
    AsOfOption,
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
Ask a question, then go on: "And in March?", "Why?", "What did she say?".
  /new        forget what was asked so far
  /sources    the articles cited so far
  /save FILE  write the conversation as Markdown
  /help       this
Ctrl-C stops an answer, Ctrl-D leaves."""


def chat(
    library: LibraryOption = None,
    source: SourceOption = None,
    speaker: SpeakerOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_of: AsOfOption = None,
    model: ModelOption = None,
    offline: OfflineOption = False,
) -> None:
    """Ask one question after the other; a follow-up is shown as it was understood."""
    with terminal.errors():
        settings = terminal.settings_of(library=library, model=model, offline=offline or None)
        talk = Talk(settings, terminal.filters_of(source, speaker, since, until, as_of))
        terminal.stderr().print(
            styled(f"Answering with: {settings.destination}. /help says more.", "dim"), soft_wrap=True
        )
        with suppress(ImportError):  # line editing and history where the system has them
            import readline  # noqa: F401
        while (line := _line()) is not None:
            talk.say(line)


def _line() -> str | None:
    """The next line; "" after Ctrl-C, None at the end."""
    try:
        return input("\n> " if sys.stdin.isatty() else "").strip()
    except KeyboardInterrupt:
        terminal.stdout().print()
        return ""
    except EOFError:
        return None


@dataclass
class Talk:
    """A conversation: the answers so far, oldest first, each with citation numbers of its own."""

    settings: Settings
    filters: Filters
    answers: list[Answer] = field(default_factory=list)
    saved: set[Path] = field(default_factory=set)

    def say(self, line: str) -> None:
        """Answer a question or obey a command. Raises QAError where another question would fare no better."""
        command, _, rest = line.partition(" ")
        if not line.startswith("/"):
            self._ask(line)
        elif command == "/new":
            self.answers.clear()
            _told("Forgotten. The next question stands alone.")
        elif command == "/sources":
            self._sources()
        elif command == "/save":
            self._save(rest.strip())
        else:
            _told(HELP if command == "/help" else f"There is no {command}.\n{HELP}")

    def _ask(self, question: str) -> None:
        if not question:
            return
        from ..errors import InputError, ModelError
        from ..pipeline import answer_stream

        history = tuple(self.answers)
        events = answer_stream(question, history=history, filters=self.filters, settings=self.settings)
        try:
            # A stream left half-way is closed here, and with it the library's snapshot.
            with closing(events):  # type: ignore[type-var]
                answer = terminal.watched(events, terminal.stderr(), claims=True)
        except (InputError, ModelError) as error:
            terminal.stderr().print(styled(f"error: {error}", "red"), soft_wrap=True)
            return
        except KeyboardInterrupt:
            _told("Stopped. Ask again, or something else.")
            return
        self.answers.append(answer)
        terminal.print_answer(answer)
        terminal.stdout().print()

    def _sources(self) -> None:
        from ..render import outlet_and_day

        if not any(answer.citations for answer in self.answers):
            _told("Nothing was cited yet.")
        for turn, answer in enumerate(self.answers, 1):
            for article in answer.articles:
                numbers = "".join(f"[{c.number}]" for c in answer.citations if c.article_id == article.id)
                title = f"  {article.title}" if article.title else ""
                words = f"Question {turn} {numbers}: {outlet_and_day(article)}{title}  (qa show {article.id})"
                terminal.stdout().print(styled(words), soft_wrap=True)

    def _save(self, name: str) -> None:
        path = Path(name).expanduser()
        if not name or not self.answers:
            _told("Name a file: /save talk.md" if self.answers else "There is nothing to save yet.")
        elif path.exists() and path not in self.saved:
            _told(f"{path} exists already. Name another file.")
        else:
            try:
                path.write_text(to_markdown(self.answers), encoding="utf-8")
            except OSError as error:
                _told(f"{path} cannot be written: {error.strerror}. Name another file.")
                return
            self.saved.add(path)
            _told(f"Saved {len(self.answers)} questions to {path}.")


def to_markdown(answers: list[Answer]) -> str:
    """A conversation as Markdown: a heading a question, how it was understood, and its answer with its own sources."""
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
