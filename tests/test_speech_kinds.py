"""Who speaks in texts of hard kinds, against answers by hand (``speech/kinds.yaml``, ``speech/shapes.yaml``).

At first the rules had .66 of the speakers they named right and .48 of those to be named, on the half that they were
never tuned on .70 and .52. ``python tests/test_speech_kinds.py`` prints the scores, and what is wrong in the half for
development.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from kinds import Half, Kinds

from qa.articles.parse import parse
from qa.english.speech import Utterance, same_person
from qa.model import Article

FLOORS = {
    ("kinds", "dev"): (0.89, 0.71),
    ("kinds", "report"): (0.86, 0.68),
    ("shapes", "dev"): (0.94, 0.89),
    ("shapes", "report"): (0.87, 0.78),
}
HALF = 0.5  # of the shorter of two spans has to be in both, to be about the same words


def plain(name: str | None) -> str:
    return re.sub(r"^(the|an?) ", "", (name or "").lower()).strip()


def names_somebody(found: Utterance) -> bool:
    speaker = found.speaker or ""
    return not found.anonymous and speaker[:1].isupper() and len(speaker.split()) > 1


def judged(row: dict[str, Any]) -> tuple[Counter[str], list[str]]:
    """How many speakers of a row are right, wrong (named where none is told, too) and left out, and the wrong words."""
    day = row.get("published")
    text = f"{row['byline']}\n\n{row['text']}" if row.get("byline") else row["text"]
    article = Article(id="row", version="1", text=text, published=day if isinstance(day, date) else None)
    found = parse(article).document.utterances
    counts: Counter[str] = Counter()
    wrong = []
    for said in row["said"]:
        start, speaker = text.index(said["words"]), said["speaker"]
        end = start + len(said["words"])
        same = [u for u in found if min(u.end, end) - max(u.start, start) >= HALF * min(u.end - u.start, end - start)]
        given = [u for u in same if u.speaker]
        if speaker == "nobody":  # a clause that holds the words may well be said
            own = [u for u in given if u.end - u.start <= 2 * len(said["words"])]
            outcome = "wrong" if any(not u.anonymous for u in own) else "rightly left out"
        elif speaker == "unknown":
            outcome = "wrong" if any(names_somebody(u) for u in given) else "rightly left out"
        else:
            counts["named"] += 1
            right = any(same_person(u.speaker or "", speaker) or plain(u.speaker) == plain(speaker) for u in given)
            outcome = "right" if right else "wrong" if given else "left out"
        counts[outcome] += 1
        if outcome in ("wrong", "left out"):
            wrong.append(f"{speaker}, not {given[0].speaker if given else 'nobody'}: {said['words'][:60]}")
    return counts, wrong


SETS = {name: Kinds(Path(__file__).parent / "speech" / f"{name}.yaml", judged) for name in ("kinds", "shapes")}


@pytest.mark.parametrize("half", ["dev", "report"])
@pytest.mark.parametrize("name", SETS)
def test_hard_speakers_are_told_as_well_as_measured(name: str, half: Half) -> None:
    precision, recall = SETS[name].scores(half)
    assert precision >= FLOORS[name, half][0], precision
    assert recall >= FLOORS[name, half][1], recall


if __name__ == "__main__":
    for name, rows in SETS.items():
        print(name)
        rows.print()
