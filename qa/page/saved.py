"""Saved answers: files in the folder ``answers`` of a library, in the format of ``qa ask --json``.

``qa recheck <library>/answers`` reads them too.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..english.characters import displayable, fold
from ..english.temporal.writing import write_moment
from ..errors import InputError, LibraryError, QAError
from ..model import Answer, ArticleRef, CheckedClaim, Citation, Recheck, Verdict, write_day
from ..rechecking import Rechecker, read_answer
from ..render import in_line, outlet_and_day, to_json
from ..settings import Place, Settings
from ..workspace.conversations import new_id
from .turn import error_message
from .view import beginning

FOLDER = "answers"
SHOWN = 200  # saved answers that the page lists and checks, the latest ones
VERDICTS: dict[Verdict, str] = {
    "stands": "Stands",
    "corrected": "Corrected",
    "superseded": "Superseded",
    "disputed": "Disputed",
    "gone": "Gone",
}

_SLUG = 80  # bytes
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Saved:
    """A saved answer, and the name of its file."""

    name: str
    answer: Answer


def place(folder: Path, answer: Answer) -> Path:
    """Return the file in which an answer is saved: always the same one, so that it is not saved twice."""
    words = "-".join(_WORDS.findall(fold(answer.question))).encode()[:_SLUG].decode(errors="ignore").strip("-")
    return folder / FOLDER / f"{answer.provenance.created:%Y%m%dT%H%M%S%f}-{words or 'answer'}.json"


def save(folder: Path, answer: Answer) -> None:
    """Save an answer. Other processes see the whole file or none. Raises LibraryError if it cannot be written."""
    _write(place(folder, answer), (to_json(answer) + "\n").encode())


def put_back(folder: Path, name: str, content: bytes) -> None:
    """Write a deleted file again, unless there is another one of its name. Raises LibraryError."""
    file = folder / FOLDER / name
    if not file.exists():
        _write(file, content)


def _write(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
            os.replace(temporary, file)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise LibraryError(f"The answer could not be saved in {file.parent} ({error.strerror}).") from error


def listed(folder: Path) -> tuple[list[Saved], list[str]]:
    """Return the saved answers, latest first, and the names of files that are none."""
    files = [file for file in (folder / FOLDER).glob("*.json") if not file.name.startswith(".")]
    found: list[Saved] = []
    foreign: list[str] = []
    for file in sorted(files, key=lambda file: file.name, reverse=True)[:SHOWN]:
        try:
            found.append(Saved(file.name, _read(file, file.stat().st_mtime_ns)))
        except FileNotFoundError:  # another session has deleted it
            continue
        except InputError:
            foreign.append(file.name)
    return sorted(found, key=lambda one: one.answer.provenance.created, reverse=True), foreign


@lru_cache(maxsize=2 * SHOWN)
def _read(file: Path, _changed: int) -> Answer:
    return read_answer(file)


def delete(folder: Path, name: str) -> bytes | None:
    """Delete a saved answer and return its file. Any other file is left alone, and None is returned."""
    if name not in {one.name for one in listed(folder)[0]}:
        return None
    file = folder / FOLDER / name
    try:
        content = file.read_bytes()
    except FileNotFoundError:  # another session has deleted it
        return None
    file.unlink(missing_ok=True)
    return content


@dataclass
class Checking:
    """Saved answers that a worker holds against today's library, with the result of each by the name of its file."""

    library: Place
    total: int
    what: str = "answer"
    found: dict[str, Recheck] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    future: Future[None] | None = None
    key: str = field(default_factory=new_id)

    @property
    def done(self) -> int:
        """How many answers were checked."""
        return len(self.found) + len(self.failed)

    @property
    def running(self) -> bool:
        """Whether the worker is still busy."""
        return self.future is not None and not self.future.done()

    @property
    def error(self) -> str | None:
        """The error that stopped the worker, as a message for the user."""
        error = self.future.exception() if self.future and self.future.done() else None
        return error_message(error) if error else None

    @property
    def words(self) -> str:
        """What was found, in one line."""
        if self.running or self.error:
            return self.error or ""
        changed = sum(one.changed for one in self.found.values())
        told = f"{changed:,} changed" if changed else "nothing has changed"
        return f"Checked {self.done:,} {self.what}{'' if self.done == 1 else 's'}: {told}."


def check_all(settings: Settings, workers: Executor) -> Checking:
    """Hold all saved answers of a library against what it holds now."""
    return check(settings, listed(settings.folder)[0], workers)


def check(settings: Settings, answers: Sequence[Saved], workers: Executor, what: str = "answer") -> Checking:
    """Hold answers against what a library holds now. No model is asked. ``what`` is what they are called."""
    checking = Checking(settings.library, len(answers), what)

    def run() -> None:
        with closing(Rechecker(settings=settings)) as rechecker:
            for one in answers:
                try:
                    checking.found[one.name] = rechecker.recheck(one.answer, one.name)
                except QAError as error:
                    checking.failed[one.name] = error_message(error)

    checking.future = workers.submit(run)
    return checking


def citations_of(one: Saved, checking: Checking | None) -> Sequence[Citation]:
    """Return the citations of a saved answer, and those of what has changed it."""
    found = checking.found.get(one.name) if checking else None
    new = {c.number: c for c in _today(found)} if found else {}
    return [*one.answer.citations, *(new[number] for number in sorted(new))]


def _today(found: Recheck) -> Iterable[Citation]:
    yield from (citation for claim in found.claims for citation in claim.by)
    yield from found.now


def saved_view(
    answers: Sequence[Saved], foreign: Sequence[str], checking: Checking | None, current: tuple[str, int] | None
) -> dict[str, Any]:
    """Return the view of the saved answers, those that have changed first.

    ``current`` is the citation that is shown in its article.
    """
    few = f"{len(answers):,} saved {'answer' if len(answers) == 1 else 'answers'}"
    few = few if len(answers) + len(foreign) < SHOWN else f"The latest {few}"
    return {
        "title": few,
        "summary": displayable(checking.words) if checking else "",
        "rows": sorted((_row(one, checking) for one in answers), key=lambda row: not row["changed"]),
        "foreign": f"Not saved answers: {displayable(', '.join(foreign))}" if foreign else "",
        "current": list(current) if current else None,
        "checked": checking.key if checking and not checking.running else None,
    }


def _row(one: Saved, checking: Checking | None) -> dict[str, Any]:
    found = checking.found.get(one.name) if checking else None
    failed = checking.failed.get(one.name, "") if checking else ""
    return {
        "name": one.name,
        "question": displayable(one.answer.question),
        "day": f"asked on {write_moment(one.answer.provenance.created)}",
        "begins": _beginning(one.answer),
        "failed": displayable(failed),
        "changed": found is not None and found.changed,
        "still": "Still no answer" if found and not found.claims and not found.now else "",
        "claims": [checked_view(found, claim) for claim in found.claims] if found else [],
        "now": [_sentence(found, citation) for citation in found.now] if found else [],
    }


def _beginning(answer: Answer) -> str:
    """Return the first words of an answer, by which answers to the same question are told apart."""
    return beginning(answer.claims[0].text if answer.claims else answer.text)


def checked_view(found: Recheck, claim: CheckedClaim) -> dict[str, Any]:
    """Return the view of a claim that was held against the library: what became of it, and what says so."""
    return {
        "verdict": claim.verdict,
        "word": VERDICTS[claim.verdict] + (f" since {write_day(claim.since)}" if claim.since else ""),
        "text": displayable(in_line(claim.text)),
        "sources": [_source(citation, found.article(citation)) for citation in claim.citations],
        "detail": displayable(claim.detail),
        "by": [_sentence(found, citation) for citation in claim.by],
    }


def _sentence(found: Recheck, citation: Citation) -> dict[str, Any]:
    return {**_source(citation, found.article(citation)), "quote": displayable(in_line(citation.quote))}


def _source(citation: Citation, article: ArticleRef) -> dict[str, Any]:
    return {"number": citation.number, "where": displayable(outlet_and_day(article))}
