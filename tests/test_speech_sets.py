"""Who speaks, against a gold by hand; ``report.yaml`` was written before the code and is never tuned on.

At its first run the report half had .93 of what was found right in its words and .97 of what was to be found, .93
of those with the right speaker; the floors lie just below what is measured now. ``python
tests/test_speech_sets.py`` prints the scores and, of the dev set only, what is wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from qa.articles.load import load_file
from qa.articles.parse import sentences_of
from qa.english.speech import Utterance, same_person, utterances
from qa.model import Article, Sentence

FOLDER = Path(__file__).parent / "speech"
CORPUS = Path(__file__).parent.parent / "evals" / "corpus"
EDGES = " \n\t.,;:!?“”\"'‘’…*"


class Span(NamedTuple):
    """A gold span: offsets without the marks and stops at its edges."""

    start: int
    end: int
    sentence: int
    attribution: str
    speaker: str
    anonymous: bool


class Row(NamedTuple):
    """An article with its gold spans and what was found in it."""

    article: Article
    sentences: tuple[Sentence, ...]
    wanted: list[Span]
    found: tuple[Utterance, ...]


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in EDGES:
        start += 1
    while end > start and text[end - 1] in EDGES:
        end -= 1
    return start, end


def located(words: str, sentence: Sentence, text: str) -> tuple[int, int]:
    """Where the words stand; "A … B" runs from A to the last B behind it. Literal where the article has the dots."""
    if words in sentence.text:
        start = sentence.start + sentence.text.index(words)
        return trimmed(text, start, start + len(words))
    first, _, last = words.partition(" … ")
    start = sentence.text.index(first)
    end = sentence.text.rindex(last, start) + len(last)
    return trimmed(text, sentence.start + start, sentence.start + end)


def rows(name: str) -> list[Row]:
    result = []
    for entry in yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8")):
        (article,) = load_file(CORPUS / entry["article"])
        assert isinstance(article, Article)
        sentences = sentences_of(article)
        wanted = [
            Span(*located(words, sentences[index], article.text), index, how, speaker, bool(more))
            for index, how, speaker, words, *more in entry["spans"]
        ]
        result.append(Row(article, sentences, wanted, utterances(article.text, sentences)))
    return result


def overlap(span: Span, found: Utterance, text: str) -> float:
    """Intersection over union of the two, in code points."""
    start, end = trimmed(text, found.start, found.end)
    common = min(span.end, end) - max(span.start, start)
    return max(0, common) / (max(span.end, end) - min(span.start, start))


def paired(row: Row) -> list[tuple[Span, Utterance, float]]:
    """Gold and found spans of the same form, the best fitting first, each used once."""
    text = row.article.text
    pairs = sorted(
        ((overlap(w, f, text), w, f) for w in row.wanted for f in row.found if w.attribution == f.attribution),
        key=lambda pair: -pair[0],
    )
    used: set[object] = set()
    result = []
    for share, want, got in pairs:
        if share >= 0.5 and want not in used and got not in used:
            used |= {want, got}
            result.append((want, got, share))
    return result


def right(want: Span, got: Utterance) -> bool:
    """Whether the speaker is the one annotated; an anonymous one has to be kept so, whatever the words around it."""
    if want.anonymous:
        return got.anonymous or got.speaker is None or want.speaker.lower() in (got.speaker or "").lower()
    return got.speaker is not None and same_person(want.speaker, got.speaker)


def scores(name: str) -> dict[str, float]:
    """Precision and recall of spans (half of them shared, and all of it), and of spans with their speaker."""
    every = rows(name)
    pairs = [pair for row in every for pair in paired(row)]
    wanted, found = sum(len(row.wanted) for row in every), sum(len(row.found) for row in every)
    exact = sum(share > 0.98 for *_, share in pairs)
    spoken = sum(right(want, got) for want, got, _ in pairs)
    return {
        "spans": wanted,
        "precision": len(pairs) / found,
        "recall": len(pairs) / wanted,
        "exact": exact / wanted,
        "speaker": spoken / len(pairs),
        "precision with speaker": spoken / found,
        "recall with speaker": spoken / wanted,
    }


@pytest.mark.parametrize("name", ["dev", "report"])
def test_speakers_are_found_as_by_hand(name: str) -> None:
    measured = scores(name)
    floors = {"precision": 0.93, "recall": 0.95, "exact": 0.91, "speaker": 0.9}
    assert {what: measured[what] for what, floor in floors.items() if measured[what] < floor} == {}, measured


def test_the_sets_are_large_enough_and_share_no_article() -> None:
    sets = {name: rows(name) for name in ("dev", "report")}
    counts = {name: sum(len(row.wanted) for row in found) for name, found in sets.items()}
    assert sum(counts.values()) >= 150
    assert counts["report"] >= 75
    assert not {r.article.id for r in sets["dev"]} & {r.article.id for r in sets["report"]}


if __name__ == "__main__":
    for name in ("dev", "report"):
        print(name, {what: round(value, 3) for what, value in scores(name).items()})
    for row in rows("dev"):
        matched = paired(row)
        print("##", row.article.origin)
        for want in row.wanted:
            if want not in [w for w, *_ in matched]:
                print(
                    "  missed",
                    want.sentence,
                    want.attribution,
                    want.speaker,
                    "|",
                    row.article.text[want.start : want.end],
                )
        for got in row.found:
            if got not in [g for _, g, _ in matched]:
                print(
                    "  extra ", got.sentence, got.attribution, got.speaker, "|", row.article.text[got.start : got.end]
                )
        for want, got, share in matched:
            if not right(want, got) or share < 0.9:
                words = row.article.text[got.start : got.end]
                print("  differs", want.sentence, want.speaker, "->", got.speaker, f"{share:.2f}", "|", words)
