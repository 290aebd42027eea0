"""The web page: ``qa app`` or ``streamlit run app.py``. Only layout and state; ``qa.page`` makes the content."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import streamlit as st

from qa.changes import writing
from qa.english.characters import displayable
from qa.errors import InputError, QAError
from qa.model import Citation, Filters
from qa.page import address, articles, libraries, parts, saved, timelines, view
from qa.page.turn import Turn, error_message
from qa.render import to_json, to_markdown
from qa.settings import Settings

EXAMPLES = (  # questions that the offline reader answers well; the README's table says how often it is right
    "Who ordered the Keller Bridge shut?",
    "What did the inquiry blame for the grounding of the Ister Dawn?",
    "How many ballots could not be accounted for in Karrow’s recount?",
    "Who chaired the truce talks?",
)
SPEAKERS = 500  # names offered in the list; others can be typed
POLL = 0.3  # seconds between two checks of a worker's progress
PAGE = 40  # articles on a page of the library
PLACES = ("turn", "timeline", "saved", "article")  # what an article can be opened from

state = st.session_state


@st.cache_resource
def workers() -> ThreadPoolExecutor:
    """Return the threads for questions and uploads. All sessions share them, and each thread keeps its connections."""
    return ThreadPoolExecutor(max_workers=8, thread_name_prefix="dateline")


def begin() -> None:
    """Start a session: no turns, and the question, library and filters of its URL."""
    wanted = address.read({name: st.query_params.get_all(name) for name in st.query_params})
    state.turns = []
    # {"turn": id, "number": n}, {"timeline": True, "number": n}, {"saved": file, "number": n} or {"article": id}; with
    # {"compare": id of an earlier version}, what has changed since is shown in place of the text
    state.reading = None
    state.timeline = None
    state.saved = state.checking = None  # the saved answer that is open, as a turn; a check of all of them
    state.adding = None
    state.waiting = wanted.question
    state.uploader = state.list_page = 0
    known = libraries.known(Settings.load())
    state.library = wanted.library if wanted.library in known else next(iter(known))
    state.view = wanted.page
    state.outlets, state.speakers = list(wanted.filters.sources), list(wanted.filters.speakers)
    state.since, state.until, state.as_of = wanted.filters.since, wanted.filters.until, wanted.filters.as_of
    state.basis = wanted.filters.basis
    state.closed = 0


def settings_now() -> Settings:
    """Return the settings, with the library that this session has chosen."""
    found = Settings.load()
    folder = libraries.known(found).get(state.library, found.library)
    return found.model_copy(update={"library": folder})


def filters_now() -> Filters:
    """Return the filters set in the sidebar."""
    return Filters(
        sources=tuple(state.outlets),
        speakers=tuple(state.speakers),
        since=state.since,
        until=state.until,
        as_of=state.as_of,
        basis=state.get("basis", "published") if state.as_of else "published",  # not asked for without a day
    )


def ask(question: str, settings: Settings) -> None:
    """Start a turn, unless one is running."""
    question = question.strip()[: address.MAX_QUESTION]
    if not question or any(turn.running for turn in state.turns):
        return
    history = [turn.answer for turn in state.turns if turn.answer]
    state.turns.append(Turn(question, history, filters_now(), settings).start(workers()))
    state.waiting = ""


def try_sample(question: str = "") -> None:
    """Switch to the sample library, fill it if it is empty, and then ask ``question``."""
    state.library, state.waiting, state.turns, state.reading = libraries.SAMPLE, question, [], None
    state.saved = state.checking = None
    state.outlets, state.speakers, state.since, state.until, state.as_of = [], [], None, None, None
    state.basis = "published"
    settings = settings_now()
    if not libraries.coverage(settings.library).articles:
        state.adding = libraries.add_sample(settings, workers())


def begin_anew() -> None:
    """Start a new conversation in the same library."""
    for turn in state.turns:
        turn.stop()
    state.turns, state.reading = [], None
    state.saved = state.checking = None


def turn_called(turn_id: str | None) -> Turn | None:
    """Return a turn of the conversation, or the saved answer that is open."""
    turns = [*state.turns, *([state.saved] if state.saved else [])]
    return next((turn for turn in turns if turn.id == turn_id), None)


def heard(key: str) -> None:
    """Handle an event from the component ``key``."""
    event: dict[str, Any] = (state[key] or {}).get("event") or {}
    turn = turn_called(event.get("turn"))
    match event.get("kind"):
        case "open":
            state.reading = {name: event[name] for name in (*PLACES, "number") if name in event}
        case "compare" if state.reading:
            state.reading = state.reading | {"compare": event.get("version")}
        case "close":
            state.reading, state.closed = None, state.closed + 1
        case "page":
            state.list_page = int(event["page"])
        case "delete":
            libraries.delete(settings_now().library, str(event["article"]))
            stop_reading("article", event["article"])
        case "show":
            one = saved_called(str(event["saved"]))
            state.saved = Turn.of(one.answer, settings_now()) if one else None
        case "forget":
            saved.delete(settings_now().library, str(event["saved"]))
            stop_reading("saved", event["saved"])
        case kind if turn:
            heard_of(turn, str(kind), event)


def heard_of(turn: Turn, kind: str, event: dict[str, Any]) -> None:
    """Handle what a reader does with a turn or its answer."""
    if kind == "stop":
        turn.stop()
    if turn.answer is None:
        return
    match kind:
        case "save":
            try:
                saved.save(turn.settings.library, turn.answer)
            except QAError as error:
                st.toast(displayable(str(error)))
        case "thumb":
            turn.thumb = event["thumb"]
            libraries.remember(turn.settings.library, turn.answer, thumb=turn.thumb)
        case "comment":
            turn.commented = True
            libraries.remember(turn.settings.library, turn.answer, thumb=turn.thumb, comment=str(event["comment"]))


def stop_reading(place: str, name: object) -> None:
    """Close the article if it was opened from what has just been deleted."""
    if (state.reading or {}).get(place) == name:
        state.reading = None


def masthead(settings: Settings, covered: str) -> None:
    """Draw the header, which is always visible: name, where questions are sent, and what the library covers."""
    with st.container(key="masthead"):
        st.title("Dateline", anchor=False)
        st.text(f"Answered by: {displayable(settings.destination)}")
        st.text(f"{libraries.called(state.library)}: {displayable(covered)}")


def sidebar(settings: Settings, sources: tuple[str, ...]) -> None:
    """Draw the sidebar: page, library, filters and conversation."""
    with st.sidebar:
        st.radio("Page", address.PAGES, key="view", format_func=str.capitalize, horizontal=True)
        known = list(libraries.known(Settings.load()))
        st.selectbox("Library", known, key="library", format_func=libraries.called, on_change=begin_anew)
        with st.expander("New library"), st.form("new-library", clear_on_submit=True, border=False):
            name = st.text_input("Name", max_chars=60)
            if st.form_submit_button("Create"):
                make_library(name)
        st.subheader("Search only", anchor=False)
        outlets = sorted({*sources, *state.outlets})
        st.multiselect("Outlets", outlets, key="outlets", format_func=displayable, placeholder="All outlets")
        heard_here = libraries.speakers(settings.library)[:SPEAKERS]
        names = list(dict.fromkeys([*heard_here, *state.speakers]))
        st.multiselect(
            "Said by",
            names,
            key="speakers",
            format_func=displayable,
            placeholder="Anybody",
            accept_new_options=True,
        )
        st.date_input("Published from", key="since", format="YYYY-MM-DD")
        st.date_input("Published until", key="until", format="YYYY-MM-DD")
        st.date_input("Go back to", key="as_of", format="YYYY-MM-DD")
        if state.as_of:
            st.radio("What counts on that day", list(view.BASES), key="basis", format_func=view.BASES.__getitem__)
        answers = [turn.answer for turn in state.turns if turn.answer]
        if state.turns:
            st.subheader("Conversation", anchor=False)
            st.button("New conversation", on_click=begin_anew, width="stretch")
        if answers:
            text = "\n\n---\n\n".join(f"## {view.escape(a.question)}\n\n{to_markdown(a)}" for a in answers)
            whole = "[\n" + ",\n".join(map(to_json, answers)) + "\n]\n"
            st.download_button("Export as Markdown", text, "conversation.md", on_click="ignore", width="stretch")
            st.download_button("Export as JSON", whole, "conversation.json", on_click="ignore", width="stretch")


def make_library(name: str) -> None:
    """Create an empty library and say so, or say why that failed."""
    try:
        libraries.make(name, Settings.load())
        st.text("Created. Choose it in the list above.")
    except QAError as error:
        st.text(displayable(str(error)))


def welcome(settings: Settings, empty: bool) -> None:
    """Draw the first visit: what Dateline does, and four example questions."""
    st.header("Ask the articles. Check every sentence.", anchor=False)
    st.markdown(
        "Dateline answers from the articles in your library. Every claim cites the exact sentence that supports it "
        "and is checked before you see it. If the articles do not contain the answer, Dateline says so."
    )
    if empty:
        left, right = st.columns(2)
        left.button("Open the sample library", on_click=try_sample, type="primary", width="stretch")
        right.button("Add your own articles", on_click=lambda: state.update(view="library"), width="stretch")
    st.markdown("Or try a question on the sample library of invented news stories:")
    for i, question in enumerate(EXAMPLES):
        st.button(question, key=f"example-{i}", on_click=try_sample, args=(question,), width="stretch")


@st.fragment(run_every=POLL)
def moving_turn(turn: Turn) -> None:
    """Draw a running turn every ``POLL`` seconds. When it has ended, run the whole page once."""
    before = state.reading
    show(turn)
    if not turn.running or state.reading != state.get("drawn", before):
        st.rerun()


def show(turn: Turn) -> None:
    """Draw one turn."""
    current = state.reading.get("number") if state.reading and state.reading.get("turn") == turn.id else None
    passages = (
        libraries.sentences(turn.settings.library, [p[1:] for p in turn.answer.provenance.shown]) if turn.answer else {}
    )
    data = view.turn_view(turn, current, passages) | {
        "closed": state.closed,
        "first": turn not in state.turns[1:],
        "saved": turn.answer is not None and saved.place(turn.settings.library, turn.answer).is_file(),
    }
    key = f"turn-{turn.id}"
    parts.turn(key=key, data=data, on_event_change=lambda: heard(key))


def chat(settings: Settings, empty: bool) -> None:
    """Draw the conversation and the question box."""
    if state.waiting and not any(turn.running for turn in state.turns) and not state.adding:
        linked(settings, empty)
    if not state.turns and not state.waiting:
        welcome(settings, empty)
    for turn in state.turns:
        if turn.running or turn is state.turns[-1]:
            (moving_turn if turn.running else show)(turn)
        else:
            show(turn)
    # This check must come after the turns are drawn. A turn that ends meanwhile either was drawn with the fragment that
    # polls it, or has ended by now. An earlier check could disable the box for good, next to a turn nobody polls.
    busy = any(turn.running for turn in state.turns)
    st.chat_input(
        "Ask a follow-up" if state.turns else "Ask the articles",
        key="asked",
        max_chars=address.MAX_QUESTION,
        disabled=busy or empty,
        on_submit=submitted,
    )


def submitted() -> None:
    """Start the turn of a typed question, before the page is drawn again."""
    ask(state.asked or "", settings_now())


def linked(settings: Settings, empty: bool) -> None:
    """Ask a question from the URL or an example: at once if nothing leaves this machine, otherwise after a click."""
    if empty:
        st.text(f"Question from the link: {displayable(state.waiting)}\nThis library has no articles yet.")
    elif not settings.uses_model or state.turns:
        ask(state.waiting, settings)
        st.rerun()
    else:
        st.text(displayable(state.waiting))
        st.button("Ask this", on_click=ask, args=(state.waiting, settings), type="primary")


def library_page(settings: Settings, empty: bool) -> None:
    """Draw the Library page: search, read, add and delete articles."""
    st.header("Library", anchor=False)
    files = st.file_uploader(
        "Add articles: text, Markdown, web pages, PDF, Word, mail, agency files, feeds, or rows",
        accept_multiple_files=True,
        key=f"uploads-{state.uploader}",
        disabled=bool(state.adding and state.adding.running),
    )
    if files and not (state.adding and state.adding.running):
        state.adding = libraries.add_uploads(settings, [(f.name, f.getvalue()) for f in files], workers())
        state.uploader += 1  # a new key empties the uploader
        st.rerun()
    st.text_input(
        "Add the address of an article or a feed",
        placeholder="https://…",
        key="page_address",
        on_change=added_address,
        disabled=settings.offline or bool(state.adding and state.adding.running),
        help="Switched off by QA_OFFLINE." if settings.offline else "The page is fetched once, from its own server.",
    )
    if empty:
        st.button("Open the sample library", on_click=try_sample)
        return
    draw_timeline(settings)
    words = st.text_input("Search the library", placeholder="Words from a headline, outlet or text")
    found = libraries.search(settings.library, words, filters_now())
    state.list_page = min(state.list_page, max(0, len(found) - 1) // PAGE)
    data = view.article_list_view(found, state.list_page, PAGE)
    parts.article_list(key="article_list", data=data, on_event_change=lambda: heard("article_list"))


def draw_timeline(settings: Settings) -> None:
    """Draw the box for a subject, and its timeline with what can be saved of it."""
    subject = st.text_input(
        "Timeline of",
        placeholder="A person, a place, a thing or a topic",
        key="subject",
        max_chars=address.MAX_QUESTION,
        help="What happened, in order. The days of the sidebar are here those on which it happened.",
    ).strip()
    if not subject:
        state.timeline = None
        return
    key = (subject, filters_now(), settings.library, libraries.revision(settings.library))
    if state.timeline is None or state.timeline[0] != key:
        try:
            state.timeline = key, timelines.make(settings.library, subject, filters_now())
        except InputError as error:
            state.timeline = None
            st.text(displayable(str(error)))
            return
    found = state.timeline[1]
    reading = state.reading or {}
    data = timelines.timeline_view(found, reading.get("number") if reading.get("timeline") else None)
    with st.container(key="timeline"):
        parts.timeline(key="timeline_part", data=data, on_event_change=lambda: heard("timeline_part"))
        if found.entries:
            left, middle, right = st.columns(3)
            for column, name, text in (
                (left, "Markdown", writing.to_markdown(found)),
                (middle, "CSV", writing.to_csv(found)),
                (right, "JSON", writing.to_json(found)),
            ):
                file = f"timeline.{ {'Markdown': 'md'}.get(name, name.lower()) }"
                column.download_button(f"Save as {name}", text, file, on_click="ignore", width="stretch")


def saved_called(name: str) -> saved.Saved | None:
    """Return a saved answer of the library by the name of its file. None if it was deleted."""
    answers, _ = saved.listed(settings_now().library)
    return next((one for one in answers if one.name == name), None)


def saved_page(settings: Settings) -> None:
    """Draw the Saved page: the answer that is open, or all saved answers with what a check has found."""
    st.header("Saved answers", anchor=False)
    if state.saved:
        st.button("← All saved answers", on_click=lambda: state.update(saved=None))
        show(state.saved)
        return
    answers, foreign = saved.listed(settings.library)
    if state.checking and state.checking.running:
        moving_check()
    elif answers:
        st.button("Check all against today’s library", on_click=check)
    else:
        st.text("Press Save below an answer to keep it here. Later you can check whether it is still so.")
    if answers or foreign:
        reading = state.reading or {}
        current = (reading["saved"], reading["number"]) if "saved" in reading else None
        data = saved.saved_view(answers, foreign, state.checking, current)
        parts.saved(key="saved_answers", data=data, on_event_change=lambda: heard("saved_answers"))


def check() -> None:
    """Start to hold all saved answers against the library, before the page is drawn again."""
    if not (state.checking and state.checking.running):
        state.checking = saved.check_all(settings_now(), workers())


@st.fragment(run_every=POLL)
def moving_check() -> None:
    """Draw the progress of a check, every ``POLL`` seconds. When it has ended, run the whole page once."""
    checking = state.checking
    st.progress(checking.done / max(1, checking.total), text=f"Checked {checking.done} of {checking.total}")
    if not checking.running:
        st.rerun()


def added_address() -> None:
    """Start to fetch a typed address, before the page is drawn again."""
    url = state.page_address.strip()
    state.page_address = ""
    if url:
        url = url if "://" in url else f"https://{url}"
        state.adding = libraries.add_address(settings_now(), url, workers())


@st.fragment(run_every=POLL)
def moving_upload() -> None:
    """Draw the progress of files that are being added, every ``POLL`` seconds."""
    adding = state.adding
    st.progress(adding.done / max(1, adding.total), text="Adding articles")
    st.text(f"{adding.done} of {adding.total} {displayable(adding.now)}")
    if not adding.running:
        st.rerun()


def uploads() -> None:
    """Draw added files: first the progress, then one line per file."""
    adding = state.adding
    if adding is None:
        return
    with st.container(key="adding"):
        if adding.running:
            moving_upload()
            return
        for result in adding.results:
            st.text(f"{'✓' if result.good else '✗'} {displayable(result.name)}: {displayable(result.words)}")
        if adding.error:
            st.text(displayable(adding.error))
        if not adding.results and not adding.error:
            state.adding = None  # the sample has no results; the header shows its coverage
            st.rerun()


def desk(settings: Settings) -> None:
    """Draw the article panel next to the conversation."""
    reading = state.reading
    if not reading:
        return
    turn = turn_called(reading.get("turn"))
    folder: Path = turn.settings.library if turn else settings.library
    citations = view.citations_of(turn) if turn else cited_elsewhere(reading)
    chosen = next((c for c in citations if c.number == reading.get("number")), None)
    article_id = chosen.article_id if chosen else str(reading.get("article"))
    found = articles.open_article(folder, article_id, chosen.version if chosen else None, reading.get("compare"))
    if found is None:
        state.reading = None
        st.toast("This article has been deleted.")
        return
    data = articles.opened_view(found, citations, chosen.number if chosen else None)
    with st.container(key="desk"):
        parts.article(
            key="article",
            data=data | {"from": {name: reading[name] for name in PLACES if name in reading}},
            on_event_change=lambda: heard("article"),
        )


def cited_elsewhere(reading: dict[str, Any]) -> Sequence[Citation]:
    """Return the citations of the timeline or the saved answer that is read."""
    if reading.get("timeline") and state.timeline:
        return state.timeline[1].citations
    one = saved_called(reading["saved"]) if "saved" in reading else None
    return saved.citations_of(one, state.checking) if one else ()


def remember_address() -> None:
    """Write the question, library and filters to the URL."""
    question = state.turns[-1].question if state.turns else state.waiting
    wanted = address.Address(question, state.library, filters_now(), state.view)
    st.query_params.from_dict(address.write(wanted))


def main() -> None:
    """Run the page once."""
    st.set_page_config("Dateline", "📰", layout="centered", initial_sidebar_state="auto")
    if "turns" not in state:
        begin()
    parts.style()
    settings = settings_now()
    covered = libraries.coverage(settings.library)
    empty = not covered.articles
    masthead(settings, view.coverage_words(covered))
    sidebar(settings, covered.sources)
    state.drawn = state.reading
    desk(settings)
    uploads()
    if state.view == "library":
        library_page(settings, empty)
    elif state.view == "saved":
        saved_page(settings)
    else:
        chat(settings, empty)
    remember_address()


try:
    main()
except QAError as error:
    st.title("Dateline", anchor=False)
    st.text(displayable(error_message(error)))
