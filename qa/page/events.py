"""What the components report: a reader has opened, closed, saved, deleted or rated something."""

from __future__ import annotations

import logging
from typing import Any

import streamlit as st

from ..english.characters import displayable
from ..errors import QAError, WorkspaceError
from ..workspace.conversations import Conversations
from . import adding, libraries, notebook, saved, threads, undo, view
from .boxes import fill, held, to_the_end
from .session import (
    PLACES,
    ask,
    begin_anew,
    resume,
    running,
    saved_called,
    settings_now,
    start,
    state,
    stop_reading,
    turn_called,
    unfilter,
    workers,
)
from .turn import Turn

log = logging.getLogger(__name__)


@to_the_end
def heard(key: str) -> None:
    """Handle the new events of the component ``key``, in their order."""
    state.heard += 1
    sent: list[dict[str, Any]] = (state[key] or {}).get("events") or []
    handled = state.handled_events
    before = handled.get(key, ())
    handled[key] = [event["id"] for event in sent if event["id"] in before]
    for event in sent:
        if event["id"] not in before:
            _handle(event)
            handled[key].append(event["id"])


def _handle(event: dict[str, Any]) -> None:
    turn = turn_called(event.get("turn"))
    match event.get("kind"):
        case "open" | "compare" | "close" as kind:
            heard_of_reading(kind, event)
        case "page" | "go" | "timeline" as kind:
            heard_of_pages(kind, event)
        case "dismiss" if not (state.adding and state.adding.running):
            state.adding, state.uploader = None, state.uploader + 1  # a new key empties the uploader
        case "delete" | "edit" as kind if free_to_change():
            heard_of_article(kind, str(event["article"]))
        case "ask" | "unqueue" | "unfilter" | "speaker" as kind:
            heard_of_box(kind, event)
        case "downloaded":
            state.exporting, state.kept_file = (
                None if file and file["key"] == event["file"] else file for file in (state.exporting, state.kept_file)
            )
        case "undo" | "undone" as kind:
            heard_of_undo(kind)
        case "show" | "forget" as kind:
            heard_of_saved(kind, str(event["saved"]))
        case str(kind) if kind.endswith(("-thread", "-threads")):
            heard_of_thread(kind, event)
        case str(kind) if notebook.concerns(kind):
            heard_of_notebook(kind, event, turn)
        case kind if turn:
            heard_of(turn, str(kind), event)


def heard_of_reading(kind: str, event: dict[str, Any]) -> None:
    """Open an article, compare versions of the open one, or close it."""
    match kind:
        case "open":
            state.reading = {name: event[name] for name in (*PLACES, "number") if name in event}
        case "compare" if state.reading:
            state.reading = state.reading | {"compare": event.get("version")}
        case "close":
            state.reading, state.closed = None, state.closed + 1


def heard_of_pages(kind: str, event: dict[str, Any]) -> None:
    """Go to another page, to the timeline of a subject, or to another part of the list of articles."""
    match kind:
        case "page":
            state.list_page = int(event["page"])
        case "go":
            state.view, state.reading = str(event["page"]), None
        case "timeline":
            state.view, state.reading, state.subject = "library", None, str(event["subject"])


def heard_of_box(kind: str, event: dict[str, Any]) -> None:
    """Ask a suggested question, let a waiting one go, remove a filter, or take another speaker in place of one."""
    match kind:
        case "ask":
            ask(str(event["question"]), settings_now())
        case "unqueue":  # by its words, because the queue may have moved on
            state.queue = [question for question in state.queue if displayable(question) != event["question"]]
        case "unfilter":
            unfilter(str(event["name"]), str(event["value"]))
        case "speaker":
            wanted = {str(event["chosen"]): str(event["wanted"])}
            fill(speakers=list(dict.fromkeys(wanted.get(one, one) for one in held("speakers"))))


def heard_of_undo(kind: str) -> None:
    """Put back what was deleted last, or stop offering that."""
    if kind == "undone":
        state.deleted = []
    elif state.deleted:
        try:
            state.deleted.pop().restore()
        except QAError as error:
            log.error("A deletion was not undone: %s", error)
            st.toast("It could not be put back. The server’s log says more.")
        else:
            st.toast("It is back.")


def heard_of_thread(kind: str, event: dict[str, Any]) -> None:
    """Search the list of conversations, or open, rename, delete or export one of them."""
    thread = str(event.get("thread"))
    kept = Conversations(settings_now().folder)
    try:
        match kind:
            case "search-threads":
                state.thread_words, state.thread_limit = str(event["words"]), threads.SHOWN
            case "more-threads":
                state.thread_limit += threads.SHOWN
            case "open-thread":
                resume(thread)
                state.view = "ask"
            case "rename-thread":
                kept.rename(thread, str(event["title"]))
            case "delete-thread":
                delete_thread(kept, thread)
            case "export-thread":
                state.exporting = threads.export(kept, thread, str(event["format"]))
    except QAError as error:
        st.toast(threads.UNKEPT if isinstance(error, WorkspaceError) else displayable(str(error)))


def delete_thread(kept: Conversations, thread: str) -> None:
    """Delete a conversation. If it is the one that is open, stop its questions and begin a new one."""
    was_open = thread == state.conversation
    if was_open:
        for turn in state.turns:
            turn.stop()
    deleted = kept.delete(thread)
    if was_open:
        begin_anew()
    if deleted is None:
        return
    library = held("library")

    def restore() -> None:
        kept.restore(deleted)
        if was_open and held("library") == library:
            resume(thread)

    undo.remember(f"The conversation “{view.beginning(deleted.conversation['title'])}” has been deleted.", restore)


def heard_of_notebook(kind: str, event: dict[str, Any], turn: Turn | None) -> None:
    """Keep something, or change the notebook. If that fails, say why."""
    try:
        notebook.handle(kind, event, turn)
    except WorkspaceError as error:
        log.error("The notebook was not changed: %s", error)
        st.toast(notebook.UNUSABLE)
    except QAError as error:
        st.toast(displayable(str(error)))


def heard_of_saved(kind: str, name: str) -> None:
    """Open or delete a saved answer."""
    if kind == "show":
        one = saved_called(name)
        state.saved = Turn.of(one.answer, settings_now()) if one else None
        return
    folder, one = settings_now().folder, saved_called(name)
    if one is None:
        return
    file = saved.delete(folder, name)
    stop_reading("saved", name)
    if file is not None:
        told = f"The saved answer to “{view.beginning(one.answer.question)}” has been deleted."
        undo.remember(told, lambda: saved.put_back(folder, name, file))


def heard_of_article(kind: str, article: str) -> None:
    """Open the dialog in which an article is edited, or delete the article."""
    if kind == "edit":
        state.editing = article
        return
    state.adding = adding.delete_article(settings_now(), article, workers())
    stop_reading("article", article)


def heard_of(turn: Turn, kind: str, event: dict[str, Any]) -> None:
    """Handle what a reader does with a turn or its answer."""
    if kind == "stop":
        turn.stop()
    if kind == "retry" and not running():
        start(turn.again(str(event["how"])))
        state.view = "ask"
    if turn.answer is None:
        return
    match kind:
        case "save":
            try:
                saved.save(turn.settings.folder, turn.answer)
            except QAError as error:
                st.toast(displayable(str(error)))
        case "thumb":
            turn.thumb = str(event["thumb"])
            libraries.remember(turn.settings.folder, turn.answer, thumb=turn.thumb)
            threads.rate(turn)
        case "comment":
            turn.commented = True
            libraries.remember(turn.settings.folder, turn.answer, thumb=turn.thumb, comment=str(event["comment"]))
            threads.rate(turn)


def free_to_change() -> bool:
    """Whether no articles are being added. Otherwise say that the reader has to wait."""
    if state.adding and state.adding.running:
        st.toast("Articles are being added. Wait until that is done.")
        return False
    return True
