"""The notebook on the page: what is sent to the browser, and what a reader does there."""

from __future__ import annotations

import logging
import re
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import streamlit as st

from ..english.characters import displayable, fold
from ..errors import InputError, UnknownArticle, WorkspaceError
from ..library.library import snapshot
from ..model import write_day
from ..settings import Settings
from ..workspace import exports
from ..workspace.conversations import new_id
from ..workspace.notebook import (
    Collection,
    Contents,
    Keepable,
    Kept,
    Notebook,
    Removed,
    of_abstention,
    of_claim,
    of_sentences,
)
from . import saved, undo, view
from .session import settings_now, state, stop_reading, workers
from .turn import Turn

log = logging.getLogger(__name__)

UNUSABLE = "The notebook cannot be read or written at the moment. Answers are not affected. The server’s log says more."
EMPTY = "Press Keep under a claim, or select words in an open article and press Keep there. What you keep stands here."
MEDIA = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".md": "text/markdown",
    ".json": "application/json",
}
"""The media types of the files of a collection."""


def notebook_view(
    collections: Sequence[Collection], opened: Contents | None, settings: Settings, checking: saved.Checking | None
) -> dict[str, Any]:
    """Return the view of the notebook.

    Args:
        collections: all collections, in their order.
        opened: the collection that is open. None if there is none.
        settings: those of the library.
        checking: what became of its entries, by their ids, if that was looked up.
    """
    told = [] if opened and opened.entries else [EMPTY]
    if opened and opened.unreadable:
        told.append(exports.unreadable(opened))
    if checking and checking.words:
        told.append(checking.words)
    return {
        "collections": [
            {
                "id": one.id,
                "title": displayable(one.title),
                "size": one.size,
                "current": opened is not None and one.id == opened.collection.id,
            }
            for one in collections
        ],
        "open": {"id": opened.collection.id, "title": displayable(opened.collection.title)} if opened else None,
        "told": displayable(" ".join(told)),
        "checking": checking is not None and checking.running,
        "entries": [_entry(entry, settings, checking) for entry in opened.entries] if opened else [],
    }


def _entry(entry: Kept, settings: Settings, checking: saved.Checking | None) -> dict[str, Any]:
    answer, claim = entry.answer, entry.answer.claims[0]
    found = checking.found.get(entry.id) if checking and not checking.running else None
    failed = checking.failed.get(entry.id, "") if checking else ""
    checked = saved.checked_view(found, found.claims[0]) if found else None
    if failed:
        checked = {"verdict": "", "word": "Not checked", "detail": displayable(failed), "by": []}
    return {
        "id": entry.id,
        "claim": view.claim_view(claim, Turn.of(answer, settings), entry.changes),
        "sources": [
            view.citation_view(c, answer.article(c), claim.speaker, resolves=c.number in claim.context)
            for c in answer.citations
        ],
        "about": displayable(
            f"{f'Asked: {answer.standalone} · ' if answer.question else ''}Kept on {write_day(entry.kept.date())}"
        ),
        "comment": displayable(entry.comment),
        "checked": checked,
    }


def entry_called(entry: str) -> Kept | None:
    """Return an entry of the library's notebook. None if it was removed, or the notebook cannot be read."""
    try:
        return Notebook(settings_now().folder).entry(entry)
    except WorkspaceError as error:
        log.error("The notebook was not read: %s", error)
        return None


def keep_claim(turn: Turn, index: int) -> None:
    """Keep a claim of a turn, or one of the sentences that an abstention shows in place of claims."""
    if turn.answer is None:
        st.toast("A stopped answer cannot be kept." if turn.stopped else "Wait until the answer is complete.")
        return
    _keep(turn.settings, (of_abstention if turn.answer.abstention else of_claim)(turn.answer, index))


def keep_sentences(settings: Settings, event: dict[str, Any]) -> None:
    """Keep sentences of an article. Raises InputError if it has changed since it was opened."""
    with snapshot(settings.library) as library:
        try:
            found = of_sentences(
                library, str(event["article"]), str(event["version"]), int(event["first"]), int(event["last"])
            )
        except UnknownArticle:
            raise InputError("The article has been deleted, so its sentences cannot be kept.") from None
    _keep(settings, found)


def _keep(settings: Settings, what: Keepable) -> None:
    collection, new = Notebook(settings.folder).keep(what, state.collection)
    title = view.escape(displayable(collection.title))
    st.toast(f"Kept in “{title}”." if new else f"“{title}” has this already.")


def concerns(kind: str) -> bool:
    """Whether an event is about the notebook."""
    return kind == "keep" or kind.endswith(("-sentences", "-collection", "-kept"))


def handle(kind: str, event: dict[str, Any], turn: Turn | None) -> None:
    """Handle what a reader does with the notebook. ``turn`` is that of the claim to keep. Raises QAError."""
    if kind == "keep-sentences":
        keep_sentences(settings_now(), event)
    elif kind == "keep":
        if turn:
            keep_claim(turn, int(event["claim"]))
    elif kind.endswith("-collection"):
        _handle_collection(kind, str(event.get("collection")), event)
    else:
        _handle_entry(kind, str(event["entry"]), event)


def _handle_collection(kind: str, collection: str, event: dict[str, Any]) -> None:
    settings = settings_now()
    kept = Notebook(settings.folder)
    match kind:
        case "create-collection":
            state.collection, state.kept_checking = kept.create(str(event["title"])), None
        case "open-collection":
            state.collection, state.kept_checking = collection, None
        case "rename-collection":
            kept.rename(collection, str(event["title"]))
        case "shift-collection":
            kept.shift(collection, int(event["by"]))
        case "delete-collection":
            removed = kept.delete(collection)
            state.collection = state.kept_checking = None
            if removed and removed.collection:
                _undoable(kept, removed, f"The collection “{displayable(removed.collection['title'])}”")
        case "export-collection" if found := kept.contents(collection):
            state.kept_file = export(found, str(event["ending"]))
        case "check-collection" if found := kept.contents(collection):
            entries = [saved.Saved(one.id, one.answer) for one in found.entries]
            state.kept_checking = saved.check(settings, entries, workers(), "claim")


def _handle_entry(kind: str, entry: str, event: dict[str, Any]) -> None:
    kept = Notebook(settings_now().folder)
    match kind:
        case "comment-kept":
            kept.comment(entry, str(event["comment"]))
        case "reorder-kept":
            kept.reorder(entry, int(event["by"]))
        case "move-kept":
            kept.move(entry, str(event["collection"]))
        case "remove-kept":
            removed = kept.remove(entry)
            stop_reading("kept", entry)
            if removed:
                _undoable(kept, removed, "The entry of the notebook")


def _undoable(kept: Notebook, removed: Removed, what: str) -> None:
    def restore() -> None:
        state.collection = kept.restore(removed).id

    undo.remember(f"{what} has been deleted.", restore)


def export(contents: Contents, ending: str) -> dict[str, str]:
    """Return a collection as a file for the browser: its name, media type, content in base64, and a key of its own."""
    made = exports.WRITERS[ending](contents)
    name = "-".join(re.findall(r"\w+", fold(contents.collection.title)))[:60] or "notebook"
    return {"key": new_id(), "name": f"{name}{ending}", "type": MEDIA[ending], "base64": b64encode(made).decode()}
