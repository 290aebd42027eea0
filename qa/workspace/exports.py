"""A collection of the notebook as Markdown, as a Word document and as JSON. Every source is a real footnote.

A footnote has the sentence in quotation marks, outlet, day, headline, authors, address, and the version of the article.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote

from ..english.characters import displayable
from ..model import Answer, Citation, day_of, write_day
from ..render import (
    Run,
    Style,
    attribution_of,
    bold,
    escape,
    in_line,
    original,
    pieces_of,
    provenance_of,
    quotation_runs,
    written,
)
from ..render import to_text as answer_text
from ..version import __version__
from .notebook import Contents, Kept

SCHEMA_VERSION = 1
OTHER_VERSION = "{} stored by another version of Dateline, which this one cannot read."
_IN_ADDRESS = "%/:=&?~#+!$,;'@()*[]"  # characters that may stand in an address as they are


class Footnote(NamedTuple):
    """A footnote: the quotation, where it comes from, the address, and the version of the article."""

    quotation: tuple[Run, ...]
    source: str
    url: str | None
    version: str


def footnote_of(answer: Answer, citation: Citation) -> Footnote:
    """Return the footnote for a cited sentence. The link leads to the sentence in its article."""
    article = answer.article(citation)
    changed = day_of(article.modified)
    url = original(article.url, citation.quote)
    return Footnote(
        quotation_runs(citation),
        in_line(f"{attribution_of(answer, citation, authors=True)}."),
        quote(url, safe=_IN_ADDRESS) if url else None,
        f"Version {citation.version}{f', changed on {write_day(changed)}' if changed else ''}.",
    )


def to_markdown(contents: Contents) -> str:
    """Render a collection as Markdown with footnotes. Text of articles, models and readers is escaped."""
    text = [f"# {escape(contents.collection.title)}"]
    notes: list[str] = []
    for entry in contents.entries:
        answer, claim, before = entry.answer, entry.answer.claims[0], len(notes)
        style = Style(lambda number, before=before: f"[^{before + number}]", "", "", escape, bold)  # type: ignore[misc]
        lines = [written(claim, answer, style), *(f"*{escape(line)}*" for line in _about(entry))]
        text.append("\\\n".join(lines))
        if entry.comment:
            text.append("\\\n".join(map(escape, entry.comment.splitlines())))
        for citation in answer.citations:
            note = footnote_of(answer, citation)
            words = "".join(bold(run.text) if run.answers else escape(run.text) for run in note.quotation)
            url = f" <{note.url}>" if note.url else ""
            notes.append(f"[^{len(notes) + 1}]: {words} {escape(note.source)}{url} {escape(note.version)}")
    if told := unreadable(contents):
        text.append(f"*{escape(told)}*")
    return displayable("\n\n".join([*text, "\n".join(notes)])).strip() + "\n"


def to_text(contents: Contents) -> str:
    """Render a collection as plain text, each entry with its sources."""
    text = [contents.collection.title]
    for entry in contents.entries:
        _, *about = _about(entry)  # where it comes from stands in the text of the answer
        lines = [
            answer_text(entry.answer).rstrip(),
            "",
            *about,
            *(f"    {line}" for line in entry.comment.splitlines()),
        ]
        text.append("\n".join(lines))
    return displayable("\n\n".join(filter(None, [*text, unreadable(contents)]))) + "\n"


def to_docx(contents: Contents) -> bytes:
    """Render a collection as a Word document with footnotes."""
    from .word import FootnotedDocument

    document = FootnotedDocument(contents.collection.title)
    for entry in contents.entries:
        answer, claim = entry.answer, entry.answer.claims[0]
        paragraph, after_mark = document.paragraph(), False
        for piece in pieces_of(claim, answer):
            if isinstance(piece, int):
                document.write(paragraph, [Run("\u2009")] if after_mark else [])  # ¹ ² and not ¹²
                note = footnote_of(answer, answer.citations[piece - 1])
                runs = (*note.quotation, Run(f" {note.source}"))
                document.footnote(paragraph, runs, note.url, f" {note.version}")
            else:
                document.write(paragraph, [piece])
            after_mark = isinstance(piece, int)
        for line in _about(entry):
            document.paragraph([Run(line)], italic=True)
        for line in filter(None, entry.comment.splitlines()):
            document.paragraph([Run(line)])
    if told := unreadable(contents):
        document.paragraph([Run(told)], italic=True)
    return document.save()


def to_json(contents: Contents) -> str:
    """Render a collection as indented JSON. The answer of an entry has the fields of every answer."""
    return json.dumps(
        {
            "schema_version": SCHEMA_VERSION,
            "title": contents.collection.title,
            "created": contents.collection.created.isoformat(),
            "exported": datetime.now(UTC).isoformat(timespec="seconds"),
            "qa_version": __version__,
            "entries": [
                {
                    "kept": entry.kept.isoformat(),
                    "comment": entry.comment,
                    "changes": list(entry.changes),
                    "answer": entry.answer.model_dump(mode="json"),
                }
                for entry in contents.entries
            ],
            "unreadable": contents.unreadable,
        },
        ensure_ascii=False,
        indent=2,
    )


def _about(entry: Kept) -> Iterator[str]:
    """Yield what stands under a claim: where it comes from, what has changed, the question, and when it was kept."""
    answer = entry.answer
    claim = answer.claims[0]
    yield provenance_of(claim, [answer.article(citation) for citation in answer.cited(claim)])
    yield from map(in_line, entry.changes)
    asked = f"Asked: {in_line(answer.standalone)} · " if answer.question else ""
    yield f"{asked}Kept on {write_day(entry.kept.date())}"


def unreadable(contents: Contents) -> str:
    """Say how many entries of a collection cannot be read. Empty if all can."""
    if not contents.unreadable:
        return ""
    return OTHER_VERSION.format(f"{contents.unreadable} {'entry was' if contents.unreadable == 1 else 'entries were'}")


WRITERS: Mapping[str, Callable[[Contents], bytes]] = {
    ".md": lambda contents: to_markdown(contents).encode(),
    ".docx": to_docx,
    ".json": lambda contents: to_json(contents).encode(),
}
"""Write a collection to a file, by the ending of its name."""
