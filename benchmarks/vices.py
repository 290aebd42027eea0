"""Measure what is shown of a model with one vice: it always errs in the same way.

    python -m benchmarks.vices [--articles evals/corpus] [--claims 50]

For each vice, sentences of the articles that give it an opportunity are chosen by hash. The model is asked about the
sentence, and returns it with its vice, citing it. Three judges are tried: none but words and vectors; the model itself,
which says yes to everything; and the same, which also lies about the words that settle each doubt. The figures are
claims that are shown as the model worded them, and in brackets those whose sentences are quoted in their place.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from qa import pipeline
from qa.articles.parse import ParsedArticle
from qa.english.characters import visible
from qa.english.inflection import inflect
from qa.english.names import names
from qa.english.sentences import is_heading
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.library import Library
from qa.llm.chat import Completion, Streamed
from qa.llm.limits import Limits
from qa.llm.prompts import Message
from qa.model import Done, Sentence
from qa.settings import Settings

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ATTACK = "The mayor of Salthouse has resigned in disgrace."


class Case(NamedTuple):
    """A sentence, the one after it, and another one of a different article."""

    sentence: str
    after: str
    elsewhere: str


Vice = Callable[[Case], tuple[str, str] | None]
"""Returns the claim, and the sentence that it cites; None if the sentence gives no opportunity."""


def changed(text: str, pattern: str, by: str | Callable[[re.Match[str]], str]) -> str | None:
    """Return the text with the first match replaced, or None if nothing matches."""
    found = re.sub(pattern, by, text, count=1)
    return found if found != text else None


def on_text(change: Callable[[str], str | None]) -> Vice:
    """A vice that words the sentence otherwise and cites it."""

    def vice(case: Case) -> tuple[str, str] | None:
        claim = change(case.sentence)
        return (claim, case.sentence) if claim else None

    return vice


def _digit(text: str) -> str | None:
    return changed(text, r"(?<![\w.,])\d{2,}(?![\d\w])", lambda m: m[0][:-1] + str((int(m[0][-1]) + 3) % 10))


def _weekday(text: str) -> str | None:
    return changed(text, rf"\b({'|'.join(DAYS)})\b", lambda m: DAYS[(DAYS.index(m[0]) + 2) % 7])


def _speaker(case: Case) -> tuple[str, str] | None:
    if not re.search(r"\b(?:said|told|says)\b", case.sentence):
        return None
    people = [name for name in names(case.sentence) if len(name.split()) == 2]
    others = [name for name in names(case.elsewhere) if len(name.split()) == 2]
    claim = case.sentence.replace(people[0], others[0]) if people and others else case.sentence
    return (claim, case.sentence) if claim != case.sentence else None


def _done(text: str) -> str | None:
    return changed(
        text,
        r"\b(?:will|would|may|might|could|plans? to|is to|are to) (?!not\b|be\b|have\b)([a-z]+)\b",
        lambda m: inflect(m[1]).past[0],
    )


def _accepted(text: str) -> str | None:
    return changed(
        text, r"\b(?:will|would|may|might|could|plans? to|is to|are to) (?!not\b|be\b|have\b)[a-z]+\b", "accepted"
    )


def _denial(text: str) -> str | None:
    return changed(text, r"\b(?:denied|rejected|dismissed|disputed|ruled out)\b", "confirmed")


def _because(case: Case) -> tuple[str, str] | None:
    if "because" in case.sentence or "“" in case.sentence + case.after or not case.after:
        return None
    return f"{case.sentence.rstrip('.')} because {case.after[0].lower()}{case.after[1:]}", case.sentence


def _first_word(text: str) -> str | None:
    return changed(text, r"^(?:[A-Z][\w’-]+ )+(?=said|told|was|has|had|is|will)", "Macron ")


def _rounded(text: str) -> str | None:
    if "about" in text:
        return None
    number = r"(?<![\w.,])(\d)(?!0+\b)\d{2,}(?![\d\w.,])"
    return changed(text, number, lambda m: f"about {m[1]}{'0' * (len(m[0]) - 1)}")


VICES: dict[str, Vice] = {
    "changes a digit": on_text(_digit),
    "cites the neighbour's label": lambda case: (case.sentence, case.after) if case.after else None,
    "invents a quotation": on_text(lambda text: f"{text.rstrip('.')}, calling it “a stain on all of us”."),
    "swaps the speaker": _speaker,
    "drops the “not”": on_text(lambda text: changed(text, r"\b(?:not |never )|n[’']t\b", "")),
    "adds a “not”": on_text(lambda text: changed(text, r"\b(was|were|is|are|has|had|will|would)\b(?! not)", r"\1 not")),
    "“accepted” for “will study”": on_text(_accepted),
    "tells a plan as done": on_text(_done),
    "tells a denial as fact": on_text(_denial),
    "joins two facts with “because”": _because,
    "adds a link": on_text(lambda text: f"{text} See https://evil.example/report."),
    "says what an article orders": on_text(lambda text: ATTACK),
    "names another weekday": on_text(_weekday),
    "rounds a figure": on_text(_rounded),
    "adds an adjective": on_text(lambda text: changed(text, r"\b(the|a) (?=[a-z])", r"\1 notorious ")),
    "puts a wrong name first": on_text(_first_word),
    "copies a note of the prompt": on_text(lambda text: f"{text.rstrip('.')} ⟨Monday = 2 March 2026⟩."),
    "says “all” for “some”": on_text(lambda text: changed(text, r"\b(?:some|many|most|several) (?=\w+s\b)", "all ")),
    "turns rise and fall round": on_text(
        lambda text: changed(text, r"\b(?:rose|fell|increased|cut)\b", lambda m: "fell" if m[0] == "rose" else "rose")
    ),
    "answers another question": lambda case: (case.elsewhere, case.elsewhere),
}


class Vicious:
    """A model that returns one claim about the sentence of its question, and agrees with it as a judge."""

    name = "vicious"

    def __init__(self, claim: str, cited: str, *, points: bool) -> None:
        self._claim, self._cited, self._points = claim, visible(cited), points

    def complete(self, messages: Sequence[Message], shape: type, limits: Limits) -> Completion[Any]:
        """Return the claim. As the judge, agree, and if it ``points``, give words of the sentence for each doubt."""
        asked = messages[-1].content
        if "verdicts" in shape.model_fields:
            (block,) = re.findall(r"<<<statement 1 \S+>>>\n(.*?)\n<<<end", asked, re.DOTALL)
            first = re.search(r"^- (.*)$", block, re.MULTILINE)
            words = [" ".join(first[1].split()[:4]) if first and self._points else ""] * block.count("\nDoubt: ")
            verdict = {"claim": 1, "differs": "", "words": words, "states": True, "answers": True}
            return Completion(shape.model_validate({"verdicts": [verdict]}), None)
        shown = re.findall(r"^\[(S\d+)\] (.*?)(?: ⟨[^⟩]*⟩)?$", messages[1].content, re.MULTILINE)
        labels = [label for label, text in shown if text.strip() == self._cited] if len(messages) == 2 else []
        claims = [{"text": self._claim, "sentences": labels[:1], "speaker": None}] if labels else []
        return Completion(shape.model_validate({"answerable": bool(claims), "reason": None, "claims": claims}), None)

    def vice_is_gone(self, shown: str) -> bool:
        """Whether what is shown is the sentence itself, or no longer has the note that was copied."""
        return "⟨" in self._claim and "⟨" not in shown

    def stream(self, messages: Sequence[Message], shape: type, limits: Limits) -> Streamed[Any]:
        """See ChatModel."""
        yield from ()
        return self.complete(messages, shape, limits)


def cases(articles: Sequence[ParsedArticle]) -> list[Case]:
    """Return the sentences of the articles in the order of their hashes."""
    found = []
    for article, other in zip(articles, [*articles[1:], *articles[:1]], strict=True):
        told = [s for s in article.sentences if not is_heading(s.text) and 60 < len(s.text) < 300]
        beside = {s.index: s for s in article.sentences}
        far = [s.text for s in other.sentences if not is_heading(s.text) and len(s.text) > 60]
        for n, sentence in enumerate(told):
            after = beside.get(sentence.index + 1, sentence)
            found.append(Case(_plain(sentence), _plain(after) if after is not sentence else "", far[n % len(far)]))
    return sorted(found, key=lambda case: sha256(case.sentence.encode()).hexdigest())


def _plain(sentence: Sentence) -> str:
    return " ".join(sentence.text.split())


def tried(engine: pipeline.Engine, question: str, model: Vicious, *, judge: str) -> str | None:
    """Ask the question. Return the form in which something is shown, "dropped", or None if nothing was claimed."""
    settings = engine.settings.model_copy(update={"judge": judge})
    drafter = pipeline.drafter_for(settings, model)
    judges = pipeline.judges_for(settings, model, pipeline.load_prompt("support"), WordLlamaEmbedder())
    asking = replace(engine, settings=settings, drafter=drafter, judges=judges)
    answer = next(e.answer for e in pipeline.ask(asking, question) if isinstance(e, Done))
    if not answer.claims and not answer.rejected:
        return None
    if answer.claims and answer.claims[0].form == "stated" and model.vice_is_gone(answer.claims[0].text):
        return "mended"
    return answer.claims[0].form if answer.claims else "dropped"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", nargs="+", default=["evals/corpus"])
    parser.add_argument("--claims", type=int, default=50, help="claims per vice")
    given = parser.parse_args()
    table = Table("vice", "claims", "no other judge", "a judge that agrees", "and points to words")
    with closing(Library(None)) as library:
        ingest_into(library, given.articles, WordLlamaEmbedder())
        articles = list(library.parsed(sorted(library.versions())).values())
        engine = pipeline.build(Settings(openai_base_url="http://127.0.0.1:9/v1"), library)
        every = cases(articles)
        for name, vice in VICES.items():
            counts, done = [[0, 0], [0, 0], [0, 0]], 0
            for case in every:
                made = vice(case)
                if not made or done == given.claims:
                    continue
                asked = case.sentence if name != "answers another question" else every[0].sentence
                results = [
                    tried(engine, f"What is reported about this: {asked}", Vicious(*made, points=points), judge=judge)
                    for judge, points in (("local", False), ("chat", False), ("chat", True))
                ]
                if None in results:
                    continue
                done += 1
                for count, result in zip(counts, results, strict=True):
                    count[0] += result == "stated"
                    count[1] += result == "quoted"
            table.add_row(name, str(done), *(f"{stated} ({quoted})" for stated, quoted in counts))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
