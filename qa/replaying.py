"""Makes a saved answer again from the library that gave it, and says what differs.

An answer of the offline reader is asked again: same question, filters, day and settings. An answer of a model cannot
be, because a model may say something else each time. But its claims were checked by code, so what code says of them is
derived again: whether each sentence is where it was cited, and how each claim stands beside the rest of the library.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

from .changes.recheck import claims_of
from .changes.weigh import Places
from .errors import EmptyLibrary
from .library.library import Library
from .model import Answer, Claim, Difference, Done, DraftClaim, Passage, Replay, Standing
from .pipeline import MODEL_PASSAGES, Engine, ask, build, weigher_of
from .questions.plan import fit_to_library, plan
from .rechecking import OFFLINE, answer_of, asked_on, read_json
from .search.rank import by_best_sentence, rank
from .search.retrieve import retrieve
from .settings import READER_PASSAGES, Settings, place_of
from .verification.evidence import Evidence
from .version import __version__

VERBATIM = "each cited sentence, word for word at its place"
NUMBERED = "the numbers of claims and citations, and the text"
ASKED_AGAIN = "status, claims, citations and standings of the same question, asked again"
WEIGHED = "the standing of each claim"


def replay(
    answer: Answer | str | Path,
    *,
    library: str | Path | None = None,
    settings: Settings | None = None,
    anyway: bool = False,
) -> Replay:
    """Make a saved answer again, without a model, and say what differs.

    Args:
        answer: the answer, or the JSON file that ``qa ask --json`` has written.
        library: folder of the library that gave the answer.
        settings: default: those of the environment. The answer's own take precedence.
        anyway: compare even if the library has changed since, or is another one.

    Returns:
        What was compared, and each difference. If the library is not in the same state, nothing is compared.

    Raises:
        InputError: the file is not a saved answer.
        LibraryError: the library cannot be used.
        SettingsError: a setting is wrong.
    """
    data = None if isinstance(answer, Answer) else read_json(Path(answer))
    saved = answer if isinstance(answer, Answer) else answer_of(data, Path(answer))
    written = data.get("text") if isinstance(data, dict) else None
    settings = settings or Settings.load(library=library)
    made = saved.provenance
    asked = {
        **OFFLINE,
        "library": settings.library if library is None else place_of(library),
        "passages": made.passages,
        "reading": settings.reading if made.reading else "off",
    }
    with closing(build(settings.model_copy(update=asked))) as engine, engine.library.reading() as store:
        if not store.coverage().articles:
            raise EmptyLibrary(
                f"There are no articles in {store.where}. Name the library of the answer with --library."
            )
        same = _same_library(saved, store)
        differences = tuple(_differences(saved, written, engine, store)) if same or anyway else ()
        how = (ASKED_AGAIN,) if made.mode == "reader" else (WEIGHED,) if made.second_look is None else ()
        return Replay(
            question=saved.question,
            origin=None if isinstance(answer, Answer) else str(answer),
            mode=made.mode,
            replayed=same or anyway,
            same_library=same,
            compared=(VERBATIM, NUMBERED, *how) if same or anyway else (),
            differences=differences,
            library_revision_saved=made.library_revision,
            library_revision=store.revision,
            warnings=(*_otherwise(saved, engine), *engine.warnings),
        )


def _same_library(saved: Answer, library: Library) -> bool:
    revision, token = library.state
    made = saved.provenance
    return made.library_revision == revision and made.library_token in {None, token}


def _otherwise(saved: Answer, engine: Engine) -> Iterator[str]:
    """What else is not as it was, so that a difference need not come from the library."""
    made = saved.provenance
    reading = engine.reading.name if engine.reading else None
    if made.qa_version != __version__:
        yield f"The answer was made by Dateline {made.qa_version}; this is {__version__}."
    if made.reading != reading:
        yield f"The answer was made with the reading model {made.reading}; this is {reading or 'none'}."
    if made.library_token is None:
        yield "The answer does not say which library gave it, so only the revision was compared."
    if made.mode == "model":
        yield (
            f"The answer is a model’s ({made.model}). Its claims were not asked again, because an answer does not keep "
            "the replies of its model."
        )
    if made.second_look is not None:
        yield "The model asked for a second search, so the standing of its claims was not derived again."


def _differences(saved: Answer, written: object, engine: Engine, library: Library) -> Iterator[Difference]:
    yield from _misquoted(saved, library)
    if isinstance(written, str) and written != saved.text:
        yield Difference(what="text", saved=written, now=saved.text)
    if saved.provenance.mode == "reader":
        events = ask(engine, saved.standalone, filters=saved.filters, today=asked_on(saved))
        yield from compared(saved, next(event.answer for event in events if isinstance(event, Done)))
    elif saved.provenance.second_look is None:
        yield from _standing_otherwise(saved, engine, library)


def _misquoted(saved: Answer, library: Library) -> Iterator[Difference]:
    """The citations whose words are not at their place, in the version that was cited."""
    for citation in saved.citations:
        what = f"citation [{citation.number}]"
        stored = library.version_id(citation.article_id, citation.version)
        if stored is None:
            yield Difference(what=what, saved=citation.quote, now="(the library does not have this version)")
            continue
        article = library.parsed([stored])[stored]
        there = article.article.text[citation.start : citation.end]
        if there != citation.quote:
            yield Difference(what=what, saved=citation.quote, now=there)
        index = next((s.index for s in article.sentences if (s.start, s.end) == (citation.start, citation.end)), None)
        if index != citation.sentence:
            at = "no sentence" if index is None else f"sentence {index}"
            yield Difference(what=what, saved=f"sentence {citation.sentence}", now=at)


def compared(saved: Answer, now: Answer) -> Iterator[Difference]:
    """Yield what differs between two answers to one question: status, claims and what they cite."""
    if saved.status != now.status:
        yield Difference(what="status", saved=saved.status, now=now.status)
    reasons = [answer.abstention.reason if answer.abstention else "" for answer in (saved, now)]
    if reasons[0] != reasons[1]:
        yield Difference(what="reason of the abstention", saved=reasons[0], now=reasons[1])
    mine, theirs = claims_of(saved), claims_of(now)
    for n in range(max(len(mine), len(theirs))):
        one, other = (claims[n] if n < len(claims) else None for claims in (mine, theirs))
        what = f"claim {n + 1}"
        if one is None or other is None or one.text != other.text:
            yield Difference(what=what, saved=one.text if one else "", now=other.text if other else "")
            continue
        if _cited(saved, one) != _cited(now, other):
            yield Difference(what=f"citations of {what}", saved=_cited(saved, one), now=_cited(now, other))
        if _stands(one) != _stands(other):
            yield Difference(what=f"standing of {what}", saved=_stands(one), now=_stands(other))


def _cited(answer: Answer, claim: Claim) -> str:
    return ", ".join(f"{c.article_id} ({c.version}) {c.start}:{c.end}" for c in answer.cited(claim))


def _stands(claim: Claim) -> str:
    return _standing(claim.standing, claim.since)


def _standing(standing: Standing, since: date | None) -> str:
    return f"{standing} since {since}" if since else standing


def _standing_otherwise(saved: Answer, engine: Engine, library: Library) -> Iterator[Difference]:
    """Weigh a model's claims as they were weighed when it was asked."""
    known = _standings(saved, engine, library)
    for n, claim in enumerate(claims_of(saved), 1):
        now = known.get(_places(saved, claim), "")
        if now != _stands(claim):
            yield Difference(what=f"standing of claim {n}", saved=_stands(claim), now=now)


def _standings(saved: Answer, engine: Engine, library: Library) -> dict[Places, str]:
    """How each claim stands, and each sentence that is shown beside one, by the sentences that they cite."""
    limit, made = engine.settings.passages, saved.provenance
    asked = fit_to_library(plan(saved.standalone, saved.filters, today=asked_on(saved)), library)
    found = retrieve(asked, library, engine.index, engine.embedder, limit or MODEL_PASSAGES)
    ranked = rank(asked, found.best(limit or READER_PASSAGES), engine.scorer, engine.reading)
    if engine.reading and ranked:
        found, ranked = by_best_sentence(found, ranked)
    weigher = weigher_of(engine, asked, found, ranked)
    by_code = {(article_id, index) for label, article_id, index in made.shown if label.startswith("C")}
    known: dict[Places, str] = {}
    for claim in claims_of(saved):
        places = _places(saved, claim)
        evidence = _evidence(saved, claim, library)
        if places in known or places <= by_code or evidence is None:
            continue
        weighed = weigher.weigh(evidence)
        known[places] = _standing(weighed.standing, weighed.since)
        for beside in weighed.beside:
            shown = frozenset((p.article_id, p.sentence.index) for p in beside.evidence.passages)
            known.setdefault(shown, _standing(beside.standing, beside.since))
    return known


def _places(answer: Answer, claim: Claim) -> Places:
    return frozenset((c.article_id, c.sentence) for c in answer.cited(claim))


def _evidence(answer: Answer, claim: Claim, library: Library) -> Evidence | None:
    """A claim with its sentences as they were cited. None if one of them is not there."""
    passages, articles = [], []
    for citation in answer.cited(claim):
        stored = library.version_id(citation.article_id, citation.version)
        article = library.parsed([stored])[stored] if stored else None
        if article is None or citation.sentence >= len(article.sentences):
            return None
        sentence = article.sentences[citation.sentence]
        label = f"S{citation.number}"
        passages.append(Passage(label=label, article_id=article.id, sentence=sentence, score=0.0))
        articles.append(article)
    draft = DraftClaim(text=claim.text, labels=tuple(p.label for p in passages), speaker=claim.speaker)
    return Evidence(draft, tuple(passages), tuple(articles))
